"""Experiments of notebook 4: what comes out with several seeds, and typical mistakes."""

from typing import Any

from course_utils.exercises.judging import Hint, exercise, number_hint
from course_utils.exercises.references import sequence_task_hint


@exercise("4.1", "So an LSTM can keep it that long: what fails is the training on long sequences.")
def _keeps_200(answer: Any) -> Hint | str | None:
    """Forget bias 2, trained on 40 tokens: 1.0 with each of seeds 2026, 1, 2 and 3."""
    from course_utils.tasks import first_token_task

    return sequence_task_hint(
        answer,
        first_token_task(count=500, k=200, seed=7),
        "is it right on those it was trained on? If not, open the forget gate further, or train it "
        "on shorter ones.",
        all_states=False,
    )


@exercise("4.2", "A gate is steep here: with a bias of 1.5, not even a billionth arrives.")
def _smallest_bias(answer: Any) -> Hint | str | None:
    """With seeds 2026, 1 and 2: 10^-9.9 to 10^-11 with bias 1.5, 10^-1.4 to 10^-1.8 with 2."""
    more = "With this bias enough arrives, but a smaller one of the five will do, too."
    less = "With this bias far less than a thousandth arrives: open the gate further."
    return number_hint(answer, 2, [(less, 1), (less, 1.5), (more, 2.5), (more, 3)])
