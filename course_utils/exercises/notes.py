"""What a student did, in a small file beside the notebook: bets, attempts, hints, tries.

Each note is a line of its own, a JSON list of kind, name and value. Lines are only ever added, each
in one step: two notebooks lose nothing of each other's, and who is killed loses a line at most.
"""

import json
import math
import os
from pathlib import Path
from typing import Any, NamedTuple
import uuid

VARIABLE = "COURSE_UTILS_NOTES"
"""Names another file; if it is empty, notes last as long as the kernel: for runs that are stored
or compared, which must not depend on what somebody did before."""
FILE = Path.cwd() / ".course_notes.jsonl"
"""In the notebook's folder, where its kernel starts, wherever it goes later."""
KINDS = {
    "guess": int | float | str | None,
    "truth": int | float | str,
    "check": bool,
    "hint": int,
    "solution": bool,
    "try": int,
}
"""What may be noted, and the type of its value."""
RANGES = {"hint": range(1, 4), "try": range(5_001)}
"""What a value may be where it counts: hints of an exercise, the challenge's reviews."""


class Note(NamedTuple):
    """One thing that was done: which kind, to which guess, exercise or model, with what result."""

    kind: str
    name: str
    value: Any


_in_memory: list[Note] = []
_said: set[str] = set()


def note(kind: str, name: str, value: Any) -> None:
    """Keep a note, unless the last of its kind and name says the same. Never raises.

    kind: one of KINDS. If the file cannot be written, one sentence says so, and the note lasts as
    long as the kernel.
    """
    if noted(kind, name)[-1:] == [value]:
        return
    new = Note(kind, name, value)
    path = _file()
    try:
        if path is None:
            _in_memory.append(new)
        else:
            _append(path, [new])
    except OSError as error:
        _in_memory.append(new)
        _say_not_kept(path, error)


def noted(kind: str, name: str) -> list[Any]:
    """List the values of all notes of a kind and a name, in their order. Never raises."""
    return [one.value for one in all_notes() if (one.kind, one.name) == (kind, name)]


def all_notes() -> list[Note]:
    """List all notes, in their order. Never raises.

    A damaged file is kept under another name, one sentence says so, and all lines that can be read
    count on.
    """
    return [*_read(_file()), *_in_memory]


def _file() -> Path | None:
    named = os.environ.get(VARIABLE, str(FILE))
    return Path(named) if named else None


def _append(path: Path, notes: list[Note]) -> None:
    """Add lines in one step. Each begins with its line break: what a kill cut off stays apart."""
    lines = "".join(f"\n{json.dumps(one)}" for one in notes).encode()
    with path.open("ab", buffering=0) as file:
        file.write(lines)


def _read(path: Path | None) -> list[Note]:
    if path is None:
        return []
    try:
        notes, damaged = _parse(path.read_bytes())
    except FileNotFoundError:
        return []
    except OSError as error:
        _say_not_kept(path, error)
        return []
    if damaged:
        _set_aside(path)
    return notes


def _set_aside(path: Path) -> None:
    """Give a damaged file another name, and write what can be read of it anew."""
    aside = path.with_name(f"{path.stem}.damaged-{uuid.uuid4().hex[:8]}{path.suffix}")
    try:
        path.rename(aside)
        notes, damaged = _parse(aside.read_bytes())
        _append(path, notes)
    except OSError as error:
        return _say_not_kept(path, error)
    _say(
        f"{path.name} was damaged: {damaged} of its lines cannot be read. The other {len(notes)} "
        f"count on, and the damaged file is kept as {aside.name}."
    )


def _parse(content: bytes) -> tuple[list[Note], int]:
    """Read all lines; return the notes, and the number of lines that are none."""
    lines = [line for line in content.splitlines() if line.strip()]
    notes = [one for line in lines if (one := _parse_line(line))]
    return notes, len(lines) - len(notes)


def _parse_line(line: bytes) -> Note | None:
    try:
        one = Note(*json.loads(line))
        fits = isinstance(one.name, str) and _fits(one.kind, one.value)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return one if fits else None


def _fits(kind: str, value: Any) -> bool:
    """Return whether a note of a kind may have a value. Raises KeyError for no kind."""
    if isinstance(value, bool) and KINDS[kind] is not bool:
        return False
    if isinstance(value, int | float) and not math.isfinite(value):
        return False
    return isinstance(value, KINDS[kind]) and value in RANGES.get(kind, [value])


def _say_not_kept(path: Path, error: OSError) -> None:
    _say(
        f"Your notes cannot be kept in {path} ({error.strerror or error}): all works, but is "
        "forgotten when the kernel stops."
    )


def _say(sentence: str) -> None:
    """Print a sentence, once in a kernel."""
    if sentence not in _said:
        _said.add(sentence)
        print(sentence)
