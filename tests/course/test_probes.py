"""What the probes show is what Keras computes: each is compared with another way to get it."""

from collections.abc import Callable

import course_utils as course
import keras
from keras import layers
import numpy as np
import pytest

FORWARD = [course.build_stacked_rnn, course.build_deep_lstm, course.build_gru]
SIZES = {"num_words": 28, "embedding_dim": 2, "units": 3}
WORDS = np.array([1, 7, 5, 9])
WORDS_THEN_ZEROS = np.array([1, 7, 5, 9, 0, 0])
ZEROS_THEN_WORDS = np.array([0, 0, 1, 7, 5, 9])


@pytest.fixture(params=[False, True], ids=["as taught", "masked"])
def mask_padding(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(params=FORWARD, ids=lambda build: build.__name__)
def model(request: pytest.FixtureRequest, mask_padding: bool) -> keras.Sequential:
    return with_large_weights(request.param(**SIZES, mask_padding=mask_padding))


@pytest.fixture(params=[WORDS_THEN_ZEROS, ZEROS_THEN_WORDS], ids=["behind", "in front"])
def review(request: pytest.FixtureRequest) -> np.ndarray:
    return request.param


def with_large_weights(model: keras.Sequential) -> keras.Sequential:
    """Let no number be close to zero, so that a mistake cannot hide there."""
    random = np.random.default_rng(2026)
    model.set_weights([random.normal(0, 0.7, w.shape) for w in model.get_weights()])
    return model


@pytest.mark.parametrize("label", [0, 1])
def test_gradient_equals_finite_differences(model: keras.Sequential, label: int) -> None:
    """Ids 12 to 27 are the words' vectors, moved a little in four ways, put in one by one."""
    review, step = np.array([1, 7, 5, 9]), 0.01
    ways = step * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    table, *others = model.get_weights()
    table[12:] = (table[review, np.newaxis] + ways).reshape(16, 2)
    model.set_weights([table, *others])
    moved = np.tile(review, (16, 1))
    moved[range(16), np.repeat(range(4), 4)] = range(12, 28)
    losses = -np.log(np.abs(1 - label - model(moved).numpy().reshape(4, 2, 2)))
    slopes = (losses[:, :, 0] - losses[:, :, 1]) / (2 * step)
    ours = course.gradient_per_timestep(model, review[np.newaxis], [label])
    np.testing.assert_allclose(ours, np.linalg.norm(slopes, axis=1), atol=2e-4)


def test_gradient_is_a_mean_of_lengths() -> None:
    """Two reviews that pull in opposite directions do not cancel; more than one batch."""
    model = with_large_weights(course.build_lstm(**SIZES))
    ids = np.tile([WORDS_THEN_ZEROS, WORDS_THEN_ZEROS, ZEROS_THEN_WORDS], (30, 1))
    labels = np.tile([0, 1, 1], 30)
    alone = [
        course.gradient_per_timestep(model, ids[n : n + 1], labels[n : n + 1]) for n in range(3)
    ]
    together = course.gradient_per_timestep(model, ids, labels)
    np.testing.assert_allclose(together, np.mean(alone, axis=0), rtol=1e-4)


def test_gradient_is_exactly_zero_only_where_a_mask_skips(
    model: keras.Sequential, review: np.ndarray, mask_padding: bool
) -> None:
    gradient = course.gradient_per_timestep(model, review[np.newaxis], [1])
    assert ((gradient == 0) == (mask_padding & (review == 0))).all()


def twin_of(
    layer: layers.RNN, vectors: object, return_state: bool = False, **from_where: object
) -> object:
    """Return what a twin of a layer makes of vectors, if it hands on the state of each step."""
    settings = {"return_sequences": True, "return_state": return_state}
    twin = type(layer).from_config({**layer.get_config(), **settings})
    twin(vectors)
    twin.set_weights(layer.get_weights())
    return twin(vectors, **from_where)


def test_hidden_states_equal_keras_layer_that_returns_sequences(
    model: keras.Sequential, review: np.ndarray
) -> None:
    *below, _ = model.layers
    vectors = review[np.newaxis]
    for number, layer in enumerate(below):
        if isinstance(layer, layers.RNN):
            states = course.hidden_states(model, review, number - 1)
            np.testing.assert_allclose(states, twin_of(layer, vectors)[0], atol=1e-6)
        vectors = layer(vectors)
    np.testing.assert_allclose(course.hidden_states(model, review)[-1], vectors[0], atol=1e-6)


@pytest.mark.parametrize("build", [course.build_lstm, course.build_deep_lstm])
def test_gates_give_the_states_of_keras(
    build: Callable, mask_padding: bool, review: np.ndarray
) -> None:
    model = with_large_weights(build(**SIZES, mask_padding=mask_padding))
    *below, lstm, _ = model.layers
    vectors = review[np.newaxis]
    for layer in below:
        vectors = layer(vectors)
    states, _, cell_state = twin_of(lstm, vectors, return_state=True)
    gates = course.lstm_gates(model, review)
    np.testing.assert_allclose(gates.hidden_state, states[0], atol=1e-6)
    np.testing.assert_allclose(gates.cell_state[-1], cell_state[0], 1e-5)


def test_gates_that_stand_open_or_shut() -> None:
    """A bias of +30 opens a gate, one of -30 shuts it: each name holds the gate it says."""
    model = course.build_lstm(**SIZES)
    table, kernel, recurrent_kernel, _, *last = model.get_weights()
    bias = np.repeat([30.0, -30.0, -30.0, 30.0], 3)
    model.set_weights([table, 0 * kernel, 0 * recurrent_kernel, bias, *last])
    gates = course.lstm_gates(model, WORDS_THEN_ZEROS)
    for name, value in {"input": 1, "forget": 0, "output": 1}.items():
        np.testing.assert_allclose(getattr(gates, f"{name}_gate"), value, atol=1e-6)
    np.testing.assert_allclose(gates.candidate, -1, atol=1e-6)


def test_step_of_a_simple_rnn_is_the_formula() -> None:
    """From tanh(x W + h U + b) follows diag(1 - h ** 2) U^T, with h behind the step."""
    model = with_large_weights(course.build_simple_rnn(**SIZES))
    _, _, recurrent_kernel, *_ = model.get_weights()
    state = course.hidden_states(model, WORDS)[-1]
    expected = np.diag(1 - state**2) @ recurrent_kernel.T
    np.testing.assert_allclose(course.step_jacobian(model, WORDS), expected, atol=1e-6)


@pytest.mark.parametrize("build", FORWARD)
@pytest.mark.parametrize("number", [0, -1])
def test_step_equals_finite_differences(build: Callable, number: int) -> None:
    """Keras' layer reads the last word from states that are moved a little, one by one."""
    model, step = with_large_weights(build(**SIZES)), 0.01
    recurrent = [layer for layer in model.layers if isinstance(layer, layers.RNN)][number]
    vectors = WORDS[np.newaxis]
    for layer in model.layers[: model.layers.index(recurrent)]:
        vectors = layer(vectors)
    _, *before = twin_of(recurrent, vectors[:, :-1], return_state=True)
    before = np.concatenate(before, axis=1)
    moves = step * np.concatenate([np.eye(before.size), -np.eye(before.size)])
    moved = np.split((before + moves).astype("float32"), before.size // 3, axis=1)
    last = np.repeat(vectors[:, -1:], len(moves), axis=0)
    _, *after = twin_of(recurrent, last, return_state=True, initial_state=moved)
    up, down = np.split(np.concatenate(after, axis=1), 2)
    jacobian = course.step_jacobian(model, WORDS, number)
    np.testing.assert_allclose(jacobian, (up - down).T / (2 * step), atol=2e-4)


def test_step_carries_the_cell_by_its_forget_gate() -> None:
    model = with_large_weights(course.build_lstm(**SIZES))
    carried = course.step_jacobian(model, WORDS)[3:, 3:]
    expected = np.diag(course.lstm_gates(model, WORDS).forget_gate[-1])
    np.testing.assert_allclose(carried, expected, atol=1e-6)


def test_direction_of_a_linear_rnn_is_the_formula() -> None:
    """While states are tiny, tanh is linear: a word j steps before the end moves along W U^j v."""
    model = with_large_weights(course.build_simple_rnn(**SIZES))
    table, kernel, recurrent_kernel, bias, weights, last = model.get_weights()
    model.set_weights([1e-4 * table, kernel, recurrent_kernel, 0 * bias, weights, last])
    powers = [np.linalg.matrix_power(recurrent_kernel, j) for j in (3, 2, 1, 0)]
    moves = [kernel @ power @ weights[:, 0] for power in powers]
    expected = [move @ moves[-1] for move in moves] / np.linalg.norm(moves, axis=1)
    expected /= np.linalg.norm(moves[-1])
    assert np.ptp(expected) > 0.5
    ids = np.array([WORDS, WORDS[::-1]])
    np.testing.assert_allclose(course.direction_per_timestep(model, ids), expected, atol=1e-5)


def test_direction_is_a_mean_of_cosines() -> None:
    """Each review counts alike, however strongly it moves the answer; the last step is 1."""
    model = with_large_weights(course.build_lstm(**SIZES))
    ids = np.array([WORDS, WORDS[::-1], [4, 4, 8, 2]])
    alone = [course.direction_per_timestep(model, ids[n : n + 1]) for n in range(3)]
    together = course.direction_per_timestep(model, ids)
    np.testing.assert_allclose(together, np.mean(alone, axis=0), atol=1e-6)
    np.testing.assert_allclose(together[-1], 1, atol=1e-6)
    assert np.abs(alone).max() < 1 + 1e-6


@pytest.mark.parametrize(
    ("replacement", "edited"),
    [
        (None, [[7, 5, 9], [1, 5, 9], [1, 7, 9], [1, 7, 5]]),
        (2, [[2, 7, 5, 9], [1, 2, 5, 9], [1, 7, 2, 9], [1, 7, 5, 2]]),
    ],
    ids=["deleted", "replaced"],
)
def test_word_effects_equal_predictions_of_edited_reviews(
    model: keras.Sequential, replacement: int | None, edited: list[list[int]]
) -> None:
    answer = float(model(WORDS[np.newaxis])[0, 0])
    expected = [answer - float(model(np.array([review]))[0, 0]) for review in edited]
    effects = course.word_effects(model, WORDS, replacement)
    assert effects.shape == (4,)
    assert np.abs(expected).max() > 0.005
    np.testing.assert_allclose(effects, expected, atol=1e-6)
    assert WORDS.tolist() == [1, 7, 5, 9]


def test_skipped_steps_have_no_gates() -> None:
    gates = course.lstm_gates(course.build_lstm(**SIZES, mask_padding=True), WORDS_THEN_ZEROS)
    for name in ("input_gate", "forget_gate", "output_gate", "candidate"):
        skipped = np.isnan(getattr(gates, name)).all(axis=1)
        np.testing.assert_array_equal(skipped, WORDS_THEN_ZEROS == 0)
    assert np.isfinite(gates.cell_state).all()


def test_running_prediction_equals_one_for_each_beginning(
    model: keras.Sequential, review: np.ndarray
) -> None:
    expected = [float(model(review[np.newaxis, :end])[0, 0]) for end in range(1, 7)]
    np.testing.assert_allclose(course.running_prediction(model, review), expected, atol=1e-6)


@pytest.mark.parametrize(
    "summary",
    [
        lambda: [layers.Bidirectional(layers.LSTM(3))],
        lambda: [layers.GRU(3, return_sequences=True), layers.GlobalMaxPooling1D()],
        lambda: [layers.GlobalAveragePooling1D()],
    ],
    ids=["bidirectional", "pooled", "mean"],
)
def test_running_prediction_of_models_that_do_not_only_read_forwards(summary: Callable) -> None:
    below, above = layers.Embedding(12, 2), layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([keras.Input((None,), dtype="int32"), below, *summary(), above])
    model, review = with_large_weights(model), WORDS_THEN_ZEROS[:4]
    expected = [float(model(review[np.newaxis, :end])[0, 0]) for end in range(1, 5)]
    np.testing.assert_allclose(course.running_prediction(model, review), expected, atol=1e-6)


NAMES = ["the", "and", "a", "of", "to", "is", "br", "in"]  # ids 4 to 11


@pytest.fixture
def circle() -> keras.Sequential:
    """Vectors on a circle, at these degrees; ids 0 to 3 lie where "the" does."""
    degrees = np.array([0, 0, 0, 0, 0, 10, 25, 200, 90, 91, 95, 351])
    table = np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)
    table *= np.linspace(1, 3, 12)[:, np.newaxis]
    model = course.build_averaged_embedding(12, 2)
    model.layers[0].set_weights([table])
    return model


def test_nearest_words_by_angle(circle: keras.Sequential) -> None:
    names, similarities = zip(*course.nearest_words(circle, "the", k=3), strict=True)
    assert names == ("in", "and", "a")
    np.testing.assert_allclose(similarities, np.cos(np.radians([9, 10, 25])), atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_word_without_a_vector_is_near_to_none(circle: keras.Sequential) -> None:
    table = course.embedding_table(circle)
    table[course.get_word_index()["in"] + 3] = 0
    circle.set_weights([table, *circle.get_weights()[1:]])
    assert dict(course.nearest_words(circle, "the", k=7))["in"] == 0


def test_nearest_words_are_all_others_at_most(circle: keras.Sequential) -> None:
    assert [course.get_word_index()[name] for name in NAMES] == [*range(1, 9)]
    names = [name for name, _ in course.nearest_words(circle, "is", k=7)]
    assert set(names) == set(NAMES) - {"is"}
    assert names[-1] == "of"


def test_map_equals_eigenvectors_of_the_covariance() -> None:
    """The other way to a PCA."""
    model = with_large_weights(course.build_averaged_embedding(12, 5))
    centred = course.embedding_table(model)[4:12]
    centred = centred - centred.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    expected = centred @ directions[:, [-1, -2]]
    points = course.word_map(model, NAMES)
    np.testing.assert_allclose(np.abs(points), np.abs(expected), atol=1e-6)
    assert (points.max(axis=0) == np.abs(points).max(axis=0)).all()
