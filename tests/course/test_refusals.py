"""What cannot be used is refused: one sentence says what it was, and what to do."""

from collections.abc import Callable
from functools import partial

import course_utils as course
from course_utils.arguments import whole_number
from course_utils.probes.states import LSTMGates
import keras
import numpy as np
import pytest
import tensorflow as tf

X, Y = np.random.default_rng(2026).integers(4, 12, (20, 6), dtype="int32"), np.tile([0, 1], 10)
BAGS = tf.sparse.from_dense(X.astype("float32"))
REVIEWS = np.fromiter(X, dtype=object)
BATCHES = course.LengthBatches(REVIEWS, Y)
UNKNOWN = course.LengthBatches(REVIEWS + 12, Y)
EMPTY = np.array([], dtype="int32")
GATES = LSTMGates(*np.zeros((6, 4, 2)))
MEAN = course.build_averaged_embedding(num_words=12, embedding_dim=2)
GRU = course.build_gru(num_words=12, embedding_dim=2, units=3)
SIMPLE = course.build_simple_rnn(num_words=12, embedding_dim=2, units=3)
DEEP = course.build_deep_lstm(num_words=12, embedding_dim=2, units=3)

BAG = course.build_bag_of_ngrams(6)
READER = course.build_evidence_lstm(np.zeros((12, 2), "float32"), updates=1, units=2)
EVIDENCE = np.zeros((20, 6, 3), "float32")
WITH_EVIDENCE = course.LengthBatches(REVIEWS, Y, evidence=EVIDENCE)
DATASET = tf.data.Dataset.from_tensor_slices((X, Y))


def answering(name: str, *last: keras.layers.Layer) -> keras.Sequential:
    """Return a model that reads as MEAN does, and ends in other layers."""
    mean = keras.layers.GlobalAveragePooling1D()
    ids = keras.Input((None,), dtype="int32")
    return keras.Sequential([ids, keras.layers.Embedding(12, 2), mean, *last], name=name)


NAN = keras.initializers.Constant(float("nan"))
TWO = answering("two", keras.layers.Dense(2, activation="softmax"))
SURE = answering("sure", keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(7)))
LOST = answering("lost", keras.layers.Dense(1, bias_initializer=NAN))

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
        (course.bag_of_ngrams, [X, []], r"reviews is \[\]: give at least one review"),
        (course.bag_of_ngrams, ["a film"], "reviews is 'a film', a str: give a list"),
        (course.bag_of_ngrams, [["a film"]], "Review 0 is 'a film': .* as encode_review returns"),
        (course.neighbour_vectors, [X, 9, 2], "hold ids up to 11, and num_words is 9: use load"),
        (course.neighbour_vectors, [{4, 5}], "reviews is {4, 5}, a set: give a list"),
        (course.LengthBatches, [X, Y[:2]], "There are 20 reviews and 2 labels"),
        (course.LengthBatches, [X, Y + 1], "labels hold 2: give 0 for a negative review"),
        (course.LengthBatches, ["a film", [1]], "reviews is 'a film', a str: give a list"),
        (course.LengthBatches, [dict.fromkeys(range(20), X[0]), Y], "a dict: give a list"),
        (course.LengthBatches, [[], []], r"reviews is \[\]: give at least one review"),
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
        (course.accuracy_difference, [Y - 1, Y, Y], "labels hold -1: give 0 for a negative"),
        (
            course.mixing_weight,
            [Y[:, np.newaxis], Y, Y],
            r"20 reviews and labels of shape \(20, 1\)",
        ),
        (course.mixing_weight, [Y + np.nan, Y, Y], "labels hold nan: give 0"),
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
        (course.pad_reviews, [[[1], [[2, 3], [4]]]], r"Review 1 is \[\[2, 3\], \[4\]\]: give each"),
        (
            course.pad_reviews,
            [[[[2, 3], [4, 5]]]],
            r"Review 0 is \[\[2, 3\], \[4, 5\]\]: give each",
        ),
        (course.pad_reviews, [[float("nan")]], "Review 0 is nan: give each"),
        (course.pad_reviews, [iter([[1]])], "a list_iterator: give a list or an array"),
        (course.pad_reviews, [[[1, -2]]], "Review 0 holds ids from -2 to 1"),
        (course.pad_reviews, [[X[0], -X[0]]], "Review 1 holds ids from -"),
        (course.pad_reviews, [[[1, 2**31]]], "Review 0 holds ids from 1 to 2147483648"),
        (course.predict_review, [MEAN, "?!...\n"], "without a word: write a sentence"),
        (course.gradient_per_timestep, [GRU, X, Y[:2]], "20 reviews and 2 labels"),
        (course.gradient_per_timestep, [GRU, X, 2 * Y], "labels hold 2"),
        (course.gradient_per_timestep, [TWO, X, Y], "two answers .* a single sigmoid unit"),
        (course.direction_per_timestep, [TWO, X], "two answers .* a single sigmoid unit"),
        (course.word_effects, [TWO, X[0]], "two answers .* a single sigmoid unit"),
        (course.running_prediction, [TWO, X[0]], "two answers .* a single sigmoid unit"),
        (course.predict_review, [TWO, "a film"], "two answers .* a single sigmoid unit"),
        (
            course.predict_review,
            [SURE, "a film"],
            r"sure answers \[[67]\.\d+\] .* a single sigmoid unit",
        ),
        (course.predict_review, [LOST, "a film"], "lost answers .*nan.* a single sigmoid unit"),
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
        (course.fit, [GRU, X, Y[:-1]], "There are 20 training reviews and 19 labels"),
        (course.fit, [BAG, BAGS, Y[:-1]], "There are 20 training reviews and 19 labels"),
        (course.fit, [GRU, X, Y, (X[:-1], Y)], "There are 19 validation reviews and 20 labels"),
        (course.fit, [GRU, X + 8, Y], "training ids run from 12 to 19, but .* 0 to 11"),
        (course.fit, [GRU, X, Y, (-X, Y)], "The validation ids run from -11"),
        (course.fit, [GRU, X, Y, UNKNOWN], "The validation ids run from 16 to"),
        (course.fit, [GRU, X[:0], Y[:0]], r"training ids have shape \(0, 6\)"),
        (course.fit, [GRU, REVIEWS[:2], Y[:2]], r"shape \(2,\) .* as pad_reviews returns them"),
        (course.fit, [GRU, X / 12, Y], "training ids have .* float64: give whole numbers"),
        (course.fit, [GRU, X, Y + 1], "training labels hold 2: give 0 for a negative review"),
        (course.fit, [GRU, X, np.eye(2)[Y]], r"training reviews and labels of shape \(20, 2\)"),
        (course.fit, [GRU, X, Y, (X, Y / 2)], "validation labels hold 0.5: give 0"),
        (course.fit, [GRU, X, Y, (X, Y, Y)], r"validation_data is a tuple: give \(x, y\)"),
        (course.fit, [GRU, DATASET, Y], "ids is .*Dataset: give a list or an array"),
        (course.fit, [GRU, X, Y, DATASET], r"validation_data is a .*Dataset: give \(x, y\)"),
        (course.fit, [GRU, BAGS, Y], "bags of 6 n-grams, and gru_model was built for other"),
        (course.fit, [BAG, tf.sparse.from_dense(X[:, :5]), Y], r"build_bag_of_ngrams\(5\)"),
        (course.fit, [BAG, X, Y], "bag_of_ngrams_model has no Embedding layer"),
        (course.fit, [GRU, WITH_EVIDENCE], "3 numbers of evidence .* gru_model reads 0"),
        (course.fit, [READER, BATCHES], "0 numbers of evidence .* reads 3: give LengthBatches"),
        (course.fit, [READER, X, Y], "0 numbers of evidence .* reads 3: give LengthBatches"),
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
        (course.encode_review, [float("nan")], "text is nan, a float: give one review as a str"),
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
