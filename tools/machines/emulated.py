"""Lets an emulated processor run the cells that train nothing, and a few updates: `make test-arm`.

    python -m tools.machines.emulated [arm | avx2]

Each output is compared as on any machine: data to the letter, trained numbers by their tolerance.
Everything needed is fetched to build/arm/ first. What was run today is not run again, unless a cell
failed, or the notebook or course_utils has changed.
"""

import argparse
from datetime import date
from pathlib import Path
import sys

import nbformat

from tools.commands import refuse, stoppable
from tools.machines.emulation import FOLDER, QEMUS, emulated
from tools.machines.kernels import Kind, MachineError, kind_of
from tools.machines.outcomes import REPORTS, kept, run_all
from tools.machines.selection import chosen_cells
from tools.machines.updates import UPDATES, write_updates
from tools.paths import notebooks
from tools.publish.run import write_notebook
from tools.records import RecordError
from tools.verify import tables
from tools.verify.runs import RunError
from tools.verify.settings import AT_ONCE

SETTING, CELLS = "as installed", "chosen"


def written() -> list[Path]:
    """Write what is run: the updates, which take longest, and the notebooks' chosen cells."""
    folder = FOLDER / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    updates = folder / f"{UPDATES}.ipynb"
    write_updates(updates)
    paths = [updates]
    for path in notebooks():
        paths.append(folder / path.name)
        write_notebook(chosen_cells(nbformat.read(path, 4)), paths[-1])
    return paths


def main(arguments: list[str]) -> int:
    """Run what was not run today; returns 1 if a cell failed, 2 if something could not be run."""
    try:
        tables.read_records()
        machine = emulated(parse(arguments).machine)
        kind = kind_of(machine)
        paths = [path for path in written() if not done_today(path, kind)]
        print(f"{kind.family}, Python {kind.python}: {len(paths)} notebooks, {AT_ONCE} at a time,")
        print("cut down to chosen cells; emulated, each takes many minutes.", flush=True)
        jobs = [(path, machine, kind, SETTING, {}, CELLS) for path in paths]
        failed = sum(outcome.failed for outcome in run_all(jobs))
        tables.write()
    except (MachineError, RunError, RecordError) as error:
        return refuse(error)
    if failed:
        print(f"What differed is in {REPORTS}.")
    return int(failed > 0)


def done_today(path: Path, kind: Kind) -> bool:
    """Return whether a notebook was run today, as it is now."""
    earlier = kept(path, kind, SETTING, CELLS)
    return earlier is not None and earlier.date == date.today().isoformat()


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; leaves with a sentence and exit code 2 if there is no such choice."""
    parser = argparse.ArgumentParser(prog="python -m tools.machines.emulated", description=__doc__)
    parser.add_argument("machine", nargs="?", choices=[*QEMUS], default="arm")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    with stoppable("What was run is kept: run it again to go on."):
        sys.exit(main(sys.argv[1:]))
