"""Packs the notebooks' solutions for `solution`, which a student's copy has no cells of.

`make outputs` runs it; to run it alone: `.venv/bin/python -m tools.publish.solutions`.
"""

import json
import re

from course_utils.exercises.help import SOLUTIONS, pack
from course_utils.files import write_whole
import nbformat

from tools.paths import ROOT, notebooks

_CHECKED = re.compile(r'^check\("([^"]+)"', re.MULTILINE)


def solutions() -> dict[str, str]:
    """Return the code of each solution cell, by the exercise that it checks."""
    cells = [cell for path in notebooks() for cell in nbformat.read(path, as_version=4).cells]
    return {
        name: cell.source
        for cell in cells
        if "solution" in cell.metadata.get("tags", [])
        for name in _CHECKED.findall(cell.source)
    }


def main() -> None:
    """Write the solutions into the package."""
    packed = {name: pack(code) for name, code in solutions().items()}
    write_whole(SOLUTIONS, f"{json.dumps(packed, indent=2)}\n".encode())
    print(f"{len(packed)} solutions packed in {SOLUTIONS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
