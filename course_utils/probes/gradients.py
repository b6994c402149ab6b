"""How the words move the loss: the gradient at each time step, its length and its direction."""

from course_utils.given import as_labels
from course_utils.models import checked_ids, find_embedding
from course_utils.probes.answers import probabilities_of
import keras
import numpy as np
import tensorflow as tf

_BATCH = 64


def gradient_per_timestep(
    model: keras.Sequential, ids: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Measure how strongly each time step can move the loss: the mean length of its gradient.

    For each review, the gradient of its own binary cross-entropy with respect to the embedding
    output of each time step; its L2 norm over the embedding's numbers; then the mean over reviews.
    ids: padded reviews, int32 (reviews, time steps); labels: (reviews,), 0 or 1.
    Returns float64 (time steps,), in nats per unit of the embedding; exactly 0 where a mask skips.
    Raises ValueError if ids and labels do not fit together, labels are not 0 or 1, ids do not fit
    the embedding, or the model gives no probability of "positive".
    Introduced in notebook 2, "Vanishing and exploding".
    """
    ids = checked_ids(model, ids, dimensions=2)
    labels = as_labels(labels, len(ids)).astype("float32")
    total = np.zeros(ids.shape[1])
    for start in range(0, len(ids), _BATCH):
        part = slice(start, start + _BATCH)
        gradient = _embedding_gradient(model, ids[part], labels[part, np.newaxis])
        total += np.linalg.norm(gradient.astype("float64"), axis=2).sum(axis=0)
    return total / len(ids)


def direction_per_timestep(model: keras.Sequential, ids: np.ndarray) -> np.ndarray:
    """Compare the direction in which each time step moves the answer with that of the last one.

    For each review, the gradient of the answer's logarithm with respect to the embedding output of
    each time step; its cosine with that of the last time step; then the mean over reviews.
    ids: reviews of one length without padding, int32 (reviews, time steps).
    Returns float64 (time steps,), from -1 to 1; the last one is 1. A gradient of 0 counts as 0.
    Raises ValueError for ids that do not fit the embedding, or a model that gives no probability.
    Introduced in notebook 2, "A second suspicion: a state that turns".
    """
    ids = checked_ids(model, ids, dimensions=2)
    gradient = _embedding_gradient(model, ids, np.ones((len(ids), 1), "float32")).astype("float64")
    lengths = np.linalg.norm(gradient, axis=2, keepdims=True)
    directions = gradient / np.where(lengths > 0, lengths, 1)
    return (directions * directions[:, -1:]).sum(axis=2).mean(axis=0)


def _embedding_gradient(model: keras.Sequential, ids: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return d loss / d embedding output of each review: (reviews, time steps, embedding_dim)."""
    embedding = find_embedding(model)
    output = vectors = embedding(ids)
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        for layer in model.layers[model.layers.index(embedding) + 1 :]:
            output = layer(output)
        probabilities_of(model, output)
        loss = keras.losses.binary_crossentropy(labels, output)
    return tape.gradient(loss, vectors).numpy()
