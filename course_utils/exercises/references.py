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
    answer: Any, task: tuple[np.ndarray, np.ndarray], at_chance: str, all_states: bool
) -> Hint | str | None:
    """Judge an LSTM by its accuracy on new sequences, which must be above 0.95.

    task: sequences, int32 (count, k), and their labels, 0 or 1. at_chance: what to ask of a model
    that is no better than a coin. all_states: whether the LSTM hands up all its states, or the last
    one. Raises UnusableError for what is no model.
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
        return _lstm_hint(model.recurrent(), all_states)
    if accuracy < 0.4:
        return "On new sequences it answers the other way round: 1 stands for a first token of 2."
    if accuracy < 0.6:
        return f"On new sequences it is at chance: {at_chance}"
    mistake = "It is on the way: train it longer."
    return Hint(mistake, f"On new sequences its accuracy is {accuracy:.2f}. {mistake}")


def _lstm_hint(recurrent: list[tuple[str, int, bool, bool]], all_states: bool) -> str | None:
    """Tell whether a model that is right took the way that is asked for, from first to last."""
    if not recurrent or recurrent[-1][0] != "LSTM":
        return "It is right, but not with an LSTM: let an LSTM read the sequence."
    if any(backwards for *_, backwards in recurrent):
        return "It reads backwards: then the first token comes last."
    *_, keeps_sequence, _ = recurrent[-1]
    if all_states and not keeps_sequence:
        return "The LSTM hands up its last state only: all its states are asked for."
    if keeps_sequence and not all_states:
        return "The LSTM hands up all its states: its last state alone is asked for."
    return None
