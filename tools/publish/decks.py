"""Notebooks to slides: one file for each deck, and the notebook as it is presented live.

What a cell does in the talk stands in its metadata, under `slideshow`:

- `slide_type`, in each cell: `slide` begins a section, `subslide` a further slide, `fragment`
  appears on a key, `-` belongs to the slide before, `skip` is left out. Jupyter's own words.
- where a slide begins: `title`, the point in one line; `minutes`; `notes`, what to say.
- `text`: what stands on the slide in the place of a cell's own text. The cell's tables and
  equations stay, its sentences move to the notes. Above code, it says what to look at.
- `show`: `code` or `output`, where a code cell is not to show both.
- `lines`, first and last: where a deck is not to show all of a cell's code.
"""

import argparse
import copy
from pathlib import Path
import re
import sys
import textwrap
from typing import Any

from course_utils.files import write_whole
from nbconvert import SlidesExporter
import nbformat
from nbformat.v4 import new_markdown_cell, new_output

from tools.commands import refuse
from tools.paths import BUILD, ROOT, notebooks
from tools.publish import PublishError
from tools.publish.assets import TEMPLATES, deck_css, deck_js, head, notes_js, panel_js
from tools.publish.browser import NoBrowserError, open_browser, print_deck
from tools.publish.contents import title_of
from tools.publish.course import Course, load_course
from tools.publish.living import has_panel
from tools.publish.manuscript import find, read
from tools.publish.outputs import plain_text, render

SLIDES = BUILD / "slides"
BEGINNINGS = ("slide", "subslide")
SLIDE_TYPES = (*BEGINNINGS, "fragment", "-", "skip")
WIDTH, HEIGHT = 90, 12
"""Characters in a line, and lines, that an output may have on a slide; what is longer is cut."""
SMALLEST, LARGEST = 18, 30
"""Sizes of code on a slide, in pixels at 1280 × 720."""


PARTS = (head, deck_css, deck_js, notes_js, panel_js)
"""What the template may call."""


class DeckExporter(SlidesExporter):
    """Writes a talk as one HTML file, with reveal.js inside."""

    def __init__(self, course: Course) -> None:
        super().__init__(template_file=str(TEMPLATES / "deck.html.j2"))
        self.environment.globals |= {part.__name__: part for part in PARTS} | {"course": course}


def talk(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Return the notebook as it is presented: titles, short texts, notes; all code still runs.

    name: the notebook's file name, for messages. Speaker notes begin with the time.
    Raises PublishError, naming the cell, if metadata are missing or contradict each other.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        _check(cell, name)
    total = minutes(notebook)
    cells, spent = [], 0
    for cell in notebook.cells:
        show = cell.metadata.slideshow
        if show.slide_type in BEGINNINGS:
            spent += show.minutes
            cells.append(_beginning(cell))
            cells.append(_notes(cell, f"**{show.minutes} min** (to minute {spent} of {total})"))
        if cell.cell_type == "code":
            cells.append(_code(cell))
        elif show.slide_type not in BEGINNINGS:
            cell.source = _text(cell)
            cells.append(cell)
    notebook.cells = cells
    return notebook


def minutes(notebook: nbformat.NotebookNode) -> float:
    """Return how many minutes a notebook's slides are planned for."""
    return sum(cell.metadata.get("slideshow", {}).get("minutes", 0) for cell in notebook.cells)


def write_deck(notebook: nbformat.NotebookNode, path: Path) -> int:
    """Write a notebook with outputs as a deck; returns its number of slides.

    Raises PublishError, naming notebook and cell, before anything is written.
    """
    deck, course = deck_of(notebook, f"{path.stem}.ipynb"), load_course()
    if course.byline:
        deck.cells[0].html += f'<p class="byline">{course.byline}</p>'
    exporter = DeckExporter(course)
    exporter.environment.globals["panels"] = has_panel(deck)
    html, _ = exporter.from_notebook_node(
        deck, resources={"metadata": {"name": title_of(notebook, f"{path.stem}.ipynb")}}
    )
    write_whole(path, html.encode())
    return len(_slides(deck.cells))


def deck_of(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Return the talk as a deck shows it: without what is skipped, hidden or cut; code with sizes.

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
            _leave_what_is_shown(cell, name)
    for slide in _slides(deck.cells):
        _enlarge_code(slide[0], [cell for cell in slide if cell.cell_type == "code"])
    return render(deck, name)


def _check(cell: nbformat.NotebookNode, name: str) -> None:
    """Raise PublishError unless a cell's metadata say what it does in the talk."""
    show = cell.metadata.get("slideshow", {})
    if "slide_type" not in show:
        raise PublishError(
            f"{name}, cell {cell.id}: its slideshow metadata have no slide_type; "
            f"give one of {', '.join(SLIDE_TYPES)}."
        )
    if show.slide_type not in SLIDE_TYPES:
        raise PublishError(
            f"{name}, cell {cell.id}: its slide_type is {show.slide_type!r}; "
            f"give one of {', '.join(SLIDE_TYPES)}."
        )
    if show.slide_type in BEGINNINGS:
        for key in ("title", "minutes", "notes"):
            if key not in show:
                raise PublishError(
                    f"{name}, cell {cell.id}: a slide begins here, but its slideshow metadata "
                    f"have no {key}; add it."
                )
    for key in {"title", "notes", "text"} & show.keys():
        if not isinstance(show[key], str):
            raise PublishError(
                f"{name}, cell {cell.id}: its {key} is {show[key]!r}; write a text in quotes."
            )


def _beginning(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the cell that a slide begins with: its title, and what stands below."""
    show = cell.metadata.slideshow
    below = _text(cell) if cell.cell_type == "markdown" else show.get("text", "")
    return _markdown(cell, "slide", f"# {show.title}\n\n{below}", show.slide_type)


def _notes(cell: nbformat.NotebookNode, time: str) -> nbformat.NotebookNode:
    """Return the cell of speaker notes: the time, what to say, and the cell's own sentences."""
    show = cell.metadata.slideshow
    parts = [time, show.notes]
    if cell.cell_type == "markdown" and "text" in show:
        parts.append(re.sub(r"^#+ .*\n", "", cell.source, flags=re.MULTILINE))
    return _markdown(cell, "notes", "\n\n".join(parts), "notes")


def _markdown(
    cell: nbformat.NotebookNode, prefix: str, source: str, slide_type: str
) -> nbformat.NotebookNode:
    """Return a Markdown cell made from another cell, which messages will name."""
    metadata = {"slideshow": {"slide_type": slide_type}, "made_from": cell.id}
    return new_markdown_cell(source.strip(), id=f"{prefix}-{cell.id}", metadata=metadata)


def _text(cell: nbformat.NotebookNode) -> str:
    """Return what a Markdown cell shows: its text, or a short one with its equations and tables."""
    show = cell.metadata.slideshow
    if "text" not in show:
        return re.sub(r"\A#+ .*\n", "", cell.source).strip()
    kept = re.findall(r"\$\$.+?\$\$|(?:^\|[^\n]*(?:\n|\Z))+", cell.source, re.DOTALL | re.MULTILINE)
    return "\n\n".join([show.text, *kept])


def _code(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a code cell that hides what it shall not show; a slide begins with its title."""
    show = cell.metadata.slideshow
    if show.slide_type in BEGINNINGS:
        show.slide_type = "-"
    cell.metadata.jupyter = {
        "source_hidden": show.get("show") == "output",
        "outputs_hidden": show.get("show") == "code",
    }
    return cell


def _leave_what_is_shown(cell: nbformat.NotebookNode, name: str) -> None:
    """Leave of a code cell what a deck shows of it."""
    show, hidden = cell.metadata.slideshow, cell.metadata.jupyter
    if hidden.source_hidden and not cell.outputs:
        raise PublishError(
            f"{name}, cell {cell.id}: it shall show its output, but none is stored; "
            "run `make outputs`."
        )
    if "lines" in show:
        code = cell.source.splitlines()
        first, last = _first_and_last(show.lines)
        if not 1 <= first <= last <= len(code):
            raise PublishError(
                f"{name}, cell {cell.id}: it shall show its lines {show.lines}, but it has "
                f"{len(code)}; give the first and the last in its slideshow metadata, as in [1, 2]."
            )
        cell.source = textwrap.dedent("\n".join(code[first - 1 : last]))
    cell.metadata.transient = {"remove_source": hidden.source_hidden}
    cell.outputs = [] if hidden.outputs_hidden else cell.outputs
    cell.outputs = [_short(output) for output in cell.outputs]


def _first_and_last(lines: Any) -> tuple[int, int]:
    """Return the two numbers that `lines` should be; if it is not, two that no code has."""
    match lines:
        case [int(first), int(last)]:
            return first, last
    return 0, 0


def _short(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return an output; if it is shown as a text, as much of it as a slide has room for."""
    if (text := plain_text(output)) is None:
        return output
    return new_output("stream", name="stdout", text=_cut(text))


def _cut(text: str) -> str:
    """Return a text; if it is too long for a slide, its beginning, and three dots."""
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, WIDTH) or [""]]
    return "\n".join(lines if len(lines) <= HEIGHT else [*lines[: HEIGHT - 1], "…"])


def _slides(cells: list[nbformat.NotebookNode]) -> list[list[nbformat.NotebookNode]]:
    """Return the cells of a talk, grouped by slide."""
    slides = []
    for cell in cells:
        if cell.metadata.slideshow.slide_type in BEGINNINGS:
            slides.append([])
        slides[-1].append(cell)
    return slides


def _enlarge_code(first: nbformat.NotebookNode, cells: list[nbformat.NotebookNode]) -> None:
    """Set a slide's code, and its outputs, as large as their longest lines and number allow.

    first: the cell that the slide begins with, which holds the sizes.
    """
    code = [
        line
        for cell in cells
        if not cell.metadata.transient.remove_source
        for line in cell.source.splitlines()
    ]
    outputs = [
        line
        for cell in cells
        for output in cell.outputs
        for line in (plain_text(output) or "").splitlines()
    ]
    lines = len(code) + len(outputs)
    first.metadata.code_size, first.metadata.output_size = _size(code, lines), _size(outputs, lines)


def _size(texts: list[str], lines: int) -> int:
    """Return a size, in pixels, for lines that share a slide with others: `lines` in all."""
    longest = max(map(len, texts), default=1)
    return max(SMALLEST, int(min(LARGEST, 1800 / max(longest, 1), 280 / max(lines, 1))))


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
