"""What the probes show is what Keras computes: each is compared with another way to get it."""

from collections.abc import Callable

from course_utils import set_seed
from course_utils.imdb import get_word_index
from course_utils.models import (
    build_averaged_embedding,
    build_deep_lstm,
    build_gru,
    build_lstm,
    build_simple_rnn,
    build_stacked_rnn,
)
from course_utils.probes import (
    embedding_table,
    gradient_per_timestep,
    hidden_states,
    lstm_gates,
    nearest_words,
    running_prediction,
    word_map,
)
import keras
from keras import layers
import numpy as np
import pytest

FORWARD = [build_simple_rnn, build_stacked_rnn, build_lstm, build_deep_lstm, build_gru]
SIZES = {"num_words": 28, "embedding_dim": 2, "units": 3}
WORDS_THEN_ZEROS = np.array([1, 7, 5, 9, 0, 0])
ZEROS_THEN_WORDS = np.array([0, 0, 1, 7, 5, 9])


@pytest.fixture(params=[False, True], ids=["as taught", "masked"])
def mask_padding(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(params=FORWARD, ids=lambda build: build.__name__)
def model(request: pytest.FixtureRequest, mask_padding: bool) -> keras.Sequential:
    set_seed(2026)
    return with_large_weights(request.param(**SIZES, mask_padding=mask_padding))


@pytest.fixture(params=[WORDS_THEN_ZEROS, ZEROS_THEN_WORDS], ids=["behind", "in front"])
def review(request: pytest.FixtureRequest) -> np.ndarray:
    return request.param


def with_large_weights(model: keras.Sequential) -> keras.Sequential:
    """Let no number be close to zero, so that a mistake cannot hide there."""
    random = np.random.default_rng(2026)
    model.set_weights([random.normal(0, 0.7, w.shape) for w in model.get_weights()])
    return model


def bidirectional() -> keras.Sequential:
    set_seed(2026)
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(12, 2, mask_zero=True),
            layers.Bidirectional(layers.LSTM(3)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def pooled() -> keras.Sequential:
    set_seed(2026)
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(12, 2),
            layers.GRU(3, return_sequences=True),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def test_gradient_equals_finite_differences(model: keras.Sequential) -> None:
    """Ids 12 to 27 are the words' vectors, moved a little in four ways, put in one by one."""
    review, step = np.array([1, 7, 5, 9]), 0.01
    ways = step * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    table, *others = model.get_weights()
    table[12:] = (table[review, np.newaxis] + ways).reshape(16, 2)
    model.set_weights([table, *others])
    moved = np.tile(review, (16, 1))
    moved[range(16), np.repeat(range(4), 4)] = range(12, 28)
    losses = -np.log(1 - model(moved).numpy().reshape(4, 2, 2))
    slopes = (losses[:, :, 0] - losses[:, :, 1]) / (2 * step)
    ours = gradient_per_timestep(model, review[np.newaxis], [0])
    np.testing.assert_allclose(ours, np.linalg.norm(slopes, axis=1), atol=2e-4)


@pytest.mark.parametrize("label", [0, 1])
def test_gradient_equals_backpropagation_by_hand(label: int) -> None:
    """SimpleRNN: back through time, the gradient is multiplied by U' and tanh' at each step."""
    model = with_large_weights(build_simple_rnn(**SIZES))
    table, kernel, recurrent_kernel, bias, weights, last_bias = model.get_weights()
    states = [np.zeros(3)]
    for number in WORDS_THEN_ZEROS:
        states.append(np.tanh(table[number] @ kernel + states[-1] @ recurrent_kernel + bias))
    probability = 1 / (1 + np.exp(-(states[-1] @ weights + last_bias)))
    to_state, expected = (probability - label) * weights[:, 0], []
    for state in reversed(states[1:]):
        to_sum = to_state * (1 - state**2)
        expected.insert(0, np.linalg.norm(kernel @ to_sum))
        to_state = recurrent_kernel @ to_sum
    ours = gradient_per_timestep(model, WORDS_THEN_ZEROS[np.newaxis], [label])
    assert ours.dtype == np.float64
    np.testing.assert_allclose(ours, expected, rtol=1e-5)


def test_gradient_is_a_mean_of_lengths(model: keras.Sequential) -> None:
    """Two reviews that pull in opposite directions do not cancel; more than one batch."""
    ids = np.tile([WORDS_THEN_ZEROS, WORDS_THEN_ZEROS, ZEROS_THEN_WORDS], (30, 1))
    labels = np.tile([0, 1, 1], 30)
    alone = [gradient_per_timestep(model, ids[n : n + 1], labels[n : n + 1]) for n in range(3)]
    together = gradient_per_timestep(model, ids, labels)
    np.testing.assert_allclose(together, np.mean(alone, axis=0), rtol=1e-4)


def test_gradient_is_exactly_zero_only_where_a_mask_skips(
    model: keras.Sequential, review: np.ndarray, mask_padding: bool
) -> None:
    gradient = gradient_per_timestep(model, review[np.newaxis], [1])
    assert ((gradient == 0) == (mask_padding & (review == 0))).all()


def test_gradient_without_recurrence() -> None:
    """In a mean, each word has the same share."""
    model = with_large_weights(build_averaged_embedding(12, 2))
    gradient = gradient_per_timestep(model, WORDS_THEN_ZEROS[np.newaxis], [1])
    np.testing.assert_allclose(gradient[:4], gradient[0], rtol=1e-6)


def test_gradient_leaves_the_model_as_it_is(model: keras.Sequential) -> None:
    before = model.get_weights()
    gradient_per_timestep(model, WORDS_THEN_ZEROS[np.newaxis], [1])
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize(
    ("ids", "labels", "message"),
    [
        ([[1, 2]], [1, 0], "There are 1 reviews, and labels of shape"),
        ([1, 2], [1], r"have shape \(2,\)"),
        ([[1.0, 2.0]], [1], "dtype float64"),
        ([[1, 28]], [1], "run from 1 to 28, but the model's embedding knows 0 to 27"),
    ],
)
def test_unusable_ids_and_labels(ids: list, labels: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gradient_per_timestep(build_lstm(**SIZES), np.array(ids), np.array(labels))


def test_hidden_states_equal_keras_layer_that_returns_sequences(
    model: keras.Sequential, review: np.ndarray
) -> None:
    *below, _ = model.layers
    vectors = review[np.newaxis]
    for number, layer in enumerate(below):
        if isinstance(layer, layers.RNN):
            settings = {**layer.get_config(), "return_sequences": True}
            twin = type(layer).from_config(settings)
            twin(vectors)
            twin.set_weights(layer.get_weights())
            expected = twin(vectors)[0]
            np.testing.assert_allclose(
                hidden_states(model, review, number - 1), expected, atol=1e-6
            )
        vectors = layer(vectors)
    np.testing.assert_allclose(hidden_states(model, review)[-1], vectors[0], atol=1e-6)


@pytest.mark.parametrize("layer", [2, -3])
def test_no_such_layer(layer: int) -> None:
    with pytest.raises(ValueError, match=f"layer is {layer}, but .* has 2 recurrent layers"):
        hidden_states(build_deep_lstm(**SIZES), WORDS_THEN_ZEROS, layer)


def test_no_recurrent_layer() -> None:
    with pytest.raises(ValueError, match="has 0 recurrent layers"):
        hidden_states(build_averaged_embedding(12, 2), WORDS_THEN_ZEROS)


@pytest.mark.parametrize("build", [build_lstm, build_deep_lstm])
def test_gates_give_the_states_of_keras(
    build: Callable, mask_padding: bool, review: np.ndarray
) -> None:
    model = with_large_weights(build(**SIZES, mask_padding=mask_padding))
    gates = lstm_gates(model, review)
    np.testing.assert_allclose(gates.hidden_state, hidden_states(model, review), atol=1e-6)
    dense = model.layers[-1]
    last = dense(gates.hidden_state[-1:])
    np.testing.assert_allclose(last, model(review[np.newaxis]), atol=1e-6)


def test_gates_give_the_cell_state_of_keras(review: np.ndarray) -> None:
    model = with_large_weights(build_lstm(**SIZES))
    embedding, lstm, _ = model.layers
    twin = layers.LSTM.from_config({**lstm.get_config(), "return_state": True})
    twin(embedding(review[np.newaxis]))
    twin.set_weights(lstm.get_weights())
    *_, cell_state = twin(embedding(review[np.newaxis]))
    np.testing.assert_allclose(lstm_gates(model, review).cell_state[-1], cell_state[0], 1e-5)


def test_gates_that_stand_open_or_shut() -> None:
    """A bias of +30 opens a gate, one of -30 shuts it: each name holds the gate it says."""
    model = build_lstm(**SIZES)
    table, kernel, recurrent_kernel, _, *last = model.get_weights()
    bias = np.repeat([30.0, -30.0, -30.0, 30.0], 3)
    model.set_weights([table, 0 * kernel, 0 * recurrent_kernel, bias, *last])
    gates = lstm_gates(model, WORDS_THEN_ZEROS)
    for name, value in {"input": 1, "forget": 0, "output": 1}.items():
        np.testing.assert_allclose(getattr(gates, f"{name}_gate"), value, atol=1e-6)
    np.testing.assert_allclose(gates.candidate, -1, atol=1e-6)


def test_skipped_steps_have_no_gates() -> None:
    gates = lstm_gates(build_lstm(**SIZES, mask_padding=True), WORDS_THEN_ZEROS)
    for name in ("input_gate", "forget_gate", "output_gate", "candidate"):
        skipped = np.isnan(getattr(gates, name)).all(axis=1)
        np.testing.assert_array_equal(skipped, WORDS_THEN_ZEROS == 0)
    assert np.isfinite(gates.cell_state).all()


def test_gru_has_no_such_gates() -> None:
    with pytest.raises(ValueError, match="gru is a GRU: only an LSTM"):
        lstm_gates(build_gru(**SIZES), WORDS_THEN_ZEROS)


def test_running_prediction_equals_one_for_each_beginning(
    model: keras.Sequential, review: np.ndarray
) -> None:
    expected = [float(model(review[np.newaxis, :end])[0, 0]) for end in range(1, 7)]
    np.testing.assert_allclose(running_prediction(model, review), expected, atol=1e-6)


@pytest.mark.parametrize("build", [bidirectional, pooled, lambda: build_averaged_embedding(12)])
def test_running_prediction_of_models_that_do_not_only_read_forwards(build: Callable) -> None:
    model, review = with_large_weights(build()), WORDS_THEN_ZEROS[:4]
    expected = [float(model(review[np.newaxis, :end])[0, 0]) for end in range(1, 5)]
    np.testing.assert_allclose(running_prediction(model, review), expected, atol=1e-6)


NAMES = ("the", "and", "a", "of", "to", "is", "br", "in")  # ids 4 to 11


@pytest.fixture
def circle() -> keras.Sequential:
    """Vectors on a circle, at these degrees; ids 0 to 3 lie where "the" does."""
    degrees = np.array([0, 0, 0, 0, 0, 10, 25, 200, 90, 91, 95, 351])
    table = np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)
    table *= np.linspace(1, 3, 12)[:, np.newaxis]
    model = build_averaged_embedding(12, 2)
    model.layers[0].set_weights([table])
    return model


def test_embedding_table(circle: keras.Sequential) -> None:
    np.testing.assert_array_equal(embedding_table(circle), circle.get_weights()[0])


def test_nearest_words_by_angle(circle: keras.Sequential) -> None:
    names, similarities = zip(*nearest_words(circle, "the", k=3), strict=True)
    assert names == ("in", "and", "a")
    np.testing.assert_allclose(similarities, np.cos(np.radians([9, 10, 25])), atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_word_without_a_vector_is_near_to_none(circle: keras.Sequential) -> None:
    table = embedding_table(circle)
    table[get_word_index()["in"] + 3] = 0
    circle.set_weights([table, *circle.get_weights()[1:]])
    assert dict(nearest_words(circle, "the", k=7))["in"] == 0


def test_nearest_words_are_all_others_at_most(circle: keras.Sequential) -> None:
    names = [name for name, _ in nearest_words(circle, "is", k=7)]
    assert set(names) == set(NAMES) - {"is"}
    assert names[-1] == "of"
    with pytest.raises(ValueError, match="k is 8: give a whole number from 1 to 7"):
        nearest_words(circle, "is", k=8)


@pytest.mark.parametrize("word", ["film", "xyzzy", "The", ""])
def test_unknown_word(circle: keras.Sequential, word: str) -> None:
    """Rank 9 has id 12, one too many; the others are no words of the index."""
    assert get_word_index()["film"] >= 9
    with pytest.raises(ValueError, match=f"does not know the word {word!r}"):
        nearest_words(circle, word)
    with pytest.raises(ValueError, match=f"does not know the word {word!r}"):
        word_map(circle, ["the", "and", word])


def test_first_word_outside_is_unknown(circle: keras.Sequential) -> None:
    by_rank = sorted(get_word_index(), key=get_word_index().get)
    assert tuple(by_rank[:8]) == NAMES
    with pytest.raises(ValueError, match="does not know"):
        nearest_words(circle, by_rank[8])


def test_map_equals_eigenvectors_of_the_covariance() -> None:
    """The other way to a PCA."""
    set_seed(2026)
    model = build_averaged_embedding(12, 5)
    centred = embedding_table(model)[4:12]
    centred = centred - centred.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    expected = centred @ directions[:, [-1, -2]]
    points = word_map(model, list(NAMES))
    np.testing.assert_allclose(np.abs(points), np.abs(expected), atol=1e-6)
    assert (points.max(axis=0) == np.abs(points).max(axis=0)).all()


def test_map_needs_three_words(circle: keras.Sequential) -> None:
    with pytest.raises(ValueError, match="There are 2 words"):
        word_map(circle, ["the", "and"])
