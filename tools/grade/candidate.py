"""Runs a submission's cells, hands in its answers and lets the judge ask them.

Whatever happens in this process, nothing that it prints counts: see judge.py. `check` hands in here
instead of judging, and the judge on the other side of the pipe calls the answer with inputs of its
own.
"""

import asyncio
import contextlib
from multiprocessing.connection import Connection
import resource
import sys
from typing import Any

from course_utils.exercises.check import hand_answers_to
from course_utils.exercises.judging import as_model, is_untouched
from course_utils.exercises.wording import error_text
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.interactiveshell import InteractiveShell

from tools.grade import wire

MOST_BYTES_PER_FILE = 200 * 2**20
MOST_OPEN_FILES = 1024


def main(descriptor: int) -> None:
    """Run the cells that the judge sends through the pipe, each whether or not others failed."""
    pipe = Connection(descriptor)
    wire.send(pipe, {"started": True})
    job = wire.receive(pipe)
    _limit(job)
    hand_answers_to(lambda exercise, answer: _hand_in(pipe, exercise, answer))
    failed = asyncio.run(run_cells(job["cells"]))
    wire.send(pipe, {"end": True, "failed": failed})


async def run_cells(cells: list[str]) -> list[int]:
    """Run cells as a notebook's kernel does; return the numbers, from 1, of those that failed."""
    kernel = InProcessKernel.instance()
    IPKernelApp.instance(kernel=kernel)  # `%subshell` asks it
    shell = kernel.shell
    return [number for number, cell in enumerate(cells, 1) if not await _succeeds(shell, cell)]


async def _succeeds(shell: InteractiveShell, cell: str) -> bool:
    transformed = cell
    with contextlib.suppress(Exception):
        transformed = shell.transform_cell(cell)
    if shell.should_run_async(cell, transformed_cell=transformed):
        run = await shell.run_cell_async(cell, store_history=True, transformed_cell=transformed)
    else:
        run = shell.run_cell(cell, store_history=True)
    return run.success


def _limit(job: dict[str, Any]) -> None:
    """Set what the operating system holds this process to, and all that it starts."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: job["cpu_seconds"],
        resource.RLIMIT_DATA: job["memory"],
        resource.RLIMIT_FSIZE: MOST_BYTES_PER_FILE,
        resource.RLIMIT_NOFILE: MOST_OPEN_FILES,
    }
    if job["processes"]:
        limits[resource.RLIMIT_NPROC] = job["processes"]
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _hand_in(pipe: Connection, exercise: Any, answer: Any) -> None:
    """Send an answer, then answer the judge's questions about it until there are no more."""
    name = str(exercise)
    too_long = {"exercise": name, "answer": {"kind": "other"}}
    _send(pipe, {"exercise": name, "answer": _describe(answer)}, instead=too_long)
    while "done" not in (question := wire.receive(pipe)):
        try:
            part, arguments = question["part"], map(_argument, question["arguments"])
            asked = getattr(as_model(answer), part) if part else answer
            reply = {"result": wire.pack(asked(*arguments))}
        except BaseException as error:
            reply = {"raised": type(error).__name__, "text": error_text(error)}
        _send(pipe, reply, instead={"result": {"kind": "other"}})


def _send(pipe: Connection, message: dict[str, Any], instead: dict[str, Any]) -> None:
    try:
        wire.send(pipe, message)
    except wire.WireError:
        wire.send(pipe, instead)


def _describe(answer: Any) -> Any:
    keras = sys.modules.get("keras")
    if keras and isinstance(answer, keras.Model):
        return {"kind": "model"}
    packed = wire.pack(answer)
    if isinstance(packed, dict) and packed["kind"] == "function":
        packed["untouched"] = is_untouched(answer)
    return packed


def _argument(packed: Any) -> Any:
    if isinstance(packed, dict) and packed["kind"] == "model":
        return wire.build_model(packed)
    return wire.unpack(packed)


if __name__ == "__main__":
    main(int(sys.argv[1]))
