"""Running notebooks: what is stored, what is published, and what a failure says."""

import asyncio
import fcntl
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

from bs4 import BeautifulSoup
from course_utils.exercises.notes import VARIABLE
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import pytest

from tools import paths
from tools.commands import one_at_a_time
from tools.publish import duration, run
from tools.publish.pages import write_page


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose notebooks `make run` runs, and which need no data."""
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "BUILD", tmp_path / "build")
    monkeypatch.setattr(run, "load_imdb", lambda: None)
    monkeypatch.setattr(run, "busy_cores", lambda: 0.0)
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
    assert {*project.iterdir()} == {path, project / "build"}
    assert 0 < duration.of_today(project / "build").seconds < 60


def test_run_depends_on_no_notes_and_leaves_none(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that outputs are the same for who has solved the exercises and who has not."""
    monkeypatch.delenv(VARIABLE)
    notes = project / ".course_notes.jsonl"
    notes.write_text('["hint", "2.2", 1]')
    path = write(project / "01_lesson.ipynb", "from course_utils import hint\nhint('2.2')")
    notebook = asyncio.run(run.run_notebook(path, lambda line: None))
    assert notebook.cells[1].outputs[0].text.startswith("2.2, hint 1 of 3")
    assert notes.read_text() == '["hint", "2.2", 1]'


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


def test_one_odd_notebook_does_not_stop_the_others(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """No notebook at all, a page that must not be published, a disk that is full."""
    (project / "01_cut.ipynb").write_text('{"cells": [')
    outside = new_notebook(cells=[new_markdown_cell("# 2\n![a](https://example.org/a.png)")])
    nbformat.write(outside, project / "02_outside.ipynb")
    write(project / "03_full.ipynb", "3")
    write(project / "04_runs.ipynb", "4")

    def write_page_but_for_3(
        notebook: nbformat.NotebookNode, page: Path, *more: Any, **by_name: Any
    ) -> None:
        if page.stem == "03_full":
            raise OSError(28, "No space left on device")
        write_page(notebook, page, *more, **by_name)

    monkeypatch.setattr(run, "write_page", write_page_but_for_3)
    assert run.main() == 1
    out = capsys.readouterr().out
    assert "01_cut.ipynb cannot be read as a notebook" in out
    assert "02_outside.ipynb, cell " in out
    assert "03_full.ipynb has run, but cannot be written (No space left on device)." in out
    assert "1 of 4 notebooks" in out
    assert [page.name for page in (project / "build").iterdir()] == ["04_runs.html"]


def test_kernel_that_does_not_start_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Its own words stand in brackets, behind the notebook's name."""
    kernel = project / "jupyter/kernels/python3"
    kernel.mkdir(parents=True)
    argv = [sys.executable, "-c", "raise SystemExit(1)"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "broken"}))
    monkeypatch.setenv("JUPYTER_PATH", str(project / "jupyter"))
    write(project / "01_lesson.ipynb", "1")
    assert run.main() == 1
    assert "01_lesson.ipynb: its Python process did not start (Kernel died" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("name", ["keras.py", "types.py", "numpy/__init__.py"])
def test_file_that_hides_a_module_is_named(
    name: str, project: Path, capsys: pytest.CaptureFixture
) -> None:
    """Whether the kernel dies of it before its first cell or an import fails in one."""
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise ValueError('mine')\n")
    (project / "helpers.py").write_text("")
    module = name.partition("/")[0].removesuffix(".py")
    write(project / "01_lesson.ipynb", f"import {module}")
    assert run.main() == 1
    hint = f" {name.partition('/')[0]} beside it hides a module of that name: give it another name."
    assert hint in capsys.readouterr().out


def test_second_run_waits_for_the_first(tmp_path: Path) -> None:
    """And says so; it goes on as soon as the folder is free."""
    wait = "from pathlib import Path; from tools.commands import one_at_a_time as one\n"
    wait += f"with one(Path({str(tmp_path)!r})): print('done')"
    command = [sys.executable, "-c", wait]
    with one_at_a_time(tmp_path):
        second = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=paths.ROOT)
        said = second.stdout.readline()
        assert second.poll() is None
    assert said == f"Another command is at work in {tmp_path}: waiting for it ...\n"
    assert second.communicate(timeout=60) == ("done\n", None)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_locked_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some shared file systems know no locks."""

    def refuse(file: int, operation: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with one_at_a_time(tmp_path / "new"):
        assert (tmp_path / "new").is_dir()


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
    assert inline.find("mi", string="tanh").find_next_sibling().name == "mspace"
    assert block.find("mi", string="tanh").find_next_sibling().text == "("


def test_page_carries_the_alt_text(page: BeautifulSoup) -> None:
    assert [image["alt"] for image in page.find_all("img")] == ['a "line" & more']


def test_error_on_purpose_is_not_the_one_that_stopped_the_run(
    project: Path, capsys: pytest.CaptureFixture
) -> None:
    """A cell tagged raises-exception may fail, and its page shows the error."""
    path = write(project / "01_fails.ipynb", "1 / 0", "[][0]")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata.tags = ["raises-exception"]
    nbformat.write(notebook, path)
    assert run.main() == 1
    assert "01_fails.ipynb, code cell 2, stopped with IndexError" in capsys.readouterr().out
    del notebook.cells[2]
    nbformat.write(notebook, path)
    assert run.main() == 0
    assert "ZeroDivisionError: division by zero" in (project / "build/01_fails.html").read_text()
