"""Training is that of Keras to the last digit; it shows where it is and leaves a table."""

import contextlib
import io
import re
from types import SimpleNamespace

from course_utils import LengthBatches, build_bag_of_ngrams, build_simple_rnn, fit, set_seed
from course_utils.figures import progress
import keras
import numpy as np
import pytest
import tensorflow as tf

X = np.random.default_rng(2026).integers(1, 50, (20, 6)).astype(np.int32)
Y = (X[:, 0] > 25).astype(np.int8)
SETTINGS = {"validation_data": (X[:7], 1 - Y[:7]), "epochs": 3, "batch_size": 8}


def small_model() -> keras.Sequential:
    set_seed(2026)
    return build_simple_rnn(num_words=50, embedding_dim=4, units=4)


@pytest.fixture(scope="module")
def trained() -> SimpleNamespace:
    """Train once in a terminal that shows each step; return the history and what is written."""
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        err.isatty = lambda: True
        patch.setattr(progress, "SECONDS_BETWEEN_UPDATES", 0)
        history = fit(small_model(), X, Y, **SETTINGS).history
    return SimpleNamespace(history=history, out=out.getvalue(), err=err.getvalue())


def test_fit_trains_as_keras_does(trained: SimpleNamespace) -> None:
    """The same batches in the same order, or the last digits would differ."""
    assert trained.history == small_model().fit(X, Y, **SETTINGS, verbose=0).history


def test_fit_trains_on_bags() -> None:
    dense = np.random.default_rng(2026).integers(0, 2, (20, 30)).astype("float32")
    bags = tf.sparse.from_dense(dense)
    settings = {"validation_data": (bags, Y), "epochs": 2, "batch_size": 8}

    def model() -> keras.Sequential:
        set_seed(2026)
        return build_bag_of_ngrams(max_tokens=30)

    ours = fit(model(), bags, Y, **settings).history
    assert ours == model().fit(bags, Y, **settings, verbose=0).history


def test_fit_trains_on_batches_of_similar_length() -> None:
    reviews = np.fromiter((X[n, :1].repeat(n + 1) for n in range(20)), dtype=object)

    def settings() -> dict:
        batches = (LengthBatches(reviews, Y, batch_size=8) for _ in range(2))
        return {"x": next(batches), "validation_data": next(batches), "epochs": 2}

    ours = fit(small_model(), **settings()).history
    assert ours == small_model().fit(**settings(), verbose=0).history


def test_defaults_are_the_lectures(capsys: pytest.CaptureFixture) -> None:
    """65 reviews in batches of 64 are two steps; three epochs of them are six."""
    model = small_model()
    fit(model, np.resize(X, (65, 6)), np.resize(Y, 65))
    assert model.optimizer.iterations == 6
    printed = capsys.readouterr()
    title, *rows = printed.out.splitlines()
    assert title.split() == ["epoch", "loss", "accuracy"]
    assert len(rows) == 3
    assert printed.err == ""


def test_patience_stops_and_takes_the_best_weights_back() -> None:
    """Trained on wrong labels, a model is best on the right ones after its first epoch."""
    model, wrong = small_model(), 1 - Y
    model.optimizer.learning_rate = 0.1
    losses = fit(model, X, wrong, (X, Y), epochs=50, patience=2).history["val_loss"]
    assert len(losses) == int(np.argmin(losses)) + 3 < 50
    after = model.evaluate(X, Y, verbose=0)[0]
    np.testing.assert_allclose(after, min(losses), atol=1e-6)


def test_fit_leaves_a_table(trained: SimpleNamespace) -> None:
    title, *rows = trained.out.splitlines()
    assert title.split() == ["epoch", "loss", "accuracy", "val.", "loss", "val.", "accuracy"]
    keys = ("loss", "accuracy", "val_loss", "val_accuracy")
    expected = [f"{trained.history[key][epoch]:.4f}" for epoch in range(3) for key in keys]
    assert [number for row in rows for number in row.split()[1:]] == expected
    assert [row.split()[0] for row in rows] == ["1", "2", "3"]


def test_fit_without_a_table_says_how_long_it_was(capsys: pytest.CaptureFixture) -> None:
    """And nothing that depends on how a processor rounds."""
    fit(build_simple_rnn(num_words=50, units=4), X, Y, epochs=2, table=False)
    assert capsys.readouterr().out == f"Trained for 2 epochs of {-(-len(X) // 64)} updates.\n"


def test_fit_shows_progress_in_a_terminal(trained: SimpleNamespace) -> None:
    updates = trained.err.split("\r\x1b[2K")
    assert updates[1].startswith("Preparing")
    assert updates[2].startswith("epoch 1 of 3, step 1 of 3: accuracy 0.")
    assert "s left" in updates[2]
    assert updates[10].startswith("epoch 3 of 3, step 3 of 3")
    assert updates[11:] == [""]


@pytest.mark.parametrize(
    ("epochs", "shown"),
    [(1, [1]), (10, [*range(1, 11)]), (23, [1, 3, 6, 9, 12, 15, 18, 21, 23])],
)
def test_table_of_a_long_training_is_short(
    epochs: int, shown: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its HTML holds the same numbers."""
    table, left = progress.Progress(epochs, steps=1), []
    monkeypatch.setattr(table.display, "finish", lambda *texts: left.extend(texts))
    for epoch in range(epochs):
        table.on_epoch_end(epoch, {"loss": 1 / (epoch + 1), "accuracy": epoch / epochs})
    table.on_train_end()
    text, html = left
    assert [int(line.split()[0]) for line in text.splitlines()[1:]] == shown
    assert re.sub("<[^>]+>", " ", html).split() == text.split()


def test_time_left_is_that_of_the_steps_so_far_and_shown_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After 2 of 6 steps in 30 s, 4 are left: 60 s. What comes 0.1 s after it is not shown."""
    clock, lines = [0.0], []
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: clock[-1]))
    shown = progress.Progress(epochs=2, steps=3)
    monkeypatch.setattr(shown.display, "show", lambda line, html: lines.append(line))
    for step, now in enumerate([0.1, 30.0, 30.1]):
        clock.append(now)
        shown.on_train_batch_end(step, {"loss": 0.5})
    assert lines == ["epoch 1 of 2, step 2 of 3: loss 0.5000; about 60 s left"]


def test_embedding_is_found_whatever_its_name() -> None:
    """Keras numbers the names of a session's layers: embedding, embedding_1, ..."""
    layers = [keras.layers.Embedding(50, 4, name="words"), keras.layers.SimpleRNN(4)]
    model = keras.Sequential([*layers, keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy")
    for _ in range(2):  # the first time Keras does not know the model's inputs yet
        fit(model, X, Y, epochs=1)
    with pytest.raises(ValueError, match=r"training ids run from .* knows 0 to 49"):
        fit(model, X + 50, Y)


@pytest.mark.parametrize("first", [[], [keras.Input((None,), dtype="int32")]], ids=["", "input"])
def test_models_of_a_session_are_trained_one_after_the_other(first: list) -> None:
    """Exercise 3.3, answered twice: the second model's layers have other names."""
    for _ in range(2):
        rnns = [keras.layers.SimpleRNN(n, return_sequences=n > 2) for n in (4, 3, 2)]
        ends = keras.layers.Embedding(50, 4), keras.layers.Dense(1, activation="sigmoid")
        model = keras.Sequential([*first, ends[0], *rnns, ends[1]])
        model.compile("adam", "binary_crossentropy")
        assert len(fit(model, X, Y, epochs=1).history["loss"]) == 1
    assert model.layers[0].name != "embedding"
