"""What one student needs, memory and processor time of each notebook: tools.bench.memory."""

import asyncio
import json
from pathlib import Path
import resource
import subprocess
import sys
import time
from typing import NamedTuple

from tools.paths import notebooks
from tools.publish.run import run_notebook

GOAL_MIB = 2048
"""So that a machine with 4 GiB has as much again for its desktop and browser."""


class Need(NamedTuple):
    """What the kernel of one notebook needed: at the peak in MiB, and in seconds."""

    notebook: str
    peak_mib: int
    processor_seconds: int
    seconds: int


def measure(path: Path) -> Need:
    """Run a notebook in a fresh process, which has no other child than the notebook's kernel."""
    command = [sys.executable, "-m", "tools.bench.memory", str(path)]
    return Need(*json.loads(subprocess.check_output(command, text=True)))


def measure_here(path: Path) -> Need:
    """Run a notebook and ask the operating system what its kernel needed."""
    started = time.monotonic()
    asyncio.run(run_notebook(path, lambda line: None))
    seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    bytes_per_unit = 1 if sys.platform == "darwin" else 1024
    return Need(
        notebook=path.stem,
        peak_mib=used.ru_maxrss * bytes_per_unit >> 20,
        processor_seconds=round(used.ru_utime + used.ru_stime),
        seconds=round(seconds),
    )


def line(need: Need) -> str:
    """Write a row of the table in docs/instructors.md."""
    return (
        f"| `{need.notebook}` | {need.peak_mib:,} MiB | {need.processor_seconds} s "
        f"| {need.seconds} s |"
    )


def main() -> int:
    """Measure all notebooks, one after the other; returns 1 if one needs more than the goal."""
    print(
        "| notebook | memory at the peak | processor time | time |\n|---|---|---|---|", flush=True
    )
    needs = []
    for path in notebooks():
        needs.append(measure(path))
        print(line(needs[-1]), flush=True)
    too_much = [need.notebook for need in needs if need.peak_mib > GOAL_MIB]
    for name in too_much:
        print(f"{name} needs more than {GOAL_MIB:,} MiB.", file=sys.stderr)
    return int(bool(too_much))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure_here(Path(sys.argv[1]))))
    else:
        sys.exit(main())
