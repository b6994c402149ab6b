"""A lecture from JupyterLab, with running cells: `make present NB=02`."""

import argparse
import os
from pathlib import Path
import shutil
import sys

from tools.commands import refuse
from tools.paths import BUILD
from tools.publish import PublishError
from tools.publish.assets import TEMPLATES
from tools.publish.manuscript import find, read
from tools.publish.run import write_notebook
from tools.publish.talk import talk

TALKS = BUILD / "present"
RISE = {
    "theme": "white",
    "transition": "none",
    "width": 1280,
    "height": 720,
    "center": False,
    "scroll": True,
    "slideNumber": "c/t",
}
"""Settings of the live slideshow; its theme asks for no fonts from outside."""


def write_talk(number: str, folder: Path = TALKS) -> Path:
    """Write the notebook as it is presented, and return its path; the course's own stays untouched.

    number: the notebook's, such as "02". Raises PublishError if there is no such notebook.
    """
    source = find(number)
    path = folder / source.name
    live = talk(read(source), source.name)
    live.metadata["rise"] = RISE
    write_notebook(live, path)
    for name in ("rise.css", f"{path.stem}.css"):
        shutil.copyfile(TEMPLATES / "rise.css", folder / name)
    return path


def command(path: Path) -> list[str]:
    """Return the command that opens a talk as a slideshow in JupyterLab."""
    url = f"--LabApp.default_url=/rise/{path.name}"
    return [sys.executable, "-m", "jupyterlab", str(path.parent), url]


def main() -> int:
    """Write the talk and open it as a slideshow in JupyterLab; returns 2 if there is none."""
    parser = argparse.ArgumentParser(prog="python -m tools.publish.live_talk", description=__doc__)
    parser.add_argument("number", help="of the notebook, such as 02")
    parser.add_argument("jupyter", nargs="*", help="options for JupyterLab, after --")
    arguments = parser.parse_args()
    try:
        path = write_talk(arguments.number)
    except PublishError as problem:
        return refuse(problem)
    os.execv(sys.executable, [*command(path), *arguments.jupyter])


if __name__ == "__main__":
    sys.exit(main())
