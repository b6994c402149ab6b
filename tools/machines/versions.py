"""Tries the wheel with other versions of its packages: `make test-versions`.

    python -m tools.machines.versions [hosted] [oldest]

Each set of versions gets an environment in build/machines/, into which the wheel is installed. None
of the packages there may be replaced by that. Then the tests of course_utils run in it; with the
hosted set also the notebooks, from the first cell to the last, without the comparison.
"""

import argparse
import os
from pathlib import Path
import re
import subprocess
import sys
import tomllib
from typing import NamedTuple

from course_utils.exercises.notes import VARIABLE as NOTES
import nbformat

from tools.commands import last_line, refuse, stoppable
from tools.machines.kernels import FOLDER, MachineError, uv
from tools.paths import ROOT, notebooks

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TESTS_NEED = ("deno", "hypothesis", "nbval", "packaging", "pillow", "pytest")
AS_HERE = "-o", "addopts=--import-mode=importlib -p no:cacheprovider -p no:nbval"
TESTS = "-m", "not nightly and not ci", "tests/course"


class Versions(NamedTuple):
    """A version of Python, packages with theirs, and whether the notebooks run with them."""

    python: str
    packages: list[str]
    with_notebooks: bool = False


def lower_bounds() -> list[str]:
    """Return what pyproject.toml requires, TensorFlow too, each in the lowest version it allows."""
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["tensorflow"]
    return [line.replace(">=", "==") for line in wanted]


def oldest_python() -> str:
    """Return the lowest version of Python that pyproject.toml allows."""
    return re.match(r">=([\d.]+)", PROJECT["requires-python"])[1]


HOSTED = [
    "tensorflow-cpu==2.19.1",
    "keras==3.10.0",
    "numpy==2.1.3",
    "matplotlib==3.10.0",
    "jupyter",
]
SETS = {
    "hosted": Versions("3.12", HOSTED, with_notebooks=True),
    "oldest": Versions(oldest_python(), lower_bounds()),
}


def install(name: str, versions: Versions) -> Path:
    """Make the environment of a set, with the wheel in it; returns its Python.

    Raises MachineError if something cannot be had, or the wheel replaces a package.
    """
    folder, into = FOLDER / f"versions-{name}", ["pip", "install", "--python"]
    print(f"Installing {', '.join(versions.packages)} into {folder} ...", flush=True)
    uv(f"Python {versions.python}", "venv", "--clear", "--python", versions.python, str(folder))
    uv(f"The set {name!r}", *into, str(folder), *versions.packages, *TESTS_NEED)
    python = folder / "bin/python"
    before = packages(python)
    uv("The wheel", *into, str(folder), str(wheel()))
    if replaced := before - packages(python):
        raise MachineError(
            f"The wheel replaces {', '.join(sorted(replaced))}: lower its bound in pyproject.toml."
        )
    return python


def wheel() -> Path:
    """Build course_utils' wheel; returns its file. Raises MachineError if flit fails."""
    folder = FOLDER / "wheel"
    options = "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder)
    uv("The wheel", "build", "--wheel", "--clear", *options, str(ROOT))
    (file,) = folder.glob("*.whl")
    return file


def packages(python: Path) -> set[str]:
    """Return what is installed beside a Python, each with its version."""
    command = [sys.executable, "-m", "uv", "--quiet", "pip", "freeze", "--python", str(python)]
    return set(subprocess.check_output(command, text=True).splitlines())


def run_tests(python: Path) -> bool:
    """Run the tests of course_utils with another Python; returns whether all pass.

    They read the package in this folder, which the wheel holds file by file.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [str(python), "-m", "pytest", "-q", *AS_HERE, *TESTS]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode == 0


def failing_cells(python: Path, path: Path) -> list[str]:
    """Run a notebook with another Python and the wheel beside it, and name the cells that fail.

    Raises MachineError if Jupyter does not get to the end.
    """
    folder = FOLDER / "versions-notebooks"
    environment = os.environ | {"PYTHONPATH": "", NOTES: ""}
    options = "--execute", "--allow-errors", "--to", "notebook", "--output-dir", str(folder)
    command = [str(python), "-m", "jupyter", "nbconvert", *options, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise MachineError(f"{path.name} was not run to its end: {last_line(done.stderr)}")
    cells = nbformat.read(folder / path.name, as_version=4).cells
    return [
        f"{cell.id}: {output.ename}: {output.evalue}"
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]


def tried(name: str) -> bool:
    """Try one set and print what came of it; returns whether all is well.

    Raises MachineError if the set cannot be tried.
    """
    python = install(name, SETS[name])
    well = run_tests(python)
    for path in notebooks() if SETS[name].with_notebooks else []:
        failing = failing_cells(python, path)
        print("\n".join([f"{path.name}: {len(failing)} cells fail.", *failing]), flush=True)
        well = well and not failing
    return well


def main(arguments: list[str]) -> int:
    """Try the chosen sets; returns 1 if a test or a cell failed, 2 if a set could not be tried."""
    parser = argparse.ArgumentParser(prog="python -m tools.machines.versions", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"{', '.join(SETS)}; else both")
    chosen = parser.parse_args(arguments).sets or [*SETS]
    if unknown := {*chosen} - {*SETS}:
        return refuse(f"There is no set {min(unknown)!r}: give any of {', '.join(SETS)}.")
    try:
        return int(not all([tried(name) for name in chosen]))
    except MachineError as error:
        return refuse(error)


if __name__ == "__main__":
    with stoppable():
        sys.exit(main(sys.argv[1:]))
