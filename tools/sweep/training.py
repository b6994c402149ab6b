"""One training of the sweep: on this machine, or in a process of its own on a worker."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING

from course_utils.recorded import Epoch
import numpy as np

from tools.processes import check_ended, with_project
from tools.sweep.recipes import Recipe

if TYPE_CHECKING:
    import keras

ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
"""For the same numbers on every worker. TensorFlow reads it when it starts."""

DASKS_OWN = "MALLOC_TRIM_THRESHOLD_"
"""With it Dask has workers give memory back at once, which slows a SimpleRNN down by a fifth."""

TASKS = ("flag", "first token")
OF_A_TASK = {"num_words": 20, "embedding_dim": 16, "units": 32}
TASK_LEARNING_RATE = 0.003


def train(recipe: Recipe, seed: int) -> list[Epoch]:
    """Train one model once: a task. The result depends on the recipe and the seed alone."""
    os.environ.update(ONE_THREAD)
    from course_utils.seeds import set_seed
    from course_utils.training import keras_batches
    import keras
    import tensorflow as tf

    training, validation, test = _data(recipe, seed)
    keras.backend.clear_session()
    set_seed(seed)
    model = _model(recipe)
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


def _model(recipe: Recipe) -> "keras.Model":
    """Build and compile the model of a recipe."""
    from course_utils import models
    import keras

    options = dict(OF_A_TASK) if recipe.data in TASKS else {}
    if recipe.mask:
        options["mask_padding"] = True
    if recipe.start != "orthogonal":
        options["recurrent_initializer"] = recipe.start
    model = getattr(models, f"build_{recipe.model}")(**options)
    if recipe.forget_bias != 1:
        models.open_forget_gate(model, recipe.forget_bias)
    if recipe.kept:
        model.get_layer(recipe.kept).cell.recurrent_kernel.trainable = False
    model.optimizer.learning_rate = recipe.learning_rate
    if recipe.data in TASKS:
        adam = keras.optimizers.Adam(TASK_LEARNING_RATE, global_clipnorm=1.0)
        model.compile(optimizer=adam, loss="binary_crossentropy", metrics=["accuracy"])
    return model


def _data(recipe: Recipe, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the training, validation and test part of a recipe, each with its labels."""
    if recipe.data in TASKS:
        return _sequences(recipe, seed)
    from course_utils.padding import pad_reviews

    parts = _lecture_parts if recipe.data == "lecture" else _halves
    return [
        (pad_reviews(ids, recipe.maxlen, recipe.padding), truth)
        for ids, truth in parts(recipe, seed)
    ]


def _lecture_parts(recipe: Recipe, _: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut out the lecture's split; more reviews than its 1,000 stand after those to validate."""
    from course_utils.imdb import lecture_split, load_imdb

    reviews, labels = load_imdb(num_words=5000)
    (x, y), validation, test = lecture_split(reviews, labels)
    more = slice(1500, 500 + recipe.reviews)
    x = np.concatenate([x, reviews[more]])[: recipe.reviews]
    y = np.concatenate([y, labels[more]])[: recipe.reviews]
    return [(x, y), validation, test]


def _halves(recipe: Recipe, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut all reviews as `film_split` does, or in parts of the same sizes at random."""
    from course_utils.films import film_split
    from course_utils.imdb import load_imdb

    reviews, labels = load_imdb(num_words=5000)
    parts = film_split(reviews, labels, seed)
    if recipe.data == "by film":
        return [*parts]
    shuffled = np.random.default_rng(seed).permutation(len(reviews))
    places = np.split(shuffled, np.cumsum([len(y) for _, y in parts])[:-1])
    return [(reviews[part], labels[part]) for part in places]


def _sequences(recipe: Recipe, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Make the sequences of a task: to train, 500 to validate, 1,000 to test."""
    from course_utils import tasks

    make = {"flag": tasks.flag_task, "first token": tasks.first_token_task}[recipe.data]
    x, y = make(recipe.reviews + 1500, recipe.maxlen, seed)
    cuts = [recipe.reviews, recipe.reviews + 500]
    return list(zip(np.split(x, cuts), np.split(y, cuts), strict=True))


if __name__ == "__main__":
    serve_one()
