"""How much memory processes take together: each page once, and none that is merely out of sight."""

from collections.abc import Sequence
import contextlib
import os
from pathlib import Path
import re

import psutil

SHARED = "/memfd:", "/dev/zero (deleted)", "/SYSV", "/dev/shm/"
"""How Linux names memory that processes share: it lasts as long as one of them can reach it."""
MAPPED = re.compile(
    rf"^(\w+)-(\w+) ..\Ss (\w+) (\w+):(\w+) (\d+) +(?:{'|'.join(map(re.escape, SHARED))})",
    re.MULTILINE,
)
Shared = dict[tuple[int, int], int]
"""Of each shared piece of memory, known by its device and inode, the bytes."""


def used(processes: Sequence[psutil.Process], known: int = 0) -> int:
    """Return the bytes of all these processes, without the files that are mapped into them.

    known: if they take no more than that, pages of forks may count once for each fork, which is
    found out faster. Where there is no Linux, they always do.
    """
    described = [tasks for process in processes if (tasks := _tasks(process.pid))]
    if not described:
        return sum(map(_resident, processes))
    shared = Shared()
    for tasks in described:
        for task in tasks:
            _add_open(shared, task)
        any(_add_mapped(shared, task) for task in tasks)
    rest = sum(shared.values())
    fast = rest + sum(_first(tasks, "status", "RssAnon", "VmSwap") for tasks in described)
    if fast <= known:
        return fast
    return rest + sum(_first(tasks, "smaps_rollup", "Pss_Anon", "SwapPss") for tasks in described)


def _tasks(pid: int) -> list[Path]:
    """List where Linux describes the threads: the first may have ended, each may have own files."""
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


def _first(tasks: list[Path], file: str, *names: str) -> int:
    """Return the sum of some sizes, as the first thread that still has memory tells them."""
    for task in tasks:
        with contextlib.suppress(OSError):
            lines = (task / file).read_text(errors="replace")
            sizes = dict(re.findall(r"^(\w+):\s+(\d+) kB$", lines, re.MULTILINE))
            if sizes.keys() >= set(names):
                return 1024 * sum(int(sizes[name]) for name in names)
    return 0


def _add_open(shared: Shared, task: Path) -> None:
    with contextlib.suppress(OSError):
        for number in os.listdir(task / "fd"):
            with contextlib.suppress(OSError):
                path = f"{task}/fd/{number}"
                if os.readlink(path).startswith(SHARED):
                    status = os.stat(path)
                    _add(shared, status.st_dev, status.st_ino, 512 * status.st_blocks)


def _add_mapped(shared: Shared, task: Path) -> bool:
    """Count a mapping whole, since its pages stay when the process looks away (madvise, fork)."""
    try:
        maps = (task / "maps").read_text(errors="replace")
    except OSError:
        return False
    for start, end, offset, major, minor, inode in map(_numbers, MAPPED.findall(maps)):
        _add(shared, os.makedev(major, minor), inode, offset + end - start)
    return bool(maps)


def _numbers(fields: tuple[str, ...]) -> list[int]:
    *hexadecimal, inode = fields
    return [*(int(field, 16) for field in hexadecimal), int(inode)]


def _add(shared: Shared, device: int, inode: int, size: int) -> None:
    shared[device, inode] = max(size, shared.get((device, inode), 0))


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0
