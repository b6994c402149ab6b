"""The models are the lecture's to the letter."""

from collections.abc import Callable
from pathlib import Path
import re

import course_utils as course
from course_utils.rivals.contest_models import build_evidence_lstm
import keras
from keras import layers
import numpy as np
import pytest

RNN, LSTM, GRU = layers.SimpleRNN, layers.LSTM, layers.GRU
MODELS = {
    course.build_simple_rnn: (173_401, lambda: [RNN(100)]),
    course.build_stacked_rnn: (193_501, lambda: [RNN(100, return_sequences=True), RNN(100)]),
    course.build_lstm: (213_301, lambda: [LSTM(100)]),
    course.build_deep_lstm: (293_701, lambda: [LSTM(100, return_sequences=True), LSTM(100)]),
    course.build_gru: (200_301, lambda: [GRU(100)]),
}
"""The lecture's four models, and the GRU in the place of the LSTM, written out."""


def settings_of(part: keras.layers.Layer | keras.optimizers.Optimizer) -> dict:
    """Return all settings but the name, which Keras numbers."""
    return {key: value for key, value in part.get_config().items() if key != "name"}


@pytest.fixture
def ids() -> np.ndarray:
    """Four reviews of twelve ids, the last of them padded."""
    ids = np.random.default_rng(2026).integers(4, 5000, (4, 12)).astype(np.int32)
    ids[3, 5:] = 0
    return ids


@pytest.mark.parametrize("build", MODELS)
def test_parameter_totals(build: Callable) -> None:
    assert build().count_params() == MODELS[build][0]


@pytest.mark.parametrize("build", MODELS)
def test_equal_to_the_lectures_model_written_out(build: Callable, ids: np.ndarray) -> None:
    """Same layers, same settings, and from the same seed the same output."""
    course.set_seed(2026)
    model = build()
    course.set_seed(2026)
    written_out = keras.Sequential(
        [layers.Embedding(5000, 32), *MODELS[build][1](), layers.Dense(1, activation="sigmoid")]
    )
    np.testing.assert_allclose(model(ids), written_out(ids), atol=1e-7)
    for ours, theirs in zip(model.layers, written_out.layers, strict=True):
        assert settings_of(ours) == settings_of(theirs)


@pytest.mark.parametrize(
    "build", [*MODELS, course.build_averaged_embedding, course.build_bag_of_ngrams]
)
def test_compiled_as_in_the_lecture(build: Callable) -> None:
    model = build()
    assert model.loss == "binary_crossentropy"
    assert type(model.optimizer) is keras.optimizers.Adam
    assert settings_of(model.optimizer) == settings_of(keras.optimizers.Adam())
    assert model.get_compile_config()["metrics"] == ["accuracy"]


@pytest.mark.parametrize("build", MODELS)
def test_mask_skips_the_padding(build: Callable, ids: np.ndarray) -> None:
    """With a mask a padded review gives what its words alone give; as taught it does not."""
    words, padded = ids[3:, :5], ids[3:]
    masked, as_taught = build(mask_padding=True), build()
    np.testing.assert_allclose(masked(padded), masked(words), atol=1e-6)
    assert abs(as_taught(padded) - as_taught(words)).numpy().max() > 1e-5


def test_averaged_embedding_is_the_mean_of_the_words(ids: np.ndarray) -> None:
    model = course.build_averaged_embedding()
    table, weights, bias = model.get_weights()
    mean = np.stack([table[review[review > 0]].mean(axis=0) for review in ids])
    np.testing.assert_allclose(model(ids), 1 / (1 + np.exp(-(mean @ weights + bias))), atol=1e-6)


def pooled_lstm() -> keras.Model:
    course.set_seed(2026)
    table = np.random.default_rng(2026).normal(size=(5000, 3)).astype("float32")
    return course.build_pooled_lstm(table, updates=10, units=2)


def test_pooled_lstm_summarizes_what_keras_layers_read(ids: np.ndarray) -> None:
    """Each review by itself, without padding: nothing is dropped, no mask is needed.

    Two words each, for states that are never above 0: zeros in the padding must not be the maximum.
    """
    model = pooled_lstm()
    ids[:, 2:] = 0
    highest = []
    table, *lstms, weights, bias = model.get_weights()
    forwards, backwards = (LSTM(2, return_sequences=True) for _ in range(2))
    for layer, trained in ((forwards, lstms[:3]), (backwards, lstms[3:])):
        layer.build((1, None, 3))
        layer.set_weights(trained)
    for review, probability in zip(ids, model(ids).numpy()[:, 0], strict=True):
        words = table[review[review > 0]][np.newaxis]
        states = np.hstack([forwards(words)[0], backwards(words[:, ::-1])[0][::-1]])
        highest.append(states.max(axis=0))
        summary = np.concatenate([states.mean(axis=0), highest[-1]])
        expected = 1 / (1 + np.exp(-(summary @ weights[:, 0] + bias[0])))
        np.testing.assert_allclose(probability, expected, atol=1e-6)
    assert np.min(highest) < 0


def test_pooled_lstm_drops_words_while_it_trains(ids: np.ndarray) -> None:
    model = pooled_lstm()
    (words,) = [layer for layer in model.layers if layer.name == "word_dropout"]
    kept = words(np.ones((50, 100, 3), "float32"), training=True).numpy()
    assert set(np.unique(kept)) == {0.0, np.float32(1 / 0.6)}
    assert (kept == kept[:, :, :1]).all()
    assert 0.38 < np.mean(kept == 0) < 0.42


def test_pooled_lstm_starts_from_the_vectors_and_slows_down() -> None:
    table = np.random.default_rng(2026).normal(size=(50, 3)).astype("float32")
    model = course.build_pooled_lstm(table, updates=100, units=2)
    assert np.array_equal(course.embedding_table(model), table)
    rates = [float(model.optimizer._learning_rate(step)) for step in (0, 50, 100)]
    np.testing.assert_allclose(rates, [4e-3, 2e-3, 0], atol=1e-9)


@pytest.mark.parametrize(
    ("build", "rates"),
    [
        (course.build_pooled_lstm, {"word_dropout": 0.4, "dropout": 0.5}),
        (build_evidence_lstm, {"word_dropout": 0.4, "evidence_dropout": 0.3, "dropout": 0.5}),
    ],
)
def test_settings_are_those_that_the_text_names(build: Callable, rates: dict) -> None:
    """Adam, but for the cosine from 0.004 to 0 and the whole gradient's length; 16 units a way."""
    model = build(np.zeros((9, 2), "float32"), updates=100)
    drops = [layer for layer in model.layers if isinstance(layer, layers.Dropout)]
    assert {re.sub(r"_\d+$", "", drop.name): drop.rate for drop in drops} == rates
    assert [drop.noise_shape for drop in drops] == [(None, None, 1)] * (len(drops) - 1) + [None]
    assert model.get_layer("both_ways").forward_layer.units == 16
    optimizer = keras.optimizers.Adam(global_clipnorm=1.0)
    schedule = model.optimizer._learning_rate
    assert [float(schedule(step)) for step in (0, 50, 100)] == pytest.approx([4e-3, 2e-3, 0])
    ours, adam = settings_of(model.optimizer), settings_of(optimizer)
    assert ours | {"learning_rate": 0} == adam | {"learning_rate": 0}


def evidence_lstm() -> keras.Model:
    table = np.random.default_rng(2026).normal(size=(5000, 3)).astype("float32")
    return course.build_evidence_lstm(table, updates=10, units=2)


@pytest.mark.filterwarnings("ignore:.*HDF5", "ignore:Skipping variable")
@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize(
    "build", [course.build_lstm, course.build_averaged_embedding, pooled_lstm, evidence_lstm]
)
def test_saved_model_is_the_same_when_it_is_loaded(
    build: Callable, ending: str, ids: np.ndarray, tmp_path: Path
) -> None:
    model = build()
    given = ids
    if len(model.inputs) == 2:
        evidence = np.random.default_rng(2026).normal(size=(*ids.shape, 3)).astype("float32")
        given = [ids, evidence * (ids > 0)[:, :, np.newaxis]]
    model.save(tmp_path / f"model.{ending}")
    loaded = keras.saving.load_model(tmp_path / f"model.{ending}")
    np.testing.assert_array_equal(loaded(given), model(given))
    assert keras.losses.get(loaded.loss) is keras.losses.binary_crossentropy
    assert settings_of(loaded.optimizer) == settings_of(model.optimizer)


def test_identity_start_hands_the_state_on() -> None:
    kernels = [
        course.build_simple_rnn(**start).get_layer("simple_rnn").get_weights()[1]
        for start in ({"recurrent_initializer": "identity"}, {})
    ]
    assert np.array_equal(kernels[0], np.eye(100))
    np.testing.assert_allclose(kernels[1] @ kernels[1].T, np.eye(100), atol=1e-5)
    assert np.abs(kernels[1] - np.eye(100)).max() > 0.5


@pytest.mark.parametrize("build", [course.build_lstm, course.build_deep_lstm])
def test_open_forget_gate_opens_that_gate_alone(build: Callable) -> None:
    """Of a word without a vector a gate is the sigmoid of its bias: 0, but for the forget gate."""
    model = build(12, 2, 3)
    table, *before = model.get_weights()
    model.set_weights([0 * table, *before])
    for bias in (1, 6):
        for layer in range(-1, len(model.layers) - 3):
            gates = course.lstm_gates(model, np.array([5]), layer)
            np.testing.assert_allclose(gates.forget_gate, 1 / (1 + np.exp(-bias)), atol=1e-6)
            np.testing.assert_allclose([gates.input_gate, gates.output_gate], 0.5, atol=1e-6)
            np.testing.assert_allclose(gates.candidate, 0, atol=1e-6)
        course.open_forget_gate(model, 6)
    for old, new in zip(before, model.get_weights()[1:], strict=True):
        assert np.sum(old != new) == (3 if old.shape == (12,) else 0)
