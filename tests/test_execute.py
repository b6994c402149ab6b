"""Running notebooks: what is stored, what is published, and what a failure says."""

import asyncio
import os
from pathlib import Path
import re
import signal
import subprocess
import sys
import time

from bs4 import BeautifulSoup
from course_utils import execute
from course_utils.publish import write_index, write_page
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import pytest


def write(folder: Path, *sources: str) -> Path:
    path = folder / "01_lesson.ipynb"
    cells = [new_markdown_cell("# 1 · A lesson"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def run(path: Path) -> nbformat.NotebookNode:
    return asyncio.run(execute.execute(path, report=lambda line: None))


def test_stored_notebook_is_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "ROOT", tmp_path)
    live = "from course_utils.live import LiveDisplay\nd = LiveDisplay()\nd.show('1 %')\n"
    path = write(tmp_path, "print(1)\nprint(2)", live + "d.finish()", live + "d.finish('end')")
    texts = []
    for _ in range(2):
        execute.store(path, run(path))
        texts.append(path.read_text())
    assert texts[0] == texts[1]
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    _, printing, silent, live = notebook.cells
    assert [output.text for output in printing.outputs] == ["1\n2\n"]
    assert silent.outputs == []
    assert [output.data["text/plain"] for output in live.outputs] == ["end"]
    assert [cell.execution_count for cell in notebook.cells[1:]] == [1, 2, 3]
    assert list(tmp_path.iterdir()) == [path]


def test_failing_cell_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        execute.NotebookError,
        match=r"01_lesson.ipynb, code cell 2, stopped with ZeroDivisionError: division by zero",
    ):
        run(write(tmp_path, "1", "1 / 0", "3"))


def test_dead_kernel_is_named(tmp_path: Path) -> None:
    with pytest.raises(execute.NotebookError, match=r"01_lesson.ipynb: its Python process died"):
        run(write(tmp_path, "import os; os._exit(1)"))


def test_warnings_are_not_stored(tmp_path: Path) -> None:
    path = write(tmp_path, "import sys; print('careful', file=sys.stderr)")
    before = path.read_text()
    with pytest.raises(execute.NotebookError, match=r"code cell 1, wrote to stderr: careful"):
        execute.store(path, run(path))
    assert path.read_text() == before


def test_one_failure_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    paths = []
    for name, source in (("a", "1 / 0"), ("b", "2"), ("c", "3")):
        (tmp_path / name).mkdir()
        paths.append(write(tmp_path / name, source))
    finished = []
    failed = asyncio.run(
        execute.execute_all(paths, lambda path, notebook: finished.append(path) or "written")
    )
    assert failed == 1
    assert sorted(finished) == paths[1:]
    assert "ZeroDivisionError" in capsys.readouterr().out


@pytest.mark.parametrize(("source", "code"), [("2", 0), ("1 / 0", 1)])
def test_run_ends_with_the_link_to_open_unless_a_notebook_failed(
    source: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    monkeypatch.setattr(execute, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(execute, "ROOT", tmp_path)
    monkeypatch.setattr(execute, "BUILD", tmp_path / "build")
    monkeypatch.setattr(sys, "argv", ["execute"])
    write(tmp_path, source)
    assert execute.main() == code
    index = tmp_path / "build" / "index.html"
    assert (f"Open {index.as_uri()} in" in capsys.readouterr().out) == index.exists() == (code == 0)


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    say_pid = f"import os\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))"
    write(tmp_path, say_pid, "import time\ntime.sleep(99)")
    code = (
        "import pathlib, sys; from course_utils import execute;"
        f"execute.NOTEBOOKS = pathlib.Path({str(tmp_path)!r}); sys.argv[1:] = [];"
        "sys.exit(execute.main())"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for _ in range(1200):
        if pid_file.exists() and pid_file.read_text():
            break
        time.sleep(0.1)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    assert run.returncode == 130
    assert err.strip() == "Stopped. What was finished before is kept."
    assert "died" not in out
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


@pytest.fixture
def page(tmp_path: Path) -> BeautifulSoup:
    picture = new_output(
        "display_data",
        {"image/png": "iVBORw0KGgo=", "text/plain": 'a "line"'},
        metadata={"image/png": {"alt": 'a "line" & more'}},
    )
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# 1 · A lesson"),
            new_markdown_cell(r"Inline $\tanh z$, and $$\mathbf{h}_t = \tanh(z)$$ in a block."),
            new_code_cell("1", outputs=[picture], execution_count=1),
        ]
    )
    write_page(notebook, tmp_path / "page.html")
    return BeautifulSoup((tmp_path / "page.html").read_text(), "html.parser")


def test_page_asks_for_nothing_from_outside(page: BeautifulSoup) -> None:
    """No script, style, picture or font has an address; only links that a reader clicks may."""
    assert [tag["src"] for tag in page.find_all(src=True) if tag["src"][:5] != "data:"] == []
    assert page.find_all("link") == []
    styles = "".join(style.text for style in page.find_all("style"))
    assert re.findall(r"@import|url\(\s*['\"]?(?!data:)[^)]*\)", styles) == []


def test_page_draws_formulas_without_a_script(page: BeautifulSoup) -> None:
    """Its only script turns light and dark."""
    assert [math.get("display") for math in page.find_all("math")] == ["inline", "block"]
    assert "$" not in page.body.text
    (script,) = page.find_all("script")
    assert "dataset.theme" in script.text


def test_functions_stand_apart_from_what_follows_unless_it_is_in_brackets(
    page: BeautifulSoup,
) -> None:
    """TeX's rule: a thin space in ln 2, none in tanh(z)."""
    apart, in_brackets = page.find_all("math")
    assert [mi.text for mi in apart.find_all("mi") if mi.find_next_sibling("mspace")] == ["tanh"]
    assert in_brackets.find("mspace") is None


def test_page_carries_the_alt_text(page: BeautifulSoup) -> None:
    assert [image["alt"] for image in page.find_all("img")] == ['a "line" & more']


def test_page_has_a_title(page: BeautifulSoup) -> None:
    assert page.title.text == "1 · A lesson"


def test_index_links_to_the_pages(tmp_path: Path) -> None:
    write_index({"01_lesson.html": "1 · A & B"}, tmp_path / "index.html")
    assert '<a href="01_lesson.html">1 · A &amp; B</a>' in (tmp_path / "index.html").read_text()
