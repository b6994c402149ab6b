"""One Keras side of the training comparison: python -m tools.bench.side_keras TASK padded|batches.

`padded` is plain Keras alone and imports nothing of course_utils. Trains one epoch per input line.
"""

import json
import sys
import time
from typing import Any

import keras
import numpy as np

BATCH_SIZE = 64


def main(path: str, kind: str) -> None:
    """Build the model, then answer each line with the Work of one epoch."""
    task = np.load(path)
    model = build(task)
    data, facts = prepare(kind, reviews_of(task), task["labels"])
    padded = keras.utils.pad_sequences(reviews_of(task)[:BATCH_SIZE], maxlen=500, padding="post")
    facts["parameters"] = model.count_params()
    facts["prediction"] = model.predict(padded, verbose=0)[:, 0].tolist()
    for _ in sys.stdin:
        print(json.dumps(epoch(model, data, facts)), flush=True)


def reviews_of(task: Any) -> np.ndarray:
    """Cut the task's ids into reviews; object array of int32 arrays."""
    reviews = np.empty(len(task["lengths"]), dtype=object)
    for number, review in enumerate(np.split(task["ids"], np.cumsum(task["lengths"])[:-1])):
        reviews[number] = review
    return reviews


def prepare(
    kind: str, reviews: np.ndarray, labels: np.ndarray
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arguments for Keras' fit, and as a fact the number of words in them."""
    if kind == "padded":
        padded = keras.utils.pad_sequences(reviews, maxlen=500, padding="post")
        words = int(np.count_nonzero(padded))
        return {"x": padded, "y": labels, "batch_size": BATCH_SIZE}, {"words": words}
    from course_utils import LengthBatches

    batches = LengthBatches(reviews, labels, BATCH_SIZE)
    words = sum(int(np.count_nonzero(batches[number][0])) for number in range(len(batches)))
    return {"x": batches}, {"words": words}


def build(task: Any) -> keras.Model:
    """Build LSTM(100) with a mask from the task's starting weights, compiled as in the lecture."""
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(5000, 32, mask_zero=True),
            keras.layers.LSTM(100),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.set_weights([task[f"weights_{number}"] for number in range(len(model.weights))])
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


class Clock(keras.callbacks.Callback):
    """Times the steps of an epoch after its first.

    Left out are the start, and the wait for tf.data's tuning thread at the end of Keras' `fit`.
    """

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Forget the epoch before."""
        self.ends: list[float] = []

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Note when a step is done."""
        self.ends.append(time.perf_counter())

    @property
    def seconds(self) -> float:
        """Return the time from the end of the first step to the end of the last."""
        return self.ends[-1] - self.ends[0]


def epoch(model: keras.Model, data: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Train one epoch; returns the fields of a Work."""
    before = int(model.optimizer.iterations)
    clock = Clock()
    model.fit(**data, callbacks=[clock], verbose=0)
    updates = int(model.optimizer.iterations) - before
    return {"seconds": clock.seconds, "units": updates - 1, "facts": {**facts, "updates": updates}}


if __name__ == "__main__":
    if sys.argv[2] == "batches":
        import course_utils  # noqa: F401  (its settings come before TensorFlow's start)
    main(*sys.argv[1:])
