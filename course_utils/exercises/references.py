"""What several exercises share: the lengths of the reviews, pairs of numbers, tasks."""

import functools
from typing import Any

from course_utils.exercises.judging import (
    ERROR,
    Hint,
    NotAttemptedError,
    UnusableError,
    as_model,
)
from course_utils.exercises.wording import describe_error
import numpy as np


@functools.cache
def review_lengths() -> np.ndarray:
    """Return the number of ids of each training review, int64 (25000,), in Keras' order."""
    from course_utils.imdb import load_imdb

    return np.array([len(review) for review in load_imdb()[0]])


def two_numbers(answer: Any, which: str) -> tuple[Any, Any]:
    """Take a pair apart. which: what the two are. Raises UnusableError for anything else."""
    if answer is ...:
        raise NotAttemptedError
    try:
        first, second = answer
    except (TypeError, ValueError):
        raise UnusableError(f"Give a list of two numbers: {which}.") from None
    return first, second


def sequence_task_hint(
    answer: Any, task: tuple[np.ndarray, np.ndarray], at_chance: str
) -> Hint | str | None:
    """Judge a model by its accuracy on new sequences, which must be above 0.95.

    task: sequences, int32 (count, k), and their labels, 0 or 1. at_chance: what to ask of a model
    that is no better than a coin. Raises UnusableError for what is no model.
    """
    model, (sequences, labels) = as_model(answer), task
    try:
        answers = np.asarray(model.predict(sequences))
    except Exception as error:
        return Hint(ERROR, f"Given new sequences, your model raised {describe_error(error)}.")
    if answers.shape[:2] == sequences.shape:
        return "It answers at each time step: one answer for each sequence is wanted."
    if answers.size != len(labels):
        mistake = "One probability a sequence is wanted."
        return Hint(mistake, f"Its output has shape {answers.shape}. {mistake}")
    accuracy = np.mean((answers.ravel() > 0.5) == labels)
    if accuracy > 0.95:
        return None
    if accuracy < 0.4:
        return "On new sequences it answers the other way round: 1 stands for a first token of 2."
    if accuracy < 0.6:
        return f"On new sequences it is at chance: {at_chance}"
    mistake = "It is on the way: train it longer."
    return Hint(mistake, f"On new sequences its accuracy is {accuracy:.2f}. {mistake}")
