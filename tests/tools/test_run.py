"""Running notebooks: what is stored, what is published, and what a failure says."""

import os
from pathlib import Path
import sys

from bs4 import BeautifulSoup
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import pytest

from tools import paths
from tools.publish import run
from tools.publish.pages import write_page


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose notebooks `make run` runs, and which need no data."""
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "BUILD", tmp_path / "build")
    monkeypatch.setattr(run, "load_imdb", lambda: None)
    monkeypatch.setattr(sys, "argv", ["run"])
    return tmp_path


def write(path: Path, *sources: str) -> Path:
    cells = [new_markdown_cell("# 1 · A & B"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_stored_notebook_is_the_same_each_time(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["run", "--store"])
    live = "from course_utils.live import LiveDisplay\nd = LiveDisplay()\nd.show('1 %')\n"
    sources = "print(1, flush=True)\nprint(2)", live + "d.finish()", live + "d.finish('end')"
    path = write(project / "01_lesson.ipynb", *sources)
    texts = []
    for _ in range(2):
        assert run.main() == 0
        texts.append(path.read_text())
    assert texts[0] == texts[1]
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    _, printing, silent, live = notebook.cells
    assert [output.text for output in printing.outputs] == ["1\n2\n"]
    assert silent.outputs == []
    assert [output.data["text/plain"] for output in live.outputs] == ["end"]
    assert [cell.execution_count for cell in notebook.cells[1:]] == [1, 2, 3]
    assert list(project.iterdir()) == [path]


def test_warnings_are_not_stored(project: Path) -> None:
    path = write(project / "01_lesson.ipynb", "warn()")
    before = path.read_text()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [new_output("stream", name="stderr", text="careful")]
    with pytest.raises(run.NotebookError, match=r"code cell 1, wrote to stderr: careful"):
        run.store_outputs(path, notebook)
    assert path.read_text() == before


def test_run_ends_with_the_link_to_an_index(project: Path, capsys: pytest.CaptureFixture) -> None:
    write(project / "01_lesson.ipynb", "2")
    assert run.main() == 0
    index = project / "build" / "index.html"
    assert f"Open {index.as_uri()} in" in capsys.readouterr().out
    assert '<a href="01_lesson.html">1 · A &amp; B</a>' in index.read_text()


def test_failures_are_named_and_do_not_stop_the_others(
    project: Path, capsys: pytest.CaptureFixture
) -> None:
    write(project / "01_fails.ipynb", "1", "1 / 0", "3")
    write(project / "02_dies.ipynb", "import os; os._exit(1)")
    write(project / "03_runs.ipynb", "3")
    assert run.main() == 1
    out = capsys.readouterr().out
    assert "01_fails.ipynb, code cell 2, stopped with ZeroDivisionError: division by zero" in out
    assert "02_dies.ipynb: its Python process died" in out
    assert "1 of 3 notebooks" in out
    assert "Open" not in out
    assert [page.name for page in (project / "build").iterdir()] == ["03_runs.html"]


def test_ctrl_c_stops_everything(project: Path, capsys: pytest.CaptureFixture) -> None:
    """A cell presses the keys, and then sleeps."""
    write(
        project / "01_lesson.ipynb",
        "import os, pathlib, signal, time\n"
        "pathlib.Path('pid').write_text(str(os.getpid()))\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "time.sleep(99)",
    )
    with pytest.raises((SystemExit, KeyboardInterrupt), match="130"):
        run.main()
    out, err = capsys.readouterr()
    assert err.strip() == "Stopped. What was finished before is kept."
    assert "died" not in out
    with pytest.raises(ProcessLookupError):
        os.kill(int((project / "pid").read_text()), 0)


@pytest.fixture
def page(tmp_path: Path) -> BeautifulSoup:
    """Return the page of a notebook with formulas and a figure."""
    data = {"image/png": "iVBORw0KGgo=", "text/plain": 'a "line"'}
    alt = {"image/png": {"alt": 'a "line" & more'}}
    figure = new_output("display_data", data, metadata=alt)
    cells = [
        new_markdown_cell("# 1 · A lesson"),
        new_markdown_cell(r"Inline $\tanh z$, and $$\mathbf{h}_t = \tanh(z)$$ in a block."),
        new_code_cell("1", outputs=[figure], execution_count=1),
    ]
    write_page(new_notebook(cells=cells), tmp_path / "page.html")
    return BeautifulSoup((tmp_path / "page.html").read_text(), "html.parser")


def test_page_has_a_title_and_formulas(page: BeautifulSoup) -> None:
    """Functions stand apart as in TeX: a thin space in ln 2, none in tanh(z)."""
    assert page.title.text == "1 · A lesson"
    assert "$" not in page.body.text
    inline, block = page.find_all("math")
    assert (inline["display"], block["display"]) == ("inline", "block")
    assert [mi.text for mi in inline.find_all("mi") if mi.find_next_sibling("mspace")] == ["tanh"]
    assert block.find("mspace") is None


def test_page_carries_the_alt_text(page: BeautifulSoup) -> None:
    assert [image["alt"] for image in page.find_all("img")] == ['a "line" & more']
