"""Seeds fix everything; training shows where it is and leaves a table."""

import json
import os
from pathlib import Path
import random
import subprocess
import sys
from types import SimpleNamespace

from course_utils import (
    LengthBatches,
    build_bag_of_ngrams,
    build_simple_rnn,
    fit,
    set_seed,
    training,
)
import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.config import is_op_determinism_enabled

X = np.random.default_rng(2026).integers(1, 50, (20, 6)).astype(np.int32)
Y = (X[:, 0] > 25).astype(np.int8)


def small_model() -> keras.Sequential:
    set_seed(2026)
    return build_simple_rnn(num_words=50, embedding_dim=4, units=4)


def draw() -> list[float]:
    set_seed(2026)
    weights = keras.layers.Dense(2)
    weights.build((1, 2))
    return [
        random.random(),
        np.random.random(),
        float(tf.random.uniform([])),
        float(keras.random.uniform([])),
        *np.ravel(weights.get_weights()[0]),
    ]


def test_seed_fixes_all_generators() -> None:
    assert draw() == draw()


def test_seeds_differ() -> None:
    set_seed(1)
    first = np.random.random()
    set_seed(2)
    assert np.random.random() != first


@pytest.mark.parametrize(("given", "seed"), [((), 2026), ((7,), 7)])
def test_seed_is_the_one_that_was_given(given: tuple, seed: int) -> None:
    def draws() -> list[float]:
        return [random.random(), np.random.random(), float(keras.random.uniform([]))]

    set_seed(*given)
    ours = draws()
    keras.utils.set_random_seed(seed)
    assert ours == draws()


def test_deterministic_operations_are_on() -> None:
    set_seed()
    assert is_op_determinism_enabled()


def test_settings_of_keras_in_the_home_change_nothing(tmp_path: Path) -> None:
    """Its keras.json may set another float type, or cut probabilities elsewhere in the loss."""
    settings = {"floatx": "float64", "epsilon": 0.01, "backend": "torch"}
    (tmp_path / "keras.json").write_text(json.dumps(settings))
    code = (
        "from course_utils import build_simple_rnn, set_seed\n"
        "import keras\n"
        "set_seed()\n"
        "model = build_simple_rnn(num_words=50, embedding_dim=4, units=4)\n"
        "numbers = [str(weights.numpy().tolist()) for weights in model.weights]\n"
        "print(keras.config.floatx(), keras.config.epsilon(), *numbers)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    model = small_model()
    numbers = [str(weights.numpy().tolist()) for weights in model.weights]
    assert done.stdout.split("\n")[0] == " ".join(["float32", "1e-07", *numbers])


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "2026", None, True])
def test_bad_seed(seed: object) -> None:
    with pytest.raises(ValueError, match=f"seed is {seed!r}: give a whole number"):
        set_seed(seed)


@pytest.mark.parametrize("name", ["epochs", "batch_size", "patience"])
@pytest.mark.parametrize("value", [0, -1, 2.5, "3"])
def test_bad_amounts(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value!r}: give a whole number from 1 on"):
        fit(small_model(), X, Y, (X, Y), **{name: value})


def test_fit_trains_as_keras_does(capsys: pytest.CaptureFixture) -> None:
    validation = X[:7], 1 - Y[:7]
    settings = {"validation_data": validation, "epochs": 3, "batch_size": 8}
    ours = fit(small_model(), X, Y, **settings).history
    assert ours == small_model().fit(X, Y, **settings, verbose=0).history


def test_defaults_are_the_lectures() -> None:
    """65 reviews in batches of 64 are two steps; three epochs of them are six."""
    model = small_model()
    fit(model, np.resize(X, (65, 6)), np.resize(Y, 65))
    assert model.optimizer.iterations == 6


def test_fit_trains_on_batches_of_similar_length(capsys: pytest.CaptureFixture) -> None:
    reviews = np.empty(20, dtype=object)
    for number, length in enumerate(range(1, 21)):
        reviews[number] = X[number % 20, :1].repeat(length)

    def batches() -> LengthBatches:
        return LengthBatches(reviews, Y, batch_size=8)

    ours = fit(small_model(), batches(), validation_data=batches(), epochs=2).history
    expected = small_model().fit(batches(), validation_data=batches(), epochs=2, verbose=0).history
    assert ours == expected
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_patience_stops_and_takes_the_best_weights_back(capsys: pytest.CaptureFixture) -> None:
    """Trained on wrong labels, a model is best on the right ones after its first epoch."""
    model, wrong = small_model(), 1 - Y
    model.optimizer.learning_rate = 0.1
    history = fit(model, X, wrong, (X, Y), epochs=50, patience=2).history
    losses = history["val_loss"]
    assert len(losses) == int(np.argmin(losses)) + 3 < 50
    after = model.evaluate(X, Y, verbose=0)[0]
    np.testing.assert_allclose(after, min(losses), atol=1e-6)
    assert len(capsys.readouterr().out.splitlines()) == len(losses) + 1


def test_patience_needs_something_to_look_at() -> None:
    with pytest.raises(ValueError, match="patience is 2, without validation_data"):
        fit(small_model(), X, Y, patience=2)


def test_fit_trains_on_bags(capsys: pytest.CaptureFixture) -> None:
    dense = np.random.default_rng(2026).integers(0, 2, (20, 30)).astype("float32")
    bags = tf.sparse.from_dense(dense)

    def model() -> keras.Sequential:
        set_seed(2026)
        return build_bag_of_ngrams(max_tokens=30)

    ours = fit(model(), bags, Y, (bags, Y), epochs=2, batch_size=8).history
    expected = model().fit(dense, Y, validation_data=(dense, Y), epochs=2, batch_size=8, verbose=0)
    for key, values in expected.history.items():
        np.testing.assert_allclose(ours[key], values, atol=1e-5)
    with pytest.raises(ValueError, match="20 training reviews but 19 labels"):
        fit(model(), bags, Y[:-1])


def test_batches_bring_their_labels() -> None:
    reviews = np.empty(1, dtype=object)
    reviews[0] = X[0]
    batches = LengthBatches(reviews, Y[:1])
    with pytest.raises(ValueError, match="training batches bring their labels along: leave y out"):
        fit(small_model(), batches, Y[:1])
    with pytest.raises(ValueError, match="training reviews have no labels: give y"):
        fit(small_model(), X)
    reviews[0] = X[0] + 50
    with pytest.raises(ValueError, match=r"validation reviews hold ids from .* knows 0 to 49"):
        fit(small_model(), X, Y, LengthBatches(reviews, Y[:1]))


def test_without_validation(capsys: pytest.CaptureFixture) -> None:
    fit(small_model(), X, Y, epochs=1)
    assert capsys.readouterr().out.split()[:3] == ["epoch", "loss", "accuracy"]


def test_fit_leaves_a_table(capsys: pytest.CaptureFixture) -> None:
    history = fit(small_model(), X, Y, (X, Y), epochs=3, batch_size=8).history
    printed = capsys.readouterr()
    assert printed.err == ""
    title, *rows = printed.out.splitlines()
    assert title.split() == ["epoch", "loss", "accuracy", "val.", "loss", "val.", "accuracy"]
    for epoch, row in enumerate(rows):
        number, *values = row.split()
        assert int(number) == epoch + 1
        keys = ("loss", "accuracy", "val_loss", "val_accuracy")
        assert values == [f"{history[key][epoch]:.4f}" for key in keys]
    assert len(rows) == 3


def test_long_training_leaves_a_short_table(capsys: pytest.CaptureFixture) -> None:
    fit(small_model(), X, Y, (X, Y), epochs=23, batch_size=20)
    epochs = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert epochs == ["1", "3", "6", "9", "12", "15", "18", "21", "23"]


def test_fit_shows_progress_in_a_terminal(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("course_utils.training.SECONDS_BETWEEN_UPDATES", 0)
    fit(small_model(), X, Y, (X, Y), epochs=2, batch_size=8)
    updates = capsys.readouterr().err.split("\r\x1b[2K")
    assert updates[1].startswith("Preparing")
    assert updates[2].startswith("epoch 1 of 2, step 1 of 3: accuracy 0.")
    assert "s left" in updates[2]
    assert updates[7].startswith("epoch 2 of 2, step 3 of 3")
    assert updates[-1] == ""


def test_time_left_is_that_of_the_steps_so_far_and_shown_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After 2 of 6 steps in 30 s, 4 are left: 60 s. What comes 0.1 s after it is not shown."""
    clock, lines = [0.0], []
    monkeypatch.setattr(training, "time", SimpleNamespace(monotonic=lambda: clock[-1]))
    progress = training._Progress(epochs=2, steps=3)
    monkeypatch.setattr(progress.display, "show", lambda line, html: lines.append(line))
    for step, now in enumerate([0.1, 30.0, 30.1]):
        clock.append(now)
        progress.on_train_batch_end(step, {"loss": 0.5})
    assert lines == ["epoch 1 of 2, step 2 of 3: loss 0.5000; about 60 s left"]


@pytest.mark.parametrize(
    ("x", "y", "validation", "message"),
    [
        (X, Y[:-1], (X, Y), "There are 20 training reviews but 19 labels"),
        (X, Y, (X[:-1], Y), "There are 19 validation reviews but 20 labels"),
        (X + 30, Y, (X, Y), r"The training reviews hold ids from 31 to 79, but .* 0 to 49"),
        (X, Y, (X - 10, Y), "The validation reviews hold ids from -9"),
        (X[:0], Y[:0], (X, Y), "There are no training reviews"),
    ],
)
def test_data_that_do_not_fit(
    x: np.ndarray, y: np.ndarray, validation: tuple, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fit(small_model(), x, y, validation)
