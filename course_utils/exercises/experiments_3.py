"""Experiments of notebook 3: what comes out with several seeds, and typical mistakes."""

from typing import Any

from course_utils.exercises.judging import as_model, describe_error, exercise, number_hint
import numpy as np


@exercise("3.2", "The state right behind the first token takes part in the mean: no long way back.")
def _reads_all_states(answer: Any) -> str | None:
    """With seeds 2026, 1 and 2: 1.0 each; with the last state alone 0.48 to 0.51."""
    from course_utils.tasks import first_token_task

    model = as_model(answer)
    sequences, labels = first_token_task(count=500, k=100, seed=7)
    try:
        answers = np.asarray(model.predict(sequences))
    except Exception as error:
        return f"Given sequences of 100 tokens, your model raised {describe_error(error)}."
    if answers.shape == (500, 100, 1):
        return "It answers at each time step: take the mean over time below the sigmoid unit."
    if answers.size != len(labels):
        return f"Its output has shape {answers.shape}: one probability a sequence is wanted."
    accuracy = np.mean((answers.ravel() > 0.5) == labels)
    if accuracy > 0.95:
        return None
    if accuracy < 0.1:
        return "It answers the other way round: 1 stands for a sequence that begins with a 2."
    if accuracy < 0.6:
        return (
            "On new sequences it is at chance. Does the LSTM hand up all its states, and was the "
            "model trained?"
        )
    return f"On new sequences its accuracy is {accuracy:.2f}: it is on the way, train it longer."


@exercise("3.6", "Adam divides by the gradient's usual size: cut gradients make no shorter steps.")
def _clipped(answer: Any) -> str | None:
    """With seeds 2026, 1 and 2: 1.25, 1.26 and 1.14 for a limit of 0.01; 1.14 to 1.17 without."""
    return number_hint(
        answer,
        1.2,
        [
            ("That is the identity, before training. Train the model for one epoch.", 1.0),
            ("That is what steps of a tenth give. Here the steps stay as they are.", 1.01),
        ],
        tolerance=0.13,
    )
