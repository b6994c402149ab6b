"""Judges the notebooks that a class handed in, on a Dask cluster, and writes a table.

Each notebook is a task of its own (judge.py). All are read before the first one runs, and the table
is written anew after each, so what one of them does changes no other's result. Without --scheduler
the workers are the cores of this machine; a cluster elsewhere needs this project on each worker.
"""

import argparse
import csv
import importlib
import json
from pathlib import Path
import sys
from typing import TYPE_CHECKING, NamedTuple

from course_utils import cluster
from course_utils.checks import exercise_names
from course_utils.judge import Limits, Result, can_isolate, judge_apart
from course_utils.live import LiveDisplay

if TYPE_CHECKING:
    from distributed import Client

TABLE = Path(__file__).parent.parent / "build" / "submissions.csv"
MOST_BYTES = 50 * 2**20
"""A larger file is not read: a notebook with all its outputs has about 2 MB."""
FORMULA_SIGNS = ("=", "+", "-", "@")
"""A spreadsheet takes a cell that starts so for a formula."""


class UnreadableError(Exception):
    """A file is no notebook that can be judged; says why."""


class Row(NamedTuple):
    """One notebook: its path below the folder, how it ended, and each exercise's grade."""

    notebook: str
    end: str
    right: int
    failed_cells: str
    isolated: str
    seconds: int
    peak_mib: int
    grades: dict[str, str]


def read_cells(path: Path) -> list[str]:
    """Read the source of a notebook's code cells. Raises UnreadableError."""
    if path.is_symlink() or not path.is_file():
        raise UnreadableError("not read: no regular file")
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableError(f"not read: more than {MOST_BYTES >> 20} MiB")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UnreadableError("not read: no notebook of format 4") from None


def grade(line: str) -> str:
    """Shorten the line that `check` prints to "right", "not yet" or "not attempted"."""
    _, said = line.split(": ", 1)
    return next(word for word in ("right", "not attempted", "not yet") if said.startswith(word))


def row(name: str, result: Result) -> Row:
    """Turn what came of a notebook into a row of the table."""
    grades = {exercise: grade(line) for exercise, line in result.verdicts.items()}
    return Row(
        notebook=name,
        end=result.end,
        right=list(grades.values()).count("right"),
        failed_cells=" ".join(map(str, result.failed)),
        isolated="yes" if result.isolated else "no",
        seconds=round(result.seconds),
        peak_mib=result.peak_mib,
        grades=grades,
    )


def not_judged(name: str, reason: str) -> Row:
    """Make the row of a notebook of which nothing is known but the reason."""
    return Row(name, reason, 0, "", "", 0, 0, {})


def shown(path: Path) -> str:
    """Write a path so that neither a terminal nor a spreadsheet takes it for a command."""
    text = "".join(sign if sign.isprintable() else "?" for sign in path.as_posix())
    return f"./{text}" if text.startswith(FORMULA_SIGNS) else text


def write(path: Path, rows: list[Row]) -> None:
    """Put the whole table in place in one step, with a column for each exercise."""
    exercises = exercise_names()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with open(part, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*Row._fields[:-1], *exercises])
        for *columns, grades in sorted(rows):
            table.writerow([*columns, *(grades.get(exercise, "") for exercise in exercises)])
    part.replace(path)


def summary(row: Row) -> str:
    """Write a row as one line for the screen."""
    text = f"{row.notebook:40} {row.right} of {len(row.grades)} right"
    for word in ("not yet", "not attempted"):
        if names := [name for name, said in row.grades.items() if said == word]:
            text += f"; {word}: {' '.join(names)}"
    return text if row.end == "finished" else f"{text}; {row.end}"


def run(
    client: "Client", submissions: dict[str, list[str]], limits: Limits, path: Path, rows: list[Row]
) -> None:
    """Judge all submissions on the cluster; rows: those of the table so far, added to."""
    display, total = LiveDisplay(), len(submissions)
    display.show(f"0 of {total} notebooks on {len(client.nthreads())} workers")
    futures = {
        client.submit(judge_apart, cells, limits, key=f"judge-{number}", pure=False): name
        for number, (name, cells) in enumerate(submissions.items())
    }
    for done, (name, future) in enumerate(cluster.as_finished(futures), start=1):
        try:
            rows.append(row(name, future.result()))
        except Exception as error:
            rows.append(not_judged(name, f"not judged: {type(error).__name__}"))
            print(f"{name}: {error}", file=sys.stderr)
        write(path, rows)
        display.finish(summary(rows[-1]))
        display.show(f"{done} of {total} notebooks")
    display.finish()


def main(arguments: list[str] | None = None) -> int:
    """Judge a folder. Returns 0, 1 if a notebook was not judged, 2 for bad arguments, 130."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.grading", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds the notebooks, in folders or not")
    parser.add_argument("--out", type=Path, default=TABLE, help="the CSV (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=30, help="for one notebook")
    parser.add_argument("--memory", type=float, default=4, metavar="GIB", help="for one notebook")
    cluster.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        cluster.check_options(options)
        limits = _limits(options.minutes, options.memory)
        submissions, rows = read_folder(options.folder)
        write(options.out, rows)
    except (ValueError, OSError) as error:
        return _refuse(error)
    print(f"{len(submissions)} notebooks in {options.folder}. {_isolation()}", flush=True)
    try:
        client = cluster.connect(options)
    except ConnectionError as error:
        return _refuse(error)
    try:
        with client:
            run(client, submissions, limits, options.out, rows)
    except KeyboardInterrupt:
        print(f"\nStopped. What was judged is in {options.out}.", file=sys.stderr)
        return 130
    print(f"The table is in {options.out}.")
    return int(any(row.end.startswith("not ") for row in rows))


def read_folder(folder: Path) -> tuple[dict[str, list[str]], list[Row]]:
    """Read all notebooks of a folder, and make the rows of those that cannot be read.

    Raises ValueError if there is none.
    """
    submissions, rows = {}, []
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        name = shown(path.relative_to(folder))
        try:
            submissions[name] = read_cells(path)
        except UnreadableError as error:
            rows.append(not_judged(name, str(error)))
    if not submissions and not rows:
        raise ValueError(f"There is no notebook in {folder}: give the folder that holds them.")
    return submissions, rows


def _limits(minutes: float, gibibytes: float) -> Limits:
    for name, value in (("--minutes", minutes), ("--memory", gibibytes)):
        if not 0 < value < 1e6:
            raise ValueError(f"{name} is {value:g}: give a number above 0.")
    return Limits(60 * minutes, int(gibibytes * 2**30))


def _isolation() -> str:
    if can_isolate():
        return "Each runs apart: no network, no other process, files read-only."
    return (
        "This system cannot keep them apart: they can read, change and delete your files. Run this "
        "as a user that owns nothing, or in a container (docs/instructors.md)."
    )


def _refuse(problem: object) -> int:
    print(problem, file=sys.stderr)
    return 2


if __name__ == "__main__":
    # Under its own name, so that the workers find its functions by import.
    sys.exit(importlib.import_module("course_utils.grading").main())
