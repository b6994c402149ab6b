"""`check`: is the answer right, and if not, what to look at."""

from collections.abc import Callable
import random
from typing import Any
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
    describe_error,
    one_line,
    printable,
)
import numpy as np

NOTEBOOKS = (
    (notebook_1, experiments_1, questions_1),
    (notebook_2, experiments_2, questions_2),
    (notebook_3, experiments_3, questions_3),
    (notebook_4, experiments_4, questions_4),
)
"""Importing them has entered their exercises into EXERCISES."""

_receiver: Callable[[str, Any], None] | None = None


def check(exercise: str, answer: Any) -> None:
    """Print one line: not attempted yet, right, or not yet and what to look at.

    exercise: its number, such as "1.1". answer: whatever the exercise asks for, or `...`.
    A function is called with inputs of the check's own. Lists, arrays and tensors count alike.
    Raises nothing but KeyboardInterrupt, so that a notebook runs on; Python's random numbers go on
    as if it were not there.
    Introduced in notebook 1, "From text to numbers".
    """
    if _receiver:
        _receiver(exercise, answer)
    else:
        print(verdict(exercise, answer))


def hand_answers_to(receiver: Callable[[str, Any], None]) -> None:
    """Let `check` hand each exercise and answer to a receiver instead of judging it: grading."""
    global _receiver
    _receiver = receiver


def verdict(exercise: str, answer: Any) -> str:
    """Return the line that `check` prints. Never raises, but for KeyboardInterrupt."""
    random_state = random.getstate()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            line = _verdict(exercise, answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        reason = describe_error(error)
        line = f"{one_line(exercise)}: not yet. The answer cannot be examined ({reason})."
    finally:
        random.setstate(random_state)
    return printable(line)


def exercise_names() -> list[str]:
    """List the names of all exercises: by notebook, first the exercises, then the questions."""
    return sorted(EXERCISES, key=_place)


def _place(name: str) -> tuple[int, bool, int]:
    """Say where "2.q10" stands: in notebook 2, among the questions, in place 10."""
    notebook, place = name.split(".")
    return int(notebook), place.startswith("q"), int(place.removeprefix("q"))


def _verdict(exercise: str, answer: Any) -> str:
    name = one_line(exercise)
    if name not in EXERCISES:
        first, *_, last = exercise_names()
        return f'There is no exercise {name}: give a name from "{first}" to "{last}".'
    insight, find_hint = EXERCISES[name]
    try:
        if answer is ...:
            raise NotAttemptedError
        hint = find_hint(answer)
    except NotAttemptedError:
        return f"{name}: not attempted yet."
    except UnusableError as unusable:
        hint = str(unusable)
    return f"{name}: right. {insight}" if hint is None else f"{name}: not yet. {hint}"
