"""Runs the notebooks: to pages in build/ (`make run`), or to store outputs (`make outputs`)."""

import argparse
import asyncio
import atexit
from collections.abc import Callable
import contextlib
import os
from pathlib import Path
import signal
import sys
import time

from course_utils.exercises.notes import VARIABLE as NOTES
from course_utils.files import write_whole
from course_utils.imdb import load_imdb
from course_utils.live import LiveDisplay
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
import nbformat

from tools.commands import one_at_a_time, refuse, stoppable
from tools.paths import BUILD, ROOT, notebooks
from tools.processes import busy_cores, hidden_modules
from tools.publish import PublishError, duration, living
from tools.publish.contents import Lesson, lesson_of
from tools.publish.living import LIVING
from tools.publish.manuscript import prepare
from tools.publish.pages import write_index, write_page

AT_ONCE = 2
"""Notebooks that run side by side: one for each core of the smallest machine we plan for."""


class NotebookError(Exception):
    """A notebook could not be run, or wrote what must not be stored; says where and what."""


async def run_notebook(path: Path, report: Callable[[str], None]) -> nbformat.NotebookNode:
    """Run a notebook in a fresh kernel and return it with its outputs, but for those left empty.

    What it gives out depends on no student's notes beside it, and it leaves none.
    report: is told before each cell how far the run is.
    Raises NotebookError, naming the file, and the cell and the error in it.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path.name} cannot be read as a notebook: {error}") from error
    codes = _code_cells(notebook)

    def before_cell(cell: nbformat.NotebookNode, cell_index: int) -> None:
        done = sum(before.cell_type == "code" for before in notebook.cells[:cell_index])
        report(f"{path.stem} cell {min(done + 1, len(codes))}/{len(codes)}")

    client = NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=50"],
        on_notebook_start=_stop_all_on_ctrl_c,
        on_cell_start=before_cell,
    )
    try:
        await client.async_execute(env={**os.environ, NOTES: ""})
    except CellExecutionError as error:
        where = next(n for n, cell in enumerate(codes, start=1) if _failed(cell))
        raise NotebookError(
            f"{path.name}, code cell {where}, stopped with {error.ename}: {error.evalue}"
        ) from error
    except (OSError, RuntimeError, NoSuchKernel) as error:
        if asyncio.current_task().cancelling():
            raise asyncio.CancelledError from error
        # nbclient would clean up once more at the end what it has cleaned up already.
        atexit.unregister(client._cleanup_kernel)
        what = f"its Python process did not start ({error})."
        if isinstance(error, DeadKernelError):
            what = "its Python process died (often too little memory: close other programs)."
        raise NotebookError(f"{path.name}: {what}") from error
    for cell in codes:
        cell.outputs = [output for output in cell.outputs if output.get("data", True)]
    return notebook


def normalize(notebook: nbformat.NotebookNode, name: str) -> None:
    """Keep what is the same in every run: no machine's metadata.

    Raises NotebookError if a cell wrote to stderr: warnings are mended, not stored.
    """
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(_code_cells(notebook), start=1):
        for output in cell.outputs:
            if output.get("name") == "stderr":
                raise NotebookError(f"{name}, code cell {number}, wrote to stderr: {output.text}")


async def run_all(paths: list[Path], finish: Callable[[Path, nbformat.NotebookNode], str]) -> int:
    """Run notebooks side by side with progress on screen; returns how many failed.

    finish: takes a notebook that has run, and says what was written where.
    """
    display, running, slots = LiveDisplay(), {}, asyncio.Semaphore(AT_ONCE)

    def report(path: Path, line: str) -> None:
        running[path] = line
        display.show(" | ".join(running.values()))

    async def one(path: Path) -> bool:
        async with slots:
            started = time.monotonic()
            try:
                notebook = await run_notebook(path, lambda line: report(path, line))
                result = finish(path, notebook)
            except (NotebookError, PublishError) as error:
                result = NotebookError(f"{error}{_culprit(path.parent)}")
            except OSError as error:
                why = error.strerror or error
                result = NotebookError(f"{path.name} has run, but cannot be written ({why}).")
            running.pop(path, None)
            seconds = time.monotonic() - started
            display.finish(f"{path.stem:24} {seconds:4.0f} s   {result}")
            return isinstance(result, NotebookError)

    longest_first = reversed(paths)
    return sum(await asyncio.gather(*map(one, longest_first)))


def store_outputs(path: Path, notebook: nbformat.NotebookNode) -> str:
    """Put a notebook that has run in the place of the one it came from."""
    normalize(notebook, path.name)
    folder = path.parent / LIVING.name
    living.keep(notebook, folder)
    write_notebook(notebook, path)
    living.forget(folder)
    return f"outputs stored in {path.relative_to(ROOT)}"


def write_notebook(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook in one step: the old file stays whole until the new one is."""
    write_whole(path, f"{nbformat.writes(notebook)}\n".encode())


def write_as_page(path: Path, notebook: nbformat.NotebookNode) -> str:
    """Write a notebook that has run as a page in build/."""
    page = BUILD / f"{path.stem}.html"
    write_page(prepare(notebook, path), page, _readable_lessons(), home="index.html")
    return f"{page.relative_to(ROOT)}"


def main() -> int:
    """Run all notebooks; returns 1 if one failed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tools.publish.run", description=__doc__)
    parser.add_argument("--store", action="store_true", help="store the outputs in the notebooks")
    storing = parser.parse_args().store

    paths = notebooks()
    load_imdb()
    print(f"Running {len(paths)} notebooks, {AT_ONCE} at a time; this takes some minutes.")
    with stoppable("What was finished before is kept."), one_at_a_time(paths[0].parent):
        busy, started = busy_cores(), time.monotonic()
        failed = asyncio.run(run_all(paths, store_outputs if storing else write_as_page))
    seconds = time.monotonic() - started
    print(f"{len(paths) - failed} of {len(paths)} notebooks in {seconds:.0f} s.")
    if not failed:
        duration.keep(BUILD, seconds, max(busy, busy_cores()))
    if not failed and not storing:
        try:
            write_index([lesson_of(path) for path in paths], BUILD / "index.html")
        except OSError as error:
            return refuse(f"{BUILD / 'index.html'} cannot be written ({error.strerror}).", 1)
        print(f"Open {(BUILD / 'index.html').as_uri()} in a browser.")
    return int(failed > 0)


def _readable_lessons() -> list[Lesson]:
    """Return all lessons but those that cannot be published, of which their own run will tell."""
    lessons = []
    for path in notebooks():
        with contextlib.suppress(PublishError):
            lessons.append(lesson_of(path))
    return lessons


def _code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _culprit(folder: Path) -> str:
    names = hidden_modules(folder)
    hint = f" {' and '.join(names)} beside it hides a module of that name: give it another name."
    return hint if names else ""


def _stop_all_on_ctrl_c(notebook: nbformat.NotebookNode) -> None:
    """Take Ctrl-C back from nbclient, which would stop one kernel and let the others run on."""
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


def _failed(cell: nbformat.NotebookNode) -> bool:
    on_purpose = "raises-exception" in (cell.metadata.get("tags") or [])
    return not on_purpose and any(output.output_type == "error" for output in cell.outputs)


if __name__ == "__main__":
    sys.exit(main())
