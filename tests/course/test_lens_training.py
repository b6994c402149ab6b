"""The page trains as Keras trains: the same update from the same weights and the same batch."""

from collections.abc import Callable
import json
import os
from pathlib import Path
import shutil
import subprocess
import sys

import course_utils as course
from course_utils.models import compile_clipped
import keras
import numpy as np
import pytest
import tensorflow as tf

SCRIPT = Path(__file__).with_name("update_by_the_page.js")
KINDS = {"SimpleRNN": course.build_simple_rnn, "LSTM": course.build_lstm, "GRU": course.build_gru}
SIZES = {"num_words": 20, "embedding_dim": 16, "units": 32}
LEARNING_RATE, UPDATES, ZEROS = 0.003, 2, 5


def run_script(script: Path, *arguments: str) -> str:
    """Return what a script prints; Deno runs it, with the right to read files."""
    deno = os.environ.get("DENO") or shutil.which("deno", path=Path(sys.prefix, "bin"))
    assert deno, f"There is no deno in {sys.prefix}/bin: install the project's requirements again."
    command = [deno, "run", "--quiet", "--allow-read", str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


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
    page = json.loads(run_script(SCRIPT, str(path)))
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
