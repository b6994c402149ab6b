"""A lecture whose code runs: what a cell needs first, what a slide shows then, and who may ask."""

from collections.abc import Callable, Iterator
import contextlib
import http.client
import json
from pathlib import Path
import time
from typing import Any
from urllib.parse import urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import psutil
import pytest

from tools.paths import notebooks
from tools.publish import PublishError, live_talk
from tools.publish.decks import talk
from tools.publish.live_cells import LiveCells
from tools.publish.live_slides import full_source, news_html, shown_source
from tools.publish.live_talk import open_talk
from tools.publish.manuscript import read
from tools.publish.needed import names_of, needed

SLIDE = {"slide_type": "slide", "title": "T", "minutes": 1, "notes": "Say it."}
SKIP = {"slide_type": "skip"}


def lesson(*cells: tuple[str, str, dict]) -> nbformat.NotebookNode:
    """Return a notebook of code cells, each given by its name, its code and what it shows."""
    title = new_markdown_cell("# 9", id="title", metadata={"slideshow": SLIDE})
    codes = [
        new_code_cell(code, id=name, metadata={"slideshow": dict(show)})
        for name, code, show in cells
    ]
    return new_notebook(cells=[title, *codes])


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., LiveCells]]:
    """Return a function that starts the kernel of a talk; all end with the test."""
    with contextlib.ExitStack() as at_end:

        def start(*cells: tuple[str, str, dict]) -> LiveCells:
            live = LiveCells(talk(lesson(*cells), "09.ipynb"), tmp_path)
            live.start()
            at_end.callback(live.end)
            return live

        yield start


def wait_for(live: LiveCells, name: str, state: str = "done", seconds: float = 60) -> dict:
    """Return what is told of a cell when it has a state."""
    end, known = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        known, news = live.news(known, 1)
        for one in news:
            if one.get("cell") == name and one["state"] == state:
                return one
    raise AssertionError(f"{name} was not {state} in {seconds} s")


def result(live: LiveCells, name: str, shown: str) -> str:
    live.run(name, shown)
    return wait_for(live, name)["html"]


CELLS = [
    "import numpy as np",
    "x = [1]\ny = 2",
    "x = [3]",
    "print(len(x), np.pi)",
    "x.append(4)",
    "train(model, y)",
    "def total():\n    return sum(x)",
    "model = y",
    "%matplotlib inline\nz = x",
]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("print(1)", []),
        ("y + 1", [1]),
        ("x", [2, 4]),
        ("np.ones(3)", [0]),
        ("total()", [2, 4, 6]),
        ("[x for x in range(3)]", []),
        ("def f(x):\n    return x", []),
        ("model", [1, 7]),
        ("z", [2, 4, 8]),
        ("x[0] = y", [1, 2, 4]),
        ("x = (", []),
    ],
)
def test_code_needs_what_bound_or_changed_its_names(code: str, expected: list[int]) -> None:
    assert needed([names_of(cell) for cell in CELLS], names_of(code)) == expected


@pytest.mark.parametrize(
    ("lines", "shown", "expected"),
    [
        ([2, 3], "a = 1\nb = 2\n", "if True:\n    a = 1\n    b = 2\nprint(a)"),
        ([2, 3], "a = 5", "if True:\n    a = 5\nprint(a)"),
        ([4, 4], "print(b)", "if True:\n    a = 1\n    b = 2\nprint(b)"),
        (None, "print(9)", "print(9)"),
    ],
)
def test_changed_lines_take_the_place_of_those_shown(
    lines: list[int] | None, shown: str, expected: str
) -> None:
    show = SLIDE | ({"lines": lines} if lines else {})
    cell = lesson(("a", "if True:\n    a = 1\n    b = 2\nprint(a)", show)).cells[1]
    assert full_source(cell, shown) == expected


def test_errors_are_one_sentence_and_new_figures_need_no_words() -> None:
    cell = lesson(("a", "1", SLIDE)).cells[1]
    figure = new_output("display_data", {"image/png": "iVBORw0KGgo="})
    error = new_output("error", ename="KeyError", evalue="<b>\nmore", traceback=["red", "lines"])
    stored = talk(lesson(("a", "1", SLIDE)), "09.ipynb").cells[-1]
    cell.outputs = [figure, error]
    html = news_html(cell, stored)
    assert "<img" in html
    assert '<p class="problem">KeyError: &lt;b&gt;</p>' in html
    assert "more" not in html
    cell.outputs = [new_output("display_data", {"text/html": "<script>x</script>"})]
    assert "neither run nor fetch" in news_html(cell, stored)


def test_cell_runs_after_what_it_needs_and_nothing_else(started: Callable[..., LiveCells]) -> None:
    """Also when another cell has bound the same name since, or it was changed."""
    live = started(
        ("x", "x = 1\nprint('one')", SKIP),
        ("show", "print(x)", SLIDE),
        ("not-asked-for", "raise SystemExit", SKIP),
        ("other", "x = 2\nprint(x)", SLIDE),
    )
    assert ">2<" in result(live, "other", "x = 2\nprint(x)")
    assert ">1<" in result(live, "show", "print(x)")
    assert ">10<" in result(live, "show", "print(10 * x)")
    assert "NameError: name &#x27;y&#x27; is not defined" in result(live, "show", "print(y)")
    with pytest.raises(KeyError):
        live.run("x", "x = 1")


def test_what_a_failing_cell_stopped_is_told(started: Callable[..., LiveCells]) -> None:
    live = started(("x", "x = 1 / 0", SKIP), ("show", "print(x)", SLIDE))
    html = result(live, "show", "print(x)")
    assert "ZeroDivisionError: The cell x, which it needs, failed – division by zero" in html
    while live.prepared == 0:
        live.news(0, 1)
    assert live.problem.startswith("show: ZeroDivisionError")


def test_output_comes_while_a_cell_runs_and_it_can_be_stopped(
    started: Callable[..., LiveCells],
) -> None:
    slow = "import time\nfor i in range(900):\n    print(i, flush=True)\n    time.sleep(0.1)"
    live = started(("slow", slow, SLIDE), ("next", "print('next')", SLIDE))
    live.run("slow", slow)
    while ">0\n1\n2" not in wait_for(live, "slow", "running")["html"]:
        time.sleep(0.05)
    live.run("next", "print('next')")
    live.stop("next")
    live.stop("slow")
    assert '<p class="problem">Stopped.</p>' in wait_for(live, "slow")["html"]
    assert ">next<" in result(live, "next", "print('next')")


def test_new_kernel_comes_for_one_that_died(started: Callable[..., LiveCells]) -> None:
    live = started(("x", "x = 1", SKIP), ("show", "print(x)", SLIDE))
    assert "Its Python process ended" in result(live, "show", "import os; os._exit(x)")
    assert ">1<" in result(live, "show", "print(x)")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve a small live talk; return its address, with the token."""
    path = tmp_path / "09_small.ipynb"
    nbformat.write(lesson(("a", "print(6 * 7)", SLIDE)), path)
    with open_talk(path, tmp_path / "talks") as address:
        yield address


def ask(address: str, path: str, order: dict | None = None, **headers: str) -> tuple[int, bytes]:
    """Return how the server of a talk answers to a request below its root."""
    server = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    with contextlib.closing(server):
        body = None if order is None else json.dumps(order)
        server.request("POST" if body else "GET", path, body, headers)
        answer = server.getresponse()
        return answer.status, answer.read()


def test_talk_answers_only_to_its_own_page(address: str) -> None:
    """Not without the token, nor under another name of this machine, nor to another site."""
    own = urlsplit(address).path
    order = {"cell": "a", "source": "print(1)"}
    assert ask(address, own)[0] == 200
    assert ask(address, f"{own}run", order, Origin=address.partition(own)[0])[0] == 200
    refused: list[tuple[Any, ...]] = [
        ("/", None, {}),
        ("/wrong/", None, {}),
        ("/wrong/run", order, {}),
        (own.rstrip("/"), None, {}),
        (own, None, {"Host": "course.example"}),
        (f"{own}run", order, {"Origin": "http://course.example"}),
        (f"{own}run", order, {"Origin": "null"}),
    ]
    for path, body, headers in refused:
        assert ask(address, path, body, **headers)[0] == 403, (path, headers)
    for body in ({"cell": "none", "source": ""}, {"cell": "a"}, ["a"], {"cell": "a", "source": 1}):
        assert ask(address, f"{own}run", body)[0] == 400, body


def test_kernel_ends_with_its_talk(tmp_path: Path) -> None:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    path = tmp_path / "09_small.ipynb"
    nbformat.write(lesson(("a", "while True: pass", SLIDE)), path)
    with open_talk(path, tmp_path / "talks") as address:
        order = {"cell": "a", "source": "while True: pass"}
        assert ask(address, f"{urlsplit(address).path}run", order)[0] == 200
        while not (new := [p for p in psutil.Process().children(True) if p.pid not in before]):
            time.sleep(0.05)
    _, alive = psutil.wait_procs(new, timeout=20)
    assert alive == []


def test_root_and_unknown_numbers_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr("sys.argv", ["live_talk", "02"])
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert live_talk.main() == 1
    assert "live_talk --allow-root 02" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["live_talk", "0", "--allow-root"])
    assert live_talk.main() == 2
    assert "give one of 01, 02, 03, 04, as in NB=02" in capsys.readouterr().err


def test_notebook_that_makes_no_deck_starts_no_kernel(tmp_path: Path) -> None:
    path = tmp_path / "09_small.ipynb"
    nbformat.write(lesson(("a", "1", SKIP | {"slide_type": "wrong"})), path)
    with pytest.raises(PublishError, match="slide_type is 'wrong'"), open_talk(path, tmp_path):
        pass
    assert not any("ipykernel" in " ".join(p.cmdline()) for p in psutil.Process().children())


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path, marks=getattr(pytest.mark, "ci" if path.stem.startswith("03") else "nightly")
        )
        for path in notebooks()
    ],
    ids=lambda path: path.stem,
)
def test_each_cell_on_a_slide_says_live_what_is_stored(path: Path) -> None:
    """The last first, so that none lives on what another one on a slide has left behind."""
    stored = talk(read(path), path.name)
    live = LiveCells(stored, path.parent)
    expected = {cell.id: [_text(output) for output in cell.outputs] for cell in live.stored}
    live.start()
    try:
        for place in reversed(live.shown):
            cell = live.cells[place]
            live.run(cell.id, shown_source(live.stored[place]))
            wait_for(live, cell.id, seconds=300)
            assert [_text(output) for output in cell.outputs] == expected[cell.id], cell.id
    finally:
        live.end()


def _text(output: nbformat.NotebookNode) -> str:
    return output.get("text") or output.get("data", {}).get("text/plain") or str(output)
