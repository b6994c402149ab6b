"""What is done: the exercises of each notebook, as text and as a coloured table."""

from itertools import groupby

from course_utils.exercises.check import exercise_names
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
    """Draw which exercises are right, which were tried, and which are open. Raises nothing."""
    states = exercise_states()
    lines, rows = [], ""
    for number, names in groupby(states, key=lambda name: name.partition(".")[0]):
        names = [*names]
        done = sum(states[name] in (RIGHT, COPIED) for name in names)
        title = f"notebook {number}: {done} of {len(names)} right"
        lines.append(f"{title:26} " + "  ".join(f"{name} {_sign(states[name])}" for name in names))
        cells = "".join(_cell(name, states[name]) for name in names)
        rows += f"<tr><th scope='row' style='text-align:left'>{title}</th>{cells}</tr>"
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


def _sign(state: str) -> str:
    return LOOKS[state][0]


def _cell(name: str, state: str) -> str:
    sign, color, letters = LOOKS[state]
    return (
        f"<td title='{state}' style='background:{color};color:{letters};text-align:center'>"
        f"{name} {sign}</td>"
    )
