"""`make sweep`: trains the models of recipes.py with many seeds, on a Dask cluster.

Each training is a task of its own. As soon as it is done, its rows are added to the CSV, so a sweep
that was stopped goes on where it was. Without --scheduler the workers are the cores of this
machine; a cluster elsewhere needs this checkout and its locked packages on each worker.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path
import time
from typing import TYPE_CHECKING

from course_utils.arguments import whole_number
from course_utils.files import write_whole
from course_utils.live import LiveDisplay
from course_utils.recorded import SWEEP, Epoch
from course_utils.seeds import COURSE_SEED
import numpy as np

from tools import cluster
from tools.commands import refuse, stoppable
from tools.paths import DOCS
from tools.sweep.recipes import RECIPES, Recipe
from tools.sweep.table import (
    ROWS,
    append,
    final_accuracies,
    load_sweep,
    picture,
    summary_text,
    write,
)
from tools.sweep.training import train_apart

if TYPE_CHECKING:
    from distributed import Client


def seeds(count: int) -> list[int]:
    """List the course's seed 2026 and then 1, 2, 3, ...: `count` seeds in all."""
    return [COURSE_SEED, *range(1, count)]


def run(
    client: "Client", tasks: list[tuple[Recipe, int]], path: Path, rows: list[Epoch]
) -> list[str]:
    """Train all tasks on the cluster and store each as it is done.

    rows: what is stored already; from it the time left is estimated. Returns what failed.
    """
    display, started, failed = LiveDisplay(log=True), time.monotonic(), []
    display.show(f"0 of {len(tasks)} trainings on {len(client.nthreads())} workers")
    seconds = defaultdict(list)
    for row in rows:
        seconds[row[:2]].append(row.seconds)
    waiting, done = Counter(recipe for recipe, _ in tasks), Counter()
    futures = {client.submit(train_apart, *task): task for task in tasks}
    for (recipe, seed), future in cluster.as_finished(futures):
        try:
            trained = future.result()
        except Exception as error:
            failed.append(f"{recipe.name}, seed {seed}: {error!r}")
        else:
            append(path, trained)
            seconds[recipe[:2]] += [row.seconds for row in trained]
        waiting[recipe] -= 1
        done[recipe] += 1
        left = _work(waiting, seconds) * (time.monotonic() - started) / _work(done, seconds)
        display.show(
            f"{done.total()} of {len(tasks)} trainings, the last one {recipe.name}; "
            f"about {left / 60:.0f} min left"
        )
    display.finish()
    return failed


def _work(trainings: Counter[Recipe], seconds: dict[tuple[str, str], list[float]]) -> float:
    """Add up how long trainings take on one worker, in seconds, by the epochs known so far.

    A recipe of which no epoch is known counts like the mean of the others.
    """
    means = {key: np.mean(epochs) for key, epochs in seconds.items()}
    others = np.mean(list(means.values())) if means else 1.0
    return sum(
        count * recipe.epochs * means.get(recipe[:2], others) for recipe, count in trainings.items()
    )


def _chosen(names: list[str] | None) -> list[Recipe]:
    """Find the recipes that --only names. Raises ValueError for a name that is in none."""
    if names is None:
        return [*RECIPES]
    for name in names:
        if not any(name in (recipe.model, recipe.name) for recipe in RECIPES):
            known = "; ".join(recipe.name for recipe in RECIPES)
            raise ValueError(f"There is no {name!r}: give a model, or one of {known}.")
    return [recipe for recipe in RECIPES if {recipe.model, recipe.name} & {*names}]


def main(arguments: list[str] | None = None) -> int:
    """Run the sweep. Returns 0, 1 if a training failed, 2 for bad arguments."""
    options = _parse(arguments)
    try:
        count = whole_number("--seeds", options.seeds, most=COURSE_SEED)
        cluster.check_options(options)
        wanted = [(recipe, seed) for seed in seeds(count) for recipe in _chosen(options.only)]
        rows = load_sweep(options.out) if options.out.exists() else []
        write(options.out, rows)
    except (ValueError, OSError) as error:
        return refuse(error)
    stored = {row[:3] for row in rows}
    tasks = [(recipe, seed) for recipe, seed in wanted if (*recipe[:2], seed) not in stored]
    done = len(wanted) - len(tasks)
    print(f"{len(wanted)} trainings, {done} of them in {options.out} already.", flush=True)
    failed = []
    if tasks:
        try:
            client = cluster.connect(options)
        except ConnectionError as error:
            return refuse(error)
        with stoppable("What was finished is kept: run it again to go on."), client:
            failed = run(client, tasks, options.out, rows)
    _report(options.out)
    return refuse("\n".join(failed), 1) if failed else 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.sweep", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many: 2026, 1, 2, ...")
    parser.add_argument("--only", nargs="+", metavar="MODEL[/CHANGE]", help="not the whole table")
    parser.add_argument("--out", type=Path, default=SWEEP, help="the CSV (default: %(default)s)")
    cluster.add_options(parser)
    return parser.parse_args(arguments)


def _report(path: Path) -> None:
    """Sort the CSV, print its summary, and draw its seeds."""
    rows = load_sweep(path)
    write(path, rows)
    print(summary_text(rows))
    recorded = path.resolve() == SWEEP.resolve()
    figure = DOCS / "sweep.png" if recorded else path.with_suffix(".png")
    write_whole(figure, picture(final_accuracies(rows)).png())
    print(f"The seeds of up to {ROWS} recipes are drawn in {figure}.")
