"""Experiments of notebook 1: what comes out with several seeds, and typical mistakes."""

from typing import Any

from course_utils.exercises.judging import Hint, exercise, number_hint
from course_utils.exercises.references import review_lengths
import numpy as np


@exercise(
    "1.2", "It is the mean: zeros less lost words are maxlen less the length, review by review."
)
def _fair_length(answer: Any) -> Hint | str | None:
    lengths = review_lengths()
    return number_hint(
        answer,
        lengths.mean(),
        [
            (
                "That is the median: as many reviews are cut as filled up. Count words and zeros.",
                np.median(lengths),
            ),
            ("With rows of 500, far more zeros are added than words lost.", 500),
            (
                "That leaves nine reviews in ten whole. Count words and zeros, not reviews.",
                np.quantile(lengths, 0.9),
            ),
        ],
        tolerance=1,
    )


@exercise(
    "1.7", "Right in 83 of 100, not 89, and a loss worse than a coin's: it is sure of its mistakes."
)
def _steps_a_hundred_times_as_long(answer: Any) -> Hint | str | None:
    """With seeds 2026, 1 and 2: 1.26, 1.26 and 1.37; its accuracy 0.82 to 0.84."""
    return number_hint(
        answer,
        1.3,
        [
            ("That is the loss with Adam's usual steps. Was the learning rate set to 0.1?", 0.2827),
            ("That is the loss on the training reviews: the validation loss is asked for.", 0.21),
            ("That is the loss on the training reviews: the validation loss is asked for.", 0.01),
            ("That is the accuracy. The loss is asked for.", 0.83),
        ],
        tolerance=0.25,
    )


@exercise("1.8", "It falls nearly to where the average stands: most of its lead needs the order.")
def _shuffled(answer: Any) -> Hint | str | None:
    """With seeds 2026 and 1: 0.873 and 0.871. The averaged embedding has 0.866."""
    return number_hint(
        answer,
        0.8735,
        [
            ("That is with the words in their order. Were the shuffled reviews judged?", 0.9154),
            ("That is the bag of words. Let the third bag judge the shuffled reviews.", 0.8826),
            ("That is the averaged embedding. Let the third bag judge them.", 0.8664),
            ("That is chance. Do the shuffled reviews still stand beside their labels?", 0.5),
            ("In percent it would be right: give a share between 0 and 1.", 87.34),
        ],
        tolerance=0.0065,
    )
