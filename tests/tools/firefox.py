"""Firefox without a window, asked by its own remote protocol, Marionette: a second engine."""

from base64 import b64decode
from collections.abc import Iterator
import contextlib
import json
from pathlib import Path
import shutil
import socket
import subprocess
import tempfile
import time
from typing import Any

SECONDS_TO_START = 60
PREFERENCES = {
    "marionette.port": 0,
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,
    "network.proxy.socks_remote_dns": True,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
"""No name resolves: all goes to a proxy that is not there."""


class Firefox:
    """One tab of a running Firefox."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._reader = self._socket.makefile("rb")
        self._sent = 0
        self._receive()
        self._ask("WebDriver:NewSession", {})

    def open(self, address: str) -> None:
        """Open an address and wait until it is loaded."""
        self._ask("WebDriver:Navigate", {"url": address})

    def evaluate(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page; a promise is waited for."""
        body = f"return (async function () {{ {script} }}).apply(null, arguments)"
        parameters = {"script": body, "args": arguments, "newSandbox": False}
        return self._ask("WebDriver:ExecuteScript", parameters)["value"]

    def press(self, key: str) -> None:
        """Press a key: a letter, or WebDriver's code of another one."""
        strokes = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keys", "actions": strokes}]
        self._ask("WebDriver:PerformActions", {"actions": actions})

    def print(self) -> bytes:
        """Return the page as a PDF."""
        return b64decode(self._ask("WebDriver:Print", {"background": True})["value"])

    def _ask(self, command: str, parameters: dict) -> Any:
        self._sent += 1
        message = json.dumps([0, self._sent, command, parameters])
        self._socket.sendall(f"{len(message.encode())}:{message}".encode())
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return result

    def _receive(self) -> Any:
        digits = b""
        while (sign := self._reader.read(1)) != b":":
            digits += sign
        return json.loads(self._reader.read(int(digits)))


@contextlib.contextmanager
def open_firefox() -> Iterator[Firefox]:
    """Start Firefox with an empty profile that reaches no network; FileNotFoundError without it."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        raise FileNotFoundError("Firefox is not installed: apt-get install firefox-esr.")
    with tempfile.TemporaryDirectory(prefix="firefox-") as folder:
        profile = Path(folder)
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        command = [program, "--headless", "--marionette", "--no-remote", "--profile", folder]
        environment = {"HOME": folder, "MOZ_HEADLESS": "1", "PATH": "/usr/bin:/bin"}
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
            try:
                yield Firefox(_port(profile / "MarionetteActivePort"))
            finally:
                process.terminate()


def _port(path: Path) -> int:
    started = time.monotonic()
    while time.monotonic() - started < SECONDS_TO_START:
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            return int(text)
        time.sleep(0.1)
    raise TimeoutError(f"Firefox did not start within {SECONDS_TO_START} s.")
