"""Processes of the project's own: how they find its modules, and how they ended."""

from collections.abc import Mapping
import os

from tools.paths import ROOT


def with_project(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which Python finds this project's modules from any folder."""
    path = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(path)}


def check_ended(what: str, returncode: int, stderr: str) -> None:
    """Raise RuntimeError if a process failed: with its last line, or the signal that killed it."""
    if returncode < 0:
        raise RuntimeError(f"its {what} was killed by signal {-returncode}")
    if returncode > 0:
        last_line = [f"exit code {returncode}", *stderr.splitlines()][-1]
        raise RuntimeError(f"its {what} failed: {last_line}")
