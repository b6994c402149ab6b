"""One training of the sweep: on this machine, or in a process of its own on a worker."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from course_utils.recorded import Epoch
import numpy as np

from tools.processes import check_ended, with_project
from tools.sweep.recipes import Recipe

ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
"""For the same numbers on every worker. TensorFlow reads it when it starts."""

DASKS_OWN = "MALLOC_TRIM_THRESHOLD_"
"""With it Dask has workers give memory back at once, which slows a SimpleRNN down by a fifth."""


def train(recipe: Recipe, seed: int) -> list[Epoch]:
    """Train one model once: a task. The result depends on the recipe and the seed alone."""
    os.environ.update(ONE_THREAD)
    if recipe.model == "together":
        return [_train_together(recipe, seed)]
    import keras

    from tools.sweep.experiments import prepare

    rows, started = [], 0.0

    def start(epoch: int, logs: dict | None) -> None:
        nonlocal started
        started = time.perf_counter()

    def record(epoch: int, logs: dict[str, float]) -> None:
        seconds = time.perf_counter() - started
        measured = [model.evaluate(part, verbose=0) for part in others]
        parts = [(logs["loss"], logs["accuracy"]), *measured]
        rows.append(_epoch(recipe, seed, epoch + 1, parts, seconds))

    model, training, *others = prepare(recipe, seed)
    recorder = keras.callbacks.LambdaCallback(on_epoch_begin=start, on_epoch_end=record)
    deals = isinstance(training, keras.utils.PyDataset)
    model.fit(training, epochs=recipe.epochs, shuffle=deals, callbacks=[recorder], verbose=0)
    return rows


def _train_together(recipe: Recipe, seed: int) -> Epoch:
    """Train both models of the contest, and let them judge together: a single row."""
    from tools.sweep.contest import judged_together

    started = time.perf_counter()
    results = judged_together(seed)
    return _epoch(recipe, seed, 1, results, time.perf_counter() - started)


def _epoch(
    recipe: Recipe, seed: int, epoch: int, parts: list[tuple[float, float]], seconds: float
) -> Epoch:
    """Make a row of the loss and accuracy of the training, validation and test part."""
    import keras
    import tensorflow as tf

    numbers = np.round(np.ravel(parts), 6).tolist()
    versions = keras.__version__, tf.__version__
    return Epoch(*recipe[:2], seed, epoch, *numbers, round(seconds, 2), *versions)


def train_apart(recipe: Recipe, seed: int) -> list[Epoch]:
    """Run `train` in a process of its own: Dask's threads, too, draw from Python's random numbers.

    It ends with the process that started it. Raises RuntimeError with its last line if it fails,
    and with the signal if it is killed.
    """
    command = [sys.executable, "-m", "tools.sweep.training", json.dumps([recipe, seed])]
    environment = with_project(os.environ)
    environment.pop(DASKS_OWN, None)
    pipe = subprocess.PIPE
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=errors, text=True
        ) as process:
            printed = process.stdout.read()
        errors.seek(0)
        check_ended("process", process.returncode, errors.read())
    return [Epoch(*row) for row in json.loads(printed)]


def serve_one() -> None:
    """Train the recipe and seed of the command line and print the rows, both as JSON.

    It ends when its stdin does: the process that started it has ended.
    """
    recipe, seed = json.loads(sys.argv[1])
    threading.Thread(target=lambda: sys.stdin.read() or os._exit(1), daemon=True).start()
    print(json.dumps(train(Recipe(*recipe), seed)), flush=True)
    os._exit(0)


if __name__ == "__main__":
    serve_one()
