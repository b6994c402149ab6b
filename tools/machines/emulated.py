"""Lets an emulated processor run the cells that train nothing, and a few updates: `make test-arm`.

    python -m tools.machines.emulated [arm | avx2]

Each output is compared as on any machine: data to the letter, trained numbers by their tolerance.
Everything needed is fetched to build/arm/ first. What was run of a notebook as it is now is not run
again, but for `--again`.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import sys
import time

import nbformat

from tools.commands import refuse, stoppable
from tools.machines.emulation import FOLDER, QEMUS, emulated
from tools.machines.kernels import MachineError, kind_of
from tools.machines.outcomes import Outcome, is_done, keep, run
from tools.machines.selection import chosen_cells
from tools.machines.updates import write_updates
from tools.paths import notebooks
from tools.publish.run import write_notebook
from tools.verify.runs import RunError
from tools.verify.settings import AT_ONCE

SETTING, CELLS = "as installed", "chosen"


def written() -> list[Path]:
    """Write the notebooks to run, cut down to the chosen cells: the longest first."""
    folder = FOLDER / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    updates = folder / "updates.ipynb"
    write_updates(updates)
    paths = [updates]
    for path in reversed(notebooks()):
        paths.append(folder / path.name)
        write_notebook(chosen_cells(nbformat.read(path, 4)), paths[-1])
    return paths


def main(arguments: list[str]) -> int:
    """Run what is missing; returns 1 if a cell failed, 2 if something could not be run."""
    options = parse(arguments)
    started, failed = time.monotonic(), 0
    try:
        machine = emulated(options.machine)
        kind = kind_of(machine)
        paths = [
            path for path in written() if options.again or not is_done(path, kind, SETTING, CELLS)
        ]
        print(f"{kind.family}, Python {kind.python}: {len(paths)} notebooks, {AT_ONCE} at a time.")

        def run_one(path: Path) -> Outcome:
            return run(path, machine, kind, SETTING, {}, CELLS)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                for outcome in pool.map(run_one, paths):
                    keep(outcome)
                    failed += outcome.failed
                    print(f"[{time.monotonic() - started:5.0f} s] {outcome.line()}", flush=True)
            finally:
                pool.shutdown(cancel_futures=True)
    except (MachineError, RunError) as error:
        return refuse(error)
    return int(failed > 0)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; leaves with a sentence and exit code 2 if there is no such choice."""
    parser = argparse.ArgumentParser(prog="python -m tools.machines.emulated", description=__doc__)
    parser.add_argument("machine", nargs="?", choices=[*QEMUS], default="arm")
    parser.add_argument("--again", action="store_true", help="run all, also what is done")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    with stoppable("What was run is kept: run it again to go on."):
        sys.exit(main(sys.argv[1:]))
