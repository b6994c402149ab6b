"""What authors do to notebooks: it works on page and deck, or is refused with cell and remedy."""

import json
from pathlib import Path
import sys
from typing import Any

from bs4 import BeautifulSoup
import nbformat
import pytest

from tools import paths
from tools.publish import PublishError, decks
from tools.publish.decks import write_deck
from tools.publish.manuscript import find, read
from tools.publish.pages import write_page
from tools.publish.student_copies import write_student_copies

PNG = "iVBORw0KGgo="
SLIDE = {"slide_type": "slide", "title": "A point", "minutes": 1, "notes": "Say it."}


def cell(source: str, kind: str = "markdown", show: Any = SLIDE, **more: Any) -> dict:
    """Return a cell as it stands in a file; of code, `outputs` may be given."""
    made = {"cell_type": kind, "source": source, "metadata": {"slideshow": show}, "id": "new"}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    metadata = made["metadata"] | more.pop("metadata", {})
    return made | {"metadata": metadata} | more


def given_out(data: dict, **metadata: Any) -> dict:
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    return cell("show()", "code", {**SLIDE, "show": "output"}, outputs=[output])


def write(path: Path, *cells: dict, minor: int = 5) -> Path:
    first = cell("# 9 · Lesson", id="first")
    if minor < 5:
        cells = [{key: one[key] for key in one if key != "id"} for one in (first, *cells)]
    else:
        cells = [first, *cells]
    notebook = {"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def published(path: Path) -> list[BeautifulSoup]:
    """Return page and deck of a notebook."""
    notebook = read(path)
    made = []
    for kind in (write_page, write_deck):
        kind(notebook, path.with_suffix(".html"))
        made.append(BeautifulSoup(path.with_suffix(".html").read_text("utf-8"), "html.parser"))
    return made


RAISED = {
    "output_type": "error",
    "ename": "ValueError",
    "evalue": "no & such",
    "traceback": ["\u001b[31mlong\u001b[0m"],
}
ALT = {"alt": "a line that falls"}
WORKS = {
    "pasted": (
        cell("![a plot](attachment:a%20b.png)", attachments={"a b.png": {"image/png": PNG}}),
        'img[alt="a plot"][src="data:image/png;base64,iVBORw0KGgo="]',
    ),
    "beside": (cell("![a plot](plots/a.svg)"), 'img[src^="data:image/svg+xml;base64,"]'),
    "beside, as HTML": (
        cell('<img alt="p" width="9" src="plots/a.svg">'),
        'img[width="9"][src^="data:image/svg"]',
    ),
    "named in code": (cell("`![a](b.png)`"), "code"),
    "raised on purpose": (
        cell("fail()", "code", metadata={"tags": ["raises-exception"]}, outputs=[RAISED]),
        'pre.output:-soup-contains("ValueError: no & such")',
    ),
    "SVG": (
        given_out(
            {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'/>"}, **{"image/svg+xml": ALT}
        ),
        '.figure img[alt="a line that falls"][src^="data:image/svg+xml;base64,"]',
    ),
    "JPEG": (
        given_out({"image/jpeg": "/9j/4AAQ\n"}, **{"image/jpeg": ALT}),
        '.figure img[src="data:image/jpeg;base64,/9j/4AAQ"]',
    ),
    "LaTeX": (
        given_out({"text/latex": r"$\displaystyle x^{2}$", "text/plain": "x**2"}),
        ".output msup",
    ),
    "Markdown": (given_out({"text/markdown": "**so**", "text/plain": "?"}), ".output strong"),
    "JSON": (
        given_out({"application/json": {"a": [1]}, "text/plain": "<JSON object>"}),
        "pre.output:-soup-contains('\"a\": [')",
    ),
    "script beside a text": (
        given_out({"application/javascript": "x()", "text/plain": "a text"}),
        'pre.output:-soup-contains("a text")',
    ),
    "no text": (cell(""), "h1"),
    "minutes as text": (cell("x", show=SLIDE | {"minutes": " 1.5"}), "h1"),
    "tags and jupyter null": (cell("1", "code", metadata={"tags": None, "jupyter": None}), "pre"),
    "raw cell": (cell("raw", "raw"), "h1"),
    "empty code": (cell("", "code"), "h1"),
    "comment in text": (
        cell(
            "<!-- title: From here | minutes: 2 | notes: Say\nthis. -->\n## Head\n\nText", show={}
        ),
        'h1:-soup-contains("From here"), h2:-soup-contains("Head")',
    ),
    "comment in code": (
        cell("# | title: From here | minutes: 2\n#| notes: Say this.\nrun()", "code", None),
        'h1:-soup-contains("From here"), .code:-soup-contains("run()")',
    ),
}


@pytest.mark.parametrize("minor", [4, 5])
@pytest.mark.parametrize("case", WORKS)
def test_works_on_page_and_deck(tmp_path: Path, case: str, minor: int) -> None:
    """Cells of an older notebook have no ids."""
    made, selector = WORKS[case]
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    for html in published(write(tmp_path / "09_lesson.ipynb", made, minor=minor)):
        assert html.main.select(selector), selector
        assert "title:" not in html.main.text
        assert "Traceback" not in html.text


TEXT = SLIDE | {"slide_type": "-"}
REFUSED = {
    "the figure 'https://example.org/a.png' is not inside the notebook": cell(
        "![a](https://example.org/a.png)"
    ),
    "the figure 'none.png' is not inside the notebook, and no picture beside it: paste it": cell(
        "![a](none.png)"
    ),
    "the figure 'attachment:lost.png' is not inside the notebook": cell(
        "![a](attachment:lost.png)"
    ),
    "its minutes are 'two': give a number, such as 2": cell("x", show=SLIDE | {"minutes": "two"}),
    "its minutes are None: give a number": cell("x", show=SLIDE | {"minutes": None}),
    "have no slide_type; give one of slide, subslide": cell("x", show=None),
    "its slideshow metadata are 'skip': give keys and values": cell("x", show="skip"),
    "its slide_type is 'slides'; give one of slide": cell("x", show={"slide_type": "slides"}),
    "its title is 7; write a text in quotes": cell("x", show=SLIDE | {"title": 7}),
    "it shall show its lines 1-2, but it has 1": cell("1", "code", SLIDE | {"lines": "1-2"}),
    "its figure is missing or damaged": given_out({"image/jpeg": "bm8="}, **{"image/jpeg": ALT}),
    "no alt text: say what is to be seen, as in display(figure, metadata={'image/svg": given_out(
        {"image/svg+xml": "<svg/>"}
    ),
    "its output holds <script>, and pages and decks neither run nor fetch anything": given_out(
        {"text/html": "<p>1</p><SCRIPT src='https://example.org'></SCRIPT>"}
    ),
    "its output is application/vnd.plotly.v1+json, which no page shows: give out a": given_out(
        {"application/vnd.plotly.v1+json": {}}
    ),
    "its comment says 'titel: A': begin with one of title, minutes": cell(
        "# | titel: A\nrun()", "code"
    ),
    "a slide begins here, but its slideshow metadata have no notes; add it": cell(
        "<!-- title: A | minutes: 1 -->", show={}
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refused_with_cell_and_remedy(tmp_path: Path, message: str) -> None:
    with pytest.raises(PublishError) as raised:
        published(write(tmp_path / "09_lesson.ipynb", REFUSED[message]))
    assert str(raised.value).startswith("09_lesson.ipynb, cell new: ")
    assert message in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


FENCED = nbformat.v4.new_markdown_cell("```python\n# no heading\n```")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read as a notebook"),
        ('{"cells": [', "cannot be read as a notebook"),
        ("[]", "cannot be read as a notebook"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "is empty"),
        (json.dumps(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell()])), "is empty"),
        (json.dumps(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])), "no title"),
        (json.dumps(nbformat.v4.new_notebook(cells=[FENCED])), "no title"),
    ],
)
def test_file_that_is_no_lesson_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    """JupyterLab makes an Untitled.ipynb at a wrong click."""
    path = tmp_path / "Untitled.ipynb"
    path.write_text(text)
    with pytest.raises(PublishError, match=f"^Untitled.ipynb .*{message}.*delete") as raised:
        published(path)
    assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("shows", "message"),
    [
        ((TEXT, SLIDE), "cell first: it is the first one shown, and its slide_type is '-'"),
        (({"slide_type": "skip"}, TEXT), "cell new: it is the first one shown"),
        (({"slide_type": "skip"}, {"slide_type": "skip"}), "has no slide: give one of its cells"),
    ],
)
def test_deck_begins_with_a_slide(tmp_path: Path, shows: tuple, message: str) -> None:
    path = write(tmp_path / "09_lesson.ipynb", cell("x", show=shows[1]))
    notebook = read(path)
    notebook.cells[0].metadata.slideshow = nbformat.from_dict(shows[0])
    with pytest.raises(PublishError, match=message):
        write_deck(notebook, tmp_path / "deck.html")


def test_comment_says_what_metadata_say(tmp_path: Path) -> None:
    """It wins where both speak; what it says begins a slide unless metadata say otherwise."""
    comment = "<!-- title: Of |x| and y | minutes: 2 | notes: Say: this. -->\n\n## Head"
    path = write(
        tmp_path / "09_lesson.ipynb",
        cell(comment, show={}),
        cell("# | slide_type: subslide | title: Second", "code", SLIDE, id="second"),
        cell("<!-- a comment of the author's -->\ntext", show=TEXT, id="third"),
    )
    _, first, second, third = read(path).cells
    assert first.metadata.slideshow == {
        "slide_type": "slide",
        "title": "Of |x| and y",
        "minutes": 2,
        "notes": "Say: this.",
    }
    assert first.source.strip() == "## Head"
    assert second.metadata.slideshow == SLIDE | {"slide_type": "subslide", "title": "Second"}
    assert second.source == ""
    assert third.source.startswith("<!-- a comment")


def test_student_copies_show_no_comment_and_carry_their_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    (tmp_path / "a.png").write_bytes(b"png")
    write(
        tmp_path / "09_lesson.ipynb",
        cell("<!-- title: A | minutes: 1 | notes: secret -->\n![a](a.png)"),
    )
    (copy,) = write_student_copies(tmp_path / "student")
    text = copy.read_text(encoding="utf-8")
    assert "secret" not in text
    assert "![a](data:image/png;base64,cG5n)" in text


def test_one_bad_cell_stops_one_deck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """And one deck alone can be made."""
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(decks, "SLIDES", tmp_path / "slides")
    monkeypatch.setattr(decks, "ROOT", tmp_path)
    write(tmp_path / "08_bad.ipynb", cell("$x_$"))
    write(tmp_path / "09_good.ipynb", cell("x"))
    monkeypatch.setattr(sys, "argv", ["decks"])
    assert decks.main() == 1
    out, err = capsys.readouterr()
    assert "slides/09_good.html: 2 slides, 2 minutes" in out
    assert err.startswith("08_bad.ipynb, cell new: the equation")
    (tmp_path / "slides" / "09_good.html").unlink()
    monkeypatch.setattr(sys, "argv", ["decks", "09"])
    assert decks.main() == 0
    assert [path.name for path in (tmp_path / "slides").iterdir()] == ["09_good.html"]


def test_number_finds_one_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    for name in ("08_a", "09_b", "Untitled"):
        (tmp_path / f"{name}.ipynb").touch()
    assert find("09").name == "09_b.ipynb"
    for number in ("", "0", "10"):
        with pytest.raises(PublishError, match="give one of 08, 09, Untitled, as in NB=02"):
            find(number)
