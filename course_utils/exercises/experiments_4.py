"""Experiments of notebook 4: what comes out with several seeds, and typical mistakes."""

from typing import Any

from course_utils.exercises.judging import exercise, number_hint


@exercise(
    "4.1", "So the LSTM can keep it that long. On long sequences it is the training that fails."
)
def _short_before_long(answer: Any) -> str | None:
    """With seeds 2026, 1 and 2: 1.0 each. Trained on 100 tokens at once: 0.48 to 0.50."""
    chance = "That is chance. Train on 40 tokens until it is right there, and only test on 100."
    return number_hint(
        answer,
        1.0,
        [
            (chance, 0.5),
            ("In percent it would be right: give a share between 0 and 1.", 100),
            ("That is the loss, near 0. The accuracy is asked for.", 0.0),
        ],
        tolerance=0.05,
    )


@exercise("4.2", "A gate is steep here: with a bias of 1.5, not even a billionth arrives.")
def _smallest_bias(answer: Any) -> str | None:
    """With seeds 2026, 1 and 2: 10^-9.9 to 10^-11 with bias 1.5, 10^-1.4 to 10^-1.8 with 2."""
    more = "With this bias enough arrives, but a smaller one of the five will do, too."
    less = "With this bias far less than a thousandth arrives: open the gate further."
    return number_hint(answer, 2, [(less, 1), (less, 1.5), (more, 2.5), (more, 3)])
