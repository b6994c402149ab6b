"""Compares what is installed and imported with what should be: `make doctor`."""

# So that an old Python, too, gets as far as reading that it is too old.
from __future__ import annotations

import json
import os
from pathlib import Path
import re
import subprocess
import sys

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
MOST_SHOWN = 5
OF_THE_LOCK = ("keras", "matplotlib", "numpy", "tensorflow")
FIND = """
import importlib.util, json, sys
specs = {name: importlib.util.find_spec(name) for name in sys.argv[1:]}
print(json.dumps({name: spec and spec.origin for name, spec in specs.items()}))
"""
INSTALL_AGAIN = "Install again: remove the folder .venv, then run `make setup`."


def main() -> int:
    """Say what is wrong and what to do about it; returns 1 if anything is."""
    try:
        problems = (
            python_problems()
            or lock_problems(LOCK.read_text(encoding="utf-8"))
            or [problem for folder in notebook_folders() for problem in import_problems(folder)]
        )
    except FileNotFoundError:
        problems = [f"There is no {LOCK}: run this in a copy of the course's folder."]
    except ModuleNotFoundError as error:
        problems = [f"The package {error.name} is missing. {INSTALL_AGAIN}"]
    for problem in problems:
        print(problem)
    if not problems:
        print(f"All is as requirements.lock says, on Python {version(sys.version_info)}.")
    return int(bool(problems))


def notebook_folders() -> list[Path]:
    """List where notebooks are run: the course's own, and a student's copies if there are any."""
    work = ROOT / "work"
    return [ROOT / "notebooks", *([work] if work.is_dir() else [])]


def python_problems() -> list[str]:
    """Return what is wrong if this Python is not one that TensorFlow has packages for."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return []
    return [
        f"This is Python {version(sys.version_info)}, but TensorFlow needs 3.11, 3.12 or 3.13: "
        "install one of them, remove the folder .venv, then run `make setup`."
    ]


def version(info: tuple) -> str:
    """Write a version as 3.13.0."""
    return ".".join(map(str, info[:3]))


def lock_problems(lock: str) -> list[str]:
    """List the locked packages that this system needs and that are missing or of another version.

    Raises ModuleNotFoundError without the package `packaging`.
    """
    problems = [
        f"{name} is {installed(name) or 'missing'}; the lock says {wanted}."
        for name, wanted in needed_here(lock).items()
        if installed(name) != wanted
    ]
    if len(problems) > MOST_SHOWN:
        problems[MOST_SHOWN:] = [f"{len(problems) - MOST_SHOWN} more packages differ."]
    return [*problems, INSTALL_AGAIN] if problems else []


def import_problems(folder: Path) -> list[str]:
    """List the packages that a notebook in a folder would import from elsewhere than it should.

    It should import this project's course_utils, and what the lock installs beside this Python.
    """
    wanted = {"course_utils": ROOT / "course_utils", **dict.fromkeys(OF_THE_LOCK, Path(sys.prefix))}
    command = [sys.executable, "-c", FIND, *wanted]
    looked = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if looked.returncode:
        reason = looked.stderr.strip().rpartition("\n")[2]
        return [f"Python fails in {folder} ({reason}). {move_away(folder)}"]
    problems = []
    for name, file in json.loads(looked.stdout).items():
        if file is None:
            problems.append(f"A notebook finds no {name}. {INSTALL_AGAIN}")
        elif wanted[name].resolve() not in Path(file).resolve().parents:
            problems.append(f"A notebook imports {name} from {file}. {advice(folder, Path(file))}")
    return problems


def advice(folder: Path, file: Path) -> str:
    """Say how to get rid of a file that notebooks of a folder import in the place of a package."""
    if folder in file.parents:
        return move_away(folder)
    path = os.environ.get("PYTHONPATH", "")
    if any(Path(place) in file.parents for place in path.split(os.pathsep) if place):
        return f"Unset the variable PYTHONPATH, which is {path}."
    return INSTALL_AGAIN


def move_away(folder: Path) -> str:
    """Say what must not lie beside the notebooks."""
    return f"Move out of {folder} what has the name of a module or a package."


def needed_here(lock: str) -> dict[str, str]:
    """Read from a lock the packages whose conditions hold here, with their versions."""
    from packaging.requirements import Requirement

    needed = {}
    for line in re.findall(r"^[a-z0-9][^\\\n]*", lock, re.MULTILINE):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            (specifier,) = requirement.specifier
            needed[requirement.name] = specifier.version
    return needed


def installed(name: str) -> str | None:
    """Return the version of an installed package; None if there is none."""
    from importlib import metadata  # Python 3.7 has no such module, and is told that it is too old.

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    sys.exit(main())
