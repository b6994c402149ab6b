"""Opens the notebooks in JupyterLab, as copies to work in or as they are: `make lab`."""

import argparse
import json
import os
from pathlib import Path
import sys

import nbformat

from tools.commands import refuse
from tools.paths import NOTEBOOKS, ROOT, WORK, notebooks
from tools.publish.run import write_notebook
from tools.publish.student_copies import MADE_FROM, student_copy


def prepare(folder: Path) -> list[Path]:
    """Put a student's copy of each notebook into a folder, but where there is one already.

    Returns the copies that stand there and that the course's notebook has changed since.
    """
    old = []
    for path in notebooks():
        mine, copy = folder / path.name, student_copy(nbformat.read(path, as_version=4))
        if not os.path.lexists(mine):
            write_notebook(copy, mine)
        elif _made_from(mine) != copy.metadata[MADE_FROM]:
            old.append(mine)
    return old


def command(folder: Path) -> list[str]:
    """Return the command that opens a folder in JupyterLab."""
    return [sys.executable, "-m", "jupyterlab", str(folder)]


def _made_from(path: Path) -> str | None:
    """Return what a copy says that it was made from; None if it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["metadata"][MADE_FROM]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def main() -> int:
    """Make the copies that are not there, and open them; returns 2 if they cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m tools.publish.lab", description=__doc__)
    parser.add_argument("--originals", action="store_true", help="open notebooks/ itself")
    folder = NOTEBOOKS if parser.parse_args().originals else WORK
    try:
        old = prepare(folder) if folder == WORK else []
    except OSError as error:
        return refuse(f"Your copies cannot be written to {WORK} ({error.strerror or error}).")
    for path in old:
        why = (
            "the course's notebook has changed since: to get the new one"
            if _made_from(path)
            else "it cannot be read as a copy of the course's notebook: to get a new one"
        )
        print(
            f"{path.relative_to(ROOT)} is yours and stays as it is, but {why}, rename yours and "
            "run make lab again.",
            flush=True,
        )
    os.execv(sys.executable, command(folder))


if __name__ == "__main__":
    sys.exit(main())
