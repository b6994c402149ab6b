"""Experiments of notebook 3: what comes out with several seeds, and typical mistakes."""

from typing import Any

from course_utils.exercises.judging import Hint, exercise, number_hint
from course_utils.exercises.references import sequence_task_hint


@exercise("3.2", "The state right behind the first token takes part in the mean: no long way back.")
def _reads_all_states(answer: Any) -> Hint | str | None:
    """Of three runs, each is right on all new sequences; with the last state alone on half."""
    from course_utils.tasks import first_token_task

    return sequence_task_hint(
        answer,
        first_token_task(count=500, k=100, seed=7),
        "does the LSTM hand up all its states, is their mean taken, and was the model trained?",
        all_states=True,
    )


@exercise("3.6", "Adam divides by the gradient's usual size: cut gradients make no shorter steps.")
def _clipped(answer: Any) -> Hint | str | None:
    """With seeds 2026, 1 and 2: 1.25, 1.26 and 1.20 for a limit of 0.01; 1.14 to 1.17 without."""
    return number_hint(
        answer,
        1.2,
        [
            ("That is the identity, before training. Train the model for one epoch.", 1.0),
            ("That is what steps of a tenth give. Here the steps stay as they are.", 1.01),
        ],
        tolerance=0.13,
    )
