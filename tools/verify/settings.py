"""Validates the notebooks under each setting that spread.py measures, and counts failures.

    python -m tools.verify.settings [--only SETTING ...] [--notebooks NUMBER ...]

A failure means that a tolerance is too tight for some machine: the check would be flaky there.
Exits with 1 if a cell fails under any setting.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import sys
import time

from course_utils.live import LiveDisplay
import nbformat

from tools.commands import refuse, stoppable
from tools.paths import ROOT, notebooks
from tools.verify.runs import Run, RunError, run_pytest
from tools.verify.spread import SETTINGS

ALL_SETTINGS = {"as installed": {}, **SETTINGS}
AT_ONCE = 2


def validate(setting: str, path: Path) -> Run:
    """Run the check of a notebook's outputs under a setting."""
    return run_pytest(ROOT, [str(path.relative_to(ROOT))], ALL_SETTINGS[setting])


def row(setting: str, path: Path, run: Run) -> str:
    """Write what came of a notebook under a setting as a line of the table."""
    codes = [cell.id for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    failed = ", ".join(codes[int(node.split("::Cell ")[1])] for node in sorted(run.failed))
    counts = f"{len(codes):4} cells {len(run.failed):3} failed {run.seconds:5.0f} s"
    return f"{setting:26} {path.stem:24} {counts}  {failed}".rstrip()


def main(arguments: list[str]) -> int:
    """Validate the chosen notebooks under the chosen settings; returns the exit code."""
    options = parse(arguments)
    paths = [path for path in notebooks() if path.stem[:2] in options.notebooks]
    pairs = [(setting, path) for setting in options.only for path in reversed(paths)]
    display, started, failed = LiveDisplay(), time.monotonic(), 0
    print(f"{len(paths)} notebooks under {len(options.only)} settings, {AT_ONCE} at a time.")
    display.show("The first notebooks run ...")
    with stoppable(), ThreadPoolExecutor(AT_ONCE) as pool:
        runs = pool.map(lambda pair: validate(*pair), pairs)
        try:
            for done, (pair, run) in enumerate(zip(pairs, runs, strict=True), start=1):
                failed += len(run.failed)
                display.finish(row(*pair, run))
                left = (time.monotonic() - started) / done * (len(pairs) - done)
                display.show(f"{done} of {len(pairs)} runs, about {left / 60:.0f} min left")
        except RunError as error:
            return refuse(f"The notebooks could not be run:\n{error}")
        finally:
            pool.shutdown(cancel_futures=True)
    display.finish(f"{failed} failures in {time.monotonic() - started:.0f} s.")
    return int(failed > 0)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; leaves with a sentence and exit code 2 if there is no such choice."""
    numbers = [path.stem[:2] for path in notebooks()]
    parser = argparse.ArgumentParser(prog="python -m tools.verify.settings", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[*ALL_SETTINGS], default=[*ALL_SETTINGS])
    parser.add_argument("--notebooks", nargs="+", choices=numbers, default=numbers)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1:]))
