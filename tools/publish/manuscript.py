"""A notebook as its author left it, made ready to publish, or refused with cell and remedy.

What a cell does in the talk stands in its metadata (see `decks.py`), or in the cell itself: in
the first lines of code as `# | title: A point | minutes: 2`, at the top of a text as
`<!-- title: A point | minutes: 2 | notes: Say it. -->`. Readers do not see these comments.
"""

from base64 import b64encode
import copy
from html import unescape
from mimetypes import guess_type
from pathlib import Path
import re
from typing import Any
from urllib.parse import unquote

import nbformat

from tools.paths import notebooks
from tools.publish import PublishError
from tools.publish.formulas import markdown_to_html

KEYS = ("title", "minutes", "notes", "text", "show", "section", "slide_type")
"""What a comment may say of a cell."""
IN_CODE = re.compile(r"\A(?:# ?\|[^\n]*(?:\n|\Z))+")
IN_TEXT = re.compile(rf"\A\s*<!--(?=\s*(?:{'|'.join(KEYS)})\s*:)(.*?)-->[^\S\n]*\n?", re.DOTALL)


def find(number: str) -> Path:
    """Return the path of a notebook, given its number such as "02"; raises PublishError."""
    found = [path for path in notebooks() if number and path.stem.startswith(number)]
    if len(found) != 1:
        known = ", ".join(path.stem.partition("_")[0] for path in notebooks())
        raise PublishError(f"There is no notebook {number!r}: give one of {known}, as in NB=02.")
    return found[0]


def read(path: Path) -> nbformat.NotebookNode:
    """Return a stored notebook, ready to publish; raises PublishError, naming notebook and cell."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        raise PublishError(
            f"{path.name} cannot be read as a notebook ({error}): mend it, or delete it."
        ) from error
    return prepare(notebook, path)


def prepare(notebook: nbformat.NotebookNode, path: Path) -> nbformat.NotebookNode:
    """Return a copy of a notebook in which each cell has an id, its pictures, and its metadata.

    path: where the notebook lies, for messages and for pictures beside it.
    Raises PublishError, naming the cell, if one cannot be published.
    """
    if not any(cell.source.strip() for cell in notebook.cells):
        raise PublishError(f"{path.name} is empty: write a lesson into it, or delete it.")
    notebook = copy.deepcopy(notebook)
    notebook.nbformat_minor = max(notebook.get("nbformat_minor", 5), 5)
    for number, cell in enumerate(notebook.cells, start=1):
        cell.setdefault("id", f"cell-{number}")
        for key in [key for key, value in cell.metadata.items() if value is None]:
            del cell.metadata[key]
        try:
            _take_comment(cell)
            if cell.cell_type == "markdown":
                _take_pictures(cell, path.parent)
        except PublishError as problem:
            raise PublishError(f"{path.name}, cell {cell.id}: {problem}") from problem
    return notebook


def _take_comment(cell: nbformat.NotebookNode) -> None:
    """Move what a cell's comment says of its slide to its metadata; minutes become a number."""
    show = cell.metadata.get("slideshow", {})
    if not isinstance(show, dict):
        raise PublishError(f"its slideshow metadata are {show!r}: give keys and values, or none.")
    pattern = {"code": IN_CODE, "markdown": IN_TEXT}.get(cell.cell_type)
    if pattern and (found := pattern.match(cell.source)):
        cell.source = cell.source[found.end() :]
        show = {"slide_type": "slide"} | show | _entries(found, cell.cell_type)
    if "minutes" in show:
        show["minutes"] = _minutes(show["minutes"])
    cell.metadata.slideshow = nbformat.from_dict(show)


def _entries(comment: re.Match, cell_type: str) -> dict[str, str]:
    """Return what a comment says: what stands before and after each colon."""
    lines = re.split(r"(?m)^# ?\|", comment[0])[1:] if cell_type == "code" else [comment[1]]
    entries = {}
    for entry in re.split(r"\s+\|\s+", " | ".join(line.strip() for line in lines)):
        key, colon, value = entry.partition(":")
        if key.strip() not in KEYS or not colon:
            raise PublishError(
                f"its comment says {entry!r}: begin with one of {', '.join(KEYS)}, and a colon."
            )
        entries[key.strip()] = value.strip()
    return entries


def _minutes(said: Any) -> float:
    """Return minutes as a number, whole if they are."""
    try:
        number = float(said)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number < 1000:
        raise PublishError(f"its minutes are {said!r}: give a number, such as 2.")
    return int(number) if number == int(number) else number


def _take_pictures(cell: nbformat.NotebookNode, folder: Path) -> None:
    """Put pictures that were pasted into a text, or lie beside the notebook, into its source."""
    for found in re.findall(r'<img[^>]*\ssrc="([^"]*)"', markdown_to_html(cell.source)):
        address = unescape(found)
        if re.match(r"(data|https?):|//", address):
            continue
        inside = _data_address(unquote(address), cell.get("attachments", {}), folder)
        for written in {found, address, unquote(address)}:
            cell.source = re.sub(rf"(?<=[(<\"']){re.escape(written)}", inside, cell.source)
    cell.pop("attachments", None)


def _data_address(address: str, attachments: dict, folder: Path) -> str:
    """Return a picture as an address that holds it."""
    name = address.removeprefix("attachment:")
    if name in attachments and name != address:
        kind, data = next(iter(attachments[name].items()))
    else:
        kind, _ = guess_type(name)
        try:
            data = b64encode((folder / name).read_bytes()).decode()
        except OSError:
            data = ""
        if not data or not (kind or "").startswith("image/"):
            raise PublishError(
                f"the figure {address!r} is not inside the notebook, and no picture beside it: "
                "paste it into the cell, or put its file beside the notebook."
            )
    return f"data:{kind};base64,{data}"
