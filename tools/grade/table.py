"""The table of a class: which notebooks were handed in, and a row of grades for each."""

import csv
import io
import json
from pathlib import Path
from typing import NamedTuple

from course_utils.exercises.check import exercise_names
from course_utils.files import write_whole

from tools.grade.judge import Result

MOST_BYTES = 50 * 2**20
"""A larger file is not read: a notebook with all its outputs has about 2 MB."""
FORMULA_SIGNS = ("=", "+", "-", "@")
"""A spreadsheet takes a cell that starts so for a formula."""


class UnreadableError(Exception):
    """A file is no notebook that can be judged; says why."""


class Graded(NamedTuple):
    """One notebook: its path below the folder, how it ended, and each exercise's grade."""

    notebook: str
    end: str
    right: int
    failed_cells: str
    isolated: str
    seconds: int
    peak_mib: int
    grades: dict[str, str]


def read_cells(path: Path) -> list[str]:
    """Read the source of a notebook's code cells. Raises UnreadableError."""
    if path.is_symlink() or not path.is_file():
        raise UnreadableError("not read: no regular file")
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableError(f"not read: more than {MOST_BYTES >> 20} MiB")
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UnreadableError("not read: no notebook of format 4") from None


def grade(line: str) -> str:
    """Shorten the line that `check` prints to "right", "not yet" or "not attempted"."""
    _, said = line.split(": ", 1)
    return next(word for word in ("right", "not attempted", "not yet") if said.startswith(word))


def graded(name: str, result: Result) -> Graded:
    """Turn what came of a notebook into a row of the table."""
    grades = {exercise: grade(line) for exercise, line in result.verdicts.items()}
    return Graded(
        notebook=name,
        end=result.end,
        right=list(grades.values()).count("right"),
        failed_cells=" ".join(map(str, result.failed)),
        isolated="yes" if result.isolated else "no",
        seconds=round(result.seconds),
        peak_mib=result.peak_mib,
        grades=grades,
    )


def not_judged(name: str, reason: str) -> Graded:
    """Make the row of a notebook of which nothing is known but the reason."""
    return Graded(name, reason, 0, "", "", 0, 0, {})


def shown(path: Path) -> str:
    """Write a path so that neither a terminal nor a spreadsheet takes it for a command."""
    text = "".join(sign if sign.isprintable() else "?" for sign in path.as_posix())
    return f"./{text}" if text.startswith(FORMULA_SIGNS) else text


def write(path: Path, rows: list[Graded]) -> None:
    """Put the whole table in place in one step, with a column for each exercise."""
    exercises, text = exercise_names(), io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*Graded._fields[:-1], *exercises])
    for *columns, grades in sorted(rows):
        table.writerow([*columns, *(grades.get(exercise, "") for exercise in exercises)])
    write_whole(path, text.getvalue().encode())


def summary(row: Graded) -> str:
    """Write a row as one line for the screen."""
    text = f"{row.notebook:40} {row.right} of {len(row.grades)} right"
    for word in ("not yet", "not attempted"):
        if names := [name for name, said in row.grades.items() if said == word]:
            text += f"; {word}: {' '.join(names)}"
    return text if row.end == "finished" else f"{text}; {row.end}"


def read_folder(folder: Path) -> tuple[dict[str, list[str]], list[Graded]]:
    """Read all notebooks of a folder, and make the rows of those that cannot be read.

    Raises ValueError if there is none.
    """
    submissions, rows = {}, []
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        name = shown(path.relative_to(folder))
        try:
            submissions[name] = read_cells(path)
        except UnreadableError as error:
            rows.append(not_judged(name, str(error)))
    if not submissions and not rows:
        raise ValueError(f"There is no notebook in {folder}: give the folder that holds them.")
    return submissions, rows
