"""The experiments: what comes out is right, with room for other seeds, and mistakes get their hint.

That the notebooks' own solutions come out right is seen in their stored outputs.
"""

from collections.abc import Callable
from typing import Any

from course_utils import (
    build_lstm,
    build_simple_rnn,
    direction_per_timestep,
    gradient_per_timestep,
    hidden_states,
    load_imdb,
    open_forget_gate,
    pad_reviews,
    set_seed,
)
from course_utils.exercises.check import exercise_names, judged, verdict
from course_utils.exercises.judging import EXERCISES
import keras
import numpy as np
import pytest
import tensorflow as tf

EXPERIMENTS = [
    name
    for name in exercise_names()
    if EXERCISES[name].find_hint.__module__.startswith("course_utils.exercises.experiments_")
]
WORDS = 129
OTHER_SEEDS = (1, 2)
"""The notebooks' solutions run with seed 2026."""


def said(name: str, answer: Any) -> str:
    return verdict(name, answer).removeprefix(f"{name}: ")


def of_one_length() -> tuple[np.ndarray, np.ndarray]:
    """Return the reviews as long as review 20, without zeros, and their labels."""
    reviews, labels = load_imdb(num_words=5000)
    same = np.flatnonzero([len(review) == WORDS for review in reviews])
    return np.stack(reviews[same]), labels[same]


def untrained(seed: int, start: Any, factor: float = 1) -> keras.Sequential:
    set_seed(seed)
    model = build_simple_rnn(recurrent_initializer=start)
    layer = model.get_layer("simple_rnn")
    kernel, recurrent_kernel, bias = layer.get_weights()
    layer.set_weights([kernel, factor * recurrent_kernel, bias])
    return model


@pytest.mark.parametrize("seed", OTHER_SEEDS)
def test_a_level_gradient_needs_the_same_factor_with_other_seeds(seed: int) -> None:
    ids, labels = of_one_length()
    powers = []
    for factor in (1.01, 1.03):
        curve = gradient_per_timestep(untrained(seed, "orthogonal", factor), ids[:32], labels[:32])
        powers.append(np.log10(curve[0] / curve[-1]))
    level = np.interp(0, powers, (1.01, 1.03))
    assert said("2.1", level).startswith("right. ")


@pytest.mark.parametrize("seed", OTHER_SEEDS)
def test_states_fade_after_as_many_zeros_with_other_seeds_and_reviews(seed: int) -> None:
    ids, _ = of_one_length()
    padded = pad_reviews(list(ids[:3]))
    for start, words in (("identity", "right. "), ("orthogonal", "usual start")):
        model = untrained(seed, start)
        states = [hidden_states(model, review) for review in padded]
        apart = np.linalg.norm(states[0] - states[seed], axis=1)[WORDS - 1 :]
        assert words in said("2.3", np.argmax(apart < apart[0] / 2))


@pytest.mark.parametrize("seed", OTHER_SEEDS)
def test_a_smaller_identity_forgets_and_does_not_turn_with_other_seeds(seed: int) -> None:
    ids, labels = of_one_length()
    model = untrained(seed, keras.initializers.Identity(0.8))
    curve = gradient_per_timestep(model, ids[:32], labels[:32])
    cosine = direction_per_timestep(model, ids[:32])[-21]
    assert said("2.6", [cosine, np.log10(curve[0] / curve[-1])]).startswith("right. ")


def knowing(answers: Callable[[tf.Tensor], tf.Tensor]) -> keras.Sequential:
    """Return a model that answers sequences by a rule."""
    return keras.Sequential([keras.layers.Lambda(answers)])


def by_place(place: int, token: int = 2) -> keras.Sequential:
    """Return a model that looks at one place only."""
    return knowing(lambda ids: tf.cast(ids[:, place] == token, "float32")[:, tf.newaxis])


def first_token(ids: tf.Tensor) -> tf.Tensor:
    return tf.cast(ids[:, 0], "float32") - 1


def with_a_layer(layer: keras.Layer) -> keras.Model:
    """Return a model with a recurrent layer, wrapped or not, that knows the first token."""
    ids = keras.Input((None,))
    states = layer(keras.layers.Embedding(20, 2)(ids))
    answers = keras.layers.Lambda(lambda both: first_token(both[0]), output_shape=())
    return keras.Model(ids, answers([ids, states]))


@pytest.mark.parametrize(("name", "all_states"), [("3.2", True), ("4.1", False)])
def test_any_lstm_that_reads_as_asked_and_knows_the_first_token_is_right(
    name: str, all_states: bool
) -> None:
    lstm = keras.layers.LSTM(2, return_sequences=all_states)
    assert said(name, with_a_layer(lstm)).startswith("right. ")
    cell = keras.layers.RNN(keras.layers.LSTMCell(2), return_sequences=all_states)
    assert said(name, with_a_layer(cell)).startswith("right. ")


def test_fair_length_is_where_words_lost_are_zeros_added() -> None:
    lengths = np.array([len(review) for review in load_imdb()[0]])
    lost = [np.maximum(lengths - n, 0).sum() for n in range(400)]
    added = [np.maximum(n - lengths, 0).sum() for n in range(400)]
    fair = int(np.argmin(np.abs(np.subtract(lost, added))))
    for near in (fair, fair - 0.3, lengths.mean()):
        assert said("1.2", near).startswith("right. ")
    for far in (fair - 3, fair + 3):
        assert said("1.2", far).startswith("not yet. ")


@pytest.mark.parametrize("seed", OTHER_SEEDS)
def test_the_gate_opens_at_the_same_bias_with_other_seeds(seed: int) -> None:
    ids, labels = of_one_length()
    padded = pad_reviews(list(ids[:4]))
    arrives = []
    for bias in (1.5, 2):
        set_seed(seed)
        model = build_lstm()
        open_forget_gate(model, bias=bias)
        curve = gradient_per_timestep(model, padded, labels[:4])
        arrives.append(curve[WORDS - 1] > curve[-1] / 1000)
    assert arrives == [False, True]


WRONG: list[tuple[str, str, Any]] = [
    ("1.2", "median", 178),
    ("1.2", "rows of 500", 500),
    ("1.2", "nine reviews in ten", 467),
    ("1.2", "too small", 100),
    ("1.7", "usual steps", 0.2827),
    ("1.7", "usual steps", 0.37),
    ("1.7", "training reviews", 0.2129),
    ("1.7", "training reviews", 0.0094),
    ("1.7", "accuracy", 0.84),
    ("1.7", "too large", 2.5),
    ("1.7", "too small", 0.69),
    ("1.8", "in their order", 0.9154),
    ("1.8", "bag of words", 0.8826),
    ("1.8", "averaged embedding", 0.8664),
    ("1.8", "chance", 0.502),
    ("1.8", "share between 0 and 1", 87.3),
    ("2.1", "tanh makes", 1.0),
    ("2.1", "still shorter at the first word", 1.01),
    ("2.1", "explodes", 1.03),
    ("2.1", "vanishes", 1.005),
    ("2.1", "explodes", 1.2),
    ("2.1", "explodes", 1.1),
    ("2.1", "vanishes", 0.8),
    ("2.1", "too large", 2),
    ("2.3", "usual start", 50),
    ("2.3", "time step", 148),
    ("2.3", "back from step 500", 350),
    ("2.3", "too small", 1),
    ("2.3", "too large", 30),
    ("2.3", "too large", 42),
    ("2.6", "whole identity. Start", [0.952, -0.53]),
    ("2.6", "usual start", [-0.038, -0.53]),
    ("2.6", "swapped", [-12.47, 1.0]),
    ("2.6", "wrong sign", [1.0, 12.47]),
    ("2.6", "natural logarithm", [1.0, -28.7]),
    ("2.6", "ratio itself", [1.0, 3e-13]),
    ("2.6", "for 20 steps", [1.0, -1.95]),
    ("2.6", "list of two numbers", 1.0),
    ("2.6", "list of two numbers", [1.0, -12.5, 0]),
    *[
        (name, words, answer)
        for name in ("3.2", "4.1")
        for words, answer in (
            ("is at chance", by_place(1, token=3)),
            ("other way round", by_place(0, token=1)),
            ("at each time step", knowing(lambda ids: tf.cast(ids == 2, "float32"))),
            ("shape (500, 2)", knowing(lambda ids: tf.cast(ids[:, :2] == 2, "float32"))),
            ("raised", knowing(lambda ids: tf.reshape(ids, (7, 3)))),
            ("type float: give the Keras model itself", 1.0),
            ("not with an LSTM", knowing(first_token)),
            ("not with an LSTM", with_a_layer(keras.layers.SimpleRNN(2))),
            ("reads backwards", with_a_layer(keras.layers.LSTM(2, go_backwards=True))),
            ("reads backwards", with_a_layer(keras.layers.Bidirectional(keras.layers.LSTM(2)))),
        )
    ],
    ("3.2", "last state only", with_a_layer(keras.layers.LSTM(2))),
    ("4.1", "last state alone", with_a_layer(keras.layers.LSTM(2, return_sequences=True))),
    ("3.6", "before training", 1.0),
    ("3.6", "take np.abs", np.complex128(1.2 + 0.1j)),
    ("3.6", "a tenth give", 1.012),
    ("3.6", "too large", 2),
    ("4.2", "open the gate further", 1),
    ("4.2", "open the gate further", 1.5),
    ("4.2", "a smaller one", 2.5),
    ("4.2", "a smaller one", 3),
    ("4.2", "too large", 6),
]
"""Experiment, words of the hint, and the answer that gets it."""


@pytest.mark.parametrize(("name", "words", "answer"), WRONG)
def test_wrong_outcome_gets_a_hint_that_fits(name: str, words: str, answer: Any) -> None:
    assert said(name, answer).startswith("not yet. ")
    assert words in said(name, answer)


def right_on(first: int) -> keras.Sequential:
    """Return a model that knows the first so many sequences, and guesses the others."""
    knows, guesses = by_place(0), by_place(1)
    return knowing(lambda ids: tf.concat([knows(ids)[:first], guesses(ids)[first:]], axis=0))


def test_models_that_are_on_the_way_are_one_group() -> None:
    """How far each one is stands in what it is told, not in the mistake's name."""
    one, other = judged("3.2", right_on(350)), judged("3.2", right_on(400))
    assert one.text != other.text
    assert one.mistake == other.mistake == "It is on the way: train it longer."


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_not_attempted_and_never_raising(name: str) -> None:
    assert said(name, ...) == "not attempted yet."
    for thing in (None, "text", [], [[1]], {}, object(), np.nan, [np.nan, np.inf], lambda: 1, 1j):
        assert said(name, thing).startswith("not yet. ")


def test_wrong_answers_of_every_experiment_are_tried() -> None:
    assert sorted({name for name, *_ in WRONG}) == EXPERIMENTS
