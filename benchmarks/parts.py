"""Where a training step's time goes, and what this machine allows: python -m benchmarks.parts.

One process, the course's settings, LSTM(100) with a mask, 64 reviews of 250 words per step. Each
row changes one thing. The peaks are those of a large matrix product, measured in the same run: in
TensorFlow and one thread, as each operation has here, and in NumPy with all cores.
"""

from collections.abc import Callable
import statistics
import time
from typing import Any

from course_utils import LengthBatches, build_lstm, film_split, load_imdb, set_seed
import keras
import numpy as np
import tensorflow as tf

BATCH_SIZE, STEPS_OF_TIME, UNITS, EMBEDDING_DIM = 64, 250, 100, 32
UPDATES = 4
REPEATS = 3


def flop_per_step() -> int:
    """Count the floating-point operations of one training step.

    Two per multiplication and addition, four gates, and twice the forward work to go back:
    3 x 2 x reviews x time steps x (inputs + units) x 4 units.
    """
    return 3 * 2 * BATCH_SIZE * STEPS_OF_TIME * (EMBEDDING_DIM + UNITS) * 4 * UNITS


def parts() -> dict[str, Any]:
    """Measure all rows: seconds per training step, and rates in FLOP per second."""
    reviews = _equal_reviews()
    steps = {name: _seconds_per_step(reviews, **change) for name, change in _changes().items()}
    peak = max(_matmul_rate(1024, 1024, 1024) for _ in range(3))
    small = max(_matmul_rate(BATCH_SIZE, UNITS, 4 * UNITS) for _ in range(3))
    rate = flop_per_step() / steps["as it is"]
    return {
        "title": "LSTM(100), 64 x 250",
        "seconds_per_step": {"batches alone": _seconds_per_batch(), **steps},
        "flop_per_step": flop_per_step(),
        "flop_per_second": {
            "this step": rate,
            "one time step's product": small,
            "large product, one thread": peak,
            "NumPy, all cores": _numpy_rate(1024),
        },
        "share_of_peak": rate / peak,
    }


def _changes() -> dict[str, dict[str, Any]]:
    return {
        "as it is": {},
        "forward only": {"train": False},
        "no mask": {"mask": False},
        "batch of 128": {"batch_size": 128},
        "steps_per_execution=4": {"compile": {"steps_per_execution": 4}},
    }


def _seconds_per_step(
    reviews: np.ndarray,
    train: bool = True,
    mask: bool = True,
    batch_size: int = BATCH_SIZE,
    compile: dict[str, Any] | None = None,
) -> float:
    """Time 4 steps several times, the first (which builds the graph) not counted; median."""
    set_seed(2026)
    model = build_lstm(mask_padding=mask)
    if compile:
        model.compile("adam", "binary_crossentropy", metrics=["accuracy"], **compile)
    x = np.resize(reviews, (UPDATES * batch_size, STEPS_OF_TIME))
    y = np.arange(len(x)) % 2

    def run() -> None:
        if train:
            model.fit(x, y, batch_size=batch_size, verbose=0)
        else:
            model.evaluate(x, y, batch_size=batch_size, verbose=0)

    return _median_seconds(run) / UPDATES


def _seconds_per_batch() -> float:
    """Time what LengthBatches does: one whole deal of the film split's training half."""
    (x_train, y_train), _ = film_split(*load_imdb(5000))
    batches = LengthBatches(x_train, y_train)

    def run() -> None:
        for number in range(len(batches)):
            batches[number]
        batches.on_epoch_end()

    return _median_seconds(run) / len(batches)


def _matmul_rate(m: int, k: int, n: int) -> float:
    """Give the FLOP per second of one matrix product (m, k) x (k, n), many times in one graph."""
    left, right = tf.random.normal((m, k)), tf.random.normal((k, n))
    times = max(1, 2**31 // (2 * m * k * n))

    @tf.function
    def products() -> tf.Tensor:
        total = tf.zeros((m, n))
        for _ in tf.range(times):
            total += tf.matmul(left + total[0, 0], right)
        return total

    return 2 * m * k * n * times / _median_seconds(lambda: products().numpy())


def _numpy_rate(size: int) -> float:
    """Give the FLOP per second of a square matrix product in NumPy's BLAS, on all cores."""
    left, right = np.random.default_rng(2026).random((2, size, size), dtype=np.float32)
    return 2 * size**3 / _median_seconds(lambda: left @ right)


def _equal_reviews() -> np.ndarray:
    reviews, _ = load_imdb(5000)
    long = [review[:STEPS_OF_TIME] for review in reviews[:2000] if len(review) >= STEPS_OF_TIME]
    return np.array(long[: UPDATES * BATCH_SIZE], dtype=np.int32)


def _median_seconds(run: Callable[[], Any]) -> float:
    run()
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def table(result: dict[str, Any]) -> str:
    """Write the result as lines of text."""
    rates = result["flop_per_second"]
    lines = [f"{result['title']}: milliseconds per step of 64 reviews"]
    for name, seconds in result["seconds_per_step"].items():
        per_64 = seconds / 2 if name == "batch of 128" else seconds
        lines.append(f"  {name:24} {per_64 * 1000:8.1f}")
    lines += [f"  {name:25}{rate / 1e9:8.1f} GFLOP/s" for name, rate in rates.items()]
    return "\n".join([*lines, f"  share of one thread's    {result['share_of_peak']:8.0%}"])


if __name__ == "__main__":
    keras.utils.disable_interactive_logging()
    print(table(parts()))
