"""Where the project's files lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
DOCS = ROOT / "docs"
BUILD = ROOT / "build"
"""Everything that is made; ignored by Git."""
WORK = ROOT / "work"
"""A student's own copies and notes; ignored by Git, and no command removes or overwrites them."""


def notebooks() -> list[Path]:
    """List the course's notebooks, in their order."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))
