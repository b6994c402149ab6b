"""What is done: the exercises of each notebook, as text and as a coloured table."""

from itertools import groupby

from course_utils.exercises.check import exercise_names
from course_utils.exercises.help import is_question
from course_utils.exercises.notes import all_notes
from course_utils.figures.style import BLUE, SKY, YELLOW
from course_utils.live import LiveDisplay

RIGHT, COPIED, TRIED, OPEN = "right", "right after the solution", "tried", "open"
LOOKS = {
    RIGHT: ("✓", BLUE, "#FFFFFF"),
    COPIED: ("(✓)", SKY, "#000000"),
    TRIED: ("…", YELLOW, "#000000"),
    OPEN: ("–", "#FFFFFF", "#000000"),
}
"""For each state a sign, which says the same as the colour behind it, and the letters' colour."""


def progress() -> None:
    """Draw which exercises are right, which were tried, and which are open. Raises nothing.

    Questions are counted.
    Introduced in notebook 1, "Looking back".
    """
    states = exercise_states()
    lines, rows = [], ""
    for number, names in groupby(states, key=lambda name: name.partition(".")[0]):
        title, cells = f"notebook {number}", _cells([*names], states)
        lines.append("  ".join([f"{title}:", *(text for text, _ in cells)]))
        drawn = "".join(_drawn(*cell) for cell in cells)
        rows += f"<tr><th scope='row' style='text-align:left'>{title}</th>{drawn}</tr>"
    legend = ", ".join(f"{sign} {state}" for state, (sign, *_) in LOOKS.items())
    LiveDisplay().finish(
        "\n".join([*lines, legend]), f"<table><tbody>{rows}</tbody></table><p>{legend}</p>"
    )


def exercise_states() -> dict[str, str]:
    """Return the state of each exercise, in the order of the course.

    Who first got it right when the solution had been shown has it right after the solution.
    """
    states = dict.fromkeys(exercise_names(), OPEN)
    seen = set()
    for kind, name, value in all_notes():
        if kind == "solution":
            seen.add(name)
        elif kind == "check" and states.get(name) in (OPEN, TRIED):
            right = COPIED if name in seen else RIGHT
            states[name] = right if value else TRIED
    return states


def _cells(names: list[str], states: dict[str, str]) -> list[tuple[str, str]]:
    """Return a text and a state for each exercise of a notebook, and for all its questions."""
    cells = [(f"{name} {LOOKS[states[name]][0]}", states[name]) for name in names]
    exercises = [cell for name, cell in zip(names, cells, strict=True) if not is_question(name)]
    asked = [states[name] for name in names if is_question(name)]
    if not asked:
        return exercises
    right = sum(state in (RIGHT, COPIED) for state in asked)
    whole = RIGHT if right == len(asked) else OPEN if {*asked} == {OPEN} else TRIED
    return [*exercises, (f"questions {right} of {len(asked)} {LOOKS[whole][0]}", whole)]


def _drawn(text: str, state: str) -> str:
    _, color, letters = LOOKS[state]
    return (
        f"<td title='{state}' style='background:{color};color:{letters};text-align:center'>"
        f"{text}</td>"
    )
