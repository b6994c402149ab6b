"""The kit installs as a package anywhere, typed, and its lock serves every system."""

import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

import course_utils
from hypothesis import settings
import pytest
import yaml

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "course_utils"
SYSTEMS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
)
PYTHONS = ("3.11", "3.12", "3.13")

USE_IT = """
import sys, importlib.metadata, pathlib
{block}
import course_utils
from course_utils import checks, cache, encode_review, load_imdb, lecture_split
print(pathlib.Path(course_utils.__file__).parent)
reviews, labels = load_imdb(num_words=5000)
print(len(reviews), encode_review("a great film", num_words=5000).tolist())
course_utils.check("2.2", 1407)
for name in {names}:
    getattr(course_utils, name)
"""
EVERY_NAME = "course_utils.__all__"
BLOCK_WHAT_IS_NOT_REQUIRED = """
from packaging.requirements import Requirement
required = set()
def require(line):
    requirement = Requirement(line)
    name = requirement.name.lower().replace("_", "-")
    if name in required or requirement.marker and not requirement.marker.evaluate({"extra": ""}):
        return
    required.add(name)
    for line in importlib.metadata.requires(name) or ():
        require(line)
for line in importlib.metadata.requires("course-utils"):
    require(line)
providers = importlib.metadata.packages_distributions()
class Blocked:
    def find_spec(self, name, path=None, target=None):
        of = {one.lower().replace("_", "-") for one in providers.get(name, ())}
        if of and not of & {*required, "course-utils"}:
            raise ModuleNotFoundError(f"{name} is not required by course-utils", name=name)
sys.meta_path.insert(0, Blocked())
"""


def uv(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "uv", *arguments], cwd=cwd, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build source archive and wheel without a network, from the files that Git keeps."""
    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(PACKAGE, folder / "course_utils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    offline = "--offline", "--no-build-isolation", "--python", sys.executable
    done = uv("build", *offline, "--out-dir", "dist", cwd=folder)
    assert done.returncode == 0, done.stderr
    (archive,) = (folder / "dist").glob("*.tar.gz")
    (wheel,) = (folder / "dist").glob("*.whl")
    return archive, wheel


def files_of_the_package() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_wheel_and_archive_hold_the_whole_package(built: tuple[Path, Path]) -> None:
    archive, wheel = built
    with zipfile.ZipFile(wheel) as file:
        in_wheel = {name for name in file.namelist() if name.startswith("course_utils/")}
    with tarfile.open(archive) as file:
        in_archive = {name.split("/", 1)[1] for name in file.getnames()}
    assert in_wheel == files_of_the_package()
    assert in_wheel <= in_archive
    assert "course_utils/py.typed" in in_wheel
    assert {"pyproject.toml", "README.md", "LICENSE"} <= in_archive


@pytest.mark.parametrize(("kind", "names"), [("archive", "()"), ("wheel", EVERY_NAME)])
def test_installed_package_needs_no_more_than_it_requires(
    built: tuple[Path, Path], kind: str, names: str, tmp_path: Path
) -> None:
    """It works where nothing else of this project is: no Jupyter, no Dask, no pytest."""
    package = built[kind == "wheel"]
    offline = "--offline", "--no-deps", "--no-build-isolation"
    target = tmp_path / "a project"
    done = uv(
        "pip",
        "install",
        *offline,
        "--python",
        sys.executable,
        "--target",
        str(target),
        str(package),
    )
    assert done.returncode == 0, done.stderr
    run = subprocess.run(
        [sys.executable, "-c", USE_IT.format(block=BLOCK_WHAT_IS_NOT_REQUIRED, names=names)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    where, loaded, checked = run.stdout.splitlines()
    assert Path(where) == target / "course_utils"
    assert loaded == "25000 [1, 6, 87, 22]"
    assert checked.startswith("2.2: right.")


def test_type_checkers_see_every_name_where_it_comes_from() -> None:
    stub = (PACKAGE / "__init__.pyi").read_text(encoding="utf-8")
    seen = re.findall(r"^from course_utils\.(\w+) import (\w+) as \2$", stub, re.MULTILINE)
    assert {name: module for module, name in seen} == course_utils._MODULE_OF


# The lock


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


def test_environment_is_the_lock_and_nothing_else() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, packages = environment["dependencies"]
    assert python.removeprefix("python=") in PYTHONS
    assert pip == "pip"
    assert packages == {"pip": ["-r requirements.lock"]}


# Hosted checks


def test_hosted_checks_do_what_ci_run_does() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == list(PYTHONS)
    commands = {name: [step.get("run") for step in job["steps"]] for name, job in jobs.items()}
    assert commands["test"][-1] == ".ci/run"
    assert commands["nightly"][-1] == "make nightly"
    assert workflow["permissions"] == {"contents": "read"}


def test_what_make_test_leaves_out_is_run_elsewhere() -> None:
    runs = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert [line for line in runs if line.startswith("make ")] == ["make test", "make test-ci"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m ci tests" in makefile
    assert '-m "nightly or properties" tests' in makefile


def test_profiles_try_200_and_10_000_cases() -> None:
    assert settings.get_profile("test").max_examples == 200
    assert settings.get_profile("nightly").max_examples == 10_000


# From nothing


def pythons_here() -> list[str]:
    found = [shutil.which(f"python{version}") for version in PYTHONS]
    return [python for python in found if python and _runs(python)]


def _runs(python: str) -> bool:
    return subprocess.run([python, "-c", "import venv"], capture_output=True).returncode == 0


@pytest.mark.nightly
@pytest.mark.parametrize("python", pythons_here())
def test_setup_from_nothing(python: str, tmp_path: Path) -> None:
    """In a folder whose name has blanks and letters that are not ASCII."""
    folder = tmp_path / "Übung 1 – für Zoë"
    left_out = shutil.ignore_patterns(".venv", ".git", "build", "__pycache__")
    shutil.copytree(ROOT, folder, ignore=left_out)
    made_here = ("PYTHONPATH", "MAKEFLAGS", "MAKELEVEL")
    plain = {name: value for name, value in os.environ.items() if name not in made_here}
    commands = [
        ["make", "setup", f"PYTHON={python}"],
        ["make", "doctor"],
        ["make", "student"],
        [".venv/bin/python", "-c", "import course_utils; print(course_utils.__file__)"],
    ]
    printed = []
    for command in commands:
        run = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
        printed.append(run.stdout)
    assert "All is as requirements.lock says" in printed[1]
    assert printed[3].strip() == str(folder / "course_utils/__init__.py")
    again = subprocess.run(["make", "setup"], cwd=folder, env=plain, capture_output=True, text=True)
    assert (again.returncode, again.stdout) == (0, "")
