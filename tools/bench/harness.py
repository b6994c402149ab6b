"""Times two ways to the same result in turn, A B A B ..., and refuses to compare different work."""

from collections.abc import Callable
import os
import statistics
import time
from typing import Any, NamedTuple

import numpy as np

from tools.bench.goals import Measure, measured

ABSOLUTE_DIFFERENCE = 1e-4
"""How far two float results may lie apart: the sides add in other orders."""


class DifferentWork(Exception):
    """The two sides did not do the same work, so that their times cannot be compared."""


class Work(NamedTuple):
    """What one run did: how long it took, for how many units, and the facts both sides must share.

    seconds: wall time. units: reviews, steps or whatever the time is divided by.
    facts: name to number or array; whole numbers are compared exactly.
    """

    seconds: float
    units: int
    facts: dict[str, Any]


def timed(function: Callable[[], Any], units: int, facts: Callable[[Any], dict[str, Any]]) -> Work:
    """Run a function once; its facts are taken from its result, outside the measured time."""
    started = time.perf_counter()
    result = function()
    seconds = time.perf_counter() - started
    return Work(seconds, units, facts(result))


def require_same_work(ours: Work, theirs: Work) -> None:
    """Raise DifferentWork, naming the first fact in which two runs differ."""
    if set(ours.facts) != set(theirs.facts) or not ours.facts:
        raise DifferentWork(f"facts {sorted(ours.facts)} against {sorted(theirs.facts)}")
    for name, value in ours.facts.items():
        mine, other = np.asarray(value), np.asarray(theirs.facts[name])
        same = mine.shape == other.shape and (
            np.allclose(mine, other, rtol=0, atol=ABSOLUTE_DIFFERENCE)
            if "f" in (mine.dtype.kind, other.dtype.kind)
            else np.array_equal(mine, other)
        )
        if not same:
            raise DifferentWork(f"{name}: {str(mine)[:80]} against {str(other)[:80]}")


def compare(
    name: str, ours: Callable[[], Work], theirs: Callable[[], Work], repeats: int
) -> Measure:
    """Time two sides in turn, after one run of each that is checked and not counted.

    Returns the ratio theirs / ours, pair by pair, and the median seconds per unit of each side.
    Raises DifferentWork if any pair did different work.
    """
    require_same_work(ours(), theirs())
    mine, others = [], []
    for _ in range(repeats):
        pair = ours(), theirs()
        require_same_work(*pair)
        for times, work in zip((mine, others), pair, strict=True):
            times.append(work.seconds / work.units)
    ratio = measured(name, [other / own for own, other in zip(mine, others, strict=True)])
    return ratio._replace(ours=statistics.median(mine), theirs=statistics.median(others))


def plain_environment() -> dict[str, str]:
    """Return the environment without the settings that course_utils makes for TensorFlow."""
    ours = ("TF_", "ONEDNN_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
