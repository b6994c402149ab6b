"""Notebooks to pages that open anywhere: one file each, and no request to a network."""

from html import escape
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
import nbformat

TEMPLATE = Path(__file__).parent / "templates" / "page.html.j2"

_INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deep Learning RNN/LSTM</title>
<style>
  body {{ font: 1.15rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto;
         padding: 0 1rem; color: #1a1a1a; background: #fff; }}
  li {{ margin: 0.6rem 0; }}
  a {{ color: #00558c; }}
</style>
</head>
<body>
<main>
<h1>Deep Learning RNN/LSTM</h1>
<p>Four notebooks, run from top to bottom with seed 2026.</p>
<ol>
{entries}
</ol>
</main>
</body>
</html>
"""


class PageExporter(HTMLExporter):
    """Writes a notebook as one HTML file; formulas become MathML, which browsers draw."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(template_file=str(TEMPLATE), **kwargs)

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Turn a Markdown cell into HTML."""
        renderer = _MathMLRenderer(escape=False, anchor_link_text=self.anchor_link_text)
        return MarkdownWithMath(renderer=renderer).render(source)


class _MathMLRenderer(IPythonRenderer):
    def inline_math(self, body: str) -> str:
        return convert(body)

    def block_math(self, body: str) -> str:
        return convert(body, display="block")

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


def title_of(notebook: nbformat.NotebookNode) -> str:
    """Give a notebook's title: the heading that its first cell starts with."""
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")


def write_page(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write an executed notebook as an HTML page."""
    html, _ = PageExporter().from_notebook_node(
        notebook, resources={"metadata": {"name": title_of(notebook)}}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")


def write_index(titles: dict[str, str], path: Path) -> None:
    """Write the page that links to the others; titles: file name to title."""
    entries = "\n".join(
        f'<li><a href="{escape(name)}">{escape(title)}</a></li>' for name, title in titles.items()
    )
    path.write_text(_INDEX.format(entries=entries), encoding="utf-8")
