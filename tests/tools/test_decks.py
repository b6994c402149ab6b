"""The talk that metadata describe, and what is said of notebooks that make no deck."""

from pathlib import Path
import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from course_utils.figures.steps import KIND
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import pytest

from tools.paths import notebooks
from tools.publish import PublishError
from tools.publish.decks import deck_of, write_deck
from tools.publish.layout import HEIGHT
from tools.publish.outputs import output_html
from tools.publish.talk import BEGINNINGS, minutes, sections_of, talk

ASKED = re.compile(
    r"\b(guess|bet|predict|vote)\b|\bask first\b|\bbefore (you|they)\b", re.IGNORECASE
)
"""What notes say where an audience shall think of an answer first."""
PNG = "iVBORw0KGgo="
PRINTED = new_output("stream", name="stdout", text="printed\n")


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


def slides_of(notebook: nbformat.NotebookNode, folder: Path) -> list[Tag]:
    write_deck(notebook, folder / "d.html")
    page = BeautifulSoup((folder / "d.html").read_text(encoding="utf-8"), "html.parser")
    return page.select("section section")


def deck(path: Path, *cells: nbformat.NotebookNode) -> BeautifulSoup:
    write_deck(lesson(*cells), path)
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_each_notebook_is_a_lecture(path: Path) -> None:
    """Neither long nor short, little code on a slide; polls in place of exercises with code."""
    notebook = nbformat.read(path, as_version=4)
    shows = {cell.id: cell.metadata.slideshow for cell in notebook.cells}
    titles = [show.title for show in shows.values() if show.slide_type in BEGINNINGS]
    assert 15 <= len(titles) <= 35
    assert len(set(titles)) == len(titles)
    assert 45 <= minutes(notebook) <= 60
    for cell in deck_of(notebook, path.name).cells:
        if cell.cell_type == "code" and not cell.metadata.transient.remove_source:
            assert len(cell.source.strip().splitlines()) <= 12, cell.id
    for name, show in shows.items():
        if re.fullmatch(r"exercise-\d-q?\d+", name):
            cells = [show, shows[f"{name}-code"], shows[name.replace("exercise", "solution")]]
            kinds = [part.slide_type for part in cells]
            if kinds != ["skip"] * 3:
                assert kinds == ["subslide", "skip", "fragment"]
                assert "-q" in name
                assert show.title.startswith("Poll: ")
                assert show.minutes == 2


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_each_lecture_has_parts_that_are_built_up_and_polls(path: Path, tmp_path: Path) -> None:
    """Five to seven, with short names, of two slides or more; at most 15 minutes without a poll."""
    notebook = nbformat.read(path, as_version=4)
    shows = {f"slide-{cell.id}": cell.metadata.slideshow for cell in notebook.cells}
    parts = {name: [] for name in sections_of(notebook)}
    assert 5 <= len(parts) <= 7
    assert max(map(len, parts)) <= 24
    minutes_without_poll, part = 0, []
    for slide in slides_of(notebook, tmp_path):
        if slide["id"].startswith("section-"):
            part = parts[slide.h1.text]
            continue
        part.append(slide)
        is_poll = shows[slide["id"]].title.startswith("Poll: ")
        minutes_without_poll = 0 if is_poll else minutes_without_poll + shows[slide["id"]].minutes
        assert minutes_without_poll <= 15, slide["id"]
    for name, slides in parts.items():
        assert len(slides) >= 2, name
        assert any(slide.select(".fragment") for slide in slides), name


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_where_notes_ask_for_a_guess_an_answer_waits_for_a_key(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    slides = {slide["id"]: slide for slide in slides_of(notebook, tmp_path)}
    for cell in notebook.cells:
        if ASKED.search(cell.metadata.slideshow.get("notes", "")):
            assert slides[f"slide-{cell.id}"].select(".fragment"), cell.id


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
    page = deck(
        tmp_path / "d.html",
        code("a", "first = 1\nsecond = 2\nthird = 3", begin("A", lines=[2, 2]), PRINTED),
        code("b", "hidden = 1", begin("B", show="output"), figure()),
        code("c", "shown = 1", {"slide_type": "fragment", "show": "code"}, PRINTED),
        code("d", "skipped = 1", {"slide_type": "skip"}, PRINTED),
    )
    a, b = page.find(id="slide-a"), page.find(id="slide-b")
    assert a.find(class_="code").text.strip() == "second = 2"
    assert a.find(class_="output").text == "printed"
    assert [block.text.strip() for block in b.select(".code")] == ["shown = 1"]
    assert b.select(".fragment .code") == b.select(".code")
    assert b.img["alt"] == "a line that falls"
    assert b.select("pre.output") == []
    assert "skipped" not in page.text


def test_code_is_explained_line_by_line_and_guesses_wait_for_a_key(tmp_path: Path) -> None:
    page = deck(
        tmp_path / "d.html",
        code("a", "a = 1\nb = 2", begin("A", steps=[[1, 1, "A **one**."], [1, 2, "Two."]])),
        code("b", "b = 1", begin("B", guess=True), PRINTED),
    )
    steps = page.select("#slide-a .steps > li.fragment")
    assert [(step["data-lines"], step.text.strip()) for step in steps] == [
        ("1-1", "A one."),
        ("1-2", "Two."),
    ]
    assert len(page.select("#slide-a .line")) == 2
    assert [part.text for part in page.select("#slide-b .fragment.answer .output")] == ["printed"]
    assert not page.select("#slide-b .fragment .code")


def test_pictures_of_any_kind_stand_below_code_and_only_slides_have_minutes(tmp_path: Path) -> None:
    svg = new_output(
        "display_data", {"image/svg+xml": "<svg/>"}, metadata={"image/svg+xml": {"alt": "a"}}
    )
    cells = [
        code("a", "a = 1", begin("A"), svg),
        code("b", "b", {"slide_type": "skip", "minutes": 9}),
    ]
    assert deck(tmp_path / "d.html", *cells).select("#slide-a .cell.stack img")
    assert minutes(lesson(*cells)) == 4


def test_each_section_begins_with_a_map_of_all(tmp_path: Path) -> None:
    page = deck(
        tmp_path / "d.html",
        markdown("a", "x", begin("A", section="Data & words")),
        markdown("b", "x", begin("B")),
        markdown("c", "x", begin("C", section="Models")),
    )
    slides = [slide["id"] for slide in page.select("section section")]
    assert slides == ["slide-title", "section-a", "slide-a", "slide-b", "section-c", "slide-c"]
    assert [page.find(id=f"section-{name}").h1.text for name in "ac"] == ["Data & words", "Models"]
    for name, here in (("a", "Data & words"), ("c", "Models")):
        places = page.select(f"#section-{name} .map li")
        assert [place.text for place in places] == ["Data & words", "Models"]
        assert [place.text for place in places if place.get("aria-current")] == [here]
    notes = page.find(id="section-c").aside.text
    assert "Part 2 of 2" in notes
    assert "minute 6 of 8" in notes
    assert page.find(id="slide-c")["data-timing"] == "120"


def test_long_outputs_are_cut_and_say_so(tmp_path: Path) -> None:
    text = "\n".join(map(str, range(40)))
    printed = new_output("stream", name="stdout", text=text)
    returned = new_output("display_data", {"text/plain": text})
    page = deck(tmp_path / "d.html", code("a", "1", begin("A"), printed, returned))
    shown = [output.text.splitlines() for output in page.find_all(class_="output")]
    assert [(len(lines), lines[-1]) for lines in shown] == [(HEIGHT, "…")] * 2


GOOD = begin("A point")
BROKEN = {
    "slideshow metadata have no slide_type; give one of": new_markdown_cell("text", id="new"),
    **{
        f"have no {key}; add it": markdown("new", "x", {k: GOOD[k] for k in GOOD if k != key})
        for key in ("title", "minutes", "notes")
    },
    r"equation '\\frac{1{2}' does not parse": markdown("new", r"$$\frac{1{2}$$", GOOD),
    "equation 'x_' does not parse": markdown("new", "An $x_$.", {"slide_type": "fragment"}),
    r"equation '\\text' does not parse": markdown("new", "x", GOOD | {"text": r"$\text$"}),
    r"equation '\\notes' does not parse": markdown("new", "x", GOOD | {"notes": r"$\notes$"}),
    "'plot.png' is not inside the notebook": markdown("new", "![a plot](plot.png)", GOOD),
    "none is stored; run `make outputs`": code("new", "1", GOOD | {"show": "output"}),
    "figure is missing or damaged": code("new", "1", GOOD, figure(png="bm90IGEgcG5n")),
    "closes a <div> that it did not open": markdown("new", "a </div> b", GOOD),
    "opens one of div, section": markdown("new", "<div>a", GOOD),
    "no alt text": code("new", "1", GOOD, figure(alt="")),
    "show its lines [1, 9], but it has 1": code("new", "1", GOOD | {"lines": [1, 9]}),
    "its lines [2, 2], but it has 1": code("new", "1", GOOD | {"steps": [[2, 2, "Two."]]}),
    "its step 1 is not a first line": code("new", "1", GOOD | {"steps": [1]}),
    "its step [1, 1, 5] is not a first": code("new", "1", GOOD | {"steps": [[1, 1, 5]]}),
    "its cards or bars are ['a']": code("new", "1", GOOD | {"cards": ["a"]}, PRINTED),
    "looks for '(', which is no pattern": code("new", "1", GOOD | {"bars": {"a": "("}}, PRINTED),
    "its quote is 0: give how many": code("new", "1", GOOD | {"quote": 0}, PRINTED),
    "its quote is 'all': give how many": code("new", "1", GOOD | {"quote": "all"}, PRINTED),
    "it has guess, but no output": code("new", "1", GOOD | {"guess": True}),
    "its show is 'nothing': give": code("new", "1", GOOD | {"show": "nothing"}, PRINTED),
    "it has cards, which only code can": markdown("new", "x", GOOD | {"cards": {"a": "(b)"}}),
    "its card 'a' looks for": code("new", "1", GOOD | {"cards": {"a": "(b)"}}, PRINTED),
    "its section is ''": markdown("new", "x", GOOD | {"section": ""}),
    "begins here, but its slide_type is '-'": markdown(
        "new", "x", {"slide_type": "-", "section": "Part"}
    ),
}


@pytest.mark.parametrize("message", BROKEN)
def test_broken_cell_is_named_and_no_half_deck_is_left(tmp_path: Path, message: str) -> None:
    path = tmp_path / "05_broken.html"
    path.write_text("the deck from before")
    with pytest.raises(PublishError) as raised:
        write_deck(lesson(BROKEN[message]), path)
    assert str(raised.value).startswith("05_broken.ipynb, cell new: ")
    assert message in str(raised.value)
    assert [file.name for file in tmp_path.iterdir()] == ["05_broken.html"]
    assert path.read_text() == "the deck from before"


def test_figure_is_built_up_on_slides_and_whole_on_pages(tmp_path: Path) -> None:
    """A key shows the next step; each picture says what comes new, and a page shows the last."""
    output = figure()
    output.data[KIND] = {"pictures": [PNG, PNG], "alts": ["Words.", "An arrow."]}
    cell = code("drawing", "draw()", begin("Built", show="output"), output)
    first, second = deck(tmp_path / "9.html", cell).select(".figure.build img")
    assert (first["alt"], second["alt"]) == ("Step 1 of 2: Words.", "Step 2 of 2: An arrow.")
    assert (first.get("class"), second["class"]) == (None, ["fragment"])
    assert 'alt="a line that falls"' in output_html(output)
    assert "Step" not in output_html(output)
