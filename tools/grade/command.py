"""`make check-submissions`: judges the notebooks of a class on a Dask cluster, and writes a table.

Each notebook is a task of its own (judge.py). All are read before the first one runs, whether they
are kept apart is decided once, and the table is written anew after each, so what one of them does
changes no other's result. Without --scheduler the workers are the cores of this machine; a cluster
elsewhere needs this checkout on each worker.
"""

import argparse
from pathlib import Path
import sys
from typing import TYPE_CHECKING

from course_utils.exercises.wording import one_line
from course_utils.live import LiveDisplay

from tools import cluster
from tools.commands import refuse, stoppable
from tools.grade.isolation import Limits, can_isolate
from tools.grade.judge import FINISHED, judge_apart
from tools.grade.table import Graded, graded, not_judged, read_folder, shown, summary, write
from tools.paths import BUILD

if TYPE_CHECKING:
    from distributed import Client

TABLE = BUILD / "submissions.csv"
APART = {
    True: "Each runs apart: no network, no other process, no file of yours.",
    False: "This system cannot keep them apart: they can read, change and delete your files. Run "
    "this as a user that owns nothing, or in a virtual machine (docs/instructors.md).",
}
"""What is said about a run whose submissions are isolated, or are not."""


def run(
    client: "Client",
    submissions: dict[str, list[str]],
    limits: Limits,
    isolated: bool,
    path: Path,
    rows: list[Graded],
) -> None:
    """Judge all submissions on the cluster; rows: those of the table so far, added to."""
    display, total = LiveDisplay(), len(submissions)
    display.show(f"0 of {total} notebooks on {len(client.nthreads())} workers")
    futures = {
        client.submit(judge_apart, cells, limits, isolated, key=f"judge-{number}", pure=False): name
        for number, (name, cells) in enumerate(submissions.items())
    }
    for done, (name, future) in enumerate(cluster.as_finished(futures), start=1):
        try:
            rows.append(graded(name, future.result()))
        except Exception as error:
            rows.append(not_judged(name, f"not judged: {one_line(error)}"))
        write(path, rows)
        display.finish(summary(rows[-1]))
        display.show(f"{done} of {total} notebooks")
    display.finish()


def main(arguments: list[str] | None = None) -> int:
    """Judge a folder. Returns 0, 1 if a file was not judged to its end, 2 for bad arguments."""
    parser = argparse.ArgumentParser(prog="python -m tools.grade", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds the notebooks, in folders or not")
    parser.add_argument("--out", type=Path, default=TABLE, help="the CSV (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=30, help="for one notebook")
    parser.add_argument("--memory", type=float, default=4, metavar="GIB", help="for one notebook")
    cluster.add_options(parser)
    options = parser.parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        cluster.check_options(options)
        limits = _limits(options.minutes, options.memory)
        submissions, rows, left_out = read_folder(options.folder)
        write(options.out, rows)
        client = cluster.connect(options)
    except (ValueError, OSError) as error:
        return refuse(error)
    with stoppable(f"What was judged is in {options.out}."), client:
        isolated = all(client.run(can_isolate).values())
        print(f"{len(submissions)} notebooks in {shown(options.folder)}. {APART[isolated]}")
        for line in [*map(summary, rows), *(f"{name}: left out, a system's" for name in left_out)]:
            print(line, flush=True)
        run(client, submissions, limits, isolated, options.out, rows)
    lost = [row for row in rows if row.end != FINISHED]
    if lost:
        print(f"{len(lost)} of {len(rows)} files were not judged to their end: see `end`.")
    print(f"The table is in {options.out}.")
    return int(bool(lost))


def _limits(minutes: float, gibibytes: float) -> Limits:
    for name, value in (("--minutes", minutes), ("--memory", gibibytes)):
        if not 0 < value < 1e6:
            raise ValueError(f"{name} is {value:g}: give a number above 0.")
    return Limits(60 * minutes, int(gibibytes * 2**30))
