"""What course.toml says reaches pages and decks; what it cannot say is refused in one sentence."""

from pathlib import Path
import re

from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell, new_notebook
import pytest

from tools.paths import DOCS
from tools.publish import PublishError
from tools.publish.assets import TEMPLATES
from tools.publish.course import PANELS, Course, contrast, load_course
from tools.publish.decks import write_deck
from tools.publish.pages import write_index, write_page

SAID = """
title = "Sequences & more"
institution = "University of <Somewhere>"
lecturer = "Dr. Ada"
language = "de"
minutes = 45
logo = "logo.svg"
accent = "#7a0019"
accent_dark = "#ffb3c0"
"""
SHOW = {"slide_type": "slide", "title": "T", "minutes": 1, "notes": ""}


def test_kit_works_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE", raising=False)
    assert load_course() == Course()
    assert (Course().style, Course().byline) == ("", "")


def test_page_deck_and_index_say_whose_course_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.toml").write_text(SAID)
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    monkeypatch.setenv("COURSE", str(tmp_path / "course.toml"))
    notebook = new_notebook(cells=[new_markdown_cell("# T", metadata={"slideshow": SHOW})])
    made = {}
    for name, write in (("page", write_page), ("deck", write_deck)):
        write(notebook, tmp_path / f"{name}.html")
    write_index([], tmp_path / "index.html")
    for name in ("page", "deck", "index"):
        text = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        made[name] = BeautifulSoup(text, "html.parser")
        assert made[name].html["lang"] == "de"
        (logo,) = made[name].select("footer img, .byline img")
        assert logo["alt"] == "University of <Somewhere>"
        assert logo["src"].startswith("data:image/svg+xml;base64,")
        assert "Dr. Ada · University of <Somewhere>" in logo.parent.text
        assert ":root { --accent: #7a0019; }" in text
    assert made["index"].h1.text == made["index"].title.text == "Sequences & more"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("titel = 'A'", "it says 'titel': write one of title, institution"),
        ("title = 7", "title is 7: write a text in quotes"),
        ("minutes = 'long'", "minutes are 'long': give a number"),
        ("minutes = true", "minutes are True: give a number"),
        ("language = 'German'", "language is 'German': give its code, such as de"),
        ("logo = 'none.png'", "there is no picture 'none.png' beside it"),
        ("logo = 'course.toml'", "there is no picture 'course.toml' beside it"),
        ("accent = 'red'", "accent is 'red': give a colour such as #00558c"),
        ("accent = '#777777'", "has a contrast of 4.1 on #f3f5f7, and texts need 4.5"),
        ("accent_dark = '#333333'", "choose a lighter one"),
        ("title =", "Invalid value"),
    ],
)
def test_what_it_cannot_say_is_refused(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "course.toml"
    path.write_text(line)
    with pytest.raises(PublishError) as raised:
        load_course(path)
    assert str(raised.value).startswith("course.toml: ")
    assert message in str(raised.value)


def test_document_shows_every_key(tmp_path: Path) -> None:
    """And its example works."""
    document = (DOCS / "instructors.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n([^`]*institution[^`]*)```", document)
    (tmp_path / "course.toml").write_text(example)
    (tmp_path / "logo.svg").touch()
    said = vars(load_course(tmp_path / "course.toml"))
    assert [key for key, value in said.items() if not value] == []


def test_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"no.toml cannot be read \(No such file"):
        load_course(tmp_path / "no.toml")


def test_contrast_is_that_of_wcag_and_grounds_are_those_of_the_theme() -> None:
    """Its ends, and the grey that is known as the lightest readable one on white."""
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    theme = (TEMPLATES / "theme.css").read_text(encoding="utf-8")
    assert re.findall(r"--panel: (#\w+);", theme) == list(PANELS.values())
