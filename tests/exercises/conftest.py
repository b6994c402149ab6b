"""What several files here need: a student's notes that begin empty."""

from pathlib import Path

from course_utils.exercises import notes
import pytest


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file that keeps the notes of this test, as in a new kernel: there is none yet."""
    monkeypatch.setenv(notes.VARIABLE, str(tmp_path / "notes.jsonl"))
    monkeypatch.setattr(notes, "_said", set())
    monkeypatch.setattr(notes, "_in_memory", [])
    return tmp_path / "notes.jsonl"
