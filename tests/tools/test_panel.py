"""The panel in a browser that reaches nothing: keys, addresses, hostile texts, small screens."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
from course_utils import (
    build_averaged_embedding,
    build_lstm,
    build_simple_rnn,
    encode_review,
    look_inside,
)
import keras
import numpy as np
from playwright.sync_api import Browser, Locator, Page
import pytest

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
TEXT = "A wonderful film, but the end is not good."
TOUR = [("As it is.", {}), ("Look at the zeros.", {"zeros": 40, "masked": False})]
DRAWN = """new Promise((done) => {
    const { panel } = document.querySelector("#lens-one");
    const look = () => panel.frame === 0 ? done() : setTimeout(look, 10);
    look();
})"""
HOSTILE = '<img src=x onerror="alert(1)"></textarea><script>alert(2)</script> & {{7*7}} good'


@pytest.fixture(scope="module")
def models() -> dict[str, keras.Model]:
    """Build small models whose answers differ from word to word."""
    made = {
        "SimpleRNN": build_simple_rnn(2000, 8, 6),
        "LSTM": build_lstm(2000, 8, 6),
        "mean": build_averaged_embedding(2000, 8),
    }
    numbers = np.random.default_rng(2026)
    for model in made.values():
        model.set_weights([numbers.normal(0, 0.7, one.shape) for one in model.get_weights()])
    return made


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Return a function that opens a panel; it returns the page and all that went wrong in it."""
    pages = []

    def show(
        model: Any,
        text: str = TEXT,
        address: str = "",
        width: int = 1000,
        theme: str = "light",
        dark_page: str = "",
    ) -> tuple[Page, list[str]]:
        panel = look_inside(model, text, tour=TOUR)._repr_html_()
        panel = panel.replace("><script", ' id="lens-one"><script', 1)
        path = tmp_path / "panel.html"
        path.write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>A panel</title>'
            f'<meta name="viewport" content="width=device-width">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f"<style>body {{ margin: 8px; {dark_page} }}</style>"
            f"<main><h1>A panel</h1>{panel}</main>",
            encoding="utf-8",
        )
        size = {"width": width, "height": 900}
        page = browser.new_page(viewport=size, color_scheme=theme)
        pages.append(page)
        wrong = []
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto(path.as_uri() + address)
        page.wait_for_selector("[role=option]")
        return page, wrong

    yield show
    for page in pages:
        page.close()


def answer_in(page: Page, place: int = -1) -> float:
    """Return the probability that a tile shows, the last one unless told otherwise."""
    page.evaluate(DRAWN)
    return float(page.locator(".tile strong").nth(place).inner_text().split()[1])


def in_keras(model: keras.Model, text: str) -> float:
    ids = encode_review(text, num_words=2000)
    return pytest.approx(float(model(ids[np.newaxis])[0, 0]), abs=0.0051)


def option(page: Page, word: str) -> Locator:
    return page.get_by_role("option", name=word).first


def test_answer_follows_what_is_typed(show: Callable, models: dict) -> None:
    page, wrong = show(models["LSTM"])
    assert answer_in(page) == in_keras(models["LSTM"], TEXT)
    page.get_by_role("textbox").fill("the story is boring")
    assert answer_in(page) == in_keras(models["LSTM"], "the story is boring")
    assert answer_in(page, 0) == in_keras(models["LSTM"], TEXT)
    assert wrong == []


def test_a_word_is_crossed_out_swapped_and_reversed_by_keys_alone(
    show: Callable, models: dict
) -> None:
    """The answer is that of the text without the word, with two in turn, and from behind."""
    page, wrong = show(models["SimpleRNN"])
    option(page, "good").click()
    page.keyboard.press("ArrowLeft")
    page.locator(".word[aria-selected=true]", has_text="not").wait_for()
    page.keyboard.press("Delete")
    without = in_keras(models["SimpleRNN"], "a wonderful film but the end is good")
    assert answer_in(page) == without
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Swap with next").press("Enter")
    swapped = in_keras(models["SimpleRNN"], "a wonderful film but the end is good not")
    assert answer_in(page) == swapped
    page.get_by_role("button", name="Start over").press("Enter")
    page.get_by_role("button", name="Reverse").press("Enter")
    turned = in_keras(models["SimpleRNN"], "good not is end the but film wonderful a")
    assert answer_in(page) == turned
    assert wrong == []


def test_zeros_behind_in_front_and_masked(show: Callable, models: dict) -> None:
    page, wrong = show(models["SimpleRNN"])
    model, ids = models["SimpleRNN"], encode_review(TEXT, num_words=2000)
    slider = page.get_by_role("slider", name="Number of zeros")
    slider.fill("30")
    behind = float(model(np.append(ids, [0] * 30)[np.newaxis])[0, 0])
    assert answer_in(page) == pytest.approx(behind, abs=0.0051)
    page.get_by_label("Where the zeros stand").select_option("in front")
    in_front = float(model(np.append([0] * 30, ids)[np.newaxis])[0, 0])
    assert answer_in(page) == pytest.approx(in_front, abs=0.0051)
    page.get_by_label("mask").check()
    assert answer_in(page) == in_keras(model, TEXT)
    assert abs(behind - float(model(ids[np.newaxis])[0, 0])) > 0.02
    assert wrong == []


def test_an_address_holds_a_state_and_a_broken_one_does_no_harm(
    show: Callable, models: dict
) -> None:
    address = "#lens-one?text=the+story+is+boring&zeros=25&side=in+front&masked=true&picked=28"
    page, wrong = show(models["LSTM"], address=address)
    assert page.get_by_role("textbox").input_value() == "the story is boring"
    assert page.get_by_role("slider").input_value() == "25"
    assert page.get_by_label("mask").is_checked()
    assert page.locator(".word[aria-selected=true]").inner_text() == "is"
    page.get_by_role("button", name="Link").click()
    again = page.url.partition("#")[2]
    for broken in (
        again,
        "lens-one?zeros=-3&picked=x&crossed=1,z&model=9",
        "lens-one?",
        "other?zeros=9",
    ):
        other, complaints = show(models["LSTM"], address=f"#{broken}")
        assert complaints == []
        expected = "25" if broken == again else "0"
        assert other.get_by_role("slider").input_value() == expected
    assert wrong == []


def test_what_is_typed_is_never_html(show: Callable, models: dict) -> None:
    page, wrong = show(models["LSTM"], text=HOSTILE)
    page.get_by_role("textbox").fill(HOSTILE * 3)
    answer_in(page)
    inside = "document.querySelector('#lens-one').shadowRoot"
    assert page.evaluate(f"{inside}.querySelectorAll('img, script').length") == 0
    assert page.get_by_role("option", name="onerror").count() == 3
    assert wrong == []


def test_a_tour_sets_the_controls_and_says_what_to_look_at(show: Callable, models: dict) -> None:
    page, wrong = show({name: models[name] for name in ("SimpleRNN", "LSTM")})
    page.get_by_role("button", name="Step 2 of the tour").click()
    assert page.get_by_text("Look at the zeros.").is_visible()
    assert page.get_by_role("slider").input_value() == "40"
    assert page.get_by_role("img", name="Length of the gradient").is_visible()
    assert page.get_by_role("option", name="40 zeros").count() == 1
    assert wrong == []


@pytest.mark.parametrize("text", ["", " . ", "good", "good " * 1200, "ß\u2028 \U0001f600 \x00"])
def test_any_text_can_be_read(show: Callable, models: dict, text: str) -> None:
    page, wrong = show(models["LSTM"])
    page.get_by_role("textbox").fill(text)
    assert 0 <= answer_in(page) <= 1
    assert ("the last 1000 are read" in page.locator(".notice").inner_text()) == (len(text) > 5000)
    assert wrong == []


@pytest.mark.parametrize("dark_page", ["", "background: #14171c; color: #eceff4"])
def test_panel_is_for_everybody(show: Callable, models: dict, dark_page: str) -> None:
    """Axe finds nothing in either theme; at 390 pixels nothing stands out; a table holds all."""
    page, wrong = show(models, width=390, dark_page=dark_page)
    page.get_by_text("All numbers as a table").click()
    option(page, "wonderful").click()
    answer_in(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cells = page.locator("td").all_inner_texts()
    assert "wonderful" in cells
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert wrong == []
