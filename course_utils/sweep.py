"""Trains every model and cure of the course with many seeds, on a Dask cluster.

Each training is a task of its own. As soon as it is done, its rows are added to the CSV, so a sweep
that was stopped goes on where it was. Without --scheduler the workers are the cores of this
machine; a cluster elsewhere needs this project and its locked packages on each worker.
"""

import argparse
from collections import Counter, defaultdict
import csv
import importlib
import json
import os
from pathlib import Path
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from course_utils import cluster
from course_utils.arguments import COURSE_SEED, whole_number
from course_utils.live import LiveDisplay
import numpy as np

if TYPE_CHECKING:
    from course_utils.plots import Picture
    from distributed import Client

SWEEP = Path(__file__).with_name("sweep.csv")
"""The recorded sweep, which the notebooks read."""


MODELS = {
    "simple_rnn": "SimpleRNN",
    "stacked_rnn": "stacked RNN",
    "lstm": "LSTM",
    "deep_lstm": "deep LSTM",
    "gru": "GRU",
    "averaged_embedding": "averaged embedding",
}
"""How a text calls the models: the names of their builders without `build_`, and their titles."""


class Recipe(NamedTuple):
    """One model under one cure; where nothing else is said, as the lecture trains it.

    model: a key of MODELS. reviews: how many it is trained on. maxlen and
    padding: as in `pad_reviews`. mask: whether the model skips the zeros.
    """

    model: str
    cure: str
    reviews: int = 1000
    maxlen: int = 500
    padding: str = "post"
    mask: bool = False
    epochs: int = 10

    @property
    def title(self) -> str:
        """Name model and cure for readers: "LSTM, mask"."""
        return f"{MODELS[self.model]}, {self.cure}"


RECIPES = (
    Recipe("simple_rnn", "as taught"),
    Recipe("simple_rnn", "mask", mask=True),
    Recipe("simple_rnn", "padding in front", padding="pre"),
    Recipe("simple_rnn", "shorter", maxlen=100),
    Recipe("simple_rnn", "mask, more data", mask=True, reviews=5000, epochs=2),
    Recipe("stacked_rnn", "as taught"),
    Recipe("stacked_rnn", "mask", mask=True),
    Recipe("stacked_rnn", "shorter", maxlen=100),
    Recipe("lstm", "as taught"),
    Recipe("lstm", "mask", mask=True),
    Recipe("lstm", "padding in front", padding="pre"),
    Recipe("lstm", "shorter", maxlen=100),
    Recipe("lstm", "mask, more data", mask=True, reviews=5000, epochs=2),
    Recipe("deep_lstm", "as taught"),
    Recipe("deep_lstm", "mask", mask=True),
    Recipe("deep_lstm", "shorter", maxlen=100),
    Recipe("gru", "mask", mask=True),
    Recipe("averaged_embedding", "baseline", epochs=30),
)
"""All epochs are recorded: the lecture's 2 or 3 are the first ones of "as taught".

Two epochs on 5,000 reviews have as many updates as ten on 1,000, within two percent."""

CHANCE_BAND = 3 * np.sqrt(0.25 / 500)
"""Three standard deviations of a coin on the lecture's 500 test reviews, as in notebook 2."""

ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
"""For the same numbers on every worker. TensorFlow reads it when it starts."""

DASKS_OWN = "MALLOC_TRIM_THRESHOLD_"
"""With it Dask has workers give memory back at once, which slows a SimpleRNN down by a fifth."""


class Row(NamedTuple):
    """One epoch of one training: a line of the CSV.

    Losses in nats per review; accuracies as fractions; `val_` and `test_`: on the lecture's
    validation and test reviews, measured after the epoch. seconds: of training in this epoch,
    without the measuring; the first epoch includes the start. keras, tensorflow: their versions.
    """

    model: str
    cure: str
    seed: int
    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    test_loss: float
    test_accuracy: float
    seconds: float
    keras: str
    tensorflow: str


def load_sweep(path: Path = SWEEP) -> list[Row]:
    """Read the finished trainings of a sweep, a row per epoch, sorted as the columns are.

    Left out: trainings of which rows are missing or cut off, or that are not in RECIPES.
    Raises FileNotFoundError if there is no such file, ValueError if it is no sweep.
    """
    if not path.exists():
        raise FileNotFoundError(f"There is no {path}: run python -m course_utils.sweep first.")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines.pop()
    header, *table = csv.reader(lines) if lines else [[*Row._fields]]
    types = Row.__annotations__.values()
    try:
        if tuple(header) != Row._fields:
            raise ValueError(f"its columns are {', '.join(header)}")
        rows = [
            Row(*(kind(cell) for kind, cell in zip(types, cells, strict=True))) for cells in table
        ]
    except ValueError as problem:
        raise ValueError(
            f"{path} is not the CSV of a sweep ({problem}): restore or remove it."
        ) from None
    epochs = {(recipe.model, recipe.cure): recipe.epochs for recipe in RECIPES}
    stored = Counter(row[:3] for row in rows)
    return sorted(row for row in rows if stored[row[:3]] == epochs.get(row[:2]))


def sweep_accuracies(model: str, cure: str, epoch: int | None = None) -> dict[int, float]:
    """Look up the test accuracies of one model and cure in the recorded sweep.

    model, cure: as in RECIPES. epoch: after which to look, from 1; None is the last one.
    Returns a test accuracy, a fraction, for each seed, seeds ascending.
    Raises ValueError, with what there is, if the sweep has no such model, cure or epoch.
    Introduced in notebook 2, "One change at a time".
    """
    rows = _rows_of(model, cure)
    last = rows[-1].epoch
    epoch = last if epoch is None else whole_number("epoch", epoch, most=last)
    return {row.seed: row.test_accuracy for row in rows if row.epoch == epoch}


def sweep_cost(model: str, cure: str) -> tuple[float, float]:
    """Look up what one model and cure cost in the recorded sweep, and what they reached.

    model, cure: as in RECIPES. Returns the time of the fastest epoch, in seconds on one core (other
    work on a machine only makes epochs slower); and the median test accuracy after the last epoch,
    a fraction.
    Raises ValueError, with what there is, if the sweep has no such model and cure.
    Introduced in notebook 4, "The mask, at last".
    """
    fastest = min(row.seconds for row in _rows_of(model, cure))
    return fastest, float(np.median([*sweep_accuracies(model, cure).values()]))


def _rows_of(model: str, cure: str) -> list[Row]:
    sweep = load_sweep()
    rows = [row for row in sweep if (row.model, row.cure) == (model, cure)]
    if not rows:
        there = sorted({f"{row.model}/{row.cure}" for row in sweep})
        raise ValueError(
            f"The sweep has no {model}/{cure}: it has {'; '.join(there) or 'no rows'}."
        )
    return rows


def final_accuracies(rows: list[Row]) -> dict[Recipe, dict[int, float]]:
    """Give the test accuracy after the last epoch, a fraction, for each recipe and seed in rows."""
    accuracies = {}
    for recipe in RECIPES:
        last = [row for row in rows if row[:2] == recipe[:2] and row.epoch == recipe.epochs]
        if last:
            accuracies[recipe] = {row.seed: row.test_accuracy for row in last}
    return accuracies


def summary_text(rows: list[Row]) -> str:
    """Write median and quartiles of the test accuracy after the last epoch, per model and cure."""
    lines = [f"{'model':19}{'cure':18}{'epochs':>6}{'seeds':>7}{'25 %':>9}{'median':>9}{'75 %':>9}"]
    for recipe, by_seed in final_accuracies(rows).items():
        quartiles = np.quantile(list(by_seed.values()), [0.25, 0.5, 0.75])
        numbers = "".join(f"{quartile:9.4f}" for quartile in quartiles)
        lines.append(f"{recipe.model:19}{recipe.cure:18}{recipe.epochs:6}{len(by_seed):7}{numbers}")
    return "\n".join(lines)


def picture(rows: list[Row]) -> "Picture":
    """Draw the test accuracies after the last epoch: a row for a recipe, a point for each seed."""
    from course_utils.plots import plot_seeds

    accuracies = final_accuracies(rows)
    return plot_seeds({recipe.title: accuracies[recipe] for recipe in accuracies}, CHANCE_BAND)


def seeds(count: int) -> list[int]:
    """List the course's seed 2026 and then 1, 2, 3, ...: `count` seeds in all."""
    return [COURSE_SEED, *range(1, count)]


def train(recipe: Recipe, seed: int) -> list[Row]:
    """Train one model once: a task. The result depends on the recipe and the seed alone."""
    os.environ.update(ONE_THREAD)
    from course_utils import models
    from course_utils.training import keras_batches, set_seed
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
        rows.append(Row(*recipe[:2], seed, epoch + 1, *numbers, seconds, *versions))

    def evaluate(x: np.ndarray, y: np.ndarray) -> list[float]:
        return model.evaluate(keras_batches(x, y, batch_size=500), verbose=0)

    recorder = keras.callbacks.LambdaCallback(on_epoch_begin=start, on_epoch_end=record)
    batches = keras_batches(*training, batch_size=64, shuffle=True)
    model.fit(batches, epochs=recipe.epochs, shuffle=False, callbacks=[recorder], verbose=0)
    return rows


def train_apart(recipe: Recipe, seed: int) -> list[Row]:
    """Run `train` in a new process, for Dask's threads, too, draw from Python's random numbers.

    It ends with the process that started it. Raises RuntimeError with its last line if it fails,
    and with the signal if it is killed.
    """
    serve = "from course_utils import sweep; sweep.serve_one()"
    command = [sys.executable, "-c", serve, json.dumps([recipe, seed])]
    environment = {name: value for name, value in os.environ.items() if name != DASKS_OWN}
    pipe = subprocess.PIPE
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=errors, text=True
        ) as process:
            printed = process.stdout.read()
        errors.seek(0)
        cluster.check_ended("process", process.returncode, errors.read())
    return [Row(*row) for row in json.loads(printed)]


def serve_one() -> None:
    """Train the recipe and seed of the command line and print the rows, both as JSON.

    It ends when its stdin does: the process that started it has ended.
    """
    recipe, seed = json.loads(sys.argv[1])
    threading.Thread(target=lambda: sys.stdin.read() or os._exit(1), daemon=True).start()
    print(json.dumps(train(Recipe(*recipe), seed)), flush=True)
    os._exit(0)


def _data(recipe: Recipe) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give the padded training, validation and test reviews of a recipe, each with its labels.

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


def write(path: Path, rows: list[Row]) -> None:
    """Put a whole CSV in place in one step."""
    part = path.with_name(path.name + ".part")
    with open(part, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([Row._fields, *rows])
    part.replace(path)


def append(path: Path, rows: list[Row]) -> None:
    """Add a training to the CSV; it is on the disk when this returns."""
    with open(path, "a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
        file.flush()
        os.fsync(file.fileno())


def run(
    client: "Client", tasks: list[tuple[Recipe, int]], path: Path, rows: list[Row]
) -> list[str]:
    """Train all tasks on the cluster and store each as it is done.

    rows: what is stored already; from it the time left is estimated. Returns what failed.
    """
    display, started, failed = LiveDisplay(log=True), time.monotonic(), []
    display.show(f"0 of {len(tasks)} trainings on {len(client.nthreads())} workers")
    seconds = defaultdict(list)
    for row in rows:
        seconds[row[:2]].append(row.seconds)
    waiting, done = Counter(recipe for recipe, _ in tasks), Counter()
    futures = {client.submit(train_apart, *task): task for task in tasks}
    for (recipe, seed), future in cluster.as_finished(futures):
        try:
            trained = future.result()
        except Exception as error:
            failed.append(f"{recipe.model}/{recipe.cure}, seed {seed}: {error!r}")
        else:
            append(path, trained)
            seconds[recipe[:2]] += [row.seconds for row in trained]
        waiting[recipe] -= 1
        done[recipe] += 1
        left = _work(waiting, seconds) * (time.monotonic() - started) / _work(done, seconds)
        display.show(
            f"{done.total()} of {len(tasks)} trainings, the last one {recipe.model}/{recipe.cure}; "
            f"about {left / 60:.0f} min left"
        )
    display.finish()
    return failed


def _work(trainings: Counter[Recipe], seconds: dict[tuple[str, str], list[float]]) -> float:
    """Add up how long trainings take on one worker, in seconds, by the epochs known so far.

    A recipe of which no epoch is known counts like the mean of the others.
    """
    means = {key: np.mean(epochs) for key, epochs in seconds.items()}
    others = np.mean(list(means.values())) if means else 1.0
    return sum(
        count * recipe.epochs * means.get(recipe[:2], others) for recipe, count in trainings.items()
    )


def _chosen(names: list[str] | None) -> list[Recipe]:
    """Find the recipes that --only names. Raises ValueError for a name that is in none."""
    for name in names or []:
        if not any(name in (recipe.model, f"{recipe.model}/{recipe.cure}") for recipe in RECIPES):
            known = "; ".join(f"{recipe.model}/{recipe.cure}" for recipe in RECIPES)
            raise ValueError(f"There is no {name!r}: give a model, or one of {known}.")
    return [
        recipe
        for recipe in RECIPES
        if not names or {recipe.model, f"{recipe.model}/{recipe.cure}"} & set(names)
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run the sweep. Returns 0, 1 if a training failed, 2 for bad arguments, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.sweep", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many: 2026, 1, 2, ...")
    parser.add_argument("--only", nargs="+", metavar="MODEL[/CURE]", help="not the whole table")
    parser.add_argument("--out", type=Path, default=SWEEP, help="the CSV (default: %(default)s)")
    cluster.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        count = whole_number("--seeds", options.seeds, most=COURSE_SEED)
        cluster.check_options(options)
        wanted = [(recipe, seed) for seed in seeds(count) for recipe in _chosen(options.only)]
        rows = load_sweep(options.out) if options.out.exists() else []
        write(options.out, rows)
    except (ValueError, OSError) as error:
        return _refuse(error)
    stored = {row[:3] for row in rows}
    tasks = [(recipe, seed) for recipe, seed in wanted if (*recipe[:2], seed) not in stored]
    print(f"{len(wanted)} trainings, {len(wanted) - len(tasks)} of them in {options.out} already.")
    sys.stdout.flush()
    failed = []
    if tasks:
        try:
            client = cluster.connect(options)
        except ConnectionError as error:
            return _refuse(error)
        try:
            with client:
                failed = run(client, tasks, options.out, rows)
        except KeyboardInterrupt:
            print("\nStopped. What was finished is kept: run it again to go on.", file=sys.stderr)
            return 130
    rows = load_sweep(options.out)
    write(options.out, rows)
    print(summary_text(rows))
    figure = options.out.with_suffix(".png")
    figure.write_bytes(picture(rows).png())
    print(f"The seeds are drawn in {figure}.")
    for failure in failed:
        print(failure, file=sys.stderr)
    return int(bool(failed))


def _refuse(problem: object) -> int:
    print(problem, file=sys.stderr)
    return 2


if __name__ == "__main__":
    # Under its own name, so that the workers find its functions by import.
    sys.exit(importlib.import_module("course_utils.sweep").main())
