"""Keeps what the notebooks assert a second time, each assertion with the source of its bound.

    python -m tools.verify.claims

writes every assertion of the notebooks into claims.json, and keeps the source of each that
did not change. A source is a sentence, "because", or two trainings of the sweep: the one that the
notebook does, "true of", and one that the bound must tell from it, "false of". After a claim was
changed on purpose, run this, give the new assertion its source, and read the diff.
"""

import ast
import json
from pathlib import Path
from typing import Any

from course_utils.files import write_whole
from course_utils.recorded import Epoch
import nbformat
import numpy as np

from tools.commands import no_arguments
from tools.paths import notebooks
from tools.sweep.table import CHANCE_BAND

CLAIMS = Path(__file__).with_name("claims.json")
Claim = dict[str, Any]


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


def on_record() -> dict[str, dict[str, list[Claim]]]:
    """Read the record: for each notebook and cell its claims, each with "assert" and its source."""
    return json.loads(CLAIMS.read_text(encoding="utf-8"))


def from_the_sweep() -> list[tuple[str, str, Claim]]:
    """List the claims whose source is the sweep, each after its notebook and cell."""
    return [
        (name, cell_id, claim)
        for name, cells in on_record().items()
        for cell_id, claims in cells.items()
        for claim in claims
        if "true of" in claim
    ]


def passing(claim: Claim, training: str, sweep: list[Epoch]) -> list[bool]:
    """Return of each seed of one of the claim's trainings whether the claim holds for it.

    training: "true of" or "false of"; its model, change and number of epochs are in the claim.
    """
    model, change, epochs = claim[training]
    by_seed: dict[int, list[Epoch]] = {}
    for row in sweep:
        if row[:2] == (model, change) and row.epoch <= epochs:
            by_seed.setdefault(row.seed, []).append(row)
    return [holds(claim["assert"], rows) for rows in by_seed.values()]


def holds(assertion: str, rows: list[Epoch]) -> bool:
    """Return whether an assertion of a notebook is true of a training; rows: one for each epoch."""
    columns = ("loss", "accuracy", "val_loss", "val_accuracy")
    history = {column: [getattr(row, column) for row in rows] for column in columns}
    names = {"np": np, "chance_band": CHANCE_BAND, "history": history, "cured_history": history}
    names |= {"test_loss": rows[-1].test_loss, "test_accuracy": rows[-1].test_accuracy}
    try:
        exec(assertion, names)
    except AssertionError:
        return False
    return True


def renewed(asserted: list[str], recorded: list[Claim]) -> list[Claim]:
    """Return a cell's claims as they are now; one that is not on record yet has no source."""
    sources = {claim["assert"]: claim for claim in recorded}
    return [sources.get(text, {"assert": text, "because": ""}) for text in asserted]


def main() -> None:
    """Write down what the notebooks assert now."""
    record = on_record()
    claims = {
        path.stem: {
            cell_id: renewed(asserted, record.get(path.stem, {}).get(cell_id, []))
            for cell_id, asserted in assertions(nbformat.read(path, as_version=4)).items()
        }
        for path in notebooks()
    }
    write_whole(CLAIMS, f"{json.dumps(claims, indent=2)}\n".encode())
    every = [claim for cells in claims.values() for cell in cells.values() for claim in cell]
    without = [claim["assert"] for claim in every if claim.get("because") == ""]
    print(f"{CLAIMS.name} holds {len(every)} assertions, {len(without)} of them without a source.")
    for text in without:
        print(f"    {text}")


if __name__ == "__main__":
    no_arguments("tools.verify.claims", __doc__)
    main()
