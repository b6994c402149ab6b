"""Keeps what the notebooks assert a second time, so that no bound is moved in passing.

    python -m tests.claims

writes every assertion of the notebooks into tests/claims.json. Run it after a claim was changed on
purpose, and read the diff: a bound that lets more pass needs a reason.
"""

import ast
import json
from pathlib import Path

from course_utils.execute import NOTEBOOKS
import nbformat

CLAIMS = Path(__file__).with_name("claims.json")


def assertions(notebook: nbformat.NotebookNode) -> dict[str, list[str]]:
    """List the assertions of each code cell that has some, without their layout."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            nodes = ast.walk(ast.parse(cell.source))
            asserted = [ast.unparse(node) for node in nodes if isinstance(node, ast.Assert)]
            if asserted:
                found[cell.id] = asserted
    return found


def main() -> None:
    """Write down what the notebooks assert now."""
    claims = {
        path.stem: assertions(nbformat.read(path, as_version=4))
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    }
    CLAIMS.write_text(json.dumps(claims, indent=2) + "\n", encoding="utf-8")
    print(f"{CLAIMS.name} holds {sum(map(len, claims.values()))} cells with assertions.")


if __name__ == "__main__":
    main()
