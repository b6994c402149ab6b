"""LSTM(100) with a mask, 64 reviews per step: LengthBatches against plain Keras and PyTorch.

Each side is a process of its own (side_keras.py, side_torch.py) that stays
alive and trains one short epoch whenever it is asked to, so that the sides can be timed in turn.
All start from the same weights, and each says what it computed before training.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

from course_utils import LengthBatches, build_lstm, film_split, load_imdb, pad_reviews, set_seed
import numpy as np

from tools.bench.harness import Work, compare, plain_environment
from tools.paths import BUILD

BATCH_SIZE = 64
STEPS = 10
REPEATS = 3
HERE = Path(__file__).parent


def train() -> Iterator[dict[str, Any]]:
    """Compare seconds per step (so, with the same number of updates, per epoch) with each rival."""
    task = str(write_task(BUILD / "bench/training.npz"))
    keras_side = [sys.executable, "-m", "tools.bench.side_keras", task]
    torch_side = [str(install_torch(BUILD / "bench/torch")), str(HERE / "side_torch.py"), task]
    plain = plain_environment()
    rivals = [
        ("plain Keras, padded to 500", [*keras_side, "padded"], plain, 2),
        ("plain Keras, same settings as ours", [*keras_side, "padded"], os.environ, 2),
        ("PyTorch, padded to 500", [*torch_side, "padded"], plain, 1),
        ("PyTorch, same batches, packed", [*torch_side, "packed"], plain, 1),
        ("PyTorch, same batches, trimmed", [*torch_side, "trimmed"], plain, 0),
    ]
    with process([*keras_side, "batches"], os.environ) as ours:
        for name, command, environment, goal in rivals:
            repeats = 1 if "packed" in command else REPEATS  # it takes seconds per step
            with process(command, environment) as theirs:
                yield compare(f"LSTM(100): {name}", "step", ours, theirs, repeats, goal)


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
    """Start a side; yields a function that lets it train one epoch and returns its Work."""
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    streams = {"stdin": pipe, "stdout": pipe, "stderr": quiet}
    with subprocess.Popen(command, env=environment, text=True, **streams) as side:

        def run() -> Work:
            print("epoch", file=side.stdin, flush=True)
            answer = side.stdout.readline()
            if not answer:
                raise RuntimeError(f"{' '.join(command)} stopped: run it alone to see why.")
            return Work(**json.loads(answer))

        yield run


def install_torch(folder: Path) -> Path:
    """Install PyTorch into an environment of its own, if it is not there; returns its Python."""
    print("Looking for PyTorch, or installing it ...", flush=True)
    python = folder / "bin/python"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", HERE / "requirements-torch.txt"], check=True)
    return python
