"""Copies of the notebooks for students, without solutions and outputs: `make student`."""

from pathlib import Path

from course_utils.execute import BUILD, NOTEBOOKS, write_notebook
from nbconvert.preprocessors import ClearOutputPreprocessor, TagRemovePreprocessor
import nbformat

STUDENT = BUILD / "student"


def student_copy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out the cells tagged `solution`, all outputs, and what only checks and talks need."""
    for preprocess in (
        TagRemovePreprocessor(remove_cell_tags={"solution"}),
        ClearOutputPreprocessor(),
    ):
        preprocess.enabled = True
        notebook, _ = preprocess.preprocess(notebook, {})
    for cell in notebook.cells:
        for key in ("tolerance", "slideshow"):
            cell.metadata.pop(key, None)
    return notebook


def write_student_copies(folder: Path = STUDENT) -> list[Path]:
    """Write a student's copy of each notebook; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in paths:
        write_notebook(student_copy(nbformat.read(path, as_version=4)), folder / path.name)
    return [folder / path.name for path in paths]


if __name__ == "__main__":
    for written in write_student_copies():
        print(written.relative_to(BUILD.parent))
