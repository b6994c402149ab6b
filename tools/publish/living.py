"""Models that live in a page: what a panel reads is kept beside the notebooks, named by its hash.

A notebook's stored output holds the hash, what stands there where no script runs, and a text; so a
notebook stays small, and its changes can be read.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
import re

from course_utils.files import write_whole
from course_utils.lens import page
import nbformat

from tools.paths import NOTEBOOKS
from tools.publish import PublishError

LIVING = NOTEBOOKS / "living"
KIND = "application/vnd.course.panel+json"
"""What stands in a stored output for a panel."""
_PANEL = re.compile(
    rf"<((?P<kind>{page.LENS}|{page.TRAINER})-\w+)>"
    r'<script type="application/json">(?P<data>.*?)</script>'
    r"<div>(?P<fallback>.*)</div></\1><script>.*</script>",
    re.DOTALL,
)


SMALL = 4000
"""Signs of data that stay in the notebook: a panel without a model has no file."""


def taken_apart(bundle: dict) -> tuple[dict, str]:
    """Return what an output stores of a panel, and its data if they are for a file of their own.

    Any other output is returned as it is.
    """
    found = _PANEL.fullmatch("".join(bundle.get("text/html", "")))
    if not found:
        return bundle, ""
    data, stored = found["data"], {"kind": found["kind"]}
    if len(data) <= SMALL:
        return bundle | {KIND: stored | {"data": data}, "text/html": found["fallback"]}, ""
    stored["sha256"] = sha256(data.encode()).hexdigest()
    return bundle | {KIND: stored, "text/html": found["fallback"]}, data


def keep(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Write the data of a notebook's panels to files in a folder; the outputs keep their hashes."""
    for output in _outputs(notebook):
        output.data, data = taken_apart(output.data)
        if data:
            write_whole(folder / f"{output.data[KIND]['sha256']}.json", data.encode())


def forget(folder: Path) -> None:
    """Remove the files that none of the notebooks beside their folder names any more."""
    read = (nbformat.read(path, as_version=4) for path in folder.parent.glob("*.ipynb"))
    named = {
        output.data[KIND]["sha256"]
        for notebook in read
        for output in _outputs(notebook)
        if "sha256" in output.data.get(KIND, {})
    }
    for path in folder.glob("*.json"):
        if path.stem not in named:
            path.unlink()


def panel_html(bundle: dict) -> str:
    """Return a panel as an element, from a stored output or from one that has just run.

    Raises PublishError if the file that the output names is missing, or is another one.
    """
    stored, data = (bundle, "") if KIND in bundle else taken_apart(bundle)
    panel = stored[KIND]
    data = data or panel.get("data") or _kept(panel["sha256"])
    return page.panel(panel["kind"], data, stored["text/html"])


def is_panel(bundle: dict) -> bool:
    """Return whether an output is a panel, stored or just run."""
    return KIND in taken_apart(bundle)[0]


def has_panel(notebook: nbformat.NotebookNode) -> bool:
    """Return whether one of a notebook's outputs is a panel."""
    return any(is_panel(output.data) for output in _outputs(notebook))


def _kept(name: str) -> str:
    """Return the data of a panel from their file, if it is still what was stored."""
    path = LIVING / f"{name}.json"
    content = path.read_bytes() if path.exists() else b""
    if sha256(content).hexdigest() != name:
        raise PublishError(
            f"its model's file {path.name} is missing or is another one: run `make outputs`."
        )
    return content.decode()


def _outputs(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                yield output
