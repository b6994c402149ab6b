"""Runs the notebooks under many settings and Pythons, and counts what is the same: `make score`.

    python -m tools.machines.score [--notebooks NUMBER ...] [--pythons VERSION ...] [--settings ...]

A run is one notebook, from the first cell to the last, under one setting. What was run, of the
notebook and course_utils as they are now, is not run again, unless a cell failed.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
import sys

from tools.commands import refuse, stoppable
from tools.machines.kernels import MachineError, kind_of, other_python, this_python
from tools.machines.outcomes import REPORTS, kept, run_all
from tools.machines.report import readme_score
from tools.paths import notebooks
from tools.records import RecordError
from tools.verify import tables
from tools.verify.runs import RunError
from tools.verify.settings import ALL_SETTINGS, AT_ONCE

FURTHER = {
    "2 threads": {"TF_NUM_INTRAOP_THREADS": "2"},
    "oneDNN": {"TF_ENABLE_ONEDNN_OPTS": "1"},
    "NumPy as with AVX2": {
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    },
}
"""Settings that were not measured for the tolerances: whether these hold is the question."""
SETTINGS = {**ALL_SETTINGS, **FURTHER}
PYTHONS = ("3.11", "3.12", "3.13")
AS_INSTALLED = "as installed"


def planned(options: argparse.Namespace) -> Iterator[tuple[str, str, Path]]:
    """Yield what to run: version of Python, setting, notebook; the shortest notebooks first.

    All settings with this Python, and the others as installed.
    """
    shortest_first = sorted(notebooks(), key=lambda path: "3124".index(path.stem[1]))
    for path in shortest_first:
        for version in options.pythons:
            here = version == this_python()
            for setting in options.settings or SETTINGS if here else [AS_INSTALLED]:
                if path.stem[:2] in options.notebooks:
                    yield version, setting, path


def main(arguments: list[str]) -> int:
    """Run what is missing; returns 1 if a cell failed, 2 if something could not be run."""
    options = parse(arguments)
    try:
        tables.read_records()
        machines = {version: other_python(version) for version in options.pythons}
        kinds = {version: kind_of(machine) for version, machine in machines.items()}
        jobs = [
            (path, machines[version], kinds[version], setting, SETTINGS[setting], "all")
            for version, setting, path in planned(options)
            if not kept(path, kinds[version], setting, "all")
        ]
        print(f"{len(jobs)} runs, {AT_ONCE} at a time.", flush=True)
        failed = sum(outcome.failed for outcome in run_all(jobs))
        tables.write()
    except (MachineError, RunError, RecordError) as error:
        return refuse(error)
    print(readme_score())
    if failed:
        print(f"What differed is in {REPORTS}.")
    return int(failed > 0)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; leaves with a sentence and exit code 2 if there is no such choice."""
    numbers = [path.stem[:2] for path in notebooks()]
    parser = argparse.ArgumentParser(prog="python -m tools.machines.score", description=__doc__)
    parser.add_argument("--notebooks", nargs="+", choices=numbers, default=numbers)
    parser.add_argument("--pythons", nargs="+", choices=PYTHONS)
    parser.add_argument("--settings", nargs="+", choices=[*SETTINGS])
    options = parser.parse_args(arguments)
    here = [this_python()]
    if options.settings and options.pythons not in (None, here):
        parser.error(f"settings are tried with Python {here[0]}: leave out --settings or --pythons")
    options.pythons = options.pythons or (here if options.settings else PYTHONS)
    return options


if __name__ == "__main__":
    with stoppable("What was run is kept: run it again to go on."):
        sys.exit(main(sys.argv[1:]))
