"""`make reference RECIPE=lstm`: trains five, and says whether they are like the 40 stored ones."""

import argparse
from collections.abc import Iterable
import re
import time

from course_utils.live import LiveDisplay
import numpy as np

from tools.commands import refuse, stoppable
from tools.records import RecordError
from tools.reference.comparison import LEVEL, farthest_off, p_value
from tools.reference.recipes import RECIPES
from tools.reference.stored import FIVE, LEAST, NEXT, REFERENCE, figures, reference_of
from tools.reference.training import Figures, Training, train

FIRSTS = range(NEXT[0], 2**32 - FIVE)
"""The first of five seeds: none is among the 40 that others are compared with, all fit 32 bits."""
TITLES = Figures(
    "spread of answers, untrained",
    "training loss, all epochs",
    "training loss, last epoch",
    "spread of answers, trained",
    "test loss",
    "test accuracy",
)


def run(name: str, seeds: Iterable[int]) -> list[Training]:
    """Train a recipe with some seeds, one after the other, and show how it goes."""
    display, started, trained = LiveDisplay(log=True), time.monotonic(), []
    seeds = [*seeds]
    display.show(f"0 of {len(seeds)} trainings of {RECIPES[name].title}")
    for seed in seeds:
        trained.append(train(name, seed))
        left = (time.monotonic() - started) / len(trained) * (len(seeds) - len(trained))
        display.show(f"{len(trained)} of {len(seeds)} trainings, about {left:.0f} s left")
    display.finish()
    return trained


def report(name: str, ours: list[Training], stored: list[Training], p: float) -> str:
    """Write all figures side by side, and what follows from them."""
    mine, theirs = figures(ours), figures(stored)
    lines = [f"{'':30}{f'these {len(ours)}':>30}{f'{len(stored)} stored':>30}"]
    lines.append(f"{'':30}" + 2 * f"{'median':>10}{'lowest, highest':>20}")
    for title, one, other in zip(TITLES, mine.T, theirs.T, strict=True):
        lines.append(f"{title:30}{_spread(one)}{_spread(other)}")
    return "\n".join([*lines, "", _verdict(name, ours, stored, p)])


def _verdict(name: str, ours: list[Training], stored: list[Training], p: float) -> str:
    if p >= LEVEL:
        return (
            f"The {len(ours)} trainings may well come from the distribution of the {len(stored)} "
            f"stored ones (p = {p:.3g}): nothing speaks against this set-up."
        )
    off = TITLES[farthest_off(figures(ours), figures(stored))]
    others = ours[-1].seed + 1
    return (
        f"The {len(ours)} trainings do not come from the distribution of the {len(stored)} stored "
        f"ones (p = {p:.3g}); farthest off is: {off}.\nOf right set-ups one in {1 / LEVEL:.0f} is "
        f"refused, too: try {FIVE} others with make reference RECIPE={name} FIRST={others}. If "
        "they are refused as well, something is broken: compare versions with make doctor, then "
        "look at what was changed."
    )


def _spread(figure: np.ndarray) -> str:
    low, median, high = np.quantile(figure, [0, 0.5, 1])
    return f"{median:10.3g}{f'{low:.3g}, {high:.3g}':>20}"


def main(arguments: list[str] | None = None) -> int:
    """Compare a recipe. Returns 0 if it may be the same, 1 if it is not, 2 for bad arguments."""
    options = _parse(arguments)
    name = options.recipe
    if name not in RECIPES:
        return refuse(f"There is no recipe {name!r}: give RECIPE= one of {', '.join(RECIPES)}.")
    if not re.fullmatch("[0-9]{1,10}", options.first) or int(options.first) not in FIRSTS:
        return refuse(
            f"FIRST is {options.first!r}: seeds {REFERENCE[0]} to {REFERENCE[-1]} are those that "
            f"others are compared with, give one from {FIRSTS[0]} to {FIRSTS[-1]}."
        )
    seeds = range(int(options.first), int(options.first) + FIVE)
    try:
        stored = reference_of(name)
    except RecordError as problem:
        return refuse(problem)
    if len(stored) < LEAST:
        return refuse(
            f"Of {name} only {len(stored)} of {len(REFERENCE)} trainings are stored: "
            f".venv/bin/python -m tools.reference.record {name} trains the others."
        )
    with stoppable():
        ours = run(name, seeds)
    if lost := np.sum(~np.isfinite(figures(ours)).all(axis=1)):
        print(f"{lost} of the {FIVE} trainings came to no finite numbers: this set-up is broken.")
        return 1
    p = p_value(figures(ours), figures(stored))
    print(report(name, ours, stored, p))
    return int(p < LEVEL)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.reference", description=__doc__)
    parser.add_argument("recipe", help=f"one of {', '.join(RECIPES)}")
    parser.add_argument("--first", default=str(NEXT[0]), help="the first of five seeds")
    return parser.parse_args(arguments)
