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
    How far off some trainings are is how far their mean rank is from the middle, in the figure
    where it is farthest. That is compared with as many trainings dealt at random from both
    together. So if all are from one distribution, whatever it is, p is below 0.05 in at most one of
    20 comparisons, for all figures together. Source: permutation tests (Pitman 1937) of a largest
    statistic (Westfall and Young 1993).
    """
    ranked = _standardised_ranks(ours, stored)
    dealt = _deals(len(ranked), len(ours))
    by_chance = np.abs(ranked[dealt].sum(axis=1)).max(axis=1)
    distance = np.abs(ranked[: len(ours)].sum(axis=0)).max()
    return float((1 + np.sum(by_chance >= distance - 1e-9)) / (1 + DEALS))


def farthest_off(ours: np.ndarray, stored: np.ndarray) -> int:
    """Return the number of the figure in which `ours` are farthest off, as `p_value` measures."""
    return int(np.argmax(np.abs(_standardised_ranks(ours, stored)[: len(ours)].sum(axis=0))))


def ranks(figures: np.ndarray) -> np.ndarray:
    """Rank each column from 1; equal numbers share the mean of their ranks."""
    below = (figures[:, None] > figures[None]).sum(axis=1)
    equal = (figures[:, None] == figures[None]).sum(axis=1)
    return below + (equal + 1) / 2


def _standardised_ranks(ours: np.ndarray, stored: np.ndarray) -> np.ndarray:
    """Rank all trainings in each figure, and bring the ranks to mean 0 and deviation 1.

    A figure in which all are equal stays 0: it tells nothing.
    """
    ranked = ranks(np.concatenate([ours, stored]))
    centred = ranked - ranked.mean(axis=0)
    return centred / np.where(np.ptp(ranked, axis=0) == 0, 1, ranked.std(axis=0))


@cache
def _deals(trainings: int, of_them: int) -> np.ndarray:
    """Deal some of all trainings out, at random, again and again; int (DEALS, of_them)."""
    shuffled = np.random.default_rng(COURSE_SEED).random((DEALS, trainings))
    return np.argsort(shuffled, axis=1)[:, :of_them]
