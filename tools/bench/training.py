"""LSTM(100) with a mask, 64 reviews per step: LengthBatches against plain Keras and PyTorch.

Each side is a process of its own (side_keras.py, side_torch.py) that stays
alive and trains one short epoch whenever it is asked to, so that the sides can be timed in turn.
All start from the same weights, and each says what it computed before training.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
import json
import os
from pathlib import Path
import subprocess
import sys

from course_utils import LengthBatches, build_lstm, film_split, load_imdb, pad_reviews, set_seed
import numpy as np

from tools.bench.goals import Measure
from tools.bench.harness import Work, compare, plain_environment
from tools.machines.kernels import uv
from tools.paths import BUILD

BATCH_SIZE = 64
STEPS = 10
REPEATS = 5
HERE = Path(__file__).parent


class SideError(Exception):
    """A side of the comparison stopped; says which."""


def train(torch: Path | None) -> Iterator[Measure]:
    """Compare seconds per step (so, with the same number of updates, per epoch) with each rival.

    torch: the Python that has PyTorch, if there is one.
    """
    task = str(write_task(BUILD / "bench/training.npz"))
    keras_side = [sys.executable, "-m", "tools.bench.side_keras", task]
    plain = plain_environment()
    rivals = [
        ("Keras", [*keras_side, "padded"], plain),
        ("Keras, our settings", [*keras_side, "padded"], os.environ),
    ]
    if torch:
        torch_side = [str(torch), str(HERE / "side_torch.py"), task]
        one_thread = {**plain, "OMP_NUM_THREADS": "1"}
        rivals += [
            ("PyTorch", [*torch_side, "padded"], plain),
            ("PyTorch, our batches", [*torch_side, "trimmed"], plain),
            ("PyTorch, our settings", [*torch_side, "trimmed"], one_thread),
        ]
    with process([*keras_side, "batches"], os.environ) as ours:
        for name, command, environment in rivals:
            with process(command, environment) as theirs:
                yield compare(name, ours, theirs, REPEATS)


def write_task(path: Path) -> Path:
    """Write what all sides share: reviews, labels, starting weights, one epoch's batches."""
    (reviews, labels), *_ = film_split(*load_imdb(5000))
    x, y = reviews[: STEPS * BATCH_SIZE], labels[: STEPS * BATCH_SIZE]
    set_seed(2026)
    weights = build_lstm(mask_padding=True).get_weights()
    batches = LengthBatches(x, y, BATCH_SIZE)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        padded=pad_reviews(x),
        lengths=batches.lengths,
        labels=y,
        deal=np.concatenate(batches.deal),
        **{f"weights_{number}": array for number, array in enumerate(weights)},
    )
    return path


@contextmanager
def process(command: list[str], environment: Mapping[str, str]) -> Iterator[Callable[[], Work]]:
    """Start a side; yields a function that lets it train one epoch and returns its Work.

    That function raises SideError if the side has stopped.
    """
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    streams = {"stdin": pipe, "stdout": pipe, "stderr": quiet}
    side = subprocess.Popen(command, env=environment, text=True, **streams)

    def run() -> Work:
        with suppress(BrokenPipeError):
            print("epoch", file=side.stdin, flush=True)
        answer = side.stdout.readline()
        if not answer:
            raise SideError(f"{' '.join(command)} stopped: run it alone to see why.")
        return Work(**json.loads(answer))

    try:
        yield run
    finally:
        with suppress(BrokenPipeError):
            side.stdin.close()
        side.stdout.close()
        side.wait()


def install_torch(folder: Path) -> Path:
    """Install PyTorch into an environment of its own, if it is not there; returns its Python.

    Raises MachineError if it cannot be had.
    """
    print("Looking for PyTorch, or installing it ...", flush=True)
    python = folder / "bin/python"
    uv("PyTorch", "venv", "--allow-existing", "--python", sys.executable, str(folder))
    locked = ("--require-hashes", "-r", str(HERE / "torch.lock"))
    uv("PyTorch", "pip", "install", "--python", str(python), *locked)
    return python


def version_of(torch: Path | None) -> str:
    """Return the version of PyTorch that a Python has; "" without one."""
    if torch is None:
        return ""
    code = "from importlib.metadata import version; print(version('torch'))"
    return subprocess.check_output([torch, "-c", code], text=True).strip()
