"""Predict, then run: a bet before a cell, the truth beside it after, and how well one knows it."""

from html import escape
import re
from typing import Any, NamedTuple

from course_utils.exercises.guesses import GUESSES
from course_utils.exercises.notes import all_notes, note, noted
from course_utils.exercises.wording import one_line
from course_utils.figures.style import BLUE, FONT_SIZE, Picture, new_figure
from course_utils.live import LiveDisplay
import numpy as np

Bet = int | float | str
NEAR = 0.9
"""From where on a guess counts as near: a tenth off."""


class Guessed(NamedTuple):
    """A bet and the truth, both a number or a word."""

    name: str
    bet: Bet
    truth: Bet

    @property
    def nearness(self) -> float:
        """How near the bet is, 0 to 1: 1 less the difference, as a share of the guess' scale.

        Without a scale it is a share of the larger one. A word is right, 1, or wrong, 0.
        """
        if isinstance(self.bet, str) or isinstance(self.truth, str):
            return float(_written(self.bet).casefold() == _written(self.truth).casefold())
        scale = GUESSES[self.name].scale or max(abs(self.bet), abs(self.truth)) or 1
        return max(0.0, 1 - abs(self.bet - self.truth) / scale)


def guess(name: str, bet: Bet) -> None:
    """Keep a bet on what the next cell will show; print it with its question.

    name: of the guess, such as "2.3". bet: a number or a word; `...` takes an earlier bet back.
    Once the truth was shown, a bet stands until it is taken back, and a new one does not count.
    Raises nothing: a bet that is neither number nor word gets a sentence.
    Introduced in notebook 1, "Lengths".
    """
    if not _is_known(name := one_line(name)):
        return
    question, (last, _) = GUESSES[name].question, _last_bet(name)
    if bet is ...:
        if last is not None:
            note("guess", name, None)
        print(f"{name}: no guess yet. {question}")
    elif (value := _as_bet(bet)) is None:
        print(f"{name}: {one_line(bet)!r} is no guess: give a number, or a word in quotes.")
    elif last not in (None, value) and noted("truth", name):
        print(
            f"{name}: you have seen the truth, so your guess of {_with_unit(name, last)} stands. "
            "To take it back, run this cell with ... first."
        )
    else:
        note("guess", name, value)
        _, counts = _last_bet(name)
        after = "" if counts else ", after the truth, so it does not count"
        print(f"{name}: you guess {_with_unit(name, value)}{after}. {question}")


def truth(name: str, value: Bet) -> None:
    """Show the truth beside the bet that was made, and what most people guess wrongly.

    name: of the guess, such as "2.3". value: what came out, a number or a word. Raises nothing.
    Introduced in notebook 1, "Lengths".
    """
    if not _is_known(name := one_line(name)):
        return
    shown = _as_bet(value)
    if shown is None:
        print(f"{name}: {one_line(value)!r} is no truth: give a number, or a word in quotes.")
        return
    note("truth", name, shown)
    bet, counts = _last_bet(name)
    question, _, often, _ = GUESSES[name]
    cells = {
        "your guess": "none yet" if bet is None else _with_unit(name, bet),
        "the truth": _with_unit(name, shown),
        "so it is": "" if bet is None else _verdict(Guessed(name, bet, shown), counts),
    }
    LiveDisplay().finish(*_side_by_side(f"{name}: {question}", cells, often))


def my_guesses() -> Picture | None:
    """Draw all bets made before the truth: how near each is. Prints them, too, as a table.

    Returns the picture; None, and one sentence, where there is no bet yet.
    Introduced in notebook 1, "Looking back".
    """
    made = guesses_made()
    if not made:
        print("No guess yet: put one in the place of ... in a guess, and run the cells below it.")
        return None
    lines = [f"{'guess':6} {'you':>14} {'truth':>14} {'near':>6}"]
    lines += [
        f"{one.name:6} {_written(one.bet):>14} {_written(one.truth):>14} {one.nearness:6.0%}"
        for one in made
    ]
    near = sum(one.nearness >= NEAR for one in made)
    summary = (
        f"{near} of {len(made)} guesses are near, at most a tenth off; the mean is "
        f"{np.mean([one.nearness for one in made]):.0%} near."
    )
    print("\n".join([*lines, summary]))
    return _picture(made, summary)


def guesses_made() -> list[Guessed]:
    """List all bets that were made before their truth was shown, in the order of the course."""
    made = []
    for name in GUESSES:
        (bet, counts), truths = _last_bet(name), noted("truth", name)
        if bet is not None and counts and truths:
            made.append(Guessed(name, bet, truths[-1]))
    return made


def _last_bet(name: str) -> tuple[Bet | None, bool]:
    """Return the bet that was made last, None if there is none, and if no truth came before it."""
    last, seen, counts = None, False, True
    for one in all_notes():
        if (one.kind, one.name) == ("guess", name):
            last, counts = one.value, not seen
        seen |= (one.kind, one.name) == ("truth", name)
    return last, counts


def _side_by_side(question: str, cells: dict[str, str], often: str) -> tuple[str, str]:
    """Write guess and truth as plain text and as HTML: a column each, empty ones left out."""
    cells = {title: cell for title, cell in cells.items() if cell}
    widths = [max(len(title), len(cell)) + 2 for title, cell in cells.items()]
    rows = [
        "".join(f"  {cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (cells, cells.values())
    ]
    head = "".join(f"<th scope='col'>{title}</th>" for title in cells)
    body = "".join(f"<td>{escape(cell)}</td>" for cell in cells.values())
    html = (
        f"<table><caption>{escape(question)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody><tr>{body}</tr></tbody></table><p>{escape(often)}</p>"
    )
    return "\n".join([question, *rows, often]), html


def _picture(made: list[Guessed], summary: str) -> Picture:
    figure, (axes,) = new_figure(height=1.4 + 0.42 * len(made))
    places = np.arange(len(made))
    axes.barh(places, [100 * one.nearness for one in made], color=BLUE, height=0.6)
    titles = [f"{one.name}: you {_written(one.bet)}, truth {_written(one.truth)}" for one in made]
    axes.set_yticks(places, titles)
    axes.tick_params(labelsize=FONT_SIZE)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("how near, in %: 100 is the truth")
    rows = "; ".join(
        f"{title}, {one.nearness:.0%} near" for title, one in zip(titles, made, strict=True)
    )
    return Picture(figure, f"How near each guess is, as a bar a row. {rows}. {summary}")


def _is_known(name: str) -> bool:
    """Return whether there is such a guess; print a sentence if not."""
    if name in GUESSES:
        return True
    first, *_, last = GUESSES
    print(f'There is no guess {one_line(name)}: give a name from "{first}" to "{last}".')
    return False


def _as_bet(value: Any) -> Bet | None:
    """Return a word or a finite number as what JSON can hold, None for anything else.

    A text that is a number counts as one, "85%" as 0.85.
    """
    if isinstance(value, str):
        value = _number_in(one_line(value))
        if isinstance(value, str):
            return value or None
    try:
        number = np.asarray(value, dtype=float).item()
    except (TypeError, ValueError, OverflowError):
        return None
    if not np.isfinite(number):
        return None
    return int(number) if np.asarray(value).dtype.kind in "iu" else number


def _number_in(text: str) -> Bet:
    """Return the number that a text is, or the text."""
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)\s*%?", text, re.ASCII):
        return text
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return float(text) if "." in text else int(text)


def _verdict(guessed: Guessed, counts: bool) -> str:
    if not counts:
        return "after the truth"
    nearness = guessed.nearness
    if isinstance(guessed.truth, str) or isinstance(guessed.bet, str):
        return "right" if nearness == 1 else "wrong"
    if nearness == 1:
        return "right"
    side = "above" if guessed.bet > guessed.truth else "below"
    return f"{'near' if nearness >= NEAR else 'off'}: {nearness:.0%} near, {side} the truth"


def _with_unit(name: str, value: Bet) -> str:
    unit = "" if isinstance(value, str) else GUESSES[name].unit
    return f"{_written(value)} {unit}".strip()


def _written(value: Bet) -> str:
    """Write whole numbers whole, others with four digits and a point, and words as they are."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:,.0f}" if 10_000 <= abs(value) < 1e15 else f"{value:.4g}"
    return text if re.search(r"\D", text.lstrip("-")) else f"{text}.0"
