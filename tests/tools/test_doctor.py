"""`make doctor` finds what differs from the lock, and says in whole sentences what to do."""

from importlib import metadata
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
