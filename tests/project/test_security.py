"""Nothing is unpickled or evaluated, and nobody else reaches what the kit starts."""

import os
from pathlib import Path
import re
import subprocess
import time
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest

from tools.cluster import LOCAL_CLUSTER
from tools.paths import NOTEBOOKS
from tools.publish.lab import command as lab_command

FORBIDDEN = re.compile(
    r"\b(?:pickle|shelve|marshal|dill|joblib|cloudpickle)\b"
    r"|\b(?:eval|exec|load_model)\("
    r"|\b(?:allow_pickle|shell)="
)


def test_nothing_is_unpickled_or_evaluated(modules: dict[str, Path]) -> None:
    """But for the assertions of our own notebooks, which are tried on the sweep."""
    found = {
        (module, what)
        for module, path in modules.items()
        for what in FORBIDDEN.findall(path.read_text(encoding="utf-8"))
    }
    assert found == {("tools.verify.claims", "exec(")}


def test_dask_listens_on_this_machine_only() -> None:
    assert LOCAL_CLUSTER["host"] == "127.0.0.1"
    assert LOCAL_CLUSTER["dashboard_address"].startswith("127.0.0.1:")


def test_lab_is_for_this_machine_and_its_token(tmp_path: Path) -> None:
    """Started as by `make lab`, but on a free port and without opening a browser."""
    command = [*lab_command(NOTEBOOKS), "--no-browser", "--port=0", "--allow-root"]
    environment = {**os.environ, "HOME": str(tmp_path), "JUPYTER_PREFER_ENV_PATH": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with psutil.Popen(command, env=environment, **quiet) as lab:
        try:
            addresses = set()
            deadline = time.monotonic() + 60
            while not addresses and time.monotonic() < deadline:
                time.sleep(0.1)
                sockets = lab.net_connections("tcp")
                addresses = {one.laddr for one in sockets if one.status == psutil.CONN_LISTEN}
            assert {address.ip for address in addresses} <= {"127.0.0.1", "::1"}
            (port,) = {address.port for address in addresses}
            with pytest.raises(HTTPError, match="403"):
                urlopen(f"http://127.0.0.1:{port}/api/contents", timeout=60)
        finally:
            lab.kill()
