"""The checks of the exercises judge rightly, give fitting hints, and never raise or disturb."""

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

from course_utils import (
    build_lstm,
    check,
    get_word_index,
    load_imdb,
    set_seed,
)
from course_utils.exercises.check import exercise_names, verdict
from course_utils.exercises.judging import EXERCISES as ENTERED
import keras
import numpy as np
import pytest
import tensorflow as tf

EXERCISES = [
    name
    for name in exercise_names()
    if ENTERED[name].find_hint.__module__.startswith("course_utils.exercises.notebook_")
]
"""Those of `notebook_….py`; experiments and questions have tests of their own."""


def line(exercise: Any, answer: Any) -> str:
    """Return the verdict on an answer: one line that every terminal can show."""
    text = verdict(exercise, answer)
    assert len(text.splitlines()) == 1
    assert text.encode()
    return text


def test_check_prints_the_verdict(capsys: pytest.CaptureFixture) -> None:
    assert check("2.2", 1407) is None
    assert capsys.readouterr().out == verdict("2.2", 1407) + "\n"


def cosines(row: int, table: np.ndarray) -> np.ndarray:
    directions = table / np.linalg.norm(table, axis=1, keepdims=True)
    return directions @ directions[row]


def last_state(vectors: np.ndarray, *weights: np.ndarray) -> np.ndarray:
    kernel, recurrent_kernel, bias = weights
    state = np.zeros(len(bias))
    for vector in vectors:
        state = np.tanh(vector @ kernel + state @ recurrent_kernel + bias)
    return state


def gru_step(
    *case: np.ndarray,
    order: tuple[int, int, int] = (0, 1, 2),
    mix: Callable = lambda z, old, new: z * old + (1 - z) * new,
    reset_first: bool = False,
) -> np.ndarray:
    word_vector, state, kernel, recurrent_kernel, bias = case
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


class SimpleRNN(keras.layers.SimpleRNN):
    """A layer with a name that is not its own, and answers that come from nowhere."""

    def call(
        self,
        sequences: tf.Tensor,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> tf.Tensor:
        """Give random states, of the right shape."""
        result = super().call(sequences, initial_state, mask, training)
        return tf.random.uniform(tf.shape(result))


def stack_of(
    *units: int,
    top: bool = False,
    activation: str = "sigmoid",
    vectors: int = 32,
    layer: type = keras.layers.SimpleRNN,
) -> keras.Model:
    """Stack an embedding, recurrent layers and a unit; top: the last keeps its sequence, too."""
    recurrent = [layer(n, return_sequences=True) for n in units[:-1]]
    last = layer(units[-1], return_sequences=top)
    unit = keras.layers.Dense(1, activation=activation)
    return keras.Sequential([keras.layers.Embedding(5000, vectors), *recurrent, last, unit])


def knowing(answers: np.ndarray) -> keras.Model:
    """Return a model with a SimpleRNN that gives these answers, whatever it reads."""
    recurrent = [keras.layers.Embedding(5000, 2), keras.layers.SimpleRNN(2)]
    return keras.Sequential([*recurrent, keras.layers.Lambda(lambda _: tf.constant(answers))])


RANK = get_word_index()
REVIEWS, LABELS = load_imdb()
LENGTHS = np.array([len(review) for review in REVIEWS])
SHORT = np.flatnonzero(LENGTHS <= 100)[:32]
BY_HEART = LABELS[SHORT].astype(np.float32)
MOST_BY_HEART = np.where(np.arange(32) < 2, 1 - BY_HEART, BY_HEART)
"""30 of 32 are more than nine in ten."""
SHAPES = [(64, 500, 32), (64, 500, 50), (64, 20), (64, 1)]
BEST_OF_20 = np.random.default_rng(7).binomial(500, 0.5, (1000, 20)).max(axis=1).mean() / 500

RIGHT: dict[str, Any] = {
    "1.1": lambda word: n if (n := RANK.get(word, 5000) + 3) < 5000 else 2,
    "1.3": lambda review, n: review[-n:] + [0] * (n - len(review[-n:])),
    "1.4": lambda ids, table: table[ids[ids != 0]].mean(axis=0),
    "1.5": lambda row, table: np.argsort(cosines(row, table))[-2],
    "1.6": lambda a, b: np.isin(b, a).mean(),
    "2.2": np.ceil(0.25 * (3 / 0.04) ** 2),
    "2.4": lambda vectors, mask, *weights: last_state(vectors[mask], *weights),
    "2.5": knowing(0.2 + 0.6 * MOST_BY_HEART),
    "3.1": SHAPES,
    "3.3": stack_of(64, 32, 16),
    "3.4": lambda step, last_step, layers: last_step - step + layers,
    "3.5": BEST_OF_20,
    "4.3": gru_step,
    "4.4": precision_and_recall,
    "4.5": epochs_trained,
    "4.6": answers_on_the_way,
}
RIGHT_TOO: list[tuple[str, Any]] = [
    ("1.3", lambda review, n: ([review.pop() for _ in review[-n:]][::-1] + [0] * n)[:n]),
    ("1.4", lambda ids, table: (table[ids[ids != 0]].mean(axis=0), ids.fill(0))[0]),
    ("2.4", lambda vectors, mask, *weights: [last_state(vectors[mask], *weights).tolist()]),
    ("2.5", knowing(MOST_BY_HEART.reshape(32, 1))),
    ("3.1", [tf.TensorShape(shape) for shape in SHAPES]),
    ("3.1", [tuple(map(float, shape)) for shape in SHAPES]),
    ("3.5", round(BEST_OF_20, 5)),
    ("4.6", lambda model, ids: model(np.tril(np.tile(ids, (len(ids), 1))))),
]

FUNCTIONS = [name for name, answer in RIGHT.items() if inspect.isfunction(answer)]
NUMBERS = ["2.2", "3.5"]
FRACTIONS = ["1.4", "1.6", "2.4", "4.3", "4.4", "4.6"]
"""Of these functions the numbers are not whole."""

WRONG: list[tuple[str, str, Any]] = [
    ("1.1", "rank shifted by 3", lambda word: RANK.get(word, 2)),
    ("1.1", "wrong way", lambda word: RANK[word] - 3 if word in RANK else 2),
    ("1.1", "What becomes of words", lambda word: RANK.get(word, -1) + 3),
    ("1.1", "limits the id", lambda word: RANK[word] + 3 if RANK.get(word, 5000) < 5000 else 2),
    ("1.1", "5,000 itself", lambda word: RANK[word] + 3 if RANK.get(word, 5000) <= 4997 else 2),
    ("1.1", "KeyError: 'qwrtzpsd'", lambda word: RANK[word] + 3 if RANK[word] < 4997 else 2),
    ("1.1", "Called with word='the', its result is too large: 7", lambda word: 7),
    ("1.1", "type int: give the function itself", 4),
    ("1.3", "lose their end", lambda review, n: (review + [0] * n)[:n]),
    ("1.3", "zeros go after", lambda review, n: ([0] * n + review)[-n:]),
    ("1.3", "Both sides are swapped", lambda review, n: [0] * (n - len(review)) + review[:n]),
    ("1.3", "not filled", lambda review, n: review[-n:]),
    ("1.3", "not cut", lambda review, n: review + [0] * (n - len(review))),
    ("1.3", "1 of 2 numbers; the one at [1] is too large: 7", lambda x, n: (x[-n:] + [7] * n)[:n]),
    ("1.3", "is a return missing", lambda review, n: review.append(0)),
    ("1.3", "wrap it in list(...)", lambda review, n: iter(review)),
    ("1.4", "zeros are in the mean", lambda ids, table: table[ids].mean(axis=0)),
    ("1.4", "divide by", lambda ids, table: table[ids[ids != 0]].sum(axis=0) / len(ids)),
    ("1.4", "the sum", lambda ids, table: table[ids[ids != 0]].sum(axis=0)),
    ("1.4", "other axis", lambda ids, table: table[ids[ids != 0]].mean(axis=1)),
    ("1.5", "itself", lambda row, table: np.argmax(cosines(row, table))),
    (
        "1.5",
        "dot product",
        lambda row, t: max({*range(len(t))} - {row}, key=lambda i: t[i] @ t[row]),
    ),
    ("1.5", "smallest distance", lambda row, t: np.argsort(np.linalg.norm(t - t[row], axis=1))[1]),
    ("1.5", "the largest cosine", lambda row, table: np.argmin(cosines(row, table))),
    ("1.6", "not which share", lambda a, b: np.isin(b, a).sum()),
    ("1.6", "swapped", lambda a, b: np.isin(a, b).mean()),
    ("1.6", "training reviews", lambda a, b: np.isin(b, a).sum() / len(a)),
    ("1.6", "count films", lambda a, b: np.isin(np.unique(b), a).mean()),
    ("2.2", "still lies inside", 1406),
    ("2.2", "reviews are whole", 1406.25),
    ("2.2", "three wide", 157),
    ("2.2", "0.25", 5625),
    ("2.2", "square", 38),
    ("2.2", "distance from 0.50", 8),
    ("2.2", "call it", lambda: 1407),
    ("2.4", "without a mask", lambda vectors, mask, *w: last_state(vectors, *w)),
    ("2.4", "skip the whole", lambda v, mask, *w: last_state(v * mask[:, np.newaxis], *w)),
    ("2.4", "first masked", lambda v, mask, *w: last_state(v[: np.argmin(mask)], *w)),
    ("2.4", "keep the one", lambda v, m, *w: last_state(v[len(m) - np.argmin(m[::-1]) :], *w)),
    ("2.5", "more epochs", knowing(0.5 + 0.01 * BY_HEART[::-1])),
    ("2.5", "more epochs", knowing(np.where(np.arange(32) < 28, BY_HEART, 1 - BY_HEART))),
    ("2.5", "turned around", knowing(1 - BY_HEART)),
    ("2.5", "smaller steps", knowing(np.where(BY_HEART == 1, np.nan, 0.0))),
    ("2.5", "shape (32, 2)", knowing(np.stack([BY_HEART, 1 - BY_HEART], axis=1))),
    ("2.5", "type float: give the Keras model itself", 0.9),
    ("3.1", "keeps its 500", [(64, 500, 32), (64, 50), (64, 20), (64, 1)]),
    ("3.1", "no time steps left", [*SHAPES[:2], (64, 500, 20), (64, 500, 1)]),
    ("3.1", "64 of the batch", [shape[1:] for shape in SHAPES]),
    ("3.1", "There are 3 shapes. Four", SHAPES[:3]),
    ("3.1", "sigmoid unit", [*SHAPES[:3], (64,)]),
    ("3.1", "embedding: (64, 32, 500)", [(64, 32, 500), *SHAPES[1:]]),
    ("3.1", "list of four shapes", (64, 500, 32)),
    ("3.3", "must drop the time steps", stack_of(64, 32, 16, top=True)),
    ("3.3", "2 SimpleRNN layers", stack_of(64, 32)),
    ("3.3", "[16, 32, 64]", stack_of(16, 32, 64)),
    ("3.3", "leave the range 0 to 1", stack_of(64, 32, 16, activation="linear")),
    ("3.3", "softmax", stack_of(64, 32, 16, activation="softmax")),
    ("3.3", "LSTM: build this one", build_lstm()),
    ("3.3", "gives 16 numbers", stack_of(64, 32, 16, vectors=16)),
    ("3.3", "Its answers are not those", stack_of(64, 32, 16, layer=SimpleRNN)),
    ("3.3", "hand its whole sequence", keras.Sequential(stack_of(64, 32, 16).layers[::-1])),
    ("3.3", "One probability for each", keras.Sequential(stack_of(64, 32, 16).layers[:-1])),
    ("3.4", "those of all layers", lambda step, last_step, layers: layers * (last_step - step + 1)),
    ("3.4", "those of all layers", lambda step, last_step, layers: layers * (last_step - step)),
    ("3.4", "path up is missing", lambda step, last_step, layers: last_step - step),
    ("3.4", "Each further layer", lambda step, last_step, layers: last_step - step + 1),
    ("3.4", "One tanh is missing", lambda step, last_step, layers: last_step - step + layers - 1),
    ("3.4", "One tanh too many", lambda step, last_step, layers: last_step - step + layers + 1),
    ("3.4", "word's step", lambda step, last_step, layers: last_step + layers),
    ("3.5", "average coin", 0.5),
    ("3.5", "edge of the band", 0.5 + 3 * np.sqrt(0.25 / 500)),
    ("3.5", "one standard deviation", 0.5 + np.sqrt(0.25 / 500)),
    ("3.5", "worst", 1 - BEST_OF_20),
    ("3.5", "divide by 500", 500 * BEST_OF_20),
    ("3.5", "between 0 and 1", 100 * BEST_OF_20),
    ("3.5", "best of all coins", np.float64(0.592)),
    (
        "4.3",
        "is kept of the old",
        partial(gru_step, mix=lambda z, old, new: (1 - z) * old + z * new),
    ),
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
    ("4.4", "A ... is left", lambda *both: (0.5, ...)),
    ("4.5", "the best epoch", lambda losses, n: np.argmin(losses[: epochs_trained(losses, n)]) + 1),
    ("4.5", "too few", lambda losses, n: epochs_trained(losses, n) - 1),
    ("4.5", "too many", lambda losses, n: min(epochs_trained(losses, n) + 1, len(losses))),
    ("4.5", "wait patience", lambda losses, n: epochs_trained(losses, 1)),
    ("4.5", "Where does training stop", lambda losses, n: len(losses)),
    ("4.5", "lowest of all", lambda losses, n: losses.index(min(losses)) + 1),
    ("4.6", "its beginning", lambda m, ids: [m(ids[None, n:])[0, 0] for n in range(len(ids))]),
    ("4.6", "each word alone", lambda model, ids: model(ids[:, np.newaxis])),
    ("4.6", "at each step", lambda model, ids: model(np.tile(ids, (len(ids), 1)))),
    ("4.6", "one for each prefix", lambda model, ids: model(ids[np.newaxis])),
    ("4.6", "last word is missing", lambda model, ids: answers_on_the_way(model, ids)[:-1]),
    ("4.6", "turned around", lambda model, ids: answers_on_the_way(model, ids)[::-1]),
]
"""Exercise, words of the hint, and the answer that gets it."""


@pytest.mark.parametrize(("exercise", "answer"), [*RIGHT.items(), *RIGHT_TOO])
def test_right_however_it_is_written(exercise: str, answer: Any) -> None:
    assert line(exercise, answer).startswith(f"{exercise}: right. ")


@pytest.mark.parametrize(("exercise", "words", "answer"), WRONG)
def test_wrong_with_a_hint_that_fits(exercise: str, words: str, answer: Any) -> None:
    printed = line(exercise, answer)
    assert printed.startswith(f"{exercise}: not yet. ")
    assert words in printed


@pytest.mark.parametrize("kind", [Decimal, Fraction, np.float32, tf.constant, keras.Variable])
def test_a_number_of_any_type(kind: Callable) -> None:
    for exercise in NUMBERS:
        assert line(exercise, kind(float(RIGHT[exercise]))).startswith(f"{exercise}: right. ")


def moved(exercise: str, factor: float = 1, by: float = 0) -> Any:
    """Return the right answer, or the function that gives it, with numbers a little elsewhere."""
    right = RIGHT[exercise]
    if exercise in FUNCTIONS:
        return lambda *case: np.asarray(right(*case)) * factor + by
    return right * factor + by


def is_right(exercise: str, answer: Any) -> bool:
    return line(exercise, answer).startswith(f"{exercise}: right. ")


@pytest.mark.parametrize("exercise", FRACTIONS)
def test_four_digits_are_enough_and_wanted(exercise: str) -> None:
    assert is_right(exercise, moved(exercise, factor=1.00005))
    assert not is_right(exercise, moved(exercise, factor=1.0003))


@pytest.mark.parametrize("exercise", sorted({*FUNCTIONS, "2.2"} - {*FRACTIONS}))
def test_whole_numbers_are_wanted_exactly(exercise: str) -> None:
    assert is_right(exercise, moved(exercise))
    assert not is_right(exercise, moved(exercise, by=0.001))


@pytest.mark.parametrize(("exercise", "near", "far"), [("3.5", 0.0012, 0.0027)])
def test_estimates_may_miss_by_their_tolerance_and_no_more(
    exercise: str, near: float, far: float
) -> None:
    for sign in (-1, 1):
        assert is_right(exercise, moved(exercise, by=sign * near))
        assert not is_right(exercise, moved(exercise, by=sign * far))


def test_nine_in_ten_by_heart_are_enough_and_wanted() -> None:
    for known, enough in ((29, True), (28, False)):
        answers = np.where(np.arange(32) < known, BY_HEART, 1 - BY_HEART)
        assert is_right("2.5", knowing(answers)) == enough


@pytest.mark.parametrize("exercise", NUMBERS)
def test_hints_keep_the_number_to_themselves(exercise: str) -> None:
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


@pytest.mark.parametrize("exercise", EXERCISES)
def test_not_attempted(exercise: str) -> None:
    functions = [lambda *_: ..., lambda *_: None] if exercise in FUNCTIONS else []
    shapes = [[...] * 4] if exercise == "3.1" else []
    for answer in (..., *functions, *shapes):
        assert line(exercise, answer) == f"{exercise}: not attempted yet."


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
    "itself": ITSELF,
    "deep": reduce(lambda inner, _: [inner], range(100_000), 1),
    "huge range": range(10**9),
    "huge array": np.broadcast_to(0.0, (10**6, 10**6)),
    "huge whole number": 10**5000,
    "huge sizes": [[10**5000]] * 4,
    "endless": itertools.count(),
    "endlessly endless": (itertools.count() for _ in itertools.count()),
    "lines": "1\n2\u2028\ud800",
    "masked": np.ma.masked_all(4),
}


@pytest.mark.parametrize("exercise", ["2.2", "3.4", "2.5", "3.1", "3.3", "3.5"])
def test_never_raises_for_hostile_objects(exercise: str) -> None:
    """One exercise of each kind."""
    for name, thing in HOSTILE.items():
        for answer in (thing, returning(thing) if exercise in FUNCTIONS else [thing] * 4):
            assert line(exercise, answer).startswith(f"{exercise}: not "), name


@pytest.mark.parametrize("name", ["9.9", None, [], "1.1.1", "\ud800\n", object], ids=ascii)
def test_unknown_exercise(name: Any) -> None:
    printed = line(name, 1)
    assert printed.startswith("There is no exercise ")
    assert printed.endswith('give a name from "1.1" to "4.q17".')


def test_never_raises_for_a_hostile_name() -> None:
    for method in METHODS:
        assert line(refusing(method), 1).startswith(("There is no exercise ", "a Refusing "))


def test_an_interrupt_is_not_swallowed() -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("3.4", interrupted)


def test_random_numbers_go_on_as_if_it_were_not_there() -> None:
    def following(checked: bool) -> tuple:
        set_seed(2026)
        if checked:
            for exercise, answer in RIGHT.items():
                line(exercise, answer)
        weights = keras.layers.Dense(3).kernel_initializer((2, 3))
        return random.random(), np.random.random(), np.asarray(weights).tolist()

    assert following(checked=True) == following(checked=False)


def test_right_and_wrong_answers_of_every_exercise_are_tried() -> None:
    assert list(RIGHT) == list(dict.fromkeys(exercise for exercise, *_ in WRONG)) == EXERCISES


def test_light_to_import() -> None:
    code = "import sys, course_utils.exercises.check; print({'keras'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
