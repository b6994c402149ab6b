"""What a model answers on the way through a review, and what each word does to the answer."""

from course_utils.arguments import whole_number
from course_utils.models import find_embedding
from course_utils.probes.states import checked_ids, hidden_states
import keras
import numpy as np

_WORD_BY_WORD = (keras.layers.Embedding, keras.layers.RNN, keras.layers.Dropout)
_ON_ONE_STATE = (keras.layers.Dense, keras.layers.Dropout)


def running_prediction(model: keras.Model, review_ids: np.ndarray) -> np.ndarray:
    """Return the probability of "positive" after each time step: what the model would say so far.

    A model that only reads forwards is run once, and its last layers judge each hidden state. Any
    other model (bidirectional, pooled) reads every beginning of the review anew.
    review_ids: int (time steps,).
    Returns float32 (time steps,); the last value is the model's prediction for the review.
    Raises ValueError for ids that do not fit the embedding.
    Introduced in notebook 4, "How far back does it remember?".
    """
    ids = checked_ids(model, review_ids, dimensions=1)
    judges = _judges_of_states(model)
    if judges is None:
        beginnings = (ids[np.newaxis, :end] for end in range(1, len(ids) + 1))
        return np.array([model.predict_on_batch(beginning)[0, 0] for beginning in beginnings])
    judged = hidden_states(model, ids)
    for layer in judges:
        judged = layer(judged)
    return np.array(judged)[:, 0]


def word_effects(
    model: keras.Model, review_ids: np.ndarray, replacement: int | None = None
) -> np.ndarray:
    """Measure what each word does: how far the answer moves if it is deleted or replaced.

    review_ids: int (time steps,), without padding, at least two. replacement: the id that stands in
    the word's place; None deletes the word, so that its neighbours meet.
    Returns float32 (time steps,): the answer with the word minus the answer without it.
    Raises ValueError for ids that do not fit the embedding, or a review of one word.
    Introduced in notebook 4, "How far back does it remember?".
    """
    ids = checked_ids(model, review_ids, dimensions=1)
    if len(ids) < 2:
        raise ValueError("The review has one word: give at least two, so that one can be left.")
    if replacement is not None:
        most = find_embedding(model).input_dim - 1
        replacement = whole_number("replacement", replacement, least=0, most=most)
    words = range(len(ids))
    if replacement is None:
        changed = np.array([np.delete(ids, word) for word in words])
    else:
        changed = np.tile(ids, (len(ids), 1))
        changed[words, words] = replacement
    answer = model.predict_on_batch(ids[np.newaxis])[0, 0]
    return answer - model.predict_on_batch(changed)[:, 0]


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
