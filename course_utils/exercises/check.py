"""`check`: is the answer right, and if not, what to look at."""

from collections.abc import Callable
import random
from typing import Any, NamedTuple
import warnings

from course_utils.exercises import (
    experiments_1,
    experiments_2,
    experiments_3,
    experiments_4,
    notebook_1,
    notebook_2,
    notebook_3,
    notebook_4,
    questions_1,
    questions_2,
    questions_3,
    questions_4,
)
from course_utils.exercises.judging import (
    EXERCISES,
    NotAttemptedError,
    UnusableError,
)
from course_utils.exercises.notes import note
from course_utils.exercises.wording import describe_error, one_line, printable
import numpy as np

NOTEBOOKS = (
    (notebook_1, experiments_1, questions_1),
    (notebook_2, experiments_2, questions_2),
    (notebook_3, experiments_3, questions_3),
    (notebook_4, experiments_4, questions_4),
)
"""Importing them has entered their exercises into EXERCISES."""

CHALLENGE = "challenge"
"""Under this name `submit` hands a model to a class' table."""

_receiver: Callable[[str, Any], None] | None = None


class Verdict(NamedTuple):
    """What came of an answer.

    status: "right", "not yet" or "not attempted". mistake: a short text that names the mistake, the
    same for all who make it: the listed hint, or a category such as NO_KNOWN_MISTAKE; "" if there
    is none. text: the line that `check` prints.
    """

    status: str
    mistake: str
    text: str


def check(exercise: str, answer: Any) -> None:
    """Print one line: not attempted yet, right, or not yet and what to look at.

    exercise: its number, such as "1.1". answer: whatever the exercise asks for, or `...`.
    A function is called with inputs of the check's own. Lists, arrays and tensors count alike.
    Raises nothing but KeyboardInterrupt, so that a notebook runs on; Python's random numbers go on
    as if it were not there.
    Introduced in notebook 1, "From text to numbers".
    """
    if handed_over(exercise, answer):
        return
    found = judged(exercise, answer)
    print(found.text)
    if found.status != "not attempted":
        note("check", one_line(exercise), found.status == "right")


def hand_answers_to(receiver: Callable[[str, Any], None]) -> None:
    """Let `check` hand each exercise and answer to a receiver instead of judging it: grading."""
    global _receiver
    _receiver = receiver


def handed_over(exercise: str, answer: Any) -> bool:
    """Give an answer to the receiver, if there is one; return whether there is."""
    if _receiver:
        _receiver(exercise, answer)
    return _receiver is not None


def verdict(exercise: str, answer: Any) -> str:
    """Return the line that `check` prints. Never raises, but for KeyboardInterrupt."""
    return judged(exercise, answer).text


def judged(exercise: str, answer: Any) -> Verdict:
    """Judge an answer: what `check` prints of it, and which mistake it shows.

    Never raises, but for KeyboardInterrupt.
    """
    random_state = random.getstate()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = _judged(exercise, answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        reason = describe_error(error)
        line = f"{one_line(exercise)}: not yet. The answer cannot be examined ({reason})."
        found = Verdict("not yet", "an answer that cannot be examined", line)
    finally:
        random.setstate(random_state)
    return Verdict(*map(printable, found))


def exercise_names() -> list[str]:
    """List the names of all exercises: by notebook, first the exercises, then the questions."""
    return sorted(EXERCISES, key=_place)


def _place(name: str) -> tuple[int, bool, int]:
    """Say where "2.q10" stands: in notebook 2, among the questions, in place 10."""
    notebook, place = name.split(".")
    return int(notebook), place.startswith("q"), int(place.removeprefix("q"))


def _judged(exercise: str, answer: Any) -> Verdict:
    name = one_line(exercise)
    if name not in EXERCISES:
        first, *_, last = exercise_names()
        line = f'There is no exercise {name}: give a name from "{first}" to "{last}".'
        return Verdict("not yet", "no such exercise", line)
    insight, find_hint = EXERCISES[name]
    try:
        if answer is ...:
            raise NotAttemptedError
        hint = find_hint(answer)
    except NotAttemptedError:
        return Verdict("not attempted", "", f"{name}: not attempted yet.")
    except UnusableError as unusable:
        hint = unusable.hint
    if hint is None:
        return Verdict("right", "", f"{name}: right. {insight}")
    mistake, text = (hint, hint) if isinstance(hint, str) else hint
    return Verdict("not yet", mistake, f"{name}: not yet. {text}")
