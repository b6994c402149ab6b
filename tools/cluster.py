"""The Dask cluster of a sweep and of a grading: its options, its connection, its results."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
import logging
import signal
from typing import TYPE_CHECKING, Any

from course_utils.arguments import whole_number

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL_CLUSTER = {
    "threads_per_worker": 1,
    "host": "127.0.0.1",
    "dashboard_address": "127.0.0.1:0",
    "silence_logs": logging.ERROR,
}
"""As many workers as cores, reachable from this machine alone, that end without a word."""
QUIET = {"distributed.admin.tick.interval": "1s", "distributed.worker.profile.enabled": False}
"""How Dask watches itself. Its own settings take a seventh of a core from two workers, idle."""
SECONDS_TO_CONNECT = 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let a command say which workers it uses."""
    parser.add_argument("--workers", type=int, help="of this machine (default: one per core)")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="a running Dask cluster")


def check_options(options: argparse.Namespace) -> None:
    """Raise ValueError if there cannot be so many workers."""
    if options.workers is not None:
        whole_number("--workers", options.workers)


def connect(options: argparse.Namespace) -> "Client":
    """Start workers on this machine, or find the running cluster that the options name.

    Raises ConnectionError if no scheduler answers.
    """
    import dask
    import distributed

    dask.config.set(QUIET)
    local = {**LOCAL_CLUSTER, "n_workers": options.workers}
    where = {"address": options.scheduler} if options.scheduler else local
    try:
        with _deaf_to_ctrl_c():
            return distributed.Client(**where, timeout=SECONDS_TO_CONNECT)
    except (OSError, ValueError) as error:
        raise ConnectionError(
            f"No Dask scheduler answers at {options.scheduler} ({error})."
        ) from error


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let processes that are started here ignore Ctrl-C: a terminal sends it to them, too."""
    ours = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, ours)


def as_finished(futures: "dict[Future, Any]") -> "Iterator[tuple[Any, Future]]":
    """Yield each task with its future as soon as that has ended, and release it afterwards.

    futures: to each the task that it stands for. A result that is still held on a worker which
    dies, Dask would make again.
    """
    from distributed import as_completed

    for future in as_completed(futures):
        yield futures[future], future
        future.release()
