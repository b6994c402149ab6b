"""Whether some trainings come from the distribution of the stored ones: a permutation test."""

from functools import cache

from course_utils.seeds import COURSE_SEED
import numpy as np

LEVEL = 0.05
"""A right set-up is refused at most once in 20."""
DEALS = 1_999
"""How often the trainings are dealt out anew; p is a multiple of 1 / 2,000."""


def p_value(ours: np.ndarray, stored: np.ndarray) -> float:
    """Return how often chance alone would tell `ours` from `stored` as clearly as they differ.

    ours, stored: a row of figures for each training, (trainings, figures).
    All figures become ranks among all trainings. How far off some trainings are is the distance of
    their mean rank from the middle, in all figures at once, their correlation taken out (T² of
    Hotelling 1931). It is compared with that of as many trainings dealt at random from both
    together: if all are from one distribution, whatever it is, p is below 0.05 in at most one of 20
    comparisons (Pitman 1937).
    """
    directions = _uncorrelated(ranks(np.concatenate([ours, stored])))
    dealt = _deals(len(directions), len(ours))
    distances = np.linalg.norm(directions[dealt].sum(axis=1), axis=1)
    distance = np.linalg.norm(directions[: len(ours)].sum(axis=0))
    return float((1 + np.sum(distances >= distance - 1e-9)) / (1 + DEALS))


def ranks(figures: np.ndarray) -> np.ndarray:
    """Rank each column from 1; equal numbers share the mean of their ranks."""
    below = (figures[:, None] > figures[None]).sum(axis=1)
    equal = (figures[:, None] == figures[None]).sum(axis=1)
    return below + (equal + 1) / 2


def farthest_off(ours: np.ndarray, stored: np.ndarray) -> int:
    """Return the number of the figure in which the mean rank of `ours` is farthest off."""
    ranked = ranks(np.concatenate([ours, stored]))
    return int(np.argmax(np.abs(ranked[: len(ours)].mean(axis=0) - ranked.mean(axis=0))))


def _uncorrelated(ranked: np.ndarray) -> np.ndarray:
    """Turn columns to some that have length one and are at right angles: as much as they tell."""
    left, lengths, _ = np.linalg.svd(ranked - ranked.mean(axis=0), full_matrices=False)
    return left[:, lengths > 1e-6 * max(lengths[0], 1)]


@cache
def _deals(trainings: int, of_them: int) -> np.ndarray:
    """Deal some of all trainings out, at random, again and again; int (DEALS, of_them)."""
    shuffled = np.random.default_rng(COURSE_SEED).random((DEALS, trainings))
    return np.argsort(shuffled, axis=1)[:, :of_them]
