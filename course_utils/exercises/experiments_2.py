"""Experiments of notebook 2: what comes out with several seeds, and typical mistakes."""

from typing import Any

from course_utils.exercises.judging import Hint, exercise, number_hint
from course_utils.exercises.references import two_numbers


@exercise("2.1", "One fiftieth more is enough to balance the tanh; a few more, and it explodes.")
def _factor_that_keeps(answer: Any) -> Hint | str | None:
    """With seeds 2026, 1 and 2 the curve is level between 1.018 and 1.020."""
    explodes = "With this factor, the gradient explodes: it is longer at the first word."
    return number_hint(
        answer,
        1.019,
        [
            ("With U as Keras starts it, the tanh makes the gradient shorter on its way.", 1),
            ("With this factor, the gradient is still shorter at the first word.", 1.01),
            ("With this factor, the gradient vanishes on its way to the first word.", 1.005),
            ("With this factor, the gradient vanishes on its way to the first word.", 0.8),
            *((explodes, factor) for factor in (1.03, 1.04, 1.1, 1.2)),
        ],
        tolerance=0.0055,
    )


@exercise(
    "2.3",
    "Sooner than with the usual start: without a mask, the identity makes no review more durable.",
)
def _zeros_until_half(answer: Any) -> Hint | str | None:
    """With seeds 2026, 1 and 2 and three pairs of reviews: 19 to 23; with the usual start 49 to 59.

    So from 15 to 27 is right.
    """
    return number_hint(
        answer,
        21,
        [
            (
                "That is about what the usual start needs. Did the model start with the identity?",
                54,
            ),
            ("That is a time step. Count from the last word on.", 129 + 21),
            ("That is counted back from step 500. Count from the last word on.", 371 - 21),
        ],
        tolerance=6,
    )


@exercise("2.6", "It does not turn the state at all, and yet it forgets: two different obstacles.")
def _turned_or_forgotten(answer: Any) -> Hint | str | None:
    """With seeds 2026, 1 and 2: 1.000, and -12.47 to -12.48."""
    cosine, power = two_numbers(answer, "the cosine and the power of ten")
    hint = number_hint(
        cosine,
        1,
        [
            ("The first number is that of the whole identity. Start with 0.8 times it.", 0.95),
            ("The first number is that of the usual start. Did U start as 0.8 × identity?", -0.04),
            ("The two numbers are swapped: the cosine comes first.", -12.48),
        ],
        tolerance=0.02,
    )
    return hint or number_hint(
        power,
        -12.48,
        [
            ("The second number has the wrong sign: the first word comes over the last.", 12.48),
            ("That is the natural logarithm: a power of ten is asked for.", -28.74),
            ("That is the ratio itself: give the power of ten.", 0),
            ("The second number is that of the whole identity. Start with 0.8 times it.", -0.55),
            ("The second number is for 20 steps: take the first word and the last one.", -1.95),
        ],
        tolerance=0.3,
    )
