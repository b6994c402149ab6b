"""Notebooks to pages that open anywhere: one file each, and no request to a network."""

from pathlib import Path
import re
from typing import Any

from course_utils.files import write_whole
from jinja2 import Environment, FileSystemLoader
from nbconvert import HTMLExporter
import nbformat

from tools.publish import PublishError
from tools.publish.assets import TEMPLATES, math_font, theme_head
from tools.publish.formulas import MathMLMixin, markdown_to_html

PNG_START = "iVBORw0KGgo"
"""What each PNG file begins with, in base64."""


class PageExporter(MathMLMixin, HTMLExporter):
    """Writes a notebook as one HTML file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(template_file=str(TEMPLATES / "page.html.j2"), **kwargs)
        self.environment.globals.update(theme_head=theme_head, math_font=math_font)


def check_cells(notebook: nbformat.NotebookNode, name: str) -> None:
    """Raise PublishError, naming the cell, if a formula or a figure of a notebook is broken.

    name: the notebook's file name, for the message.
    """
    for cell in notebook.cells:
        try:
            if cell.cell_type == "markdown":
                html = markdown_to_html(cell.source)
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
    """Return a notebook's title: the heading that its first cell starts with."""
    return notebook.cells[0].source.splitlines()[0].lstrip("# ")


def write_page(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write an executed notebook as an HTML page."""
    check_cells(notebook, f"{path.stem}.ipynb")
    html, _ = PageExporter().from_notebook_node(
        notebook, resources={"metadata": {"name": title_of(notebook)}}
    )
    write_whole(path, html.encode())


def write_index(titles: dict[str, str], path: Path) -> None:
    """Write the page that links to the others; titles: file name to title."""
    write_template(path, "pages.html.j2", titles=titles)


def write_template(path: Path, template: str, **values: Any) -> None:
    """Write a page that is not made from a notebook, but from a template and values."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    html = environment.get_template(template).render(theme_head=theme_head(), **values)
    write_whole(path, html.encode())
