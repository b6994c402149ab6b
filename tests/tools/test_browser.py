"""Pages and decks in a real Chromium that reaches no network: what readers and lecturers see."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
import re
import shutil
import threading
import time
from typing import Any

import axe_playwright_python
from course_utils.exercises.check import Verdict, exercise_names
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, Request
import pytest

from tests.pdfs import Pdf
from tools import paths
from tools.grade.page import write_page as write_class_page
from tools.grade.table import not_judged
from tools.publish.assets import TEMPLATES
from tools.publish.browser import print_deck
from tools.publish.decks import BEGINNINGS, write_deck
from tools.publish.listings import fold
from tools.publish.live_talk import open_talk
from tools.publish.pages import write_page
from tools.publish.preview import LOOK_EVERY, Preview, serve
from tools.publish.site import write_site

NAMES = [path.stem for path in paths.notebooks()]
DECKS = [f"slides/{name}.html" for name in NAMES]
CLASS = "submissions.html"
PAGES = ["index.html", "results.html", CLASS, *(f"pages/{name}.html" for name in NAMES)]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
MEASURE = (TEMPLATES / "measure.js").read_text(encoding="utf-8")
READY = (
    "Promise.all([document.fonts.ready, window.Reveal && !Reveal.isReady()"
    " && new Promise(ready => Reveal.on('ready', ready))])"
)
SHOW = {"slide_type": "slide", "minutes": 1, "notes": "Say it."}


Visit = Callable[..., tuple[Page, list[str]]]


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
    write_class_page(path, rows, {"anna/02.ipynb": cells, "ben/02.ipynb": []}, points)
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
        page.evaluate(READY)
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
    """Return the ids of a deck's slides: those of its cells, and one where a section begins."""
    ids = []
    for cell in nbformat.read(paths.NOTEBOOKS / f"{Path(deck).stem}.ipynb", as_version=4).cells:
        if "section" in cell.metadata.slideshow:
            ids.append(f"section-{cell.id}")
        if cell.metadata.slideshow.slide_type in BEGINNINGS:
            ids.append(f"slide-{cell.id}")
    return ids


def titles(deck: str) -> list[str]:
    cells = nbformat.read(paths.NOTEBOOKS / f"{Path(deck).stem}.ipynb", as_version=4).cells
    shows = [cell.metadata.slideshow for cell in cells]
    begin = [show for show in shows if show.slide_type in BEGINNINGS]
    return [show[key] for show in begin for key in ("section", "title") if key in show]


@pytest.mark.parametrize("width", [1280, pytest.param(1920, marks=pytest.mark.nightly)])
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


@pytest.mark.parametrize("deck", [DECKS[0], DECKS[1], DECKS[3]])
def test_one_can_type_into_a_panel_on_a_slide(visit: Visit, site: Path, deck: str) -> None:
    """Keys in it are not the deck's; Escape gives them back."""
    page, seen = visit(site / deck)
    slide = page.locator("section[id^=slide-touch]")
    name = slide.get_attribute("id")
    page.evaluate(
        "(name) => { const at = Reveal.getIndices(document.getElementById(name));"
        " Reveal.slide(at.h, at.v); }",
        name,
    )
    area = slide.get_by_role("textbox")
    area.fill("")
    area.press_sequentially("Bob saw n out? No, so boring. ")
    for key in ("ArrowLeft", "Home", "End", "PageDown"):
        area.press(key)
    slide.get_by_role("slider").press("ArrowRight")
    assert area.input_value() == "Bob saw n out? No, so boring. "
    assert slide.get_by_role("slider").input_value() == "1"
    assert page.evaluate("Reveal.getCurrentSlide().id") == name
    area.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getCurrentSlide().id") != name
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
    html = re.sub('<div class="sheet"[^>]*>', lambda sheet: sheet[0] + broken, path.read_text())
    html = re.sub("<meta [^>]*Content-Security-Policy[^>]*>", "", html)
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
    notes.on("console", lambda message: seen.append(message.text))
    notes.wait_for_selector(".speaker-controls-notes:not(.hidden) strong")
    text = notes.inner_text(".speaker-controls-notes")
    assert re.search(r"1 min \(to minute 1 of \d\d\)\s+\w+", text)
    for frame in notes.frames[1:]:
        frame.wait_for_selector("section.present h1")
    assert len(notes.frames) == 3
    assert seen == [(site / DECKS[0]).as_uri()]
    notes.close()


@pytest.mark.parametrize("write", [write_page, write_deck])
def test_scripts_of_a_text_do_not_run(visit: Visit, tmp_path: Path, write: Callable) -> None:
    """Nor do handlers, frames and forms; the page's own scripts do, and the browser says so."""
    text = (
        "# 9\n<script>document.title = 'run'</script>"
        "<img src='data:,' alt='a' onerror='document.title = \"run\"'>"
        "<iframe title='f' src='https://example.org'></iframe>"
    )
    path = tmp_path / "hostile.html"
    show = {"slideshow": SHOW | {"title": "Nine"}}
    write(new_notebook(cells=[new_markdown_cell(text, metadata=show)]), path)
    page, seen = visit(path)
    page.wait_for_timeout(300)
    assert page.title() == "9"
    assert page.inner_text(".theme-switch") == "Dark"
    refused = [line for line in seen if "violates the following Content Security Policy" in line]
    assert {line.split()[0] for line in refused} == {"Executing", "Framing"}
    assert len(refused) == 3


@pytest.mark.parametrize("deck", [DECKS[2], pytest.param(DECKS[3], marks=pytest.mark.ci)])
def test_printed_deck_has_a_page_for_each_slide(
    browser: Browser, site: Path, tmp_path: Path, deck: str
) -> None:
    """Tagged, with each title in the outline, and no page is blank; the handout has fewer.

    Chromium's outline leaves out the blank at which a title goes on in a second line.
    """
    path = shutil.copy(site / deck, tmp_path / "deck.html")
    slides, _, handout, _ = map(Pdf, print_deck(browser, path))
    assert len(slides.texts()) == len(beginnings(deck))
    wanted = [title.replace(" ", "") for title in titles(deck)]
    for pdf in (slides, handout):
        assert [title.replace(" ", "") for title in pdf.outline()] == wanted
    for pdf in (slides, handout):
        assert pdf.tagged
        assert all(len(text) > 3 for text in pdf.texts())
    assert len(handout.texts()) < len(slides.texts())


CONTRAST = ", runOnly: ['color-contrast']"
DARK_BY_NIGHT = {*PAGES[:-1], *DECKS[:-1]}
EXAMINED = [
    *(("light", "", name) for name in [*PAGES, *DECKS]),
    *(
        pytest.param(
            *("dark", CONTRAST, name), marks=[pytest.mark.nightly] * (name in DARK_BY_NIGHT)
        )
        for name in [*PAGES, *DECKS]
    ),
]


@pytest.mark.ci
@pytest.mark.parametrize(("theme", "rules", "name"), EXAMINED)
def test_nothing_violates_accessibility(
    visit: Visit, site: Path, name: str, theme: str, rules: str
) -> None:
    """A deck's first slide with all around it, each further one alone; of dark, the colours.

    A page with all that it folds unfolded, and with places that its search has found.
    """
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
    else:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        page.fill("#search", "review")
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
        page.evaluate(READY)
        page.keyboard.press("t")
        assert page.evaluate(paper) == light


def test_index_leads_to_everything(visit: Visit, site: Path) -> None:
    page, _ = visit(site / "index.html")
    links = page.eval_on_selector_all("main a", "links => links.map(a => a.getAttribute('href'))")
    assert len(links) == 3 * len(NAMES) + 4
    assert [link for link in links if not (site / link).exists()] == []


@pytest.mark.parametrize("width", [1280, 390])
def test_search_finds_all_lessons_and_leads_there_by_keyboard(
    visit: Visit, site: Path, width: int
) -> None:
    """From a file, without a network: the word stands in the heading of another lesson."""
    page, seen = visit(site / PAGES[-len(NAMES)], (width, 844))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the text
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#search")
    page.keyboard.type("COUNTING parameters")
    hits = page.locator("#found a")
    hits.first.wait_for()
    assert {hit.split("\n")[0] for hit in hits.all_inner_texts()[:2]} == {"Counting parameters"}
    assert page.inner_text("[role=status]") == f"{hits.count()} places found"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/04_lstm_and_deep_lstm.html#Counting-parameters")
    assert 0 <= page.locator("#Counting-parameters").bounding_box()["y"] < 300
    assert [one for one in seen if "://" in one and not one.startswith("file:")] == []


def test_search_that_finds_nothing_says_so_and_escape_clears_it(visit: Visit, site: Path) -> None:
    page, _ = visit(site / "index.html")
    page.fill("#search", "zebrafish")
    assert page.inner_text("[role=status]") == "no places found"
    page.press("#search", "Escape")
    assert page.input_value("#search") == ""
    assert page.is_hidden("#found")


def test_code_is_copied_as_it_is(visit: Visit, site: Path) -> None:
    """With its indents and ends of lines, though each line is an element of its own."""
    page, _ = visit(site / PAGES[-len(NAMES)])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cells = nbformat.read(paths.NOTEBOOKS / f"{NAMES[0]}.ipynb", as_version=4).cells
    indented = next(cell.source for cell in cells if "\n    " in cell.source and not fold(cell))
    code = page.locator(".code", has_text=indented.splitlines()[-1]).first
    code.locator(".copy").press("Enter")
    page.wait_for_selector(".copy >> text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == indented


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_in_print(visit: Visit, site: Path, name: str) -> None:
    """On A4, with all that is folded unfolded: 174 mm lie between the margins."""
    page, _ = visit(site / name, (657, 900), theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    cut = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.getClientRects().length"
        " && (e.getBoundingClientRect().right > 658 || e.clientWidth && e.scrollWidth"
        " > e.clientWidth + 1)).map(e => e.outerHTML.slice(0, 80))"
    )
    assert cut == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_contents_stand_beside_the_text_and_fold_on_a_phone(visit: Visit, site: Path) -> None:
    wide, _ = visit(site / PAGES[-len(NAMES)])
    assert wide.is_visible(".contents a >> nth=0")
    assert wide.locator(".contents").bounding_box()["width"] < 300
    phone, _ = visit(site / PAGES[-len(NAMES)], (390, 844))
    assert phone.is_hidden(".contents a >> nth=0")
    phone.press(".contents summary", "Enter")
    phone.click(".contents a >> text=Padding")
    assert 0 <= phone.locator("#Padding").bounding_box()["y"] < 100


@pytest.fixture
def previewed(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Preview a small notebook; return its path and the address."""
    path = tmp_path / "09_small.ipynb"
    save(path, "# 9 · Small")
    preview = Preview(path, tmp_path / "preview")
    server = serve(preview, port=0)
    looking = threading.Event()

    def look() -> None:
        while not looking.wait(LOOK_EVERY):
            preview.look()

    thread = threading.Thread(target=look)
    thread.start()
    yield path, f"http://127.0.0.1:{server.server_port}/"
    looking.set()
    thread.join()
    server.shutdown()
    server.server_close()


def save(path: Path, source: str, **show: Any) -> None:
    cell = new_markdown_cell(
        source, id="only", metadata={"slideshow": SHOW | {"title": "T"} | show}
    )
    nbformat.write(new_notebook(cells=[cell]), path)


def test_preview_follows_each_save_and_says_what_does_not_fit(
    visit: Visit, previewed: tuple[Path, str]
) -> None:
    """A cell that cannot be published is named, and what was there stays.

    A save is to be seen within two seconds, here within four: other tests run at the same time.
    """
    path, address = previewed
    page, seen = visit(address)
    state, faults = page.locator("#state"), page.locator("#faults li")
    lesson, deck = (page.frame_locator(f"iframe#{name}") for name in ("page", "deck"))
    page.wait_for_selector("#state >> text=all fits")
    saved = time.monotonic()
    save(path, "# 9 · Small\n\nnew words", text="new words")
    for frame in (lesson, deck):
        frame.get_by_text("new words").first.wait_for()
    assert time.monotonic() - saved < 4
    save(path, "# 9 · Small\n\n![](data:,)", text="tall  \n" * 40)
    page.wait_for_selector("#state >> text=to look at")
    lines = faults.all_inner_texts()
    assert any(re.match("Slide 1, T – too low: p tall", line) for line in lines)
    assert any("as its alt text: say what is to be seen" in line for line in lines)
    save(path, "# 9 · Small\n\n$x_$")
    page.wait_for_selector("#faults >> text=09_small.ipynb, cell only: the equation")
    assert lesson.get_by_text("Small").first.is_visible()
    save(path, "# 9 · Small")
    page.wait_for_selector("#state >> text=all fits")
    assert state.inner_text()
    assert [line for line in seen if not line.startswith(address)] == []


@pytest.fixture
def live(tmp_path: Path) -> Iterator[str]:
    """Give a small live lecture; return its address."""
    slow = "import time\nfor i in range(600):\n    print(i, flush=True)\n    time.sleep(0.1)"
    cells = [
        ("needed", "six = 6", {"slide_type": "skip"}),
        ("hidden", "print('a picture')", SHOW | {"title": "H", "show": "output"}, "a picture"),
        ("late", "if six:\n    print(six * 7)", SHOW | {"title": "L", "lines": [2, 2]}, "42"),
        ("slow", slow, SHOW | {"title": "S", "show": "code"}),
    ]
    codes = [
        new_code_cell(code, id=name, metadata={"slideshow": show}, outputs=outputs)
        for name, code, show, *said in cells
        for outputs in [[new_output("stream", text=f"{line}\n") for line in said]]
    ]
    title = new_markdown_cell("# 9", id="first", metadata={"slideshow": SHOW | {"title": "First"}})
    path = tmp_path / "09_small.ipynb"
    nbformat.write(new_notebook(cells=[title, *codes]), path)
    with open_talk(path, tmp_path / "talks") as address:
        yield address


def text_of(page: Page, name: str) -> str:
    """Return what a slide shows as a cell's output when it has run."""
    page.wait_for_selector(f'.code[data-cell="{name}"][data-state="done"]', timeout=60_000)
    return page.locator(f'.results[data-cell="{name}"]').inner_text().strip()


@pytest.mark.ci
def test_live_lecture_opens_as_the_deck_and_its_cells_run(visit: Visit, live: str) -> None:
    """Nothing is red, no code is seen that a deck hides, and what a cell needs has run before.

    Code is changed in place; an error is a sentence, and the lecture goes on.
    """
    page, seen = visit(live)
    page.wait_for_selector("#live", state="hidden", timeout=60_000)
    assert page.evaluate("Reveal.getTotalSlides()") == 4
    assert page.locator(".problem:visible").count() == 0
    assert "a picture" in page.locator("#slide-hidden").text_content()
    assert page.locator('.code[data-cell="hidden"], .code[data-cell="needed"]').count() == 0
    page.goto(f"{live}#/slide-late")
    code = page.locator('.code[data-cell="late"]')
    assert code.locator("pre").inner_text().strip() == "print(six * 7)"
    page.keyboard.press("Shift+Enter")
    assert text_of(page, "late") == "42"
    code.locator("pre").click()
    page.keyboard.press("End")
    page.keyboard.type("; print(six)\nprint(six * 8)")
    page.keyboard.press("Shift+Enter")
    page.get_by_text("48", exact=True).or_(page.get_by_text("42\n6\n48")).wait_for()
    assert text_of(page, "late").split() == ["42", "6", "48"]
    assert code.locator("pre .nb").count() == 3
    code.hover()
    code.get_by_role("button", name="Edit").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("six / 0")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".problem >> text=ZeroDivisionError: division by zero")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "slide-late"
    page.reload()
    page.wait_for_selector(".problem >> text=ZeroDivisionError: division by zero")
    assert code.locator("pre").inner_text().strip() == "six / 0"
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("section.present >> text=time.sleep")
    assert [line for line in seen if not line.startswith(live)] == []


@pytest.mark.ci
def test_live_output_fits_its_slide_and_a_cell_can_be_stopped(visit: Visit, live: str) -> None:
    page, _ = visit(f"{live}#/slide-slow")
    page.keyboard.press("Shift+Enter")
    output = page.locator('.results[data-cell="slow"] pre')
    output.get_by_text("40").wait_for(timeout=60_000)
    box = output.bounding_box()
    assert box["y"] + box["height"] <= 720
    page.evaluate(AXE)
    assert page.evaluate("axe.run('.present .sheet').then(found => found.violations)") == []
    page.get_by_role("button", name="Stop").click()
    assert text_of(page, "slow").endswith("Stopped.")
    assert page.get_by_role("button", name="Run").is_visible()
