"""Student copies hold every exercise and no solution, and run as they are."""

import json
from pathlib import Path
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest

from tools.paths import notebooks
from tools.publish import site
from tools.publish.listings import is_claim
from tools.publish.student_copies import MADE_FROM, student_copy, write_student_copies


@pytest.fixture(params=notebooks(), ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_only_solutions_claims_and_outputs_are_gone(notebook: nbformat.NotebookNode) -> None:
    cells = [
        cell
        for cell in notebook.cells
        if "solution" not in cell.metadata.get("tags", []) and not cell.id.startswith("claim-")
    ]
    copy = student_copy(notebook)
    assert [(cell.id, cell.source) for cell in copy.cells] == [
        (cell.id, cell.source) for cell in cells
    ]
    nbformat.validate(copy)
    for cell in copy.cells:
        assert not {"tolerance", "slideshow"} & set(cell.metadata)
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


def test_no_claim_stops_who_experiments(notebook: nbformat.NotebookNode) -> None:
    """Claims stand in cells of their own, which show nothing; copies hold none."""
    claims = [cell for cell in notebook.cells if is_claim(cell)]
    assert len(claims) >= 2
    for cell in claims:
        assert cell.id.startswith("claim-")
        assert cell.outputs == []
    for cell in student_copy(notebook).cells:
        assert not re.search(r"^\s*assert\b", cell.source, re.MULTILINE), cell.id


def test_copy_says_what_it_was_made_from(notebook: nbformat.NotebookNode) -> None:
    """A new output of the course's changes nothing for a student; a new word does."""
    made = [student_copy(notebook).metadata[MADE_FROM]]
    for cell in notebook.cells:
        cell.metadata.pop("tolerance", None)
        if cell.cell_type == "code":
            cell.outputs = []
    made.append(student_copy(notebook).metadata[MADE_FROM])
    notebook.cells[0].source += " Another word."
    made.append(student_copy(notebook).metadata[MADE_FROM])
    assert made[0] == made[1] != made[2]


def test_at_least_four_exercises_each_followed_by_its_solution(
    notebook: nbformat.NotebookNode,
) -> None:
    """What is stored says that exercises are untouched; nbval holds that equal to what happens."""
    pairs = [
        (exercise, solution)
        for exercise, solution in zip(notebook.cells, notebook.cells[1:], strict=False)
        if re.fullmatch(r"exercise-\d-q?\d+-code", exercise.id)
    ]
    assert sum("-q" not in exercise.id for exercise, _ in pairs) >= 4
    for exercise, solution in pairs:
        assert solution.id == f"solution-{exercise.id[len('exercise-') : -len('-code')]}"
        assert solution.metadata.tags == ["solution"]
        assert solution.metadata.jupyter.source_hidden
        (asked,) = re.findall(r"^check\(.+$", exercise.source, re.MULTILINE)
        (answered,) = re.findall(r"^check\(.+$", solution.source, re.MULTILINE)
        assert re.sub(r'"\w"\)$', "...)", answered) == asked
        assert shown(exercise).endswith(": not attempted yet.\n"), exercise.id
        assert ": right. " in shown(solution), solution.id


def shown(cell: nbformat.NotebookNode) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def test_no_cell_needs_a_solution(tmp_path: Path) -> None:
    """Nor a claim: every name in the copies is defined in them, though solutions are gone."""
    write_student_copies(tmp_path)
    names = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "--no-cache"]
    assert subprocess.run([*names, tmp_path]).returncode == 0


def test_site_hands_out_copies_without_solutions_and_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As files, and all of them in one archive."""
    monkeypatch.setattr(site, "_write_lesson", lambda path, *_: {"name": path.stem})
    site.write_site(tmp_path / "site", sweep=tmp_path / "none")
    with zipfile.ZipFile(tmp_path / "site" / "notebooks.zip") as archive:
        files = {
            name: archive.read(name).decode() for name in archive.namelist() if name[-1] != "/"
        }
    assert sorted(files) == [path.name for path in notebooks()]
    for path in notebooks():
        text = (tmp_path / "site" / "notebooks" / path.name).read_text(encoding="utf-8")
        assert files[path.name] == text
        original = nbformat.read(path, as_version=4)
        assert nbformat.reads(text, as_version=4) == student_copy(original)
        for cell in original.cells:
            notes = cell.metadata.get("slideshow", {}).get("notes")
            left_out = cell.metadata.get("tags") == ["solution"] or is_claim(cell)
            assert (f'"id": "{cell.id}"' in text) != left_out
            assert not notes or json.dumps(notes, ensure_ascii=False)[1:-1] not in text
