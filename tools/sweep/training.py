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
    from course_utils import models
    from course_utils.seeds import set_seed
    from course_utils.training import keras_batches
    import keras
    import tensorflow as tf

    training, validation, test = _data(recipe)
    keras.backend.clear_session()
    set_seed(seed)
    options = {"mask_padding": True} if recipe.mask else {}
    model = getattr(models, f"build_{recipe.model}")(**options)
    rows = []
    started = 0.0

    def start(epoch: int, logs: dict | None) -> None:
        nonlocal started
        started = time.perf_counter()

    def record(epoch: int, logs: dict[str, float]) -> None:
        seconds = round(time.perf_counter() - started, 2)
        measured = logs["loss"], logs["accuracy"], *evaluate(*validation), *evaluate(*test)
        numbers = (round(number, 6) for number in measured)
        versions = keras.__version__, tf.__version__
        rows.append(Epoch(*recipe[:2], seed, epoch + 1, *numbers, seconds, *versions))

    def evaluate(x: np.ndarray, y: np.ndarray) -> list[float]:
        return model.evaluate(keras_batches(x, y, batch_size=500), verbose=0)

    recorder = keras.callbacks.LambdaCallback(on_epoch_begin=start, on_epoch_end=record)
    batches = keras_batches(*training, batch_size=64, shuffle=True)
    model.fit(batches, epochs=recipe.epochs, shuffle=False, callbacks=[recorder], verbose=0)
    return rows


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


def _data(recipe: Recipe) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the padded training, validation and test reviews of a recipe, each with its labels.

    The lecture's split; reviews beyond its 1,000 are those that stand after the validation reviews.
    """
    from course_utils.imdb import lecture_split, load_imdb
    from course_utils.padding import pad_reviews

    reviews, labels = load_imdb(num_words=5000)
    (x, y), validation, test = lecture_split(reviews, labels)
    more = slice(1500, 500 + recipe.reviews)
    x = np.concatenate([x, reviews[more]])[: recipe.reviews]
    y = np.concatenate([y, labels[more]])[: recipe.reviews]
    return [
        (pad_reviews(ids, recipe.maxlen, recipe.padding), truth)
        for ids, truth in [(x, y), validation, test]
    ]


if __name__ == "__main__":
    serve_one()
