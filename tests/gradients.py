"""The gradient at each word, as TensorFlow gives it for any model: what a page must equal."""

import keras
from keras import layers
import numpy as np
import tensorflow as tf


def gradient_lengths(model: keras.Model, ids: np.ndarray, label: int) -> np.ndarray:
    """Return what TensorFlow gives for each place: each gets a row of the embedding of its own."""
    (embedding,) = (one for one in model.layers if isinstance(one, layers.Embedding))
    (table,) = embedding.get_weights()
    places = np.where((ids == 0) & embedding.mask_zero, 0, np.arange(1, len(ids) + 1))
    own = table.copy()
    own[places[places > 0]] = table[ids[places > 0]]
    embedding.set_weights([own])
    with tf.GradientTape() as tape:
        answer = model(places[np.newaxis])
        loss = keras.losses.binary_crossentropy(np.array([[label]], "float32"), answer)
    gradient = tf.convert_to_tensor(tape.gradient(loss, embedding.embeddings.value)).numpy()
    embedding.set_weights([table])
    return np.where(places > 0, np.linalg.norm(gradient[places], axis=1), 0)
