"""The exercises' checks judge rightly, give hints that fit, and never get in the way.

Every right answer is right however it is written, and every typical mistake gets a hint that fits.
An untouched exercise costs nothing. Whatever the answer is, a check prints one line and raises
nothing, and it gives no number away. The notebooks and the checks know the same exercises.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce
import inspect
import itertools
import random
import re
import subprocess
import sys
from typing import Any

from course_utils import build_lstm, check, get_word_index, load_imdb, set_seed
from course_utils.exercises.check import exercise_names
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf

from tools.paths import notebooks

EXERCISES = exercise_names()


@pytest.fixture
def line(capsys: pytest.CaptureFixture) -> Callable[[Any, Any], str]:
    """Return a function that checks an answer and returns the one line that is printed."""

    def checked(exercise: Any, answer: Any) -> str:
        capsys.readouterr()
        assert check(exercise, answer) is None
        printed = capsys.readouterr().out
        assert printed.endswith("\n")
        assert len(printed.splitlines()) == 1
        return printed.strip()

    return checked


# Right answers and typical mistakes


def pad_what_is_then_emptied(review: list[int], maxlen: int) -> list[int]:
    row = review[-maxlen:]
    review.clear()
    return row + [0] * (maxlen - len(row))


def cosines(row: int, table: np.ndarray) -> np.ndarray:
    directions = table / np.linalg.norm(table, axis=1, keepdims=True)
    return directions @ directions[row]


def has_neighbour(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.isin(b + 1, a) | np.isin(b - 1, a)


def last_state(
    vectors: np.ndarray, kernel: np.ndarray, recurrent_kernel: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    state = np.zeros(len(bias))
    for vector in vectors:
        state = np.tanh(vector @ kernel + state @ recurrent_kernel + bias)
    return state


def count_stack(inputs: list[int], units: list[int], biases: int = 1) -> int:
    return sum(n * (below + n + biases) for below, n in zip(inputs, units, strict=True))


def gru_step(
    word_vector: np.ndarray,
    state: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    order: tuple[int, int, int] = (0, 1, 2),
    mix: Callable = lambda z, old, new: z * old + (1 - z) * new,
    reset_first: bool = False,
) -> np.ndarray:
    of_word = np.split(word_vector @ kernel + bias[0], 3)
    of_state = np.split(state @ recurrent_kernel + bias[1], 3)
    z, r, new = order
    z, r = (1 / (1 + np.exp(-of_word[gate] - of_state[gate])) for gate in (z, r))
    reset = r * of_state[new]
    if reset_first:
        reset = np.split((r * state) @ recurrent_kernel + bias[1], 3)[new]
    return mix(z, state, np.tanh(of_word[new] + reset))


def precision_and_recall(labels: np.ndarray, predictions: np.ndarray) -> tuple[float, float]:
    found = np.sum((labels == 1) & (predictions == 1))
    return found / np.sum(predictions == 1), found / np.sum(labels == 1)


def epochs_trained(losses: list[float], patience: int) -> int:
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            return epoch + 1
    return len(losses)


def answers_on_the_way(model: keras.Model, ids: np.ndarray) -> list[float]:
    return [float(model(ids[np.newaxis, :end])[0, 0]) for end in range(1, len(ids) + 1)]


def stack_of(*units: int, top: bool = False, activation: str = "sigmoid") -> keras.Model:
    """Stack an embedding, recurrent layers and a unit; top: the last keeps its sequence, too."""
    recurrent = [keras.layers.SimpleRNN(n, return_sequences=True) for n in units[:-1]]
    last = keras.layers.SimpleRNN(units[-1], return_sequences=top)
    unit = keras.layers.Dense(1, activation=activation)
    return keras.Sequential([keras.layers.Embedding(5000, 32), *recurrent, last, unit])


def pass_through(layers: list[keras.layers.Layer], ids: Any) -> Any:
    return reduce(lambda below, layer: layer(below), layers, ids)


class BuiltWhenCalled(keras.Model):
    """Has no layers before it is called."""

    def build(self, _: tuple) -> None:
        """Make the layers."""
        self.stack = stack_of(64, 32, 16).layers

    def call(self, ids: Any) -> Any:
        """Pass the ids through all layers."""
        return pass_through(self.stack, ids)


def knowing(answers: np.ndarray) -> keras.Model:
    """Return a model that gives these answers, whatever it reads."""
    return keras.Sequential([keras.layers.Lambda(lambda _: tf.constant(answers))])


RANK = get_word_index()
FREQUENT_IDS = {word: rank + 3 for word, rank in RANK.items() if rank + 3 < 5000}
REVIEWS, LABELS = load_imdb()
LENGTHS = np.array([len(review) for review in REVIEWS])
BY_HEART = LABELS[LENGTHS <= 100][:32].astype(np.float32)
MOST_BY_HEART = np.where(np.arange(32) < 2, 1 - BY_HEART, BY_HEART)
"""30 of 32 are more than nine in ten."""
IDS = keras.Input((None,), dtype="int32")
SHAPES = [(64, 500, 32), (64, 500, 50), (64, 20), (64, 1)]
BIAS = -np.log(2 ** (1 / 300) - 1)
BEST_OF_20 = np.random.default_rng(7).binomial(500, 0.5, (1000, 20)).max(axis=1).mean() / 500

RIGHT: dict[str, Any] = {
    "1.1": lambda word: n if (n := RANK.get(word, 5000) + 3) < 5000 else 2,
    "1.2": np.quantile(LENGTHS, 0.9, method="inverted_cdf"),
    "1.3": lambda review, n: review[-n:] + [0] * (n - len(review[-n:])),
    "1.4": lambda ids, table: table[ids[ids != 0]].mean(axis=0),
    "1.5": lambda row, table: np.argsort(cosines(row, table))[-2],
    "1.6": lambda a, b: has_neighbour(a, b).mean(),
    "2.1": lambda d, n: d * n + n * n + n,
    "2.2": np.ceil(0.25 * (3 / 0.04) ** 2),
    "2.3": int(np.ceil(np.log(1e-6) / np.log(0.9))),
    "2.4": lambda vectors, mask, *weights: last_state(vectors[mask], *weights),
    "2.5": knowing(0.2 + 0.6 * MOST_BY_HEART),
    "3.1": SHAPES,
    "3.2": lambda d, units: count_stack([d, *units[:-1]], units),
    "3.3": stack_of(64, 32, 16),
    "3.4": lambda step, last_step, layers: last_step - step + layers,
    "3.5": BEST_OF_20,
    "4.1": lambda d, n: 3 * (d * n + n * n + 2 * n),
    "4.2": BIAS,
    "4.3": gru_step,
    "4.4": precision_and_recall,
    "4.5": epochs_trained,
    "4.6": answers_on_the_way,
}
RIGHT_TOO: list[tuple[str, Any]] = [
    ("1.1", partial(lambda ids, word: ids.get(word, 2), FREQUENT_IDS)),
    ("1.3", pad_what_is_then_emptied),
    ("1.3", lambda review, n: keras.utils.pad_sequences([review], n, padding="post")),
    ("1.4", lambda ids, table: (table[ids[ids != 0]].mean(axis=0), ids.fill(0))[0]),
    ("1.4", lambda ids, table: tf.reduce_mean(tf.gather(table, ids[ids > 0]), axis=0)),
    ("1.6", lambda a, b: Fraction(int(has_neighbour(a, b).sum()), len(b))),
    ("2.3", np.uint8(132)),
    ("2.4", lambda vectors, mask, *weights: [last_state(vectors[mask], *weights).tolist()]),
    ("2.5", knowing(MOST_BY_HEART.reshape(32, 1))),
    ("3.1", [list(shape) for shape in SHAPES]),
    ("3.1", tuple(map(np.array, SHAPES))),
    ("3.1", [tf.TensorShape(shape) for shape in SHAPES]),
    ("3.1", [tuple(map(float, shape)) for shape in SHAPES]),
    ("3.2", lambda d, units: np.dot(units, np.add(units, [d, *units[:-1]]) + 1.0)),
    ("3.3", keras.Model(IDS, pass_through(stack_of(64, 32, 16).layers, IDS))),
    ("3.3", BuiltWhenCalled()),
    ("3.5", round(BEST_OF_20, 3)),
    ("4.2", round(BIAS, 2)),
    ("4.4", lambda *both: np.array(precision_and_recall(*both)).reshape(2, 1)),
    ("4.6", lambda model, ids: model(np.tril(np.tile(ids, (len(ids), 1))))),
]
"""The same in other words, or of another type."""

FUNCTIONS = [name for name, answer in RIGHT.items() if inspect.isfunction(answer)]
NUMBERS = ["1.2", "2.2", "2.3", "3.5", "4.2"]

WRONG: list[tuple[str, str, Any]] = [
    ("1.1", "rank shifted by 3", lambda word: RANK.get(word, 2)),
    ("1.1", "wrong way", lambda word: RANK[word] - 3 if word in RANK else 2),
    ("1.1", "What becomes of words", lambda word: RANK.get(word, -1) + 3),
    ("1.1", "limits the id", lambda word: RANK[word] + 3 if RANK.get(word, 5000) < 5000 else 2),
    ("1.1", "5,000 itself", lambda word: RANK[word] + 3 if RANK.get(word, 5000) <= 4997 else 2),
    ("1.1", "KeyError: 'qwrtzpsd'", lambda word: RANK[word] + 3 if RANK[word] < 4997 else 2),
    ("1.1", "Called with 'the', its result is too large: 7", lambda word: 7),
    ("1.1", "type int: give the function itself", 4),
    ("1.2", "cuts 90 %", 93),
    ("1.2", "exactly maxlen", 468),
    ("1.2", "of the longest", 0.9 * 2494),
    ("1.2", "the median", 178),
    ("1.2", "too small", 437),
    ("1.2", "too large: 500", 500),
    ("1.2", "leave the quotes away", "460"),
    ("1.2", "shape (2,) where a single number", [467, 467]),
    ("1.2", "not finite", np.nan),
    ("1.3", "lose their end", lambda review, n: (review + [0] * n)[:n]),
    ("1.3", "zeros go behind", lambda review, n: ([0] * n + review)[-n:]),
    ("1.3", "Both sides are swapped", lambda review, n: [0] * (n - len(review)) + review[:n]),
    ("1.3", "not filled", lambda review, n: review[-n:]),
    ("1.3", "not cut", lambda review, n: review + [0] * (n - len(review))),
    ("1.3", "2 of 4 numbers; the one at [2] is too large: 1", lambda x, n: (x[-n:] + [1] * n)[:n]),
    ("1.3", "is a `return` missing", lambda review, n: review.append(0)),
    ("1.3", "raised TypeError", lambda review: review),
    ("1.3", "put list(...) around", lambda review, n: iter(review)),
    ("1.4", "zeros are in the mean", lambda ids, table: table[ids].mean(axis=0)),
    ("1.4", "divide by", lambda ids, table: table[ids[ids != 0]].sum(axis=0) / len(ids)),
    ("1.4", "the sum", lambda ids, table: table[ids[ids != 0]].sum(axis=0)),
    ("1.4", "other axis", lambda ids, table: table[ids[ids != 0]].mean(axis=1)),
    ("1.4", "a single number where an array of shape (5,)", lambda ids, table: table[ids].mean()),
    ("1.4", "wrong in 5 of 5", lambda ids, table: np.median(table[ids[ids != 0]], axis=0)),
    ("1.5", "itself", lambda row, table: np.argmax(cosines(row, table))),
    ("1.5", "dot product", lambda row, t: max({*range(40)} - {row}, key=lambda i: t[i] @ t[row])),
    ("1.5", "smallest distance", lambda row, t: np.argsort(np.linalg.norm(t - t[row], axis=1))[1]),
    ("1.5", "*largest*", lambda row, table: np.argmin(cosines(row, table))),
    ("1.6", "number down only", lambda a, b: np.isin(b - 1, a).mean()),
    ("1.6", "number up only", lambda a, b: np.isin(b + 1, a).mean()),
    ("1.6", "count twice", lambda a, b: np.isin(b - 1, a).mean() + np.isin(b + 1, a).mean()),
    ("1.6", "not which share", lambda a, b: has_neighbour(a, b).sum()),
    ("1.6", "swapped", lambda a, b: has_neighbour(b, a).mean()),
    ("1.6", "training reviews", lambda a, b: has_neighbour(a, b).sum() / len(a)),
    ("2.1", "biases are missing", lambda d, n: d * n + n * n),
    ("2.1", "recurrent kernel", lambda d, n: d * n + n),
    ("2.1", "for each unit", lambda d, n: d * n + n * n + d),
    ("2.1", "swapped", lambda d, n: d * n + d * d + d),
    ("2.1", "LSTM", lambda d, n: 4 * (d * n + n * n + n)),
    ("2.2", "still lies inside", 1406),
    ("2.2", "reviews are whole", 1406.25),
    ("2.2", "three wide", 157),
    ("2.2", "0.25", 5625),
    ("2.2", "square", 38),
    ("2.2", "distance from 0.50", 8),
    ("2.2", "call it", lambda: 1407),
    ("2.3", "One more", 131),
    ("2.3", "round up", np.log(1e-6) / np.log(0.9)),
    ("2.3", "*to* a tenth", 6),
    ("2.3", "what is left", 10),
    ("2.3", "sign", -132),
    ("2.3", "is a `return` missing", None),
    ("2.4", "without a mask", lambda vectors, mask, *w: last_state(vectors, *w)),
    ("2.4", "skip the whole", lambda v, mask, *w: last_state(v * mask[:, np.newaxis], *w)),
    ("2.4", "first masked", lambda v, mask, *w: last_state(v[: np.argmin(mask)], *w)),
    ("2.4", "keep the one", lambda v, m, *w: last_state(v[len(m) - np.argmin(m[::-1]) :], *w)),
    ("2.5", "(mask)", knowing(0.5 + 0.01 * BY_HEART[::-1])),
    ("2.5", "more epochs", knowing(np.where(np.arange(32) < 28, BY_HEART, 1 - BY_HEART))),
    ("2.5", "has 0% of the 32", knowing(1 - BY_HEART)),
    ("2.5", "smaller steps", knowing(np.where(BY_HEART == 1, np.nan, 0.0))),
    ("2.5", "shape (32, 2)", knowing(np.stack([BY_HEART, 1 - BY_HEART], axis=1))),
    ("2.5", "type float: give the Keras model itself", 0.9),
    ("3.1", "keeps its 500", [(64, 500, 32), (64, 50), (64, 20), (64, 1)]),
    ("3.1", "no time steps left", [*SHAPES[:2], (64, 500, 20), (64, 500, 1)]),
    ("3.1", "64 of the batch", [shape[1:] for shape in SHAPES]),
    ("3.1", "3 shapes: four are wanted", SHAPES[:3]),
    ("3.1", "sigmoid unit", [*SHAPES[:3], (64,)]),
    ("3.1", "embedding: (64, 32, 500)", [(64, 32, 500), *SHAPES[1:]]),
    ("3.1", "embedding: (None, 500, 32)", [(None, *shape[1:]) for shape in SHAPES]),
    ("3.1", "list of four shapes", (64, 500, 32)),
    ("3.2", "read the layer below", lambda d, units: count_stack([d] * len(units), units)),
    ("3.2", "What is below it?", lambda d, units: count_stack([d, *units[1:]], units)),
    ("3.2", "biases", lambda d, units: count_stack([d, *units[:-1]], units, biases=0)),
    ("3.2", "top layer alone", lambda d, units: count_stack([d, *units][-2:-1], units[-1:])),
    ("3.2", "lowest layer alone", lambda d, units: count_stack([d], units[:1])),
    ("3.3", "must drop the time steps", stack_of(64, 32, 16, top=True)),
    ("3.3", "2 SimpleRNN layers", stack_of(64, 32)),
    ("3.3", "[16, 32, 64]", stack_of(16, 32, 64)),
    ("3.3", "leave the range 0 to 1", stack_of(64, 32, 16, activation="linear")),
    ("3.3", "softmax", stack_of(64, 32, 16, activation="softmax")),
    ("3.3", "LSTM: build this one", build_lstm()),
    ("3.3", "your model raised ValueError", keras.Sequential(stack_of(64, 32, 16).layers[::-1])),
    ("3.3", "one probability each", keras.Sequential(stack_of(64, 32, 16).layers[:-1])),
    ("3.3", "give the Keras model itself", keras.Sequential),
    ("3.4", "those of all layers", lambda step, last_step, layers: layers * (last_step - step + 1)),
    ("3.4", "those of all layers", lambda step, last_step, layers: layers * (last_step - step)),
    ("3.4", "way up is missing", lambda step, last_step, layers: last_step - step),
    ("3.4", "Each further layer", lambda step, last_step, layers: last_step - step + 1),
    ("3.4", "One tanh is missing", lambda step, last_step, layers: last_step - step + layers - 1),
    ("3.4", "One tanh too many", lambda step, last_step, layers: last_step - step + layers + 1),
    ("3.4", "word's step", lambda step, last_step, layers: last_step + layers),
    ("3.4", "Called with 180, 500, 1, its result is too small: 7", lambda *_: 7),
    ("3.5", "average coin", 0.5),
    ("3.5", "edge of the band", 0.5 + 3 * np.sqrt(0.25 / 500)),
    ("3.5", "one standard deviation", 0.5 + np.sqrt(0.25 / 500)),
    ("3.5", "worst", 1 - BEST_OF_20),
    ("3.5", "divide by 500", 500 * BEST_OF_20),
    ("3.5", "between 0 and 1", 100 * BEST_OF_20),
    ("3.5", "best of all coins", np.float64(0.592)),
    ("3.5", "too large: 0.99", 0.99),
    ("4.1", "One bias is missing", lambda d, n: 3 * n * (d + n + 1)),
    ("4.1", "belong to the LSTM", lambda d, n: 4 * n * (d + n + 1)),
    ("4.1", "belong to the LSTM", lambda d, n: 4 * n * (d + n + 2)),
    ("4.1", "not the candidate", lambda d, n: 2 * n * (d + n + 2)),
    ("4.1", "biases are missing", lambda d, n: 3 * n * (d + n)),
    ("4.2", "the gate f", 0.5 ** (1 / 300)),
    ("4.2", "sign", -6.07),
    ("4.2", "one half", 0),
    ("4.2", "instead of taking a root", 0.5 / 300),
    ("4.2", "instead of taking a root", -np.log(300 / 0.5 - 1)),
    ("4.2", "logarithm of f", np.log(0.5) / 300),
    ("4.3", "*kept*", partial(gru_step, mix=lambda z, old, new: (1 - z) * old + z * new)),
    ("4.3", "the candidate", partial(gru_step, mix=lambda z, old, new: new)),
    ("4.3", "order z, r, candidate", partial(gru_step, order=(1, 0, 2))),
    ("4.3", "before the matrix", partial(gru_step, reset_first=True)),
    ("4.3", "its own, bias[1]", lambda *case: gru_step(*case[:4], case[4] * [[1], [0]])),
    ("4.3", "its own, bias[0]", lambda *case: gru_step(*case[:4], case[4] * [[0], [1]])),
    ("4.4", "swapped", lambda labels, predictions: precision_and_recall(predictions, labels)),
    ("4.4", "negative", lambda *both: precision_and_recall(*(1 - part for part in both))),
    ("4.4", "accuracy", lambda labels, predictions: np.mean(labels == predictions)),
    ("4.4", "divide by all", lambda labels, predictions: [np.mean(labels * predictions)] * 2),
    ("4.4", "precision alone", lambda *both: precision_and_recall(*both)[0]),
    ("4.4", "recall alone", lambda *both: precision_and_recall(*both)[1]),
    ("4.4", "between 0 and 1", lambda *both: np.multiply(100, precision_and_recall(*both))),
    ("4.4", "A `...` is left", lambda *both: (0.5, ...)),
    ("4.5", "the best epoch", lambda losses, n: np.argmin(losses[: epochs_trained(losses, n)]) + 1),
    ("4.5", "too few", lambda losses, n: epochs_trained(losses, n) - 1),
    ("4.5", "too many", lambda losses, n: min(epochs_trained(losses, n) + 1, len(losses))),
    ("4.5", "wait `patience`", lambda losses, n: epochs_trained(losses, 1)),
    ("4.5", "Where does training stop", lambda losses, n: len(losses)),
    ("4.5", "lowest of all", lambda losses, n: losses.index(min(losses)) + 1),
    ("4.5", "Called with [0.6, 0.5, 0.55, 0.53", lambda losses, n: n - 1),
    ("4.6", "its beginning", lambda m, ids: [m(ids[None, n:])[0, 0] for n in range(len(ids))]),
    ("4.6", "each word alone", lambda model, ids: model(ids[:, np.newaxis])),
    ("4.6", "at each step", lambda model, ids: model(np.tile(ids, (len(ids), 1)))),
    ("4.6", "one for each prefix", lambda model, ids: model(ids[np.newaxis])),
    ("4.6", "last word is missing", lambda model, ids: answers_on_the_way(model, ids)[:-1]),
    ("4.6", "turned around", lambda model, ids: answers_on_the_way(model, ids)[::-1]),
]
"""Exercise, words of the hint, and the answer that gets it."""


@pytest.mark.parametrize(("exercise", "answer"), [*RIGHT.items(), *RIGHT_TOO])
def test_right_however_it_is_written(exercise: str, answer: Any, line: Callable) -> None:
    assert line(exercise, answer).startswith(f"{exercise}: right. ")


@pytest.mark.parametrize(("exercise", "words", "answer"), WRONG)
def test_wrong_with_a_hint_that_fits(
    exercise: str, words: str, answer: Any, line: Callable
) -> None:
    printed = line(exercise, answer)
    assert printed.startswith(f"{exercise}: not yet. ")
    assert words in printed


@pytest.mark.parametrize(
    "kind", [float, Decimal, Fraction, np.float32, np.array, tf.constant, keras.Variable]
)
def test_a_number_of_any_type(kind: Callable, line: Callable) -> None:
    for exercise in NUMBERS:
        assert line(exercise, kind(float(RIGHT[exercise]))).startswith(f"{exercise}: right. ")


@pytest.mark.parametrize("exercise", NUMBERS)
def test_hints_keep_the_number_to_themselves(exercise: str, line: Callable) -> None:
    right = float(RIGHT[exercise])
    tried = [-right, right - 1, right + 1, right / 2, 3 * right, [right] * 2, [[right, 0]]]
    tried += [str(right), returning(right), {right}, {right: right}, (n for n in [right]), 1e9]
    tried += [answer for name, _, answer in WRONG if name == exercise]
    told = set()
    for answer in tried:
        hint = line(exercise, answer).removeprefix(f"{exercise}: not yet. ")
        assert not hint.startswith(exercise)
        told |= {*re.findall(r"-?\d[\d,]*\.?\d*(?:e[+-]?\d+)?", hint)}
    for number in told:
        assert "not yet" in line(exercise, float(number.replace(",", ""))), number


# Untouched, unknown and hostile


@pytest.mark.parametrize("exercise", EXERCISES)
def test_not_attempted(exercise: str, line: Callable) -> None:
    functions = [lambda *_: ..., lambda *_: None] if exercise in FUNCTIONS else []
    shapes = [[...] * 4] if exercise == "3.1" else []
    for answer in (..., *functions, *shapes):
        assert line(exercise, answer) == f"{exercise}: not attempted yet."


@pytest.mark.parametrize("name", ["9.9", None, [], 1.15, "1.1.1", "\ud800\n", object], ids=ascii)
def test_unknown_exercise(name: Any, line: Callable) -> None:
    printed = line(name, 1)
    assert printed.startswith("There is no exercise ")
    assert printed.endswith('give a name from "1.1" to "4.6".')


def refuse(*_: Any) -> Any:
    """Raise an error whose name has two lines, and which cannot be printed."""
    raise type("Two\nLines", (Exception,), {"__str__": lambda _: None})


def refusing(*methods: str) -> Any:
    """Return an object that raises in the given methods."""
    return type("Refusing", (), dict.fromkeys(methods, refuse))()


def returning(value: Any) -> Callable:
    return lambda *_: value


def leave(*_: Any) -> None:
    sys.exit("bye")


def recurse(*arguments: Any) -> Any:
    return recurse(*arguments)


ITSELF: list = []
ITSELF.append(ITSELF)
NAMES = "eq repr str len call iter next getitem array bool float index class getattribute hash"
METHODS = [f"__{name}__" for name in NAMES.split()]
HOSTILE = {
    **{f"refuses {method}": refusing(method) for method in METHODS},
    "refuses all": refusing(*METHODS),
    "refuses all but the call": refusing(*{*METHODS} - {"__call__", "__class__"}),
    "exits at its text": type("Exit", (), {"__repr__": leave, "__array__": leave})(),
    "exits": leave,
    "raises": refuse,
    "recurses": recurse,
    "stops": lambda *_: next(iter(())),
    "layer": keras.layers.Dense(1),
    "model": keras.Sequential(),
    "itself": ITSELF,
    "deep": reduce(lambda inner, _: [inner], range(100_000), 1),
    "ragged": [[1], [2, 3]],
    "ragged tensor": tf.ragged.constant([[1], [2, 3]]),
    "huge range": range(10**9),
    "range without a length": range(10**30),
    "huge array": np.broadcast_to(0.0, (10**6, 10**6)),
    "huge whole number": 10**5000,
    "huge sizes": [[10**5000]] * 4,
    "endless": itertools.count(),
    "endlessly endless": (itertools.count() for _ in itertools.count()),
    "complex": 1j,
    "True": True,
    "lines": "1\n2\u2028\ud800",
    "bytes": b"1",
    "empty array": np.empty((0, 3)),
    "records": np.zeros(2, dtype="i4,f4"),
    "dates": np.array(["2026-01-01"], dtype="datetime64"),
    "masked": np.ma.masked_all(4),
}


@pytest.mark.parametrize("exercise", ["1.2", "2.1", "2.5", "3.1", "3.3", "3.5"])
def test_never_raises_for_hostile_objects(exercise: str, line: Callable) -> None:
    """One exercise of each kind; `test_never_raises` tries the others, too."""
    for name, thing in HOSTILE.items():
        for answer in (thing, returning(thing) if exercise in FUNCTIONS else [thing] * 4):
            assert line(exercise, answer).startswith(f"{exercise}: not "), name


def test_never_raises_for_a_hostile_name(line: Callable) -> None:
    for method in METHODS:
        assert line(refusing(method), 1).startswith(("There is no exercise ", "a Refusing "))


TYPES = (type(None), type(...), bool, int, float, complex, str, bytes, Fraction, Decimal)
BUILTINS = st.recursive(
    st.one_of(map(st.from_type, TYPES)),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(), inner)
        | st.builds(iter, st.lists(inner))
        | st.builds(returning, inner)
    ),
    max_leaves=8,
)


@pytest.mark.properties
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exercise=st.sampled_from(sorted({*EXERCISES} - {"2.5", "4.6"})), answer=BUILTINS)
def test_never_raises(line: Callable, exercise: str, answer: Any) -> None:
    assert line(exercise, answer).startswith(f"{exercise}: ")


def test_an_interrupt_is_not_swallowed() -> None:
    def interrupted(*_: Any) -> None:
        random.random()
        raise KeyboardInterrupt

    before = random.getstate()
    with pytest.raises(KeyboardInterrupt):
        check("2.1", interrupted)
    assert random.getstate() == before


def test_random_numbers_go_on_as_if_it_were_not_there(line: Callable) -> None:
    def following(checked: bool) -> tuple:
        set_seed(2026)
        if checked:
            for exercise, answer in RIGHT.items():
                line(exercise, answer)
        weights = keras.layers.Dense(3).kernel_initializer((2, 3))
        return random.random(), np.random.random(), np.asarray(weights).tolist()

    assert following(checked=True) == following(checked=False)


# The exercises as a whole


def test_right_and_wrong_answers_of_every_exercise_are_tried() -> None:
    assert list(RIGHT) == list(dict.fromkeys(exercise for exercise, *_ in WRONG)) == EXERCISES


def test_notebooks_and_checks_know_the_same_exercises() -> None:
    of_all = []
    for number, path in enumerate(notebooks(), start=1):
        of_readers, of_solutions = [], []
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                solution = "solution" in cell.metadata.get("tags", [])
                named = of_solutions if solution else of_readers
                named += re.findall(r'\bcheck\("([^"]*)", ', cell.source)
        assert of_readers == of_solutions
        assert len(of_readers) >= 4
        assert of_readers == [f"{number}.{place}" for place in range(1, len(of_readers) + 1)]
        of_all += of_readers
    assert of_all == EXERCISES


def test_light_to_import() -> None:
    code = "import sys, course_utils.exercises.check; print({'keras'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
