"""The data are Keras' own, and are split where the lecture says."""

import hashlib
import json
from pathlib import Path
import sys
from unittest.mock import Mock

import course_utils as course
from course_utils.source import rebuild
from course_utils.vocabulary import split_words, typed_words
import keras
import numpy as np
import pytest

PUBLISHED_IDS = "42d5691fa10f29587dee2648231eee7078113e75fc78e4ee405f8d339faa73b2"
PUBLISHED_LABELS = "badd67404bc50cb6140ba027f9dfeefbec564a8a9c47ff73495f4a21848a88c2"
PUBLISHED_WORDS = "c5875fe5aa047b30f148423ade177d8afca9f2599691a2a2eded0b6dab0e3996"
PUBLISHED_WORD_INDEX = "bfafd718b763782e994055a2d397834f"
KERAS_LOADER = sys.modules[keras.datasets.imdb.load_data.__module__]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def rows() -> list[str]:
    """Read the texts in the order of the package."""
    return rebuild.read_rows(rebuild.text_path())


@pytest.fixture(scope="module")
def stored_texts(rows: list[str]) -> list[str]:
    return rebuild.stored_texts(rows)


def test_reviews_are_the_official_ones() -> None:
    reviews, labels = course.load_imdb(num_words=5000)
    ids = np.concatenate(reviews)
    assert len(ids) == 5_967_841
    assert sha256(ids.astype("<i4").tobytes()) == PUBLISHED_IDS
    assert sha256(labels.astype(np.uint8).tobytes()) == PUBLISHED_LABELS


def test_word_index_is_the_file_that_keras_pins(whole_cache: Path) -> None:
    content = (whole_cache / "imdb_word_index.json").read_bytes()
    assert hashlib.md5(content).hexdigest() == PUBLISHED_WORD_INDEX
    assert PUBLISHED_WORD_INDEX in Path(KERAS_LOADER.__file__).read_text()
    word_index = course.get_word_index()
    assert list(word_index.items()) == list(json.loads(content).items())
    assert sorted(word_index.values()) == list(range(1, 88_585))
    assert sha256("\n".join(sorted(word_index, key=word_index.get)).encode()) == PUBLISHED_WORDS


@pytest.fixture(scope="module")
def keras_file(stored_texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the reviews in Keras' own format: ranks per review, in stored order."""
    word_index = course.get_word_index()
    ranks = np.empty(25_000, dtype=object)
    for position, text in enumerate(stored_texts):
        ranks[position] = [word_index[word.decode()] for word in split_words(text)]
    path = tmp_path_factory.mktemp("keras") / "imdb.npz"
    np.savez(path, x_train=ranks, y_train=np.repeat([1, 0], 12_500), x_test=ranks[:1], y_test=[1])
    return path


@pytest.mark.parametrize("num_words", [None, 88_588])
def test_equal_to_keras_loader(
    num_words: int | None, keras_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KERAS_LOADER, "get_file", lambda **_: str(keras_file))
    (expected, expected_labels), _ = keras.datasets.imdb.load_data(num_words=num_words)
    reviews, labels = course.load_imdb(num_words)
    assert [review.tolist() for review in reviews] == list(expected)
    assert {review.dtype for review in reviews} == {np.dtype("int32")}
    assert labels.tolist() == expected_labels.tolist()
    assert labels.dtype == "int8"


@pytest.mark.parametrize(("num_words", "as_many"), [(10**6, 88_588), (88_587, None)])
def test_more_words_than_there_are(num_words: int, as_many: int | None) -> None:
    """Keras takes None for the highest id, 88,587, and so leaves the word with that id out."""
    (reviews, _), (expected, _) = course.load_imdb(num_words), course.load_imdb(as_many)
    assert np.array_equal(np.concatenate(reviews), np.concatenate(expected))


def test_test_split_goes_through_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    test_part = np.array([[1, 5, 2], [1, 7]], dtype=object), np.array([1, 0])
    load_data = Mock(return_value=(None, test_part))
    monkeypatch.setattr(keras.datasets.imdb, "load_data", load_data)
    reviews, labels = course.load_imdb_test(num_words=9)
    load_data.assert_called_once_with(num_words=9)
    assert [review.tolist() for review in reviews] == [[1, 5, 2], [1, 7]]
    assert labels.tolist() == [1, 0]
    assert [reviews.dtype, reviews[0].dtype, labels.dtype] == ["object", "int32", "int8"]


@pytest.mark.parametrize(
    ("failure", "reason"), [(Exception("no route\nand more"), "no route"), (EOFError(), "EOFError")]
)
def test_test_split_without_network(
    failure: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first line of Keras' message, or its kind, and where to put a file from elsewhere."""
    monkeypatch.setenv("KERAS_HOME", "/home/me/keras")
    monkeypatch.setattr(keras.datasets.imdb, "load_data", Mock(side_effect=failure))
    message = rf"\({reason}\): .* copy imdb\.npz from .* to /home/me/keras/datasets"
    with pytest.raises(ConnectionError, match=message):
        course.load_imdb_test()


def test_encoded_text_is_the_loaded_review(stored_texts: list[str]) -> None:
    reviews, _ = course.load_imdb(num_words=5000)
    for position in (2, 20, 289):
        text = stored_texts[rebuild.keras_order()[position]]
        assert course.encode_review(text, num_words=5000).tolist() == reviews[position].tolist()


def test_reviews_that_are_not_read_as_loaded_are_few(stored_texts: list[str]) -> None:
    """As the docstring of `encode_review` says: those with typographic signs."""
    assert sum(typed_words(text) != split_words(text) for text in stored_texts) == 20


def test_decoding_undoes_encoding() -> None:
    text = "a wonderful little production"
    assert course.decode_review(course.encode_review(text)) == text


def test_unknown_words_and_padding() -> None:
    ids = course.encode_review("a xyzzyplugh film", num_words=5000)
    assert ids.tolist() == [1, 6, 2, 22]
    assert ids.dtype == np.int32
    assert course.decode_review([*ids, 0, 0]) == "a ? film"
    assert course.decode_review([]) == ""


def test_lecture_split() -> None:
    positions = np.arange(25_000)
    parts = course.lecture_split(positions, positions)
    for (x, y), (first, end) in zip(
        parts, [(0, 1000), (1000, 1500), (24_500, 25_000)], strict=True
    ):
        assert x.tolist() == y.tolist() == list(range(first, end))


def test_file_numbers_follow_the_text(rows: list[str], stored_texts: list[str]) -> None:
    """Row 0 of the package is file 127 of the negative class, row 12,416 of each is file 12,499."""
    of_stored = course.file_numbers()[np.argsort(rebuild.keras_order())]
    for row, file, positive in [(0, 127, 0), (127, 0, 0), (128, 255, 0), (24_916, 12_499, 1)]:
        position = stored_texts.index(rows[row])
        assert of_stored[position] == file
        assert (position < 12_500) == positive
