"""The talk that metadata describe, and what is said of notebooks that make no deck."""

from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from course_utils.execute import NOTEBOOKS
from course_utils.present import write_talk
from course_utils.publish import PublishError
from course_utils.slides import BEGINNINGS, HEIGHT, minutes, talk, write_deck
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import pytest

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5E"
    "rkJggg=="
)


def begin(title: str, **more: Any) -> dict:
    return {"slide_type": "slide", "title": title, "minutes": 2, "notes": "Say it.", **more}


def markdown(name: str, source: str, show: dict) -> nbformat.NotebookNode:
    return new_markdown_cell(source, id=name, metadata={"slideshow": show})


def code(name: str, source: str, show: dict, *outputs: Any) -> nbformat.NotebookNode:
    return new_code_cell(source, id=name, outputs=[*outputs], metadata={"slideshow": show})


def figure(png: str = PNG, alt: str = "a line that falls") -> nbformat.NotebookNode:
    metadata = {"image/png": {"alt": alt}}
    return new_output("display_data", {"image/png": png, "text/plain": alt}, metadata=metadata)


def lesson(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    title = markdown("title", "# 9 · A lesson", begin("A lesson"))
    return new_notebook(cells=[title, *cells])


def deck(path: Path, *cells: nbformat.NotebookNode) -> BeautifulSoup:
    write_deck(lesson(*cells), path)
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_notebook_is_a_lecture(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    beginnings = [
        cell.metadata.slideshow
        for cell in notebook.cells
        if cell.metadata.slideshow.slide_type in BEGINNINGS
    ]
    assert 15 <= len(beginnings) <= 35
    assert 45 <= minutes(notebook) <= 60
    titles = [show.title for show in beginnings]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_exercises_are_turns_with_the_solution_as_a_fragment(path: Path) -> None:
    shows = {cell.id: cell.metadata.slideshow for cell in nbformat.read(path, 4).cells}
    exercises = [name for name in shows if name.startswith("exercise-") and name[-1].isdigit()]
    assert len(exercises) >= 4
    for name in exercises:
        assert shows[name].title.startswith("Your turn")
        assert shows[f"solution-{name.removeprefix('exercise-')}"].slide_type == "fragment"


def test_code_on_slides_is_short(tmp_path: Path) -> None:
    for path in PATHS:
        write_deck(nbformat.read(path, as_version=4), tmp_path / f"{path.stem}.html")
        page = BeautifulSoup((tmp_path / f"{path.stem}.html").read_text(), "html.parser")
        for block in page.select(".code pre"):
            assert len(block.text.strip().splitlines()) <= 12, block.text
        for block in page.select("pre.output"):
            assert len(block.text.strip().splitlines()) <= HEIGHT, block.text


def test_live_talk_runs_all_code_of_the_notebook(tmp_path: Path) -> None:
    path = write_talk("02", tmp_path)
    live, course = nbformat.read(path, 4), nbformat.read(PATHS[1], 4)
    nbformat.validate(live)
    assert [cell.source for cell in live.cells if cell.cell_type == "code"] == [
        cell.source for cell in course.cells if cell.cell_type == "code"
    ]


def test_unknown_number_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    for number in ("", "7", "0"):
        with pytest.raises(PublishError, match="give one of 01, 02, 03, 04, as in NB=02"):
            write_talk(number, tmp_path)


def test_short_text_keeps_equations_and_tables_and_moves_sentences_to_the_notes() -> None:
    source = "## Head\n\nLong sentence.\n\n$$\na = 1\n$$\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\nEnd."
    cells = talk(lesson(markdown("m", source, begin("Point", text="Short."))), "l.ipynb").cells
    slide, notes = cells[2:]
    assert slide.source.startswith("# Point\n\nShort.\n\n$$\na = 1\n$$\n\n| x | y |")
    assert "sentence" not in slide.source
    assert notes.source.startswith("**2 min** (to minute 4 of 4)\n\nSay it.")
    assert "Long sentence." in notes.source
    assert "## Head" not in notes.source


def test_code_shows_what_the_metadata_ask_for(tmp_path: Path) -> None:
    printed = new_output("stream", name="stdout", text="printed\n")
    page = deck(
        tmp_path / "d.html",
        code("a", "first = 1\nsecond = 2\nthird = 3", begin("A", lines=[2, 2]), printed),
        code("b", "hidden = 1", begin("B", show="output"), figure()),
        code("c", "shown = 1", {"slide_type": "fragment", "show": "code"}, printed),
        code("d", "skipped = 1", {"slide_type": "skip"}, printed),
    )
    a, b = page.find(id="slide-a"), page.find(id="slide-b")
    assert a.find(class_="code").text.strip() == "second = 2"
    assert a.find(class_="output").text == "printed"
    assert [block.text.strip() for block in b.select(".code")] == ["shown = 1"]
    assert b.select(".fragment .code") == b.select(".code")
    assert b.img["alt"] == "a line that falls"
    assert b.select("pre.output") == []
    assert "skipped" not in page.text


def test_long_output_is_cut_and_says_so(tmp_path: Path) -> None:
    printed = new_output("stream", name="stdout", text="\n".join(map(str, range(40))))
    page = deck(tmp_path / "d.html", code("a", "1", begin("A"), printed))
    lines = page.find(class_="output").text.splitlines()
    assert len(lines) == HEIGHT
    assert lines[-1] == "…"


GOOD = begin("A point")
BROKEN = [
    (new_markdown_cell("text", id="new"), "slideshow metadata have no slide_type; give one of"),
    (markdown("new", "x", {"slide_type": "slide", "minutes": 1, "notes": "."}), "have no title"),
    (markdown("new", "x", {"slide_type": "slide", "title": "T", "notes": "."}), "have no minutes"),
    (markdown("new", "x", {"slide_type": "slide", "title": "T", "minutes": 1}), "have no notes"),
    (markdown("new", r"$$\frac{1{2}$$", GOOD), "does not parse"),
    (markdown("new", r"An $x_$ inline.", GOOD), "does not parse"),
    (markdown("new", r"$\nosuchcommand x$", GOOD), "does not parse"),
    (markdown("new", "x", GOOD | {"text": r"$\nosuchcommand$"}), "does not parse"),
    (markdown("new", "![a plot](plot.png)", GOOD), "'plot.png' is not inside the notebook"),
    (code("new", "1", GOOD | {"show": "output"}), "none is stored; run `make outputs`"),
    (code("new", "1", GOOD, figure(png="")), "figure is missing or damaged"),
    (code("new", "1", GOOD, figure(png="bm90IGEgcG5n")), "figure is missing or damaged"),
    (code("new", "1", GOOD, figure(alt="")), "no alt text"),
    (code("new", "1", GOOD | {"lines": [1, 9]}), "lines 1 to 9, but it has 1"),
]


@pytest.mark.parametrize(("cell", "message"), BROKEN, ids=[message for _, message in BROKEN])
def test_broken_cell_is_named_and_no_half_deck_is_left(
    tmp_path: Path, cell: nbformat.NotebookNode, message: str
) -> None:
    path = tmp_path / "05_broken.html"
    path.write_text("the deck from before")
    with pytest.raises(PublishError) as raised:
        write_deck(lesson(cell), path)
    assert str(raised.value).startswith("05_broken.ipynb, cell new: ")
    assert message in str(raised.value)
    assert [file.name for file in tmp_path.iterdir()] == ["05_broken.html"]
    assert path.read_text() == "the deck from before"
