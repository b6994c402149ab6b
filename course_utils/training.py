"""Training that shows how it goes."""

from course_utils.arguments import whole_number
from course_utils.batches import LengthBatches
from course_utils.figures.progress import Progress
from course_utils.given import as_labels
from course_utils.models import checked_ids
import keras
import numpy as np
import tensorflow as tf

Reviews = np.ndarray | tf.SparseTensor
"""Padded ids, or a bag of n-grams for each review."""


def fit(
    model: keras.Model,
    x: Reviews | LengthBatches,
    y: np.ndarray | None = None,
    validation_data: tuple[Reviews, np.ndarray] | LengthBatches | None = None,
    epochs: int = 3,
    batch_size: int = 64,
    patience: int | None = None,
    table: bool = True,
) -> keras.callbacks.History:
    """Train with live progress, and leave a table with a row per epoch (ten rows at most).

    x: padded reviews, int32 (reviews, time steps), or what `bag_of_ngrams` gives, and y: their
    labels (reviews,), 0 or 1; or x alone, as LengthBatches, which brings labels and batch size.
    validation_data: reviews that are measured after each epoch, never trained on: x and y, or
    LengthBatches.
    patience: stop early, after so many epochs in a row without a new lowest validation loss, and
    restore the weights of the epoch that had it; None trains all epochs.
    table: whether the table is left, or one line without numbers, for a training whose digits would
    be those of one processor.
    Returns Keras' History: losses in nats per review, accuracies as fractions, a value per epoch.
    Raises ValueError if x and y do not fit together, or not the model; if labels are not 0 or 1, or
    ids no whole numbers of its embedding; if epochs, batch_size or patience are no positive whole
    numbers, or patience has nothing to look at.
    Introduced in notebook 1, "A baseline".
    """
    epochs = whole_number("epochs", epochs)
    batch_size = whole_number("batch_size", batch_size)
    x, y = _checked("training ", model, x, y)
    given_batches = isinstance(x, LengthBatches)
    x = x if given_batches else keras_batches(x, y, batch_size, shuffle=True)
    if isinstance(validation_data, LengthBatches):
        _checked("validation ", model, validation_data, None)
    elif validation_data is not None:
        aside = _checked("validation ", model, *_pair(validation_data))
        validation_data = keras_batches(*aside, batch_size)
    callbacks = [Progress(epochs, steps=len(x), table=table)]
    if patience is not None:
        if validation_data is None:
            raise ValueError(f"patience is {patience!r}, without validation_data: give both.")
        patience = whole_number("patience", patience)
        callbacks.append(
            keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
        )
    return model.fit(
        x,
        epochs=epochs,
        shuffle=given_batches,  # the others come shuffled
        validation_data=validation_data,
        callbacks=callbacks,
        verbose=0,
    )


def keras_batches(
    x: Reviews, y: np.ndarray, batch_size: int, shuffle: bool = False
) -> tf.data.Dataset:
    """Deal arrays out in the batches of Keras' `fit`, without waiting for tf.data's tuning.

    x, y, batch_size, shuffle: as in `fit`; a seed leads to the same orders as there.
    When an epoch ends, TensorFlow 2.21 waits until the thread that tunes tf.data has slept out its
    10, 20, 40, ... ms, so that an epoch of 6 s takes 10. These batches have nothing to tune.
    """
    sparse = isinstance(x, tf.SparseTensor)
    parts = _entries(x) if sparse else [tf.constant(x)]
    labels = tf.constant(y)

    def order(_: tf.Tensor) -> tf.Tensor:
        rows = tf.range(len(y), dtype="int64")
        return tf.random.shuffle(rows) if shuffle else rows

    def batch(rows: tf.Tensor) -> tuple[Reviews, tf.Tensor]:
        picked = [tf.gather(part, rows) for part in parts]
        return (_bags(*picked, x.shape[1]) if sparse else picked[0]), tf.gather(labels, rows)

    rows = tf.data.Dataset.range(1).map(order).flat_map(tf.data.Dataset.from_tensor_slices)
    known = tf.data.experimental.assert_cardinality(-(-len(y) // batch_size))
    options = tf.data.Options()
    options.autotune.enabled = False
    return rows.batch(batch_size).map(batch).apply(known).with_options(options)


def _entries(bags: tf.SparseTensor) -> list[tf.RaggedTensor]:
    """Return the columns and the values of each row: rows of a ragged tensor can be picked."""
    rows, columns = tf.unstack(bags.indices, axis=1)
    return [
        tf.RaggedTensor.from_value_rowids(part, rows, nrows=bags.shape[0])
        for part in (columns, bags.values)
    ]


def _bags(columns: tf.RaggedTensor, values: tf.RaggedTensor, width: int) -> tf.SparseTensor:
    """Make a sparse matrix of picked rows."""
    places = tf.stack([columns.value_rowids(), columns.values], axis=1)
    return tf.SparseTensor(places, values.values, tf.stack([columns.nrows(), width]))


def _pair(validation_data: tuple[Reviews, np.ndarray]) -> tuple[Reviews, np.ndarray]:
    if not isinstance(validation_data, tuple | list) or len(validation_data) != 2:
        raise ValueError(
            f"validation_data is a {type(validation_data).__name__}: give (x, y), or LengthBatches."
        )
    return validation_data


def _checked(
    of: str, model: keras.Model, x: Reviews | LengthBatches, y: np.ndarray | None
) -> tuple[Reviews | LengthBatches, np.ndarray | None]:
    """Return x and y as `fit` trains on them, if they fit each other and the model."""
    if isinstance(x, LengthBatches):
        if y is not None:
            raise ValueError(f"The {of}batches bring their labels along: leave y out.")
        checked_ids(model, np.concatenate(x.reviews), 1, of)
        _check_evidence(of, model, 0 if x.evidence is None else np.shape(x.evidence[0])[-1])
        return x, None
    if y is None:
        raise ValueError(f"The {of}reviews have no labels: give y, or LengthBatches as x.")
    if isinstance(x, tf.SparseTensor):
        _check_bags(of, model, x)
    else:
        x = checked_ids(model, x, 2, of)
        _check_evidence(of, model, 0)
    return x, as_labels(y, x.shape[0], of)


def _check_bags(of: str, model: keras.Model, bags: tf.SparseTensor) -> None:
    if model.built and model.inputs[0].shape[1:] != tuple(bags.shape[1:]):
        raise ValueError(
            f"The {of}reviews are bags of {bags.shape[1]} n-grams, and {model.name} was built for "
            f"other inputs: give build_bag_of_ngrams({bags.shape[1]})."
        )


def _check_evidence(of: str, model: keras.Model, numbers: int) -> None:
    reads = sum(one.shape[-1] for one in model.inputs[1:]) if model.built else numbers
    if numbers != reads:
        raise ValueError(
            f"The {of}reviews bring {numbers} numbers of evidence for each word, and {model.name} "
            f"reads {reads}: give LengthBatches with the evidence that it was built for."
        )
