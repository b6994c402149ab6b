"""Pages and decks in a real Chromium that reaches no network: what readers and lecturers see."""

from collections.abc import Iterator
import contextlib
from dataclasses import dataclass, field
from functools import cache
import os
from pathlib import Path
import re
import socket
import subprocess
import time

import axe_playwright_python
from course_utils import present
from course_utils.browser import NoBrowserError, find_browser, open_browser, print_deck
from course_utils.execute import NOTEBOOKS
from course_utils.site import write_site
from course_utils.slides import BEGINNINGS
from course_utils.sweep import RECIPES, Row, write
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as NotInTime
import pytest

NAMES = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
DECKS = [f"slides/{name}.html" for name in NAMES]
PAGES = ["index.html", "results.html", *(f"pages/{name}.html" for name in NAMES)]
SIZES = {"1280x720": (1280, 720), "1920x1080": (1920, 1080)}
THEMES = ["light", "dark"]
TRIES = 40
"""A key pressed before the kernel listens is lost."""
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
MEASURE = Path(__file__).with_name("measure.js").read_text(encoding="utf-8")


@dataclass
class Walk:
    """What was seen on the way through a deck by keyboard."""

    slides: list[dict] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


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
    """Write the whole site once, with a small sweep of every recipe's last epoch."""
    folder = tmp_path_factory.mktemp("site")
    rows = [
        Row(recipe.model, recipe.cure, seed, epoch + 1, *[0.5 + seed / 50] * 6, 1.0, "3", "2")
        for recipe in RECIPES
        for seed in range(2)
        for epoch in range(recipe.epochs)
    ]
    write(folder / "sweep.csv", rows)
    write_site(folder / "site", folder / "sweep.csv")
    return folder / "site"


@pytest.fixture(scope="module")
def walk(site: Path, browser: Browser) -> Iterator[object]:
    """Walk through a deck by keyboard, once for each size of screen."""

    @cache
    def walk(deck: str, size: str) -> Walk:
        return walk_through(browser, site / deck, SIZES[size])

    return walk


def watched(browser: Browser, size: tuple[int, int], theme: str = "light") -> tuple[Page, Walk]:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce"
    )
    seen = Walk()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: seen.console.append(message.text))
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    return page, seen


def walk_through(browser: Browser, deck: Path, size: tuple[int, int]) -> Walk:
    """Press the right arrow until nothing changes; measure each slide with all its fragments."""
    page, seen = watched(browser, size)
    page.goto(deck.as_uri())
    page.wait_for_function("Reveal.isReady()")
    page.evaluate("document.fonts.ready")
    page.evaluate("Reveal.configure({transition: 'none'})")
    while True:
        seen.slides.append(page.evaluate(MEASURE))
        while page.evaluate("Reveal.availableFragments().next"):
            page.keyboard.press("ArrowRight")
        if page.evaluate("Reveal.isLastSlide()"):
            break
        page.keyboard.press("ArrowRight")
    page.close()
    return seen


def beginnings(name: str) -> list[str]:
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells
    return [
        f"slide-{cell.id}" for cell in cells if cell.metadata.slideshow.slide_type in BEGINNINGS
    ]


@pytest.mark.parametrize("deck", DECKS)
def test_keyboard_reaches_every_slide(walk: object, deck: str) -> None:
    visited = [slide["id"] for slide in walk(deck, "1280x720").slides]
    assert visited == beginnings(Path(deck).stem)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("deck", DECKS)
def test_deck_asks_for_nothing_and_complains_of_nothing(
    site: Path, walk: object, deck: str, size: str
) -> None:
    seen = walk(deck, size)
    outside = [url for url in seen.requests if not url.startswith("data:")]
    assert outside == [(site / deck).as_uri()]
    assert seen.console == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("deck", DECKS)
def test_every_slide_fits_and_is_drawn(walk: object, deck: str, size: str) -> None:
    for slide in walk(deck, size).slides:
        assert slide["overflow"] == [], slide["id"]
        assert slide["brokenImages"] == [], slide["id"]
        assert slide["undrawnEquations"] == [], slide["id"]
        assert slide["small"] == [], slide["id"]


@pytest.mark.parametrize("deck", DECKS)
def test_every_equation_of_the_talk_is_there(site: Path, walk: object, deck: str) -> None:
    drawn = sum(slide["equations"] for slide in walk(deck, "1280x720").slides)
    html = re.sub(r"<aside.*?</aside>", "", (site / deck).read_text(), flags=re.DOTALL)
    assert drawn == html.count("<math ")


def test_measurements_see_a_broken_slide(browser: Browser, site: Path, tmp_path: Path) -> None:
    """What the tests above measure can fail: one slide is broken in every way."""
    html = (site / DECKS[2]).read_text()
    broken = (
        '<p style="font-size: 12px">small</p><img src="data:image/png;base64,AA" alt="no">'
        '<p style="min-height: 900px">tall</p><p style="white-space: nowrap">'
        + "wide "
        * 99
        + "</p>"
        "<math></math><img src='https://example.org/a.png' alt='no'>"
    )
    html = html.replace('<div class="sheet">', f'<div class="sheet">{broken}', 1)
    (tmp_path / "broken.html").write_text(
        html.replace("Reveal.init", "console.log(1); Reveal.init")
    )
    seen = walk_through(browser, tmp_path / "broken.html", (1280, 720))
    first = seen.slides[0]
    assert {line.split()[0] for line in first["overflow"]} == {"down", "right"}
    assert len(first["brokenImages"]) == 2
    assert first["undrawnEquations"] == [""]
    assert first["small"] == ["12px small"]
    assert "https://example.org/a.png" in seen.requests
    assert "1" in seen.console


@pytest.mark.parametrize("deck", DECKS)
def test_notes_open_with_time_and_text(browser: Browser, site: Path, deck: str) -> None:
    page, seen = watched(browser, (1280, 720))
    page.goto((site / deck).as_uri())
    page.wait_for_function("Reveal.isReady()")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    notes.wait_for_selector(".speaker-controls-notes:not(.hidden) strong")
    text = notes.inner_text(".speaker-controls-notes")
    assert re.search(r"1 min \(to minute 1 of \d\d\)\s+\w+", text)
    assert seen.console == []
    notes.close()
    page.close()


@pytest.mark.parametrize("deck", DECKS)
def test_printed_deck_has_a_page_for_each_slide(
    browser: Browser, site: Path, tmp_path: Path, deck: str
) -> None:
    print_deck(browser, site / deck, tmp_path / "deck.pdf")
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "deck.pdf").read_bytes())
    assert len(pages) == len(beginnings(Path(deck).stem))


@pytest.mark.ci
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("deck", DECKS)
def test_no_slide_violates_accessibility(
    browser: Browser, site: Path, deck: str, theme: str
) -> None:
    """The first slide is examined with all around it, each further one by itself.

    The dark theme differs in its colours only, so only these are examined again.
    """
    page, _ = watched(browser, (1280, 720), theme)
    page.goto((site / deck).as_uri())
    page.wait_for_function("Reveal.isReady()")
    page.evaluate("Reveal.configure({transition: 'none', fragments: false})")
    page.evaluate(AXE)
    found = []
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        found += violations(page, "document" if number == 0 else "Reveal.getCurrentSlide()", theme)
        page.evaluate("Reveal.next()")
    page.close()
    assert found == []


@pytest.mark.ci
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_violates_accessibility(
    browser: Browser, site: Path, name: str, theme: str
) -> None:
    page, seen = watched(browser, (1280, 720), theme)
    page.goto((site / name).as_uri())
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.evaluate(AXE)
    assert violations(page, "document", theme) == []
    assert [url for url in seen.requests if url[:5] != "data:"] == [(site / name).as_uri()]
    assert seen.console == []
    page.close()


def test_axe_sees_a_violation(browser: Browser) -> None:
    page, _ = watched(browser, (1280, 720))
    page.set_content("<p style='color: #bbb; background: #fff'>pale</p><img src='data:,'>")
    page.evaluate(AXE)
    assert {"color-contrast", "image-alt"} <= {
        line.split()[0] for line in violations(page, "document", "light")
    }
    page.close()


def violations(page: Page, context: str, theme: str) -> list[str]:
    rules = "" if theme == "light" else ", runOnly: ['color-contrast']"
    return page.evaluate(
        f"axe.run({context}, {{resultTypes: ['violations']{rules}}}).then(result => "
        "result.violations.map(v => `${v.id} (${v.impact}) ${v.nodes[0].html}`))"
    )


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_as_wide_as_a_phone(browser: Browser, site: Path, name: str) -> None:
    page, _ = watched(browser, (390, 844))
    page.goto((site / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


@pytest.mark.parametrize("name", [DECKS[0], PAGES[0], PAGES[2]])
def test_one_switch_turns_light_and_dark(browser: Browser, site: Path, name: str) -> None:
    page, _ = watched(browser, (1280, 720))
    page.goto((site / name).as_uri())
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
    page.close()


def test_index_leads_to_everything(browser: Browser, site: Path) -> None:
    page, _ = watched(browser, (1280, 720))
    page.goto((site / "index.html").as_uri())
    links = page.eval_on_selector_all("a", "links => links.map(a => a.getAttribute('href'))")
    assert len(links) == 3 * len(NAMES) + 2
    for link in links:
        assert (site / link).exists(), link
    page.close()


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start `make present` on a small notebook; gives the slideshow's address with its token."""
    show = {"slide_type": "slide", "minutes": 1, "notes": "Say it."}
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# 9", metadata={"slideshow": show | {"title": "First"}}),
            new_code_cell(
                "print(6 * 7)", metadata={"slideshow": show | {"title": "Second", "text": "$x^2$"}}
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "09_small.ipynb")
    monkeypatch.setattr(present, "NOTEBOOKS", tmp_path / "notebooks")
    path = present.write_talk("09", tmp_path / "talks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=secret"]
    server = subprocess.Popen(
        [*present.command(path), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            break
        time.sleep(0.2)
    yield f"http://127.0.0.1:{port}/rise/{path.name}"
    server.terminate()
    server.wait(timeout=30)


@pytest.mark.ci
def test_live_slideshow_needs_its_token_turns_pages_and_runs_cells(
    browser: Browser, live: str
) -> None:
    page, seen = watched(browser, (1280, 720))
    page.goto(live)
    assert "/login" in page.url
    page.goto(f"{live}?token=secret")
    page.wait_for_selector("section.present h1 >> text=First", timeout=60_000)
    page.keyboard.press("Space")
    slide = "section.present:not(.stack)"
    page.wait_for_selector(f"{slide} h1 >> text=Second")
    page.wait_for_selector(f"{slide} mjx-container")
    output = page.locator(f"{slide} .jp-OutputArea-output >> text=42")
    for _ in range(TRIES):
        page.click(f"{slide} .jp-CodeCell .cm-content >> visible=true")
        page.keyboard.press("Shift+Enter")
        with contextlib.suppress(NotInTime):
            output.wait_for(timeout=3_000)
            break
    assert output.count() == 1
    outside = [
        url for url in seen.requests if not re.match(r"http://127\.0\.0\.1|data:|blob:", url)
    ]
    assert outside == []
    page.close()
