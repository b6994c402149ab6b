"""How a file is changed: each function here makes a change, from the file's text to a new text.

A change that does not fit its file any more raises StaleError.
"""

from collections.abc import Callable

import nbformat

Change = Callable[[str], str]
Notebook = nbformat.NotebookNode
Cell = nbformat.NotebookNode


class StaleError(Exception):
    """The project has moved on: what a mutation wants to change, or its check, is not there."""


def replace(old: str, new: str) -> Change:
    """Put a new text in the place of one that occurs exactly once."""

    def change(text: str) -> str:
        if text.count(old) != 1:
            raise StaleError(f"{old!r} is there {text.count(old)} times, not once")
        return text.replace(old, new)

    return change


def swap(one: str, other: str) -> Change:
    """Exchange two texts that occur exactly once each."""

    def change(text: str) -> str:
        text = replace(one, "\0")(text)
        return replace("\0", other)(replace(other, one)(text))

    return change


def in_notebook(edit: Callable[[Notebook], None]) -> Change:
    """Edit a notebook."""

    def change(text: str) -> str:
        notebook = nbformat.reads(text, as_version=4)
        edit(notebook)
        return nbformat.writes(notebook) + "\n"

    return change


def in_cell(cell_id: str, edit: Callable[[Cell], None]) -> Change:
    """Edit one cell of a notebook."""
    return in_notebook(lambda notebook: edit(find_cell(notebook, cell_id)))


def in_source(cell_id: str, old: str, new: str) -> Change:
    """Put a new text in the place of one that occurs exactly once in a cell's source."""

    def edit(cell: Cell) -> None:
        cell.source = replace(old, new)(cell.source)

    return in_cell(cell_id, edit)


def in_output(cell_id: str, old: str, new: str) -> Change:
    """Put a new text in the place of one that occurs exactly once in a cell's first output."""

    def edit(cell: Cell) -> None:
        output = first_output(cell)
        place, key = (output, "text") if "text" in output else (output.data, "text/plain")
        place[key] = replace(old, new)(place[key])

    return in_cell(cell_id, edit)


def find_cell(notebook: Notebook, cell_id: str) -> Cell:
    """Find a cell by its id. Raises StaleError if there is none."""
    for cell in notebook.cells:
        if cell.id == cell_id:
            return cell
    raise StaleError(f"there is no cell {cell_id!r}")


def first_output(cell: Cell) -> nbformat.NotebookNode:
    """Return a cell's first output. Raises StaleError if there is none."""
    if not cell.get("outputs"):
        raise StaleError(f"cell {cell.id!r} has no output")
    return cell.outputs[0]
