"""How sure an accuracy, a median or a difference is: bands and 95 % intervals."""

from collections.abc import Iterable

from course_utils.arguments import whole_number
from course_utils.given import as_labels
from course_utils.seeds import COURSE_SEED
import numpy as np

Interval = tuple[float, float, float]
"""An estimate, and the lower and upper end of its 95 % interval."""
LEVEL = (0.025, 0.975)
RESAMPLES = 10_000


def coin_band(reviews: int, seeds: int = 1) -> float:
    """Return how far from one half nearly all coins stay: three standard deviations, a fraction.

    reviews: how many the coin judges. seeds: 1 for one coin; else of how many coins the median is
    taken, which stays closer to one half. Raises ValueError unless both are positive whole numbers.
    Source: the binomial distribution; for medians 10,000 draws of it, seed 2026.
    Introduced in notebook 2, "As taught".
    """
    reviews, seeds = whole_number("reviews", reviews), whole_number("seeds", seeds)
    if seeds == 1:
        return float(3 * np.sqrt(0.25 / reviews))
    coins = np.random.default_rng(COURSE_SEED).binomial(reviews, 0.5, (RESAMPLES, seeds)) / reviews
    return float(3 * np.median(coins, axis=1).std())


def median_interval(values: Iterable[float]) -> Interval:
    """Return the median of some seeds, and a 95 % interval for that of all.

    values: one number a seed. Raises ValueError for fewer than two.
    Source: the bootstrap, percentiles of 10,000 resamples, seed 2026 (Efron and Tibshirani 1993).
    Introduced in notebook 2, "One change at a time".
    """
    values = _several(values)
    return _interval(np.median(values), np.median(_resampled(values), axis=1))


def median_difference(values: Iterable[float], others: Iterable[float]) -> Interval:
    """Return how far the median of some seeds is above that of others, with a 95 % interval.

    values, others: one number a seed. Raises ValueError for fewer than two. Source: as
    `median_interval`, both resampled independently.
    Introduced in notebook 2, "One change at a time".
    """
    values, others = _several(values), _several(others)
    medians, other_medians = (np.median(_resampled(part), axis=1) for part in (values, others))
    return _interval(np.median(values) - np.median(others), medians - other_medians[::-1])


def accuracy_interval(right: int, reviews: int) -> Interval:
    """Return an accuracy, and its 95 % interval over reviews, as fractions.

    right, reviews: of how many reviews how many were right. Raises ValueError unless both are whole
    numbers, and right at most reviews. Source: the score interval (Wilson 1927).
    """
    reviews = whole_number("reviews", reviews)
    share = whole_number("right", right, least=0, most=reviews) / reviews
    square = 1.96**2 / reviews
    middle = (share + square / 2) / (1 + square)
    margin = np.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return share, float(middle - margin), float(middle + margin)


def accuracy_difference(
    labels: np.ndarray, probabilities: np.ndarray, other_probabilities: np.ndarray
) -> Interval:
    """Return by how much one model is more often right than another, on the same reviews.

    labels: 0 or 1, (reviews,); the others: what each model says for them, (reviews,), fractions.
    Returns the difference of the accuracies, a fraction, with its 95 % interval over reviews.
    Raises ValueError unless all have one shape and labels are 0 or 1.
    Source: the normal approximation to the paired difference of two proportions, as McNemar's test.
    Introduced in notebook 4, "The contest".
    """
    shapes = [np.shape(part) for part in (labels, probabilities, other_probabilities)]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1 or shapes[0] == (0,):
        raise ValueError(f"The shapes are {shapes}: give three arrays of one length, (reviews,).")
    labels = as_labels(labels, len(labels))
    right, other_right = (
        (np.asarray(part) > 0.5) == labels for part in (probabilities, other_probabilities)
    )
    gains = right.astype(float) - other_right
    margin = 1.96 * gains.std() / np.sqrt(len(gains))
    return float(gains.mean()), float(gains.mean() - margin), float(gains.mean() + margin)


def _several(values: Iterable[float]) -> np.ndarray:
    values = np.fromiter(values, dtype=float)
    if len(values) < 2:
        raise ValueError(f"There are {len(values)} values: give at least two, one for each seed.")
    return values


def _resampled(values: np.ndarray) -> np.ndarray:
    return np.random.default_rng(COURSE_SEED).choice(values, (RESAMPLES, len(values)))


def _interval(estimate: float, resampled: np.ndarray) -> Interval:
    low, high = np.quantile(resampled, LEVEL)
    return float(estimate), float(low), float(high)
