"""`check`: is the answer right, and if not, what to look at."""

from collections.abc import Callable
import random
from typing import Any
import warnings

from course_utils.exercises import notebook_1, notebook_2, notebook_3, notebook_4
from course_utils.exercises.judging import (
    EXERCISES,
    NotAttemptedError,
    UnusableError,
    describe_error,
    one_line,
    printable,
)
import numpy as np

NOTEBOOKS = (notebook_1, notebook_2, notebook_3, notebook_4)
"""Importing them has entered their exercises into EXERCISES."""

_receiver: Callable[[str, Any], None] | None = None


def check(exercise: str, answer: Any) -> None:
    """Print one line: not attempted yet, right, or not yet and what to look at.

    exercise: its number, such as "1.1". answer: whatever the exercise asks for, or `...`.
    A function is called with inputs of the check's own. Lists, arrays and tensors count alike.
    Raises nothing but KeyboardInterrupt, so that a notebook runs on; Python's random numbers go on
    as if it were not there.
    Introduced in notebook 1, "Exercises".
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
    """List the names of all exercises, in the order of the course."""
    return list(EXERCISES)


def _verdict(exercise: str, answer: Any) -> str:
    name = one_line(exercise)
    if name not in EXERCISES:
        first, *_, last = EXERCISES
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
