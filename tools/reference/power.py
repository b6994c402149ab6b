"""How often five trainings are refused: of right set-ups, and of those with one fault.

Fives are drawn from the trainings in `trainings.csv`, and none is drawn from those that they are
compared with.
"""

from course_utils.seeds import COURSE_SEED
import numpy as np

from tools.reference.comparison import LEVEL, p_value
from tools.reference.recipes import RECIPES
from tools.reference.stored import FAULTY, REFERENCE, UNSEEN, figures, read
from tools.reference.training import Training

FIVE, DRAWS = 5, 200
NEARLY_ALWAYS = 0.95


def refused(trainings: np.ndarray, stored: np.ndarray) -> float:
    """Return the share of fives, drawn from some trainings, that are refused beside the stored.

    trainings, stored: figures, a row for each.
    """
    random = np.random.default_rng(COURSE_SEED)
    fives = (random.permutation(trainings)[:FIVE] for _ in range(DRAWS))
    return float(np.mean([p_value(five, stored) < LEVEL for five in fives]))


def shares(name: str, trainings: list[Training]) -> dict[str, float]:
    """Return, by what is broken ("" for nothing), how often a recipe's fives are refused.

    Left out: what has fewer than five trainings.
    """
    of_this = [row for row in trainings if row.recipe == name]
    stored = figures([row for row in of_this if not row.fault and row.seed in REFERENCE])
    others = {row.fault: [] for row in of_this}
    for row in of_this:
        if row.seed in (FAULTY if row.fault else UNSEEN):
            others[row.fault].append(row)
    return {
        fault: refused(figures(rows), stored) for fault, rows in others.items() if len(rows) >= FIVE
    }


def table() -> str:
    """Write what is measured as Markdown, a row for each recipe."""
    trainings = read()
    lines = [
        "| recipe | stored | right, refused | found | found less often |",
        "|---|--:|--:|---|---|",
    ]
    for name in RECIPES:
        stored = [row for row in trainings if row[:2] == (name, "") and row.seed in REFERENCE]
        found = shares(name, trainings)
        right = f"{100 * found.pop(''):.0f} %" if "" in found else "not yet"
        always = ", ".join(fault for fault, share in found.items() if share >= NEARLY_ALWAYS)
        rarely = ", ".join(
            f"{fault} ({100 * share:.0f} %)"
            for fault, share in found.items()
            if share < NEARLY_ALWAYS
        )
        lines.append(f"| `{name}` | {len(stored)} | {right} | {always} | {rarely} |")
    return "\n".join(lines) + "\n"
