"""Help comes in steps: three hints for each exercise, a solution after an attempt, and progress."""

import re
import xml.etree.ElementTree as ET

from course_utils import check, hint, progress, solution
from course_utils.exercises import help, notes
from course_utils.exercises import progress as progress_module
from course_utils.exercises.check import exercise_names
from course_utils.exercises.help import SOLUTIONS, all_hints, is_question
from course_utils.exercises.progress import COPIED, OPEN, RIGHT, TRIED, exercise_states
from course_utils.live import LiveDisplay
import pytest

from tools.publish.solutions import solutions

pytestmark = pytest.mark.usefixtures("path")


def test_each_exercise_has_three_hints_and_no_other_has() -> None:
    """Named are those that have none, and those that are gone. Questions have none."""
    hints = all_hints()
    asked = [name for name in exercise_names() if not is_question(name)]
    assert [name for name in asked if name not in hints] == []
    assert [name for name in hints if name not in asked] == []
    assert [name for name, three in hints.items() if len({*three}) != 3] == []


def test_hints_are_sentences_that_are_read_as_plain_text() -> None:
    """No asterisk but the product and the power in a formula, and no backtick."""
    for name, three in all_hints().items():
        for text in three:
            assert text[-1] in ".?", (name, text)
            assert "`" not in text
            assert not re.search(r"\*\w[^*]*\w\*", text), (name, text)


def test_hints_come_one_by_one(capsys: pytest.CaptureFixture) -> None:
    for _ in range(4):
        hint("2.4")
    three = all_hints()["2.4"]
    expected = [f"2.4, hint {n} of 3: {text}" for n, text in enumerate(three, 1)]
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if "hint" in line] == [*expected, expected[-1]]
    assert told[-1] == 'That was the last one. After an attempt, solution("2.4") shows a way.'


def test_solution_opens_after_an_attempt(capsys: pytest.CaptureFixture) -> None:
    """The answer `...` is none; a wrong one is."""
    solution("2.2")
    check("2.2", ...)
    solution("2.2")
    closed, _, still_closed = capsys.readouterr().out.splitlines()
    assert closed == still_closed
    assert closed.startswith("2.2: try it first.")
    check("2.2", 3)
    capsys.readouterr()
    solution("2.2")
    assert capsys.readouterr().out == solutions()["2.2"] + "\n"


def test_solutions_are_not_read_by_chance() -> None:
    """Neither what they call nor what they name stands in the file."""
    text = SOLUTIONS.read_text(encoding="utf-8")
    for code in solutions().values():
        for word in re.findall(r"[a-z_]{7,}", code):
            assert word not in text


@pytest.mark.parametrize("ask", [hint, solution])
@pytest.mark.parametrize("name", ["9.9", 7, None, ["2.4"]])
def test_unknown_exercise_gets_one_sentence(
    ask: object, name: object, capsys: pytest.CaptureFixture
) -> None:
    ask(name)
    first, *_, last = exercise_names()
    told = capsys.readouterr().out
    assert told == f'There is no exercise {name}: give a name from "{first}" to "{last}".\n'


def test_states_follow_what_was_done(capsys: pytest.CaptureFixture) -> None:
    """What is right stays right; who first looked at the solution has it right after it."""
    check("2.1", ...)
    check("2.2", 3)
    check("2.2", 1407)
    check("2.2", 3)
    solution("2.2")
    check("3.1", 3)
    solution("3.1")
    check("3.1", [(64, 500, 32), (64, 500, 50), (64, 20), (64, 1)])
    check("3.5", 3)
    states = exercise_states()
    done = {name: state for name, state in states.items() if state != OPEN}
    assert done == {"2.2": RIGHT, "3.1": COPIED, "3.5": TRIED}
    assert list(states) == exercise_names()
    capsys.readouterr()
    progress()
    told = capsys.readouterr().out.splitlines()
    assert told[1].startswith("notebook 2:  2.1 –  2.2 ✓  2.3 –")
    assert told[2].startswith("notebook 3:  3.1 (✓)  3.2 –")
    assert "3.5 …" in told[2]


def test_notebook_draws_what_the_text_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each exercise is a cell with a sign and a title, not only a colour."""
    shown = []
    monkeypatch.setattr(LiveDisplay, "finish", lambda _, *both: shown.extend(both))
    check("2.2", 1407)
    progress()
    text, html = shown
    drawn = ET.fromstring(f"<div>{html}</div>")
    for cell in drawn.iter("td"):
        assert cell.text in text
    (done,) = [cell for cell in drawn.iter("td") if cell.get("title") == RIGHT]
    assert done.text == "2.2 ✓"
    exercises = [name for name in exercise_names() if not is_question(name)]
    names = [cell.text.split()[0] for cell in drawn.iter("td")]
    assert [name for name in names if name != "questions"] == exercises


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let notebook 2 have two questions."""
    names = ["2.1", "2.q1", "2.q2", "3.1"]
    monkeypatch.setattr(help, "exercise_names", lambda: names)
    monkeypatch.setattr(progress_module, "exercise_names", lambda: names)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], "questions 0 of 2 –"),
        ([("2.q1", False)], "questions 0 of 2 …"),
        ([("2.q1", True)], "questions 1 of 2 …"),
        ([("2.q1", True), ("2.q2", True)], "questions 2 of 2 ✓"),
    ],
)
def test_questions_are_counted_and_have_no_hints(
    answers: list[tuple[str, bool]],
    said: str,
    questions: None,
    capsys: pytest.CaptureFixture,
) -> None:
    for name, right in answers:
        notes.note("check", name, right)
    progress()
    assert capsys.readouterr().out.splitlines()[0] == f"notebook 2:  2.1 –  {said}"
    hint("2.q1")
    assert capsys.readouterr().out.startswith("2.q1 is a question: choose an option")
