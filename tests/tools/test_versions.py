"""What the wheel asks for is what was tried, and it replaces no package that is there."""

from pathlib import Path
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from packaging.requirements import Requirement
import pytest

from tools.machines import versions
from tools.machines.kernels import MachineError

DECLARED = [
    Requirement(line)
    for line in versions.PROJECT["dependencies"]
    + versions.PROJECT["optional-dependencies"]["tensorflow"]
]


def test_oldest_set_is_what_the_wheel_declares() -> None:
    """Each package at its lower bound, TensorFlow too, on the oldest Python; none is left out."""
    oldest = versions.SETS["oldest"]
    tried = [Requirement(line) for line in oldest.packages]
    assert [(one.name, one.marker) for one in tried] == [(one.name, one.marker) for one in DECLARED]
    for declared, one in zip(DECLARED, tried, strict=True):
        (bound,), (pin,) = declared.specifier, one.specifier
        assert (bound.operator in (">=", "=="), pin.operator) == (True, "=="), declared
        assert pin.version == bound.version
    assert versions.PROJECT["requires-python"].startswith(f">={oldest.python},")


def test_wheel_leaves_the_hosted_set_as_it_is() -> None:
    """Its versions are within the bounds, so that pip has no reason to replace them."""
    hosted = {one.name: one for one in map(Requirement, versions.SETS["hosted"].packages)}
    pinned = {name: one.specifier for name, one in hosted.items() if one.specifier}
    assert {"keras", "numpy", "tensorflow-cpu"} <= {*pinned}
    for declared in DECLARED:
        for pin in pinned.get(declared.name, []):
            assert declared.specifier.contains(pin.version), declared


def test_wheel_that_replaces_a_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any test runs."""
    installed = iter([{"keras==3.10.0", "numpy==2.1.3"}, {"keras==3.15.1", "numpy==2.1.3"}])
    monkeypatch.setattr(versions, "uv", lambda *_: None)
    monkeypatch.setattr(versions, "wheel", lambda: "course_utils.whl")
    monkeypatch.setattr(versions, "packages", lambda _: next(installed))
    with pytest.raises(MachineError, match=r"replaces keras==3\.10\.0: lower its bound"):
        versions.install("hosted", versions.SETS["hosted"])


def test_cells_that_fail_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And those behind them run all the same."""
    sources = {"fine": "a = 1", "wrong": "assert a == 2, 'a is 1'", "behind": "a / 0"}
    cells = [new_code_cell(source, id=name) for name, source in sources.items()]
    nbformat.write(new_notebook(cells=cells), tmp_path / "05_small.ipynb")
    monkeypatch.setattr(versions, "FOLDER", tmp_path / "machines")
    assert versions.failing_cells(Path(sys.executable), tmp_path / "05_small.ipynb") == [
        "wrong: AssertionError: a is 1",
        "behind: ZeroDivisionError: division by zero",
    ]


def test_sets_that_are_not_there_are_refused(capsys: pytest.CaptureFixture) -> None:
    assert versions.main(["newest"]) == 2
    assert capsys.readouterr().err == "There is no set 'newest': give any of hosted, oldest.\n"


@pytest.mark.nightly
@pytest.mark.parametrize("name", versions.SETS)
def test_wheel_works_with_other_versions(name: str) -> None:
    """Its tests pass there, and the notebooks run."""
    assert versions.main([name]) == 0
