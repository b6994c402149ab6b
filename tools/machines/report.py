"""What the kept runs say: a line for the README, and a table of what was run where."""

from collections import defaultdict

import nbformat

from tools.machines.outcomes import Outcome, name_of, on_record, state_of
from tools.machines.selection import chosen_cells
from tools.machines.updates import UPDATES
from tools.paths import notebooks

EMULATED, NOTHING = ", emulated", "No run is kept yet.\n"
FIELD = "https://doi.org/10.1093/gigascience/giad113"
"""Samuel and Mietchen, Computational reproducibility of Jupyter notebooks ..., 2024."""


def score(runs: list[Outcome]) -> str:
    """Count cells and runs, in the README's one line."""
    if not runs:
        return NOTHING
    whole = [run for run in runs if run.cells == "all"]
    throughout = sum(run.within + run.failed == 0 for run in whole)
    identical, within, failed = totals(runs)
    families, real = (
        {run.family.removesuffix(EMULATED) for run in some}
        for some in (runs, [run for run in runs if not run.family.endswith(EMULATED)])
    )
    settings = {run.setting for run in runs}
    versions = sorted({run.python for run in runs}, key=lambda text: int(text[2:]))
    pythons = versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"
    return (
        f"**The same numbers anywhere?** Of {identical + within + failed:,} cells in {len(runs)} "
        f"runs ({counted(len(families), 'family', 'families')} of processors, "
        f"{len(families - real)} only emulated and with chosen cells, "
        f"{counted(len(settings), 'setting')}, Python {pythons}), {identical:,} came out "
        f"identical, {within:,} within their tolerance, {failed:,} failed; {throughout} of "
        f"{len(whole)} whole notebooks were identical throughout "
        f"(of 27,271 notebooks of biomedical articles, [879]({FIELD})). {of_today(runs)}.\n"
    )


def table(runs: list[Outcome]) -> str:
    """Show what was run where, in Markdown: a row for each processor, Python and setting."""
    if not runs:
        return NOTHING
    head = ["processor", "Python", "setting", "runs", "identical", "within", "failed", "last run"]
    rules = ["---"] * 3 + ["--:"] * 4 + ["---"]
    rows = [head, rules]
    groups = defaultdict(list)
    for run in runs:
        groups[run.family, run.python, run.setting].append(run)
    for place, group in sorted(groups.items()):
        names = ", ".join(sorted(run.notebook for run in group))
        rows.append([*place, names, *map(str, totals(group)), max(run.date for run in group)])
    lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"{lines}\n{failures(runs)} {of_today(runs)}.\n"


def of_today(runs: list[Outcome]) -> str:
    """Say how many runs of notebooks are of what these are, and import, now."""
    states = {
        (name_of(path), cells): state_of(chosen(nbformat.read(path, 4)))
        for path in notebooks()
        for cells, chosen in (("all", lambda whole: whole), ("chosen", chosen_cells))
    }
    runs = [run for run in runs if run.notebook != UPDATES]
    current = sum(run.state == states.get((run.notebook, run.cells)) for run in runs)
    of_all = f"{current} of the {len(runs)} runs of the course's notebooks"
    return f"{of_all} are of today's code and packages"


def failures(runs: list[Outcome]) -> str:
    """Name the cells that failed, and where."""
    named = [
        f"{run.notebook} ({run.family}, Python {run.python}, {run.setting}): `{run.names}`"
        for run in runs
        if run.failed
    ]
    return f"Failed: {'; '.join(named)}." if named else "No cell failed."


def totals(runs: list[Outcome]) -> tuple[int, int, int]:
    """Sum the cells of runs: identical, within tolerance, failed."""
    counts = zip(*((run.identical, run.within, run.failed) for run in runs), strict=True)
    identical, within, failed = map(sum, counts)
    return identical, within, failed


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def readme_score() -> str:
    """Return the README's line of what is kept."""
    return score(on_record())


def checks_table() -> str:
    """Return the table in docs/checks.md of what is kept."""
    return table(on_record())
