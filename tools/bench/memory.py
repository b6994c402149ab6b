"""What one student needs, memory and processor time of each notebook: tools.bench.memory."""

import asyncio
from pathlib import Path
import resource
import subprocess
import sys
import time

from tools.paths import notebooks
from tools.publish.run import run_notebook

GOAL_MIB = 2048
"""So that a machine with 4 GiB has as much again for its desktop and browser."""


def measure(path: Path) -> bool:
    """Run a notebook, print what its kernel needed, and return whether that is too much memory.

    The kernel must be the first child of this process: the system counts all of them together.
    """
    started = time.monotonic()
    asyncio.run(run_notebook(path, lambda line: None))
    seconds = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) >> 20
    processor = used.ru_utime + used.ru_stime
    print(f"| `{path.stem}` | {peak:,} MiB | {processor:.0f} s | {seconds:.0f} s |", flush=True)
    if peak > GOAL_MIB:
        print(f"{path.stem} needs more than {GOAL_MIB:,} MiB.", file=sys.stderr)
    return peak > GOAL_MIB


def main() -> bool:
    """Measure each notebook in a fresh process; return whether one failed or needs too much."""
    print("| notebook | memory at the peak | processor time | time |")
    print("|---|---|---|---|", flush=True)
    command = [sys.executable, "-m", "tools.bench.memory"]
    codes = [subprocess.call([*command, str(path)]) for path in notebooks()]
    return any(codes)


if __name__ == "__main__":
    sys.exit(measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main())
