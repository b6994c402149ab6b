"""Looks up what many seeds gave in the recorded sweep, `sweep.csv`, which `tools/sweep/` writes."""

import csv
from pathlib import Path
from typing import NamedTuple

from course_utils.arguments import whole_number
import numpy as np

SWEEP = Path(__file__).with_name("sweep.csv")


class Epoch(NamedTuple):
    """One epoch of one training: a line of the CSV.

    model, change: which model under which change of the lecture's recipe, such as "lstm", "mask".
    Losses in nats per review; accuracies as fractions; `val_` and `test_`: on the lecture's
    validation and test reviews, measured after the epoch. seconds: of training in this epoch,
    without the measuring; the first epoch includes the start. keras, tensorflow: their versions.
    """

    model: str
    change: str
    seed: int
    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    test_loss: float
    test_accuracy: float
    seconds: float
    keras: str
    tensorflow: str


def read_epochs(path: Path = SWEEP) -> list[Epoch]:
    """Read all epochs of a sweep; a last line that was cut off is left out.

    Raises FileNotFoundError if there is no such file, ValueError if it is no sweep.
    """
    if not path.exists():
        raise FileNotFoundError(f"There is no {path}: run `make sweep` first.")
    whole_lines = path.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
    header, *table = csv.reader(whole_lines) if whole_lines else [Epoch._fields]
    types = Epoch.__annotations__.values()
    try:
        if tuple(header) != Epoch._fields:
            raise ValueError(f"its columns are {', '.join(header)}")
        return [
            Epoch(*(kind(cell) for kind, cell in zip(types, cells, strict=True))) for cells in table
        ]
    except ValueError as problem:
        raise ValueError(
            f"{path} is not the CSV of a sweep ({problem}): restore or remove it."
        ) from None


def sweep_accuracies(model: str, change: str, epoch: int | None = None) -> dict[int, float]:
    """Look up the test accuracies of one model under one change in the recorded sweep.

    model: a builder's name without `build_`, such as "lstm". change: "as taught", "mask", ...
    epoch: after which to look, from 1; None is the last one.
    Returns a test accuracy, a fraction, for each seed whose training was finished, ascending.
    Raises ValueError, with what there is, if the sweep has no such model, change or epoch.
    Introduced in notebook 2, "One change at a time".
    """
    epochs = _epochs_of(model, change)
    last = max(row.epoch for row in epochs)
    epoch = last if epoch is None else whole_number("epoch", epoch, most=last)
    finished = {row.seed for row in epochs if row.epoch == last}
    at_epoch = [row for row in epochs if row.epoch == epoch and row.seed in finished]
    return {row.seed: row.test_accuracy for row in at_epoch}


def sweep_cost(model: str, change: str) -> tuple[float, float]:
    """Look up what one model under one change cost in the recorded sweep, and what it reached.

    model, change: as `sweep_accuracies`. Returns the time of the fastest epoch, in seconds on one
    core (other work on a machine only makes epochs slower); and the median test accuracy after the
    last epoch, a fraction.
    Raises ValueError, with what there is, if the sweep has no such model and change.
    Introduced in notebook 4, "The mask, at last".
    """
    fastest = min(row.seconds for row in _epochs_of(model, change))
    return fastest, float(np.median([*sweep_accuracies(model, change).values()]))


def _epochs_of(model: str, change: str) -> list[Epoch]:
    sweep = read_epochs()
    epochs = sorted(row for row in sweep if (row.model, row.change) == (model, change))
    if not epochs:
        there = sorted({f"{row.model}/{row.change}" for row in sweep})
        raise ValueError(
            f"The sweep has no {model}/{change}: it has {'; '.join(there) or 'no rows'}."
        )
    return epochs
