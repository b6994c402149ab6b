"""The table of the sweep: a row for each epoch in a CSV, and what it says of many seeds."""

from collections import Counter
import csv
import io
import os
from pathlib import Path

from course_utils.figures.results import plot_seeds
from course_utils.figures.style import Picture
from course_utils.files import write_whole
from course_utils.recorded import SWEEP, Epoch, read_epochs
import numpy as np

from tools.sweep.recipes import RECIPES, Recipe

CHANCE_BAND = 3 * np.sqrt(0.25 / 500)
"""Three standard deviations of a coin on the lecture's 500 test reviews, as in notebook 2."""

PICTURED, ROWS = ("as taught", "mask", "mask, identity start", "baseline"), 12
"""What a picture of the sweep shows, and how many rows of it can be read."""


def load_sweep(path: Path = SWEEP) -> list[Epoch]:
    """Read the finished trainings of a sweep, sorted as the columns are.

    Left out: trainings of which epochs are missing, or that are not in RECIPES.
    Raises FileNotFoundError if there is no such file, ValueError if it is no sweep.
    """
    rows = read_epochs(path)
    epochs = {recipe[:2]: recipe.epochs for recipe in RECIPES}
    stored = Counter(row[:3] for row in rows)
    return sorted(row for row in rows if stored[row[:3]] == epochs.get(row[:2]))


def write(path: Path, rows: list[Epoch]) -> None:
    """Put a whole CSV in place in one step."""
    write_whole(path, _lines([Epoch._fields, *rows]).encode())


def append(path: Path, rows: list[Epoch]) -> None:
    """Add a training to the CSV; it is on the disk when this returns."""
    with open(path, "a", newline="", encoding="utf-8") as file:
        file.write(_lines(rows))
        file.flush()
        os.fsync(file.fileno())


def _lines(rows: list[tuple]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def accuracies_after(rows: list[Epoch], recipe: Recipe, epoch: int) -> dict[int, float]:
    """Return a recipe's test accuracy after an epoch, a fraction, by seed."""
    there = [row for row in rows if row[:2] == recipe[:2] and row.epoch == epoch]
    return {row.seed: row.test_accuracy for row in there}


def final_accuracies(rows: list[Epoch]) -> dict[Recipe, dict[int, float]]:
    """Return the test accuracy after the last epoch, by recipe and seed; only what is there."""
    by_recipe = {recipe: accuracies_after(rows, recipe, recipe.epochs) for recipe in RECIPES}
    return {recipe: by_seed for recipe, by_seed in by_recipe.items() if by_seed}


def quantiles(accuracies: dict[int, float], at: tuple[float, ...] = (0, 0.5, 1)) -> list[float]:
    """Return quantiles over the seeds; by default the lowest, the median and the highest."""
    return np.quantile([*accuracies.values()], at).tolist()


def summary_text(rows: list[Epoch]) -> str:
    """Write median and quartiles of the test accuracy after the last epoch, a line per recipe."""
    lines = [
        f"{'model':19}{'change':18}{'epochs':>6}{'seeds':>7}{'25 %':>9}{'median':>9}{'75 %':>9}"
    ]
    for recipe, by_seed in final_accuracies(rows).items():
        numbers = "".join(f"{number:9.4f}" for number in quantiles(by_seed, (0.25, 0.5, 0.75)))
        lines.append(
            f"{recipe.model:19}{recipe.change:18}{recipe.epochs:6}{len(by_seed):7}{numbers}"
        )
    return "\n".join(lines)


def picture(accuracies: dict[Recipe, dict[int, float]]) -> Picture:
    """Draw of `final_accuracies` what fits: a row for each recipe, a point for each seed.

    That is the recipes whose change is in PICTURED, or, where none is, the first ROWS.
    """
    chosen = [recipe for recipe in accuracies if recipe.change in PICTURED] or [*accuracies]
    shown = {recipe.title: accuracies[recipe] for recipe in chosen[:ROWS]}
    return plot_seeds(shown, CHANCE_BAND)
