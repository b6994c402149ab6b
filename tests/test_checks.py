"""The exercises' self-checks judge rightly, give hints that fit, and never get in the way.

Every right answer is right however it is written, and every typical mistake gets a hint that fits.
An untouched exercise costs nothing. Whatever the answer is, a check prints one line and raises
nothing, and it gives no number away. The notebooks and the checks know the same exercises.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
import functools
import itertools
import random
import re
import subprocess
import sys
from typing import Any

from course_utils import get_word_index, load_imdb, set_seed
import course_utils.checks
from course_utils.checks import check
from course_utils.execute import NOTEBOOKS
import course_utils.exercises
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf

EXERCISES = list(course_utils.checks._EXERCISES)
RANK = get_word_index()


@pytest.fixture
def line(capsys: pytest.CaptureFixture) -> Callable[[Any, Any], str]:
    """Give a function that checks an answer and returns the one line that is printed."""

    def checked(exercise: Any, answer: Any) -> str:
        capsys.readouterr()
        assert check(exercise, answer) is None
        printed = capsys.readouterr().out
        assert printed.endswith("\n")
        assert len(printed.splitlines()) == 1
        return printed.strip()

    return checked


# Right answers: for each exercise, the solution of the notebook first


def pad_in_a_loop(review: list[int], maxlen: int) -> list[int]:
    row = [0] * maxlen
    for place, word in enumerate(review[max(0, len(review) - maxlen) :]):
        row[place] = word
    return row


def pad_in_place(review: list[int], maxlen: int) -> list[int]:
    del review[:-maxlen]
    review.extend([0] * (maxlen - len(review)))
    return review


def mean_in_a_loop(ids: np.ndarray, table: np.ndarray) -> list[float]:
    words = [word for word in ids if word]
    return [sum(table[word][axis] for word in words) / len(words) for axis in range(table.shape[1])]


def cosines(row: int, table: np.ndarray) -> np.ndarray:
    directions = table / np.linalg.norm(table, axis=1, keepdims=True)
    return directions @ directions[row]


def nearest_in_a_loop(row: int, table: np.ndarray) -> int:
    score = cosines(row, table)
    return max((other for other in range(len(table)) if other != row), key=score.__getitem__)


def last_state(
    vectors: np.ndarray, kernel: np.ndarray, recurrent_kernel: np.ndarray, bias: np.ndarray
) -> np.ndarray:
    state = np.zeros(len(bias))
    for vector in vectors:
        state = np.tanh(vector @ kernel + state @ recurrent_kernel + bias)
    return state


def masked_state_with_where(vectors: np.ndarray, mask: np.ndarray, *weights: np.ndarray) -> list:
    kernel, recurrent_kernel, bias = weights
    state = np.zeros((1, len(bias)))
    for vector, word in zip(vectors, mask, strict=True):
        state = np.where(word, np.tanh(vector @ kernel + state @ recurrent_kernel + bias), state)
    return state.tolist()


def keras_parameters(layer: keras.layers.Layer, inputs: int) -> int:
    return keras.Sequential([keras.Input((None, inputs)), layer]).count_params()


def count_stack_in_a_loop(d: int, units: list[int]) -> int:
    total = 0
    while units:
        n = units.pop(0)
        total, d = total + n * (d + n + 1), n
    return total


def gru_step(
    word_vector: np.ndarray,
    state: np.ndarray,
    kernel: np.ndarray,
    recurrent_kernel: np.ndarray,
    bias: np.ndarray,
    order: tuple[int, int, int] = (0, 1, 2),
    mix: Callable = lambda z, state, candidate: z * state + (1 - z) * candidate,
) -> np.ndarray:
    word = np.split(word_vector @ kernel + bias[0], 3)
    old = np.split(state @ recurrent_kernel + bias[1], 3)
    z, r, candidate = order
    z, r = (1 / (1 + np.exp(-word[gate] - old[gate])) for gate in (z, r))
    return mix(z, state, np.tanh(word[candidate] + r * old[candidate]))


def keras_gru(word_vector: np.ndarray, state: np.ndarray, *weights: np.ndarray) -> Any:
    layer = keras.layers.GRU(len(state))
    layer.build((1, 1, len(word_vector)))
    layer.set_weights(weights)
    return layer(word_vector[np.newaxis, np.newaxis], initial_state=state[np.newaxis])


def reset_before_the_matrix(
    word_vector: np.ndarray, state: np.ndarray, kernel: np.ndarray, *weights: np.ndarray
) -> np.ndarray:
    recurrent_kernel, bias = weights
    n = len(state)
    word = word_vector @ kernel + bias[0]
    z, r = (
        1 / (1 + np.exp(-word[part] - state @ recurrent_kernel[:, part] - bias[1, part]))
        for part in (slice(n), slice(n, 2 * n))
    )
    new = np.tanh(word[2 * n :] + (r * state) @ recurrent_kernel[:, 2 * n :] + bias[1, 2 * n :])
    return z * state + (1 - z) * new


def precision_and_recall(labels: np.ndarray, predictions: np.ndarray) -> tuple[float, float]:
    found = np.sum((labels == 1) & (predictions == 1))
    return found / np.sum(predictions == 1), found / np.sum(labels == 1)


def counted_precision_and_recall(labels: np.ndarray, predictions: np.ndarray) -> list[Fraction]:
    pairs = list(zip(labels.tolist(), predictions.tolist(), strict=True))
    found = pairs.count((1, 1))
    return [
        Fraction(found, found + pairs.count((0, 1))),
        Fraction(found, found + pairs.count((1, 0))),
    ]


def epochs_trained(losses: list[float], patience: int) -> int:
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            return epoch + 1
    return len(losses)


def epochs_in_one_expression(losses: list[float], patience: int) -> int:
    waited = (epoch - np.argmin(losses[:epoch]) - 1 for epoch in range(1, len(losses) + 1))
    return next((n + 1 for n, epochs in enumerate(waited) if epochs == patience), len(losses))


def answers_on_the_way(model: keras.Model, ids: np.ndarray) -> list[float]:
    prefixes = (ids[np.newaxis, : step + 1] for step in range(len(ids)))
    return [float(model(prefix)[0, 0]) for prefix in prefixes]


def answers_in_one_batch(model: keras.Model, ids: np.ndarray) -> Any:
    return model(np.tril(np.tile(ids, (len(ids), 1))))


FREQUENT_IDS = {word: rank + 3 for word, rank in RANK.items() if rank + 3 < 5000}
SHAPES = [(64, 500, 32), (64, 500, 50), (64, 20), (64, 1)]
BIAS = -np.log(2 ** (1 / 300) - 1)
BEST_OF_20 = np.random.default_rng(7).binomial(500, 0.5, (1000, 20)).max(axis=1).mean() / 500

RIGHT: dict[str, dict[str, Any]] = {
    "1.1": {
        "solution": lambda word: n if (n := RANK.get(word, 5000) + 3) < 5000 else 2,
        "partial": functools.partial(lambda ids, word: ids.get(word, 2), FREQUENT_IDS),
        "array": lambda word: np.array([FREQUENT_IDS.get(word, 2)]),
    },
    "1.2": {"solution": 467, "0-d array": np.array(467)},
    "1.3": {
        "solution": lambda review, n: review[-n:] + [0] * (n - len(review[-n:])),
        "loop": pad_in_a_loop,
        "in place": pad_in_place,
        "keras": lambda review, n: keras.utils.pad_sequences([review], n, padding="post"),
    },
    "1.4": {
        "solution": lambda ids, table: table[ids[ids != 0]].mean(axis=0),
        "loop": mean_in_a_loop,
        "matrix product": lambda ids, table: (ids != 0) @ table[ids] / np.count_nonzero(ids),
        "tensor": lambda ids, table: tf.reduce_mean(tf.gather(table, ids[ids > 0]), axis=0),
    },
    "1.5": {
        "solution": lambda row, t: np.argmax(
            np.where(np.arange(len(t)) == row, -2, cosines(row, t))
        ),
        "loop": nearest_in_a_loop,
        "second best": lambda row, table: np.argsort(cosines(row, table))[-2],
    },
    "1.6": {
        "solution": lambda a, b: np.mean(np.isin(b + 1, a) | np.isin(b - 1, a)),
        "sets": lambda a, b: Fraction(
            len(set(b.tolist()) & {n + step for n in a.tolist() for step in (-1, 1)}), len(b)
        ),
        "differences": lambda a, b: (abs(np.subtract.outer(a, b)) == 1).any(axis=0).mean(),
    },
    "2.1": {
        "solution": lambda d, n: d * n + n * n + n,
        "sizes": lambda d, n: np.ones((d + n + 1, n)).sum(),
        "keras": lambda d, n: keras_parameters(keras.layers.SimpleRNN(n), d),
    },
    "2.2": {"solution": np.ceil(0.25 * (3 / 0.04) ** 2), "int": 1407},
    "2.3": {"solution": int(np.ceil(np.log(1e-6) / np.log(0.9))), "uint8": np.uint8(132)},
    "2.4": {
        "solution": lambda vectors, mask, *weights: last_state(vectors[mask], *weights),
        "where": masked_state_with_where,
    },
    "3.1": {
        "solution": SHAPES,
        "lists": [list(shape) for shape in SHAPES],
        "arrays": tuple(map(np.array, SHAPES)),
        "tensor shapes": [tf.TensorShape(shape) for shape in SHAPES],
        "floats": [tuple(map(float, shape)) for shape in SHAPES],
    },
    "3.2": {
        "solution": lambda d, units: sum(
            n * (below + n + 1) for below, n in zip([d, *units[:-1]], units, strict=True)
        ),
        "loop that empties the list": count_stack_in_a_loop,
        "arrays": lambda d, units: np.dot(units, np.add(units, [d, *units[:-1]]) + 1.0),
    },
    "3.4": {
        "solution": lambda step, last_step, layers: last_step - step + layers,
        "moves": lambda step, last_step, layers: len([*range(step, last_step), *range(layers)]),
    },
    "3.5": {"solution": BEST_OF_20, "three decimals": round(BEST_OF_20, 3)},
    "4.1": {
        "solution": lambda d, n: 3 * (d * n + n * n + 2 * n),
        "float": lambda d, n: 3.0 * n * (d + n + 2),
        "keras": lambda d, n: keras_parameters(keras.layers.GRU(n), d),
    },
    "4.2": {"solution": BIAS, "two decimals": round(BIAS, 2)},
    "4.3": {"solution": gru_step, "keras": keras_gru},
    "4.4": {
        "solution": precision_and_recall,
        "counting": counted_precision_and_recall,
        "array": lambda *both: np.array(precision_and_recall(*both)).reshape(2, 1),
    },
    "4.5": {"solution": epochs_trained, "one expression": epochs_in_one_expression},
    "4.6": {"solution": answers_on_the_way, "one batch": answers_in_one_batch},
}

FUNCTIONS = [name for name, answers in RIGHT.items() if callable(answers["solution"])]
NUMBERS = ["1.2", "2.2", "2.3", "3.5", "4.2"]

# Wrong answers: for each exercise, words of the hint and the answer that gets it

WRONG: dict[str, dict[str, Any]] = {
    "1.1": {
        "rank shifted by 3": lambda word: RANK.get(word, 2),
        "wrong way": lambda word: RANK[word] - 3 if word in RANK else 2,
        "What becomes of words": lambda word: RANK.get(word, -1) + 3,
        "limits the id": lambda word: RANK[word] + 3 if RANK.get(word, 5000) < 5000 else 2,
        "5,000 itself": lambda word: RANK[word] + 3 if RANK.get(word, 5000) <= 4997 else 2,
        "KeyError: 'qwrtzpsd'": lambda word: RANK[word] + 3 if RANK[word] < 4997 else 2,
        "Called with 'the', its result is too large: 7": lambda word: 7,
        "type int: give the function itself": 4,
    },
    "1.2": {
        "cuts 90 %": 93,
        "exactly maxlen": 468,
        "of the longest": 0.9 * 2494,
        "the median": 178,
        "too small": 437,
        "too large: 500": 500,
        "leave the quotes away": "460",
        "shape (2,) where a single number": [467, 467],
        "not finite": np.nan,
    },
    "1.3": {
        "lose their end": lambda review, n: (review + [0] * n)[:n],
        "zeros go behind": lambda review, n: ([0] * n + review)[-n:],
        "Both sides are swapped": lambda review, n: [0] * (n - len(review)) + review[:n],
        "not filled": lambda review, n: review[-n:],
        "not cut": lambda review, n: review + [0] * (n - len(review)),
        "wrong in 2 of 4 numbers; the one at [2] is too large: 1": (
            lambda review, n: (review[-n:] + [1] * n)[:n]
        ),
        "is a `return` missing": lambda review, n: review.append(0),
        "raised TypeError": lambda review: review,
        "put list(...) around": lambda review, n: iter(review),
        "leave the quotes away": lambda review, n: str(review),
    },
    "1.4": {
        "zeros are in the mean": lambda ids, table: table[ids].mean(axis=0),
        "divide by": lambda ids, table: table[ids[ids != 0]].sum(axis=0) / len(ids),
        "the sum": lambda ids, table: table[ids[ids != 0]].sum(axis=0),
        "other axis": lambda ids, table: table[ids[ids != 0]].mean(axis=1),
        "a single number where an array of shape (5,)": lambda ids, table: table[ids].mean(),
        "shape (6, 5)": lambda ids, table: table[ids],
        "wrong in 5 of 5": lambda ids, table: np.median(table[ids[ids != 0]], axis=0),
    },
    "1.5": {
        "itself": lambda row, table: np.argmax(cosines(row, table)),
        "dot product": lambda row, t: max({*range(40)} - {row}, key=lambda i: t[i] @ t[row]),
        "smallest distance": lambda row, table: np.argsort(
            np.linalg.norm(table - table[row], axis=1)
        )[1],
        "*largest*": lambda row, table: np.argmin(cosines(row, table)),
        "shape (3,) where a single number": lambda row, table: table[row],
        "too small: -1": lambda row, table: -1,
    },
    "1.6": {
        "number down only": lambda a, b: np.isin(b - 1, a).mean(),
        "number up only": lambda a, b: np.isin(b + 1, a).mean(),
        "count twice": lambda a, b: np.isin(b - 1, a).mean() + np.isin(b + 1, a).mean(),
        "not which share": lambda a, b: (np.isin(b - 1, a) | np.isin(b + 1, a)).sum(),
        "swapped": lambda a, b: (np.isin(a - 1, b) | np.isin(a + 1, b)).mean(),
        "training reviews": lambda a, b: (np.isin(b - 1, a) | np.isin(b + 1, a)).sum() / len(a),
        "too small: 0": lambda a, b: np.isin(b, a).mean(),
    },
    "2.1": {
        "biases are missing": lambda d, n: d * n + n * n,
        "recurrent kernel": lambda d, n: d * n + n,
        "for each unit": lambda d, n: d * n + n * n + d,
        "swapped": lambda d, n: d * n + d * d + d,
        "LSTM": lambda d, n: 4 * (d * n + n * n + n),
        "too large": lambda d, n: 500 * (d * n + n * n + n),
        "give the function itself": 13300,
    },
    "2.2": {
        "still lies inside": 1406,
        "reviews are whole": 1406.25,
        "three wide": 157,
        "0.25": 5625,
        "square": 38,
        "distance from 0.50": 8,
        "too small: 1000": 1000,
        "too large: 5000": 5000,
        "call it": lambda: 1407,
    },
    "2.3": {
        "One more": 131,
        "round up": np.log(1e-6) / np.log(0.9),
        "*to* a tenth": 6,
        "what is left": 10,
        "sign": -132,
        "too large: 320": 320,
        "is a `return` missing": None,
    },
    "2.4": {
        "without a mask": lambda vectors, mask, *weights: last_state(vectors, *weights),
        "skip the whole": lambda vectors, mask, *w: last_state(vectors * mask[:, np.newaxis], *w),
        "first masked step": lambda vectors, mask, *w: last_state(vectors[: np.argmin(mask)], *w),
        "keep the one before": lambda vectors, mask, *weights: last_state(
            vectors[len(mask) - np.argmin(mask[::-1]) :], *weights
        ),
        "wrong in": lambda vectors, mask, *weights: last_state(vectors[mask][::-1], *weights),
        "shape": lambda vectors, mask, *weights: vectors[mask],
    },
    "3.1": {
        "keeps its 500": [(64, 500, 32), (64, 50), (64, 20), (64, 1)],
        "no time steps left": [*SHAPES[:2], (64, 500, 20), (64, 500, 1)],
        "64 of the batch": [shape[1:] for shape in SHAPES],
        "3 shapes: four are wanted": SHAPES[:3],
        "sigmoid unit": [*SHAPES[:3], (64,)],
        "embedding: (64, 32, 500)": [(64, 32, 500), *SHAPES[1:]],
        "embedding: (None, 500, 32)": [(None, *shape[1:]) for shape in SHAPES],
        "list of four shapes": (64, 500, 32),
    },
    "3.2": {
        "read the layer below": lambda d, units: sum(n * (d + n + 1) for n in units),
        "What is below it?": lambda d, units: (
            units[0] * (d + units[0] + 1) + sum(n * (n + n + 1) for n in units[1:])
        ),
        "biases": lambda d, units: sum(
            n * (below + n) for below, n in zip([d, *units], units, strict=False)
        ),
        "top layer alone": lambda d, units: units[-1] * ([d, *units][-2] + units[-1] + 1),
        "lowest layer alone": lambda d, units: units[0] * (d + units[0] + 1),
        "shape (2,) where a single number": lambda d, units: [d, units[0]],
        "raised TypeError": lambda d, units: d * (d + units),
    },
    "3.4": {
        "not all of them": lambda step, last_step, layers: layers * (last_step - step + 1),
        "not those of all layers": lambda step, last_step, layers: layers * (last_step - step),
        "way up is missing": lambda step, last_step, layers: last_step - step,
        "Each further layer": lambda step, last_step, layers: last_step - step + 1,
        "One tanh is missing": lambda step, last_step, layers: last_step - step + layers - 1,
        "One tanh too many": lambda step, last_step, layers: last_step - step + layers + 1,
        "word's step": lambda step, last_step, layers: last_step + layers,
        "Called with 180, 500, 1, its result is too small: 7": lambda *_: 7,
    },
    "3.5": {
        "average coin": 0.5,
        "edge of the band": 0.5 + 3 * np.sqrt(0.25 / 500),
        "one standard deviation": 0.5 + np.sqrt(0.25 / 500),
        "worst": 1 - BEST_OF_20,
        "divide by 500": 500 * BEST_OF_20,
        "between 0 and 1": 100 * BEST_OF_20,
        "best of all coins": np.float64(0.592),
        "too large: 0.99": 0.99,
    },
    "4.1": {
        "One bias is missing": lambda d, n: 3 * n * (d + n + 1),
        "the LSTM's number": lambda d, n: keras_parameters(keras.layers.LSTM(n), d),
        "belong to the LSTM": lambda d, n: 4 * n * (d + n + 2),
        "not the candidate": lambda d, n: 2 * n * (d + n + 2),
        "biases are missing": lambda d, n: 3 * n * (d + n),
        "too small": lambda d, n: n * (d + n + 2),
    },
    "4.2": {
        "the gate f": 0.5 ** (1 / 300),
        "sign": -6.07,
        "one half": 0,
        "instead of taking a root": 0.5 / 300,
        "logarithm of f": np.log(0.5) / 300,
        "too small: 3": 3,
        "too large: 60.7": 60.7,
    },
    "4.3": {
        "z is what is *kept*": functools.partial(
            gru_step, mix=lambda z, state, new: (1 - z) * state + z * new
        ),
        "the candidate": functools.partial(gru_step, mix=lambda z, state, new: new),
        "order z, r, candidate": functools.partial(gru_step, order=(1, 0, 2)),
        "before the matrix": reset_before_the_matrix,
        "the state has its own, bias[1]": lambda *case: gru_step(*case[:4], case[4] * [[1], [0]]),
        "the word has its own, bias[0]": lambda *case: gru_step(*case[:4], case[4] * [[0], [1]]),
        "raised TypeError": lambda word_vector, state: state,
        "wrong in 4 of 4": functools.partial(gru_step, order=(2, 1, 0)),
    },
    "4.4": {
        "swapped": lambda labels, predictions: precision_and_recall(predictions, labels),
        "negative": lambda labels, predictions: precision_and_recall(1 - labels, 1 - predictions),
        "accuracy": lambda labels, predictions: np.mean(labels == predictions),
        "divide by all": lambda labels, predictions: [np.mean(labels * predictions)] * 2,
        "precision alone": lambda *both: precision_and_recall(*both)[0],
        "recall alone": lambda *both: precision_and_recall(*both)[1],
        "between 0 and 1": lambda *both: [100 * share for share in precision_and_recall(*both)],
        "not finite": lambda labels, predictions: np.zeros(2) / 0,
    },
    "4.5": {
        "the best epoch": lambda losses, patience: (
            losses.index(min(losses[: epochs_trained(losses, patience)])) + 1
        ),
        "too few": lambda losses, patience: epochs_trained(losses, patience) - 1,
        "too many": lambda losses, patience: min(epochs_trained(losses, patience) + 1, len(losses)),
        "wait `patience`": lambda losses, patience: epochs_trained(losses, 1),
        "Where does training stop": lambda losses, patience: len(losses),
        "lowest of all": lambda losses, patience: losses.index(min(losses)) + 1,
        "shape": lambda losses, patience: losses,
        "Called with [0.6, 0.5, 0.55, 0.53": lambda losses, patience: patience - 1,
    },
    "4.6": {
        "Start at its beginning": lambda model, ids: [
            model(ids[np.newaxis, step:])[0, 0] for step in range(len(ids))
        ],
        "each word alone": lambda model, ids: model(ids[:, np.newaxis]),
        "at each step": lambda model, ids: model(np.tile(ids, (len(ids), 1))),
        "one for each prefix": lambda model, ids: model(ids[np.newaxis]),
        "last word is missing": lambda model, ids: answers_on_the_way(model, ids)[:-1],
        "turned around": lambda model, ids: answers_on_the_way(model, ids)[::-1],
        "raised": lambda model, ids: model(ids[0]),
        "generator": lambda model, ids: (model(ids[np.newaxis]) for _ in ids),
        "wrong in": lambda model, ids: np.zeros(len(ids)),
    },
}


def table(answers: dict[str, dict[str, Any]]) -> list:
    """Make parameters of exercise, name and answer, with readable ids."""
    return [
        pytest.param(exercise, name, answer, id=f"{exercise}-{name}")
        for exercise, named in answers.items()
        for name, answer in named.items()
    ]


@pytest.mark.parametrize(("exercise", "name", "answer"), table(RIGHT))
def test_right_however_it_is_written(exercise: str, name: str, answer: Any, line: Callable) -> None:
    assert line(exercise, answer).startswith(f"{exercise}: right. ")


@pytest.mark.parametrize("exercise", NUMBERS)
@pytest.mark.parametrize(
    "kind",
    [float, Decimal, Fraction, np.float32, np.array, tf.constant, keras.Variable, str],
    ids=lambda kind: kind.__name__,
)
def test_a_number_of_any_type(exercise: str, kind: Callable, line: Callable) -> None:
    answer = kind(float(RIGHT[exercise]["solution"]))
    verdict = "not yet. There is text" if kind is str else "right. "
    assert line(exercise, answer).startswith(f"{exercise}: {verdict}")


@pytest.mark.parametrize(("exercise", "words", "answer"), table(WRONG))
def test_wrong_with_a_hint_that_fits(
    exercise: str, words: str, answer: Any, line: Callable
) -> None:
    printed = line(exercise, answer)
    assert printed.startswith(f"{exercise}: not yet. ")
    assert words in printed


def test_shortest_maxlen_by_counting() -> None:
    lengths = [len(review) for review in load_imdb()[0]]
    shortest = RIGHT["1.2"]["solution"]
    assert sum(length <= shortest for length in lengths) >= 0.9 * len(lengths)
    assert sum(length < shortest for length in lengths) < 0.9 * len(lengths)


# Models: exercises 2.5 and 3.3


class Knowing(keras.Model):
    """Gives the answers it was told, whatever it reads."""

    def __init__(self, answers: np.ndarray) -> None:
        super().__init__()
        self.answers = answers

    def call(self, ids: Any) -> Any:
        """Give the answers it was told."""
        return keras.ops.convert_to_tensor(self.answers)


@functools.cache
def labels_by_heart() -> np.ndarray:
    reviews, labels = load_imdb(num_words=5000)
    return labels[[len(review) <= 100 for review in reviews]][:32].astype(np.float32)


@pytest.mark.parametrize("shape", [(32,), (32, 1)], ids=str)
def test_a_model_that_learned_by_heart(shape: tuple, line: Callable) -> None:
    answers = 0.2 + 0.6 * labels_by_heart()
    answers[:2] = 1 - answers[:2]  # 30 of 32 are more than nine in ten
    assert line("2.5", Knowing(answers.reshape(shape))).startswith("2.5: right. ")


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("(mask)", lambda labels: 0.5 + 0.01 * labels[::-1]),
        ("more epochs", lambda labels: np.where(np.arange(32) < 28, labels, 1 - labels)),
        ("has 0% of the 32", lambda labels: 1 - labels),
        ("smaller steps", lambda labels: np.where(labels == 1, np.nan, 0.0)),
        ("shape (32, 2)", lambda labels: np.stack([labels, 1 - labels], axis=1)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_that_did_not(words: str, answers: Callable, line: Callable) -> None:
    printed = line("2.5", Knowing(answers(labels_by_heart())))
    assert printed.startswith("2.5: not yet. ")
    assert words in printed


def layers_of(
    *units: int,
    kind: type = keras.layers.SimpleRNN,
    top: bool = False,
    activation: str = "sigmoid",
    ids: int = 5000,
) -> list[keras.layers.Layer]:
    """Make an embedding, recurrent layers and a unit; top: the last one keeps its sequence, too."""
    recurrent = [kind(n, return_sequences=True) for n in units[:-1]]
    last = kind(units[-1], return_sequences=top)
    unit = keras.layers.Dense(1, activation=activation)
    return [keras.layers.Embedding(ids, 32), *recurrent, last, unit]


def functional_model() -> keras.Model:
    ids = keras.Input((None,), dtype="int32")
    return keras.Model(ids, functools.reduce(lambda x, layer: layer(x), layers_of(64, 32, 16), ids))


@pytest.mark.parametrize(
    "build",
    [lambda: keras.Sequential(layers_of(64, 32, 16)), functional_model],
    ids=["sequential", "functional"],
)
def test_three_layers_however_they_are_built(build: Callable, line: Callable) -> None:
    assert line("3.3", build()).startswith("3.3: right. ")


@pytest.mark.parametrize(
    ("words", "layers"),
    {
        "must drop the time steps": lambda: layers_of(64, 32, 16, top=True),
        "2 SimpleRNN layers": lambda: layers_of(64, 32),
        "[16, 32, 64]": lambda: layers_of(16, 32, 64),
        "leave the range 0 to 1": lambda: layers_of(64, 32, 16, activation="linear"),
        "softmax": lambda: layers_of(64, 32, 16, activation="softmax"),
        "LSTM: build this one": lambda: layers_of(64, 32, 16, kind=keras.layers.LSTM),
        "your model raised ValueError": lambda: layers_of(64, 32, 16)[::-1],
        "one probability each": lambda: layers_of(64, 32, 16)[:-1],
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_three_layers_gone_wrong(words: str, layers: Callable, line: Callable) -> None:
    printed = line("3.3", keras.Sequential(layers()))
    assert printed.startswith("3.3: not yet. ")
    assert words in printed


@pytest.mark.parametrize("exercise", ["2.5", "3.3"])
@pytest.mark.parametrize("answer", [0.9, keras.Sequential], ids=["accuracy", "class"])
def test_no_model(exercise: str, answer: Any, line: Callable) -> None:
    assert line(exercise, answer).endswith("give the Keras model itself.")


# Untouched, unknown and hostile


def untouched(*_: Any) -> Any:
    return ...


def returning_none(*_: Any) -> None:
    return None


def docstring_only(*_: Any) -> None:
    """Say what it will do."""


@pytest.mark.parametrize("exercise", EXERCISES)
def test_not_attempted(exercise: str, line: Callable) -> None:
    assert line(exercise, ...) == f"{exercise}: not attempted yet."


@pytest.mark.parametrize("exercise", FUNCTIONS)
@pytest.mark.parametrize("answer", [untouched, returning_none, docstring_only])
def test_function_not_attempted(exercise: str, answer: Callable, line: Callable) -> None:
    assert line(exercise, answer) == f"{exercise}: not attempted yet."


def test_partly_attempted(line: Callable) -> None:
    assert line("3.1", [...] * 4) == "3.1: not attempted yet."
    assert "A `...` is left" in line("4.4", lambda *_: (0.5, ...))


@pytest.mark.parametrize("name", ["9.9", None, [], 1.15, "1.1.1", "\ud800\n", object], ids=ascii)
def test_unknown_exercise(name: Any, line: Callable) -> None:
    printed = line(name, 1)
    assert printed.startswith("There is no exercise ")
    assert printed.endswith('give a name from "1.1" to "4.6".')


class UnprintableError(Exception):
    """Refuses to say what it is about."""

    def __str__(self) -> str:
        raise RuntimeError("no")


def refuse(*_: Any) -> Any:
    raise UnprintableError


def refusing(*methods: str) -> Any:
    """Make an object that raises in the given methods."""
    return type("Refusing", (), dict.fromkeys(methods, refuse))()


def returning(value: Any) -> Callable:
    return lambda *_: value


def leave(*_: Any) -> None:
    sys.exit("bye")


def recurse(*arguments: Any) -> Any:
    return recurse(*arguments)


def containing_itself() -> list:
    thing: list = []
    thing.append(thing)
    return thing


NAMES = "eq repr str len call iter next getitem array bool float index class getattribute hash"
METHODS = [f"__{name}__" for name in NAMES.split()]
HOSTILE = {
    **{f"refuses {method}": refusing(method) for method in METHODS},
    "refuses all": refusing(*METHODS),
    "refuses all but the call": refusing(*{*METHODS} - {"__call__", "__class__"}),
    "exits at its text": type("Exit", (), {"__repr__": leave, "__array__": leave})(),
    "exits": leave,
    "recurses": recurse,
    "divides by zero": lambda *_: 1 / 0,
    "no argument": lambda: 1,
    "named argument": lambda *, needed: needed,
    "stops": lambda *_: next(iter(())),
    "class": dict,
    "layer": keras.layers.Dense(1),
    "model": keras.Sequential(),
    "itself": containing_itself(),
    "deep": functools.reduce(lambda inner, _: [inner], range(100_000), 1),
    "ragged": [[1], [2, 3]],
    "ragged tensor": tf.ragged.constant([[1], [2, 3]]),
    "huge range": range(10**9),
    "range without a length": range(10**30),
    "huge array": np.broadcast_to(0.0, (10**6, 10**6)),
    "huge whole number": 10**5000,
    "huge sizes": [[10**5000]] * 4,
    "endless": itertools.count(),
    "endlessly endless": (itertools.count() for _ in itertools.count()),
    "nan": np.nan,
    "inf": -np.inf,
    "complex": 1j,
    "None": None,
    "True": True,
    "text": "nan",
    "lines": "1\n2\u2028\ud800",
    "bytes": b"1",
    "empty": [],
    "empty array": np.empty((0, 3)),
    "records": np.zeros(2, dtype="i4,f4"),
    "dates": np.array(["2026-01-01"], dtype="datetime64"),
    "masked": np.ma.masked_all(4),
    "set": {1, 2},
    "dict": {"a": 1},
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_never_raises_for_hostile_objects(exercise: str, line: Callable) -> None:
    for name, thing in HOSTILE.items():
        for answer in (thing, returning(thing) if exercise in FUNCTIONS else [thing] * 4):
            printed = line(exercise, answer)
            assert printed.startswith(f"{exercise}: not "), name


@pytest.mark.parametrize("method", METHODS)
def test_never_raises_for_a_hostile_name(method: str, line: Callable) -> None:
    assert line(refusing(method), 1).startswith(("There is no exercise ", "a Refusing "))


BUILTINS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
    | st.fractions()
    | st.decimals()
    | st.just(...),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.sets(st.integers())
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


@pytest.mark.parametrize("exercise", ["1.4", "2.1", "2.4", "3.2", "4.1", "4.3", "4.6"])
def test_random_numbers_go_on_as_if_it_were_not_there(exercise: str, line: Callable) -> None:
    def following(checked: bool) -> tuple:
        set_seed(2026)
        if checked:
            line(exercise, RIGHT[exercise]["solution"])
        weights = keras.layers.Dense(3).kernel_initializer((2, 3))
        return random.random(), np.random.random(), np.asarray(weights).tolist()

    assert following(checked=True) == following(checked=False)


@pytest.mark.parametrize("exercise", NUMBERS)
def test_hints_keep_the_number_to_themselves(exercise: str, line: Callable) -> None:
    right = float(RIGHT[exercise]["solution"])
    tried = [-right, right - 1, right + 1, right / 2, 3 * right, [right] * 2, [[right, 0]]]
    tried += [str(right), returning(right), {right}, {right: right}, (n for n in [right]), 1e9]
    for answer in [*WRONG[exercise].values(), *tried]:
        hint = line(exercise, answer).removeprefix(f"{exercise}: not yet. ")
        assert not hint.startswith(exercise)
        for number in re.findall(r"-?\d[\d,]*\.?\d*(?:e[+-]?\d+)?", hint):
            value = float(number.replace(",", ""))
            assert "not yet" in line(exercise, value), f"{answer!r} gets: {hint}"


# The exercises as a whole


def test_enough_answers_are_tried() -> None:
    models = {"2.5", "3.3"}
    assert {*RIGHT} == {*WRONG} == {*EXERCISES} - models
    assert min(map(len, RIGHT.values())) >= 2
    assert min(map(len, WRONG.values())) >= 6


def test_notebooks_and_checks_know_the_same_exercises() -> None:
    named = []
    for number, path in enumerate(sorted(NOTEBOOKS.glob("*.ipynb")), start=1):
        cells = nbformat.read(path, as_version=4).cells
        sources = {True: "", False: ""}
        for cell in cells:
            if cell.cell_type == "code":
                sources["solution" in cell.metadata.get("tags", [])] += cell.source + "\n"
        of_readers, of_solutions = (
            re.findall(r'\bcheck\("([^"]*)", ', sources[solution]) for solution in (False, True)
        )
        assert of_readers == of_solutions
        assert len(of_readers) >= 4
        assert of_readers == [f"{number}.{place}" for place in range(1, len(of_readers) + 1)]
        named += of_readers
    assert named == EXERCISES


@pytest.mark.parametrize("module", ["checks", "exercises"])
def test_light_to_import(module: str) -> None:
    code = f"import sys, course_utils.{module}; print({{'keras', 'tensorflow'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
