"""What is looked up in the recorded sweep is what its file says; no other file passes for it."""

from collections.abc import Callable
from pathlib import Path

from course_utils import recorded, sweep_accuracies, sweep_cost
from course_utils.recorded import Epoch, read_epochs
import pytest

HEADER = ",".join(Epoch._fields) + "\n"
EPOCH = Epoch("lstm", "mask", 1, 1, 0.7, 0.5, 0.69, 0.52, 0.68, 0.54, 1.25, "3.15.0", "2.21.0")


def two_epochs(change: str = "mask", seed: int = 1) -> list[Epoch]:
    return [
        EPOCH._replace(change=change, seed=seed, epoch=e, test_accuracy=e / seed, seconds=seed / e)
        for e in (1, 2)
    ]


def test_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path, epochs = tmp_path / "sweep.csv", two_epochs()
    first, second = (",".join(map(str, epoch)) + "\n" for epoch in epochs)
    whole = HEADER + first + second
    for length in range(len(whole) + 1):
        path.write_text(whole[:length])
        lines = whole[:length].count("\n") - 1
        assert read_epochs(path) == epochs[: max(0, lines)]


@pytest.mark.parametrize("content", ["a,b\n1,2\n", f"{HEADER}lstm,mask,one\n", f"{HEADER}1\n"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "sweep.csv"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"sweep\.csv is not the CSV of a sweep"):
        read_epochs(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"sweep\.csv: run `make sweep` first"):
        read_epochs(tmp_path / "sweep.csv")


def test_accuracies_are_those_of_one_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off = two_epochs(seed=3)[:1]
    epochs = two_epochs("as taught", seed=4) + cut_off + two_epochs(seed=2) + two_epochs(seed=1)
    monkeypatch.setattr(recorded, "read_epochs", lambda: epochs)
    for epoch, expected in (
        (None, [(1, 2), (2, 1)]),
        (2, [(1, 2), (2, 1)]),
        (1, [(1, 1), (2, 0.5)]),
    ):
        assert list(sweep_accuracies("lstm", "mask", epoch).items()) == expected
    with pytest.raises(ValueError, match="epoch is 3: give a whole number from 1 to 2"):
        sweep_accuracies("lstm", "mask", 3)


def test_cost_is_the_fastest_epoch_and_the_median_accuracy(monkeypatch: pytest.MonkeyPatch) -> None:
    epochs = two_epochs("as taught", seed=1) + two_epochs(seed=2) + two_epochs(seed=8)
    monkeypatch.setattr(recorded, "read_epochs", lambda: epochs + two_epochs(seed=10))
    assert sweep_cost("lstm", "mask") == (1, 0.25)


@pytest.mark.parametrize("look_up", [sweep_accuracies, sweep_cost])
def test_what_is_not_there(look_up: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "read_epochs", lambda: two_epochs() + two_epochs("as taught"))
    with pytest.raises(ValueError, match="no lstm/masks: it has lstm/as taught; lstm/mask"):
        look_up("lstm", "masks")
    monkeypatch.setattr(recorded, "read_epochs", list)
    with pytest.raises(ValueError, match="no lstm/mask: it has no rows"):
        look_up("lstm", "mask")
