"""Copies of the notebooks for students, without solutions and outputs: `make student`."""

import hashlib
from pathlib import Path
import sys

from nbconvert.preprocessors import ClearOutputPreprocessor, TagRemovePreprocessor
import nbformat

from tools.commands import refuse
from tools.paths import BUILD, ROOT, notebooks
from tools.publish import PublishError
from tools.publish.listings import is_claim
from tools.publish.manuscript import read
from tools.publish.run import write_notebook

STUDENT = BUILD / "student"


MADE_FROM = "made_from"
"""In a copy's metadata: what tells whether the course's notebook has changed since."""


def student_copy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook without solutions, claims, outputs, and what only checks and talks need."""
    notebook, _ = TagRemovePreprocessor(remove_cell_tags={"solution"}).preprocess(notebook, {})
    notebook, _ = ClearOutputPreprocessor().preprocess(notebook, {})
    notebook.cells = [cell for cell in notebook.cells if not is_claim(cell)]
    for cell in notebook.cells:
        for key in ("tolerance", "slideshow"):
            cell.metadata.pop(key, None)
    sources = "\0".join(cell.source for cell in notebook.cells)
    notebook.metadata[MADE_FROM] = hashlib.sha256(sources.encode()).hexdigest()
    return notebook


def write_student_copies(folder: Path = STUDENT) -> list[Path]:
    """Write a student's copy of each notebook; returns the paths."""
    copies = []
    for path in notebooks():
        copies.append(folder / path.name)
        write_notebook(student_copy(read(path)), copies[-1])
    return copies


def main() -> int:
    """Write the copies; returns 1 if a notebook stands in the way, else 0."""
    try:
        for written in write_student_copies():
            print(written.relative_to(ROOT))
    except PublishError as problem:
        return refuse(problem, exit_code=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
