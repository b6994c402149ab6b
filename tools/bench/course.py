"""The whole course, as `make run` took it today, against the lecture's own cells.

The lecture's script is run whole but for most of the SimpleRNN's epochs. An epoch that is left out
counts as much as the median of those that are run, without the first, which builds the graph.
"""

from collections.abc import Iterator
import json
import subprocess
import sys
import time

from tools.bench.data import write_keras_file
from tools.bench.goals import Measure, measured
from tools.bench.harness import plain_environment
from tools.bench.lecture import EPOCHS
from tools.paths import BUILD
from tools.publish.duration import Duration

SAMPLE = 7
"""How many of the SimpleRNN's epochs are run."""


def course(run: Duration) -> Iterator[Measure]:
    """Time the lecture's script in a fresh process, and compare a run of the course with it."""
    path = write_keras_file(BUILD / "bench/imdb.npz")
    command = [sys.executable, "-m", "tools.bench.lecture", str(path), str(SAMPLE)]
    options = {"env": plain_environment(), "stderr": subprocess.DEVNULL, "text": True}
    started = time.perf_counter()
    printed = subprocess.check_output(command, **options)
    seconds = time.perf_counter() - started
    yield compared(run.seconds, seconds, json.loads(printed.splitlines()[-1]))


def compared(course: float, script: float, epochs: list[float]) -> Measure:
    """Add to the script's seconds the epochs it left out: as long as the median of those it ran.

    epochs: seconds of each, the first among them. Lowest and highest are what the ratio would be if
    all epochs that were left out had been as long as the longest, or as short as the shortest.
    """
    left_out = EPOCHS - len(epochs)
    ratio = measured("course", [course / (script + left_out * later) for later in epochs[1:]])
    return ratio._replace(ours=course, theirs=course / ratio.median)
