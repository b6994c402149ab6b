"""Notebooks to slides: one file for each deck."""

import argparse
from pathlib import Path
import sys

from course_utils.files import write_whole
from nbconvert import SlidesExporter
import nbformat

from tools.commands import refuse
from tools.paths import BUILD, ROOT, notebooks
from tools.publish import PublishError
from tools.publish.assets import (
    TEMPLATES,
    deck_css,
    deck_js,
    head,
    live_css,
    live_js,
    notes_js,
    panel_js,
)
from tools.publish.browser import NoBrowserError, open_browser, print_deck
from tools.publish.contents import title_of
from tools.publish.course import Course, load_course
from tools.publish.layout import arrange
from tools.publish.listings import code_html
from tools.publish.living import has_panel
from tools.publish.manuscript import find, read
from tools.publish.outputs import render
from tools.publish.talk import BEGINNINGS, minutes, talk

SLIDES = BUILD / "slides"
PARTS = (head, deck_css, deck_js, notes_js, panel_js, code_html, live_css, live_js)
"""What the template may call."""


class DeckExporter(SlidesExporter):
    """Writes a talk as one HTML file, with reveal.js inside."""

    def __init__(self, course: Course) -> None:
        super().__init__(template_file=str(TEMPLATES / "deck.html.j2"))
        self.environment.globals |= {part.__name__: part for part in PARTS} | {"course": course}


def write_deck(notebook: nbformat.NotebookNode, path: Path, live: bool = False) -> int:
    """Write a notebook with outputs as a deck; returns its number of slides.

    live: whether `live_talk.py` serves it, so that its cells can run.
    Raises PublishError, naming notebook and cell, before anything is written.
    """
    deck, course = deck_of(notebook, f"{path.stem}.ipynb"), load_course()
    if course.byline:
        deck.cells[0].html += f'<p class="byline">{course.byline}</p>'
    exporter = DeckExporter(course)
    exporter.environment.globals |= {"live": live, "panels": live or has_panel(deck)}
    html, _ = exporter.from_notebook_node(
        deck, resources={"metadata": {"name": title_of(notebook, f"{path.stem}.ipynb")}}
    )
    write_whole(path, html.encode())
    return sum(cell.metadata.slideshow.slide_type in BEGINNINGS for cell in deck.cells)


def deck_of(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Return the talk as a deck shows it: without what is skipped, hidden or cut.

    name: the notebook's file name, for messages.
    Raises PublishError, naming the cell, if one cannot be shown.
    """
    deck = talk(notebook, name)
    deck.cells = [cell for cell in deck.cells if cell.metadata.slideshow.slide_type != "skip"]
    if not deck.cells:
        raise PublishError(f"{name} has no slide: give one of its cells the slide_type slide.")
    if (first := deck.cells[0]).metadata.slideshow.slide_type not in BEGINNINGS:
        raise PublishError(
            f"{name}, cell {first.id}: it is the first one shown, and its slide_type is "
            f"{first.metadata.slideshow.slide_type!r}; a deck begins with slide, so give it that."
        )
    for cell in deck.cells:
        if cell.cell_type == "code":
            try:
                arrange(cell)
            except PublishError as problem:
                raise PublishError(f"{name}, cell {cell.id}: {problem}") from problem
    return render(deck, name, in_steps=True)


def main() -> int:
    """Write the decks; returns 1 if one of them cannot be made, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.publish.decks", description=__doc__)
    parser.add_argument("number", nargs="?", help="of one notebook, such as 02; else all")
    parser.add_argument("--pdf", action="store_true", help="also print each deck to PDFs")
    arguments = parser.parse_args()
    try:
        paths = [find(arguments.number)] if arguments.number else notebooks()
        decks = [deck for path in paths if (deck := _write_and_report(path))]
        if arguments.pdf:
            _print(decks)
    except (PublishError, NoBrowserError) as problem:
        return refuse(problem, exit_code=1)
    return int(len(decks) < len(paths))


def _write_and_report(path: Path) -> Path | None:
    """Write a notebook's deck; returns its path, or None, after saying why there is none."""
    deck = SLIDES / f"{path.stem}.html"
    try:
        notebook = read(path)
        slides = write_deck(notebook, deck)
    except PublishError as problem:
        return refuse(problem) and None
    planned, has = minutes(notebook), load_course().minutes
    over = f", {planned - has:g} more than a lecture has" if 0 < has < planned else ""
    print(f"{deck.relative_to(ROOT)}: {slides} slides, {planned:g} minutes{over}")
    return deck


def _print(decks: list[Path]) -> None:
    with open_browser() as browser:
        for deck in decks:
            for pdf in print_deck(browser, deck):
                print(pdf.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
