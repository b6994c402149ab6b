"""A model in 64 bits is measured, drawn and shown in panels as the same model in 32 bits is."""

from collections.abc import Callable

from course_utils import (
    build_gru,
    build_lstm,
    build_simple_rnn,
    build_stacked_rnn,
    direction_per_timestep,
    embedding_table,
    gradient_per_timestep,
    hidden_states,
    look_inside,
    lstm_gates,
    predict_review,
    running_prediction,
    set_seed,
    step_jacobian,
    word_effects,
)
import keras
import numpy as np
import pytest

IDS = np.array([1, 7, 9, 4, 12, 5])
ROWS = np.array([IDS, IDS[::-1]])
MEASURES = {
    "hidden_states": lambda model: hidden_states(model, IDS),
    "lstm_gates": lambda model: np.array(lstm_gates(model, IDS)),
    "step_jacobian": lambda model: step_jacobian(model, IDS),
    "running_prediction": lambda model: running_prediction(model, IDS),
    "word_effects": lambda model: word_effects(model, IDS),
    "gradient": lambda model: gradient_per_timestep(model, ROWS, np.array([0, 1])),
    "direction": lambda model: direction_per_timestep(model, ROWS),
    "embedding_table": embedding_table,
}


def in_both(build: Callable[..., keras.Model], **options: object) -> list[keras.Model]:
    """Return a model in 64 bits and one in 32, with the same weights up to rounding."""
    models = []
    for floatx in ("float64", "float32"):
        set_seed(2026, floatx=floatx)
        models.append(build(num_words=5000, embedding_dim=3, units=4, **options))
    wide, narrow = models
    narrow.set_weights(wide.get_weights())
    return models


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("mask", [False, True])
def test_measures_are_those_of_32_bits(measure: Callable, mask: bool) -> None:
    wide, narrow = (measure(model) for model in in_both(build_lstm, mask_padding=mask))
    np.testing.assert_allclose(wide, narrow, atol=1e-5)


@pytest.mark.parametrize("build", [build_simple_rnn, build_stacked_rnn, build_lstm, build_gru])
@pytest.mark.parametrize("show", [look_inside, predict_review])
def test_answers_shown_are_those_of_32_bits(build: Callable, show: Callable) -> None:
    wide, narrow = (repr(show(model, "a great film")) for model in in_both(build))
    assert wide == narrow
