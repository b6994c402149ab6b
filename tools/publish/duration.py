"""How long a run of the whole course took: the last one is kept in build/, for `make bench`."""

import contextlib
from datetime import date
import json
from pathlib import Path
from typing import NamedTuple

from course_utils.files import write_whole

NAME = "duration.json"


class Duration(NamedTuple):
    """When the course ran, for how many seconds, and how many cores others kept busy meanwhile.

    busy: when it began or ended, whichever is more.
    """

    date: str
    seconds: float
    busy: float


def keep(folder: Path, seconds: float, busy: float) -> None:
    """Write how long today's run took; where nothing can be written, nothing is lost."""
    duration = Duration(date.today().isoformat(), seconds, busy)
    with contextlib.suppress(OSError):
        write_whole(folder / NAME, json.dumps(duration._asdict()).encode())


def of_today(folder: Path) -> Duration | None:
    """Return the last run of the course, if it was today."""
    path = folder / NAME
    if not path.exists():
        return None
    duration = Duration(**json.loads(path.read_text(encoding="utf-8")))
    return duration if duration.date == date.today().isoformat() else None
