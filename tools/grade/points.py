"""How many points an exercise is worth: 1, or what one TOML file says."""

from collections.abc import Iterator
import math
from pathlib import Path
import tomllib
from typing import Any

from course_utils.exercises.check import exercise_names


def read_points(path: Path | None) -> dict[str, float]:
    """Return the points of each exercise, by its name; without a file, 1 each.

    The file holds lines such as `"2.4" = 3`; quotes may be left out. Raises ValueError for what is
    no exercise or no number of points, OSError if the file cannot be read.
    """
    points: dict[str, float] = dict.fromkeys(exercise_names(), 1)
    given = set()
    for name, value in _entries(path) if path else ():
        if name not in points:
            raise ValueError(
                f"{path} gives points to {name!r}, which is no exercise: give names such as "
                f'"{exercise_names()[0]}".'
            )
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{path} gives exercise {name} {value!r}: give a number of points.")
        if not 0 <= value < math.inf:
            raise ValueError(f"{path} gives exercise {name} {value:g} points: give 0 or more.")
        if name in given:
            raise ValueError(f"{path} gives exercise {name} points twice: leave one line.")
        given.add(name)
        points[name] = value
    return points


def _entries(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        yield from _flat(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValueError as error:
        raise ValueError(
            f'{path} cannot be read as TOML ({error}): write lines such as "1.1" = 2.'
        ) from None


def _flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield names and values. TOML takes 2.4 without quotes for a 4 below a 2."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value
