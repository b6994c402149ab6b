"""Processors that are not here: qemu runs a Python for them, without root.

All comes from Debian and from the lock, below build/arm/. What is there is not fetched again.
"""

from pathlib import Path
import shutil
import subprocess
import sys

from tools.machines.kernels import (
    FROM_LOCK,
    Machine,
    MachineError,
    note_lock,
    of_lock,
    run_step,
    uv,
)
from tools.paths import BUILD

FOLDER = BUILD / "arm"
DEBIAN, QEMU, WHEELS = FOLDER / "debian", FOLDER / "qemu", FOLDER / "wheels"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITE, PYTHON = "bookworm", "3.11"
"""Debian's release, and the Python that comes with it."""
GIGABYTES = 5
APT = """\
APT::Architecture "arm64";
APT::Architectures {{ "arm64"; "amd64"; }};
APT::Sandbox::User "";
Dir::State "{apt}/state";
Dir::State::status "{apt}/status";
Dir::Cache "{apt}/cache";
Dir::Etc::sourcelist "{apt}/sources.list";
Dir::Etc::sourceparts "-";
"""
"""So that apt reads and writes nothing of the system, and takes it for an ARM machine."""
SOURCE = f"deb [signed-by={KEYRING}] http://deb.debian.org/debian {SUITE} main\n"
QEMUS = {"arm": ("qemu-aarch64-static", "cortex-a72"), "avx2": ("qemu-x86_64-static", "Haswell")}
"""For each machine its emulator and its processor: one of 2015, one of 2013."""


def emulated(name: str) -> Machine:
    """Return an emulated machine, "arm" or "avx2", got ready first.

    On "avx2" runs the Python of this environment. Raises MachineError with what is missing.
    """
    fetch_debian()
    program, processor = QEMUS[name]
    qemu = [str(QEMU / "usr/bin" / program), "-cpu", processor]
    if name == "avx2":
        return Machine(name, [*qemu, sys.executable], emulated=True)
    fetch_wheels()
    python = [*qemu, "-L", str(DEBIAN), str(DEBIAN / f"usr/bin/python{PYTHON}")]
    return Machine(name, python, str(WHEELS), emulated=True)


def fetch_debian() -> None:
    """Fetch qemu, and an ARM Python with its libraries, and unpack them."""
    done = FOLDER / "debian.done"
    if done.exists():
        return
    check_this_machine()
    print(f"Fetching qemu and Debian's Python for ARM into {FOLDER} (80 MB) ...", flush=True)
    apt, archives = FOLDER / "apt", FOLDER / "apt/cache/archives"
    for folder in (apt / "state/lists/partial", archives / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    (apt / "sources.list").write_text(SOURCE, encoding="utf-8")
    (apt / "apt.conf").write_text(APT.format(apt=apt), encoding="utf-8")
    get = ["env", f"APT_CONFIG={apt / 'apt.conf'}", "apt-get", "--quiet"]
    run_step("Debian's list of packages", [*get, "--error-on=any", "update"])
    wanted = (f"python{PYTHON}", "libstdc++6", "qemu-user-static:amd64")
    only = ("--yes", "--download-only", "--no-install-recommends")
    run_step("Debian's packages", [*get, *only, "install", *wanted])
    for package in sorted(archives.glob("*.deb")):
        target = QEMU if package.name.startswith("qemu") else DEBIAN
        run_step(package.name, ["dpkg", "-x", str(package), str(target)])
    done.touch()


def check_this_machine() -> None:
    """Raise MachineError where Debian's packages cannot be fetched or unpacked, or find no room."""
    for program in ("apt-get", "dpkg"):
        if shutil.which(program) is None:
            raise MachineError(f"{program} is missing: run this on Debian, or in its container.")
    here = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    if here != "amd64":
        raise MachineError(f"This machine is {here}: emulation is made for amd64. Run make test.")
    if not KEYRING.exists():
        raise MachineError(f"{KEYRING} is missing: install Debian's debian-archive-keyring.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(FOLDER).free / 1e9
    if free < GIGABYTES:
        raise MachineError(
            f"{free:.1f} GB are free here: make it {GIGABYTES} GB, and run it again."
        )


def fetch_wheels() -> None:
    """Install the lock's own packages for ARM into a folder of nothing else."""
    done = FOLDER / "wheels.lock"
    if of_lock(done):
        return
    shutil.rmtree(WHEELS, ignore_errors=True)
    print(f"Installing the locked packages for ARM into {WHEELS} (2.3 GB) ...", flush=True)
    there = ("--python-platform", "aarch64-manylinux_2_28", "--python-version", PYTHON)
    uv("The locked packages for ARM", "pip", "install", *there, "--target", str(WHEELS), *FROM_LOCK)
    note_lock(done)
