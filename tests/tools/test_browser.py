"""Pages and decks in a real Chromium that reaches no network: what readers and lecturers see."""

from collections import Counter
from collections.abc import Callable, Iterator
import contextlib
import os
from pathlib import Path
import re
import socket
import subprocess
import time

import axe_playwright_python
from course_utils.exercises.check import Verdict, exercise_names
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Page, Request
from playwright.sync_api import TimeoutError as NotInTime
import pytest

from tools import paths
from tools.grade.page import write_page
from tools.grade.table import not_judged
from tools.publish import live_talk
from tools.publish.browser import NoBrowserError, find_browser, open_browser, print_deck
from tools.publish.decks import BEGINNINGS, write_deck
from tools.publish.site import write_site

NAMES = [path.stem for path in paths.notebooks()]
DECKS = [f"slides/{name}.html" for name in NAMES]
CLASS = "submissions.html"
PAGES = ["index.html", "results.html", CLASS, *(f"pages/{name}.html" for name in NAMES)]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")
SHOW = {"slide_type": "slide", "minutes": 1, "notes": "Say it."}


Visit = Callable[..., tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        find_browser()
    except NoBrowserError as missing:
        if os.environ.get("BROWSER_TESTS") == "required":
            raise
        pytest.skip(str(missing))
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:
    """Write the whole site once, and beside it the page of a class."""
    folder = tmp_path_factory.mktemp("site") / "site"
    write_site(folder)
    write_class(folder / CLASS)
    return folder


def write_class(path: Path) -> None:
    """Write the page of two students, one with a mistake everywhere, and unfold what is folded."""
    wrong = Verdict("not yet", f"That is {'wide ' * 30}.", "")
    names = exercise_names()
    cells = [f'answer = {"9" * 99}\ncheck("{names[0]}", answer)']
    everywhere, nowhere = dict.fromkeys(names, wrong), {names[-1]: Verdict("right", "", "")}
    rows = [
        not_judged("anna/02.ipynb", "finished")._replace(verdicts=everywhere, challenge=4000),
        not_judged("ben/02.ipynb", "stopped after 1800 s")._replace(verdicts=nowhere),
    ]
    points = dict.fromkeys(names, 2.5)
    write_page(path, rows, {"anna/02.ipynb": cells, "ben/02.ipynb": []}, points)
    path.write_text(path.read_text(encoding="utf-8").replace("<details>", "<details open>"))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Return a function that opens a file or an address and waits until it is drawn.

    It returns the page, and a list that grows by what it fetches from outside and complains of.
    """
    pages = []

    def visit(
        place: Path | str, size: tuple[int, int] = (1280, 720), theme: str = "light"
    ) -> tuple[Page, list[str]]:
        screen = dict(zip(("width", "height"), size, strict=True))
        page = browser.new_page(viewport=screen, color_scheme=theme, reduced_motion="reduce")
        pages.append(page)
        seen = []

        def fetched(request: Request) -> None:
            if not request.url.startswith("data:"):
                seen.append(request.url)

        page.on("request", fetched)
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.goto(place.as_uri() if isinstance(place, Path) else place)
        page.wait_for_function("!window.Reveal || Reveal.isReady()")
        page.evaluate("document.fonts.ready")
        return page, seen

    yield visit
    for page in pages:
        page.close()


def walk(page: Page) -> list[dict]:
    """Press the right arrow to the end; return what `measure.js` says of each slide."""
    page.evaluate("Reveal.configure({transition: 'none'})")
    steps = "Reveal.getTotalSlides() + document.querySelectorAll('.fragment').length"
    slides = [page.evaluate(MEASURE)]
    for _ in range(page.evaluate(steps) - 1):
        page.keyboard.press("ArrowRight")
        if page.evaluate("Reveal.getCurrentSlide().id") != slides[-1]["id"]:
            slides.append(page.evaluate(MEASURE))
    return slides


def beginnings(deck: str) -> list[str]:
    cells = nbformat.read(paths.NOTEBOOKS / f"{Path(deck).stem}.ipynb", as_version=4).cells
    return [f"slide-{c.id}" for c in cells if c.metadata.slideshow.slide_type in BEGINNINGS]


@pytest.mark.parametrize("width", [1280, pytest.param(1920, marks=pytest.mark.ci)])
@pytest.mark.parametrize("deck", DECKS)
def test_keyboard_reaches_every_slide_and_each_is_whole(
    visit: Visit, site: Path, deck: str, width: int
) -> None:
    page, seen = visit(site / deck, (width, width * 9 // 16))
    slides = walk(page)
    assert [slide["id"] for slide in slides] == beginnings(deck)
    assert {slide["id"]: slide["faults"] for slide in slides if slide["faults"]} == {}
    html = re.sub(r"<aside.*?</aside>", "", (site / deck).read_text(), flags=re.DOTALL)
    assert sum(slide["equations"] for slide in slides) == html.count("<math ")
    assert seen == [(site / deck).as_uri()]


def test_measurements_see_a_broken_slide(visit: Visit, tmp_path: Path) -> None:
    """What the test above measures can fail: one slide is broken in every way."""
    cell = new_markdown_cell("# 9", metadata={"slideshow": SHOW | {"title": "First"}})
    path = tmp_path / "broken.html"
    write_deck(new_notebook(cells=[cell]), path)
    broken = (
        '<p style="font-size: 12px">small</p><p style="min-height: 900px">tall</p><math></math>'
        f'<p style="white-space: nowrap">{"wide " * 99}</p>'
        '<img src="data:,a" alt="a"><img src="https://example.org/b.png" alt="b">'
    )
    html = path.read_text().replace('<div class="sheet">', f'<div class="sheet">{broken}')
    path.write_text(html.replace("Reveal.init", "console.log(1); Reveal.init"))
    page, seen = visit(path)
    (slide,) = walk(page)
    kinds = Counter(fault.split()[0] for fault in slide["faults"])
    assert kinds.keys() == {"right", "down", "small", "undrawn", "broken"}
    assert (kinds["small"], kinds["broken"]) == (1, 2)
    assert {"https://example.org/b.png", "1"} <= {*seen}


def test_notes_open_with_time_and_text(visit: Visit, site: Path) -> None:
    page, seen = visit(site / DECKS[0])
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    notes.wait_for_selector(".speaker-controls-notes:not(.hidden) strong")
    text = notes.inner_text(".speaker-controls-notes")
    assert re.search(r"1 min \(to minute 1 of \d\d\)\s+\w+", text)
    assert seen == [(site / DECKS[0]).as_uri()]
    notes.close()


def test_printed_deck_has_a_page_for_each_slide(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    print_deck(browser, site / DECKS[2], tmp_path / "deck.pdf")
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "deck.pdf").read_bytes())
    assert len(pages) == len(beginnings(DECKS[2]))


@pytest.mark.ci
@pytest.mark.parametrize(
    ("theme", "rules"), [("light", ""), ("dark", ", runOnly: ['color-contrast']")]
)
@pytest.mark.parametrize("name", [*PAGES, *DECKS])
def test_nothing_violates_accessibility(
    visit: Visit, site: Path, name: str, theme: str, rules: str
) -> None:
    """A deck's first slide with all around it, each further one alone; of dark, the colours."""
    page, seen = visit(site / name, theme=theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.evaluate(AXE)
    examine = (
        "alone => axe.run(alone ? Reveal.getCurrentSlide() : document, "
        f"{{resultTypes: ['violations']{rules}}}).then(result => "
        "result.violations.map(v => `${v.id} (${v.impact}) ${v.nodes[0].html}`))"
    )
    if name in DECKS:
        page.evaluate("Reveal.configure({transition: 'none', fragments: false})")
    found = page.evaluate(examine, False)
    for slide in beginnings(name)[1:] if name in DECKS else []:
        page.evaluate("Reveal.next()")
        assert page.evaluate("Reveal.getCurrentSlide().id") == slide
        found += page.evaluate(examine, True)
    assert found == []
    assert seen == [(site / name).as_uri()]


def test_axe_sees_a_violation(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "pale.html").write_text("<p style='color: #bbb; background: #fff'>pale</p>")
    page, _ = visit(tmp_path / "pale.html")
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(result => result.violations.map(v => v.id))")
    assert "color-contrast" in found


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_for_nothing_and_is_as_wide_as_a_phone(
    visit: Visit, site: Path, name: str
) -> None:
    page, seen = visit(site / name, (390, 844))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert seen == [(site / name).as_uri()]


@pytest.mark.parametrize("name", [DECKS[0], PAGES[0], CLASS, PAGES[3]])
def test_one_switch_turns_light_and_dark(visit: Visit, site: Path, name: str) -> None:
    page, _ = visit(site / name)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.click(".theme-switch")
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark
    if name in DECKS:
        page.wait_for_function("Reveal.isReady()")
        page.keyboard.press("t")
        assert page.evaluate(paper) == light


def test_index_leads_to_everything(visit: Visit, site: Path) -> None:
    page, _ = visit(site / "index.html")
    links = page.eval_on_selector_all("a", "links => links.map(a => a.getAttribute('href'))")
    assert len(links) == 3 * len(NAMES) + 2
    assert [link for link in links if not (site / link).exists()] == []


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start `make present` on a small notebook; return its address, which still lacks the token."""
    first, second = SHOW | {"title": "First"}, SHOW | {"title": "Second", "text": "$x^2$"}
    cells = [
        new_markdown_cell("# 9", metadata={"slideshow": first}),
        new_code_cell("print(6 * 7)", metadata={"slideshow": second}),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "09_small.ipynb")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    path = live_talk.write_talk("09", tmp_path / "talks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=secret"]
    server = subprocess.Popen([*live_talk.command(path), *options], cwd=tmp_path)
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}/rise/{path.name}"
    server.terminate()
    server.wait(timeout=30)


@pytest.mark.ci
def test_live_slideshow_needs_its_token_turns_pages_and_runs_cells(visit: Visit, live: str) -> None:
    page, seen = visit(live)
    assert "/login" in page.url
    page.goto(f"{live}?token=secret")
    page.wait_for_selector("section.present h1 >> text=First", timeout=60_000)
    page.keyboard.press("Space")
    slide = "section.present:not(.stack)"
    page.wait_for_selector(f"{slide} h1 >> text=Second")
    page.wait_for_selector(f"{slide} mjx-container")
    output = page.locator(f"{slide} .jp-OutputArea-output >> text=42")
    for _ in range(40):  # a key pressed before the kernel listens is lost
        page.click(f"{slide} .jp-CodeCell .cm-content >> visible=true")
        page.keyboard.press("Shift+Enter")
        with contextlib.suppress(NotInTime):
            output.wait_for(timeout=3_000)
            break
    assert output.count() == 1
    elsewhere = r"(?!http://127\.0\.0\.1[:/]|data:|blob:)[a-z-]+:"
    assert [line for line in seen if re.match(elsewhere, line)] == []
