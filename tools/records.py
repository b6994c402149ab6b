"""Reads what the project keeps as CSV: a row for each run, training or measure."""

from collections.abc import Callable, Iterable
import csv
from pathlib import Path
from typing import TypeVar

from tools.paths import ROOT

Row = TypeVar("Row")


class RecordError(Exception):
    """A record cannot be read; says which line is damaged, and what to do."""


def read(path: Path, columns: Iterable[str], parse: Callable[[list[str]], Row]) -> list[Row]:
    """Read a CSV that ends with a whole line, and let `parse` make something of each row.

    Raises RecordError if the file is missing, cut off or damaged, or `parse` raises ValueError or
    TypeError.
    """
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    try:
        head, *lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise RecordError(
            f"{shown} cannot be read ({problem}): take the file from Git again."
        ) from None
    rows, number = [], 1
    try:
        if head != ",".join(columns) or not lines:
            raise ValueError(head)
        for number, line in enumerate(lines[:-1], start=2):  # noqa: B007 (it is told below)
            (cells,) = csv.reader([line])
            rows.append(parse(cells))
        if lines[-1]:
            number = len(lines) + 1
            raise ValueError(lines[-1])
    except (ValueError, TypeError, csv.Error):
        raise RecordError(
            f"{shown}, line {number}, is cut off or damaged: take the file from Git again, or mend "
            "the line."
        ) from None
    return rows


def typed(kind: type[Row]) -> Callable[[list[str]], Row]:
    """Return what makes a named tuple of a row, each cell in its field's type."""
    types = kind.__annotations__.values()
    return lambda cells: kind(*(one(cell) for one, cell in zip(types, cells, strict=True)))
