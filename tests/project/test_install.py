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
course_utils.hint("2.2")
course_utils.solution("2.2")
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
    assert {Path(name).suffix for name in names} == {
        *(".py", ".pyi", ".typed", ".csv", ".toml", ".json", ".js", ".css")
    }


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
    where, imported, loaded, drawn, checked, hinted, *solution = printed.splitlines()
    assert Path(where) == target / "course_utils"
    assert {*imported.split()} == {name for name in modules if name.startswith("course_utils.")}
    assert loaded == "25000 [1, 6, 87, 22]"
    assert drawn == r"b'\x89PNG'"
    assert checked.startswith("2.2: right.")
    assert hinted.startswith("2.2, hint 1 of 3: ")
    assert solution[-1] == 'check("2.2", reviews_needed)'


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


STAND_IN = f"""#!/bin/sh
case "$*" in
    *version_info*) ;;
    --version) echo Python 3.12.0 ;;
    -) exec '{sys.executable}' - ;;
    "-m venv "*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    *install*)
        env > variables
        echo "$*" >> options
        sleep "$SLOW"
        if [ "$SAYS" ]; then echo "$SAYS" >&2; exit 1; fi ;;
esac
"""
"""A Python that installs nothing: it writes down how it was asked, and fails if it has words."""
MOVING = (
    *("UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "UV_NO_BINARY", "UV_TARGET"),
    *("PIP_TARGET", "PIP_USER", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_no_deps"),
    *("CONDA_PREFIX", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE"),
)
"""Variables that name another place to install into, or have parts left out."""
WAY_THERE = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT", "PIP_PROXY")
WAY_THERE += ("UV_DEFAULT_INDEX", "UV_INDEX_OURS_PASSWORD", "PIP_RETRIES", "PIP_CONFIG_FILE")


@pytest.fixture
def stand_in(tmp_path: Path) -> dict[str, object]:
    """Return how to start setup.sh in a folder of its own, with a Python that installs nothing."""
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    python = tmp_path / "bin with blank/python"
    python.parent.mkdir()
    python.write_text(STAND_IN)
    python.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "PYTHON": str(python), "SAYS": "", "SLOW": "0"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return {"args": ["sh", ROOT / "tools/setup.sh"], "cwd": tmp_path, "env": environment, **pipes}


def test_no_variable_moves_the_installation(stand_in: dict, tmp_path: Path) -> None:
    """Only the way to the packages is taken from the environment."""
    stand_in["env"] |= dict.fromkeys([*MOVING, *WAY_THERE], "/elsewhere")
    done = subprocess.run(**stand_in)
    assert (done.returncode, done.stderr) == (0, "")
    seen = {line.split("=")[0] for line in (tmp_path / "variables").read_text().splitlines()}
    assert seen & {*MOVING} == set()
    assert seen >= {*WAY_THERE}
    for options in (tmp_path / "options").read_text().splitlines():
        assert "--python .venv/bin/python " in options
        inside = f"--no-user --target= --root=/ --prefix={tmp_path}/.venv "
        assert inside in options or options.startswith("-m uv pip ")


@pytest.mark.parametrize(
    ("says", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full: make 3 GB free"),
        ("OSError: [Errno 122] Disk quota exceeded", "The disk is full: make 3 GB free"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "The package index gave another file"),
        ("error: Hash mismatch for `numpy==2.4.0`", "The package index gave another file"),
        ("[Errno 13] Permission denied: '/x/.venv'", "Make the folder that they name writable"),
        ("ERROR: No matching distribution found for uv", "Once the package index can be reached"),
        ("ConnectionError: timed out", "Once the package index can be reached"),
        ("Illegal instruction", "Mend what they say"),
    ],
)
def test_failed_setup_says_what_happened(
    says: str, advice: str, stand_in: dict, tmp_path: Path
) -> None:
    """The last word fits the cause, and nothing half-written stays."""
    stand_in["env"]["SAYS"] = says
    done = subprocess.run(**stand_in)
    assert done.returncode == 1
    assert says in done.stderr
    last = done.stderr.split("Nothing works without them yet.\n")[1]
    assert last.startswith(advice)
    assert "run the same command again" in " ".join(last.split())
    assert not (tmp_path / ".venv").exists()


def test_second_setup_waits_for_the_first(stand_in: dict, tmp_path: Path) -> None:
    """And then finds all done."""
    stand_in["env"]["SLOW"] = "1"
    first = subprocess.Popen(**stand_in)
    started = first.stdout.readline()
    second = subprocess.run(**stand_in)
    assert started.startswith("Installing ")
    assert first.communicate()[0].endswith("Installed into .venv.\n")
    waiting = "Another make is installing into this folder: waiting for it ...\n"
    assert (second.returncode, second.stdout, second.stderr) == (0, waiting, "")
    assert len((tmp_path / "options").read_text().splitlines()) == 3


def test_stopped_setup_leaves_nothing(stand_in: dict, tmp_path: Path) -> None:
    stand_in["env"]["SLOW"] = "2"
    setup = subprocess.Popen(**stand_in)
    assert setup.stdout.readline().startswith("Installing ")
    setup.terminate()
    assert setup.wait() == 143
    assert not (tmp_path / ".venv").exists()


@pytest.mark.nightly
@pytest.mark.parametrize("version", PYTHONS)
def test_setup_from_nothing(version: str, tmp_path: Path) -> None:
    """In a folder whose name has blanks and letters that are not ASCII; variables mislead."""
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

    moving = {name: str(tmp_path / "moved") for name in MOVING}
    run("env", *map("=".join, moving.items()), "make", "setup", f"PYTHON={python}")
    assert not (tmp_path / "moved").exists()
    assert "All is as requirements.lock says" in run("make", "doctor")
    run("make", "student")
    where = "import course_utils; print(course_utils.__file__)"
    assert run(".venv/bin/python", "-c", where).strip() == f"{folder}/course_utils/__init__.py"
    assert run("make", "setup") == ""
