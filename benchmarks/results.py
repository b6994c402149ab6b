"""Writes the README's table and picture of results from what is stored: benchmarks.results.

Nothing is trained here: the numbers come from notebook 4's stored outputs and from the sweep.
"""

import base64
import re

from course_utils.execute import NOTEBOOKS, ROOT
from course_utils.sweep import RECIPES, Recipe, sweep_accuracies
import nbformat
import numpy as np

README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "seeds.png"
MODELS = ("simple_rnn", "lstm")
CURES = ("as taught", "mask", "mask, more data")


def stored_outputs(cell_id: str) -> list[nbformat.NotebookNode]:
    """Give the stored outputs of one of notebook 4's cells."""
    (path,) = NOTEBOOKS.glob("04_*.ipynb")
    (cell,) = [cell for cell in nbformat.read(path, as_version=4).cells if cell.id == cell_id]
    return cell.outputs


def sweep_row(recipe: Recipe) -> str:
    """Write a row of the table: the median over the seeds, lowest and highest."""
    by_seed = sweep_accuracies(recipe.model, recipe.cure)
    low, median, high = np.quantile(list(by_seed.values()), [0, 0.5, 1])
    title = recipe.title.removesuffix(", more data")
    reached = f"{median:.3f} ({low:.3f} to {high:.3f}, {len(by_seed)} seeds)"
    return f"| {title} | {recipe.reviews:,} | {reached} |"


def film_split_rows() -> list[str]:
    """Write a row for each model that notebook 4 trains on the film split, as it printed them."""
    (data,), (output,) = stored_outputs("film-data"), stored_outputs("winners")
    reviews = re.search(r"train ([\d,]+),", data.text).group(1)
    printed = re.findall(r"^(\S.*?) +test accuracy ([\d.]+)$", output.text, re.MULTILINE)
    return [f"| {name} | {reviews} | {accuracy} |" for name, accuracy in printed]


def table() -> str:
    """Write the whole table as Markdown."""
    shown = [recipe for recipe in RECIPES if recipe.model in MODELS and recipe.cure in CURES]
    head = ["| model | training reviews | test accuracy |", "|---|---|---|"]
    return "\n".join([*head, *map(sweep_row, shown), *film_split_rows()]) + "\n"


def picture() -> tuple[bytes, str]:
    """Give the picture of the LSTM's seeds, as PNG, and its text."""
    (output,) = stored_outputs("many-seeds")
    return base64.b64decode(output.data["image/png"]), output.data["text/plain"]


def fill(text: str, mark: str, shown: str) -> str:
    """Put what is to be shown between `<!-- mark -->` and `<!-- /mark -->` of a document."""
    between = re.compile(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- /{mark} -->)", re.DOTALL)
    return between.sub(lambda _: shown, text)


def readme(text: str) -> str:
    """Give the README's text with the table and the picture that belong there."""
    _, alt = picture()
    shown = f"\n{table()}\n![{alt}]({PICTURE.relative_to(ROOT).as_posix()})\n\n"
    return fill(text, "results", shown)


def main() -> None:
    """Write both files."""
    PICTURE.write_bytes(picture()[0])
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{README.name} and {PICTURE.relative_to(ROOT)} show what is stored.")


if __name__ == "__main__":
    main()
