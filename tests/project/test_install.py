"""The kit installs as a package anywhere, whole and alone, and its lock serves every system."""

import os
from pathlib import Path
import shutil
import subprocess
import sys
import zipfile

import pytest

from tools.paths import ROOT

SYSTEMS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
PYTHONS = ("3.11", "3.12", "3.13")

USE_IT = """
import importlib, pathlib, pkgutil, sys
sys.modules |= dict.fromkeys(["IPython", "nbformat", "distributed", "pytest"])
import course_utils
print(pathlib.Path(course_utils.__file__).parent)
modules = [one.name for one in pkgutil.walk_packages(course_utils.__path__, "course_utils.")]
for name in modules:
    importlib.import_module(name)
for name in course_utils.__all__:
    getattr(course_utils, name)
print(*sorted(modules))
reviews, labels = course_utils.load_imdb(num_words=5000)
print(len(reviews), course_utils.encode_review("a great film", num_words=5000).tolist())
print(course_utils.plot_padding({"padded": course_utils.pad_reviews(reviews[:40])}).png()[:4])
course_utils.check("2.2", 1407)
"""
"""Where to import what the workshop needs would raise ModuleNotFoundError."""


def uv(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "uv", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and from that the wheel, without a network."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("course_utils", "tools", "tests", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    offline = "--offline", "--no-build-isolation", "--python", sys.executable
    done = uv("build", *offline, "--out-dir", "dist", cwd=folder)
    assert done.returncode == 0, done.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def test_wheel_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    """No tool, test or notebook, and no picture; type checkers find the stub and the mark."""
    with zipfile.ZipFile(wheel) as file:
        names = {name for name in file.namelist() if ".dist-info/" not in name}
    package = ROOT / "course_utils"
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert names == {path.relative_to(ROOT).as_posix() for path in files}
    assert {"course_utils/__init__.pyi", "course_utils/py.typed"} <= names
    assert {Path(name).suffix for name in names} == {".py", ".pyi", ".typed", ".csv"}


def test_installed_package_needs_no_more_than_it_requires(
    wheel: Path, modules: dict[str, Path], tmp_path: Path
) -> None:
    """It works where nothing else of this project is: no Jupyter, no Dask, no pytest."""
    target = tmp_path / "a project"
    offline = "--offline", "--no-deps", "--python", sys.executable
    done = uv("pip", "install", *offline, "--target", str(target), str(wheel))
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-c", USE_IT]
    environment = {**os.environ, "PYTHONPATH": str(target)}
    printed = subprocess.check_output(command, cwd=tmp_path, env=environment, text=True)
    where, imported, loaded, drawn, checked = printed.splitlines()
    assert Path(where) == target / "course_utils"
    assert {*imported.split()} == {name for name in modules if name.startswith("course_utils.")}
    assert loaded == "25000 [1, 6, 87, 22]"
    assert drawn == r"b'\x89PNG'"
    assert checked.startswith("2.2: right.")


@pytest.mark.nightly
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_lock_resolves_for_each_system(system: str, python: str, tmp_path: Path) -> None:
    """Each locked package has a ready-made file for that system, with a hash of the lock."""
    there = "--python-platform", system, "--python-version", python, "--target", str(tmp_path)
    hashed = "--require-hashes", "--only-binary", ":all:", "-r", "requirements.lock"
    done = uv("pip", "install", "--dry-run", *hashed, *there)
    assert done.returncode == 0, done.stderr
    assert "Would install" in done.stderr


@pytest.mark.nightly
@pytest.mark.parametrize("version", PYTHONS)
def test_setup_from_nothing(version: str, tmp_path: Path) -> None:
    """In a folder whose name has blanks and letters that are not ASCII."""
    python = f"python{version}"
    if shutil.which(python) is None or subprocess.run([python, "-c", "import venv"]).returncode:
        pytest.skip(f"there is no {python} here")
    folder = tmp_path / "Übung 1 – für Zoë"
    left_out = shutil.ignore_patterns(".venv", ".git", "build", "__pycache__")
    shutil.copytree(ROOT, folder, ignore=left_out)
    made_here = ("PYTHONPATH", "MAKEFLAGS", "MAKELEVEL")
    plain = {name: value for name, value in os.environ.items() if name not in made_here}

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("make", "setup", f"PYTHON={python}")
    assert "All is as requirements.lock says" in run("make", "doctor")
    run("make", "student")
    where = "import course_utils; print(course_utils.__file__)"
    assert run(".venv/bin/python", "-c", where).strip() == f"{folder}/course_utils/__init__.py"
    assert run("make", "setup") == ""
