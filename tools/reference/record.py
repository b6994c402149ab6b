"""Trains what `trainings.csv` lacks, row by row; goes on where it was stopped.

    python -m tools.reference.record [RECIPE ...]

For each recipe 40 right trainings that others are compared with, five that are compared with them
as anyone's are, and 10 for each fault, to count how often it is found.
"""

import argparse
import sys
import time

from course_utils.live import LiveDisplay

from tools.commands import refuse, stoppable
from tools.records import RecordError
from tools.reference.faults import FAULTS
from tools.reference.recipes import RECIPES
from tools.reference.stored import FAULTY, NEXT, REFERENCE, TRAININGS, cut_unfinished, read
from tools.reference.training import train
from tools.sweep.table import append


def wanted(names: list[str]) -> list[tuple[str, str, int]]:
    """List recipe, fault and seed of all trainings, those first that all else is compared with."""
    right = [(name, "", seed) for name in names for seed in [*REFERENCE, *NEXT]]
    return right + [
        (name, fault, seed) for name in names for fault in FAULTS[name] for seed in FAULTY
    ]


def main(names: list[str]) -> int:
    """Train what is missing of some recipes, or of all. Returns 0, or 2 for an unknown one."""
    unknown = [name for name in names if name not in RECIPES]
    if unknown:
        return refuse(f"There is no recipe {unknown[0]!r}: give one of {', '.join(RECIPES)}.")
    cut_unfinished(TRAININGS)
    try:
        stored = {row[:3] for row in read()}
    except RecordError as problem:
        return refuse(problem)
    tasks = [task for task in wanted(names or [*RECIPES]) if task not in stored]
    display, started = LiveDisplay(log=True), time.monotonic()
    print(f"{len(tasks)} trainings are missing.", flush=True)
    with stoppable("What was finished is kept: run it again to go on."):
        for done, (name, fault, seed) in enumerate(tasks, 1):
            append(TRAININGS, [train(name, seed, fault)])
            left = (time.monotonic() - started) / done * (len(tasks) - done)
            display.show(f"{done} of {len(tasks)} trainings, about {left / 60:.0f} min left")
    display.finish()
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.reference.record", description=__doc__)
    parser.add_argument("recipe", nargs="*", help="all if none is given")
    sys.exit(main(parser.parse_args().recipe))
