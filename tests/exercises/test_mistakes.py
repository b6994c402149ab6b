"""Typical wrong answers land in the group of their mistake, and none in that of another."""

import ast
from collections.abc import Callable
from typing import Any

from course_utils import build_lstm, build_simple_rnn, load_imdb, pad_reviews, set_seed
from course_utils.exercises.check import judged
from course_utils.exercises.judging import ANOTHER_SHAPE, ERROR, NO_KNOWN_MISTAKE, NOT_FINITE
import keras
import numpy as np
import pytest

from tests.exercises.test_check import (
    LENGTHS,
    RANK,
    RIGHT,
    SHAPES,
    WRONG,
    answers_on_the_way,
    cosines,
    epochs_trained,
    gru_step,
    last_state,
    precision_and_recall,
    stack_of,
)
from tools.paths import ROOT

layers = keras.layers
REVIEWS, LABELS = load_imdb(num_words=5000)
SHORT = np.flatnonzero(LENGTHS <= 100)[:32]


def pad(kept: Callable, fill: Callable) -> Callable:
    return lambda review, n: kept(review, n) + fill(review, n)


def mask_loop(
    activation: Callable = np.tanh,
    start: float = 0,
    step: Callable = lambda v, s, k, r, b: v @ k + s @ r + b,
    stop: bool = False,
    reset: bool = False,
    inverted: bool = False,
    every: bool = False,
) -> Callable:
    """Write the loop of 2.4 as a student does, with one thing otherwise."""

    def state_of(vectors: Any, mask: Any, kernel: Any, recurrent_kernel: Any, bias: Any) -> Any:
        state, states = np.zeros(len(bias)) + start, []
        for t in range(len(vectors)):
            if mask[t] != inverted:
                state = activation(step(vectors[t], state, kernel, recurrent_kernel, bias))
            elif stop:
                break
            elif reset:
                state = np.zeros(len(bias))
            states.append(state)
        return states if every else state

    return state_of


def early(losses: list, patience: int, better: Callable, total: bool = False) -> int:
    best, waited = float("inf"), 0
    for epoch, loss in enumerate(losses, 1):
        if better(loss, best):
            best = loss
            waited = waited if total else 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(losses)


def early_from_the_first(losses: list, patience: int) -> int:
    """Take the first loss as the best before the first epoch is looked at."""
    best, waited = losses[0], 0
    for epoch, loss in enumerate(losses, 1):
        waited = 0 if loss < best else waited + 1
        best = min(best, loss)
        if waited == patience:
            return epoch
    return len(losses)


def late(losses: list, patience: int) -> int:
    """Wait with `>` where `>=` is meant."""
    best, waited = float("inf"), 0
    for epoch, loss in enumerate(losses, 1):
        waited = 0 if loss < best else waited + 1
        best = min(best, loss)
        if waited > patience:
            return epoch
    return len(losses)


def rises(losses: list, patience: int) -> int:
    waited = 0
    for epoch in range(1, len(losses)):
        waited = waited + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if waited >= patience:
            return epoch + 1
    return len(losses)


def counts(labels: np.ndarray, predictions: np.ndarray) -> tuple[int, int, int, int]:
    """Count true positives, false positives, false negatives and true negatives."""
    return tuple(
        int(np.sum((labels == label) & (predictions == prediction)))
        for label, prediction in [(1, 1), (0, 1), (1, 0), (0, 0)]
    )


def draws(seed: int, repeats: int = 1000) -> np.ndarray:
    return np.random.default_rng(seed).binomial(500, 0.5, (repeats, 20)) / 500


def gru_with(candidate: Callable) -> Callable:
    """Write the step of 4.3 with another candidate of r, the word's part and the state's."""

    def step(word: Any, state: Any, kernel: Any, recurrent_kernel: Any, bias: Any) -> Any:
        of_word = np.split(word @ kernel + bias[0], 3)
        of_state = np.split(state @ recurrent_kernel + bias[1], 3)
        z, r = (1 / (1 + np.exp(-of_word[part] - of_state[part])) for part in (0, 1))
        return z * state + (1 - z) * candidate(r, of_word[2], of_state[2])

    return step


MISTAKES: list[tuple[str, str, Any]] = [
    ("1.1", "rank shifted by 3", lambda word: RANK[word] if RANK.get(word, 5000) < 5000 else 2),
    ("1.1", "Three ids are reserved", lambda w: RANK[w] + 2 if RANK.get(w, 5000) < 4997 else 2),
    ("1.1", "ranks begin with 1", lambda w: RANK[w] + 4 if RANK.get(w, 5000) < 4997 else 2),
    ("1.1", "largest id", lambda w: RANK[w] + 3 if RANK.get(w, 5000) < 4996 else 2),
    ("1.1", "the rank with it", lambda w: RANK[w] + 3 if RANK.get(w, 9999) <= 5000 else 2),
    ("1.1", "unknown word has the id 2", lambda w: min_or(RANK.get(w, 0) + 3, 5000, 2)),
    ("1.1", "unknown word has the id 2", lambda w: min_or(RANK.get(w, -3) + 3, 5000, 2)),
    ("1.1", "too rare has the id 2", lambda w: min_or(RANK.get(w, -1) + 3, 5000, 0)),
    ("1.1", "Too rare and unknown", lambda w: min_or(RANK.get(w, 9999) + 3, 5000, 5)),
    ("1.1", "in no index", lambda w: RANK[w] + 3 if RANK[w] + 3 < 5000 else 2),
    ("1.1", "in no index", lambda w: RANK[w] + 3),
    ("1.3", "negative", pad(lambda x, n: x[len(x) - n :], lambda x, n: [0] * (n - len(x)))),
    ("1.3", "not maxlen", pad(lambda x, n: x[-n:], lambda x, n: [0] * n)),
    ("1.3", "not maxlen", pad(lambda x, n: x[-n:], lambda x, n: [0] * (n - len(x) - 1))),
    ("1.3", "not filled up", lambda x, n: x[:n]),
    ("1.3", "1 is the start", pad(lambda x, n: x[-n:], lambda x, n: [1] * (n - len(x)))),
    (
        "1.3",
        "one word too few",
        lambda x, n: (x if len(x) <= n else x[1 - n :] * (n > 1)) + [0] * (n - len(x)),
    ),
    ("1.3", "not cut, and in short", lambda x, n: [0] * (n - len(x)) + x),
    ("1.3", "first maxlen words", pad(lambda x, n: x[n:], lambda x, n: [0] * (n - len(x[n:])))),
    ("1.3", "last maxlen words", pad(lambda x, n: x[:-n], lambda x, n: [0] * (n - len(x[:-n])))),
    ("1.3", "before the cut", lambda x, n: (x + [0] * n)[-n:]),
    ("1.3", "turned around", lambda x, n: ((x[-n:] + [0] * n)[:n])[::-1]),
    ("1.3", "1 too large", lambda x, n: np.add((x[-n:] + [0] * n)[:n], 1)),
    ("1.4", "not out of the sum", lambda ids, t: t[ids].sum(axis=0) / np.count_nonzero(ids)),
    ("1.4", "one number for the whole", lambda ids, t: t[ids[ids > 0]].mean()),
    ("1.4", "one number for the whole", lambda ids, t: np.mean(t[ids])),
    ("1.4", "not the vectors", lambda ids, t: np.mean([i for i in ids if i])),
    ("1.4", "occurs twice", lambda ids, t: t[sorted({*ids.tolist()} - {0})].mean(axis=0)),
    ("1.4", "nothing is subtracted", lambda ids, t: t[ids[ids > 0] - 1].mean(axis=0)),
    ("1.4", "places, not their ids", lambda ids, t: t[np.flatnonzero(ids)].mean(axis=0)),
    ("1.4", "not by 500", lambda ids, t: t[ids[ids > 0]].sum(axis=0) / 500),
    ("4.3", "inside the tanh", gru_with(lambda r, w, s: r * np.tanh(w + s))),
    ("4.3", "not before the word's", gru_with(lambda r, w, s: np.tanh(r * (w + s)))),
    ("4.3", "are swapped: kernel", lambda word, state, *w: gru_step(state, word, *w)),
    (
        "4.4",
        "true negatives",
        lambda y, p: (
            np.sum(y & p) / (np.sum(y & p) + np.sum((1 - y) * (1 - p))),
            np.sum(y & p) / np.sum(y),
        ),
    ),
    ("1.4", "id 1, has a vector", lambda ids, t: t[ids[ids > 1]].mean(axis=0)),
    ("1.4", "the whole table", lambda ids, t: t.mean(axis=0)),
    ("1.4", "rows in the table", lambda ids, t: t[ids[ids > 0]].sum(axis=0) / len(t)),
    ("1.4", "not the mean", lambda ids, t: t[ids[ids > 0]].max(axis=0)),
    ("1.4", "average them", lambda ids, t: t[ids[ids > 0]]),
    ("1.5", "itself", lambda row, t: np.argsort(-cosines(row, t))[0]),
    ("1.5", "itself", lambda row, t: row),
    ("1.5", "columns", lambda row, t: by_columns(row, t)),
    ("1.5", "dot product", lambda row, t: np.argsort(t @ t[row])[-2]),
    ("1.5", "dot product", lambda row, t: np.argsort(t @ t[row] / np.linalg.norm(t))[-2]),
    ("1.5", "absolute value", lambda row, t: np.argsort(np.abs(cosines(row, t)))[-2]),
    ("1.5", "taken out before", lambda row, t: np.argmax(np.delete(cosines(row, t), row))),
    ("1.5", "third in the order", lambda row, t: np.argsort(cosines(row, t))[-3]),
    ("1.5", "sorted upward", lambda row, t: np.argsort(cosines(row, t))[1]),
    ("1.5", "cosine itself", lambda row, t: np.sort(cosines(row, t))[-2]),
    ("1.5", "which row", lambda row, t: cosines(row, t)),
    ("1.6", "all reviews", lambda a, b: sum(f in a for f in b) / (len(a) + len(b))),
    ("1.6", "of those in training", lambda a, b: len({*a} & {*b}) / len({*a})),
    ("1.6", "of both parts", lambda a, b: len({*a} & {*b}) / len({*a} | {*b})),
    ("1.6", "films above", lambda a, b: len({*a} & {*b}) / len(b)),
    ("1.6", "both parts share", lambda a, b: len(np.intersect1d(a, b))),
    ("1.6", "count pairs", lambda a, b: np.sum(np.equal.outer(b, a)) / len(b)),
    ("1.6", "count pairs", lambda a, b: sum(x == y for x in a for y in b)),
    ("1.6", "unknown films", lambda a, b: np.mean(~np.isin(b, a))),
    ("1.6", "in percent", lambda a, b: 100 * np.mean(np.isin(b, a))),
    ("1.6", "yes or no", lambda a, b: [int(f in a) for f in b]),
    ("2.2", "two deviations", 625),
    ("2.2", "1.96", 601),
    ("2.2", "coin: p is 0.5", 1398),
    ("2.2", "0.04 from the middle", 352),
    ("2.2", "Nearly", 1408),
    ("2.2", "stays as it is", 2813),
    ("2.2", "squared, too", 469),
    ("2.2", "square is missing", 37.5),
    ("2.2", "more are wanted", 500),
    ("2.4", "The bias is missing", mask_loop(step=lambda v, s, k, r, b: v @ k + s @ r)),
    ("2.4", "old state is missing", mask_loop(step=lambda v, s, k, r, b: v @ k + b)),
    ("2.4", "words are missing", mask_loop(step=lambda v, s, k, r, b: s @ r + b)),
    ("2.4", "turned around", mask_loop(step=lambda v, s, k, r, b: v @ k + r @ s + b)),
    ("2.4", "tanh is missing", mask_loop(activation=lambda z: z)),
    ("2.4", "not the sigmoid", mask_loop(activation=lambda z: 1 / (1 + np.exp(-z)))),
    ("2.4", "not one", mask_loop(start=1)),
    ("2.4", "last one is wanted", mask_loop(every=True)),
    ("2.4", "mask is turned around", mask_loop(inverted=True)),
    ("2.4", "keep the one before", mask_loop(reset=True)),
    ("2.4", "first masked step", mask_loop(stop=True)),
    ("2.4", "may stand anywhere", lambda v, m, *w: last_state(v[: m.sum()], *w)),
    ("2.4", "in reverse", lambda v, m, *w: last_state(v[m][::-1], *w)),
    ("2.4", "only the last word", lambda v, m, *w: last_state(v[m][-1:], *w)),
    ("3.1", "for each word", [(64, 500, 5000), *SHAPES[1:]]),
    ("3.1", "500 ids into", [(64, 32), *SHAPES[1:]]),
    ("3.1", "None", [(None, *shape[1:]) for shape in SHAPES]),
    ("3.1", "begin with the embedding", [(64, 500), *SHAPES]),
    ("3.1", "as many numbers as it has units", [SHAPES[0], (64, 500, 32), *SHAPES[2:]]),
    ("3.1", "not of the time steps", [SHAPES[0], (64, 50, 32), *SHAPES[2:]]),
    ("3.1", "one number for each review", [*SHAPES[:3], (64, 20, 1)]),
    ("3.1", "table", [(5000, 32), *SHAPES[1:]]),
    ("3.1", "no time steps left", [*SHAPES[:2], (64, 50, 20), (64, 1)]),
    ("3.4", "not those of all", lambda step, last, k: k * (last - step) + k - 1),
    ("3.4", "path through time is missing", lambda step, last, k: k),
    ("3.4", "start of the review", lambda step, last, k: last + k - 1),
    ("3.4", "start of the review", lambda step, last, k: last * k),
    ("3.4", "where the path begins", lambda step, last, k: step + k),
    ("3.4", "wrong way round", lambda step, last, k: step - last + k),
    ("3.4", "wrong way round", lambda step, last, k: step - last),
    ("3.5", "one twenty alone", float(draws(1, 1).max())),
    ("3.5", "axes are swapped", draws(3).max(axis=0).mean()),
    ("3.5", "how far above", draws(3).max(axis=1).mean() - 0.5),
    ("3.5", "deviation of one coin", np.sqrt(0.25 / 500)),
    ("3.5", "best of all coins", draws(3).max()),
    ("3.5", "average coin", draws(3).mean()),
    ("4.3", "add up to 1", lambda *c: gru_step(*c, mix=lambda z, old, new: z * (old + new))),
    ("4.3", "old state is missing", lambda *c: gru_step(*c, mix=lambda z, old, new: (1 - z) * new)),
    ("4.3", "candidate is missing", lambda *c: gru_step(*c, mix=lambda z, old, new: z * old)),
    ("4.3", "biases are swapped", lambda *c: gru_step(*c[:4], c[4][::-1])),
    ("4.3", "biases are missing", lambda *c: gru_step(*c[:4], 0 * c[4])),
    ("4.3", "used for both", lambda *c: gru_step(*c[:4], c[4][[0, 0]])),
    ("4.3", "gates are swapped", lambda *c: gru_step(*c, order=(2, 1, 0))),
    ("4.4", "F1", lambda y, p: 2 * np.sum(y * p) / (np.sum(y) + np.sum(p))),
    ("4.4", "how many are found", lambda y, p: counts(y, p)[0]),
    ("4.4", "what is positive", lambda y, p: [counts(y, p)[0] / sum(counts(y, p)[:3])] * 2),
    ("4.4", "the same number below", lambda y, p: [counts(y, p)[0] / p.sum()] * 2),
    (
        "4.4",
        "not all that are right",
        lambda y, p: (np.sum(y == p) / p.sum(), np.sum(y == p) / y.sum()),
    ),
    ("4.4", "accuracy", lambda y, p: [np.mean(y == p)] * 2),
    ("4.4", "that are wrong", lambda y, p: 1 - np.array(precision_and_recall(y, p))),
    ("4.5", "no new lowest", lambda losses, n: early(losses, n, lambda a, b: a <= b)),
    ("4.5", "too many", late),
    ("4.5", "begin with no best", early_from_the_first),
    (
        "2.4",
        "of the sum",
        mask_loop(np.array, step=lambda v, s, k, r, b: np.tanh(v @ k) + s @ r + b),
    ),
    (
        "2.4",
        "not added",
        mask_loop(np.array, step=lambda v, s, k, r, b: s + np.tanh(v @ k + s @ r + b)),
    ),
    ("2.4", "twice", mask_loop(step=lambda v, s, k, r, b: v @ k + b + s @ r + b)),
    ("4.5", "in a row", lambda losses, n: early(losses, n, lambda a, b: a < b, total=True)),
    ("4.5", "one before", rises),
    ("4.5", "lower loss is better", lambda losses, n: epochs_trained([-one for one in losses], n)),
    (
        "4.5",
        "no more",
        lambda losses, n: int(np.argmin(losses[: epochs_trained(losses, n)])) + 1 + n,
    ),
    ("4.5", "position", lambda losses, n: int(np.argmin(losses[: epochs_trained(losses, n)]))),
    ("4.5", "lowest loss itself", lambda losses, n: min(losses)),
    ("4.6", "first word alone", lambda model, ids: answers_on_the_way(model, ids)[1:]),
    ("4.6", "means so far", lambda m, ids: np.cumsum(answers_on_the_way(m, ids)) / range_of(ids)),
    ("4.6", "step", lambda model, ids: np.diff(answers_on_the_way(model, ids))),
    ("4.6", "yes and no", lambda model, ids: np.round(answers_on_the_way(model, ids))),
    ("4.6", "negative review", lambda model, ids: 1 - np.array(answers_on_the_way(model, ids))),
    ("4.6", "batch of one", lambda model, ids: [model(ids[:n]) for n in range(1, len(ids) + 1)]),
    ("4.6", "batch of one", lambda model, ids: model(ids)),
    ("4.6", "before the first word", lambda m, ids: [m(ids[None, :n]) for n in range(len(ids))]),
]
"""Exercise, words of the mistake, and an answer that makes it: written as students would."""


def min_or(number: int, limit: int, otherwise: int) -> int:
    return number if number < limit else otherwise


def range_of(ids: np.ndarray) -> np.ndarray:
    return np.arange(1, len(ids) + 1)


def by_columns(row: int, table: np.ndarray) -> int:
    directions = table / np.linalg.norm(table, axis=0)
    score = directions @ directions[row]
    score[row] = -np.inf
    return int(np.argmax(score))


def trained(
    epochs: int,
    maxlen: int = 500,
    padding: str = "post",
    build: Callable = build_simple_rnn,
    **options: Any,
) -> Callable[[], keras.Model]:
    """Train on the 32 short reviews, padded in some way."""

    def model() -> keras.Model:
        set_seed(2026)
        model = build(**options)
        model.compile("adam", "binary_crossentropy")
        model.fit(pad_reviews(REVIEWS[SHORT], maxlen, padding), LABELS[SHORT], 32, epochs, 0)
        return model

    return model


def small(
    *recurrent: keras.Layer, outputs: int = 1, activation: str = "sigmoid", mask: bool = False
) -> keras.Model:
    unit = layers.Dense(outputs, activation=activation)
    return keras.Sequential([layers.Embedding(5000, 8, mask_zero=mask), *recurrent, unit])


def not_finite() -> keras.Model:
    model = small(layers.SimpleRNN(4))
    model(np.ones((1, 500), int))
    model.set_weights([weight * np.nan for weight in model.get_weights()])
    return model


def three(
    embedding: keras.Layer | None = None,
    *between: keras.Layer,
    top: Any = "sigmoid",
    sequences: tuple = (True, True, False),
    **options: Any,
) -> list[keras.Layer]:
    """List the layers of exercise 3.3, with something added or otherwise."""
    recurrent = [
        layers.SimpleRNN(units, return_sequences=keeps, **options)
        for units, keeps in zip((64, 32, 16), sequences, strict=True)
    ]
    unit = layers.Dense(1, activation=top)
    return [embedding or layers.Embedding(5000, 32), *recurrent, *between, unit]


def three_with(*others: Any, **options: Any) -> keras.Model:
    return keras.Sequential(three(*others, **options))


class Subclassed(keras.Model):
    """Holds its layers in another order than it calls them."""

    def __init__(self) -> None:
        super().__init__()
        self.unit = layers.Dense(1, activation="sigmoid")
        self.below = three()[:-1]

    def call(self, ids: Any) -> Any:
        """Answer ids (reviews, time steps)."""
        for layer in self.below:
            ids = layer(ids)
        return self.unit(ids)


def functional(steps: int | None = None) -> keras.Model:
    ids = keras.Input((steps,), dtype="int32")
    return keras.Model(ids, keras.Sequential(three())(ids))


def used_before() -> keras.Model:
    model = keras.Sequential(three())
    model(np.ones((64, 500), int))
    return model


def of_cells() -> keras.Model:
    cells = [layers.SimpleRNNCell(units) for units in (64, 32, 16)]
    first, *_, unit = three()
    return keras.Sequential([first, layers.RNN(cells), unit])


def nested() -> keras.Model:
    first, *recurrent, unit = three()
    return keras.Sequential([keras.Sequential([first]), keras.Sequential(recurrent), unit])


def both_ways() -> keras.Model:
    first, lower, middle, top, unit = three()
    return keras.Sequential([first, lower, middle, layers.Bidirectional(top), unit])


RIGHT_MODELS: dict[str, tuple[str, Callable[[], Any]]] = {
    "zeros in front, short rows": ("2.5", trained(12, 100, "pre")),
    "zeros in front": ("2.5", trained(10, 500, "pre")),
    "rows cut to 64": ("2.5", trained(12, 64, "pre", lambda: small(layers.SimpleRNN(64)))),
    "a mask": ("2.5", trained(8, 100, mask_padding=True)),
    "nested": ("3.3", nested),
    "functional": ("3.3", functional),
    "a class": ("3.3", Subclassed),
    "cells": ("3.3", of_cells),
    "used before": ("3.3", used_before),
    "a mask below": (
        "3.3",
        lambda: three_with(layers.Embedding(5000, 32, mask_zero=True)),
    ),
    "dropout": ("3.3", lambda: three_with(None, layers.Dropout(0.5))),
    "an activation apart": (
        "3.3",
        lambda: keras.Sequential([*three(top=None), layers.Activation("sigmoid")]),
    ),
    "500 steps": ("3.3", lambda: keras.Sequential([keras.Input((500,)), *three()])),
    "500 steps, functional": ("3.3", lambda: functional(500)),
}
WRONG_MODELS: list[tuple[str, str, Callable[[], Any]]] = [
    ("2.5", "(mask)", trained(2)),
    ("2.5", "more epochs", trained(1, 100, mask_padding=True)),
    ("2.5", "another kind", lambda: small(layers.LSTM(4))),
    (
        "2.5",
        "another kind",
        lambda: small(layers.SimpleRNN(4, return_sequences=True), layers.GRU(4)),
    ),
    ("2.5", "another kind", lambda: small(layers.Bidirectional(layers.LSTM(4)))),
    ("2.5", "no recurrent layer", lambda: small(layers.GlobalAveragePooling1D())),
    ("2.5", "One probability a review", lambda: small(layers.SimpleRNN(4), outputs=2)),
    ("2.5", "One probability a review", lambda: small(layers.SimpleRNN(4, return_sequences=True))),
    ("2.5", "smaller steps", not_finite),
    ("2.5", "no Keras model", lambda: keras.callbacks.History()),
    ("3.3", "tanh", lambda: three_with(activation="relu")),
    ("3.3", "tanh", lambda: three_with(activation="linear")),
    ("3.3", "tanh", lambda: three_with(activation="sigmoid")),
    ("3.3", "needs a sigmoid", lambda: three_with(top=None)),
    ("3.3", "needs a sigmoid", lambda: three_with(top="tanh")),
    ("3.3", "Use sigmoid", lambda: three_with(top="softmax")),
    ("3.3", "another number of ids", lambda: three_with(layers.Embedding(9999, 32))),
    (
        "3.3",
        "another number of numbers",
        lambda: three_with(layers.Embedding(5000, 50)),
    ),
    ("3.3", "use_bias", lambda: three_with(use_bias=False)),
    ("3.3", "Its weights are not", lambda: three_with(None, layers.Dense(16))),
    ("3.3", "another number of ids", lambda: three_with(layers.Embedding(4999, 32))),
    ("3.3", "reads backwards", lambda: three_with(go_backwards=True)),
    ("3.3", "reads backwards", both_ways),
    ("3.3", "whole sequence upward", lambda: three_with(sequences=(False,) * 3)),
    (
        "3.3",
        "whole sequence upward",
        lambda: three_with(sequences=(True, False, False)),
    ),
    ("3.3", "must drop the time steps", lambda: three_with(sequences=(True,) * 3)),
    ("3.3", "another number of recurrent", lambda: stack_of(64, 32)),
    ("3.3", "turned around", lambda: stack_of(16, 32, 64)),
    ("3.3", "other numbers", lambda: stack_of(64, 32, 8)),
    ("3.3", "another kind", build_lstm),
    ("3.3", "no Keras model", lambda: three()),
]


@pytest.mark.parametrize(("exercise", "words", "answer"), MISTAKES)
def test_typical_wrong_answer_lands_in_the_group_of_its_mistake(
    exercise: str, words: str, answer: Any
) -> None:
    found = judged(exercise, answer)
    assert found.status == "not yet"
    assert words in found.mistake


@pytest.mark.parametrize(("exercise", "words", "build"), WRONG_MODELS)
def test_model_that_is_not_as_asked_lands_in_its_group(
    exercise: str, words: str, build: Callable
) -> None:
    found = judged(exercise, build())
    assert found.status == "not yet"
    assert words in found.mistake
    assert not set("\x1b`*") & set(found.text)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.ci if exercise == "2.5" else ())
        for name, (exercise, _) in RIGHT_MODELS.items()
    ],
)
def test_model_that_does_what_is_asked_is_right_however_it_is_built(name: str) -> None:
    exercise, build = RIGHT_MODELS[name]
    assert judged(exercise, build()).status == "right"


def test_a_judged_model_is_left_as_it_is() -> None:
    model = used_before()
    before = model.get_weights()
    assert judged("3.3", model).status == "right"
    assert all(map(np.array_equal, before, model.get_weights()))
    assert model(np.ones((3, 7), int)).shape == (3, 1)


def test_each_exercise_knows_eight_mistakes() -> None:
    groups: dict[str, set] = {exercise: set() for exercise in RIGHT}
    for exercise, words, _ in [*MISTAKES, *WRONG_MODELS, *WRONG]:
        groups[exercise].add(words)
    assert {exercise: len(group) for exercise, group in groups.items() if len(group) < 8} == {}


def test_one_twenty_without_repetition_is_never_right() -> None:
    coins = draws(7, repeats=500)
    assert {judged("3.5", best).status for best in coins.max(axis=1)} == {"not yet"}
    means = [draws(seed).max(axis=1).mean() for seed in range(50)]
    assert {judged("3.5", mean).status for mean in means} == {"right"}


@pytest.mark.parametrize(
    ("exercise", "answer", "shown"),
    [
        ("3.4", lambda step, last, k: last - step + min(k, 2), "step=1, last_step=1, layers=3, "),
        (
            "3.4",
            lambda step, last, k: last - step + k + (step > 40) + (step == 3),
            "step=3, last_step=3, layers=1, ",
        ),
        ("1.3", lambda review, n: (review[:n] + [0] * n)[:n], "review=[11, 12], maxlen=1, "),
        ("4.5", lambda losses, n: len(losses), "losses=[0.1, 0.1, 0.1], patience=1, it returns 3."),
    ],
)
def test_wrong_function_is_shown_its_smallest_counterexample(
    exercise: str, answer: Callable, shown: str
) -> None:
    first, second = judged(exercise, answer), judged(exercise, answer)
    assert shown in first.text
    assert first == second


@pytest.mark.parametrize(
    ("answer", "category"),
    [
        (lambda step, last, k: 70, NO_KNOWN_MISTAKE),
        (lambda step, last, k: [step, last], ANOTHER_SHAPE),
        (lambda step, last, k: np.nan, NOT_FINITE),
        (lambda step, last, k: step[last], ERROR),
        (
            lambda step, last, k: print(end=""),
            "There is None where numbers are wanted: is a return missing?",
        ),
        (7, "no function: its name without brackets is wanted"),
    ],
)
def test_what_is_no_known_mistake_has_a_category(answer: Any, category: str) -> None:
    assert judged("3.4", answer).mistake == category


@pytest.mark.parametrize(
    ("shape", "turned"), [((64, 500, 30), False), ((32, 500, 64), True), ((64, 64, 500), False)]
)
def test_order_of_a_shape_is_told_only_where_its_sizes_are_right(
    shape: tuple, turned: bool
) -> None:
    text = judged("3.1", [shape, *SHAPES[1:]]).text
    assert f"{shape} is not right." in text
    assert ("The order is" in text) == turned


def test_an_array_of_one_number_is_called_an_array() -> None:
    found = judged("3.4", lambda step, last, k: [[step, last]])
    assert "is an array of shape (1, 2) where a single number is wanted" in found.text
    found = judged("4.4", lambda labels, predictions: [[0.5]])
    assert "is an array of shape (1, 1) where" in found.text


def test_a_right_answer_and_one_not_attempted_show_no_mistake() -> None:
    assert judged("2.2", 1407)[:2] == ("right", "")
    assert judged("2.2", ...)[:2] == ("not attempted", "")


def test_an_error_of_keras_is_one_sentence_without_signs_for_a_terminal() -> None:
    texts = [
        judged("4.6", lambda model, ids: model(ids[0])).text,
        judged("4.6", lambda model, ids: model("text")).text,
        judged("4.6", lambda model, ids: model(ids[np.newaxis] + 100)).text,
        judged("3.3", keras.Sequential([layers.SimpleRNN(4), *three()])).text,
    ]
    for text in texts:
        said = text.partition(" raised ")[2]
        assert said
        assert "Exception encountered" not in said
        assert not set("\x1b`*") & set(said)
        assert ". " not in said
        assert said.endswith(".")


def test_hints_are_plain_text() -> None:
    """They are printed, not rendered: a star or a backtick would be seen as one."""
    marked = [
        (path.name, node.value)
        for path in (ROOT / "course_utils" / "exercises").glob("*.py")
        for node in ast.walk(without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if " " in node.value and set("`*") & set(node.value)
    ]
    assert marked == []


def without_docstrings(tree: ast.Module) -> ast.Module:
    """Take out what stands alone: docstrings, also of constants."""
    for node in ast.walk(tree):
        if isinstance(getattr(node, "body", None), list):
            node.body = [one for one in node.body if not is_text(one)] or [ast.Pass()]
    return tree


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
