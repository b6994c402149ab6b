"""Start, load and pad: what the kit does first, against what Keras offers for it."""

from collections.abc import Iterator
from functools import partial
import os
from pathlib import Path
import subprocess
import sys
import tempfile
import time
from typing import Any
from unittest import mock

from course_utils import load_imdb, pad_reviews
from course_utils.source.rebuild import keras_order
from course_utils.vocabulary import INDEX_FROM
import keras
import numpy as np

from tools.bench.goals import Measure, measured
from tools.bench.harness import compare, timed
from tools.paths import BUILD

_LOAD_COLD = (
    "import resource, time; t = time.perf_counter(); from course_utils import load_imdb; "
    "load_imdb(5000); print(time.perf_counter() - t); "
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)


def start() -> Iterator[Measure]:
    """Measure what `import course_utils` adds to `python -c pass`."""
    added = [_seconds("import course_utils") - _seconds("pass") for _ in range(9)]
    yield measured("import", [1000 * seconds for seconds in added])


def load_cold() -> Iterator[Measure]:
    """Measure text to cache to reviews in a fresh process and an empty cache folder."""
    seconds, mebibytes = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            printed = _python(_LOAD_COLD, COURSE_UTILS_CACHE=folder).split()
        seconds.append(float(printed[0]))
        mebibytes.append(int(printed[1]) * (1 if sys.platform == "darwin" else 1024) / 2**20)
    yield measured("text to cache", seconds)
    yield measured("memory", mebibytes)


def load() -> Iterator[Measure]:
    """Load from the cache, hash compared, against Keras' loader on a file in Keras' own format.

    Keras' own file holds both splits. Its test split is in no package, so the stand-in holds the
    training split twice, and times are per review.
    """
    path = write_keras_file(BUILD / "bench/imdb.npz")

    def keras_load() -> Any:
        with mock.patch("keras.src.datasets.imdb.get_file", return_value=str(path)):
            return keras.datasets.imdb.load_data(num_words=5000)

    ours = partial(timed, partial(load_imdb, 5000), 25_000, review_facts)
    theirs = partial(timed, keras_load, 50_000, lambda splits: review_facts(splits[0]))
    yield compare("load", ours, theirs, repeats=5)


def pad() -> Iterator[Measure]:
    """Pad load_imdb's arrays against Keras' pad_sequences on the lists that Keras' loader gives."""
    reviews, _ = load_imdb(5000)
    lists = [review.tolist() for review in reviews]
    keras_pad = partial(keras.utils.pad_sequences, lists, maxlen=500, padding="post")
    ours, theirs = (
        partial(timed, function, len(reviews), lambda padded: {"padded ids": padded})
        for function in (partial(pad_reviews, reviews), keras_pad)
    )
    yield compare("pad", ours, theirs, repeats=5)


def write_keras_file(path: Path) -> Path:
    """Write an imdb.npz as Keras' server holds it: lists of ranks, unshuffled, no start ids."""
    reviews, labels = load_imdb()
    stored_ranks, stored_labels = np.empty_like(reviews), np.empty_like(labels)
    for position, review, label in zip(keras_order(), reviews, labels, strict=True):
        stored_ranks[position] = (review[1:] - INDEX_FROM).tolist()
        stored_labels[position] = label
    parts = {"x_train": stored_ranks, "y_train": stored_labels}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **parts, x_test=stored_ranks, y_test=stored_labels)
    return path


def review_facts(loaded: tuple[Any, Any]) -> dict[str, Any]:
    """Return all that was loaded, as flat arrays."""
    reviews, labels = loaded
    return {
        "lengths": [len(review) for review in reviews],
        "ids": np.concatenate([np.asarray(review, dtype=np.int32) for review in reviews]),
        "labels": labels,
    }


def _seconds(code: str) -> float:
    started = time.perf_counter()
    _python(code)
    return time.perf_counter() - started


def _python(code: str, **variables: str) -> str:
    environment = {**os.environ, **variables}
    return subprocess.check_output([sys.executable, "-c", code], env=environment, text=True)
