"""Questions with options: what counts as a choice, what a wrong one gets, where they stand."""

import re
from typing import Any

from course_utils.exercises.check import exercise_names, verdict
from course_utils.exercises.judging import EXERCISES
import nbformat
import pytest

from tools.paths import notebooks
from tools.publish.student_copies import student_copy

QUESTIONS = [name for name in exercise_names() if ".q" in name]
NOTEBOOKS = [nbformat.read(path, as_version=4) for path in notebooks()]
CELLS = {cell.id: cell.source for notebook in NOTEBOOKS for cell in notebook.cells}


def cell_of(name: str, kind: str, part: str = "") -> str:
    return CELLS[f"{kind}-{name.replace('.', '-')}{part}"]


def options(name: str) -> list[str]:
    """List the letters of a question's options, as its text in the notebook has them."""
    return re.findall(r"^- \*\*(\w)\*\* ", cell_of(name, "exercise"), re.MULTILINE)


def right(name: str) -> str:
    """Return the letter that the notebook's solution gives."""
    (letter,) = re.findall(r'"(\w)"\)$', cell_of(name, "solution"))
    return letter


@pytest.mark.parametrize("name", QUESTIONS)
def test_one_option_is_right_and_each_other_has_its_own_hint(name: str) -> None:
    """So the options in the notebook are those that the check knows."""
    letters = options(name)
    assert letters == [*"abcd"][: len(letters)]
    assert 3 <= len(letters) <= 4
    said = {letter: verdict(name, letter) for letter in letters}
    assert said.pop(right(name)).startswith(f"{name}: right. ")
    assert all(line.startswith(f"{name}: not yet. ") for line in said.values())
    assert len(set(said.values())) == len(said)
    assert not [line for line in said.values() if "no option" in line]
    assert "There is no option e: give a, b" in verdict(name, "e")


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_said_is_text_without_marks(name: str) -> None:
    for letter in options(name):
        assert not re.search(r"[*`$\\]", verdict(name, letter))


@pytest.mark.parametrize(
    "written", [" {} ", "({})", "{})", "{}.", "{:s}", "**{}**", "option {}", "Option **{}**."]
)
def test_a_letter_however_it_is_written(written: str) -> None:
    for name in QUESTIONS:
        for letter in (right(name), right(name).upper()):
            assert verdict(name, written.format(letter)).startswith(f"{name}: right. ")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (1, "type int: give the letter"),
        (["a"], "type list: give the letter"),
        ("", "There is no option"),
        ("ab", "There is no option ab"),
        ("the first", "There is no option the first"),
        ("a" * 10_000, "There is no option"),
        ("\ud800\n", "There is no option"),
    ],
)
def test_what_is_no_letter_is_told_so(answer: Any, words: str) -> None:
    assert words in verdict(QUESTIONS[0], answer)
    assert len(verdict(QUESTIONS[0], answer)) < 250


@pytest.mark.parametrize("name", QUESTIONS)
def test_untouched_question_is_not_attempted(name: str) -> None:
    assert verdict(name, ...) == f"{name}: not attempted yet."


def test_no_letter_is_right_more_often_than_half_the_time() -> None:
    """Who always chooses the same letter, or the longest option, gets nowhere."""
    for number in range(1, 5):
        letters = [right(name) for name in QUESTIONS if name.startswith(f"{number}.")]
        assert max(map(letters.count, letters)) <= len(letters) / 2


def test_notebooks_and_checks_know_the_same_exercises() -> None:
    """In the same order. That solutions are checked like exercises: `test_student_copies.py`."""
    asked = [
        re.findall(r'^check\("([^"]*)", ', cell.source, re.MULTILINE)
        for notebook in NOTEBOOKS
        for cell in student_copy(notebook).cells
    ]
    names = [name for found in asked for name in found]
    for kind in (True, False):
        ours, theirs = (
            [n for n in all if (".q" in n) == kind] for all in (names, exercise_names())
        )
        assert ours == theirs
    assert set(names) == set(EXERCISES)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=["01", "02", "03", "04"])
def test_each_section_asks(notebook: nbformat.NotebookNode) -> None:
    """A question or an exercise stands in the section that teaches what it needs."""
    asks: dict[str, bool] = {}
    section = ""
    for cell in notebook.cells:
        for heading in re.findall(r"^## (.*)$", cell.source, re.MULTILINE):
            if cell.cell_type == "markdown":
                section = heading
                asks[section] = False
        asks[section] = asks.get(section, False) or cell.id.startswith("exercise-")
    silent = {section for section, asked in asks.items() if not asked}
    assert silent <= {"", "The reviews", "A challenge", "Where next", "Looking back", "Summary"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=["01", "02", "03", "04"])
def test_a_section_begins_at_the_top_of_a_cell(notebook: nbformat.NotebookNode) -> None:
    """So that questions can stand between two sections."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\S\s*^## ", cell.source, re.MULTILINE), cell.id
