"""Fixed seeds, and training that shows how it goes."""

import time

from course_utils.arguments import COURSE_SEED, whole_number
from course_utils.batches import LengthBatches
from course_utils.live import LiveDisplay
import keras
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
import numpy as np
import tensorflow as tf

Reviews = np.ndarray | tf.SparseTensor
"""Padded ids, or a bag of n-grams for each review."""

MAX_ROWS = 10
SECONDS_BETWEEN_UPDATES = 0.2
_COLUMNS = {
    "loss": "loss",
    "accuracy": "accuracy",
    "val_loss": "val. loss",
    "val_accuracy": "val. accuracy",
}


def set_seed(seed: int = COURSE_SEED) -> None:
    """Fix the seeds of Python, NumPy, Keras and TensorFlow, and turn deterministic operations on.

    Call it before a model is built: the initial weights, too, are random numbers. Keras' float type
    and epsilon become its own defaults again: a file ~/.keras/keras.json may have changed them.
    seed: 0 to 2**32 - 1. Raises ValueError for anything else.
    Introduced in notebook 1, "One-hot or embedding".
    """
    keras.utils.set_random_seed(whole_number("seed", seed, least=0, most=2**32 - 1))
    tf.config.experimental.enable_op_determinism()
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)


def fit(
    model: keras.Model,
    x: Reviews | LengthBatches,
    y: np.ndarray | None = None,
    validation_data: tuple[Reviews, np.ndarray] | LengthBatches | None = None,
    epochs: int = 3,
    batch_size: int = 64,
    patience: int | None = None,
) -> keras.callbacks.History:
    """Train with live progress, and leave a table with a row per epoch (ten rows at most).

    x: padded reviews, int32 (reviews, time steps), or what `bag_of_ngrams` gives, and y: their
    labels (reviews,), 0 or 1; or x alone, as LengthBatches, which brings labels and batch size.
    validation_data: reviews that are measured after each epoch, never trained on: x and y, or
    LengthBatches.
    patience: stop early, after so many epochs in a row without a new lowest validation loss, and
    take back the weights of the epoch that had it; None trains all epochs.
    Returns Keras' History: losses in nats per review, accuracies as fractions, a value per epoch.
    Raises ValueError if x and y do not fit together, ids do not fit the model's embedding, epochs,
    batch_size or patience are no positive whole numbers, or patience has nothing to look at.
    Introduced in notebook 1, "A baseline".
    """
    epochs = whole_number("epochs", epochs)
    batch_size = whole_number("batch_size", batch_size)
    _check_data("training", model, x, y)
    if isinstance(validation_data, LengthBatches):
        _check_data("validation", model, validation_data, None)
    elif validation_data is not None:
        _check_data("validation", model, *validation_data)
    callbacks = [_Progress(epochs, _steps(x, batch_size))]
    if patience is not None:
        if validation_data is None:
            raise ValueError(f"patience is {patience!r}, without validation_data: give both.")
        callbacks.append(
            keras.callbacks.EarlyStopping(
                patience=whole_number("patience", patience), restore_best_weights=True
            )
        )
    if not isinstance(x, LengthBatches):
        x = keras_batches(x, y, batch_size, shuffle=True)
    if validation_data is not None and not isinstance(validation_data, LengthBatches):
        validation_data = keras_batches(*validation_data, batch_size)
    return model.fit(
        x,
        epochs=epochs,
        shuffle=isinstance(x, LengthBatches),  # the others come shuffled
        validation_data=validation_data,
        callbacks=callbacks,
        verbose=0,
    )


def keras_batches(
    x: Reviews, y: np.ndarray, batch_size: int, shuffle: bool = False
) -> tf.data.Dataset:
    """Give the batches that Keras makes of arrays, without waiting for tf.data's tuning.

    x, y, batch_size, shuffle: as in Keras' `fit`, which draws a new order for each epoch.
    When an epoch ends, TensorFlow 2.21 waits until the thread that tunes tf.data has slept out its
    10, 20, 40, ... ms, so that an epoch of 6 s takes 10. These batches have nothing to tune.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    adapter = ArrayDataAdapter(x, y, batch_size=batch_size, shuffle=shuffle)
    known = tf.data.experimental.assert_cardinality(adapter.num_batches)
    return adapter.get_tf_dataset().apply(known).with_options(options)


def _rows(history: dict[str, list[float]]) -> list[int]:
    """Choose the epochs that a table shows: all, or the first and every n-th, ten or so.

    Returns positions from 0.
    """
    epochs = len(history["loss"])
    every = -(-epochs // MAX_ROWS)
    return [e for e in range(epochs) if e == 0 or (e + 1) % every == 0 or e == epochs - 1]


def history_text(history: dict[str, list[float]]) -> str:
    """Write a training history as a table of plain text."""
    lines = [" ".join(["epoch", *(f"{title:>13}" for title in _titles(history).values())])]
    for e in _rows(history):
        values = [f"{history[key][e]:13.4f}" for key in _titles(history)]
        lines.append(" ".join([f"{e + 1:5d}", *values]))
    return "\n".join(lines)


def history_html(history: dict[str, list[float]]) -> str:
    """Write a training history as an HTML table."""
    head = "".join(
        f"<th scope='col'>{title}</th>" for title in ["epoch", *_titles(history).values()]
    )
    rows = []
    for e in _rows(history):
        values = "".join(f"<td>{history[key][e]:.4f}</td>" for key in _titles(history))
        rows.append(f"<tr><th scope='row'>{e + 1}</th>{values}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _titles(history: dict[str, list[float]]) -> dict[str, str]:
    return {key: title for key, title in _COLUMNS.items() if key in history}


def _steps(x: Reviews | LengthBatches, batch_size: int) -> int:
    """Count the updates of an epoch."""
    return len(x) if isinstance(x, LengthBatches) else -(-x.shape[0] // batch_size)


def _check_data(
    part: str,
    model: keras.Model,
    x: Reviews | LengthBatches,
    y: np.ndarray | None,
) -> None:
    if isinstance(x, LengthBatches):
        if y is not None:
            raise ValueError(f"The {part} batches bring their labels along: leave y out.")
        x = np.concatenate(x.reviews)
    elif y is None:
        raise ValueError(f"The {part} reviews have no labels: give y, or LengthBatches as x.")
    elif x.shape[0] != len(y):
        raise ValueError(
            f"There are {x.shape[0]} {part} reviews but {len(y)} labels: give one each."
        )
    if x.shape[0] == 0:
        raise ValueError(f"There are no {part} reviews: give at least one.")
    if isinstance(x, tf.SparseTensor):
        return
    num_words = model.get_layer("embedding").input_dim
    if np.min(x) < 0 or np.max(x) >= num_words:
        raise ValueError(
            f"The {part} reviews hold ids from {np.min(x)} to {np.max(x)}, but the model's "
            f"embedding knows 0 to {num_words - 1}: use load_imdb(num_words={num_words})."
        )


class _Progress(keras.callbacks.Callback):
    """Shows each step while a model trains, and leaves a table."""

    def __init__(self, epochs: int, steps: int) -> None:
        super().__init__()
        self.epochs, self.steps, self.epoch = epochs, steps, 0
        self.history: dict[str, list[float]] = {}
        self.display = LiveDisplay()
        self.started = self.shown = time.monotonic()

    def on_train_begin(self, logs: dict | None = None) -> None:
        self.display.show("Preparing the first step ...")

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict) -> None:
        if time.monotonic() - self.shown > SECONDS_BETWEEN_UPDATES:
            self.shown = time.monotonic()
            self.show(batch + 1, logs)

    def on_epoch_end(self, epoch: int, logs: dict) -> None:
        for key, value in logs.items():
            self.history.setdefault(key, []).append(value)

    def on_train_end(self, logs: dict | None = None) -> None:
        self.display.finish(history_text(self.history), history_html(self.history))

    def show(self, step: int, logs: dict[str, float]) -> None:
        done = (self.epoch + step / self.steps) / self.epochs
        left = (time.monotonic() - self.started) * (1 - done) / done
        numbers = ", ".join(f"{key} {value:.4f}" for key, value in logs.items())
        line = (
            f"epoch {self.epoch + 1} of {self.epochs}, step {step} of {self.steps}: {numbers}; "
            f"about {left:.0f} s left"
        )
        table = history_html(self.history) if self.history else ""
        self.display.show(line, f"<p>{line}</p>{table}")
