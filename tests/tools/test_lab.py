"""`make lab` gives a student copies to work in, and never touches them again."""

from collections.abc import Callable
import os
from pathlib import Path
import shutil
import subprocess
import sys

import nbformat
import pytest

from tools import paths
from tools.paths import ROOT, WORK, notebooks
from tools.publish import lab
from tools.publish.student_copies import student_copy


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two of the course's notebooks, which may be changed."""
    (tmp_path / "notebooks").mkdir()
    for path in notebooks()[:2]:
        shutil.copy(path, tmp_path / "notebooks")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(lab, "ROOT", tmp_path)
    monkeypatch.setattr(lab, "WORK", tmp_path / "work")
    return tmp_path


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_copies_are_those_of_students(course: Path) -> None:
    assert lab.prepare(course / "work") == []
    assert sorted(path.name for path in (course / "work").iterdir()) == [
        path.name for path in notebooks()
    ]
    for path in notebooks():
        copy = nbformat.read(course / "work" / path.name, as_version=4)
        assert copy == student_copy(nbformat.read(path, as_version=4))


def solve(path: Path) -> None:
    """Do what a student does who runs a cell and saves: answers, outputs, metadata of a tool."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12"}
    cell = next(cell for cell in notebook.cells if cell.id.startswith("exercise-"))
    cell.source += "\n# mine"
    notebook.cells.append(nbformat.v4.new_code_cell("my_idea = 1", execution_count=3))
    nbformat.write(notebook, path)


@pytest.mark.parametrize(
    ("work_on", "told"),
    [
        (solve, False),
        (lambda path: path.write_text("{"), True),
        (lambda path: path.write_text("[]"), True),
        (lambda path: path.write_bytes(b"\xff"), True),
        (lambda path: path.write_text(""), True),
    ],
    ids=["solved", "cut off", "no notebook", "no text", "empty"],
)
def test_work_is_never_overwritten(
    work_on: Callable[[Path], object], told: bool, course: Path
) -> None:
    """Whatever became of it, and whether or not the course's notebook has changed since."""
    mine = course / "work" / notebooks()[0].name
    lab.prepare(course / "work")
    work_on(mine)
    (mine.parent / "my own.ipynb").write_text("mine")
    (mine.parent / ".course_notes.jsonl").write_text("mine")
    before = content(mine.parent)
    assert lab.prepare(course / "work") == ([mine] if told else [])
    assert content(mine.parent) == before
    change(course / "notebooks" / mine.name)
    assert lab.prepare(course / "work") == [mine]
    assert content(mine.parent) == before


def change(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\nA new sentence."
    nbformat.write(notebook, path)


def test_link_that_leads_nowhere_is_left_alone(course: Path) -> None:
    """As to a disk that is not mounted just now."""
    mine = course / "work" / notebooks()[0].name
    mine.parent.mkdir()
    mine.symlink_to(course / "elsewhere.ipynb")
    assert lab.prepare(course / "work") == [mine]
    assert mine.is_symlink()
    assert not (course / "elsewhere.ipynb").exists()


def run_lab(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    """Return the command that is run in the place of this one."""
    commands = []
    monkeypatch.setattr(sys, "argv", ["lab", *arguments])
    monkeypatch.setattr(os, "execv", lambda _, command: commands.append(command))
    lab.main()
    return commands


def test_one_sentence_says_that_the_course_has_changed(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """And renaming, as it says, brings the new notebook."""
    (command,) = run_lab(monkeypatch)
    assert command == [sys.executable, "-m", "jupyterlab", str(course / "work")]
    name = notebooks()[0].name
    change(course / "notebooks" / name)
    run_lab(monkeypatch)
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    assert told.startswith(f"work/{name} is yours and stays as it is, but the course's notebook")
    (course / "work" / name).rename(course / "work" / "old.ipynb")
    run_lab(monkeypatch)
    assert capsys.readouterr().out == ""
    assert "A new sentence." in (course / "work" / name).read_text(encoding="utf-8")


def test_damaged_copy_is_not_told_that_the_course_has_changed(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    lab.prepare(course / "work")
    name = notebooks()[0].name
    (course / "work" / name).write_text("{")
    run_lab(monkeypatch)
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    assert told.startswith(f"work/{name} is yours and stays as it is, but it cannot be read")


def test_originals_are_opened_when_asked_for(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And then no copies are made."""
    (command,) = run_lab(monkeypatch, "--originals")
    assert command[-1] == str(ROOT / "notebooks")
    assert not (course / "work").exists()
    asked = subprocess.check_output(
        ["make", "--dry-run", "lab", "SOLUTIONS=1"], cwd=ROOT, text=True
    )
    assert "-m tools.publish.lab --originals" in asked
    usual = subprocess.check_output(["make", "--dry-run", "lab"], cwd=ROOT, text=True)
    assert "--originals" not in usual


def test_folder_that_cannot_be_written_is_one_sentence(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (course / "work").touch()
    assert run_lab(monkeypatch) == []
    told = capsys.readouterr().err
    assert told.startswith(f"Your copies cannot be written to {course / 'work'} (")
    assert told.count("\n") == 1


def test_lab_starts_where_there_is_no_make_and_no_posix() -> None:
    """As on Windows, where the README names the command."""
    code = "import sys; sys.modules.update(dict.fromkeys(['fcntl', 'resource', 'pwd', 'termios']))"
    command = [sys.executable, "-c", f"{code}; import tools.publish.lab"]
    subprocess.run(command, cwd=ROOT, check=True)


def test_no_target_removes_work(tmp_path: Path) -> None:
    """`make clean` removes what was made; only `make lab` names the folder at all."""
    assert WORK == ROOT / "work"
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "01.ipynb").write_text("mine")
    for folder in ("build", "course_utils", "tools", "tests"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "Makefile", tmp_path)
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True)
    assert not (tmp_path / "build").exists()
    assert (tmp_path / "work" / "01.ipynb").read_text() == "mine"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [line for line in makefile.splitlines() if "rm -" in line and "work" in line] == []
