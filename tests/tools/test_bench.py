"""The benchmarks compare like with like: different work is refused, ratios mean what they say."""

import copy
from pathlib import Path

from course_utils import LengthBatches, build_lstm, load_imdb, pad_reviews, set_seed
import numpy as np
import pytest

from tools.bench import data, side_keras, training
from tools.bench.harness import DifferentWork, Side, Work, compare, line, require_same_work, timed

FACTS = {"updates": 16, "padded ids": np.arange(6).reshape(2, 3), "prediction": [0.5, 0.25]}


def work(seconds: float = 1.0, units: int = 1, **changed: object) -> Work:
    return Work(seconds, units, {**copy.deepcopy(FACTS), **changed})


def test_equal_work_is_accepted() -> None:
    require_same_work(work(), work(prediction=[0.50004, 0.25]))


@pytest.mark.parametrize(
    "changed",
    [
        {"updates": 17},
        {"padded ids": np.arange(6)},
        {"padded ids": np.arange(6)[::-1].reshape(2, 3)},
        {"prediction": [0.501, 0.25]},
        {"prediction": [0.5, np.nan]},
        {"one more": 1},
    ],
)
def test_different_work_is_refused(changed: dict) -> None:
    with pytest.raises(DifferentWork):
        require_same_work(work(), work(**changed))


def test_work_without_facts_is_refused() -> None:
    with pytest.raises(DifferentWork):
        require_same_work(Work(1, 1, {}), Work(1, 1, {}))


def test_work_that_differs_in_a_later_pair_is_refused() -> None:
    updates = iter([16, 16, 15])
    theirs = Side("theirs", lambda: work(updates=next(updates)))
    with pytest.raises(DifferentWork, match="updates: 16 against 15"):
        compare("train", "step", Side("ours", work), theirs, repeats=3)


def test_ratio_is_per_unit_and_pair_by_pair() -> None:
    mine, other = iter([9.0, 1.0, 2.0, 4.0]), iter([9.0, 6.0, 8.0, 12.0])
    ours = Side("ours", lambda: work(next(mine), units=1))
    theirs = Side("theirs", lambda: work(next(other), units=2))
    record = compare("load", "review", ours, theirs, repeats=3, goal=2)
    assert record["ratio"] == {"median": 2.0, "min": 1.5, "max": 3.0}
    assert record["ours"]["median"] == 2.0
    assert "2.0 x (1.5 to 3.0, 3 pairs)  goal 2 x: reached" in line(record)
    assert "NOT reached" in line({**record, "goal": 2.1})


def test_timing_leaves_the_facts_out() -> None:
    spent = timed(lambda: 3, 1, lambda result: {"result": sum(range(10**6)) * 0 + result})
    assert spent.facts == {"result": 3}
    assert spent.seconds < 1e-3


def test_stand_in_for_keras_file_holds_keras_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Lists of ranks without start ids, positive reviews first, as on Keras' server."""
    monkeypatch.setattr(np, "savez_compressed", lambda path, **parts: stored.update(parts))
    stored: dict[str, np.ndarray] = {}
    data.write_keras_file(tmp_path / "imdb.npz")
    assert sorted(stored) == ["x_test", "x_train", "y_test", "y_train"]
    assert all(map(len, stored.values()))
    assert stored["y_train"].tolist() == [1] * 12_500 + [0] * 12_500
    reviews, _ = load_imdb()
    position = data.keras_order()[20]
    assert stored["x_train"][position] == [number - 3 for number in reviews[20].tolist()[1:]]


def test_training_sides_do_the_same_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Padded reviews and LengthBatches: the same weights, predictions, words and updates."""
    monkeypatch.setattr(training, "STEPS", 2)
    task = np.load(training.write_task(tmp_path / "task.npz"))
    set_seed(2026)
    for number, weights in enumerate(build_lstm(mask_padding=True).get_weights()):
        assert np.array_equal(task[f"weights_{number}"], weights)
    reviews, labels = side_keras.reviews_of(task), task["labels"]
    sides = [
        side_keras.epoch(side_keras.build(task), *side_keras.prepare(kind, reviews, labels))
        for kind in ("padded", "batches")
    ]
    assert sides[0]["facts"] == sides[1]["facts"]
    assert [side["units"] for side in sides] == [1, 1]
    assert sides[0]["seconds"] > 0
    assert sorted(task["deal"]) == list(range(len(reviews)))


def test_a_mask_makes_trimming_equal_to_padding() -> None:
    """Why LengthBatches may read less: the masked model's output does not change."""
    reviews, labels = load_imdb(5000)
    set_seed(2026)
    model = build_lstm(units=8, mask_padding=True)
    batches = LengthBatches(reviews[:64], labels[:64], maxlen=200, shuffle=False)
    trimmed = model.predict(batches, verbose=0)
    by_length = np.argsort(batches.lengths, kind="stable")
    padded = pad_reviews([review[-200:] for review in reviews[by_length]], maxlen=500)
    np.testing.assert_allclose(trimmed, model.predict(padded, verbose=0), atol=1e-6)
