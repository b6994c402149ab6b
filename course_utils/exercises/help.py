"""Help in steps: three hints, each saying more, and after an attempt a solution.

The hints stand in hints.toml. The solutions are the notebooks' own, which students' copies leave
out; solutions.json holds them packed, so that nobody reads one by chance. That is no lock.
"""

from base64 import b64decode, b64encode
import functools
import json
from pathlib import Path
import tomllib
import zlib

from course_utils.exercises.check import exercise_names
from course_utils.exercises.notes import note, noted
from course_utils.exercises.wording import one_line
from course_utils.live import in_notebook, put_in_next_cell

HINTS = Path(__file__).with_name("hints.toml")
SOLUTIONS = Path(__file__).with_name("solutions.json")
"""Written by `tools/publish/solutions.py` from the notebooks."""


def hint(exercise: str) -> None:
    """Print the next hint of an exercise, which says more than the one before; there are three.

    exercise: its number, such as "2.4". A question, such as "2.q1", has none but what `check` says
    of each option. Raises nothing.
    Introduced in notebook 1, "From text to numbers".
    """
    if not _is_known(name := one_line(exercise)):
        return
    if is_question(name):
        print(f"{name} is a question: choose an option, and check says what speaks against it.")
        return
    hints = all_hints()[name]
    number = min((noted("hint", name) or [0])[-1] + 1, len(hints))
    note("hint", name, number)
    print(f"{name}, hint {number} of {len(hints)}: {hints[number - 1]}")
    if number == len(hints):
        print(f'That was the last one. After an attempt, solution("{name}") shows a way.')


def solution(exercise: str) -> None:
    """Show a solution as a cell to be run, once `check` has seen an attempt.

    exercise: its number, such as "2.4". In a notebook it comes in a new cell below, elsewhere it is
    printed. Raises nothing.
    Introduced in notebook 1, "From text to numbers".
    """
    if not _is_known(name := one_line(exercise)):
        return
    if not noted("check", name):
        print(f"{name}: try it first. The solution opens when check has seen an answer of yours.")
        return
    note("solution", name, True)
    code = unpack(json.loads(SOLUTIONS.read_text(encoding="utf-8"))[name])
    if in_notebook():
        put_in_next_cell(code)
        print(f"{name}: a solution stands in the cell below. Read it, then run it.")
    else:
        print(code)


def is_question(exercise: str) -> bool:
    """Return whether an exercise asks to choose an option: its number has a q, as "2.q1"."""
    return ".q" in exercise


@functools.cache
def all_hints() -> dict[str, list[str]]:
    """Read the hints of all exercises that are no questions, by their names."""
    return tomllib.loads(HINTS.read_text(encoding="utf-8"))


def pack(code: str) -> str:
    """Pack a solution's code, so that it is not read by chance."""
    return b64encode(zlib.compress(code.encode(), 9)).decode()


def unpack(packed: str) -> str:
    """Return the code that was packed."""
    return zlib.decompress(b64decode(packed)).decode()


def _is_known(name: str) -> bool:
    """Return whether there is such an exercise; print a sentence if not."""
    names = exercise_names()
    if name not in names:
        print(f'There is no exercise {name}: give a name from "{names[0]}" to "{names[-1]}".')
    return name in names
