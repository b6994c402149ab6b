"""A bet is kept before the truth, and stands beside it after; all say how well one knows."""

from fractions import Fraction
from pathlib import Path
import re
import xml.etree.ElementTree as ET

from course_utils import guess, my_guesses, truth
from course_utils.exercises import guessing, notes
from course_utils.exercises.guesses import GUESSES
from course_utils.exercises.guessing import Guessed, guesses_made
import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("path")


def test_guess_and_truth_stand_side_by_side(capsys: pytest.CaptureFixture) -> None:
    guess("2.5", 18)
    assert capsys.readouterr().out.startswith("2.5: you guess 18 of 20 runs. How many of 20")
    truth("2.5", 5)
    question, head, row, often = capsys.readouterr().out.splitlines()
    assert question == f"2.5: {GUESSES['2.5'].question}"
    assert re.split("  +", head.strip()) == ["your guess", "the truth", "so it is"]
    cells = re.split("  +", row.strip())
    assert cells == ["18 of 20 runs", "5 of 20 runs", "off: 35% near, above the truth"]
    assert often == GUESSES["2.5"].often


def test_notebook_shows_a_table_with_the_same_cells() -> None:
    text, html = guessing._side_by_side("1.1: <how> many?", {"a": "1 & 2", "b": ""}, "Often <3.")
    assert text.splitlines() == ["1.1: <how> many?", "  a", "  1 & 2", "Often <3."]
    table = ET.fromstring(f"<div>{html}</div>")
    assert [one.text for one in table.iter() if one.text] == [
        "1.1: <how> many?",
        "a",
        "1 & 2",
        "Often <3.",
    ]
    assert [one.get("scope") for one in table.iter("th")] == ["col"]


def test_untouched_guess_says_the_same_whatever_was_guessed_before(
    capsys: pytest.CaptureFixture, path: Path
) -> None:
    """The stored notebooks hold such guesses only: nothing that they show may depend on notes."""
    told = []
    for _ in range(2):
        for name in GUESSES:
            guess(name, ...)
            truth(name, 1)
        my_guesses()
        told.append(capsys.readouterr().out)
        for name in GUESSES:
            guess(name, 7)
        capsys.readouterr()
    assert told[0] == told[1]
    assert told[0].count("no guess yet") == told[0].count("none yet") == len(GUESSES)


def test_bet_may_change_until_the_truth_was_seen(capsys: pytest.CaptureFixture) -> None:
    """After that it stands; who takes it back with ... may bet anew, but that does not count."""
    guess("2.5", 18)
    guess("2.5", 12)
    truth("2.5", 5)
    guess("2.5", 5)
    assert "your guess of 12 of 20 runs stands" in capsys.readouterr().out
    assert guesses_made() == [Guessed("2.5", 12, 5)]
    guess("2.5", 12)
    assert "you guess 12" in capsys.readouterr().out
    guess("2.5", ...)
    assert guesses_made() == []
    guess("2.5", 6)
    assert guesses_made() == []


def test_bet_after_the_truth_does_not_count(capsys: pytest.CaptureFixture) -> None:
    """Nor after a second look at it."""
    truth("2.5", 5)
    guess("2.5", 5)
    assert "5 of 20 runs, after the truth, so it does not count." in capsys.readouterr().out
    truth("2.5", 5)
    assert capsys.readouterr().out.splitlines()[2].endswith("after the truth")
    assert guesses_made() == []
    assert my_guesses() is None


@pytest.mark.parametrize(
    ("bet", "kept"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.array([4.0]), 4),
        ("  Rises ", "Rises"),
        ("-3", -3),
        (" 0.5 ", 0.5),
        ("85%", 0.85),
        ("3 of 20", "3 of 20"),
        (Fraction(7, 2), 3.5),
        (float("nan"), None),
        (None, None),
        ("  ", None),
        ([1, 2], None),
        (1j, None),
        (10**400, None),
        (print, None),
    ],
)
def test_bets_of_any_kind(bet: object, kept: object, capsys: pytest.CaptureFixture) -> None:
    guess("2.5", bet)
    assert notes.noted("guess", "2.5") == ([] if kept is None else [kept])
    assert ("is no guess: give a number, or a word" in capsys.readouterr().out) == (kept is None)


@pytest.mark.parametrize("name", ["2.99", 7, None, ["2.5"]])
def test_unknown_guess_gets_one_sentence(name: object, capsys: pytest.CaptureFixture) -> None:
    guess(name, 1)
    truth(name, 1)
    first, second = capsys.readouterr().out.splitlines()
    assert first == second == f'There is no guess {name}: give a name from "1.1" to "4.7".'


@pytest.mark.parametrize(
    ("bet", "value", "nearness"),
    [
        (5, 5, 1),
        (0, 0, 1),
        (4, 5, 0.8),
        (5, 4, 0.8),
        (-4, -5, 0.8),
        (-4, 5, 0),
        (0, 5, 0),
        ("Rises", "rises", 1),
        ("falls", "rises", 0),
        ("5", 5, 1),
    ],
)
def test_nearness(bet: object, value: object, nearness: float) -> None:
    """Of two numbers it is the smaller over the larger, whichever of them is the bet."""
    assert Guessed("1.1", bet, value).nearness == pytest.approx(nearness)


@pytest.mark.parametrize(
    ("name", "bet", "value", "nearness"),
    [
        ("2.5", 2, 0, 0.9),
        ("2.5", 0, 20, 0),
        ("1.2", 0.95, 0.85, 0.8),
        ("4.7", 0.01, 0, 0.8),
        ("4.7", 0.01, -0.001, 0.78),
        ("4.7", 1, 0, 0),
        ("1.3", 0, -0.9, 0.1),
    ],
)
def test_nearness_where_the_question_has_a_scale(
    name: str, bet: float, value: float, nearness: float
) -> None:
    """So that a truth of 0 can be nearly met, and an accuracy of a coin is not half the truth."""
    assert Guessed(name, bet, value).nearness == pytest.approx(nearness)


@pytest.mark.parametrize(
    ("value", "written"),
    [(5, "5"), (12500, "12,500"), (0.5, "0.5"), (0.123456, "0.1235"), ("up", "up"), (-9.7, "-9.7")],
)
def test_numbers_are_written_to_be_read(value: object, written: str) -> None:
    assert guessing._written(value) == written


@pytest.mark.parametrize("value", [1.0, np.float32(0.0), -3.0, 99.0])
def test_trained_number_that_happens_to_be_whole_keeps_its_point(value: float) -> None:
    """So that a tolerance, which holds for decimal numbers only, holds for it."""
    assert guessing._written(guessing._as_bet(value)) == f"{value:.1f}"


def test_all_guesses_as_text_and_as_a_picture(capsys: pytest.CaptureFixture) -> None:
    """A bar for each bet whose truth was seen, in the order of the course."""
    for name, bet, value in (("2.5", 4, 5), ("1.1", 200, 100), ("3.4", "none", "none")):
        guess(name, bet)
        truth(name, value)
    guess("4.1", 99)
    capsys.readouterr()
    picture = my_guesses()
    printed = capsys.readouterr().out.splitlines()
    assert [line.split() for line in printed[1:4]] == [
        ["1.1", "200", "100", "50%"],
        ["2.5", "4", "5", "95%"],
        ["3.4", "none", "none", "100%"],
    ]
    assert printed[4].startswith("2 of 3 guesses are near")
    (axes,) = picture.figure.axes
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([50, 95, 100])
    titles = [label.get_text() for label in axes.get_yticklabels()]
    assert titles[0] == "1.1: you 200, truth 100"
    for title in titles:
        assert title in picture.alt
