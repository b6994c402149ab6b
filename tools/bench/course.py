"""The whole course against the lecture's own cells as one plain script: tools.bench.course."""

from collections.abc import Mapping
import os
import subprocess
import sys
import time

from tools.bench.data import write_keras_file
from tools.bench.harness import plain_environment
from tools.paths import BUILD

GOAL = 2.5
"""The course may take so many times as long as the lecture's cells: it does far more."""


def main() -> None:
    """Time the lecture's script and `make run`'s work after setup, each in a fresh process."""
    print("The lecture's cells, then make run: ten minutes or more ...", flush=True)
    path = write_keras_file(BUILD / "bench/imdb.npz")
    lecture = _seconds(["-m", "tools.bench.lecture", str(path)], plain_environment())
    course = _seconds(["-m", "tools.publish.run"], os.environ)
    ratio = course / lecture
    print(f"{course:.0f} s / {lecture:.0f} s = {ratio:.2f} (goal: at most {GOAL})")


def _seconds(arguments: list[str], environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
