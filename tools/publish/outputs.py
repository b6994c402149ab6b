"""Text cells and outputs as HTML: the richest form that a page shows without a script."""

from base64 import b64encode
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
import json
import re

from course_utils.figures.steps import KIND as STEPS
from nbconvert.filters import ansi2html
import nbformat

from tools.publish import PublishError
from tools.publish.dark import dark_palette
from tools.publish.formulas import markdown_to_html
from tools.publish.living import is_panel, panel_html

BASE64_STARTS = {"image/png": "iVBORw0KGgo", "image/jpeg": "/9j/"}
"""What each file of these kinds begins with, in base64."""
BLOCKS = ("div", "section", "aside", "main", "article")
"""Elements that pages and slides are made of."""
NOT_SHOWN = r"<(script|iframe|object|embed|link)\b"
"""Elements that run a program or fetch something; the pages' policy lets neither happen."""


def render(
    notebook: nbformat.NotebookNode, name: str, in_steps: bool = False
) -> nbformat.NotebookNode:
    """Give each text cell and each output of a notebook its HTML; returns the notebook.

    name: the notebook's file name, for messages. in_steps: figures that are built up are shown step
    by step, as fragments; else whole.
    Raises PublishError, naming the cell, if a formula or a figure is broken.
    """
    for cell in notebook.cells:
        try:
            if cell.cell_type == "markdown":
                cell.html = markdown_to_html(cell.source)
                if outside := re.search(r'<img[^>]*src="(?!data:)([^"]*)"', cell.html):
                    raise PublishError(f"the figure {outside[1]!r} is not inside the notebook.")
                _check_blocks(cell.html)
            for output in cell.get("outputs", []):
                output.html = output_html(output, cell.id, in_steps)
                _check_blocks(output.html)
        except PublishError as problem:
            where = cell.metadata.get("made_from", cell.id)
            raise PublishError(f"{name}, cell {where}: {problem}") from problem
    return notebook


class _Blocks(HTMLParser):
    """Counts how many blocks are open: one that a text closes too often would be the page's own."""

    opened = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.opened += tag in BLOCKS

    def handle_endtag(self, tag: str) -> None:
        self.opened -= tag in BLOCKS
        if self.opened < 0:
            raise PublishError(f"it closes a <{tag}> that it did not open: take </{tag}> out.")


def _check_blocks(html: str) -> None:
    blocks = _Blocks()
    blocks.feed(html)
    if blocks.opened:
        raise PublishError(f"it opens one of {', '.join(BLOCKS)} and does not close it: close it.")


def output_html(output: nbformat.NotebookNode, place: str = "", in_steps: bool = False) -> str:
    """Return an output as HTML; raises PublishError for one that cannot be shown.

    place: the cell's id, by which an address leads to a panel. in_steps: as in `render`.
    """
    if is_panel(output.get("data", {})):
        return panel_html(output.data).replace("><script", f' id="{place}-panel"><script', 1)
    if (text := plain_text(output)) is not None:
        return f'<pre class="output">{ansi2html(text)}</pre>'
    if in_steps and STEPS in output.data:
        return _steps(output.data[STEPS])
    for kind, show in SHOWN.items():
        if kind in output.data:
            return show(output, kind)
    raise PublishError(
        f"its output is {', '.join(output.data) or 'empty'}, which no page shows: "
        "give out a picture, a table or text."
    )


def plain_text(output: nbformat.NotebookNode) -> str | None:
    """Return the text that is shown of an output, or None if something richer is."""
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    if output.output_type == "stream":
        return output.text
    if SHOWN.keys() & output.data.keys():
        return None
    if "application/json" in output.data:
        return json.dumps(output.data["application/json"], indent=2, ensure_ascii=False)
    return output.data.get("text/plain")


def _picture(output: nbformat.NotebookNode, kind: str) -> str:
    data = output.data[kind]
    if kind == "image/svg+xml":
        data = b64encode(data.encode()).decode()
    if not data.startswith(BASE64_STARTS.get(kind, "")):
        raise PublishError("its figure is missing or damaged: run `make outputs`.")
    if not (alt := output.get("metadata", {}).get(kind, {}).get("alt")):
        raise PublishError(
            "its figure has no alt text: say what is to be seen, as in "
            f"display(figure, metadata={{{kind!r}: {{'alt': 'a line that falls'}}}})."
        )
    return f'<div class="figure">{_image(kind, data, alt)}</div>'


def _steps(steps: dict[str, list[str]]) -> str:
    """Return the steps of a figure, each a picture of what comes new, to be laid on the others."""
    pictures, alts = steps["pictures"], steps["alts"]
    images = [
        _image("image/png", data, f"Step {step} of {len(alts)}: {alt}", "fragment" * (step > 1))
        for step, (data, alt) in enumerate(zip(pictures, alts, strict=True), start=1)
    ]
    return f'<div class="figure build">{"".join(images)}</div>'


def _image(kind: str, data: str, alt: str, css_class: str = "") -> str:
    source = f"data:{kind};base64,{''.join(data.split())}"
    named = f'class="{css_class}" ' if css_class else ""
    dark = f' data-palette="{palette}"' if (palette := dark_palette(data)) else ""
    return f'<img {named}src="{escape(source)}" alt="{escape(alt)}"{dark}>'


def _html(output: nbformat.NotebookNode, kind: str) -> str:
    if found := re.search(NOT_SHOWN, output.data[kind], re.IGNORECASE):
        raise PublishError(
            f"its output holds <{found[1].lower()}>, and pages and decks neither run nor fetch "
            "anything: give out a picture or a table."
        )
    return f'<div class="output wide">{output.data[kind]}</div>'


def _marked_up(output: nbformat.NotebookNode, kind: str) -> str:
    return f'<div class="output wide">{markdown_to_html(output.data[kind])}</div>'


SHOWN: dict[str, Callable[[nbformat.NotebookNode, str], str]] = {
    "image/png": _picture,
    "image/jpeg": _picture,
    "image/svg+xml": _picture,
    "text/html": _html,
    "text/latex": _marked_up,
    "text/markdown": _marked_up,
}
"""How each kind is shown; the first that an output has."""
