"""Notebooks to pages that open anywhere: one file each, and no request to a network."""

from collections.abc import Sequence
import copy
from pathlib import Path
from typing import Any

from course_utils.files import write_whole
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
import nbformat

from tools.publish.assets import (
    TEMPLATES,
    head,
    math_font,
    page_css,
    page_js,
    panel_js,
    preview_js,
)
from tools.publish.contents import Lesson, add_anchors, search_index, title_of
from tools.publish.course import load_course
from tools.publish.listings import answers_a_guess, code_html, fold
from tools.publish.living import has_panel
from tools.publish.outputs import render

PARTS = (head, page_css, page_js, panel_js, math_font, preview_js)
"""What templates may call."""


def write_page(
    notebook: nbformat.NotebookNode, path: Path, lessons: Sequence[Lesson] = (), home: str = ""
) -> None:
    """Write an executed notebook as an HTML page.

    lessons: all of the course, for the search and the way on; home: the link to their index.
    Without them the page stands alone. Raises PublishError, naming notebook and cell.
    """
    name = f"{path.stem}.ipynb"
    notebook = render(copy.deepcopy(notebook), name)
    own = Lesson(path.stem, title_of(notebook, name), add_anchors(notebook))
    before, after = _neighbours(own.name, lessons)
    write_template(
        path,
        "page.html.j2",
        cells=[*map(_shown, notebook.cells, answers_a_guess(notebook.cells))],
        panels=has_panel(notebook),
        lesson=own,
        home=home,
        before=before,
        after=after,
        index=search_index(lessons or [own], here=own.name),
    )


def write_index(lessons: Sequence[Lesson], path: Path) -> None:
    """Write the page that links to those of the lessons, which lie beside it."""
    write_template(path, "pages.html.j2", lessons=lessons, index=search_index(lessons))


def write_template(path: Path, template: str, **values: Any) -> None:
    """Write a page from a template and values."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    environment.globals |= {part.__name__: part for part in PARTS}
    html = environment.get_template(template).render(course=load_course(), **values)
    write_whole(path, html.encode())


def _shown(cell: nbformat.NotebookNode, waits: bool) -> dict[str, Any]:
    """Return what the template needs of a cell; waits: a guess comes before its output."""
    if cell.cell_type != "code":
        return {"html": Markup(cell.get("html", ""))}
    return {
        "code": code_html(cell.source) if cell.source.strip() else "",
        "fold": fold(cell),
        "outputs": [Markup(output.html) for output in cell.outputs],
        "waits": waits and bool(cell.outputs),
    }


def _neighbours(name: str, lessons: Sequence[Lesson]) -> tuple[Lesson | None, Lesson | None]:
    """Return the lessons before and after one of them."""
    around = [None, *lessons, None]
    here = next((n for n, one in enumerate(around) if one and one.name == name), None)
    return (around[here - 1], around[here + 1]) if here else (None, None)
