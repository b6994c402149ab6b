"""Code cells as a page shows them: in colours, with lines that wrap well, folded or open."""

import ast
from functools import lru_cache
import re

from markupsafe import Markup
from nbconvert.filters import Highlight2HTML
import nbformat


@lru_cache(maxsize=512)
def code_html(source: str) -> Markup:
    """Return code in colours; each line is an element that knows how deep it is indented."""
    source = source.strip("\n")
    block = Highlight2HTML(pygments_lexer="ipython3")(source)
    inside = re.search(r"<pre>(?:<span></span>)?(.*)</pre>", block, re.DOTALL)[1]
    lines = inside.removesuffix("\n").split("\n")
    depths = [len(line) - len(line.lstrip()) for line in source.split("\n")]
    return Markup(
        "".join(
            f'<span class="line" style="--depth: {depth}ch">{line}\n</span>'
            for line, depth in zip(lines, depths, strict=True)
        )
    )


def fold(cell: nbformat.NotebookNode) -> str:
    """Return the words that a code cell is folded under, or "" if its code is open to see."""
    if "solution" in cell.metadata.get("tags", []):
        return "Solution"
    if is_claim(cell):
        return "What CI checks here"
    body = _parsed(cell).body
    if body and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body):
        return "Imports"
    return "Code" if cell.metadata.get("jupyter", {}).get("source_hidden") else ""


def is_claim(cell: nbformat.NotebookNode) -> bool:
    """Return whether a code cell asserts what the text says: CI checks that, no student need do so.

    Who experiments makes other claims true.
    """
    return any(isinstance(part, ast.Assert) for part in ast.walk(_parsed(cell)))


def _parsed(cell: nbformat.NotebookNode) -> ast.Module:
    """Return a code cell as Python; one with a magic is not, and counts as empty."""
    try:
        return ast.parse(cell.source if cell.cell_type == "code" else "")
    except SyntaxError:
        return ast.Module([], [])


def answers_a_guess(cells: list[nbformat.NotebookNode]) -> list[bool]:
    """Return of each cell whether it stands between a guess and its truth: its output waits."""
    waits, open_guess = [], ""
    for cell in cells:
        source = cell.source if cell.cell_type == "code" else ""
        waits.append(bool(open_guess and source))
        if guessed := re.match(r"guess\((\S+),", source):
            open_guess = guessed[1]
        elif f"truth({open_guess}," in source:
            open_guess = ""
    return waits
