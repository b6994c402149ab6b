"""The table of trainings that others are compared with: `trainings.csv`, a row for each."""

import csv
from pathlib import Path

import numpy as np

from tools.reference.training import Figures, Training

TRAININGS = Path(__file__).with_name("trainings.csv")
REFERENCE = range(1, 41)
"""The seeds of the 40 trainings that others are compared with."""
LEAST, FIVE = 20, 5
"""How many of them must be there before others are compared, and how many others are trained."""
FAULTY = range(101, 111)
"""The seeds of trainings with one thing broken: how often is it found?"""


def read(path: Path = TRAININGS) -> list[Training]:
    """Read all finished trainings; a last line that was cut off is left out.

    Raises FileNotFoundError if there is no such file, ValueError if it is no such table.
    """
    whole_lines = path.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
    header, *table = csv.reader(whole_lines)
    if tuple(header) != Training._fields:
        raise ValueError(f"{path} has the columns {', '.join(header)}: restore it.")
    types = Training.__annotations__.values()
    return [
        Training(*(kind(cell) for kind, cell in zip(types, cells, strict=True))) for cells in table
    ]


def reference_of(name: str) -> list[Training]:
    """Return the stored trainings of a recipe that others are compared with."""
    return [row for row in read() if row[:2] == (name, "") and row.seed in REFERENCE]


def figures(trainings: list[Training]) -> np.ndarray:
    """Return the figures of some trainings, float64 (trainings, figures)."""
    columns = Figures._fields
    return np.array([[getattr(row, name) for name in columns] for row in trainings])
