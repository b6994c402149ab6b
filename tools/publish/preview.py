"""A notebook's page and deck in an open browser, anew at each save: `make preview NB=02`."""

import argparse
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
import json
from pathlib import Path
import sys
from threading import Condition, Thread
import time
import webbrowser

from tools.commands import refuse, stoppable
from tools.paths import BUILD
from tools.publish import PublishError
from tools.publish.decks import write_deck
from tools.publish.manuscript import find, read
from tools.publish.pages import write_page, write_template

PREVIEW = BUILD / "preview"
LOOK_EVERY = 0.2
"""Seconds between two looks at the notebook's time of change."""
PORT = 8001


class Preview:
    """A notebook's page and deck in a folder, and what stands in their way."""

    def __init__(self, path: Path, folder: Path = PREVIEW) -> None:
        """path: the notebook; folder: where page, deck and their frame are written."""
        self.path, self.folder = path, folder
        self.problems: list[str] = []
        self.version = 0
        self.changed = Condition()
        self._seen = 0.0
        write_template(folder / "index.html", "preview.html.j2", name=path.stem)

    def look(self) -> bool:
        """Write page and deck anew if the notebook was saved since the last look; say if it was."""
        saved = self.path.stat().st_mtime_ns if self.path.exists() else 0
        if saved == self._seen:
            return False
        self._seen = saved
        self.problems = self._write()
        with self.changed:
            self.version += 1
            self.changed.notify_all()
        return True

    def wait(self, known: int, seconds: float) -> bool:
        """Wait until there is a newer version than the known one; say if there is."""
        with self.changed:
            return self.changed.wait_for(lambda: self.version > known, seconds)

    def _write(self) -> list[str]:
        """Write page and deck; each is left as it was if something stands in its way."""
        try:
            notebook = read(self.path)
        except PublishError as problem:
            return [str(problem)]
        problems = {}
        for write, kind in ((write_page, "page"), (write_deck, "deck")):
            try:
                write(notebook, self.folder / kind / f"{self.path.stem}.html")
            except PublishError as problem:
                problems[str(problem)] = None
        return list(problems)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the folder of a preview, and tells an open page of each new version."""

    def __init__(self, *args: object, preview: Preview) -> None:
        self.preview = preview
        super().__init__(*args, directory=str(preview.folder))

    def do_GET(self) -> None:
        if self.path != "/events":
            return super().do_GET()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told = 0
        try:
            while True:
                line = ": still here"
                if self.preview.wait(told, seconds=5):
                    told = self.preview.version
                    line = f"data: {json.dumps(self.preview.problems)}"
                self.wfile.write(f"{line}\n\n".encode())
        except OSError:  # the page was closed
            return None

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *message: object) -> None:
        """Keep the terminal for what the author should read."""


def serve(preview: Preview, port: int = PORT) -> ThreadingHTTPServer:
    """Serve a preview at 127.0.0.1 from a thread; port 0 takes any that is free.

    Raises OSError if the port is taken.
    """
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, preview=preview))
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> int:
    """Show page and deck until Ctrl-C; returns 2 if there is no such notebook or no port."""
    parser = argparse.ArgumentParser(prog="python -m tools.publish.preview", description=__doc__)
    parser.add_argument("number", help="of the notebook, such as 02")
    parser.add_argument("--port", type=int, default=PORT)
    arguments = parser.parse_args()
    try:
        preview = Preview(find(arguments.number))
        server = serve(preview, arguments.port)
    except PublishError as problem:
        return refuse(problem)
    except OSError as problem:
        return refuse(
            f"Port {arguments.port} cannot be used ({problem.strerror}): name another one, as in "
            "PORT=8002."
        )
    address = f"http://127.0.0.1:{server.server_port}/"
    print(f"{address} shows {preview.path.name} as it was saved last; Ctrl-C ends it.")
    with stoppable():
        preview.look()
        webbrowser.open(address)
        while True:
            time.sleep(LOOK_EVERY)
            if preview.look():
                print(time.strftime("%H:%M:%S"), "; ".join(preview.problems) or "made anew")


if __name__ == "__main__":
    sys.exit(main())
