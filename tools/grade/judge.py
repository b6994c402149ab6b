"""Judges one submission: runs it in a process of its own and asks the answers that it hands in.

The submission runs in a folder of its own, under limits (candidate.py, isolation.py). Its `check`
hands an answer in through a pipe. The judge calls that answer with its own inputs, gets numbers
back (wire.py) and compares them with what is right, in this process, in which none of the
submission's code ever runs. So nothing that a submission prints or changes makes an answer right.

Where Linux allows it, the submission sees no network, no other process, and no file but its own and
those that it needs, read-only. Elsewhere it could read, change and delete what the user can:
docs/instructors.md.
"""

from collections.abc import Callable
from functools import partial
import json
from multiprocessing.connection import Connection, Pipe
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any, NamedTuple

from course_utils.exercises.check import CHALLENGE, Verdict, exercise_names, judged
from course_utils.exercises.judging import ModelAnswer, UnusableError
from course_utils.exercises.wording import AnswerError
from course_utils.source.trusted import cache_folder

from tools.grade import wire
from tools.grade.isolation import MOST_PROCESSES, Limits, Watch, end_with_parent, isolate
from tools.processes import check_ended, with_project

PASSED_ON = {"PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV"}
"""What a submission gets to see of the environment, beside what is set for it below."""


FINISHED = "finished"
INLINE = "module://matplotlib_inline.backend_inline"
"""How a notebook's kernel draws."""
NO_ANSWER = "finished, but no answer came"
NOT_STARTED = "not judged: this system refused to start it, or to keep it apart"
SECONDS_TO_JUDGE = 120
"""What the judge itself may take, beside the time of the submission."""
MEMORY_TO_JUDGE = 4 * 2**30


class Result(NamedTuple):
    """What came of a submission.

    end: FINISHED, or why it ended before. failed: numbers of the code cells that raised an error.
    verdicts: what `check` found, by exercise. challenge: how many reviews the last model that was
    submitted has right, None if there is none. isolated: whether Linux kept it apart.
    """

    end: str
    failed: list[int]
    verdicts: dict[str, Verdict]
    challenge: int | None
    isolated: bool
    seconds: float
    peak_mib: int


def as_result(stored: list) -> Result:
    """Make a result again of what JSON holds of it."""
    result = Result(*stored)
    verdicts = {name: Verdict(*verdict) for name, verdict in result.verdicts.items()}
    return result._replace(verdicts=verdicts)


def judge_apart(cells: list[str], limits: Limits, isolated: bool) -> Result:
    """Judge a submission in a new process: a task for Dask.

    isolated: whether it is kept apart; where that fails, it is not run at all. Raises RuntimeError
    if it could not be judged.
    """
    try:
        run = subprocess.run(
            [sys.executable, "-m", "tools.grade.judge"],
            input=json.dumps([cells, limits, isolated]),
            env=with_project(os.environ),
            capture_output=True,
            encoding="utf-8",
            timeout=limits.seconds + SECONDS_TO_JUDGE,
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"its judge was stopped after {error.timeout:g} s") from None
    check_ended("judge", run.returncode, run.stderr)
    return as_result(json.loads(run.stdout))


def judge(cells: list[str], limits: Limits, isolated: bool) -> Result:
    """Run a submission's code cells, and judge each answer when it is handed in.

    An exercise that is checked twice counts as the second time.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        pipe, theirs = Pipe()
        command = [sys.executable, "-m", "tools.grade.candidate", str(theirs.fileno())]
        with subprocess.Popen(
            isolate(folder, command) if isolated else command,
            cwd=folder,
            env=_environment(folder),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        ) as process:
            theirs.close()
            watch = Watch(limits, process.pid)
            job = {
                "cells": cells,
                "cpu_seconds": int(limits.seconds * (os.cpu_count() or 1)) + 1,
                "memory": limits.memory,
                "processes": MOST_PROCESSES if isolated else None,
            }
            try:
                end, failed, verdicts, challenge = _converse(pipe, job)
            finally:
                watch.stop()
    return Result(
        end=watch.reason or end,
        failed=failed,
        verdicts=verdicts,
        challenge=challenge,
        isolated=isolated,
        seconds=time.monotonic() - started,
        peak_mib=watch.peak >> 20,
    )


def _environment(folder: str) -> dict[str, str]:
    passed_on = {name: value for name, value in os.environ.items() if name in PASSED_ON}
    return {
        **with_project(passed_on),
        "HOME": folder,
        "TMPDIR": folder,
        "MPLBACKEND": INLINE,
        "COURSE_UTILS_CACHE": str(cache_folder().absolute()),
    }


def _converse(
    pipe: Connection, job: dict[str, Any]
) -> tuple[str, list[int], dict[str, Verdict], int | None]:
    """Send the cells and judge what is handed in, until the submission ends."""
    ended, verdicts, challenge = NOT_STARTED, {}, None
    try:
        wire.receive(pipe)
        ended = "its process ended early"
        wire.send(pipe, job)
        while "end" not in (message := wire.receive(pipe)):
            name = message.get("exercise")
            if name == CHALLENGE:
                challenge = _score(_answer(pipe, message.get("answer")), challenge)
            elif name in exercise_names():
                verdicts[name] = judged(name, _answer(pipe, message.get("answer")))
            wire.send(pipe, {"done": True})
        failed = set(wire.unpack(message.get("failed")))
        numbers = [number for number, _ in enumerate(job["cells"], 1) if number in failed]
        ended = NO_ANSWER if challenge is None and not verdicts else FINISHED
        return ended, numbers, verdicts, challenge
    except (EOFError, OSError):
        return ended, [], verdicts, challenge
    except (wire.WireError, TypeError, MemoryError) as error:
        return f"broke off: {type(error).__name__}", [], verdicts, challenge


def _score(reader: Callable, before: int | None) -> int | None:
    """Return how many of the challenge's reviews a reader has right; unusable: what was before."""
    from course_utils.exercises.challenge import score  # starts TensorFlow

    try:
        return score(reader)
    except UnusableError:
        return before


def _answer(pipe: Connection, packed: Any) -> Any:
    """Return what stands for an answer on this side: its value, or something that asks it."""

    def ask(part: str, *arguments: Any) -> Any:
        wire.send(pipe, {"part": part, "arguments": [_pack(argument) for argument in arguments]})
        reply = wire.receive(pipe)
        if "raised" in reply:
            raise AnswerError(reply["raised"], reply.get("text"))
        return wire.unpack(reply.get("result"))

    kind = packed.get("kind") if isinstance(packed, dict) else None
    if kind == "function":
        return _function(partial(ask, ""), packed.get("untouched") is True)
    if kind == "model":
        return ModelAnswer(*(partial(ask, part) for part in ModelAnswer._fields))
    return wire.unpack(packed)


def _pack(argument: Any) -> Any:
    return wire.pack_model(argument) if hasattr(argument, "get_weights") else wire.pack(argument)


def _function(ask: Callable, untouched: bool) -> Callable:
    def answer(*arguments: Any) -> Any:
        result = ask(*arguments)
        return ... if result is None and untouched else result

    return answer


def main() -> None:
    """Judge the submission that stands in the input, within limits of this process' own."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_TO_JUDGE, most))
    submission, limits, isolated = json.load(sys.stdin)
    print(json.dumps(judge(submission, Limits(*limits), isolated)))


if __name__ == "__main__":
    main()
