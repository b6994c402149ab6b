"""Writes the tables of this folder's README from what is stored: spread, sweep and claims.

    python -m tests.tables

Nothing is trained here. `make outputs` runs it, and test_docs.py holds the tables up to date.
"""

from hashlib import sha256
import json
from pathlib import Path

from course_utils.execute import NOTEBOOKS
from course_utils.sweep import RECIPES, SWEEP, Recipe, load_sweep, picture
import nbformat
import numpy as np

from benchmarks.results import fill
from tests.claims import from_the_sweep, passing
from tests.spread import SETTINGS, SPREAD, trained_cells

README = Path(__file__).with_name("README.md")
QUANTILES = (0, 0.05, 0.5, 0.95, 1)
IN_THE_LECTURE = {"simple_rnn": 2, "stacked_rnn": 3, "lstm": 3, "deep_lstm": 3}
"""For how many epochs the lecture's text trains each model."""


def rows(head: list[str], body: list[list[str]]) -> str:
    """Write a table as Markdown; the columns after the first two are aligned to the right."""
    rule = ["---", "---", *["--:"] * (len(head) - 2)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, rule, *body])


def same_seed() -> str:
    """List the cells whose numbers differ under some setting, and say what holds for the others."""
    spread = json.loads(SPREAD.read_text(encoding="utf-8"))
    body, equal = [], []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for cell in trained_cells(nbformat.read(path, as_version=4)):
            differences = [spread[setting][path.stem][cell.id] for setting in SETTINGS]
            if any(differences):
                numbers = [f"{number:.4f}" if number else "0" for number in differences]
                body.append([path.stem[:2], cell.id, *numbers, str(cell.metadata.tolerance)])
            else:
                equal.append(cell.metadata.tolerance)
    others = (
        f"The other {len(equal)} cells print the same numbers under every setting; "
        f"their tolerance is {min(equal)} to {max(equal)}."
    )
    return rows(["", "cell", *SETTINGS, "tolerance"], body) + f"\n{others}\n"


def other_seeds() -> str:
    """List the quantiles of each training of the sweep, and show its figure and its digest."""
    sweep, body = load_sweep(), []
    for recipe in RECIPES:
        for epochs in lengths(recipe):
            there = [row for row in sweep if (*row[:2], row.epoch) == (*recipe[:2], epochs)]
            reached = [row.test_accuracy for row in there]
            numbers = [f"{number:.3f}" for number in np.quantile(reached, QUANTILES)]
            body.append([recipe.title, str(epochs), str(len(reached)), *numbers])
    digest = sha256(SWEEP.read_text(encoding="utf-8").encode()).hexdigest()
    head = ["training", "epochs", "seeds", "lowest", "5 %", "median", "95 %", "highest"]
    figure = f"![{picture(sweep).alt}](../course_utils/{SWEEP.stem}.png)"
    return f"{rows(head, body)}\nFrom `{SWEEP.name}`, SHA-256 `{digest}`.\n\n{figure}\n"


def lengths(recipe: Recipe) -> list[int]:
    """Give after how many epochs to look: at the end, and where the lecture's text ends."""
    lecture = [IN_THE_LECTURE[recipe.model]] if recipe.cure == "as taught" else []
    return [*lecture, recipe.epochs]


def claims() -> str:
    """List the claims from the sweep: of how many seeds they are true where they should be."""
    sweep, titles = load_sweep(), {recipe[:2]: recipe.title for recipe in RECIPES}
    body = []
    for name, cell_id, claim in from_the_sweep():
        cells = [f"{name[:2]}, {cell_id}", f"`{claim['assert'].removeprefix('assert ')}`"]
        for training in ("true of", "false of"):
            model, cure, epochs = claim[training]
            passed = passing(claim, training, sweep)
            of = f"{titles[model, cure]}, {epochs} epochs"
            cells.append(f"{sum(passed)} of {len(passed)}: {of}")
        body.append(cells)
    return rows(["cell", "claim", "true of", "false of, but for"], body)


def readme(text: str) -> str:
    """Give the README's text with the tables that belong there."""
    for mark, table in (("spread", same_seed), ("sweep", other_seeds), ("claims", claims)):
        text = fill(text, mark, f"\n{table()}\n")
    return text


def main() -> None:
    """Write the tables."""
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")
    print("The tables of tests/README.md show what is stored.")


if __name__ == "__main__":
    main()
