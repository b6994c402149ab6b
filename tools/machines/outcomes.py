"""What came of the cells of a notebook on a machine: identical, within tolerance, failed.

Each run is a line of runs.csv, with its date.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
import csv
from datetime import date
from functools import cache
from hashlib import sha256
import io
from pathlib import Path
import time
from typing import NamedTuple
from xml.etree import ElementTree

from course_utils.files import write_whole
import nbformat

from tools.commands import one_at_a_time
from tools.machines.kernels import FOLDER, LOCK, Kind, Machine, write_kernel
from tools.paths import ROOT
from tools.records import read, typed
from tools.verify.runs import RunError, run_pytest
from tools.verify.settings import AT_ONCE

RUNS = Path(__file__).with_name("runs.csv")
REPORTS = FOLDER / "reports"
"""What pytest says of each run, with what differed."""
CELL_TIMEOUT, START_TIMEOUT = 3600, 1200
"""In seconds; an emulated TensorFlow takes minutes to start."""


class Outcome(NamedTuple):
    """One run of one notebook.

    notebook: its number, or what else was run; cells: which of them, "all" or "chosen". state: a
    digest of what was run and what it was compared with. names: the cells that failed.
    """

    date: str
    family: str
    python: str
    setting: str
    notebook: str
    cells: str
    state: str
    identical: int
    within: int
    failed: int
    seconds: int
    names: str

    @property
    def key(self) -> tuple[str, ...]:
        """What was run where: a later run of the same replaces this one."""
        return (self.family, self.python, self.setting, self.notebook, self.cells)

    def line(self) -> str:
        """Say what came of it."""
        counts = f"{self.identical:3} identical {self.within:3} within {self.failed:3} failed"
        where = f"{self.notebook:7} Python {self.python}  {self.setting:26}"
        return f"{where} {counts} {self.seconds:5} s  {self.names}".rstrip()


def name_of(path: Path) -> str:
    """Return what a table calls a notebook: its number, or the first word of its name."""
    return path.stem.split("_")[0]


def state_of(notebook: nbformat.NotebookNode) -> str:
    """Return a short digest of a notebook's code and outputs, and of what it imports.

    That is course_utils and the packages of the lock. Where tolerances or tags are changed, the
    same run may come out otherwise: they count. Texts do not.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    marks = ("tolerance", "tags")
    compared = [
        (cell.source, cell.outputs, *(cell.metadata.get(mark) for mark in marks)) for cell in cells
    ]
    return sha256(f"{compared}{packages()}".encode()).hexdigest()[:8]


@cache
def packages() -> str:
    """Return a digest of what a notebook imports: course_utils' files and the lock."""
    files = [path for path in sorted((ROOT / "course_utils").rglob("*.*")) if path.is_file()]
    digest = sha256()
    for path in [LOCK, *(path for path in files if path.suffix != ".pyc")]:
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def on_record() -> list[Outcome]:
    """Read the runs that are kept, in the order of their keys. Raises RecordError."""
    return read(RUNS, Outcome._fields, typed(Outcome))


def keep(outcome: Outcome) -> None:
    """Write a run to the file, in the place of an earlier one of the same."""
    with one_at_a_time(FOLDER / "record"):
        by_key = {one.key: one for one in [*on_record(), outcome]}
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([Outcome._fields, *sorted(by_key.values(), key=lambda one: one.key)])
        write_whole(RUNS, text.getvalue().encode())


def kept(path: Path, kind: Kind, setting: str, cells: str) -> Outcome | None:
    """Return the kept run of a notebook in its present state, if no cell failed in it."""
    key, state = (*kind, setting, name_of(path), cells), state_of(nbformat.read(path, 4))
    found = (one for one in on_record() if one.key == key and one.state == state)
    return next((one for one in found if not one.failed), None)


def run(
    path: Path, machine: Machine, kind: Kind, setting: str, variables: dict[str, str], cells: str
) -> Outcome:
    """Let a machine run the cells of a notebook in the project, and compare them as nbval does.

    Raises RunError if the check itself cannot be run, or dies.
    """
    notebook = name_of(path)
    report = REPORTS / f"{machine.name}-{notebook}-{cells}-{setting}.xml"
    REPORTS.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    kernel = f"--nbval --nbval-kernel-name={machine.name}"
    times = (
        f"--nbval-cell-timeout={CELL_TIMEOUT}",
        f"--nbval-kernel-startup-timeout={START_TIMEOUT}",
    )
    addopts = f"addopts=--import-mode=importlib -p no:cacheprovider -p no:xdist {kernel}"
    started = time.monotonic()
    run_pytest(
        ROOT,
        ["-o", addopts, *times, f"--junitxml={report}", str(path.relative_to(ROOT))],
        {"JUPYTER_PATH": str(write_kernel(machine)), **variables},
    )
    if not report.exists():
        raise RunError(f"pytest died over {path.name} ({setting}): run the same command again.")
    seconds = round(time.monotonic() - started)
    counts, names = read_report(report, path)
    today, state = date.today().isoformat(), state_of(nbformat.read(path, 4))
    return Outcome(today, *kind, setting, notebook, cells, state, *counts, seconds, names)


def run_all(jobs: list[tuple]) -> Iterator[Outcome]:
    """Do jobs, each the arguments of a `run`, side by side; keep, print and yield what came of it.

    Raises RunError if a check cannot be run; what was finished before is kept.
    """
    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [pool.submit(run, *job) for job in jobs]
        try:
            for done in as_completed(runs):
                keep(outcome := done.result())
                print(f"[{time.monotonic() - started:5.0f} s] {outcome.line()}", flush=True)
                yield outcome
        finally:
            pool.shutdown(cancel_futures=True)


def read_report(report: Path, path: Path) -> tuple[tuple[int, int, int], str]:
    """Count the cells that are identical, within tolerance, failed; and name the last ones.

    A cell that was not run, because one before it took too long, has failed. Raises RunError if
    cells are missing.
    """
    codes = [cell.id for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    cases = [*ElementTree.parse(report).iter("testcase")]
    if len(cases) != len(codes):
        raise RunError(
            f"Of {path.name} {len(cases)} of {len(codes)} cells were checked: run the same command "
            "again."
        )
    identical, failed = 0, []
    for name, case in zip(codes, cases, strict=True):
        said = {one.get("name"): one.get("value") for one in case.iter("property")}
        if any(case.find(how) is not None for how in ("failure", "error", "skipped")):
            failed.append(name)
        elif said["identical"] == "True":
            identical += 1
    return (identical, len(codes) - identical - len(failed), len(failed)), " ".join(failed)
