"""`make check-submissions`: judges the notebooks of a class on a Dask cluster; tables and a page.

Each notebook is a task of its own (judge.py). All are read before the first one runs, whether they
are kept apart is decided once, and what came of each is kept (kept.py) and written as soon as it is
known: what one of them does changes no other's result, and a grading that was stopped goes on where
it was. Without --scheduler the workers are the cores of this machine; a cluster elsewhere needs
this checkout on each worker.
"""

import argparse
from collections import defaultdict
from pathlib import Path
import sys
from typing import TYPE_CHECKING

from course_utils.exercises.wording import one_line
from course_utils.live import LiveDisplay

from tools import cluster
from tools.commands import refuse, stoppable
from tools.grade import kept
from tools.grade.isolation import Limits, can_isolate
from tools.grade.judge import FINISHED, NOT_STARTED, judge_apart
from tools.grade.page import write_page
from tools.grade.points import read_points
from tools.grade.table import (
    Graded,
    graded,
    not_judged,
    read_folder,
    shown,
    summary,
    write,
    write_mistakes,
)
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


class Report:
    """What is known of a class so far, as a table, a table of mistakes and a page.

    submissions: the code cells of each notebook. rows: of what could not be read. points: of each
    exercise.
    """

    def __init__(
        self,
        table: Path,
        submissions: dict[str, list[str]],
        rows: list[Graded],
        points: dict[str, float],
    ) -> None:
        self.table, self.page = table, table.with_suffix(".html")
        self.mistakes = table.with_name(f"{table.stem}-mistakes.csv")
        self.submissions, self.rows, self.points = submissions, rows, points

    def write(self) -> None:
        """Put all three files in place, each in one step. Raises OSError if that fails."""
        write(self.table, self.rows)
        write_mistakes(self.mistakes, self.rows)
        write_page(self.page, self.rows, self.submissions, self.points)


def run(
    client: "Client",
    waiting: dict[str, list[str]],
    limits: Limits,
    isolated: bool,
    report: Report,
    store: Path,
) -> None:
    """Judge on the cluster what is waiting: the names of notebooks, by the key of their code.

    store: keeps the results. Notebooks with the same code are judged once.
    """
    display, done, total = LiveDisplay(), 0, sum(map(len, waiting.values()))
    display.show(f"0 of {total} notebooks on {len(client.nthreads())} workers")
    futures = {
        client.submit(
            judge_apart, report.submissions[name], limits, isolated, key=f"judge-{key}", pure=False
        ): key
        for key, (name, *_) in waiting.items()
    }
    for key, future in cluster.as_finished(futures):
        try:
            result = future.result()
        except Exception as error:
            rows = [not_judged(name, f"not judged: {one_line(error)}") for name in waiting[key]]
        else:
            rows = [graded(name, result, report.points) for name in waiting[key]]
            if result.end != NOT_STARTED:
                kept.append(store, key, result)
        report.rows += rows
        report.write()
        done += len(rows)
        for row in rows:
            display.finish(summary(row))
        display.show(f"{done} of {total} notebooks")
    display.finish()


def main(arguments: list[str] | None = None) -> int:
    """Judge a folder. Returns 0, 1 if a file was not judged to its end, 2 for bad arguments."""
    options = _parse(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        cluster.check_options(options)
        limits = _limits(options.minutes, options.memory)
        points = read_points(options.points)
        submissions, rows, left_out = read_folder(options.folder)
        report = Report(options.out, submissions, rows, points)
        report.write()
        client = cluster.connect(options)
    except (ValueError, OSError) as error:
        return refuse(error)
    with stoppable("What was judged is kept: run it again to go on."), client:
        isolated = all(client.run(can_isolate).values())
        keys = defaultdict(list)
        for name, cells in submissions.items():
            keys[kept.key(cells, limits, isolated)].append(name)
        store = options.out.with_suffix(".jsonl")
        if options.again:
            kept.forget(store, keys)
        known = kept.load(store, keys)
        before = [graded(name, known[key], points) for key in known for name in keys[key]]
        print(
            f"{len(submissions)} notebooks in {shown(options.folder)}, {len(before)} of them "
            f"judged before. {APART[isolated]}"
        )
        rows += before
        report.write()
        for line in [*map(summary, rows), *(f"{name}: left out, a system's" for name in left_out)]:
            print(line, flush=True)
        waiting = {key: names for key, names in keys.items() if key not in known}
        run(client, waiting, limits, isolated, report, store)
    lost = [row for row in rows if row.end != FINISHED]
    if lost:
        print(f"{len(lost)} of {len(rows)} files were not judged to their end: see `end`.")
    print(f"The table is in {report.table}, what was wrong in {report.mistakes}.")
    print(f"Open {report.page.absolute().as_uri()} in a browser.")
    return int(bool(lost))


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.grade", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds the notebooks, in folders or not")
    parser.add_argument("--out", type=Path, default=TABLE, help="the CSV (default: %(default)s)")
    parser.add_argument("--points", type=Path, metavar="TOML", help="of exercises (default: 1)")
    parser.add_argument("--again", action="store_true", help="judge what was judged before, too")
    parser.add_argument("--minutes", type=float, default=30, help="for one notebook")
    parser.add_argument("--memory", type=float, default=4, metavar="GIB", help="for one notebook")
    cluster.add_options(parser)
    return parser.parse_args(arguments)


def _limits(minutes: float, gibibytes: float) -> Limits:
    for name, value in (("--minutes", minutes), ("--memory", gibibytes)):
        if not 0 < value < 1e6:
            raise ValueError(f"{name} is {value:g}: give a number above 0.")
    return Limits(60 * minutes, int(gibibytes * 2**30))
