"""Measures how far the same seed's numbers lie apart on other machines, and sets the tolerances.

    python -m tools.verify.spread

runs the notebooks under each setting below, compares every number with the stored one, keeps the
largest difference of each cell in spread.json, and writes the tolerance that follows from it
into the cell's metadata. A notebook whose cells are all in the file is not run again; delete what
is to be measured anew. About 8 minutes per setting.
"""

import asyncio
import json
import math
import os
from pathlib import Path
from unittest import mock

from course_utils.files import write_whole
import nbformat

from tools.commands import no_arguments, stoppable
from tools.paths import notebooks
from tools.publish.run import run_all, write_notebook
from tools.verify.runs import without_settings
from tools.verify.tolerance import decimals, without_decimals

SPREAD = Path(__file__).with_name("spread.json")
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}
SETTINGS = {
    "1 thread": ONE_THREAD,
    "SSE4.1": {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    "oneDNN, SSE4.1, 1 thread": {
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        **ONE_THREAD,
    },
}
REVIEWS_TO_SPARE = 2
TEST_REVIEWS = 500
WIDEST = 0.01


def tolerance_for(spread: float) -> float:
    """Derive a cell's tolerance from the largest difference that was measured in it.

    Twice the spread, for machines that were not measured; at least 2 of the lecture's 500 test
    reviews. Rounded up to three decimals. Raises ValueError above 0.01: what moves so far is cured,
    or claimed within a band, not printed.
    """
    tolerance = math.ceil(max(2 * spread, REVIEWS_TO_SPARE / TEST_REVIEWS) * 1000 - 1e-9) / 1000
    if tolerance > WIDEST:
        raise ValueError(
            f"A tolerance of {tolerance} checks nothing: print what moves less than {spread}."
        )
    return tolerance


def output_text(cell: nbformat.NotebookNode) -> str:
    """Join what a cell printed or displayed as text, without what it wrote to stderr."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text)
        parts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


def trained_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """List the code cells that have a tolerance."""
    return [cell for cell in notebook.cells if "tolerance" in cell.metadata]


def difference(stored: str, computed: str) -> float:
    """Return by how much the decimal numbers of two texts differ that else are equal."""
    if without_decimals(stored) != without_decimals(computed):
        raise ValueError(f"The outputs differ in more than decimals:\n{stored}\n---\n{computed}")
    pairs = zip(decimals(stored), decimals(computed), strict=True)
    return max((abs(ours - theirs) for ours, theirs in pairs), default=0)


def measure(paths: list[Path]) -> dict[str, dict[str, float]]:
    """Run notebooks; returns the largest difference from the stored outputs, by name and cell."""
    differences = {}

    def compare(path: Path, computed: nbformat.NotebookNode) -> str:
        pairs = zip(trained_cells(nbformat.read(path, 4)), trained_cells(computed), strict=True)
        differences[path.stem] = {
            stored.id: round(difference(output_text(stored), output_text(new)), 6)
            for stored, new in pairs
        }
        return f"largest difference {max(differences[path.stem].values())}"

    if asyncio.run(run_all(paths, compare)):
        raise SystemExit("A notebook failed: see above. What was measured before is kept.")
    return differences


def on_record() -> dict[str, dict[str, dict[str, float]]]:
    """Read what was measured: for each setting, notebook and cell the largest difference."""
    return json.loads(SPREAD.read_text(encoding="utf-8")) if SPREAD.exists() else {}


def is_measured(path: Path, measured: dict[str, dict[str, float]]) -> bool:
    """Return whether a setting's measurement holds just the trained cells that a notebook has."""
    cells = trained_cells(nbformat.read(path, 4))
    return set(measured.get(path.stem, {})) == {cell.id for cell in cells}


def main() -> None:
    """Measure what is missing, then write the tolerances."""
    spread = on_record()
    for setting, variables in SETTINGS.items():
        measured = spread.setdefault(setting, {})
        missing = [path for path in notebooks() if not is_measured(path, measured)]
        print(f"{setting}: {len(missing)} notebooks to run", flush=True)
        with mock.patch.dict(os.environ, {**without_settings(), **variables}, clear=True):
            measured.update(measure(missing))
        spread[setting] = dict(sorted(measured.items()))
        write_whole(SPREAD, f"{json.dumps(spread, indent=2)}\n".encode())
    for path in notebooks():
        notebook = nbformat.read(path, 4)
        for cell in trained_cells(notebook):
            largest = max(spread[setting][path.stem][cell.id] for setting in SETTINGS)
            cell.metadata["tolerance"] = tolerance_for(largest)
            print(f"{path.stem:24} {cell.id:20} {largest:.4f} {cell.metadata['tolerance']}")
        write_notebook(notebook, path)


if __name__ == "__main__":
    no_arguments("tools.verify.spread", __doc__)
    with stoppable("What was measured is kept: run it again to go on."):
        main()
