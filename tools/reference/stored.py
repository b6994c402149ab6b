"""The table of trainings that others are compared with: `trainings.csv`, a row for each."""

from pathlib import Path

from course_utils.files import write_whole
import numpy as np

from tools import records
from tools.reference.training import Figures, Training

TRAININGS = Path(__file__).with_name("trainings.csv")
REFERENCE = range(1, 41)
"""The seeds of the 40 trainings that others are compared with."""
LEAST, FIVE = 20, 5
"""How many of them must be there before others are compared, and how many others are trained."""
NEXT = range(41, 46)
"""The seeds of the five that are trained to be compared. Here, too: is a right set-up accepted?"""
FAULTY = range(101, 111)
"""The seeds of trainings with one thing broken: how often is it found?"""


def read(path: Path = TRAININGS) -> list[Training]:
    """Read all trainings. Raises RecordError if the file is missing, cut off or damaged."""
    return records.read(path, Training._fields, records.typed(Training))


def cut_unfinished(path: Path = TRAININGS) -> None:
    """Take a last line away that a killed run has cut off, so that the next begins anew."""
    whole, newline, rest = path.read_bytes().rpartition(b"\n") if path.exists() else (b"", b"", b"")
    if newline and rest:
        write_whole(path, whole + newline)


def reference_of(name: str, seeds: range = REFERENCE) -> list[Training]:
    """Return stored right trainings of a recipe; by default those others are compared with."""
    return [row for row in read() if row[:2] == (name, "") and row.seed in seeds]


def figures(trainings: list[Training]) -> np.ndarray:
    """Return the figures of some trainings, float64 (trainings, figures)."""
    columns = Figures._fields
    return np.array([[getattr(row, name) for name in columns] for row in trainings])
