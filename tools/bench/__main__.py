"""Measures how fast the kit is, and holds it against its goals: `make bench`.

What is measured is on screen at once. At the end it is kept in history.csv and shown in
docs/speed.md, unless others were at work when it began or ended. A first installation of PyTorch
and the course itself, which `make run` has timed, are not part of it.
"""

from collections.abc import Callable, Iterable
from functools import partial
import sys
import time

from tools.bench import data, history, training
from tools.bench.course import course
from tools.bench.goals import GOALS, Measure
from tools.bench.harness import DifferentWork
from tools.bench.place import this_run
from tools.bench.training import SideError
from tools.commands import no_arguments, refuse, stoppable
from tools.machines.kernels import MachineError
from tools.paths import BUILD
from tools.processes import busy_cores
from tools.publish import duration
from tools.records import RecordError
from tools.verify import tables

QUIET = 0.5
"""How many cores others may keep busy."""


def main() -> int:
    """Measure all; returns 1 if a goal was missed each time it was measured, 2 if refused."""
    try:
        tables.read_records()
    except RecordError as problem:
        return refuse(problem)
    try:
        torch = training.install_torch(BUILD / "bench/torch")
    except MachineError as problem:
        print(f"Without PyTorch. {problem}")
        torch = None
    parts = [data.start, data.load_cold, data.load, data.pad, partial(training.train, torch)]
    run = duration.of_today(BUILD)
    if run and run.busy <= QUIET:
        parts.append(partial(course, run))
    else:
        print("Without the course, which has not run here today undisturbed: make run comes first.")
    busy = busy_cores()
    try:
        measures = measure_all(parts)
    except (DifferentWork, SideError) as problem:
        return refuse(f"Nothing is kept of this run. {problem}")
    busy = max(busy, busy_cores())
    if busy <= QUIET:
        history.keep(this_run(training.version_of(torch), busy), measures)
        tables.write()
    else:
        print(f"Not kept: others kept {busy:.1f} cores busy when it began or ended.")
    return int(any(measure.missed() for measure in measures))


def measure_all(parts: list[Callable[[], Iterable[Measure]]]) -> list[Measure]:
    """Let each part measure, show what it measured at once, and say at the end what was missed."""
    started, measures = time.monotonic(), []
    for part in parts:
        for measure in part():
            print(f"[{time.monotonic() - started:3.0f} s] {measure.line()}", flush=True)
            measures.append(measure)
    names = [measure.name for measure in measures]
    left_out = ", ".join(name for name in GOALS if name not in names) or "nothing"
    missed = ", ".join(measure.name for measure in measures if measure.missed()) or "no goal"
    print(f"In {time.monotonic() - started:.0f} s. Missed: {missed}. Not measured: {left_out}.")
    return measures


if __name__ == "__main__":
    no_arguments("tools.bench", __doc__)
    with stoppable("Nothing is kept of this run."):
        sys.exit(main())
