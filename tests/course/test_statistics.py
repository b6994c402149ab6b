"""Bands and intervals hold what they promise: by hand, by exact sums, and by trying them out."""

from collections.abc import Callable
from math import comb, log, sqrt

import course_utils as course
from course_utils.probes import statistics
import numpy as np
import pytest


def spread_of_a_median(reviews: int, coins: int) -> float:
    """Sum the exact standard deviation of the median of an odd number of binomial shares.

    The median is at most x if more than half of the coins are.
    """
    below = np.cumsum([comb(reviews, heads) / 2**reviews for heads in range(reviews + 1)])
    majorities = range(coins // 2 + 1, coins + 1)
    at_most = sum(comb(coins, n) * below**n * (1 - below) ** (coins - n) for n in majorities)
    shares = np.arange(reviews + 1) / reviews
    return sqrt(np.diff(at_most, prepend=0) @ (shares - 0.5) ** 2)


def test_band_of_one_coin() -> None:
    assert (
        course.coin_band(500) == pytest.approx(3 * sqrt(0.25 / 500)) == pytest.approx(0.06708, 1e-4)
    )


@pytest.mark.parametrize(("reviews", "coins"), [(500, 3), (50, 5), (500, 21)])
def test_band_of_a_median(reviews: int, coins: int) -> None:
    """10,000 draws know a standard deviation to 0.7 %."""
    expected = 3 * spread_of_a_median(reviews, coins)
    assert course.coin_band(reviews, coins) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(("right", "reviews"), [(4500, 5000), (3, 20), (0, 7), (7, 7)])
def test_accuracy_interval_holds_what_the_data_do_not_refute(right: int, reviews: int) -> None:
    """Each true accuracy in it lies within 1.96 of its own standard deviations: tried on a grid."""
    share, low, high = statistics.accuracy_interval(right, reviews)
    assert share == right / reviews
    true = np.linspace(0, 1, 100_001)
    held = true[abs(share - true) <= 1.96 * np.sqrt(true * (1 - true) / reviews) + 1e-12]
    assert (low, high) == pytest.approx((held[0], held[-1]), abs=2e-5)


def test_accuracy_interval_holds_the_true_accuracy() -> None:
    """In 95 % of all draws of 500 reviews, by exact sums, wherever the accuracy lies."""
    intervals = [statistics.accuracy_interval(right, 500)[1:] for right in range(501)]
    for true in (0.5, 0.77, 0.9):
        chances = [comb(500, n) * true**n * (1 - true) ** (500 - n) for n in range(501)]
        held = [low <= true <= high for low, high in intervals]
        assert np.dot(chances, held) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(("right", "reviews"), [(-1, 5), (6, 5), (1, 0), (0.5, 5)])
def test_accuracy_interval_refuses(right: float, reviews: int) -> None:
    with pytest.raises(ValueError, match="give a whole number"):
        statistics.accuracy_interval(right, reviews)


def coverage(holds: Callable[[np.random.Generator], bool]) -> float:
    random = np.random.default_rng(2026)
    return np.mean([holds(random) for _ in range(600)])


@pytest.fixture
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the resamples, for intervals by the hundred."""
    monkeypatch.setattr(statistics, "RESAMPLES", 1_000)


@pytest.mark.usefixtures("few_resamples")
@pytest.mark.parametrize("seeds", [20, 60])
def test_interval_holds_the_median_19_times_in_20(seeds: int) -> None:
    """Of exponential times the median is log 2. Each end is missed about equally often."""
    missed = {"below": 0, "above": 0}

    def holds(random: np.random.Generator) -> bool:
        _, low, high = course.median_interval(random.exponential(size=seeds))
        missed["below"] += high < log(2)
        missed["above"] += low > log(2)
        return low <= log(2) <= high

    assert 0.92 < coverage(holds) < 0.98
    assert min(missed.values()) > 0.25 * sum(missed.values())


@pytest.mark.usefixtures("few_resamples")
@pytest.mark.parametrize("sizes", [(20, 20), (15, 30)])
def test_interval_holds_the_difference_19_times_in_20(sizes: tuple[int, int]) -> None:
    def holds(random: np.random.Generator) -> bool:
        ours, others = random.normal(5, 1, sizes[0]), random.normal(3, 2, sizes[1])
        _, low, high = course.median_difference(ours, others)
        return low <= 2 <= high

    assert 0.92 < coverage(holds) < 0.985


def test_estimates_are_those_of_the_values() -> None:
    assert course.median_interval(iter([3, 1, 2]))[0] == 2
    assert course.median_interval([7, 7, 7]) == (7, 7, 7)
    assert course.median_difference([3, 1, 2], [10, 20]) == (-13, -19, -7)


def test_samples_are_resampled_independently() -> None:
    """Minus itself a sample is 0 give or take sqrt(2) of its own interval, not exactly 0."""
    values = np.random.default_rng(2026).normal(size=101)
    _, low, high = course.median_interval(values)
    estimate, lower, upper = course.median_difference(values, values)
    assert estimate == 0
    assert lower == pytest.approx(-upper, rel=0.15)
    assert upper - lower == pytest.approx(sqrt(2) * (high - low), rel=0.15)


@pytest.mark.parametrize("as_type", [list, np.array])
def test_difference_of_accuracies_is_that_of_mcnemars_table(as_type: Callable) -> None:
    """Of 100 reviews both get 60, one alone 15, the other alone 5, neither 20.

    The difference is (15 - 5) / 100, its variance (15 + 5 - (15 - 5)**2 / 100) / 100**2 = 0.0019.
    """
    ours, others = (
        np.repeat([1, 1, 0, 0], [60, 15, 5, 20]),
        np.repeat([1, 0, 1, 0], [60, 15, 5, 20]),
    )
    labels = np.tile([1, 0], 50)
    arguments = [labels, *(np.where(right == labels, 0.9, 0.1) for right in (ours, others))]
    margin = 1.96 * sqrt(0.0019)
    expected = [0.1, 0.1 - margin, 0.1 + margin]
    assert course.accuracy_difference(*map(as_type, arguments)) == pytest.approx(expected)
    labels, ours, others = arguments
    swapped = [-0.1, -0.1 - margin, -0.1 + margin]
    assert course.accuracy_difference(labels, others, ours) == pytest.approx(swapped)


def test_one_half_counts_as_negative() -> None:
    """As in Keras' accuracy."""
    halves = np.full(4, 0.5)
    assert course.accuracy_difference(np.zeros(4), halves, 1 - np.zeros(4))[0] == 1
    assert course.accuracy_difference(np.ones(4), halves, np.ones(4))[0] == -1
