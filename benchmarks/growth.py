"""How time and memory grow with the reviews and with maxlen: python -m benchmarks.growth."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
import time
import tracemalloc
from typing import Any

from course_utils import LengthBatches, build_averaged_embedding, build_lstm, load_imdb, pad_reviews
import keras
from matplotlib.figure import Figure
import numpy as np

REVIEWS = (1_000, 5_000, 12_500, 25_000)
MAXLENS = (100, 250, 500, 1000)
LINEAR = 1.25
"""A step is worse than linear where time or memory grows by more than size to this power."""


def growth() -> list[dict[str, Any]]:
    """Measure each step at each size; gives a record for each step."""
    reviews, labels = load_imdb(5000)
    by_reviews = {
        "pad": lambda n: pad_reviews(reviews[:n]),
        "one epoch's batches": lambda n: _all(LengthBatches(reviews[:n], labels[:n])),
        "averaged embedding, an epoch": lambda n: _fit(
            build_averaged_embedding, LengthBatches(reviews[:n], labels[:n])
        ),
    }
    long = np.empty(256, dtype=object)
    long[:] = [np.resize(review, 1000) for review in reviews[:256]]
    by_maxlen = {
        "pad": lambda maxlen: pad_reviews(reviews, maxlen=maxlen),
        "one epoch's batches": lambda maxlen: _all(LengthBatches(reviews, labels, maxlen=maxlen)),
        "LSTM(100), four steps": lambda maxlen: _fit(
            build_lstm, LengthBatches(long, labels[:256], maxlen=maxlen)
        ),
    }
    return [
        *(_row(step, "reviews", REVIEWS, run) for step, run in by_reviews.items()),
        *(_row(step, "maxlen", MAXLENS, run) for step, run in by_maxlen.items()),
    ]


def _row(
    step: str, size: str, sizes: tuple[int, ...], run: Callable[[int], Callable[[], Any] | None]
) -> dict[str, Any]:
    seconds, mebibytes = _measure(run, sizes)
    return {
        "step": step,
        "size": size,
        "sizes": sizes,
        "seconds": seconds,
        "mebibytes": mebibytes,
        "exponent": exponent(sizes, seconds),
        "memory_exponent": exponent(sizes, mebibytes),
    }


def exponent(sizes: tuple[int, ...], values: tuple[float, ...]) -> float:
    """Fit values = c x size^exponent to the upper half of the sizes, where fixed costs are small.

    1 is linear growth; source: the slope of a straight line through both logarithms.
    """
    half = len(sizes) // 2
    return float(np.polyfit(np.log(sizes[half:]), np.log(values[half:]), 1)[0])


def _measure(
    run: Callable[[int], Callable[[], Any] | None], sizes: tuple[int, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Time all sizes in turn, three times, or ten where a round takes under two seconds.

    So a slow moment of the machine meets all sizes, and the best time of each is undisturbed.

    Returns for each size the best time in seconds, and the peak of memory in MiB.
    """
    prepared = [run(size) for size in sizes]
    again = [
        repeat if callable(repeat) else partial(run, size)
        for repeat, size in zip(prepared, sizes, strict=True)
    ]
    rounds = [[_seconds(step) for step in again]]
    while len(rounds) < (3 if sum(rounds[0]) > 2 else 10):
        rounds.append([_seconds(step) for step in again])
    best = tuple(min(times) for times in zip(*rounds, strict=True))
    return best, tuple(_peak_mib(step) for step in again)


def _seconds(step: Callable[[], Any]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _peak_mib(step: Callable[[], Any]) -> float:
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def _all(batches: LengthBatches) -> None:
    for number in range(len(batches)):
        batches[number]


def _fit(build: Callable[..., keras.Model], batches: LengthBatches) -> Callable[[], Any]:
    """Train an epoch, which builds the graph; gives a function that trains another."""
    keras.utils.set_random_seed(2026)
    model = build(mask_padding=True) if build is build_lstm else build()
    model.fit(batches, verbose=0)
    return lambda: model.fit(batches, verbose=0)


def table(rows: list[dict[str, Any]]) -> str:
    """Write the rows as text: seconds, MiB, and the exponents."""
    lines = []
    for row in rows:
        verdict = "linear or better" if linear(row) else "WORSE THAN LINEAR"
        lines.append(
            f"{row['step']:30} {row['size']:8} "
            + "  ".join(
                f"{size:,}: {seconds:.3g} s {memory:.0f} MiB"
                for size, seconds, memory in zip(
                    row["sizes"], row["seconds"], row["mebibytes"], strict=True
                )
            )
            + f"  time ~ size^{row['exponent']:.2f}: {verdict}"
        )
    return "\n".join(lines)


def linear(row: dict[str, Any]) -> bool:
    """Say whether neither time nor memory grows faster than the size."""
    return max(row["exponent"], row["memory_exponent"]) <= LINEAR


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw seconds against size, both logarithmic; a grey line shows linear growth."""
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    for axes, size in zip(figure.subplots(1, 2), ("reviews", "maxlen"), strict=True):
        shown = [row for row in rows if row["size"] == size]
        for row, marker, colour in zip(
            shown, "os^", ("#0072B2", "#D55E00", "#000000"), strict=True
        ):
            axes.loglog(
                row["sizes"], row["seconds"], marker=marker, color=colour, label=row["step"]
            )
        sizes = np.array(shown[0]["sizes"])
        axes.loglog(sizes, shown[0]["seconds"][0] * sizes / sizes[0], "--", color="#767676",
                    label="linear")  # fmt: skip
        axes.set_xlabel(f"{size}" if size == "reviews" else "maxlen (ids per review)")
        axes.set_ylabel("time (s)")
        axes.legend()
    figure.savefig(path, dpi=100)


if __name__ == "__main__":
    result = growth()
    print(table(result))
    plot(result, Path("build/bench-growth.png"))
