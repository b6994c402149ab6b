"""What cannot be used is refused: one sentence says what it was, and what to do."""

from collections.abc import Callable
from functools import partial

import course_utils as course
from course_utils.arguments import whole_number
from course_utils.probes.states import LSTMGates
import numpy as np
import pytest
import tensorflow as tf

X, Y = np.random.default_rng(2026).integers(4, 12, (20, 6), dtype="int32"), np.tile([0, 1], 10)
BAGS = tf.sparse.from_dense(X)
REVIEWS = np.fromiter(X, dtype=object)
BATCHES = course.LengthBatches(REVIEWS, Y)
UNKNOWN = course.LengthBatches(REVIEWS + 12, Y)
EMPTY = np.array([], dtype="int32")
GATES = LSTMGates(*np.zeros((6, 4, 2)))
MEAN = course.build_averaged_embedding(num_words=12, embedding_dim=2)
GRU = course.build_gru(num_words=12, embedding_dim=2, units=3)
SIMPLE = course.build_simple_rnn(num_words=12, embedding_dim=2, units=3)
DEEP = course.build_deep_lstm(num_words=12, embedding_dim=2, units=3)

SIZES = ("num_words", "embedding_dim", "units")
TAKE_WHOLE_NUMBERS = [
    *((build, SIZES) for build in (course.build_simple_rnn, course.build_stacked_rnn)),
    *((build, SIZES) for build in (course.build_lstm, course.build_deep_lstm, course.build_gru)),
    (course.build_averaged_embedding, SIZES[:2]),
    (course.build_bag_of_ngrams, ["max_tokens"]),
    (partial(course.build_pooled_lstm, X, 1), ["units"]),
    (partial(course.build_pooled_lstm, X), ["updates"]),
    (partial(course.bag_of_ngrams, X), ["ngrams"]),
    (partial(course.coin_band, 500), ["seeds"]),
    (partial(course.coin_band, seeds=3), ["reviews"]),
    (partial(course.first_token_task, k=9), ["count"]),
    (partial(course.first_token_task, 9), ["k"]),
    (partial(course.flag_task, k=9), ["count"]),
    (partial(course.flag_task, 9), ["k"]),
    (partial(course.LengthBatches, X, Y), ["batch_size", "maxlen", "seed"]),
    (partial(course.encode_review, "a film"), ["num_words"]),
    (partial(course.fit, MEAN, X, Y, (X, Y)), ["epochs", "batch_size", "patience"]),
    (course.load_imdb, ["num_words"]),
    (course.load_imdb_test, ["num_words"]),
    (partial(course.nearest_words, MEAN, "the"), ["k"]),
    (partial(course.neighbour_vectors, X), ["num_words", "embedding_dim"]),
    (partial(course.pad_reviews, X), ["maxlen"]),
    (partial(course.predict_review, MEAN, "a film"), ["num_words", "maxlen"]),
    (course.set_seed, ["seed"]),
    (partial(course.sweep_accuracies, "lstm", "mask"), ["epoch"]),
]


@pytest.mark.parametrize(
    ("function", "name"),
    [(function, name) for function, names in TAKE_WHOLE_NUMBERS for name in names],
)
def test_number_that_is_not_whole(function: Callable, name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is 1.5: give a whole number from"):
        function(**{name: 1.5})


@pytest.mark.parametrize("value", [3, -1, 8, 5.0, float("nan"), "5", None, True, [5]])
def test_no_whole_number_in_the_range(value: object) -> None:
    with pytest.raises(ValueError, match=r"k is .*: give a whole number from 4 to 7\.") as caught:
        whole_number("k", value, least=4, most=7)
    assert repr(value) in str(caught.value)
    assert [whole_number("k", number, 4, 7) for number in (4, 7, np.int64(5))] == [4, 7, 5]


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (course.load_imdb, [3], "num_words is 3: give a whole number from 4 on"),
        (course.set_seed, [2**32], "seed is 4294967296: give a whole number from 0 to 4294967295"),
        (course.neighbour_vectors, [X, 4], "num_words is 4: give a whole number from 5 on"),
        (course.nearest_words, [MEAN, "is", 8], "k is 8: give a whole number from 1 to 7"),
        (course.predict_review, [MEAN, "a", 13], "num_words is 13: give .* from 4 to 12"),
        (course.bag_of_ngrams, [X, []], r"lists hold \[20, 0\] reviews: give at least one"),
        (course.LengthBatches, [X, Y[:2]], "There are 20 reviews and 2 labels"),
        (course.LengthBatches, [[], []], "There are 0 reviews and 0 labels"),
        (course.LengthBatches, [[X[0], EMPTY], Y[:2]], "Review 1 is empty"),
        (course.decode_review, [[1, -1]], "ids run from -1 to 1"),
        (course.decode_review, [[1, 88_588]], "give ids from 0 to 88,587"),
        (course.decode_review, [[88_585], 0], "give ids from 0 to 88,584"),
        (course.decode_review, [[1], 1], "index_from is 1"),
        (course.lecture_split, [X, Y], "There are 20 reviews and 20 labels: give all 25,000"),
        (course.film_split, [X, Y], "There are 20 reviews and 20 labels: give all 25,000"),
        (course.flag_task, [9, 3], "k is 3: give a whole number from 4 on"),
        (course.first_token_task, [0, 1], "count is 0: give a whole number from 1 on"),
        (course.coin_band, [0], "reviews is 0: give a whole number from 1 on"),
        (course.median_interval, [[0.5]], "There are 1 values: give at least two"),
        (course.median_difference, [[0.5], [0.5, 0.6]], "There are 1 values: give at least two"),
        (course.median_difference, [[0.5, 0.6], []], "There are 0 values: give at least two"),
        (course.accuracy_difference, [Y, Y, Y[:2]], r"shapes are .*\(2,\)\]: give three arrays"),
        (course.accuracy_difference, [X, X, X], r"shapes are \[\(20, 6\), .*: give three arrays"),
        (course.open_forget_gate, [GRU, 3], "gru_model has no LSTM layer: give an LSTM"),
        (course.open_forget_gate, [SIMPLE, 3], "simple_rnn_model has no LSTM layer"),
        (course.build_pooled_lstm, [X[0], 1], r"word_vectors have shape \(6,\): give a table"),
        (course.pad_reviews, [X, 4, "front"], "padding is 'front': give \"pre\""),
        (course.pad_reviews, [X, 4, "pre", None], "truncating is None"),
        (course.pad_reviews, [[]], "at least one review"),
        (course.pad_reviews, ["a review"], "reviews is 'a review'"),
        (course.pad_reviews, [[1, 2, 3]], "Review 0 is 1: .* goes in brackets"),
        (course.pad_reviews, [[[1], []]], "Review 1 is empty"),
        (course.pad_reviews, [[[1], EMPTY]], "Review 1 is empty"),
        (course.pad_reviews, [[[1, -2]]], "Review 0 holds ids from -2 to 1"),
        (course.pad_reviews, [[X[0], -X[0]]], "Review 1 holds ids from -"),
        (course.pad_reviews, [[[1, 2**31]]], "Review 0 holds ids from 1 to 2147483648"),
        (course.predict_review, [MEAN, "?!...\n"], "without a word: write a sentence"),
        (course.gradient_per_timestep, [GRU, X, Y[:2]], "20 reviews, and labels of shape"),
        (course.gradient_per_timestep, [GRU, X[0], Y], r"have shape \(6,\)"),
        (course.gradient_per_timestep, [GRU, X + 0.5, Y], "dtype float64"),
        (course.gradient_per_timestep, [GRU, X + 8, Y], "from 12 to 19, but .* knows 0 to 11"),
        (course.hidden_states, [DEEP, X[0], 2], "layer is 2, but .* has 2 recurrent layers"),
        (course.hidden_states, [DEEP, X[0], -3], "layer is -3, but .* has 2 recurrent layers"),
        (course.hidden_states, [MEAN, X[0]], "layer is -1, but .* has 0 recurrent layers"),
        (course.lstm_gates, [GRU, X[0]], "gru is a GRU: only an LSTM"),
        (course.step_jacobian, [DEEP, X[0], 2], "layer is 2, but .* has 2 recurrent layers"),
        (course.step_jacobian, [MEAN, X[0]], "layer is -1, but .* has 0 recurrent layers"),
        (course.step_jacobian, [GRU, X], r"have shape \(20, 6\)"),
        (course.direction_per_timestep, [GRU, X[0]], r"have shape \(6,\)"),
        (course.direction_per_timestep, [GRU, X + 8], "from 12 to 19, but .* knows 0 to 11"),
        (course.word_effects, [GRU, X], r"have shape \(20, 6\)"),
        (course.word_effects, [GRU, X[0] + 8], "but the model's embedding knows 0 to 11"),
        (course.word_map, [MEAN, ["the", "and"]], "There are 2 words"),
        (course.word_map, [MEAN, ["the", "and", "The"]], "does not know the word 'The'"),
        (course.nearest_words, [MEAN, "xyzzy"], "does not know the word 'xyzzy'"),
        (course.nearest_words, [MEAN, "it"], "does not know the word 'it': .* its 12 most"),
        (course.plot_gates, [GATES, ["film"] * 4], "4 time steps, and 4 words from step 1 on"),
        (course.fit, [GRU, X, Y, None, 3, 64, 2], "patience is 2, without validation_data"),
        (course.fit, [GRU, X, Y[:-1]], "There are 20 training reviews but 19 labels"),
        (course.fit, [GRU, BAGS, Y[:-1]], "There are 20 training reviews but 19 labels"),
        (course.fit, [GRU, X, Y, (X[:-1], Y)], "There are 19 validation reviews but 20 labels"),
        (course.fit, [GRU, X + 8, Y], "training reviews hold ids from 12 to 19, but .* 0 to 11"),
        (course.fit, [GRU, X, Y, (-X, Y)], "The validation reviews hold ids from -11"),
        (course.fit, [GRU, X, Y, UNKNOWN], "The validation reviews hold ids from 16 to"),
        (course.fit, [GRU, X[:0], Y[:0]], "There are no training reviews"),
        (course.fit, [GRU, X], "training reviews have no labels: give y"),
        (course.fit, [GRU, BATCHES, Y], "training batches bring their labels along: leave y out"),
    ],
)
def test_value(function: Callable, arguments: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(*arguments)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (course.encode_review, [b"bytes"], "text is b'bytes', a bytes: give one review as a str"),
        (course.predict_review, [MEAN, None], "give one review as a str"),
        (course.decode_review, [[1.5]], "float64"),
        (course.decode_review, [[[1, 2]]], r"shape \(1, 2\)"),
        (course.decode_review, ["text"], "give one review"),
        (course.pad_reviews, [[[1.5]]], "Review 0 holds float64 values"),
        (course.pad_reviews, [[["great"]]], "Review 0 holds <U5 values"),
    ],
)
def test_type(function: Callable, arguments: list, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        function(*arguments)
