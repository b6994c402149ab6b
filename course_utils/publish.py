"""Notebooks to pages that open anywhere: one file each, and no request to a network."""

from html import unescape
from pathlib import Path
import re
from typing import Any

from course_utils.assets import TEMPLATES, math_font, theme_head
from jinja2 import Environment, FileSystemLoader, pass_context
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
import nbformat

PNG_START = "iVBORw0KGgo"
"""What each PNG file begins with, in base64."""


class PublishError(Exception):
    """A notebook cannot be published; says which cell stands in the way, and why."""


class MathMLMixin:
    """Turns the formulas of Markdown cells into MathML, which browsers draw without a script."""

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Turn a Markdown cell into HTML."""
        return _to_html(source)


class PageExporter(MathMLMixin, HTMLExporter):
    """Writes a notebook as one HTML file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(template_file=str(TEMPLATES / "page.html.j2"), **kwargs)
        self.environment.globals.update(theme_head=theme_head, math_font=math_font)


class _MathMLRenderer(IPythonRenderer):
    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return _mathml(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")


def _to_html(source: str) -> str:
    html = MarkdownWithMath(renderer=_MathMLRenderer(escape=False)).render(source)
    return html.replace("<th></th>", "<td></td>")


def _mathml(latex: str, display: str) -> str:
    """Convert a formula; raises PublishError where latex2mathml fails, or passes something over.

    Bars stand close to what they enclose: |a|. Functions stand apart from what follows, by TeX's
    thin space of 1/6 em: ln a.
    """
    braces = re.sub(r"\\.", "", latex)
    try:
        mathml = convert(latex, display=display)
    except Exception as error:
        raise PublishError(f"the equation {latex!r} does not parse: mend it.") from error
    if braces.count("{") != braces.count("}") or "\\" in unescape(mathml):
        raise PublishError(f"the equation {latex!r} does not parse: mend it.")
    bar = '<mo stretchy="false">&#x0007C;'
    mathml = mathml.replace(bar, bar.replace(">", ' lspace="0" rspace="0">'))
    return re.sub(r"(<mi>[a-z]{2,}</mi>)(?=<m(?!o|row))", r'\1<mspace width="0.167em"/>', mathml)


def check_cells(notebook: nbformat.NotebookNode, name: str) -> None:
    """Raise PublishError, naming the cell, if a formula or a figure of a notebook is broken.

    name: the notebook's file name, for the message.
    """
    for cell in notebook.cells:
        try:
            if cell.cell_type == "markdown":
                html = _to_html(cell.source)
                if outside := re.search(r'<img[^>]*src="(?!data:)([^"]*)"', html):
                    raise PublishError(f"the figure {outside[1]!r} is not inside the notebook.")
            for output in cell.get("outputs", []):
                _check_figure(output)
        except PublishError as problem:
            where = cell.metadata.get("made_from", cell.id)
            raise PublishError(f"{name}, cell {where}: {problem}") from problem


def _check_figure(output: nbformat.NotebookNode) -> None:
    if "image/png" not in output.get("data", {}):
        return
    if not output.data["image/png"].startswith(PNG_START):
        raise PublishError("its figure is missing or damaged: run `make outputs`.")
    if not output.get("metadata", {}).get("image/png", {}).get("alt"):
        raise PublishError("its figure has no alt text: say what is to be seen.")


def title_of(notebook: nbformat.NotebookNode) -> str:
    """Give a notebook's title: the heading that its first cell starts with."""
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")


def write_page(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write an executed notebook as an HTML page."""
    check_cells(notebook, f"{path.stem}.ipynb")
    html, _ = PageExporter().from_notebook_node(
        notebook, resources={"metadata": {"name": title_of(notebook)}}
    )
    write_whole(html, path)


def write_whole(text: str, path: Path) -> None:
    """Write a file in one step: there is never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def write_index(titles: dict[str, str], path: Path) -> None:
    """Write the page that links to the others; titles: file name to title."""
    write_template(path, "pages.html.j2", titles=titles)


def write_template(path: Path, template: str, **values: Any) -> None:
    """Write one of the pages that are not made from a notebook."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    html = environment.get_template(template).render(theme_head=theme_head(), **values)
    write_whole(html, path)
