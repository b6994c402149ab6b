"""A notebook as it is presented: titles, short texts, notes; all code still runs.

What a cell does in the talk stands in its metadata, under `slideshow`:

- `slide_type`, in each cell: `slide` begins a section, `subslide` a further slide, `fragment`
  appears on a key, `-` belongs to the slide before, `skip` is left out. Jupyter's own words.
- where a slide begins: `title`, the point in one line; `minutes`; `notes`, what to say.
- `section`, where a part of the lecture begins: its name, for a slide with a map of all parts.
- `text`: what stands on the slide in the place of a cell's own text. The cell's tables and
  equations stay, its sentences move to the notes. Above code, it says what to look at.
- `show`: `code` or `output`, where a code cell is not to show both.
- what `deck_of` and `evidence.py` do with the code and the outputs that are shown.
"""

import copy
from html import escape
from itertools import count
import re

import nbformat
from nbformat.v4 import new_markdown_cell

from tools.publish import PublishError

BEGINNINGS = ("slide", "subslide")
SLIDE_TYPES = (*BEGINNINGS, "fragment", "-", "skip")
OF_CODE = {"lines", "steps", "guess", "cards", "bars", "table", "quote"}
"""Keys that say how code and its outputs are shown."""


def talk(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Return the notebook as it is presented: titles, short texts, notes; all code still runs.

    name: the notebook's file name, for messages. Speaker notes begin with the time.
    Raises PublishError, naming the cell, if metadata are missing or contradict each other.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        _check(cell, name)
    total, sections, part = minutes(notebook), sections_of(notebook), count(1)
    cells, spent = [], 0
    for cell in notebook.cells:
        show = cell.metadata.slideshow
        if show.slide_type in BEGINNINGS:
            if "section" in show:
                cells += _opener(cell, sections, next(part), f"minute {spent} of {total}")
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
    shows = [cell.metadata.get("slideshow", {}) for cell in notebook.cells]
    return sum(show.get("minutes", 0) for show in shows if show.get("slide_type") in BEGINNINGS)


def sections_of(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the names of a lecture's parts, in order."""
    shows = [cell.metadata.get("slideshow", {}) for cell in notebook.cells]
    return [show["section"] for show in shows if "section" in show]


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
    elif "section" in show:
        raise PublishError(
            f"{name}, cell {cell.id}: a section begins here, but its slide_type is "
            f"{show.slide_type!r}; give it slide."
        )
    if cell.cell_type != "code" and (keys := sorted(OF_CODE & show.keys())):
        raise PublishError(
            f"{name}, cell {cell.id}: it has {', '.join(keys)}, which only code can have; "
            "take it out."
        )
    for key in {"title", "notes", "text", "section"} & show.keys():
        if not isinstance(show[key], str) or (key == "section" and not show[key].strip()):
            raise PublishError(
                f"{name}, cell {cell.id}: its {key} is {show[key]!r}; write a text in quotes."
            )


def _opener(
    cell: nbformat.NotebookNode, sections: list[str], part: int, time: str
) -> list[nbformat.NotebookNode]:
    """Return the cells of the slide that a section begins with: its name, a map, and notes."""
    places = [f"<li>{escape(section)}</li>" for section in sections]
    places[part - 1] = places[part - 1].replace("<li", '<li aria-current="step"')
    name = cell.metadata.slideshow.section
    source = f'# {name}\n\n<ol class="map">{"".join(places)}</ol>'
    notes = f"Part {part} of {len(sections)}: {name}. Begins at {time}."
    return [
        _markdown(cell, "section", source, "slide"),
        _markdown(cell, "section-notes", notes, "notes"),
    ]


def _beginning(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the cell that a slide begins with: its title, and what stands below."""
    show = cell.metadata.slideshow
    below = _text(cell) if cell.cell_type == "markdown" else show.get("text", "")
    slide_type = "subslide" if "section" in show else show.slide_type
    beginning = _markdown(cell, "slide", f"# {show.title}\n\n{below}", slide_type)
    beginning.metadata.seconds = round(60 * show.minutes)
    return beginning


def _notes(cell: nbformat.NotebookNode, time: str) -> nbformat.NotebookNode:
    """Return the cell of speaker notes: the time, what to say, and the cell's own sentences."""
    show = cell.metadata.slideshow
    parts = [time, show.notes]
    is_question = cell.id.startswith("exercise-")
    if cell.cell_type == "markdown" and "text" in show and not is_question:
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
