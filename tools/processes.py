"""How a process that this one started has ended."""


def check_ended(what: str, returncode: int, stderr: str) -> None:
    """Raise RuntimeError if a process failed: with its last line, or the signal that killed it."""
    if returncode < 0:
        raise RuntimeError(f"its {what} was killed by signal {-returncode}")
    if returncode > 0:
        last_line = [f"exit code {returncode}", *stderr.splitlines()][-1]
        raise RuntimeError(f"its {what} failed: {last_line}")
