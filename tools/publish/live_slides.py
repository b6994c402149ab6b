"""What a live slide shows of a cell: code that can be changed, and outputs as a deck has them."""

import copy
from html import escape
import re
import textwrap

import nbformat
from nbformat.v4 import new_notebook

from tools.publish import PublishError
from tools.publish.decks import deck_of
from tools.publish.layout import HEIGHT
from tools.publish.outputs import output_html, plain_text

FIGURE = "A figure that was drawn just now."


def is_shown(cell: nbformat.NotebookNode) -> bool:
    """Return whether a slide shows a code cell of a talk, with its code."""
    hidden = cell.metadata.jupyter.source_hidden
    return cell.metadata.slideshow.slide_type != "skip" and not hidden


def shown_source(cell: nbformat.NotebookNode) -> str:
    """Return the lines of a cell's code that its slide shows, as far left as they go."""
    _, part, _ = _three_parts(cell)
    return textwrap.dedent("\n".join(part))


def full_source(cell: nbformat.NotebookNode, shown: str) -> str:
    """Return a cell's code, with other code in the place of the lines that its slide shows."""
    before, part, after = _three_parts(cell)
    if shown.rstrip("\n") == shown_source(cell).rstrip("\n"):
        return cell.source
    margin = re.match(" *", part[0])[0] if part else ""
    return "\n".join([*before, textwrap.indent(shown.rstrip("\n"), margin), *after])


def _three_parts(cell: nbformat.NotebookNode) -> tuple[list[str], list[str], list[str]]:
    """Return the lines before those that a slide shows, these, and those behind them."""
    lines = cell.source.splitlines()
    first, last = cell.metadata.slideshow.get("lines", (1, len(lines)))
    return lines[: first - 1], lines[first - 1 : last], lines[last:]


def news_html(cell: nbformat.NotebookNode, stored: nbformat.NotebookNode) -> str:
    """Return what a cell shows now: its outputs, and what went wrong, as a sentence.

    stored: the cell as the notebook has it.
    """
    errors = [output for output in cell.outputs if output.output_type == "error"]
    cell.outputs = [output for output in cell.outputs if output.output_type != "error"]
    problems = [sentence(error) for error in errors]
    try:
        html = _outputs_html(cell, stored)
    except PublishError as problem:
        html, problems = "", [*problems, str(problem)]
    return html + "".join(f'<p class="problem">{escape(one)}</p>' for one in problems)


def sentence(error: nbformat.NotebookNode) -> str:
    """Return an error as one line."""
    if error.ename == "KeyboardInterrupt":
        return "Stopped."
    return ": ".join(filter(None, [error.ename, *error.evalue.splitlines()[:1]]))


def _outputs_html(cell: nbformat.NotebookNode, stored: nbformat.NotebookNode) -> str:
    """Return outputs as the deck shows them; if what it looks for is not there, as they are."""
    for output in cell.outputs:
        for kind in output.get("data", {}):
            if kind.startswith("image/"):
                output.metadata.setdefault(kind, {}).setdefault("alt", FIGURE)
    if not cell.outputs:
        return ""
    alone = copy.deepcopy(stored)
    alone.outputs = copy.deepcopy(cell.outputs)
    alone.metadata.slideshow |= {"slide_type": "slide", "title": "", "minutes": 0, "notes": ""}
    for key in ("show", "section"):
        alone.metadata.slideshow.pop(key, None)
    try:
        _, _, shown = deck_of(new_notebook(cells=[alone]), "").cells
        pairs = zip(cell.outputs, shown.outputs, strict=True)
        return "".join(_whole(output) or on_slide.html for output, on_slide in pairs)
    except PublishError:
        return "".join(map(output_html, cell.outputs))


def _whole(output: nbformat.NotebookNode) -> str:
    """Return the HTML of a text that a deck would cut: a live slide scrolls it."""
    long = len((plain_text(output) or "").splitlines()) > HEIGHT
    return output_html(output) if long else ""
