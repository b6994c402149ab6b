"""Tries every mutation, or those whose names hold one of the given words, and prints a table.

    python -m tests.mutations [WORD ...]

Exits with 1 if a mutation survives, with 2 if one does not fit the project any more, or if a check
fails without any.
"""

from pathlib import Path
import sys
import time

from course_utils.live import LiveDisplay

from tests.mutations.catalogue import MUTATIONS
from tests.mutations.runner import BaselineError, Mutation, Verdict, run_all, stale
from tests.runs import RunError

PROJECT = Path(__file__).parent.parent.parent


def row(verdict: Verdict) -> str:
    """Write a verdict as a line of the table."""
    caught_by = ", ".join(map(short, verdict.caught_by))
    if verdict.survived:
        caught_by = f"SURVIVED {', '.join(map(short, verdict.survived))}"
    return f"{verdict.mutation.name:44} {verdict.seconds:4.0f} s  {caught_by}"


def short(check: str) -> str:
    """Name a check as briefly as it can be found: the test, or the notebook and the cell."""
    if "::" in check:
        return check.removeprefix("tests/")
    notebook, cells = check.split(":")
    return f"{notebook}:{cells.split(',')[-1]}"


def main(words: list[str]) -> int:
    """Try the mutations that are named; returns the exit code."""
    mutations = [
        mutation
        for mutation in MUTATIONS
        if not words or any(word in mutation.name for word in words)
    ]
    if not mutations:
        print(f"No mutation's name holds {' or '.join(words)}.", file=sys.stderr)
        return 2
    if problems := stale(mutations, PROJECT):
        print("These mutations do not fit the project any more:", *problems, sep="\n")
        return 2
    print(f"First their checks without a mutation, then {len(mutations)} mutations, two at a time.")
    try:
        survivors = try_all(mutations)
    except BaselineError as error:
        print(f"These checks fail without any mutation: mend them first.\n{error}")
        return 2
    except RunError as error:
        print(f"The checks could not be run:\n{error}")
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    for survivor in survivors:
        print(f"Survived: {survivor.name}. {survivor.breaks}")
    return int(bool(survivors))


def try_all(mutations: list[Mutation]) -> list[Mutation]:
    """Print the table as it grows; returns the mutations that survived."""
    display, started, survivors = LiveDisplay(), time.monotonic(), []
    display.show("Running the checks without a mutation ...")
    for done, verdict in enumerate(run_all(mutations, PROJECT), start=1):
        display.finish(row(verdict))
        if verdict.survived:
            survivors.append(verdict.mutation)
        left = (time.monotonic() - started) / done * (len(mutations) - done)
        display.show(f"{done} of {len(mutations)} mutations, about {left / 60:.0f} min left")
    display.finish(
        f"{len(mutations) - len(survivors)} of {len(mutations)} mutations caught in "
        f"{time.monotonic() - started:.0f} s."
    )
    return survivors


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main(sys.argv[1:]))
