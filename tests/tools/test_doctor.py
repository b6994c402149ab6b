"""`make doctor` finds what differs from the lock, and says in whole sentences what to do."""

from importlib import metadata
import os
from pathlib import Path
import shutil
import subprocess
import sys

import pytest

from tools import doctor
from tools.paths import ROOT

NUMPY = metadata.version("numpy")


def test_this_environment_is_that_of_the_lock() -> None:
    lock = doctor.LOCK.read_text(encoding="utf-8")
    needed = doctor.needed_here(lock)
    assert len(needed) > 100
    assert needed["numpy"] == NUMPY
    assert ("tensorflow-cpu" in needed) != ("tensorflow" in needed)
    assert doctor.python_problems() == doctor.lock_problems(lock) == []


def test_packages_that_differ_are_named() -> None:
    """The first five of them, and how many more there are."""
    lock = (
        "numpy==1.0 \\\n    --hash=sha256:00\n"
        "no-such-package==2.0 \\\n    --hash=sha256:00\n"
        "not-for-us==3.0 ; sys_platform == 'os/2' \\\n    --hash=sha256:00\n"
    )
    problems = [
        f"numpy is {NUMPY}; the lock says 1.0.",
        "no-such-package is missing; the lock says 2.0.",
    ]
    assert doctor.lock_problems(lock) == [*problems, doctor.INSTALL_AGAIN]
    many = lock + "".join(f"no-such-package-{n}==1.0\n" for n in range(98))
    found = doctor.lock_problems(many)
    assert found[:2] == problems
    assert found[doctor.MOST_SHOWN :] == ["95 more packages differ.", doctor.INSTALL_AGAIN]


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder for notebooks, from which this project's course_utils is imported."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = tmp_path / "notebooks"
    folder.mkdir()
    return folder


def test_notebooks_import_this_project_and_what_the_lock_installs(beside: Path) -> None:
    assert doctor.import_problems(beside) == []


@pytest.mark.parametrize("name", ["course_utils", "numpy"])
def test_copy_that_a_variable_leads_to(
    name: str, beside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / name / "__init__.py"
    copy.parent.mkdir()
    copy.touch()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    (problem,) = doctor.import_problems(beside)
    assert problem.startswith(
        f"A notebook imports {name} from {copy}. Unset the variable PYTHONPATH"
    )
    command = [sys.executable, "-m", "tools.doctor"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, problem in run.stdout) == (1, True)


def test_file_beside_the_notebooks_with_the_name_of_a_package(beside: Path) -> None:
    (beside / "keras.py").touch()
    (problem,) = doctor.import_problems(beside)
    assert problem.startswith(f"A notebook imports keras from {beside / 'keras.py'}. Move out of")
    (beside / "json.py").touch()
    (problem,) = doctor.import_problems(beside)
    assert "has no attribute 'dumps'" in problem
    assert problem.endswith("what has the name of a module or a package.")


def test_course_utils_of_another_folder(
    beside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after the folder was moved or copied: what is installed points to where it was."""
    monkeypatch.delenv("PYTHONPATH")
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    (problem,) = doctor.import_problems(beside)
    assert problem.startswith("A notebook imports course_utils from ")
    assert problem.endswith(doctor.INSTALL_AGAIN)


def test_course_utils_that_is_missing(
    beside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    bare.chmod(0o755)
    monkeypatch.delenv("PYTHONPATH")
    monkeypatch.setattr(sys, "executable", str(bare))
    assert f"A notebook finds no course_utils. {doctor.INSTALL_AGAIN}" in doctor.import_problems(
        beside
    )


def test_looks_beside_the_copies_of_a_student_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    assert doctor.notebook_folders() == [tmp_path / "notebooks"]
    (tmp_path / "work").mkdir()
    assert doctor.notebook_folders() == [tmp_path / "notebooks", tmp_path / "work"]


@pytest.mark.parametrize("info", [(3, 10, 13), (3, 14, 0)])
def test_unsuitable_python(info: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", info)
    (problem,) = doctor.python_problems()
    assert problem.startswith(f"This is Python {doctor.version(info)}, but TensorFlow needs")


def test_without_any_package(tmp_path: Path) -> None:
    """A bare Python has not even what doctor reads the lock with."""
    (tmp_path / "tools").mkdir()
    shutil.copy(doctor.__file__, tmp_path / "tools")
    shutil.copy(doctor.LOCK, tmp_path)
    command = [sys.executable, "-S", "-m", "tools.doctor"]
    run = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stdout == f"The package packaging is missing. {doctor.INSTALL_AGAIN}\n"
    assert run.stderr == ""


def test_before_setup(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    run = subprocess.run(["make", "doctor"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode != 0
    assert run.stderr.startswith("There is no .venv yet: run make setup.")
