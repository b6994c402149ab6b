"""A lecture whose code runs: the deck, with a kernel behind its cells: `make present NB=02`."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
import os
from pathlib import Path
from secrets import token_urlsafe
import signal
import sys
from threading import Event, Thread
import time
import webbrowser

from tools.commands import refuse, stoppable
from tools.paths import BUILD
from tools.publish import PublishError
from tools.publish.decks import write_deck
from tools.publish.live_cells import LiveCells
from tools.publish.manuscript import find, read
from tools.publish.talk import talk

TALKS = BUILD / "present"
PAUSE = 0.1
"""Seconds between two pieces of news; what comes faster goes together."""
ROOT_REFUSED = (
    "A live talk does not start as root: run make as an ordinary user, or, in a container of your "
    "own, .venv/bin/python -m tools.publish.live_talk --allow-root "
)


class _Handler(BaseHTTPRequestHandler):
    """Gives out the deck, runs its cells, and tells of their outputs, to who knows the token."""

    def __init__(self, *args: object, deck: Path, cells: LiveCells, token: str) -> None:
        self.deck, self.cells, self.token = deck, cells, token
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with the deck, or with news as long as the deck is open."""
        match self._asked():
            case "":
                self._answer(HTTPStatus.OK, self.deck.read_bytes())
            case "events":
                self._send_news()

    def do_POST(self) -> None:
        """Run a cell, or stop it."""
        asked = self._asked()
        if asked is None:
            return
        length = int(self.headers.get("Content-Length", 0))
        try:
            match asked, json.loads(self.rfile.read(length)):
                case "run", {"cell": str(cell), "source": str(source)}:
                    self.cells.run(cell, source)
                case "stop", {"cell": str(cell)}:
                    self.cells.stop(cell)
                case _:
                    return self._answer(HTTPStatus.BAD_REQUEST)
        except (ValueError, KeyError):
            return self._answer(HTTPStatus.BAD_REQUEST)
        self._answer(HTTPStatus.OK)

    def _asked(self) -> str | None:
        """Return what is asked for, below the token; refuse who lacks it, or another site's page.

        A page of another site can send requests here, also under a name of its own for this
        machine; then Host or Origin is not ours.
        """
        here = {f"{name}:{self.server.server_port}" for name in ("127.0.0.1", "localhost")}
        host, origin = self.headers.get("Host"), self.headers.get("Origin")
        _, token, *rest = self.path.partition("?")[0].split("/", 2)
        known = compare_digest(token.encode(), self.token.encode()) and rest
        if host not in here or origin not in (None, f"http://{host}") or not known:
            return self._answer(
                HTTPStatus.FORBIDDEN, b"Open the address that make present printed."
            )
        return rest[0]

    def _send_news(self) -> None:
        self._begin(HTTPStatus.OK, "text/event-stream")
        known = 0
        try:
            while not self.cells.ended:
                known, news = self.cells.news(known, seconds=5)
                lines = [f"data: {json.dumps(one)}\n\n" for one in news] or [": still here\n\n"]
                self.wfile.write("".join(lines).encode())
                time.sleep(PAUSE)
        except OSError:  # the deck was closed
            pass

    def _answer(self, status: HTTPStatus, content: bytes = b"") -> None:
        self._begin(status, "text/html; charset=utf-8")
        self.wfile.write(content)

    def _begin(self, status: HTTPStatus, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def log_message(self, *message: object) -> None:
        """Keep the terminal for what the lecturer should read."""


@contextmanager
def open_talk(path: Path, folder: Path = TALKS) -> Iterator[str]:
    """Serve a notebook as a live deck at 127.0.0.1, with a kernel; yields its address.

    path: the notebook; folder: where the deck is written. At the end server and kernel end.
    Raises PublishError if the notebook makes no deck.
    """
    notebook = read(path)
    deck = folder / f"{path.stem}.html"
    write_deck(notebook, deck, live=True)
    cells = LiveCells(talk(notebook, path.name), path.parent)
    token = token_urlsafe(24)
    handler = partial(_Handler, deck=deck, cells=cells, token=token)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    cells.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{token}/"
    finally:
        cells.end()
        server.shutdown()
        server.server_close()


def main() -> int:
    """Show a lecture until Ctrl-C; returns 2 if there is no such notebook, 1 to root."""
    parser = argparse.ArgumentParser(prog="python -m tools.publish.live_talk", description=__doc__)
    parser.add_argument("number", help="of the notebook, such as 02")
    parser.add_argument("--allow-root", action="store_true", help="run as root all the same")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    arguments = parser.parse_args()
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not arguments.allow_root:
        return refuse(ROOT_REFUSED + arguments.number, exit_code=1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with stoppable(), open_talk(find(arguments.number)) as address:
            print(f"{address} is the lecture; Ctrl-C ends it.", flush=True)
            if not arguments.no_browser:
                webbrowser.open(address)
            Event().wait()
    except PublishError as problem:
        return refuse(problem)
    return 0


if __name__ == "__main__":
    sys.exit(main())
