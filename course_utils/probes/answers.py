"""What a model answers on the way through a review, and what each word does to the answer."""

from collections.abc import Iterator
import time

from course_utils.arguments import whole_number
from course_utils.live import LiveDisplay
from course_utils.models import checked_ids, find_embedding
from course_utils.probes.states import hidden_states
import keras
import numpy as np
import tensorflow as tf

_WORD_BY_WORD = (keras.layers.Embedding, keras.layers.RNN, keras.layers.Dropout)
_ON_ONE_STATE = (keras.layers.Dense, keras.layers.Dropout)


def running_prediction(model: keras.Model, review_ids: np.ndarray) -> np.ndarray:
    """Return the probability of "positive" after each time step: what the model would say so far.

    A model that only reads forwards is run once, and its last layers judge each hidden state. Any
    other model (bidirectional, pooled) reads every beginning of the review anew, with progress.
    review_ids: int (time steps,).
    Returns (time steps,), of the model's float type; the last value is its prediction for the
    review.
    Raises ValueError for ids that do not fit the embedding, or a model that gives no probability of
    "positive", such as one with two outputs.
    Introduced in notebook 4, "How far back does it remember?".
    """
    ids = checked_ids(model, review_ids, dimensions=1)
    judges = _judges_of_states(model)
    if judges is None:
        return np.concatenate([*_of_each_beginning(model, ids)])
    judged = hidden_states(model, ids)
    for layer in judges:
        judged = layer(judged)
    return probabilities_of(model, judged)


def word_effects(
    model: keras.Model, review_ids: np.ndarray, replacement: int | None = None
) -> np.ndarray:
    """Measure what each word does: how far the answer moves if it is deleted or replaced.

    review_ids: int (time steps,), without padding, at least two. replacement: the id that stands in
    the word's place; None deletes the word, so that its neighbours meet.
    Returns (time steps,), of the model's float type: the answer with the word minus the answer
    without it.
    Raises ValueError for ids that do not fit the embedding, a review of one word, or a model that
    gives no probability of "positive".
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
    answer = probabilities_of(model, model.predict_on_batch(ids[np.newaxis]))
    return answer - probabilities_of(model, model.predict_on_batch(changed))


def probabilities_of(model: keras.Model, answers: tf.Tensor | np.ndarray) -> np.ndarray:
    """Return what a model answers, (reviews, 1), as (reviews,).

    Raises ValueError if that can be no probability of "positive": another shape, or not 0 to 1.
    """
    answers = np.asarray(answers)
    if answers.ndim != 2 or answers.shape[1] != 1 or not np.all((answers >= 0) & (answers <= 1)):
        raise ValueError(
            f"{model.name} answers {answers[0].tolist()} to a review: give a model that answers "
            'the probability of "positive" alone, as a single sigmoid unit does.'
        )
    return answers[:, 0]


def _of_each_beginning(model: keras.Model, ids: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the probability after each time step, (1,); a step costs as much as there are words."""
    display, started, steps = LiveDisplay(), time.monotonic(), len(ids)
    for step in range(1, steps + 1):
        yield probabilities_of(model, model.predict_on_batch(ids[np.newaxis, :step]))
        left = (time.monotonic() - started) * ((steps / step) ** 2 - 1)
        display.show(f"Reading word {step:,} of {steps:,}; about {left:.0f} s left")
    display.finish()


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
