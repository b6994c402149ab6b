"""The page trains as Keras trains: the same update from the same weights and the same batch."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

import course_utils as course
from course_utils.models import compile_clipped
import keras
import numpy as np
import pytest
import tensorflow as tf

from tests import javascript

KINDS = {"SimpleRNN": course.build_simple_rnn, "LSTM": course.build_lstm, "GRU": course.build_gru}
SIZES = {"num_words": 20, "embedding_dim": 16, "units": 32}
LEARNING_RATE, UPDATES, ZEROS = 0.003, 2, 5


def run_script(name: str, *arguments: str | int) -> Any:
    """Return the JSON that a script beside this file prints."""
    return javascript.run_script(Path(__file__).with_name(name), *arguments)


def by_name(kind: str, arrays: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Return a model's weights, or what has their shapes, by the names that the page gives them."""
    embeddings, kernel, recurrent_kernel, bias, answer_kernel, answer_bias = map(np.array, arrays)
    bias, recurrent_bias = bias if kind == "GRU" else (bias, 0 * bias)
    return {
        "embeddings": embeddings,
        "kernel": kernel,
        "recurrent_kernel": recurrent_kernel,
        "bias": bias[None],
        "recurrent_bias": recurrent_bias[None],
        "answer_kernel": answer_kernel,
        "answer_bias": answer_bias[None],
    }


def update_by_keras(model: keras.Model, kind: str, ids: np.ndarray, labels: np.ndarray) -> dict:
    """Return what one update of Keras gives, as the page's script does."""
    with tf.GradientTape() as tape:
        answers = model(ids)
        loss = model.compute_loss(ids, labels[:, None].astype("float32"), answers)
    slopes = tape.gradient(loss, model.trainable_weights)
    length = keras.src.optimizers.base_optimizer.global_norm(slopes)
    model.optimizer.apply(slopes, model.trainable_weights)
    return {
        "loss": float(loss),
        "accuracy": np.mean((answers[:, 0] > 0.5) == labels),
        "gradientLength": float(length),
        "gradients": by_name(kind, [tf.convert_to_tensor(slope) for slope in slopes]),
        "weights": by_name(kind, model.get_weights()),
    }


def assert_close(ours: dict[str, list], theirs: dict[str, np.ndarray]) -> None:
    """Compare by name, to 1e-5."""
    for name, array in theirs.items():
        np.testing.assert_allclose(ours[name], array.ravel(), 1e-5, 1e-5, err_msg=name)


@pytest.mark.parametrize(
    ("mask", "steep"), [(False, True), (True, False)], ids=["zeros read, clipped", "zeros masked"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_updates_equal_those_of_keras(kind: str, mask: bool, steep: bool, tmp_path: Path) -> None:
    course.set_seed(20)
    build: Callable = KINDS[kind]
    model = build(**SIZES, mask_padding=mask)
    rng = np.random.default_rng(20)
    model.set_weights([w + rng.normal(0, 0.05, w.shape) for w in model.get_weights()])
    if steep:
        *others, kernel, bias = model.get_weights()
        model.set_weights([*others, 30 * kernel, bias])
    compile_clipped(model, LEARNING_RATE)
    ids, labels = course.flag_task(count=64, k=20)
    padded = np.pad(ids, ((0, 0), (0, ZEROS)))
    weights = by_name(kind, model.get_weights())
    task = {
        "kind": kind,
        "units": SIZES["units"],
        "weights": {
            name: {"rows": len(array), "columns": array.shape[1], "values": array.ravel().tolist()}
            for name, array in weights.items()
        },
        "ids": padded.ravel().tolist(),
        "labels": labels.tolist(),
        "length": ids.shape[1] if mask else padded.shape[1],
        "learningRate": LEARNING_RATE,
        "updates": UPDATES,
    }
    path = tmp_path / "task.json"
    path.write_text(json.dumps(task))
    page = run_script("update_by_the_page.js", path)
    first = page[0]["gradientLength"]
    assert first > 1 if steep else first < 1
    for update, ours in enumerate(page):
        theirs = update_by_keras(model, kind, padded, labels)
        assert ours["accuracy"] == theirs["accuracy"]
        assert ours["loss"] == pytest.approx(theirs["loss"], rel=1e-4 if update else 1e-5)
        assert_close(ours["weights"], theirs["weights"])
        if update == 0:
            assert ours["gradientLength"] == pytest.approx(theirs["gradientLength"], rel=1e-5)
            assert_close(ours["gradients"], theirs["gradients"])


@pytest.mark.parametrize("k", [4, 5])
def test_flag_task_makes_the_same_sequences_as_the_lesson(k: int) -> None:
    count, zeros = 5_000, 2
    made = run_script("start_by_the_page.js", "pick", count, k, zeros)
    ids, labels = np.array(made["ids"]).reshape(count, k + zeros), np.array(made["labels"])
    assert not ids[:, k:].any()
    pairs = set(zip(map(tuple, ids[:, :k].tolist()), labels.tolist(), strict=True))
    sequences, answers = course.flag_task(count, k)
    assert pairs == set(zip(map(tuple, sequences.tolist()), answers.tolist(), strict=True))


def test_first_token_task_is_the_lessons() -> None:
    made = run_script("start_by_the_page.js", "keep", 2_000, 7, 3)
    ids, labels = np.array(made["ids"]).reshape(2_000, 10), np.array(made["labels"])
    assert np.array_equal(ids[:, 0], 1 + labels)
    assert 0.45 < labels.mean() < 0.55
    assert set(ids[:, 1:7].ravel()) == set(range(3, 20))
    assert not ids[:, 7:].any()


@pytest.mark.parametrize("kind", KINDS)
def test_weights_start_as_those_of_keras(kind: str) -> None:
    made = run_script("start_by_the_page.js", kind, SIZES["units"], SIZES["embedding_dim"], 3)
    ours = {
        name: np.reshape(matrix["values"], (matrix["rows"], matrix["columns"]))
        for name, matrix in made.items()
    }
    model = KINDS[kind](**SIZES)
    if kind == "LSTM":
        course.open_forget_gate(model, 3)
    theirs = by_name(kind, model.get_weights())
    kernel = ours["recurrent_kernel"]
    assert np.allclose(kernel @ kernel.T, np.eye(len(kernel)))
    assert abs(kernel.mean()) < 4 / kernel.size**0.5 / kernel.shape[1] ** 0.5
    for name in ("bias", "recurrent_bias", "answer_bias"):
        assert np.array_equal(ours[name], theirs[name])
    for name in ("embeddings", "kernel", "answer_kernel"):
        assert ours[name].shape == theirs[name].shape
        assert np.abs(ours[name]).max() == pytest.approx(np.abs(theirs[name]).max(), rel=0.15)
        assert ours[name].std() == pytest.approx(theirs[name].std(), rel=0.3)


def test_same_seed_trains_the_same_and_learns() -> None:
    settings = {"task": "keep", "cell": "SimpleRNN", "k": 10, "forget_bias": 1, "zeros": 0}
    settings |= {"mask": False, "learning_rate": 0.003}
    one, again, other = (
        run_script("train_by_the_page.js", json.dumps(settings | {"seed": seed}), 1_000)
        for seed in (1, 1, 2)
    )
    assert one == again
    assert one[0] != other[0]
    assert [progress["look"]["accuracy"] for progress in one if progress["look"]][-3:] > [0.99] * 3
    assert one[-1]["update"] < one[-1]["updates"]


def test_mask_ends_the_reading_where_the_zeros_begin() -> None:
    settings = {"task": "pick", "cell": "GRU", "k": 10, "forget_bias": 1, "learning_rate": 0.003}
    settings |= {"seed": 1}
    plain, masked, read = (
        run_script("train_by_the_page.js", json.dumps(settings | change), 20)
        for change in (
            {"zeros": 0, "mask": False},
            {"zeros": 7, "mask": True},
            {"zeros": 7, "mask": False},
        )
    )
    assert [p["loss"] for p in masked] == [p["loss"] for p in plain] != [p["loss"] for p in read]
    assert len(masked[-1]["look"]["curves"]["z"]) == 10
    assert len(read[-1]["look"]["curves"]["z"]) == 17
