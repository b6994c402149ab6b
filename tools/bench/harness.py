"""Times two ways to the same result in turn, A B A B ..., and refuses to compare different work."""

from collections.abc import Callable
from dataclasses import dataclass
import statistics
import time
from typing import Any

import numpy as np

ABSOLUTE_DIFFERENCE = 1e-4
"""How far two float results may lie apart: the sides add in other orders."""


class DifferentWork(Exception):
    """The two sides did not do the same work, so that their times cannot be compared."""


@dataclass(frozen=True)
class Work:
    """What one run did: how long it took, for how many units, and the facts both sides must share.

    seconds: wall time. units: reviews, steps or whatever the time is divided by.
    facts: name to number or array; whole numbers are compared exactly.
    """

    seconds: float
    units: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One way to the result: its name, and a function that takes it once."""

    name: str
    run: Callable[[], Work]


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
            raise DifferentWork(f"{name}: {_short(value)} against {_short(theirs.facts[name])}")


def compare(
    title: str, unit: str, ours: Side, theirs: Side, repeats: int, goal: float | None = None
) -> dict[str, Any]:
    """Time two sides in turn, after one run of each that is checked and not counted.

    goal: how many times faster ours should be. Returns a record for bench.json: seconds per unit of
    each side and the ratio theirs / ours pair by pair, as median, minimum and maximum.
    Raises DifferentWork if any pair did different work.
    """
    require_same_work(ours.run(), theirs.run())
    pairs = []
    for _ in range(repeats):
        mine, other = ours.run(), theirs.run()
        require_same_work(mine, other)
        pairs.append((mine.seconds / mine.units, other.seconds / other.units))
    return {
        "title": title,
        "unit": unit,
        "ours": {"name": ours.name, **spread([mine for mine, _ in pairs])},
        "theirs": {"name": theirs.name, **spread([other for _, other in pairs])},
        "ratio": spread([other / mine for mine, other in pairs]),
        "goal": goal,
        "repeats": repeats,
    }


def spread(values: list[float]) -> dict[str, float]:
    """Sum measured values up: median, minimum and maximum."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def line(record: dict[str, Any]) -> str:
    """Write one comparison as a line of text."""
    ratio, goal = record["ratio"], record["goal"]
    times = [_with_unit(record[side]["median"]) for side in ("ours", "theirs")]
    pairs = "1 pair" if record["repeats"] == 1 else f"{record['repeats']} pairs"
    verdict = "" if goal is None else f"  goal {goal:g} x: {_verdict(ratio['median'] >= goal)}"
    return (
        f"{record['title']:44} {times[0]} against {times[1]} per {record['unit']}: "
        f"{ratio['median']:.1f} x ({ratio['min']:.1f} to {ratio['max']:.1f}, "
        f"{pairs}){verdict}"
    )


def _verdict(reached: bool) -> str:
    return "reached" if reached else "NOT reached"


def _with_unit(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def _short(value: Any) -> str:
    return str(value)[:80]
