"""Puts each mutation into a copy of the project and runs the checks that should catch it.

A check is a test, `test_lecture_split`, or cells of a notebook, `02:imports,data,build`: these are
cut out of the notebook and run by nbval, and the last one must fail.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
import shutil
import tempfile
from typing import NamedTuple

import nbformat

from tools.verify.mutations.changes import Change, StaleError, find_cell
from tools.verify.runs import Run, RunError, run_pytest

AT_ONCE = 2
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "work", "__pycache__", ".hypothesis")
CACHE = "cache"
"""Each copy keeps the reviews to itself: no mutation can damage another one's."""


class Mutation(NamedTuple):
    """One mistake: its name, where it is made and how, and the checks that must all fail."""

    name: str
    file: str
    change: Change
    caught_by: tuple[str, ...]


class Verdict(NamedTuple):
    """What became of a mutation: checks that failed, checks that did not, and the time it took."""

    mutation: Mutation
    caught_by: list[str]
    survived: list[str]
    seconds: float


class BaselineError(Exception):
    """Checks fail on the project as it is, so that they cannot catch anything."""


def mutate(file: str, *caught_by: str) -> Callable[..., Mutation]:
    """Return what makes the mutations of a file: from a name, a change, and further checks."""
    return lambda name, change, *more: Mutation(name, file, change, (*caught_by, *more))


def stale(mutations: Iterable[Mutation], project: Path) -> list[str]:
    """Return of each mutation that does not fit the project any more why it does not."""
    problems = []
    for mutation in mutations:
        try:
            mutation.change(read(project / mutation.file))
            for check in mutation.caught_by:
                cut_out(check, project) if ":" in check else find_test(check, project)
        except (StaleError, LookupError, AttributeError, ValueError) as problem:
            problems.append(f"{mutation.name} ({mutation.file}): {problem}")
    return problems


def run_all(mutations: list[Mutation], project: Path) -> Iterator[Verdict]:
    """Try all mutations, two at a time, each in its own copy; yield a verdict when it is known.

    Raises BaselineError if a check fails without any mutation, RunError if checks cannot run.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "base")
        shutil.copytree(project, base, ignore=LEFT_OUT)
        checks = sorted({check for mutation in mutations for check in mutation.caught_by})
        run, _ = run_checks(checks, base, "-n", str(AT_ONCE), "--dist", "loadfile")
        if run.failed:
            raise BaselineError("\n".join(sorted(run.failed)))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            futures = [
                pool.submit(try_one, mutation, base, Path(folder, str(number)))
                for number, mutation in enumerate(mutations)
            ]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                pool.shutdown(cancel_futures=True)


def try_one(mutation: Mutation, base: Path, copy: Path) -> Verdict:
    """Put a mutation into a new copy and run its checks there."""
    shutil.copytree(base, copy)
    path = copy / mutation.file
    path.write_text(mutation.change(read(path)), encoding="utf-8")
    try:
        run, nodes = run_checks(mutation.caught_by, copy)
    except RunError as error:
        raise RunError(f"{mutation.name}: {error}") from None
    shutil.rmtree(copy)
    caught_by = [check for check in mutation.caught_by if nodes[check] in run.failed]
    survived = [check for check in mutation.caught_by if nodes[check] not in run.failed]
    return Verdict(mutation, caught_by, survived, run.seconds)


def run_checks(checks: Iterable[str], copy: Path, *options: str) -> tuple[Run, dict[str, str]]:
    """Run checks in a copy of the project; returns what came of it, and each check's node id."""
    places = {check: locate(check, copy) for check in checks}
    arguments = [argument for argument, _ in places.values()]
    run = run_pytest(copy, [*options, *arguments], {"COURSE_UTILS_CACHE": str(copy / CACHE)})
    return run, {check: node for check, (_, node) in places.items()}


def locate(check: str, copy: Path) -> tuple[str, str]:
    """Return what pytest is to run for a check, and the node id that must fail.

    For cells of a notebook, the notebook that is cut down to them is written first.
    """
    if ":" not in check:
        test = find_test(check, copy)
        return test, test
    notebook = cut_out(check, copy)
    name = f"cut/{check.replace(':', '-').replace(',', '-')}.ipynb"
    (copy / "cut").mkdir(exist_ok=True)
    nbformat.write(notebook, copy / name)
    return name, f"{name}::Cell {len(notebook.cells) - 1}"


def find_test(name: str, project: Path) -> str:
    """Return the node id of a test. Raises StaleError unless one test has that name."""
    files = sorted(project.glob("tests/**/test_*.py"))
    found = [file for file in files if f"def {name}(" in read(file)]
    if len(found) != 1:
        raise StaleError(f"there are {len(found)} tests {name!r}, not one")
    return f"{found[0].relative_to(project).as_posix()}::{name}"


def cut_out(check: str, project: Path) -> nbformat.NotebookNode:
    """Cut a notebook down to the cells of a check. Raises StaleError if one is not there."""
    number, cell_ids = check.split(":")
    path = next(project.glob(f"notebooks/{number}_*.ipynb"), None)
    if path is None:
        raise StaleError(f"there is no notebook {number}")
    notebook = nbformat.reads(read(path), as_version=4)
    notebook.cells = [find_cell(notebook, cell_id) for cell_id in cell_ids.split(",")]
    return notebook


def read(path: Path) -> str:
    """Read a file of the project. Raises StaleError if it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StaleError(f"there is no {path.name}") from None
