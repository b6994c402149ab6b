"""Pages of notebooks: their contents, what is folded, what the search knows, the way on."""

import ast
from base64 import b64encode
from collections.abc import Callable
import hashlib
import json
from pathlib import Path
import re

from bs4 import BeautifulSoup
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
import pytest

from tools.paths import notebooks
from tools.publish.assets import NOTES
from tools.publish.contents import Lesson, lesson_of
from tools.publish.decks import write_deck
from tools.publish.listings import code_html
from tools.publish.pages import write_page

LESSONS = [lesson_of(path) for path in notebooks()]


def page_of(
    path: Path, notebook: nbformat.NotebookNode, lessons: list[Lesson] = (), home: str = ""
) -> BeautifulSoup:
    write_page(notebook, path, lessons, home)
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def places(page: BeautifulSoup) -> list[dict[str, str]]:
    return json.loads(page.find(id="places").string)


@pytest.fixture(params=notebooks(), ids=lambda path: path.stem)
def lesson(request: pytest.FixtureRequest, tmp_path: Path) -> BeautifulSoup:
    path = request.param
    notebook = nbformat.read(path, as_version=4)
    return page_of(tmp_path / f"{path.stem}.html", notebook, LESSONS, "index.html")


def test_contents_lead_to_every_heading(lesson: BeautifulSoup) -> None:
    links = [link["href"][1:] for link in lesson.select(".contents a")]
    headings = lesson.select("main h2, main h3")
    assert links == [heading["id"] for heading in headings]
    assert len(set(links)) == len(links) > 5
    assert [heading.a["href"] for heading in headings] == [f"#{link}" for link in links]


def test_no_reader_meets_a_bare_assert_or_an_open_solution(lesson: BeautifulSoup) -> None:
    open_code = [pre.text for pre in lesson.select("pre") if not pre.find_parent("details")]
    assert open_code
    assert [code for code in open_code if "assert " in code] == []
    folded = {fold.summary.text for fold in lesson.select("main details")}
    assert folded == {"Imports", "Solution", "What CI checks here", "What came out"}
    assert "right. " in lesson.find("summary", string="Solution").parent.text


def test_no_answer_stands_open_below_the_guess_that_asks_for_it(lesson: BeautifulSoup) -> None:
    """Each truth, and what is drawn before it, is folded until one wants to see it."""
    truths = [text for text in lesson.find_all(string=re.compile("the truth")) if text.strip()]
    truths = [text for text in truths if not text.find_parent("code")]
    shown = [text for text in truths if text.find_parent(class_="output")]
    assert len(shown) >= 4
    assert all(text.find_parent("details").summary.text == "What came out" for text in shown)


def test_search_knows_all_lessons_and_no_solution(lesson: BeautifulSoup) -> None:
    known = places(lesson)
    assert len(known) == sum(len(one.sections) for one in LESSONS)
    assert {place["lesson"] for place in known} == {one.title for one in LESSONS}
    texts = " ".join(place["text"] for place in known)
    assert "pad_reviews(reviews)" in texts
    assert "3 * (d * n + n * n + 2 * n)" not in texts
    assert "assert " not in texts


def test_pages_lead_to_each_other_and_home(tmp_path: Path) -> None:
    for number, path in enumerate(notebooks()):
        page = page_of(
            tmp_path / f"{path.stem}.html", nbformat.read(path, as_version=4), LESSONS, "index.html"
        )
        around = [LESSONS[other].name for other in (number - 1, number + 1) if 0 <= other < 4]
        assert [link["href"] for link in page.select(".pager a")] == [f"{n}.html" for n in around]
        assert page.select_one("header a")["href"] == "index.html"


def test_page_alone_leads_nowhere_and_searches_itself(tmp_path: Path) -> None:
    cells = [new_markdown_cell("# 1 · Alone\n\nWords. $x$\n\n## Part"), new_code_cell("print(7)")]
    page = page_of(tmp_path / "any name.html", new_notebook(cells=cells))
    assert page.select(".pager, .home") == []
    assert places(page) == [
        {"href": "#1-·-Alone", "lesson": "1 · Alone", "title": "1 · Alone", "text": "Words."},
        {"href": "#Part", "lesson": "1 · Alone", "title": "Part", "text": "print(7)"},
    ]


def test_headings_of_one_name_have_two_addresses(tmp_path: Path) -> None:
    source = "# T\n## A\n## A\n## A-2\n## `</script>` & more"
    page = page_of(tmp_path / "page.html", new_notebook(cells=[new_markdown_cell(source)]))
    assert [heading["id"] for heading in page.select("h2")] == [
        "A",
        "A-2",
        "A-2-2",
        "</script>-&-more",
    ]
    assert places(page)[-1]["title"] == "</script> & more"


@pytest.mark.parametrize(
    ("source", "metadata", "summary"),
    [
        ("assert 1", {}, "What CI checks here"),
        ("for a in b:\n    assert a\nprint(b)", {}, "What CI checks here"),
        ("import a\nfrom b import c", {}, "Imports"),
        ("x = 1", {"tags": ["solution"]}, "Solution"),
        ("x = 1", {"jupyter": {"source_hidden": True}}, "Code"),
        ("import a\nprint(a)", {}, None),
        ("%matplotlib inline", {}, None),
        ('"assert"', {}, None),
    ],
)
def test_what_is_folded(tmp_path: Path, source: str, metadata: dict, summary: str | None) -> None:
    printed = new_output("stream", name="stdout", text="printed")
    cells = [new_markdown_cell("# T"), new_code_cell(source, metadata=metadata, outputs=[printed])]
    page = page_of(tmp_path / "page.html", new_notebook(cells=cells))
    assert [fold.text for fold in page.select("main summary")] == ([summary] if summary else [])
    hidden = page.find("pre", string="printed").find_parent("details")
    assert bool(hidden) == (summary == "Solution")


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_lines_of_code_keep_their_text_and_know_their_depth(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            code = BeautifulSoup(f"<pre>{code_html(cell.source)}</pre>", "html.parser")
            assert ast.dump(ast.parse(code.text)) == ast.dump(ast.parse(cell.source))
            for line in code.select(".line"):
                depth = len(line.text) - len(line.text.lstrip(" ")) if line.text.strip() else 0
                assert line["style"] == f"--depth: {depth}ch"


@pytest.mark.parametrize("write", [write_page, write_deck])
def test_policy_allows_the_scripts_of_the_template_and_no_other(
    tmp_path: Path, write: Callable
) -> None:
    """Of a deck, its window of notes', too; a script in a text is not among them."""
    path = tmp_path / "page.html"
    show = {"slide_type": "slide", "title": "T", "minutes": 1, "notes": ""}
    text = new_markdown_cell("# T\n\n<script>mine()</script>", metadata={"slideshow": show})
    write(new_notebook(cells=[text]), path)
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    rules = dict(rule.split(" ", 1) for rule in policy["content"].split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == rules["font-src"] == "data:"
    scripts = [one.string for one in page.select("script:not([type])") if one.string != "mine()"]
    if write is write_deck:
        notes = Path(NOTES, "speaker-view.html").read_text(encoding="utf-8")
        scripts.append(BeautifulSoup(notes, "html.parser").script.string)
    hashes = [b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    assert rules["script-src"].split() == [f"'sha256-{one}'" for one in hashes]
    assert "http" not in str(rules.values())
    assert policy.find_previous_sibling(["script", "style", "link"]) is None


def test_page_says_what_it_is_about(lesson: BeautifulSoup) -> None:
    assert len(lesson.find("meta", attrs={"name": "description"})["content"]) > 40
    assert lesson.find("link", rel="icon")["href"].startswith("data:image/svg+xml,")
