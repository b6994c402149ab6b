"""Keeps a submission apart, where Linux allows it, and within its limits everywhere."""

from collections.abc import Callable
import contextlib
import ctypes
import os
from pathlib import Path
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import NamedTuple

from course_utils.source.trusted import cache_folder
import psutil

from tools.grade.memory import used
from tools.paths import ROOT

ISOLATE = Path(__file__).with_name("isolate.sh")
NAMESPACES = "--user --map-root-user --pid --fork --kill-child --mount --net --ipc"
SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc"),
    *("/nix/store", "/gnu/store", "/sys/devices/system"),
)
"""Where Linux systems keep programs, their settings, and what programs ask about processors."""
MOST_PROCESSES = 256
"""Processes and threads together; TensorFlow needs some dozens of threads."""
SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_COUNTS = 0.1, 0.01
"""Memory is looked at, and processes are counted: those of a fork bomb double in no time."""
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
"""Linux, prctl(2): who ends with its parent; to whom processes go whose parent has ended."""


LIBC = ctypes.CDLL(None)


class Limits(NamedTuple):
    """What a submission may use: seconds of wall time, and bytes of memory with all it starts."""

    seconds: float = 1800
    memory: int = 4 * 2**30


def can_isolate() -> bool:
    """Return whether this system lets a process have namespaces of its own."""
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(isolate(folder, ["true"]), capture_output=True).returncode == 0


def isolate(folder: str, command: list[str]) -> list[str]:
    """Return the command that runs another one apart, with an empty folder to write to."""
    script = ["sh", str(ISOLATE), folder, *_visible(), "--", *command]
    return ["unshare", *NAMESPACES.split(), "--", *script]


def _visible() -> list[str]:
    """List the folders that a submission may read: the system's, Python's and the course's."""
    given = filter(os.path.isabs, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    python = [sys.prefix, sys.base_prefix, *_folders_of_links(sys.executable)]
    course = [str(ROOT / "course_utils"), str(ROOT / "tools"), str(cache_folder().absolute())]
    folders = {path for path in [*python, *given] if Path(path).resolve() != ROOT} | {*course}
    return [*SYSTEM, *sorted(folders | {os.path.realpath(path) for path in folders})]


def _folders_of_links(path: str) -> list[str]:
    """List where a program lies, and where each of the links lies that lead to it."""
    folders = [os.path.dirname(path)]
    while os.path.islink(path):
        path = os.path.join(folders[-1], os.readlink(path))
        folders.append(os.path.dirname(path))
    return folders


def end_with_parent() -> None:
    """Let Linux kill this process when the thread that started it ends, however that happens."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Watch:
    """Looks after all processes that this one started, and ends them when a limit is passed.

    first: the process with which, where Linux keeps them apart, all others end at once.
    reason: the limit that was passed, else empty; peak: the most memory seen, in bytes.
    """

    def __init__(self, limits: Limits, first: int) -> None:
        if sys.platform == "linux":
            LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.reason, self.peak = "", 0
        self._limits, self._first, self._parent = limits, first, os.getppid()
        self._end, self._before = time.monotonic() + limits.seconds, len(psutil.pids())
        self._stopped = threading.Event()
        looks = (self._crowded, SECONDS_BETWEEN_COUNTS), (self._exhausted, SECONDS_BETWEEN_LOOKS)
        self._threads = [threading.Thread(target=self._repeat, args=look) for look in looks]
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def stop(self) -> None:
        """End all processes and stop watching."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        self._kill_all()

    def _repeat(self, look: Callable[[], str], seconds: float) -> None:
        while not self._stopped.wait(seconds):
            reason = look()
            if reason:
                self.reason = self.reason or reason
                self._kill_all()
                return
            if os.getppid() != self._parent:
                self._kill_all()
                os._exit(1)

    def _crowded(self) -> str:
        """Count all processes of the machine, which is fast, and its own only if there are many."""
        if len(psutil.pids()) - self._before <= MOST_PROCESSES:
            return ""
        count = len(psutil.Process().children(recursive=True))
        return f"stopped at {count} processes" if count > MOST_PROCESSES else ""

    def _exhausted(self) -> str:
        if time.monotonic() > self._end:
            return f"stopped after {self._limits.seconds:g} s"
        memory = used(psutil.Process().children(recursive=True), self.peak)
        self.peak = max(self.peak, memory)
        if memory > self._limits.memory:
            return f"stopped at {memory / 2**30:.1f} GiB of memory"
        return ""

    def _kill_all(self) -> None:
        """End all processes below this one, and those that they start meanwhile."""
        with contextlib.suppress(OSError):
            os.kill(self._first, signal.SIGKILL)
        while processes := psutil.Process().children(recursive=True):
            for process in processes:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(processes, timeout=SECONDS_BETWEEN_LOOKS)
