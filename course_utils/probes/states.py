"""What a recurrent layer holds and does at each time step of one review."""

from typing import NamedTuple

from course_utils.models import checked_ids, find_embedding
import keras
import numpy as np
import tensorflow as tf


class LSTMGates(NamedTuple):
    """What an LSTM does at each time step; each array (time steps, units), of its float type."""

    input_gate: np.ndarray
    forget_gate: np.ndarray
    output_gate: np.ndarray
    candidate: np.ndarray
    cell_state: np.ndarray
    hidden_state: np.ndarray


def hidden_states(model: keras.Sequential, review_ids: np.ndarray, layer: int = -1) -> np.ndarray:
    """Return the hidden state of a recurrent layer after each time step of one review.

    review_ids: int (time steps,), padded or not. layer: which recurrent layer, counted from 0 or,
    as in a list, from -1 backwards.
    Returns (time steps, units), of the model's float type; where a mask skips a step, the state
    before it stays.
    Raises ValueError for ids that do not fit the embedding, or if there is no such layer.
    Introduced in notebook 2, "What the hidden state does".
    """
    recurrent, inputs = recurrent_layer(model, review_ids, layer)
    every_step = keras.layers.RNN(
        recurrent.cell, return_sequences=True, dtype=recurrent.dtype_policy
    )
    return np.array(every_step(inputs))[0]


def lstm_gates(model: keras.Sequential, review_ids: np.ndarray, layer: int = -1) -> LSTMGates:
    """Compute gates and states of an LSTM at each time step of one review, from its weights.

    review_ids and layer: as `hidden_states`; the recurrent layer must be an LSTM.
    Returns six arrays (time steps, units), of the model's float type. Where a mask skips a step,
    the states stay, and gates and candidate, which are not used there, are NaN.
    Raises ValueError as `hidden_states`.
    Source of the formulas: Hochreiter and Schmidhuber 1997, with the forget gate of Gers and others
    2000; Keras keeps the matrices in the order input, forget, candidate, output.
    Introduced in notebook 4, "How far back does it remember?".
    """
    lstm, inputs = recurrent_layer(model, review_ids, layer)
    if not isinstance(lstm, keras.layers.LSTM):
        raise ValueError(f"{lstm.name} is a {type(lstm).__name__}: only an LSTM has these gates.")
    kernel, recurrent_kernel, bias = lstm.get_weights()
    vectors, ids = np.array(inputs)[0], np.asarray(review_ids)
    reads = ids > 0 if find_embedding(model).mask_zero else np.ones(len(ids), bool)

    hidden_state = cell_state = np.zeros(lstm.units, kernel.dtype)
    skipped = np.full(lstm.units, np.nan, kernel.dtype)
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


def step_jacobian(model: keras.Sequential, review_ids: np.ndarray, layer: int = -1) -> np.ndarray:
    """Return how the states after the last time step depend on the states before it.

    review_ids and layer: as `hidden_states`.
    Returns (states, states), of the model's float type: row i holds the derivatives of state i. A
    layer of n units has n states, an LSTM 2 n: the hidden ones, then the cell's. There the block
    [n:, n:] is diagonal, and holds the forget gates. Time steps that a mask skips change nothing
    and are left out.
    Raises ValueError as `hidden_states`.
    Introduced in notebook 4, "Back through the zeros".
    """
    ids = np.asarray(review_ids)
    if find_embedding(model).mask_zero:
        ids = ids[ids > 0]
    recurrent, inputs = recurrent_layer(model, ids, layer)
    cell = recurrent.cell
    states = [tf.zeros((1, size), inputs.dtype) for size in np.ravel(cell.state_size)]
    for step in range(inputs.shape[1] - 1):
        _, states = cell(inputs[:, step], states)
    before, word = tf.concat(states, axis=1), inputs[:, -1]
    copies = before.shape[1]
    before, word = tf.repeat(before, copies, axis=0), tf.repeat(word, copies, axis=0)
    with tf.GradientTape() as tape:
        tape.watch(before)
        _, states = cell(word, tf.split(before, len(states), axis=1))
        each_its_own = tf.concat(states, axis=1) * tf.eye(copies, dtype=inputs.dtype)
    return tape.gradient(each_its_own, before).numpy()


def recurrent_layer(
    model: keras.Sequential, review_ids: np.ndarray, number: int
) -> tuple[keras.layers.RNN, tf.Tensor]:
    """Return a recurrent layer, and what reaches it of a review; a mask travels along."""
    inputs = checked_ids(model, review_ids, dimensions=1)[np.newaxis]
    recurrent = [layer for layer in model.layers if isinstance(layer, keras.layers.RNN)]
    if not -len(recurrent) <= number < len(recurrent):
        raise ValueError(
            f"layer is {number}, but {model.name} has {len(recurrent)} recurrent layers that only "
            "read forwards; they are counted from 0, or from -1 backwards."
        )
    for below in model.layers[: model.layers.index(recurrent[number])]:
        inputs = below(inputs)
    return recurrent[number], inputs


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))
