"""A presenter's tools in a deck: every key, drawing, search, zoom, notes, and paper."""

from collections.abc import Iterator
from pathlib import Path
import time
from typing import Any

import axe_playwright_python
import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook
from playwright.sync_api import Browser, BrowserContext, Frame, Page
import pytest

from tests.browsers import without_browser
from tests.pdfs import Pdf
from tests.tools.firefox import Firefox, open_firefox
from tools.publish.browser import print_deck
from tools.publish.decks import write_deck

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
SLIDES = ["Aims", "A sum", "Which one?", "Last"]
STATE = """() => ({
  slide: Reveal.getSlidePastCount() + 1,
  black: Reveal.isPaused(),
  overview: Reveal.isOverview(),
  full: document.fullscreenElement !== null,
  theme: document.documentElement.dataset.theme,
  laser: laser.matches(":popover-open"),
  drawing: isDrawing(),
  window: document.querySelector("dialog[open] h2")?.textContent ?? "",
  jump: document.querySelector(".jump-to-slide") !== null,
})"""
EFFECTS = {
    "ArrowRight ArrowDown Space N PageDown": {"slide": 3},
    "ArrowLeft ArrowUp Shift+Space P PageUp Home": {"slide": 1},
    "End": {"slide": 4},
    "G": {"jump": True},
    "/ Ctrl+Shift+F": {"window": "Search"},
    "Escape O": {"overview": True},
    "B .": {"black": True},
    "F": {"full": True},
    "T": {"theme": "dark"},
    "L": {"laser": True},
    "D": {"drawing": True},
    "?": {"window": "Keys"},
}
"""What each key changes on the second slide; notes, zoom, print and Enter have their own tests."""
ELSEWHERE = ["S", "Alt+click", "Ctrl+P", "Enter"]
SEGMENTS = "Reveal.getCurrentSlide().querySelectorAll('svg.drawing line').length"


def slide(name: str, source: str, slide_type: str, **show: Any) -> nbformat.NotebookNode:
    if slide_type != "fragment":
        show = {"minutes": 2, "notes": f"Say {name}."} | show
    show["slide_type"] = slide_type
    return new_markdown_cell(source, id=name, metadata={"slideshow": show})


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a deck of four slides in two sections; the third has an answer on a key."""
    aims, total, which, last = SLIDES
    cells = [
        slide("aims", "# 9\n\nOwn.", "slide", title=aims, text="*Two* words (and more)"),
        slide("sum", "# 9\n\nOwn.", "subslide", title=total, text="$x + 1$", minutes=3),
        slide("which", "# 9\n\nOwn.", "slide", title=which, text="One or two?"),
        slide("answer", '<p class="answer">It is forty-two.</p>', "fragment"),
        slide("last", "# 9\n\nOwn.", "subslide", title=last, text="words"),
    ]
    path = tmp_path_factory.mktemp("decks") / "09_small.html"
    write_deck(new_notebook(cells=cells), path)
    return path


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, reduced_motion="reduce", has_touch=True
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, deck: Path) -> Iterator[Page]:
    """Open the deck on its second slide; at the end, nothing was fetched or complained of."""
    page, seen = context.new_page(), []
    context.on("request", lambda request: seen.append(request.url))
    context.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    begin(page, deck)
    yield page
    assert [one for one in seen if not one.startswith((deck.as_uri(), "data:"))] == []


def begin(page: Page, deck: Path, address: str = "#/2") -> None:
    page.goto(deck.as_uri() + address)
    until(page, "Reveal.isReady()")
    page.evaluate("Reveal.configure({transition: 'none'})")


def until(page: Page | Frame, expression: str, seconds: float = 5) -> None:
    """Wait until an expression is true; the deck's policy forbids Playwright's own way."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(50)


def press(page: Page, key: str) -> None:
    """Press a key as the help names it."""
    page.keyboard.press(key.replace("Ctrl", "Control"))


def number(page: Page) -> int:
    return page.evaluate("Reveal.getSlidePastCount()") + 1


def test_each_key_does_what_the_help_says_and_nothing_else(page: Page) -> None:
    """It is pressed a second time to undo what it did; Escape closes what takes keys itself."""
    before = page.evaluate(STATE)
    for key, effect in ((key, effect) for keys, effect in EFFECTS.items() for key in keys.split()):
        press(page, key)
        page.wait_for_timeout(20)
        assert page.evaluate(STATE) == before | effect, key
        if "slide" in effect:
            page.evaluate("Reveal.slide(0, 1)")
        elif "full" in effect:
            page.evaluate("document.exitFullscreen()")
        else:
            press(page, "Escape" if {"window", "jump"} & effect.keys() else key)
        page.wait_for_timeout(20)
        assert page.evaluate(STATE) == before, key


def test_help_lists_every_key_and_no_other_works(page: Page) -> None:
    """What a key does stands in the table that binds it; the test above tries each."""
    listed = [key.replace(" ", "Space") for key in page.evaluate("KEYS.flatMap(row => row.keys)")]
    assert sorted(listed) == sorted(" ".join([*EFFECTS, *ELSEWHERE]).split())
    before = page.evaluate(STATE)
    for key in [*"acehijkmqruvwxyz1,;:", "Shift+F", "Alt+ArrowRight", "Shift+ArrowRight"]:
        page.keyboard.press(key)
    assert page.evaluate(STATE) == before
    press(page, "?")
    caps = page.locator("dialog[open] kbd").all_inner_texts()
    assert len(caps) == len(listed) + page.evaluate(
        "DRAWING_KEYS.filter(row => row.says).flatMap(row => row.keys).length"
    )
    assert {"→", "Page ↓", "Shift+Space", "Ctrl+Shift+F", "Alt+click", "?"} <= {*caps}


def test_help_is_a_dialog_that_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    page.focus(".theme-switch")
    press(page, "?")
    window = page.get_by_role("dialog", name="Keys")
    assert window.is_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("ArrowRight")
    assert number(page) == 2
    page.keyboard.press("Escape")
    assert window.is_hidden()
    assert page.evaluate("document.activeElement.className") == "theme-switch"
    assert not page.evaluate("Reveal.isOverview()")


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.ci)])
@pytest.mark.parametrize("key", ["?", "/", "D"])
def test_windows_and_tools_violate_no_accessibility(page: Page, key: str, theme: str) -> None:
    if theme == "dark":
        press(page, "T")
    press(page, key)
    page.mouse.move(9, 9)
    page.wait_for_timeout(300)
    if key == "/":
        page.keyboard.type("s")
    page.evaluate(AXE)
    assert (
        page.evaluate(
            "axe.run({resultTypes: ['violations']}).then(({violations}) =>"
            " violations.map(v => `${v.id} ${v.nodes[0].html}`))"
        )
        == []
    )


@pytest.mark.parametrize("address", ["#/3", "#/slide-which"])
def test_address_lands_on_the_slide_with_that_number_or_name(
    page: Page, deck: Path, address: str
) -> None:
    for _ in range(2):  # by a change of the address, then as the deck opens
        page.evaluate("address => { location.hash = address; }", address)
        until(page, "Reveal.getSlidePastCount() === 2")
        assert page.inner_text(".slide-number").replace("\n", "") == "3 / 4"
        page.goto("about:blank")
        begin(page, deck, address)
    assert page.url.endswith("#/slide-which")


@pytest.mark.parametrize("width", [1280, 390])
def test_swipe_turns_slides_but_draws_while_drawing(page: Page, deck: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    begin(page, deck, "#/1")
    begin(page, deck)
    touch = page.context.new_cdp_session(page)

    def swipe() -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": "touchStart", "touchPoints": [{"x": 380, "y": 360}]},
        )
        for x in (300, 220, 140, 60):
            point = {"x": x, "y": 360}
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe()
    assert number(page) == 3
    press(page, "D")
    swipe()
    assert number(page) == 3
    assert page.evaluate(SEGMENTS) > 3


def test_controls_are_seen_only_while_the_mouse_moves_or_the_focus_is_there(page: Page) -> None:
    opacities = (
        "['header', '.controls', '.slide-number'].map("
        "name => getComputedStyle(document.querySelector(name)).opacity).join()"
    )
    until(page, f"{opacities} === '0,0,0'")
    page.mouse.move(200, 200)
    until(page, f"{opacities} === '1,1,1'")
    until(page, f"{opacities} === '0,0,0'")
    page.keyboard.press("Tab")
    until(page, f"{opacities}.includes('1')")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_controls_lie_below_the_content(page: Page, size: tuple[int, int]) -> None:
    """Below a slide's text there is a margin of 52 pixels, at 1280 × 720."""
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    press(page, "D")
    page.wait_for_timeout(100)
    tops = page.evaluate(
        "[...document.querySelectorAll('header button, .controls button, .slide-number')]"
        ".filter(one => one.getClientRects().length).map(one => one.getBoundingClientRect().top)"
    )
    assert len(tops) >= 10
    assert min(tops) >= size[1] - 52 * size[1] / 720


def stroke(page: Page, *places: tuple[int, int]) -> None:
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_mouse_draws_where_it_is_and_the_drawing_is_kept(
    page: Page, deck: Path, size: tuple[int, int]
) -> None:
    """Slide by slide, through a change of theme and a reload; the mouse has one width."""
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.wait_for_timeout(100)
    scale = size[0] / 1280
    press(page, "D")
    press(page, "2")
    stroke(
        page, *((int(x * scale), int(y * scale)) for x, y in [(300, 200), (400, 240), (500, 400)])
    )
    lines = (
        "[...Reveal.getCurrentSlide().querySelectorAll('svg.drawing line')].map(line => "
        "['x1', 'y1', 'x2', 'y2', 'stroke-width', 'class'].map(name => line.getAttribute(name)))"
    )
    drawn = page.evaluate(lines)
    assert [[round(float(x)) for x in line[:4]] for line in drawn[-2:]] == [
        [300, 200, 400, 240],
        [400, 240, 500, 400],
    ]
    assert {(width, name) for *_, width, name in drawn} == {("5", "blue")}
    press(page, "T")
    press(page, "PageDown")
    assert page.evaluate(SEGMENTS) == 0
    press(page, "PageUp")
    assert page.evaluate(lines) == drawn
    page.reload()
    until(page, "Reveal.isReady()")
    assert page.evaluate(lines) == drawn


def test_pen_draws_thicker_when_pressed(page: Page) -> None:
    press(page, "D")
    pen = page.context.new_cdp_session(page)
    for kind, x, force in [
        ("mousePressed", 300, 0.1),
        ("mouseMoved", 400, 0.5),
        ("mouseMoved", 500, 1),
    ]:
        event = {"type": kind, "x": x, "y": 300, "button": "left", "buttons": 1, "force": force}
        pen.send("Input.dispatchMouseEvent", event | {"pointerType": "pen", "clickCount": 1})
    widths = page.eval_on_selector_all(
        "svg.drawing line", "lines => lines.map(line => Number(line.getAttribute('stroke-width')))"
    )
    assert widths == sorted({*widths})
    assert widths[-1] > 3 * widths[0]


def test_keys_draw_undo_erase_and_clear(page: Page) -> None:
    """Arrow keys move the pen and turn no slide; a key that is held does not lift the pen."""
    press(page, "D")
    for key in ["Space", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Space", "ArrowDown"]:
        press(page, key)
    assert page.evaluate("drawings[Reveal.getCurrentSlide().id]") == [
        {"pen": 0, "points": [[640, 360, 5], [652, 360, 5], [664, 360, 5], [664, 362, 5]]}
    ]
    assert page.evaluate(SEGMENTS) == 4
    for key in ["3", "Space", "ArrowLeft", "Space", "U"]:
        press(page, key)
    assert page.evaluate(SEGMENTS) == 4
    for key in ["E", "Space", "ArrowUp"]:  # down to where the line is
        press(page, key)
    assert page.evaluate(SEGMENTS) == 0
    press(page, "Ctrl+z")
    assert page.evaluate(SEGMENTS) == 4
    press(page, "c")
    assert page.evaluate(SEGMENTS) == 0
    press(page, "u")
    press(page, "PageDown")
    press(page, "Shift+C")
    press(page, "PageUp")
    assert page.evaluate(SEGMENTS) == 0
    press(page, "Escape")
    assert page.evaluate(STATE)["drawing"] is False
    press(page, "ArrowRight")
    assert number(page) == 3


def test_tools_are_buttons_that_leave_the_keys_to_the_deck(page: Page) -> None:
    page.mouse.move(5, 5)
    page.get_by_role("button", name="Draw").click()
    page.get_by_role("button", name="blue").click()
    assert page.get_by_role("button", name="blue").get_attribute("aria-pressed") == "true"
    press(page, "Space")
    press(page, "ArrowLeft")
    page.get_by_role("button", name="Done").click()
    assert page.evaluate("drawings[Reveal.getCurrentSlide().id].map(line => line.pen)") == [1]


def test_laser_follows_the_mouse_and_hides_the_cursor(page: Page) -> None:
    press(page, "L")
    page.mouse.move(640, 300)
    box = page.locator(".laser").bounding_box()
    assert (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) == (640, 300)
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).cursor") == "none"
    press(page, "L")
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).cursor") == "auto"


def test_zoom_goes_in_at_the_mouse_and_out_by_escape(page: Page) -> None:
    page.keyboard.down("Alt")
    page.mouse.click(300, 200)
    page.keyboard.up("Alt")
    assert "scale(2)" in page.evaluate("document.body.style.transform")
    press(page, "Escape")
    assert page.evaluate("document.body.style.transform") == ""
    assert not page.evaluate("Reveal.isOverview()")


def test_search_finds_slides_marks_words_and_changes_none(page: Page) -> None:
    """Signs are no pattern; emphasis and formulas stay as they are."""
    texts = "[...document.querySelectorAll('.text')].map(text => text.innerHTML)"
    before = page.evaluate(texts)
    press(page, "/")
    page.keyboard.type("(AND")
    assert page.locator("dialog li").all_inner_texts() == ["1 · Aims"]
    page.fill("dialog input", "words")
    assert page.inner_text("dialog [role=status]") == "2 slides"
    for key in ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowDown", "Enter"]:
        page.keyboard.press(key)
    until(page, "Reveal.getSlidePastCount() === 3")
    marked = "[...CSS.highlights.get('found')].map(range => range.toString())"
    assert page.evaluate(marked) == ["words", "words"]
    press(page, "/")
    page.fill("dialog input", "zebra")
    assert page.inner_text("dialog [role=status]") == "0 slides"
    press(page, "Escape")
    assert page.locator("dialog[open]").count() == 0
    assert not page.evaluate("CSS.highlights.has('found')")
    press(page, "Home")
    press(page, "ArrowRight")
    assert page.evaluate(texts) == before


def test_enter_chooses_among_all_slides(page: Page) -> None:
    for key in ["O", "ArrowUp", "Enter"]:
        press(page, key)
    assert not page.evaluate("Reveal.isOverview()")
    assert number(page) == 1


def test_notes_show_the_pace_take_keys_and_see_drawings(page: Page) -> None:
    with page.expect_popup() as opened:
        press(page, "S")
    notes = opened.value
    notes.wait_for_selector(".pacing", state="visible")
    until(
        notes,
        r"/^00:0[45]:\d\d$/.test(document.querySelector('.pacing').innerText.replace(/\s/g, ''))",
    )
    for frame in notes.frames[1:]:
        frame.wait_for_selector("section.present h1")
        assert frame.locator("header button").first.is_hidden()
    notes.keyboard.press("PageDown")
    until(page, "Reveal.getSlidePastCount() === 2")
    notes.keyboard.press("End")
    until(page, "Reveal.getSlidePastCount() === 3")
    before = page.evaluate(STATE)
    for key in "?/OG":
        notes.keyboard.press(key)
    page.wait_for_timeout(100)
    assert page.evaluate(STATE) == before
    press(page, "D")
    stroke(page, (300, 200), (400, 240))
    notes.frames[1].wait_for_selector("section.present svg.drawing line", state="attached")
    notes.close()


@pytest.fixture(scope="module")
def printed(browser: Browser, deck: Path) -> dict[str, Pdf]:
    """Print the deck; return what was printed by the ends of the files' names."""
    return {path.stem.removeprefix(deck.stem): Pdf(path) for path in print_deck(browser, deck)}


def test_printed_slides_are_tagged_pages_with_an_outline(printed: dict[str, Pdf]) -> None:
    """No page is blank, fragments are there, notes are not."""
    slides = printed[""]
    assert slides.tagged
    assert slides.size == (b"960", b"540")
    assert slides.outline() == SLIDES
    texts = slides.texts()
    assert all(
        text.startswith(title.replace(" ", "")) for text, title in zip(texts, SLIDES, strict=True)
    )
    assert [text[-1] for text in texts] == ["1", "2", "3", "4"]
    assert "Itisforty-two." in texts[2]
    assert "Saywhich" not in "".join(texts)


def test_printed_handout_has_notes_and_page_numbers(printed: dict[str, Pdf]) -> None:
    handout = printed["-handout"]
    assert handout.tagged
    assert [round(float(side)) for side in handout.size] == [595, 842]
    assert handout.outline() == SLIDES
    first, second = handout.texts()
    assert all(name in first for name in ("Aims", "Sayaims.", "2min(tominute2of9)", "Saysum."))
    assert all(name in second for name in ("Itisforty-two.", "Saywhich.", "Saylast."))
    assert "1/2" in first
    assert "2/2" in second


def test_printed_without_answers_there_is_none(printed: dict[str, Pdf]) -> None:
    """Nor are there notes to a poll, which tell the answer; all other slides are there."""
    slides, handout = (
        "".join(printed[f"{kind}-without-answers"].texts()) for kind in ("", "-handout")
    )
    for text in (slides, handout):
        assert "forty-two" not in text
        assert "Oneortwo?" in text
    assert "Saywhich" not in handout
    assert "Saylast" in handout


def test_open_deck_prints_with_its_drawings_and_goes_on_as_before(
    page: Page, tmp_path: Path
) -> None:
    """As by Ctrl+P: from the dark theme, in the middle of the talk, from one's second slide."""
    press(page, "T")
    press(page, "D")
    stroke(page, (300, 200), (400, 240))
    press(page, "D")
    shown = (
        "[...document.querySelectorAll('html, section, .fragment')].map(one =>"
        " [one.id, one.className, one.hidden, one.ariaHidden, one.dataset.theme])"
    )
    before = page.evaluate(shown)
    page.pdf(path=tmp_path / "plain.pdf", prefer_css_page_size=True)
    assert page.evaluate(shown) == before
    drawn = Pdf(tmp_path / "plain.pdf")
    assert len(drawn.texts()) == len(SLIDES)
    colour = ".851 .2824 .0588 RG"
    assert [colour in commands for commands in drawn.drawn()] == [False, True, False, False]


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    try:
        with open_firefox() as browser:
            yield browser
    except FileNotFoundError as missing:
        without_browser(missing)


@pytest.mark.ci
def test_firefox_has_the_same_tools(firefox: Firefox, deck: Path) -> None:
    """Keys, address, drawing by keys and its being kept, search and its marks."""
    firefox.open(deck.as_uri() + "#/2")
    assert firefox.evaluate("return Reveal.getSlidePastCount()") == 1
    for key in ["d", " ", "\ue014", " ", "d", "\ue00f"]:  # arrow right, page down
        firefox.press(key)
    assert firefox.evaluate("return [Reveal.getSlidePastCount(), isDrawing()]") == [2, False]
    firefox.open("about:blank")
    firefox.open(deck.as_uri() + "#/2")
    assert firefox.evaluate(f"return {SEGMENTS}") == 2
    for key in ["/", *"words", "\ue007"]:  # enter
        firefox.press(key)
    assert firefox.evaluate("return CSS.highlights.get('found').size") == 2
    assert firefox.evaluate("return Reveal.getSlidePastCount()") == 0
    firefox.press("?")
    assert (
        firefox.evaluate("return document.querySelector('dialog[open] h2').textContent") == "Keys"
    )


@pytest.mark.ci
def test_firefox_prints_a_page_for_each_slide(firefox: Firefox, deck: Path, tmp_path: Path) -> None:
    """Firefox itself counts them, as it shows the file."""
    firefox.open(deck.as_uri())
    (tmp_path / "deck.pdf").write_bytes(firefox.print())
    assert not firefox.evaluate("return document.documentElement.matches('.print-pdf')")
    firefox.open((tmp_path / "deck.pdf").as_uri())
    for _ in range(50):
        if pages := firefox.evaluate("return document.querySelectorAll('.page').length"):
            break
        time.sleep(0.1)
    assert pages == len(SLIDES)
