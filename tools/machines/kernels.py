"""Pythons that a notebook's cells can be run by: this one, another version, another processor.

Each is a kernel: the check stays here, whoever computes.
"""

import json
import os
from pathlib import Path
import subprocess
import sys
from typing import NamedTuple

from course_utils.files import write_whole

from tools.commands import last_line
from tools.paths import BUILD, ROOT

FOLDER = BUILD / "machines"
LOCK = ROOT / "requirements.lock"
FROM_LOCK = ("--compile-bytecode", "--require-hashes", "-r", str(LOCK))
PROBE = """
import json, platform, numpy
simd = numpy.show_config(mode="dicts")["SIMD Extensions"]
print(json.dumps([platform.machine(), platform.python_version(), simd.get("found", [])]))
"""


class MachineError(Exception):
    """A Python cannot be got ready; says what is missing and what to do."""


class Machine(NamedTuple):
    """A Python: its name, the command that starts it, and a folder of packages if it has none."""

    name: str
    command: list[str]
    packages: str = ""
    emulated: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """What its processes find in their environment beside what is there: modules."""
        return {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), self.packages]))}


class Kind(NamedTuple):
    """What a machine is: its family of processors, and its version of Python, such as "3.11"."""

    family: str
    python: str


HERE = Machine("here", [sys.executable])


def this_python() -> str:
    """Return the version of the Python that runs this, such as "3.11"."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def other_python(version: str) -> Machine:
    """Return a Python of another version with the packages of the lock, made when it is missing.

    Raises MachineError if there is no such Python, or the packages cannot be had.
    """
    if version == this_python():
        return HERE
    folder, done = FOLDER / f"python-{version}", FOLDER / f"python-{version}.lock"
    if not of_lock(done):
        print(f"Installing the locked packages for Python {version} into {folder} ...", flush=True)
        uv(f"Python {version}", "venv", "--clear", "--python", version, str(folder))
        uv(f"Python {version}", "pip", "install", "--python", str(folder), *FROM_LOCK)
        note_lock(done)
    return Machine(f"python-{version}", [str(folder / "bin/python")])


def of_lock(done: Path) -> bool:
    """Return whether a file says that today's lock is installed."""
    return done.exists() and done.read_bytes() == LOCK.read_bytes()


def note_lock(done: Path) -> None:
    """Write into a file that today's lock is installed."""
    write_whole(done, LOCK.read_bytes())


def uv(what: str, *arguments: str) -> None:
    """Run uv. Raises MachineError with its last line if it fails."""
    run_step(what, [sys.executable, "-m", "uv", "--quiet", *arguments])


def run_step(what: str, command: list[str], **options: object) -> None:
    """Run one step of getting a machine ready. Raises MachineError with its last line."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, **options)
    except OSError as error:
        raise MachineError(
            f"{what} cannot be had: {command[0]} does not start ({error})."
        ) from None
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("error:")]
        said = " ".join(dict.fromkeys([*errors[:1], last_line(done.stderr)]))
        raise MachineError(
            f"{what} cannot be had: {said}\nOnce that is mended, run the same command again."
        )


def kind_of(machine: Machine) -> Kind:
    """Ask a machine what it is. Raises MachineError if its Python does not run."""
    environment = os.environ | machine.environment
    asked = [*machine.command, "-c", PROBE]
    done = subprocess.run(asked, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise MachineError(f"The Python of {machine.name!r} fails: {last_line(done.stderr)}")
    processor, version, found = json.loads(done.stdout)
    if processor == "x86_64":
        widest = "AVX-512" if "X86_V4" in found else "AVX2" if "X86_V3" in found else "SSE"
        processor = f"x86-64, {widest}"
    processor = {"arm64": "aarch64"}.get(processor, processor)
    family = f"{processor}, emulated" if machine.emulated else processor
    return Kind(family, version.rpartition(".")[0])


def write_kernel(machine: Machine) -> Path:
    """Write how Jupyter starts a machine's Python; returns the folder for JUPYTER_PATH."""
    spec = {
        "argv": [*machine.command, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": machine.name,
        "language": "python",
        "env": machine.environment,
    }
    path = FOLDER / "jupyter/kernels" / machine.name / "kernel.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(spec).encode())
    return FOLDER / "jupyter"
