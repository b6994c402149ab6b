"""What several files of tests need: the course's data, rebuilt from the text once."""

from pathlib import Path

from course_utils import load_imdb
from course_utils.source import keras_files, rebuild
import pytest


@pytest.fixture(scope="session")
def whole_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a cache from the text once, to be read and copied, not changed."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_UTILS_CACHE", str(folder))
        load_imdb()
    return folder


@pytest.fixture
def quick_rebuild(whole_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebuild in no time: what `whole_cache` was built from the text is taken from there."""
    files = keras_files.REVIEWS, keras_files.WORD_INDEX
    contents = tuple((whole_cache / file.name).read_bytes() for file in files)
    monkeypatch.setattr(rebuild, "rebuild", lambda: contents)
