"""Nothing is unpickled or evaluated, and nobody else reaches what the kit starts."""

import ast
from collections.abc import Iterator
import os
from pathlib import Path
import subprocess
import sys
import time
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest

from tools.cluster import LOCAL_CLUSTER
from tools.paths import NOTEBOOKS

FORBIDDEN_MODULES = {"pickle", "shelve", "marshal", "dill", "joblib", "cloudpickle"}
FORBIDDEN_CALLS = {"eval", "exec", "load_model"}
FORBIDDEN_ARGUMENTS = {"allow_pickle", "shell"}


def forbidden(node: ast.AST) -> set[str]:
    """Return what of a node of the syntax tree is forbidden."""
    match node:
        case ast.Import(names=names):
            return {name.name.split(".")[0] for name in names} & FORBIDDEN_MODULES
        case ast.ImportFrom(module=module):
            return {module.split(".")[0]} & FORBIDDEN_MODULES
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), keywords=keywords):
            arguments = {keyword.arg for keyword in keywords}
            return {name} & FORBIDDEN_CALLS | arguments & FORBIDDEN_ARGUMENTS
    return set()


def test_nothing_is_unpickled_or_evaluated(modules: dict[str, Path]) -> None:
    """But for the assertions of our own notebooks, which are tried on the sweep."""
    found = {
        (module, what)
        for module, path in modules.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for what in forbidden(node)
    }
    assert found == {("tools.verify.claims", "exec")}


def test_dask_listens_on_this_machine_only() -> None:
    assert LOCAL_CLUSTER["host"] == "127.0.0.1"
    assert LOCAL_CLUSTER["dashboard_address"].startswith("127.0.0.1:")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[psutil.Process]:
    """Start JupyterLab as `make lab` does, but on a free port and without opening a browser."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--allow-root"]
    process = subprocess.Popen(
        [*command, str(NOTEBOOKS)],
        env={**os.environ, "HOME": str(tmp_path), "JUPYTER_PREFER_ENV_PATH": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield psutil.Process(process.pid)
    process.kill()
    process.wait()


def test_lab_is_for_this_machine_and_its_token(lab: psutil.Process) -> None:
    addresses = []
    for _ in range(600):
        connections = lab.net_connections("tcp")
        addresses = [one.laddr for one in connections if one.status == psutil.CONN_LISTEN]
        if addresses:
            break
        time.sleep(0.1)
    assert {address.ip for address in addresses} <= {"127.0.0.1", "::1"}
    (port,) = {address.port for address in addresses}
    with pytest.raises(HTTPError, match="403"):
        urlopen(f"http://127.0.0.1:{port}/api/contents", timeout=60)
