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
    data, words = prepare(task, kind)
    facts = {
        "parameters": model.count_params(),
        "prediction": model.predict(task["padded"][:BATCH_SIZE], verbose=0)[:, 0].tolist(),
        "words": words,
    }
    for _ in sys.stdin:
        print(json.dumps(epoch(model, data, facts)), flush=True)


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


def prepare(task: Any, kind: str) -> tuple[dict[str, Any], int]:
    """Return the arguments for Keras' fit, and the number of words in them."""
    padded, labels = task["padded"], task["labels"]
    if kind == "padded":
        words = int(np.count_nonzero(padded))
        return {"x": padded, "y": labels, "batch_size": BATCH_SIZE}, words
    from course_utils import LengthBatches

    reviews = np.empty(len(padded), dtype=object)
    reviews[:] = [row[:length] for row, length in zip(padded, task["lengths"], strict=True)]
    batches = LengthBatches(reviews, labels, BATCH_SIZE)
    words = sum(int(np.count_nonzero(batches[number][0])) for number in range(len(batches)))
    return {"x": batches}, words


def epoch(model: keras.Model, data: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Train one epoch; returns the fields of a Work.

    It is timed from the end of the first step to the end of the last: without the start, and
    without the wait for tf.data's tuning thread at the end of Keras' `fit`.
    """
    before = int(model.optimizer.iterations)
    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: ends.append(time.perf_counter())
    )
    model.fit(**data, callbacks=[clock], verbose=0)
    updates = int(model.optimizer.iterations) - before
    facts = {**facts, "updates": updates}
    return {"seconds": ends[-1] - ends[0], "units": updates - 1, "facts": facts}


if __name__ == "__main__":
    if sys.argv[2] == "batches":
        import course_utils  # noqa: F401  (its settings come before TensorFlow's start)
    main(*sys.argv[1:])
