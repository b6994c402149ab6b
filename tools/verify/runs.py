"""Runs pytest in a process of its own, and says which tests failed."""

import os
from pathlib import Path
import re
import subprocess
import sys
import time
from typing import NamedTuple

_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?::(?:Cell \d+|\w+))", re.MULTILINE)
_PASSED = re.compile(r"(\d+) passed")
_LAST_LINES = 15
_SETTINGS = re.compile(
    "TF_|ONEDNN_|DNNL_|XLA_|KERAS_|OMP_|OPENBLAS_|NPY_|PYTHONOPTIMIZE$"
    "|PYTEST_(ADDOPTS|PLUGINS|DISABLE_PLUGIN_AUTOLOAD)$"
)
"""Variables that decide what is computed, or checked: a shell's own would pass for a setting."""


class Run(NamedTuple):
    """What pytest found: passed tests, node ids of failed ones without parameters, seconds.

    A test whose fixture raises has failed, too, as has a cell whose kernel does not start.
    """

    passed: int
    failed: set[str]
    seconds: float


class RunError(Exception):
    """Pytest ended without having run the tests; the message is the end of what it printed."""


def without_settings() -> dict[str, str]:
    """Return the environment without what a shell has set of TensorFlow, NumPy and pytest."""
    return {name: value for name, value in os.environ.items() if not _SETTINGS.match(name)}


def run_pytest(folder: Path, arguments: list[str], variables: dict[str, str] | None = None) -> Run:
    """Run pytest in a copy of the project, with the code of that copy.

    variables: added to the environment, which keeps none of the shell's settings of TensorFlow,
    NumPy and pytest. Raises RunError unless tests were collected and run.
    """
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rfE", "--color=no", *arguments]
    environment = {**without_settings(), "PYTHONPATH": str(folder), **(variables or {})}
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    seconds = time.monotonic() - started
    if done.returncode not in (0, 1):
        raise RunError("\n".join(done.stdout.splitlines()[-_LAST_LINES:]))
    passed = _PASSED.search(done.stdout)
    return Run(int(passed.group(1)) if passed else 0, set(_FAILED.findall(done.stdout)), seconds)
