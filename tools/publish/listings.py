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
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:  # a magic
        tree = ast.Module([], [])
    if any(isinstance(node, ast.Assert) for node in ast.walk(tree)):
        return "What CI checks here"
    if tree.body and all(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body):
        return "Imports"
    return "Code" if cell.metadata.get("jupyter", {}).get("source_hidden") else ""


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
