"""What tries the mutations tells the caught from the surviving, and refuses what it cannot judge.

Tried on a toy project of one function, one file of tests and one notebook.
"""

from collections import Counter
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
import pytest

from tools.paths import ROOT
from tools.verify.mutations.catalogue import MUTATIONS
from tools.verify.mutations.changes import StaleError, in_output, in_source, replace, swap
from tools.verify.mutations.runner import BaselineError, Mutation, run_all, stale
from tools.verify.runs import Run, RunError, run_pytest

DOUBLE, ALWAYS, CELLS = "test_double", "test_always", "01:define,show"
TWICE, ONCE = "return 2 * number", "return number"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """Make a project whose notebook and test double a number."""
    for folder in ("tests", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "toy.py").write_text(f"def double(number):\n    {TWICE}\n")
    (tmp_path / "tests" / "test_toy.py").write_text(
        "import os\nfrom toy import double\n\n"
        "def test_double():\n    assert double(3) == 6\n\n"
        "def test_always():\n    assert os.environ['COURSE_UTILS_CACHE'].endswith('cache')\n"
    )
    six = new_output("execute_result", {"text/plain": "6"}, execution_count=3)
    cells = [
        new_code_cell("from toy import double", id="define", execution_count=1),
        new_code_cell("1 / 0", id="broken", execution_count=2),
        new_code_cell("double(3)", id="show", execution_count=3, outputs=[six]),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "01_toy.ipynb")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nbval --nbval-current-env\n")
    return tmp_path


def run_tests(toy: Path) -> Run:
    """Run the toy's tests without pytest's plugins: it starts sooner."""
    return run_pytest(toy, ["-o", "addopts=", "tests"], {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})


def mutation(old: str, new: str, *caught_by: str, file: str = "toy.py") -> Mutation:
    return Mutation(f"{old} becomes {new}", file, replace(old, new), caught_by)


@pytest.mark.nightly
def test_caught_and_surviving_are_told_apart(toy: Path) -> None:
    before = {path: path.read_bytes() for path in toy.rglob("*") if path.is_file()}
    once = mutation(TWICE, ONCE, DOUBLE, ALWAYS, CELLS)
    nothing = mutation(TWICE, TWICE, DOUBLE, CELLS)
    for verdict in run_all([once, nothing], toy):
        if verdict.mutation is once:
            assert verdict.caught_by == [DOUBLE, CELLS]
            assert verdict.survived == [ALWAYS]
        else:
            assert verdict.caught_by == []
            assert verdict.survived == [DOUBLE, CELLS]
    assert {path: path.read_bytes() for path in toy.rglob("*") if path.is_file()} == before


@pytest.mark.nightly
def test_checks_that_fail_anyway_are_refused(toy: Path) -> None:
    (toy / "toy.py").write_text("def double(number):\n    return 7\n")
    with pytest.raises(BaselineError, match=DOUBLE):
        list(run_all([mutation("7", "8", DOUBLE)], toy))


def test_checks_that_cannot_run_have_caught_nothing(toy: Path) -> None:
    (toy / "toy.py").write_text("def double(number:\n")
    with pytest.raises(RunError, match="1 error"):
        run_tests(toy)


def test_fixture_that_raises_fails_its_test(toy: Path) -> None:
    """Pytest calls it an error, and exits as it does after a failure."""
    (toy / "tests" / "test_toy.py").write_text(
        "import pytest, toy\n\n"
        "@pytest.fixture\ndef six():\n    assert toy.double(3) == 7\n\n"
        "def test_double(six):\n    pass\n\n"
        "def test_always():\n    pass\n"
    )
    run = run_tests(toy)
    assert (run.passed, run.failed) == (1, {"tests/test_toy.py::test_double"})


@pytest.mark.parametrize(
    ("tried", "problem"),
    [
        (mutation("three", "four", DOUBLE), "'three' is there 0 times, not once"),
        (mutation("number", "n", DOUBLE), "'number' is there 2 times"),
        (mutation(TWICE, ONCE, DOUBLE, file="gone.py"), "there is no gone.py"),
        (mutation(TWICE, ONCE, "test_triple"), "there are 0 tests 'test_triple', not one"),
        (mutation(TWICE, ONCE, "01:define,gone"), "there is no cell 'gone'"),
        (mutation(TWICE, ONCE, "02:define"), "there is no notebook 02"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_stale_mutations_are_named(toy: Path, tried: Mutation, problem: str) -> None:
    (found,) = stale([tried, mutation(TWICE, ONCE, DOUBLE, CELLS)], toy)
    assert found.startswith(tried.name)
    assert problem in found


def test_changes_of_a_notebook(toy: Path) -> None:
    text = (toy / "notebooks" / "01_toy.ipynb").read_text()
    changed = nbformat.reads(in_source("show", "3", "4")(text), as_version=4)
    sources = [cell.source for cell in changed.cells]
    assert sources == ["from toy import double", "1 / 0", "double(4)"]
    assert in_output("show", "6", "6")(text) == text
    with pytest.raises(StaleError, match="'define' has no output"):
        in_output("define", "6", "7")(text)
    assert swap("one", "two")("one, two, three") == "two, one, three"


def test_every_mutation_fits_the_project() -> None:
    assert stale(MUTATIONS, ROOT) == []


def test_there_are_enough_mutations_of_every_kind() -> None:
    assert len(MUTATIONS) == len({tried.name for tried in MUTATIONS}) >= 148
    kinds = Counter(Path(tried.file).parts[0] for tried in MUTATIONS)
    assert kinds["course_utils"] >= 60
    assert kinds["notebooks"] >= 35
    assert kinds["tools"] >= 15
