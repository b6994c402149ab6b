"""The solutions that `solution` shows are the notebooks' own."""

import json

from course_utils.exercises.check import exercise_names
from course_utils.exercises.help import SOLUTIONS, pack, unpack
import nbformat
import pytest

from tools.paths import notebooks
from tools.publish import solutions


def test_packed_solutions_are_those_of_the_notebooks() -> None:
    """If not: run `.venv/bin/python -m tools.publish.solutions`."""
    packed = json.loads(SOLUTIONS.read_text(encoding="utf-8"))
    assert {name: unpack(one) for name, one in packed.items()} == solutions.solutions()


def test_each_exercise_has_a_solution() -> None:
    assert sorted(solutions.solutions()) == sorted(exercise_names())


def test_no_solution_cell_is_left_out() -> None:
    cells = [cell for path in notebooks() for cell in nbformat.read(path, as_version=4).cells]
    tagged = [cell.source for cell in cells if "solution" in cell.metadata.get("tags", [])]
    assert tagged == list(solutions.solutions().values())


@pytest.mark.parametrize("code", ["", "print('é')\n", "x = 1\n" * 1000])
def test_what_is_packed_comes_out_the_same(code: str) -> None:
    assert unpack(pack(code)) == code
