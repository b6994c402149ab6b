"""The benchmarks compare like with like: different work is refused, ratios mean what they say."""

import json
from pathlib import Path

from course_utils import build_lstm, load_imdb, set_seed
import numpy as np
import pytest

from tools.bench import data, side_keras, training
from tools.bench.harness import DifferentWork, Work, compare, require_same_work, timed

IDS = np.arange(6).reshape(2, 3)


def work(seconds: float = 1.0, units: int = 1, **changed: object) -> Work:
    facts = {"updates": 16, "padded ids": IDS, "prediction": [0.5, 0.25]}
    return Work(seconds, units, facts | changed)


def test_equal_work_is_accepted() -> None:
    require_same_work(work(), work(prediction=[0.50004, 0.25]))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (work(), work(updates=17)),
        (work(), work(**{"padded ids": np.arange(6)})),
        (work(), work(**{"padded ids": IDS[::-1]})),
        (work(), work(prediction=[0.501, 0.25])),
        (work(), work(prediction=[0.5, np.nan])),
        (work(), work(more=1)),
        (Work(1, 1, {}), Work(1, 1, {})),
    ],
)
def test_different_work_is_refused(ours: Work, theirs: Work) -> None:
    with pytest.raises(DifferentWork):
        require_same_work(ours, theirs)


def test_work_that_differs_in_a_later_pair_is_refused() -> None:
    updates = iter([16, 16, 15])
    with pytest.raises(DifferentWork, match="updates: 16 against 15"):
        compare("train", "step", work, lambda: work(updates=next(updates)), repeats=3)


@pytest.mark.parametrize(("goal", "verdict"), [(2, "2 x: reached"), (2.1, "2.1 x: NOT reached")])
def test_ratio_is_per_unit_and_pair_by_pair(goal: float, verdict: str) -> None:
    mine, other = iter([9.0, 1.0, 2.0, 4.0]), iter([9.0, 6.0, 8.0, 12.0])
    sides = (lambda: work(next(mine))), (lambda: work(next(other), units=2))
    record = compare("load", "review", *sides, repeats=3, goal=goal)
    assert record["ratio"] == {"median": 2.0, "min": 1.5, "max": 3.0}
    assert record["ours"]["median"] == 2.0
    assert record["text"].endswith(f"2.0 x (1.5 to 3.0)  goal {verdict}")


def test_timing_leaves_the_facts_out() -> None:
    spent = timed(lambda: 3, 1, lambda result: {"result": sum(range(10**6)) * 0 + result})
    assert spent.facts == {"result": 3}
    assert spent.seconds < 1e-3


def test_stand_in_for_keras_file_holds_keras_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Lists of ranks without start ids, positive reviews first, as on Keras' server."""
    stored: dict[str, np.ndarray] = {}
    monkeypatch.setattr(np, "savez_compressed", lambda path, **parts: stored.update(parts))
    data.write_keras_file(tmp_path / "imdb.npz")
    assert sorted(stored) == ["x_test", "x_train", "y_test", "y_train"]
    assert all(map(len, stored.values()))
    assert stored["y_train"].tolist() == [1] * 12_500 + [0] * 12_500
    review, position = load_imdb()[0][20], data.keras_order()[20]
    assert stored["x_train"][position] == [number - 3 for number in review.tolist()[1:]]


def test_training_sides_do_the_same_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Padded reviews and LengthBatches: the same weights, words and updates."""
    monkeypatch.setattr(training, "STEPS", 2)
    task = np.load(training.write_task(tmp_path / "task.npz"))
    set_seed(2026)
    for number, weights in enumerate(build_lstm(mask_padding=True).get_weights()):
        assert np.array_equal(task[f"weights_{number}"], weights)
    sides = []
    for kind in ("padded", "batches"):
        arguments, words = side_keras.prepare(task, kind)
        sides.append(side_keras.epoch(side_keras.build(task), arguments, {"words": words}))
    facts = [json.dumps(side["facts"]) for side in sides]
    assert facts[0] == facts[1]
    assert [side["units"] for side in sides] == [1, 1]
    assert sides[0]["seconds"] > 0
    assert sorted(task["deal"]) == list(range(len(task["labels"])))
