"""Writes the tables and pictures of README.md, checks.md and speed.md from what is stored.

    python -m tools.verify.tables

Nothing is trained here. `make outputs` runs it, and test_docs.py holds the documents up to date.
"""

import base64
from hashlib import sha256
import re
import sys

from course_utils.files import write_whole
from course_utils.recorded import SWEEP, sweep_accuracies
import nbformat

from tools.bench import history
from tools.commands import no_arguments, refuse
from tools.machines import outcomes
from tools.machines.report import checks_table, readme_score
from tools.paths import DOCS, ROOT, notebooks
from tools.records import RecordError
from tools.reference import power, stored
from tools.sweep.recipes import RECIPES, Recipe
from tools.sweep.table import (
    accuracies_after,
    final_accuracies,
    load_sweep,
    picture,
    quantiles,
)
from tools.verify.claims import from_the_sweep, passing
from tools.verify.spread import SETTINGS, on_record, tolerance_for, trained_cells

README, CHECKS, SPEED = ROOT / "README.md", DOCS / "checks.md", DOCS / "speed.md"
LESSON = DOCS / "lesson.png"
MODELS_SHOWN = ("simple_rnn", "lstm", "pooled_lstm", "evidence_lstm", "linear", "together")
CHANGES_SHOWN = ("as taught", "mask", "mask, identity start", "mask, more data", "whole", "contest")
IN_THE_README = [
    recipe for recipe in RECIPES if recipe.model in MODELS_SHOWN and recipe.change in CHANGES_SHOWN
]
QUANTILES = (0, 0.05, 0.5, 0.95, 1)
IN_THE_LECTURE = {"simple_rnn": 2, "stacked_rnn": 3, "lstm": 3, "deep_lstm": 3}
"""For how many epochs the lecture's text trains each model."""


def rows(head: list[str], body: list[list[str]]) -> str:
    """Write a table as Markdown; the columns after the first two are aligned to the right."""
    rule = ["---", "---", *["--:"] * (len(head) - 2)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [head, rule, *body])


def same_seed() -> str:
    """List the cells whose numbers differ under some setting, and say what holds for the others."""
    spread, body, equal = on_record(), [], 0
    for path in notebooks():
        for cell in trained_cells(nbformat.read(path, as_version=4)):
            differences = [spread[setting][path.stem][cell.id] for setting in SETTINGS]
            if any(differences):
                numbers = [f"{number:.4f}" if number else "0" for number in differences]
                body.append([path.stem[:2], cell.id, *numbers, str(cell.metadata.tolerance)])
            else:
                equal += 1
    others = (
        f"The other {equal} cells print the same numbers under every setting; their tolerance is "
        f"{tolerance_for(0)}."
    )
    return rows(["", "cell", *SETTINGS, "tolerance"], body) + f"\n{others}\n"


def other_seeds() -> str:
    """List the quantiles of each training of the sweep, and show its figure and its digest."""
    sweep, body = load_sweep(), []
    for recipe in RECIPES:
        for epochs in lengths(recipe):
            by_seed = accuracies_after(sweep, recipe, epochs)
            numbers = [f"{number:.3f}" for number in quantiles(by_seed, QUANTILES)]
            body.append([recipe.title, str(epochs), str(len(by_seed)), *numbers])
    digest = sha256(SWEEP.read_text(encoding="utf-8").encode()).hexdigest()
    head = ["training", "epochs", "seeds", "lowest", "5 %", "median", "95 %", "highest"]
    figure = f"![{picture(final_accuracies(sweep)).alt}]({SWEEP.stem}.png)"
    return f"{rows(head, body)}\nFrom `{SWEEP.name}`, SHA-256 `{digest}`.\n\n{figure}\n"


def lengths(recipe: Recipe) -> list[int]:
    """Return after how many epochs to look: at the end, and where the lecture's text ends."""
    lecture = [IN_THE_LECTURE[recipe.model]] if recipe.change == "as taught" else []
    return [*lecture, recipe.epochs]


def claims() -> str:
    """List the claims from the sweep: of how many seeds they are true where they should be."""
    sweep, titles = load_sweep(), {recipe[:2]: recipe.title for recipe in RECIPES}
    body = []
    for name, cell_id, claim in from_the_sweep():
        cells = [f"{name[:2]}, {cell_id}", f"`{claim['assert'].removeprefix('assert ')}`"]
        for training in ("true of", "false of"):
            model, change, epochs = claim[training]
            passed = passing(claim, training, sweep)
            of = f"{titles[model, change]}, {epochs} epochs"
            cells.append(f"{sum(passed)} of {len(passed)}: {of}")
        body.append(cells)
    return rows(["cell", "claim", "true of", "false of, but for"], body)


def results() -> str:
    """List what the models reach, by the sweep."""
    head = "| model | training reviews | test accuracy |\n|---|---|---|\n"
    shown = "\n".join(map(sweep_row, IN_THE_README))
    return f"{head}{shown}\n"


def lesson() -> str:
    """Show a picture of notebook 1."""
    (output,) = stored_outputs("plot-padding", of=1)
    return f"![{output.data['text/plain']}]({LESSON.relative_to(ROOT).as_posix()})\n"


def sweep_row(recipe: Recipe) -> str:
    """Write a row of the results: the median over the seeds, lowest and highest."""
    by_seed = sweep_accuracies(recipe.model, recipe.change)
    low, median, high = quantiles(by_seed)
    title = re.sub(", (more data|whole|contest)$", "", recipe.title)
    reached = f"{median:.3f} ({low:.3f} to {high:.3f}, {len(by_seed)} seeds)"
    return f"| {title} | {recipe.reviews:,} | {reached} |"


def stored_outputs(cell_id: str, of: int = 4) -> list[nbformat.NotebookNode]:
    """Return the stored outputs of a cell of one of the notebooks, 1 to 4."""
    cells = nbformat.read(notebooks()[of - 1], as_version=4).cells
    (outputs,) = [cell.outputs for cell in cells if cell.id == cell_id]
    return outputs


def fill(text: str, mark: str, shown: str) -> str:
    """Put what is to be shown between `<!-- mark -->` and `<!-- /mark -->` of a document."""
    between = re.compile(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- /{mark} -->)", re.DOTALL)
    return between.sub(lambda _: f"\n{shown}\n", text)


def readme(text: str) -> str:
    """Return the README's text with the picture and the results that belong there."""
    for mark, shown in (("lesson", lesson), ("results", results), ("score", readme_score)):
        text = fill(text, mark, shown())
    return text


def checks(text: str) -> str:
    """Return the text of docs/checks.md with the tables that belong there."""
    tables = {
        "spread": same_seed,
        "sweep": other_seeds,
        "claims": claims,
        "reference": power.table,
        "machines": checks_table,
    }
    for mark, table in tables.items():
        text = fill(text, mark, table())
    return text


def speed(text: str) -> str:
    """Return the text of docs/speed.md with the newest run of each processor."""
    return fill(text, "speed", history.table())


def read_records() -> None:
    """See that all that the tables are made of can be read. Raises RecordError if not."""
    for read in (history.on_record, outcomes.on_record, stored.read):
        read()


def write() -> None:
    """Write the documents' tables, and the README's picture. Raises RecordError."""
    read_records()
    for document, filled in ((README, readme), (CHECKS, checks), (SPEED, speed)):
        write_whole(document, filled(document.read_text(encoding="utf-8")).encode())
    (output,) = stored_outputs("plot-padding", of=1)
    write_whole(LESSON, base64.b64decode(output.data["image/png"]))
    print("README.md, docs/checks.md, docs/speed.md and docs/lesson.png show what is stored.")


def main() -> int:
    """Write them; returns 2 if a record cannot be read."""
    try:
        write()
    except RecordError as problem:
        return refuse(problem)
    return 0


if __name__ == "__main__":
    no_arguments("tools.verify.tables", __doc__)
    sys.exit(main())
