"""How a command ends early: by Ctrl-C, or because it was asked for what it cannot do."""

from collections.abc import Iterator
from contextlib import contextmanager
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


def refuse(problem: object, exit_code: int = 2) -> int:
    """Print why a command was refused; returns its exit code."""
    print(problem, file=sys.stderr)
    return exit_code
