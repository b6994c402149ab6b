"""Looks inside a model: gradients, hidden states, gates, running predictions, learned words.

Everything here is computed from a model that is left as it is. Layers are found by their type.
"""

from typing import NamedTuple

from course_utils.arguments import whole_number
from course_utils.imdb import get_word_index
from course_utils.models import check_ids, find_embedding
from course_utils.vocabulary import INDEX_FROM
import keras
import numpy as np
import tensorflow as tf

_WORD_BY_WORD = (keras.layers.Embedding, keras.layers.RNN, keras.layers.Dropout)
_ON_ONE_STATE = (keras.layers.Dense, keras.layers.Dropout)
_BATCH = 64


class LSTMGates(NamedTuple):
    """What an LSTM does at each time step; each array float32 (time steps, units)."""

    input_gate: np.ndarray
    forget_gate: np.ndarray
    output_gate: np.ndarray
    candidate: np.ndarray
    cell_state: np.ndarray
    hidden_state: np.ndarray


def gradient_per_timestep(
    model: keras.Sequential, ids: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Measure how strongly each time step can move the loss: the mean length of its gradient.

    For each review, the gradient of its own binary cross-entropy with respect to the embedding
    output of each time step; its L2 norm over the embedding's numbers; then the mean over reviews.
    ids: padded reviews, int32 (reviews, time steps); labels: (reviews,), 0 or 1.
    Returns float64 (time steps,), in nats per unit of the embedding; exactly 0 where a mask skips.
    Raises ValueError if ids and labels do not fit together, or ids do not fit the embedding.
    Introduced in notebook 2, "Where the gradient goes".
    """
    ids, labels = _checked_ids(model, ids, dimensions=2), np.asarray(labels, dtype="float32")
    if labels.shape != (len(ids),):
        raise ValueError(f"There are {len(ids)} reviews, and labels of shape {labels.shape}.")
    total = np.zeros(ids.shape[1])
    for start in range(0, len(ids), _BATCH):
        part = slice(start, start + _BATCH)
        gradient = _embedding_gradient(model, ids[part], labels[part, np.newaxis])
        total += np.linalg.norm(gradient.astype("float64"), axis=2).sum(axis=0)
    return total / len(ids)


def hidden_states(model: keras.Sequential, review_ids: np.ndarray, layer: int = -1) -> np.ndarray:
    """Return the hidden state of a recurrent layer after each time step of one review.

    review_ids: int (time steps,), padded or not. layer: which recurrent layer, counted from 0 or,
    as in a list, from -1 backwards.
    Returns float32 (time steps, units); where a mask skips a step, the state before it stays.
    Raises ValueError for ids that do not fit the embedding, or if there is no such layer.
    Introduced in notebook 2, "What the hidden state does".
    """
    recurrent, inputs = _recurrent_layer(model, review_ids, layer)
    every_step = keras.layers.RNN(recurrent.cell, return_sequences=True)
    return np.array(every_step(inputs))[0]


def lstm_gates(model: keras.Sequential, review_ids: np.ndarray, layer: int = -1) -> LSTMGates:
    """Compute gates and states of an LSTM at each time step of one review, from its weights.

    review_ids and layer: as `hidden_states`; the recurrent layer must be an LSTM.
    Returns six float32 arrays (time steps, units). Where a mask skips a step, the states stay, and
    gates and candidate, which are not used there, are NaN.
    Raises ValueError as `hidden_states`.
    Source of the formulas: Hochreiter and Schmidhuber 1997, with the forget gate of Gers and others
    2000; Keras keeps the matrices in the order input, forget, candidate, output.
    Introduced in notebook 4, "How far back does it remember?".
    """
    lstm, inputs = _recurrent_layer(model, review_ids, layer)
    if not isinstance(lstm, keras.layers.LSTM):
        raise ValueError(f"{lstm.name} is a {type(lstm).__name__}: only an LSTM has these gates.")
    kernel, recurrent_kernel, bias = lstm.get_weights()
    vectors, ids = np.array(inputs)[0], np.asarray(review_ids)
    reads = ids > 0 if find_embedding(model).mask_zero else np.ones(len(ids), bool)

    hidden_state = cell_state = np.zeros(lstm.units, "float32")
    skipped = np.full(lstm.units, np.nan, "float32")
    steps = []
    for vector, is_read in zip(vectors, reads, strict=True):
        gates = [skipped] * 4
        if is_read:
            z = vector @ kernel + hidden_state @ recurrent_kernel + bias
            z_input, z_forget, z_candidate, z_output = np.split(z, 4)
            takes, keeps, shows = _sigmoid(z_input), _sigmoid(z_forget), _sigmoid(z_output)
            gates = [takes, keeps, shows, np.tanh(z_candidate)]
            cell_state = keeps * cell_state + takes * gates[3]
            hidden_state = shows * np.tanh(cell_state)
        steps.append([*gates, cell_state, hidden_state])
    return LSTMGates(*np.array(steps).transpose(1, 0, 2))


def running_prediction(model: keras.Model, review_ids: np.ndarray) -> np.ndarray:
    """Return the probability of "positive" after each time step: what the model would say so far.

    A model that only reads forwards is run once, and its last layers judge each hidden state. Any
    other model (bidirectional, pooled) reads every beginning of the review anew.
    review_ids: int (time steps,).
    Returns float32 (time steps,); the last value is the model's prediction for the review.
    Raises ValueError for ids that do not fit the embedding.
    Introduced in notebook 4, "How far back does it remember?".
    """
    ids = _checked_ids(model, review_ids, dimensions=1)
    judges = _judges_of_states(model)
    if judges is None:
        beginnings = (ids[np.newaxis, :end] for end in range(1, len(ids) + 1))
        return np.array([model.predict_on_batch(beginning)[0, 0] for beginning in beginnings])
    judged = hidden_states(model, ids)
    for layer in judges:
        judged = layer(judged)
    return np.array(judged)[:, 0]


def embedding_table(model: keras.Model) -> np.ndarray:
    """Return the embedding: row i is the vector of id i; float32 (num_words, embedding_dim).

    Introduced in notebook 1, "What the embedding learned".
    """
    return find_embedding(model).get_weights()[0]


def nearest_words(model: keras.Model, word: str, k: int = 8) -> list[tuple[str, float]]:
    """Find the words whose vectors point most nearly the same way as this word's.

    Returns k pairs (word, cosine similarity, -1 to 1), most similar first; the word itself and ids
    that are no words are left out.
    Raises ValueError for a word outside the model's vocabulary, or an unusable k.
    Introduced in notebook 1, "What the embedding learned".
    """
    table = embedding_table(model)
    (number,) = _word_ids([word], len(table))
    words = {rank + INDEX_FROM: other for other, rank in get_word_index().items()}
    k = whole_number("k", k, most=len(table) - INDEX_FROM - 2)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    directions = table / np.where(lengths > 0, lengths, 1)
    similarity = directions @ directions[number]
    similarity[[*range(INDEX_FROM + 1), number]] = -np.inf
    nearest = np.argsort(-similarity, kind="stable")[:k]
    return [(words[other], float(similarity[other])) for other in nearest]


def word_map(model: keras.Model, words: list[str]) -> np.ndarray:
    """Lay the vectors of some words out on a plane, as far apart as a plane allows (PCA).

    Returns (words, 2): coordinates along the two directions in which these words vary most, in
    units of the embedding. Each direction points so that its largest coordinate is positive.
    Raises ValueError for a word outside the model's vocabulary, or fewer than three words.
    Source: principal component analysis, by singular value decomposition.
    Introduced in notebook 1, "What the embedding learned".
    """
    if len(words) < 3:
        raise ValueError(f"There are {len(words)} words: give at least three to draw a map of.")
    table = embedding_table(model)
    vectors = table[_word_ids(words, len(table))]
    left, sizes, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    points = left[:, :2] * sizes[:2]
    return points * np.sign(points[np.abs(points).argmax(axis=0), [0, 1]])


def _embedding_gradient(model: keras.Sequential, ids: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return d loss / d embedding output of each review: (reviews, time steps, embedding_dim)."""
    embedding = find_embedding(model)
    output = vectors = embedding(ids)
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        for layer in model.layers[model.layers.index(embedding) + 1 :]:
            output = layer(output)
        loss = keras.losses.binary_crossentropy(labels, output)
    return tape.gradient(loss, vectors).numpy()


def _recurrent_layer(
    model: keras.Sequential, review_ids: np.ndarray, number: int
) -> tuple[keras.layers.RNN, tf.Tensor]:
    """Return a recurrent layer, and what reaches it of a review; a mask travels along."""
    inputs = _checked_ids(model, review_ids, dimensions=1)[np.newaxis]
    recurrent = [layer for layer in model.layers if isinstance(layer, keras.layers.RNN)]
    if not -len(recurrent) <= number < len(recurrent):
        raise ValueError(
            f"layer is {number}, but {model.name} has {len(recurrent)} recurrent layers that only "
            "read forwards; they are counted from 0, or from -1 backwards."
        )
    for below in model.layers[: model.layers.index(recurrent[number])]:
        inputs = below(inputs)
    return recurrent[number], inputs


def _judges_of_states(model: keras.Model) -> list[keras.layers.Layer] | None:
    """Return the layers behind the last recurrent one, if its states know the words so far alone.

    None for a model that has no such layer, or does not only read forwards.
    """
    recurrent = [n for n, layer in enumerate(model.layers) if isinstance(layer, keras.layers.RNN)]
    if not isinstance(model, keras.Sequential) or not recurrent:
        return None
    below, above = model.layers[: recurrent[-1]], model.layers[recurrent[-1] + 1 :]
    forwards = all(isinstance(layer, _WORD_BY_WORD) for layer in below)
    on_one_state = all(isinstance(layer, _ON_ONE_STATE) for layer in above)
    return above if forwards and on_one_state else None


def _word_ids(words: list[str], num_words: int) -> list[int]:
    ranks = get_word_index()
    for word in words:
        if ranks.get(word, num_words) + INDEX_FROM >= num_words:
            raise ValueError(
                f"The model does not know the word {word!r}: give one of its {num_words:,} most "
                "frequent words, in small letters."
            )
    return [ranks[word] + INDEX_FROM for word in words]


def _checked_ids(model: keras.Model, ids: np.ndarray, dimensions: int) -> np.ndarray:
    ids = np.asarray(ids)
    if ids.ndim != dimensions or ids.size == 0 or ids.dtype.kind not in "iu":
        wanted = "one review, (time steps,)" if dimensions == 1 else "(reviews, time steps)"
        raise ValueError(
            f"The ids have shape {ids.shape} and dtype {ids.dtype}: give whole numbers, {wanted}."
        )
    check_ids("The ids run", ids, model)
    return ids.astype("int32")


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))
