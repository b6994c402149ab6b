"""The history of what was measured, by date and processor: history.csv, a line for each measure."""

import csv
import io
from pathlib import Path
from typing import NamedTuple

from course_utils.files import write_whole

from tools.bench.goals import GOALS, Measure, times
from tools.records import read

HISTORY = Path(__file__).with_name("history.csv")


class Run(NamedTuple):
    """When and where it was measured; nothing that names the machine.

    torch: "" without PyTorch. busy: how many cores others kept busy when it began or ended.
    """

    date: str
    processor: str
    family: str
    cores: int
    python: str
    tensorflow: str
    torch: str
    busy: float

    @property
    def place(self) -> tuple[str, str, int]:
        """The processor: a later run of the same date and processor replaces this one."""
        return self.processor, self.family, self.cores


FIELDS = (*Run._fields, *Measure._fields)


def on_record() -> dict[Run, list[Measure]]:
    """Read the runs that are kept. Raises RecordError if the file is cut off or damaged."""
    runs: dict[Run, list[Measure]] = {}
    for run, measure in read(HISTORY, FIELDS, _parsed):
        runs.setdefault(run, []).append(measure)
    return runs


def keep(run: Run, measures: list[Measure]) -> None:
    """Write a run to the file, in the place of an earlier one of the same date and processor.

    Raises RecordError if the file is damaged.
    """
    runs = {one: kept for one, kept in on_record().items() if not _same(one, run)}
    runs[run] = measures
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for one in sorted(runs):
        writer.writerows([*one, *map(_written, measure)] for measure in runs[one])
    write_whole(HISTORY, text.getvalue().encode())


def table() -> str:
    """Show the newest run of each processor, in Markdown."""
    runs = on_record()
    newest = {run.place: run for run in sorted(runs)}
    parts = [_shown(run, runs[run]) for _, run in sorted(newest.items())]
    return "\n".join(parts) or "No run is kept yet.\n"


def _same(one: Run, other: Run) -> bool:
    return (one.date, one.place) == (other.date, other.place)


def _parsed(row: list[str]) -> tuple[Run, Measure]:
    """Raises ValueError or TypeError if something is missing, too much, or no number."""
    date, processor, family, cores, python, tensorflow, torch, busy, name, *numbers = row
    if name not in GOALS:
        raise ValueError(name)
    run = Run(date, processor, family, int(cores), python, tensorflow, torch, float(busy))
    median, lowest, highest, ours, theirs = (float(text) if text else None for text in numbers)
    if None in (median, lowest, highest):
        raise ValueError(row)
    return run, Measure(name, median, lowest, highest, ours, theirs)


def _written(value: str | float | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.4g}"


def _shown(run: Run, measures: list[Measure]) -> str:
    torch = f", PyTorch {run.torch}" if run.torch else ""
    head = (
        f"**{run.processor}** ({run.family}), {run.cores} cores, {run.date}; Python {run.python}, "
        f"TensorFlow {run.tensorflow}{torch}. Others kept {run.busy:.1f} cores busy."
    )
    rows = [
        ["what", "against", "the kit", "the other", "median (range)", "goal", ""],
        ["---", "---", "--:", "--:", "---", "---", "---"],
    ]
    for measure in measures:
        goal, sides = GOALS[measure.name], map(times, (measure.ours, measure.theirs))
        judged = [measure.spread(), str(goal), measure.verdict()]
        rows.append([goal.what, goal.rival, *sides, *judged])
    return f"{head}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)
