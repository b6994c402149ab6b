"""Where the project's files lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
DOCS = ROOT / "docs"
BUILD = ROOT / "build"
"""Everything that is made; ignored by Git."""


def notebooks() -> list[Path]:
    """List the course's notebooks, in their order."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))
