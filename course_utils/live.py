"""One place on the screen that is written again and again, in a notebook or a terminal."""

import sys


def in_notebook() -> bool:
    """Return whether this code runs in a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")


def put_in_next_cell(code: str) -> None:
    """Write code into a new cell below the one that runs; only in a notebook."""
    sys.modules["IPython"].get_ipython().set_next_input(code)


class LiveDisplay:
    """A line or a table that replaces itself while something takes long.

    In a notebook it is one output of the cell, in a terminal one line on stderr. Where stderr is a
    file, no progress is written; with `log` all lines are, one below the other.
    """

    def __init__(self, log: bool = False) -> None:
        self._notebook, self._log, self._handle = in_notebook(), log, None

    def show(self, line: str, html: str | None = None) -> None:
        """Replace what is shown: `line` in a terminal, `html` (or the line) in a notebook."""
        if self._notebook:
            self._replace({"text/plain": line, "text/html": html or f"<pre>{line}</pre>"})
        elif sys.stderr.isatty():
            print(f"\r\x1b[2K{line}", end="", file=sys.stderr, flush=True)
        elif self._log:
            print(line, file=sys.stderr, flush=True)

    def finish(self, text: str = "", html: str | None = None) -> None:
        """Leave `text` (in a notebook its `html`) on screen for good; by default nothing."""
        if self._notebook:
            if text:
                self._replace({"text/plain": text, "text/html": html or f"<pre>{text}</pre>"})
            elif self._handle:
                self._replace({})
            return
        if sys.stderr.isatty():
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
        if text:
            print(text)

    def _replace(self, bundle: dict[str, str]) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)
