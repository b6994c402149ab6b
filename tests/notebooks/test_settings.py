"""Failures under a setting are counted, named and reported; what is run is chosen by name."""

from pathlib import Path

import pytest

from tools.paths import NOTEBOOKS, ROOT
from tools.verify import settings
from tools.verify.runs import Run
from tools.verify.spread import SETTINGS, on_record

Asked = list[tuple[str, dict[str, str]]]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Let notebook 3 fail in its second and third cell under SSE4.1; returns what was run."""
    asked = []

    def run(folder: Path, arguments: list[str], variables: dict[str, str]) -> Run:
        (notebook,) = arguments
        assert (folder, (ROOT / notebook).is_file()) == (ROOT, True)
        asked.append((notebook, variables))
        fails = variables == SETTINGS["SSE4.1"] and "03_" in notebook
        return Run(27, {f"{notebook}::Cell {number}" for number in (1, 2) if fails}, 3.4)

    monkeypatch.setattr(settings, "run_pytest", run)
    return asked


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["02_simple_rnn", "03_stacked_rnn"])
def test_a_notebook_holds_under_the_setting_that_differs_most(name: str) -> None:
    """With `make test`, these are the two most different settings for a notebook."""
    spread = on_record()
    most = max(SETTINGS, key=lambda setting: max(spread[setting][name].values()))
    run = settings.validate(most, NOTEBOOKS / f"{name}.ipynb")
    assert run.failed == set()
    assert run.passed > 20


def test_failures_are_counted_and_named(runs: Asked, capsys: pytest.CaptureFixture) -> None:
    arguments = ["--only", "as installed", "SSE4.1", "--notebooks", "01", "03"]
    assert settings.main(arguments) == 1
    _, *rows, last = capsys.readouterr().out.splitlines()
    assert "2 failed     3 s  data, drawing" in rows[2]
    assert [row[:12].strip() for row in rows] == [*["as installed"] * 2, *["SSE4.1"] * 2]
    assert len(runs) == 4
    assert last.startswith("2 failures")


def test_all_settings_and_notebooks_by_default(runs: Asked) -> None:
    assert settings.main([]) == 1
    assert len(runs) == 4 * (1 + len(SETTINGS))
    assert settings.main(["--only", "oneDNN, SSE4.1, 1 thread"]) == 0
    assert [variables for _, variables in runs[-4:]] == [SETTINGS["oneDNN, SSE4.1, 1 thread"]] * 4


@pytest.mark.parametrize("arguments", [["--only", "SSE5"], ["--notebooks", "05"]])
def test_unknown_choice(arguments: list[str], capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit, match="2"):
        settings.main(arguments)
    assert "invalid choice" in capsys.readouterr().err
