"""Judges one submission: runs it in a process of its own and asks the answers that it hands in.

The submission runs in a folder of its own, under limits (candidate.py). Its `check` hands an answer
in through a pipe. The judge calls that answer with its own inputs, gets numbers back (wire.py) and
compares them with what is right, in this process, in which none of the submission's code ever runs.
So nothing that a submission prints or changes can make an answer right.

Where Linux allows it, the submission sees no network, no other process, and all files read-only but
its own. Elsewhere it could read, change and delete what the user can: docs/instructors.md.
"""

from collections.abc import Callable
import contextlib
import ctypes
import json
from multiprocessing.connection import Connection, Pipe
import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any, NamedTuple

from course_utils import cache, cluster, wire
from course_utils.checks import exercise_names, verdict
import psutil

ISOLATE = Path(__file__).with_name("isolate.sh")
NAMESPACES = "--user --map-root-user --pid --fork --kill-child --mount --mount-proc --net --ipc"
MOST_PROCESSES = 256
"""Processes and threads together; TensorFlow needs some dozens of threads."""
PASSED_ON = {"PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV"}
"""All that a submission gets to see of the environment."""
SECONDS_BETWEEN_LOOKS = 0.1
PR_SET_CHILD_SUBREAPER = 36
"""Linux, prctl(2): what a submission leaves behind becomes a child of the judge."""


class Limits(NamedTuple):
    """What a submission may use: seconds of wall time, and bytes of memory with all it starts."""

    seconds: float = 1800
    memory: int = 4 * 2**30


class Result(NamedTuple):
    """What came of a submission.

    end: "finished", or why it ended before. failed: numbers of the code cells that raised an error.
    verdicts: for each exercise the line that `check` prints. isolated: whether Linux kept it apart.
    """

    end: str
    failed: list[int]
    verdicts: dict[str, str]
    isolated: bool
    seconds: float
    peak_mib: int


def judge_apart(cells: list[str], limits: Limits) -> Result:
    """Judge a submission in a new process: a task for Dask. Raises RuntimeError if that fails."""
    run = subprocess.run(
        [sys.executable, "-m", "course_utils.judge"],
        input=json.dumps([cells, limits]),
        capture_output=True,
        encoding="utf-8",
    )
    cluster.check_ended("judge", run.returncode, run.stderr)
    return Result(*json.loads(run.stdout))


def judge(cells: list[str], limits: Limits) -> Result:
    """Run a submission's code cells, and judge each answer when it is handed in.

    An exercise that is checked twice counts as the second time.
    """
    started = time.monotonic()
    isolated = can_isolate()
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        pipe, theirs = Pipe()
        command = [sys.executable, "-m", "course_utils.candidate", str(theirs.fileno())]
        with subprocess.Popen(
            isolate(folder, command) if isolated else command,
            cwd=folder,
            env=_environment(folder),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ):
            theirs.close()
            watch = Watch(limits)
            job = {
                "cells": cells,
                "cpu_seconds": int(limits.seconds * (os.cpu_count() or 1)) + 1,
                "memory": limits.memory,
                "processes": MOST_PROCESSES if isolated else None,
            }
            try:
                end, failed, verdicts = _converse(pipe, job)
            finally:
                watch.stop()
    end = watch.reason or end
    return Result(end, failed, verdicts, isolated, time.monotonic() - started, watch.peak >> 20)


def can_isolate() -> bool:
    """Say whether this system lets a process have namespaces of its own."""
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return False
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(isolate(folder, ["true"]), capture_output=True).returncode == 0


def isolate(folder: str, command: list[str]) -> list[str]:
    """Give the command that runs another one apart, with an empty folder to write to."""
    return ["unshare", *NAMESPACES.split(), "--", "sh", str(ISOLATE), folder, *command]


def _environment(folder: str) -> dict[str, str]:
    passed_on = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    return {
        **passed_on,
        "HOME": folder,
        "TMPDIR": folder,
        "MPLBACKEND": "agg",
        "COURSE_UTILS_CACHE": str(cache.cache_folder().absolute()),
    }


class Watch:
    """Looks after all processes that this one started, and ends them when a limit is passed.

    reason: the limit that was passed, else empty; peak: the most memory seen, in bytes.
    """

    def __init__(self, limits: Limits) -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.reason, self.peak = "", 0
        self._limits, self._parent = limits, os.getppid()
        self._end = time.monotonic() + limits.seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End all processes and look no more."""
        self._stopped.set()
        self._thread.join()
        _kill_all()

    def _look(self) -> None:
        while not self._stopped.wait(SECONDS_BETWEEN_LOOKS):
            self.reason = self._passed()
            if self.reason:
                _kill_all()
                return
            if os.getppid() != self._parent:
                _kill_all()
                os._exit(1)

    def _passed(self) -> str:
        processes = psutil.Process().children(recursive=True)
        memory = sum(map(_memory, processes))
        self.peak = max(self.peak, memory)
        if time.monotonic() > self._end:
            return f"stopped after {self._limits.seconds:g} s"
        if memory > self._limits.memory:
            return f"stopped at {memory / 2**30:.1f} GiB of memory"
        if len(processes) > MOST_PROCESSES:
            return f"stopped at {len(processes)} processes"
        return ""


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def _kill_all() -> None:
    """End all processes below this one, and those that they start meanwhile."""
    while processes := psutil.Process().children(recursive=True):
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, timeout=SECONDS_BETWEEN_LOOKS)


def _converse(pipe: Connection, job: dict[str, Any]) -> tuple[str, list[int], dict[str, str]]:
    """Send the cells and judge what is handed in, until the submission ends."""
    verdicts = {}
    try:
        wire.send(pipe, job)
        while "end" not in (message := wire.receive(pipe)):
            name = message.get("exercise")
            if name in exercise_names():
                verdicts[name] = verdict(name, _answer(pipe, message.get("answer")))
            wire.send(pipe, {"done": True})
        failed = wire.unpack(message.get("failed"))
        return "finished", [number for number in failed if type(number) is int], verdicts
    except (EOFError, OSError):
        return "its process ended early", [], verdicts
    except (wire.WireError, TypeError) as error:
        return f"broke off: {type(error).__name__}", [], verdicts


def _answer(pipe: Connection, packed: Any) -> Any:
    """Give what stands for an answer on this side: its value, or something that asks it."""

    def ask(*arguments: Any, predict: bool = False) -> Any:
        question = {"arguments": [_question(part) for part in arguments], "predict": predict}
        wire.send(pipe, question)
        reply = wire.receive(pipe)
        if "raised" in reply:
            raise _error(reply)
        return wire.unpack(reply.get("result"))

    kind = packed.get("kind") if isinstance(packed, dict) else None
    if kind == "function":
        return _function(ask, packed.get("untouched") is True)
    if kind == "model":
        return _model(ask, packed.get("layers"))
    return wire.unpack(packed)


def _question(argument: Any) -> Any:
    return wire.pack_model(argument) if hasattr(argument, "get_weights") else wire.pack(argument)


def _error(reply: dict[str, Any]) -> Exception:
    """Make an exception of the name and with the text of one in the submission."""
    name, _, text = str(reply["raised"]).partition(": ")
    return type(name if name.isidentifier() else "Exception", (Exception,), {})(text)


def _function(ask: Callable, untouched: bool) -> Callable:
    def answer(*arguments: Any) -> Any:
        result = ask(*arguments)
        return ... if result is None and untouched else result

    return answer


def _model(ask: Callable, layers: list[list]) -> Any:
    """Stand in for a Keras model: its predictions are asked for, its recurrent layers told."""
    import keras

    kinds = {kind.__name__: kind for kind in (keras.layers.SimpleRNN, keras.layers.LSTM)}
    kinds["GRU"] = keras.layers.GRU

    class Answer(keras.Model):
        def __call__(self, ids: Any) -> Any:
            return ask(ids)

        def predict_on_batch(self, ids: Any) -> Any:
            return ask(ids, predict=True)

        @property
        def layers(self) -> list[keras.layers.Layer]:
            return [kinds[name](int(units)) for name, units in layers if name in kinds]

    return Answer()


if __name__ == "__main__":
    submission, given = json.load(sys.stdin)
    print(json.dumps(judge(submission, Limits(*given))))
