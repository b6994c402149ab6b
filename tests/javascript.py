"""The page's scripts outside a page: run and checked by the lock's own JavaScript, Deno."""

import json
from pathlib import Path
import subprocess
import tempfile
from typing import Any

from deno import find_deno_bin

from tools.paths import ROOT


def deno(*arguments: str | Path, given: Any = None) -> str:
    """Run Deno, which keeps what it compiles in a folder of its own; returns what it printed."""
    with tempfile.TemporaryDirectory(prefix="deno-") as folder:
        done = subprocess.run(
            [find_deno_bin(), *arguments],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={"DENO_DIR": folder, "NO_COLOR": "1"},
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_script(path: Path, *arguments: str | int, given: Any = None) -> Any:
    """Return the JSON that a script prints; it gets JSON, and may read files, but no network."""
    options = ["run", "--quiet", "--no-prompt", "--allow-read", path]
    return json.loads(deno(*options, *map(str, arguments), given=given))
