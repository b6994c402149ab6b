"""The cells of a live talk: run in a kernel when the lecturer asks, each after what it needs.

Before that, in the background, runs what the cells on slides need; most others never run at all.
"""

import asyncio
from collections import deque
from collections.abc import Callable
import copy
import os
from pathlib import Path
import re
from threading import Condition, Thread

from course_utils.exercises.notes import VARIABLE as NOTES
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
import nbformat
from nbformat.v4 import new_output

from tools.publish.listings import code_html
from tools.publish.live_slides import full_source, is_shown, news_html, sentence
from tools.publish.needed import names_of, needed

DIED = "Its Python process ended, most often for too little memory; a new one runs: try again."

OVERWRITTEN = re.compile(r"^.*\r(?=[^\r\n])", re.MULTILINE)
"""The part of a line that a carriage return takes back."""


class LiveCells:
    """The code cells of a talk, what each shows now, and the kernel that they run in."""

    def __init__(self, talk: nbformat.NotebookNode, folder: Path) -> None:
        """talk: the notebook as it is presented; folder: where its cells run."""
        self.cells = [cell for cell in talk.cells if cell.cell_type == "code"]
        self.stored = copy.deepcopy(self.cells)
        self.names = [names_of(cell.source) for cell in self.cells]
        self.places = {cell.id: place for place, cell in enumerate(self.cells)}
        self.shown = [place for place, cell in enumerate(self.cells) if is_shown(cell)]
        self.folder, self.prepared, self.problem, self.ended = folder, 0, "", False
        self.changed = Condition()
        self._version, self._versions = 1, {}
        self._states, self._code, self._waiting = {}, {}, deque()
        self._ran, self._binders = set(), {}
        self._loop, self._wake = asyncio.new_event_loop(), asyncio.Event()
        self._client, self._busy = None, False
        self._worker = Thread(target=lambda: self._loop.run_until_complete(self._work()))

    def start(self) -> None:
        """Start the kernel, and prepare what the slides need."""
        self._worker.start()

    def run(self, name: str, shown: str) -> None:
        """Let a cell run, with the code that its slide shows now; raises KeyError if it has none.

        name: the cell's id.
        """
        place = self.places[name]
        with self.changed:
            if place not in self.shown:
                raise KeyError(name)
            if self._states.get(place) not in ("waiting", "running"):
                self.cells[place].source = full_source(self.stored[place], shown)
                self._code[place] = code_html(shown)
                self._waiting.append(place)
                self._tell(place, "waiting")
                self._loop.call_soon_threadsafe(self._wake.set)

    def stop(self, name: str) -> None:
        """Stop a cell that runs, or forget that it waits; raises KeyError if there is none."""
        place = self.places[name]
        with self.changed:
            if place in self._waiting:
                self._waiting.remove(place)
                self._tell(place, "done")
            elif self._states.get(place) == "running":
                asyncio.run_coroutine_threadsafe(self._client.km.interrupt_kernel(), self._loop)

    def news(self, known: int, seconds: float) -> tuple[int, list[dict]]:
        """Wait for something newer than a known version; return the version, and what is new."""
        with self.changed:
            self.changed.wait_for(lambda: self._version > known or self.ended, seconds)
            if self._version == known:
                return known, []
            places = [place for place, version in self._versions.items() if version > known]
            cells = [(copy.deepcopy(self.cells[place]), self._states[place]) for place in places]
            news = [{"prepared": self.prepared, "of": len(self.shown), "problem": self.problem}]
            version = self._version
        for place, (cell, state) in zip(places, cells, strict=True):
            news.append({"cell": cell.id, "state": state})
            if cell.source != self.stored[place].source:
                news[-1]["code"] = self._code[place]
            if state != "waiting":
                news[-1]["html"] = news_html(cell, self.stored[place])
        return version, news

    def end(self) -> None:
        """End the kernel, whatever it does."""
        with self.changed:
            self.ended = True
            self.changed.notify_all()
        self._loop.call_soon_threadsafe(self._wake.set)
        if self._busy:
            kill = self._client.km.provisioner.kill()
            asyncio.run_coroutine_threadsafe(kill, self._loop)
        self._worker.join()
        self._loop.close()

    def _tell(self, place: int | None = None, state: str = "") -> None:
        """Make a new version, for those who wait for news; of a cell, if it has a state."""
        with self.changed:
            self._version += 1
            if place is not None:
                self._states[place] = state or self._states[place]
                self._versions[place] = self._version
            self.changed.notify_all()

    async def _work(self) -> None:
        while not self.ended:
            self._client = _Client(self.cells, self.changed, self._heard)
            try:
                async with self._client.async_setup_kernel(
                    cwd=str(self.folder), env={**os.environ, NOTES: ""}
                ):
                    await self._serve()
            except DeadKernelError:
                self._forget_all()
            except (OSError, RuntimeError, NoSuchKernel) as error:
                self.problem = f"Its Python process did not start ({error})."
                self.prepared = len(self.shown)
                self._tell()
                await self._asked()

    async def _serve(self) -> None:
        """Prepare what the slides need, one after the other; what is asked for goes first."""
        while not self.ended:
            if self._waiting:
                await self._answer()
            elif self.prepared < len(self.shown):
                await self._prepare(self.shown[self.prepared])
            else:
                await self._asked()

    async def _asked(self) -> None:
        """Wait until the lecturer wants something."""
        await self._wake.wait()
        self._wake.clear()

    async def _prepare(self, place: int) -> None:
        """Run what a cell on a slide needs; what stands in its way is told at once."""
        try:
            if error := await self._bring_up_to_date(place):
                self.problem = f"{self.cells[place].id}: {sentence(error)}"
        finally:
            self.prepared += 1
            self._tell()

    async def _answer(self) -> None:
        """Run the cell that waits longest, after what it needs."""
        with self.changed:
            place = self._waiting.popleft()
            self._tell(place, "running")
        self.names[place] = names_of(self.cells[place].source)
        if error := await self._bring_up_to_date(place):
            self.cells[place].outputs = [error]
        else:
            await self._run(place)
        self._tell(place, "done")

    async def _bring_up_to_date(self, place: int) -> nbformat.NotebookNode | None:
        """Run what a cell needs, from the first that has not run, or whose names others bound.

        Returns the error of one that failed.
        """
        before = needed(self.names[:place], self.names[place])
        binders = {name: cell for cell in before for name in self.names[cell].binds}
        old = [cell for cell in before if cell not in self._ran or self._is_hidden(cell, binders)]
        for cell in before[before.index(old[0]) :] if old else []:
            if error := await self._run(cell):
                where = f"The cell {self.cells[cell].id}, which it needs, failed"
                return new_output("error", ename=error.ename, evalue=f"{where} – {error.evalue}")
        return None

    def _is_hidden(self, cell: int, binders: dict[str, int]) -> bool:
        """Return whether another cell has bound a name since that should be this cell's."""
        names = self.names[cell].binds
        return any(binders[name] == cell != self._binders.get(name) for name in names)

    async def _run(self, place: int) -> nbformat.NotebookNode | None:
        """Run a cell; returns its error, if it raised one."""
        cell = self.cells[place]
        self._busy = True
        if self.ended:
            raise DeadKernelError("The lecture has ended.")
        await self._client.async_execute_cell(cell, place)
        self._busy = False
        error = next((one for one in cell.outputs if one.output_type == "error"), None)
        if not error:
            self._ran.add(place)
            self._binders |= dict.fromkeys(self.names[place].binds, place)
        return error

    def _heard(self, place: int) -> None:
        """Tell what a cell gives out while it runs, if it was asked for."""
        if self._states.get(place) == "running":
            self._tell(place)

    def _forget_all(self) -> None:
        """Take note that the kernel is gone, with all that ran in it."""
        self._ran, self._binders, self._busy = set(), {}, False
        for place, state in self._states.items():
            if state == "running":
                self.cells[place].outputs = [new_output("error", ename="", evalue=DIED)]
                self._tell(place, "done")


class _Client(NotebookClient):
    """Runs cells, and tells of each message that may change what one shows."""

    def __init__(
        self, cells: list[nbformat.NotebookNode], lock: Condition, heard: Callable[[int], None]
    ) -> None:
        super().__init__(
            nbformat.v4.new_notebook(cells=cells),
            timeout=None,
            allow_errors=True,
            kernel_name="python3",
            coalesce_streams=True,
            shutdown_kernel="immediate",
            extra_arguments=["--IPKernelApp.log_level=50"],
        )
        self.nb.cells = cells
        self.lock, self.heard = lock, heard

    def output(
        self, outs: list, msg: dict, display_id: str, cell_index: int
    ) -> nbformat.NotebookNode | None:
        """Take an output as nbclient does; what is printed goes on where the last text ended."""
        last, content = outs[-1] if outs else {}, msg["content"]
        goes_on = msg["msg_type"] == last.get("output_type") == "stream"
        if goes_on and last.name == content["name"] and not self.clear_before_next_output:
            last.text = OVERWRITTEN.sub("", last.text + content["text"])
            return last
        return super().output(outs, msg, display_id, cell_index)

    def process_message(self, msg: dict, cell: nbformat.NotebookNode, cell_index: int) -> object:
        """Take a message of the kernel as nbclient does, and tell of it."""
        with self.lock:
            try:
                return super().process_message(msg, cell, cell_index)
            finally:
                self.heard(cell_index)
