"""How often five trainings are refused: of right set-ups, and of those with one thing broken."""

from course_utils.seeds import COURSE_SEED
import numpy as np

from tools.reference.comparison import LEVEL, p_value
from tools.reference.recipes import RECIPES
from tools.reference.stored import FAULTY, FIVE, LEAST, NEXT, figures, read, reference_of

DRAWS = 400
NEARLY_ALWAYS = 0.95


def refused(trainings: np.ndarray, stored: np.ndarray | None = None) -> float:
    """Return the share of fives, drawn from some trainings, that are refused.

    trainings: figures, a row for each. stored: what the fives are compared with; None for the
    trainings that are left when they are drawn.
    """
    random, count = np.random.default_rng(COURSE_SEED), 0
    for _ in range(DRAWS):
        shuffled = random.permutation(trainings)
        others = shuffled[FIVE:] if stored is None else stored
        count += p_value(shuffled[:FIVE], others) < LEVEL
    return count / DRAWS


def found(name: str) -> dict[str, float]:
    """Return of each fault of a recipe how often five trainings with it are refused.

    Left out: faults of which trainings are missing.
    """
    stored, faulty = figures(reference_of(name)), {}
    for row in read():
        if row.recipe == name and row.fault:
            faulty.setdefault(row.fault, []).append(row)
    return {
        fault: refused(figures(rows), stored)
        for fault, rows in faulty.items()
        if len(rows) == len(FAULTY)
    }


def table() -> str:
    """Write what is measured as Markdown, a row for each recipe of which enough is stored."""
    lines = [
        f"| recipe | stored | p of {NEXT[0]} to {NEXT[-1]} here | right, refused | found "
        "| found less often |",
        "|---|--:|--:|--:|---|---|",
    ]
    for name in RECIPES:
        stored = reference_of(name)
        if len(stored) < LEAST:
            continue
        shares = found(name)
        always = ", ".join(fault for fault in shares if shares[fault] >= NEARLY_ALWAYS)
        rarely = ", ".join(
            f"{fault} ({share:.0%})" for fault, share in shares.items() if share < NEARLY_ALWAYS
        )
        theirs, five = figures(stored), figures(reference_of(name, NEXT))
        right = f"{refused(theirs):.0%}"
        p = f"{p_value(five, theirs):.3g}" if len(five) == FIVE else ""
        lines.append(f"| `{name}` | {len(stored)} | {p} | {right} | {always} | {rarely} |")
    return "\n".join(lines) + "\n"
