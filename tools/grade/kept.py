"""What was judged already: a line of JSON for each submission, kept beside the table.

A result stands under a hash of all that it depends on. So a notebook whose code was changed is
judged anew, all are under other limits or another version of the kit, and nothing else is.
"""

from collections.abc import Collection, Iterator
from functools import cache
import hashlib
import json
import os
from pathlib import Path

from course_utils.files import write_whole

from tools.grade.isolation import Limits
from tools.grade.judge import Result, as_result
from tools.paths import ROOT

JUDGES = ("judge.py", "candidate.py", "wire.py")
"""The modules of this room that decide what is right, beside course_utils and its packages."""


@cache
def version() -> str:
    """Return a hash of the code and the packages that judge."""
    course = sorted(ROOT.glob("course_utils/**/*.py"))
    judges = [Path(__file__).with_name(name) for name in JUDGES]
    digest = hashlib.sha256()
    for path in (*course, *judges, ROOT / "requirements.lock"):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def key(cells: list[str], limits: Limits, isolated: bool) -> str:
    """Return the hash of a submission's code and of all else that decides its result."""
    return hashlib.sha256(json.dumps([version(), limits, isolated, cells]).encode()).hexdigest()


def load(path: Path, names: Collection[str]) -> dict[str, Result]:
    """Read the results under some keys, as far as there are any; the last one counts."""
    return {name: as_result(result) for name, result in _lines(path) if name in names}


def append(path: Path, name: str, result: Result) -> None:
    """Add a result under its key; it is on the disk when this returns.

    The line begins with its line break: one that was cut off before stays a line of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"\n{json.dumps([name, result])}")
        file.flush()
        os.fsync(file.fileno())


def forget(path: Path, names: Collection[str]) -> None:
    """Take the results under some keys out of the file."""
    others = [line for line in _lines(path) if line[0] not in names]
    write_whole(path, "".join(f"\n{json.dumps(line)}" for line in others).encode())


def _lines(path: Path) -> Iterator[tuple[str, list]]:
    """Yield key and result of each line that is whole."""
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            name, result = json.loads(line)
        except (ValueError, TypeError):
            continue
        yield name, result
