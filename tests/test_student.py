"""Student copies hold every exercise and no solution, and run as they are."""

import asyncio
from pathlib import Path
import re
import subprocess
import sys

from course_utils.execute import NOTEBOOKS, execute
from course_utils.student import student_copy, write_student_copies
import nbformat
import pytest

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def codes(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def pair(request: pytest.FixtureRequest) -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    """Give a notebook and its student copy."""
    notebook = nbformat.read(request.param, as_version=4)
    return notebook, student_copy(nbformat.read(request.param, as_version=4))


def test_only_solutions_and_outputs_are_gone(pair: tuple) -> None:
    notebook, copy = pair
    kept = [cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])]
    assert [(cell.id, cell.source) for cell in copy.cells] == [
        (cell.id, cell.source) for cell in kept
    ]
    nbformat.validate(copy)
    for cell in codes(copy):
        assert cell.outputs == []
        assert cell.execution_count is None
        assert "tolerance" not in cell.metadata


def test_at_least_four_exercises_each_followed_by_its_solution(pair: tuple) -> None:
    notebook, _ = pair
    cells = {cell.id: position for position, cell in enumerate(notebook.cells)}
    exercises = [name for name in cells if re.fullmatch(r"exercise-\d-\d-code", name)]
    assert len(exercises) >= 4
    for name in exercises:
        number = name.removeprefix("exercise-").removesuffix("-code")
        solution = notebook.cells[cells[name] + 1]
        assert solution.id == f"solution-{number}"
        assert solution.metadata.tags == ["solution"]
        assert solution.metadata.jupyter.source_hidden
        asked, solved = (
            re.findall(r"^check\(.+$", cell.source, re.MULTILINE)
            for cell in (notebook.cells[cells[name]], solution)
        )
        assert asked == solved
        assert len(asked) == 1
        assert "..." in notebook.cells[cells[name]].source
        assert "= ..." not in solution.source


def test_untouched_exercises_say_so_and_solutions_are_right(pair: tuple) -> None:
    """What is stored says so; nbval holds what is stored equal to what happens."""
    notebook, _ = pair
    for cell in codes(notebook):
        shown = "".join(output.get("text", "") for output in cell.outputs)
        if cell.id.startswith("exercise-"):
            assert shown.endswith(": not attempted yet.\n"), cell.id
        if cell.id.startswith("solution-"):
            assert ": right. " in shown, cell.id


def test_no_cell_needs_a_solution(tmp_path: Path) -> None:
    """Every name in the copies is defined in them; the originals' solutions are gone."""
    write_student_copies(tmp_path)
    names = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "--no-cache"]
    assert subprocess.run([*names, tmp_path]).returncode == 0
    (path,) = tmp_path.glob("03*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("name_of_a_solution"))
    nbformat.write(notebook, path)
    assert subprocess.run([*names, tmp_path], capture_output=True).returncode == 1


@pytest.mark.nightly
def test_a_student_copy_runs_as_it_is(tmp_path: Path) -> None:
    """Notebook 3, the quickest: nothing in it needs a solution."""
    (path,) = [path for path in write_student_copies(tmp_path) if path.stem.startswith("03")]
    done = asyncio.run(execute(path, lambda line: None))
    shown = [output.text for cell in codes(done) for output in cell.outputs if "text" in output]
    assert sum("not attempted yet" in text for text in shown) >= 4
