"""The guesses: each is asked once, before the cell that answers it, and not given away above it."""

import re

from course_utils.exercises.guesses import GUESSES
import nbformat
import pytest

from tools.paths import notebooks

NOTEBOOKS = [nbformat.read(path, as_version=4) for path in notebooks()]
CALL = re.compile(r'^(guess|truth)\("(\d\.\d+)", (.*)$', re.MULTILINE)


def calls(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """List the calls of `guess` and `truth`, each with its name, in the order of the notebook."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [call[:2] for cell in cells for call in CALL.findall(cell.source)]


def test_notebooks_ask_each_guess_once_and_then_tell_the_truth() -> None:
    """At least four a notebook, in the order of the list."""
    for number, notebook in enumerate(NOTEBOOKS, start=1):
        ours = [name for name in GUESSES if name.startswith(f"{number}.")]
        assert len(ours) >= 4
        assert calls(notebook) == [(kind, name) for name in ours for kind in ("guess", "truth")]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=["01", "02", "03", "04"])
def test_a_guess_stands_alone_and_no_answer_above_it(notebook: nbformat.NotebookNode) -> None:
    """Its cell holds nothing else, and the text above it asks, with its number."""
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.startswith("guess("):
            ((_, name, bet),) = CALL.findall(cell.source)
            assert cell.source == f'guess("{name}", ...)'
            assert bet == "...)"
            assert cell.id == f"guess-{name.replace('.', '-')}"
            asked = notebook.cells[place - 1]
            assert asked.cell_type == "markdown"
            assert f"uess {name}" in asked.source


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=["01", "02", "03", "04"])
def test_no_text_asks_for_a_guess_above_a_visible_answer(notebook: nbformat.NotebookNode) -> None:
    """Pages and slides show what a cell gave: who reads them has not run it."""
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    before = r"[Bb]efore you (run|look|read on)|[Gg]uess (first|before)|your guess down"
    assert re.findall(before, " ".join(prose.split())) == []


@pytest.mark.parametrize("name", GUESSES)
def test_what_is_said_is_read_as_text(name: str) -> None:
    question, unit, often, _ = GUESSES[name]
    assert question.endswith(("?", "? (0.01 is one percentage point.)", ", from -1 to 1?"))
    assert often.startswith("Often guessed: ")
    assert not re.search(r"[*`$]", question + unit + often)
