"""A seed fixes everything that is random, whatever Keras' settings in the user's home are."""

import json
import os
from pathlib import Path
import random
import subprocess
import sys

from course_utils import build_lstm, set_seed
import keras
import numpy as np
from packaging.version import Version
import pytest
import tensorflow as tf
from tensorflow.python.framework.config import is_op_determinism_enabled

KERAS_RESETS_ITS_OWN = Version(keras.__version__) >= Version("3.13")
"""What `keras.random` gives without a seed; before, it goes on where it was."""


def draw(*seed: int) -> list[float]:
    """Return what each generator gives first after a seed is set."""
    set_seed(*seed)
    weights = keras.layers.Dense(2)
    weights.build((1, 2))
    return [
        random.random(),
        np.random.random(),
        float(tf.random.uniform([])),
        *([float(keras.random.uniform([]))] if KERAS_RESETS_ITS_OWN else []),
        *np.ravel(weights.get_weights()[0]),
    ]


def test_seed_fixes_all_generators() -> None:
    first, other = draw(1), draw(2)
    assert draw(1) == first
    assert not set(first) & set(other)


@pytest.mark.parametrize(("given", "seed"), [((), 2026), ((7,), 7)])
def test_seed_is_the_one_that_was_given(given: tuple, seed: int) -> None:
    set_seed(*given)
    ours = [random.random(), np.random.random(), float(tf.random.uniform([]))]
    keras.utils.set_random_seed(seed)
    assert ours == [random.random(), np.random.random(), float(tf.random.uniform([]))]


def test_model_has_the_float_type_that_was_given() -> None:
    """And the next seed sets it back."""
    types = []
    for floatx in ({"floatx": "float64"}, {}):
        set_seed(2026, **floatx)
        model = build_lstm(num_words=20, embedding_dim=2, units=2)
        arrays = *model.get_weights(), model(np.ones((1, 3))).numpy()
        types.append({array.dtype.name for array in arrays})
    assert types == [{"float64"}, {"float32"}]


def test_other_float_types_are_refused() -> None:
    with pytest.raises(ValueError, match="floatx is 'float16': give 'float32' or 'float64'"):
        set_seed(floatx="float16")


def test_deterministic_operations_are_on() -> None:
    set_seed()
    assert is_op_determinism_enabled()


def test_settings_of_keras_in_the_home_change_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """Its keras.json may set another float type, or cut probabilities elsewhere in the loss."""
    settings = {"floatx": "float64", "epsilon": 0.01, "backend": "torch"}
    (tmp_path / "keras.json").write_text(json.dumps(settings))
    code = (
        "from course_utils import build_simple_rnn, set_seed\n"
        "import keras\n"
        "set_seed()\n"
        "model = build_simple_rnn(num_words=50, embedding_dim=4, units=4)\n"
        "numbers = [weights.tolist() for weights in model.get_weights()]\n"
        "print(keras.config.floatx(), keras.config.epsilon(), numbers)\n"
    )
    home = {**os.environ, "KERAS_HOME": str(tmp_path)}
    printed = subprocess.check_output([sys.executable, "-c", code], env=home, text=True)
    exec(code)
    assert printed == capsys.readouterr().out
    assert printed.startswith("float32 1e-07 [[[")
