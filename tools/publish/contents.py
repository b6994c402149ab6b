"""What a lesson is made of: its headings, with addresses, and the words to search for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape, unescape
import json
from pathlib import Path
import re

from markupsafe import Markup
import nbformat

from tools.publish import PublishError
from tools.publish.formulas import markdown_to_html
from tools.publish.listings import fold
from tools.publish.manuscript import read
from tools.publish.outputs import render

HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)


@dataclass
class Section:
    """A part of a lesson: the address and level of its heading, and what stands below it."""

    anchor: str
    level: int
    title: str
    texts: list[str] = field(default_factory=list)


@dataclass
class Lesson:
    """A notebook's file name without its ending, its title, and its parts."""

    name: str
    title: str
    sections: list[Section]


def lesson_of(path: Path) -> Lesson:
    """Return what a stored notebook is made of; raises PublishError, naming notebook and cell."""
    notebook = render(read(path), path.name)
    return Lesson(path.stem, title_of(notebook, path.name), add_anchors(notebook))


def title_of(notebook: nbformat.NotebookNode, name: str) -> str:
    """Return a notebook's title, its first heading; raises PublishError if it has none.

    name: the notebook's file name, for the message.
    """
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    headings = HEADING.findall("".join(map(markdown_to_html, texts)))
    if titles := [heading for level, heading in headings if level == "1"]:
        return _words(titles[0])
    raise PublishError(
        f"{name} has no title: begin its first cell with `# ` and a title, or delete the file."
    )


def add_anchors(notebook: nbformat.NotebookNode) -> list[Section]:
    """Give each heading of a rendered notebook an address, and return its parts.

    The address is the one that JupyterLab gives, the heading with `-` for blanks.
    """
    sections = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.html = _with_anchors(cell.html, sections)
        elif sections and cell.cell_type == "code" and not fold(cell):
            sections[-1].texts.append(" ".join(cell.source.split()))
    return sections


def search_index(lessons: Iterable[Lesson], here: str = "", folder: str = "") -> Markup:
    """Return all parts of lessons as JSON that may stand in a page.

    here: the name of the lesson whose page it is; folder: what leads from the page to the others.
    """
    places = [
        {
            "href": f"{'' if lesson.name == here else f'{folder}{lesson.name}.html'}#{part.anchor}",
            "lesson": lesson.title,
            "title": part.title,
            "text": " ".join(part.texts).strip(),
        }
        for lesson in lessons
        for part in lesson.sections
    ]
    return Markup(json.dumps(places, ensure_ascii=False).replace("<", r"\u003c"))


def _with_anchors(html: str, sections: list[Section]) -> str:
    """Return a cell's HTML with addresses; its parts are added to those before it."""
    text, *rest = HEADING.split(html)
    if sections:
        sections[-1].texts.append(_words(text))
    parts = [text]
    for level, heading, below in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        title = _words(heading)
        anchor = _new_anchor(title.replace(" ", "-"), sections)
        sections.append(Section(anchor, int(level), title, [_words(below)]))
        link = f'<a class="anchor" href="#{escape(anchor)}" aria-label="Link to this part">#</a>'
        parts.append(f'<h{level} id="{escape(anchor)}">{heading} {link}</h{level}>{below}')
    return "".join(parts)


def _new_anchor(wanted: str, sections: list[Section]) -> str:
    """Return an address that no part has yet."""
    taken = {section.anchor for section in sections}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)


def _words(html: str) -> str:
    """Return the words of HTML, without its formulas."""
    html = re.sub(r"<math.*?</math>", " ", html, flags=re.DOTALL)
    html = re.sub(r"</?(a|b|i|em|strong|code|su[bp]|span)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
