"""What tries the mutations tells the caught from the surviving, and refuses what it cannot judge.

Tried on a toy project of one function, one file of tests and one notebook.
"""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
import pytest

from tools.paths import ROOT
from tools.verify.mutations.catalogue import MUTATIONS
from tools.verify.mutations.changes import replace
from tools.verify.mutations.runner import BaselineError, Mutation, run_all, stale
from tools.verify.runs import RunError, run_pytest

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


def mutation(old: str, new: str, *caught_by: str, file: str = "toy.py") -> Mutation:
    return Mutation(f"{old} becomes {new}", file, replace(old, new), caught_by)


@pytest.mark.nightly
def test_caught_and_surviving_are_told_apart(toy: Path) -> None:
    once = mutation(TWICE, ONCE, DOUBLE, ALWAYS, CELLS)
    nothing = mutation(TWICE, TWICE, DOUBLE, CELLS)
    found = {
        tried.mutation: (tried.caught_by, tried.survived) for tried in run_all([once, nothing], toy)
    }
    assert found == {once: ([DOUBLE, CELLS], [ALWAYS]), nothing: ([], [DOUBLE, CELLS])}
    assert TWICE in (toy / "toy.py").read_text()


@pytest.mark.nightly
def test_checks_that_fail_anyway_are_refused(toy: Path) -> None:
    (toy / "toy.py").write_text("def double(number):\n    return 7\n")
    with pytest.raises(BaselineError, match=DOUBLE):
        list(run_all([mutation("7", "8", DOUBLE)], toy))


def test_checks_that_cannot_run_have_caught_nothing(toy: Path) -> None:
    (toy / "toy.py").write_text("def double(number:\n")
    with pytest.raises(RunError, match="1 error"):
        run_pytest(toy, ["-o", "addopts=", "tests"], {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})


@pytest.mark.parametrize(
    ("tried", "problem"),
    [
        (mutation("three", "four", DOUBLE), "'three' is there 0 times, not once"),
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


def test_every_mutation_fits_the_project() -> None:
    assert len({tried.name for tried in MUTATIONS}) == len(MUTATIONS) > 140
    assert stale(MUTATIONS, ROOT) == []
