"""LSTM(100) with a mask, 64 reviews per step: LengthBatches against plain Keras and PyTorch.

Each side is a process of its own (side_keras.py, side_torch.py) that stays
alive and trains one short epoch whenever it is asked to, so that the sides can be timed in turn.
All start from the same weights, and each says what it computed before training.
"""

from collections.abc import Iterator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

from course_utils import LengthBatches, build_lstm, film_split, load_imdb, set_seed
import numpy as np

from tools.bench.harness import Side, Work, compare

BATCH_SIZE = 64
STEPS = 10
REPEATS = 3
TORCH = Path(__file__).with_name("requirements-torch.txt")


def train(folder: Path) -> list[dict[str, Any]]:
    """Compare seconds per step (so, with the same number of updates, per epoch) with each rival."""
    task = write_task(folder / "training.npz")
    python, torch_python = sys.executable, torch_environment(folder / "torch")
    settings = ["TF_NUM_INTRAOP_THREADS", "TF_ENABLE_ONEDNN_OPTS"]
    keras_side = [python, "-m", "tools.bench.side_keras"]
    torch_side = [str(torch_python), str(Path(__file__).with_name("side_torch.py"))]
    rivals = [
        ("plain Keras, padded to 500", keras_side, "padded", settings, 2),
        ("plain Keras, same settings as ours", keras_side, "padded", [], 2),
        ("PyTorch, padded to 500", torch_side, "padded", [], 1),
        ("PyTorch, same batches, packed", torch_side, "packed", [], 1),
        ("PyTorch, same batches, trimmed", torch_side, "trimmed", [], None),
    ]
    records = []
    with process([*keras_side, str(task), "batches"], []) as ours:
        for name, side, kind, without, goal in rivals:
            with process([*side, str(task), kind], without) as theirs:
                records.append(
                    compare(
                        f"LSTM(100): {name}",
                        "step",
                        Side("LengthBatches", ours),
                        Side(name, theirs),
                        1 if kind == "packed" else REPEATS,  # it takes seconds per step
                        goal,
                    )
                )
    return records


def write_task(path: Path) -> Path:
    """Write what all sides share: reviews, labels, starting weights, one epoch's batches."""
    reviews, labels = load_imdb(5000)
    (x_train, y_train), _ = film_split(reviews, labels)
    x, y = x_train[: STEPS * BATCH_SIZE], y_train[: STEPS * BATCH_SIZE]
    set_seed(2026)
    weights = build_lstm(mask_padding=True).get_weights()
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        ids=np.concatenate(x),
        lengths=np.array([len(review) for review in x]),
        labels=y,
        deal=np.concatenate(LengthBatches(x, y, BATCH_SIZE).deal),
        **{f"weights_{number}": array for number, array in enumerate(weights)},
    )
    return path


@contextmanager
def process(command: list[str], without: list[str]) -> Iterator[Any]:
    """Start a side; yields a function that lets it train one epoch and returns its Work.

    without: environment variables that the side must not see.
    """
    environment = {name: value for name, value in os.environ.items() if name not in without}
    side = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )

    def run() -> Work:
        side.stdin.write("epoch\n")
        side.stdin.flush()
        answer = side.stdout.readline()
        if not answer:
            raise RuntimeError(f"{' '.join(command)} stopped: run it alone to see why.")
        return Work(**json.loads(answer))

    try:
        yield run
    finally:
        side.stdin.close()
        side.wait()


def torch_environment(folder: Path) -> Path:
    """Make PyTorch's own virtual environment, once; returns its Python."""
    python = folder / "bin" / "python"
    marker = folder / "installed"
    if not marker.exists() or marker.read_text() != TORCH.read_text():
        print("Installing PyTorch into an environment of its own ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", TORCH], check=True)
        marker.write_text(TORCH.read_text())
    return python
