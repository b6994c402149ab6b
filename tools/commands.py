"""How a command waits for another, and ends early: by Ctrl-C, or asked for what it cannot do."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import sys

STOPPED = 130
"""The exit code of a command that was ended by Ctrl-C: 128 and the signal's number."""


@contextmanager
def stoppable(kept: str = "") -> Iterator[None]:
    """Let Ctrl-C end a command with one line, which says what is kept, and no traceback."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"\nStopped. {kept}".rstrip(), file=sys.stderr)
        raise SystemExit(STOPPED) from None


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait, and say so, while another command is at work in a folder; it is made if there is none.

    On a shared file system that knows no such locks nobody waits.
    """
    import fcntl  # Windows has none, and no command there that waits.

    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"Another command is at work in {folder}: waiting for it ...", flush=True)
        fcntl.flock(held, fcntl.LOCK_EX)
    except OSError:
        pass
    try:
        yield
    finally:
        os.close(held)


def refuse(problem: object, exit_code: int = 2) -> int:
    """Print why a command was refused; returns its exit code."""
    print(problem, file=sys.stderr)
    return exit_code


def no_arguments(module: str, doc: str) -> None:
    """Refuse arguments of a command that takes none, and explain it when asked with --help."""
    explain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog=f"python -m {module}", description=doc, formatter_class=explain
    )
    parser.parse_args()


def last_line(text: str) -> str:
    """Return the last line that a program said: usually why it failed."""
    return ([line for line in text.splitlines() if line.strip()] or ["it says nothing"])[-1].strip()
