"""The whole course against the lecture's own cells as one plain script: tools.bench.course."""

import os
from pathlib import Path
import subprocess
import sys
import time
from typing import Any

from tools.bench.data import write_keras_file
from tools.paths import BUILD

GOAL = 2.5
"""The course may take so many times as long as the lecture's cells: it does far more."""


def course(folder: Path) -> dict[str, Any]:
    """Time `make run`'s work after setup, and the lecture's script, once each.

    Both run in fresh processes. Raises CalledProcessError if one fails.
    """
    path = write_keras_file(folder / "imdb.npz")
    plain = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    lecture = _seconds(["-m", "tools.bench.lecture", str(path)], plain)
    kit = _seconds(["-m", "tools.publish.run"], dict(os.environ))
    return {
        "title": "make run against the lecture's cells",
        "lecture_seconds": lecture,
        "course_seconds": kit,
        "ratio": kit / lecture,
        "goal_at_most": GOAL,
    }


def line(record: dict[str, Any]) -> str:
    """Write the result as a line of text."""
    return (
        f"{record['title']}: {record['course_seconds']:.0f} s / {record['lecture_seconds']:.0f} s "
        f"= {record['ratio']:.2f} (goal: at most {record['goal_at_most']})"
    )


def _seconds(arguments: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    print("The lecture's cells, then make run: ten minutes or more ...", flush=True)
    print(line(course(BUILD / "bench")))
