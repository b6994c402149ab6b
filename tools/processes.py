"""Processes: how the project's own find modules, or do not, and how they ended; what others use."""

from collections.abc import Mapping
from importlib.metadata import packages_distributions
import os
from pathlib import Path
import sys

from tools.paths import ROOT


def with_project(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which Python finds this project's modules from any folder."""
    path = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(path)}


def hidden_modules(folder: Path) -> list[str]:
    """List what lies in a folder and hides a module of Python's or of a package from its notebooks.

    A notebook looks beside itself first: a file `types.py` there is taken for Python's own.
    """
    files = [*folder.glob("*.py"), *(init.parent for init in folder.glob("*/__init__.py"))]
    known = {"course_utils", *sys.stdlib_module_names, *packages_distributions()}
    return sorted(path.name for path in files if path.stem in known)


def busy_cores() -> float:
    """Return how many cores are at work while this process sleeps for a second.

    The load average would still count the project's own commands that ended minutes ago.
    """
    import psutil

    return sum(psutil.cpu_percent(interval=1, percpu=True)) / 100


def check_ended(what: str, returncode: int, stderr: str) -> None:
    """Raise RuntimeError if a process failed: with its last line, or the signal that killed it."""
    if returncode < 0:
        raise RuntimeError(f"its {what} was killed by signal {-returncode}")
    if returncode > 0:
        last_line = [f"exit code {returncode}", *stderr.splitlines()][-1]
        raise RuntimeError(f"its {what} failed: {last_line}")
