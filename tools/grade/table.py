"""The tables of a class: what was handed in, a row of grades for each, and what was wrong.

They are CSV files for spreadsheets, which read umlauts behind a mark at the start, and take a text
for a formula, a number or a date where it looks like one: here none does.
"""

from collections.abc import Iterable, Iterator
import csv
import io
import json
from operator import itemgetter
import os
from pathlib import Path
import stat
from typing import NamedTuple

from course_utils.exercises.check import Verdict, exercise_names
from course_utils.files import write_whole

from tools.grade.judge import FINISHED, Result

ARCHIVES = {".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz"}
OF_A_SYSTEM = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}
"""Files and folders that systems leave behind, beside those whose names begin with a dot."""
MOST_BYTES = 50 * 2**20
"""A larger file is not read: a notebook with all its outputs has about 2 MB."""
FORMULA_SIGNS = ("=", "+", "-", "@")
"""A spreadsheet takes a cell that starts so for a formula."""


class UnreadableError(Exception):
    """A file is no notebook that can be judged; says why."""


class Graded(NamedTuple):
    """One notebook: its path below the folder, how it ended, and what `check` found."""

    notebook: str
    end: str
    right: int
    points: float
    challenge: int | None
    failed_cells: str
    isolated: str
    seconds: int
    peak_mib: int
    verdicts: dict[str, Verdict]


def read_cells(path: Path) -> list[str]:
    """Read the source of a notebook's code cells. Raises UnreadableError."""
    try:
        status = path.lstat()
        if problem := _problem(path, status):
            raise UnreadableError(problem)
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(error.strerror) from None
    try:
        cells = json.loads(content)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UnreadableError("no notebook of format 4") from None


def _problem(path: Path, status: os.stat_result) -> str:
    if stat.S_ISDIR(status.st_mode):
        return "the folder cannot be opened"
    if not stat.S_ISREG(status.st_mode):
        return "no regular file"
    if path.suffix.lower() in ARCHIVES:
        return "an archive: unpack it first"
    if path.suffix.lower() != ".ipynb":
        return "its name does not end in .ipynb"
    if status.st_size > MOST_BYTES:
        return f"more than {MOST_BYTES >> 20} MiB"
    return "" if status.st_size else "an empty file"


def graded(name: str, result: Result, points: dict[str, float]) -> Graded:
    """Turn what came of a notebook into a row of the table; points: of each exercise."""
    right = [exercise for exercise, found in result.verdicts.items() if found.status == "right"]
    return Graded(
        notebook=name,
        end=result.end,
        right=len(right),
        points=sum(points[exercise] for exercise in right),
        challenge=result.challenge,
        failed_cells=" ".join(map(str, result.failed)),
        isolated="yes" if result.isolated else "no",
        seconds=round(result.seconds),
        peak_mib=result.peak_mib,
        verdicts=result.verdicts,
    )


def not_judged(name: str, reason: str) -> Graded:
    """Make the row of a notebook of which nothing is known but the reason."""
    return Graded(name, reason, 0, 0, None, "", "", 0, 0, {})


def shown(path: Path) -> str:
    """Write a path so that a terminal takes nothing in it for a command.

    No two paths are written alike: bytes in no encoding of this system are shown as "\\x81".
    """
    return "".join(map(_shown_sign, path.as_posix()))


def _name(path: Path) -> str:
    """Write a path so that a spreadsheet takes it for a text: 007, 1-2 and 3E5 get a "./"."""
    text = shown(path)
    plain = text.lower().endswith(".ipynb") and not text.startswith(FORMULA_SIGNS)
    return text if plain else f"./{text}"


def _shown_sign(sign: str) -> str:
    if sign.isprintable() and sign != "\\":
        return sign
    if "\udc80" <= sign <= "\udcff":
        return f"\\x{ord(sign) - 0xDC00:02x}"
    return "\\\\" if sign == "\\" else f"\\u{{{ord(sign):x}}}"


def write(path: Path, rows: list[Graded]) -> None:
    """Put the whole table in place in one step, with a column for each exercise."""
    exercises = exercise_names()
    _write(
        path,
        [*Graded._fields[:-1], *(f"exercise {name}" for name in exercises)],
        (
            [*columns, *(verdicts[name].status if name in verdicts else "" for name in exercises)]
            for *columns, verdicts in rows
        ),
    )


def write_mistakes(path: Path, rows: list[Graded]) -> None:
    """Put the table of wrong answers in place: a row for each, with what `check` prints."""
    wrong = (
        (row.notebook, f"exercise {name}", found.mistake, found.text)
        for row in rows
        for name, found in row.verdicts.items()
        if found.status == "not yet"
    )
    _write(path, ["notebook", "exercise", "mistake", "check_says"], wrong)


def _write(path: Path, columns: list[str], rows: Iterable) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *sorted(rows, key=itemgetter(0))])
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def summary(row: Graded) -> str:
    """Write a row as one line for the screen."""
    text = f"{row.notebook:40} {row.right} of {len(row.verdicts)} right"
    for word in ("not yet", "not attempted"):
        if names := [name for name, found in row.verdicts.items() if found.status == word]:
            text += f"; {word}: {' '.join(names)}"
    return text if row.end == FINISHED else f"{text}; {row.end}"


class Folder(NamedTuple):
    """What lies in a folder: each file is in one of these, under the name that is shown for it.

    submissions: the code cells of each notebook. rows: what could not be read. left_out: what is
    hidden or a system's own.
    """

    submissions: dict[str, list[str]]
    rows: list[Graded]
    left_out: list[str]


def read_folder(folder: Path) -> Folder:
    """Read all that a class handed in; a folder in it that cannot be opened has a row, too.

    Raises ValueError if there is nothing to judge, OSError if the folder cannot be opened.
    """
    found = Folder({}, [], [])
    for path in sorted(_files(folder)) if folder.is_dir() and any(os.scandir(folder)) else []:
        below = path.relative_to(folder)
        if any(part.startswith(".") or part in OF_A_SYSTEM for part in below.parts):
            found.left_out.append(shown(below))
            continue
        name = _name(below)
        try:
            found.submissions[name] = read_cells(path)
        except UnreadableError as error:
            found.rows.append(not_judged(name, f"not read: {error}"))
    if not found.submissions and not found.rows:
        raise ValueError(
            f"There is no notebook in {shown(folder)}: give the folder that holds them."
        )
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Find all files below a folder, with links and with the folders that cannot be opened."""
    closed = []
    for place, folders, files in os.walk(folder, onerror=closed.append):
        links = (name for name in folders if Path(place, name).is_symlink())
        yield from (Path(place, name) for name in (*files, *links))
    yield from (Path(error.filename) for error in closed)
