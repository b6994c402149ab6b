"""Tries every mutation, or those whose names hold one of the given words, and prints a table.

    python -m tools.verify.mutations [WORD ...]

Exits with 1 if a mutation survives, with 2 if one does not fit the project any more, or if a check
fails without any.
"""

import sys
import time

from course_utils.live import LiveDisplay

from tools.commands import refuse, stoppable
from tools.paths import ROOT
from tools.verify.mutations.catalogue import MUTATIONS
from tools.verify.mutations.runner import BaselineError, Mutation, Verdict, run_all, stale
from tools.verify.runs import RunError


def main(words: list[str]) -> int:
    """Try the mutations that are named; returns the exit code."""
    mutations = [
        mutation
        for mutation in MUTATIONS
        if not words or any(word in mutation.name for word in words)
    ]
    if not mutations:
        return refuse(f"No mutation's name holds {' or '.join(words)}.")
    if problems := stale(mutations, ROOT):
        return refuse("\n".join(["These mutations do not fit the project any more:", *problems]))
    print(f"First their checks without a mutation, then {len(mutations)} mutations, two at a time.")
    try:
        with stoppable():
            survivors = try_all(mutations)
    except BaselineError as error:
        return refuse(f"These checks fail without any mutation: mend them first.\n{error}")
    except RunError as error:
        return refuse(f"The checks could not be run:\n{error}")
    return int(survivors > 0)


def try_all(mutations: list[Mutation]) -> int:
    """Print the table as it grows; returns how many mutations survived."""
    display, started, survivors = LiveDisplay(), time.monotonic(), 0
    display.show("Running the checks without a mutation ...")
    for done, verdict in enumerate(run_all(mutations, ROOT), start=1):
        display.finish(row(verdict))
        survivors += bool(verdict.survived)
        left = (time.monotonic() - started) / done * (len(mutations) - done)
        display.show(f"{done} of {len(mutations)} mutations, about {left / 60:.0f} min left")
    display.finish(
        f"{len(mutations) - survivors} of {len(mutations)} mutations caught in "
        f"{time.monotonic() - started:.0f} s."
    )
    return survivors


def row(verdict: Verdict) -> str:
    """Write a verdict as a line of the table."""
    checks = ", ".join(verdict.survived or verdict.caught_by)
    outcome = f"SURVIVED {checks}" if verdict.survived else checks
    return f"{verdict.mutation.name:44} {verdict.seconds:4.0f} s  {outcome}"


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1:]))
