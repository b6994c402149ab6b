"""The training panel in a browser: it learns and can be stopped, in a worker and without one."""

from collections.abc import Callable, Iterator
from pathlib import Path

from course_utils import train_here
from playwright.sync_api import Browser, Page
import pytest

WITHOUT_WORKER = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
POLICIES = {"worker": f"{WITHOUT_WORKER}; worker-src blob:", "slices": WITHOUT_WORKER}
TOUR = [("Gate", "An open gate.", {"cell": "LSTM", "forget_bias": 3}), ("Mask", "", {"mask": True})]


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[[str], Page]]:
    pages = []

    def show(how: str) -> Page:
        panel = train_here("keep", "SimpleRNN", k=10, seed=2026, tour=TOUR)._repr_html_()
        path = tmp_path / "training.html"
        policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICIES[how]}">'
        path.write_text(f"<!doctype html><meta charset=utf-8>{policy}{panel}", encoding="utf-8")
        pages.append(browser.new_page())
        pages[-1].goto(path.as_uri())
        return pages[-1]

    yield show
    for page in pages:
        page.close()


def learned(page: Page) -> str:
    page.get_by_role("button", name="Start").click()
    page.locator(".outcome", has_text="Learned: 1.00").wait_for(timeout=60_000)
    page.locator(".told", has_text="The training is over.").wait_for(timeout=60_000)
    return page.locator(".outcome").inner_text()


def test_same_seed_gives_the_same_training_in_a_worker_and_in_slices(show: Callable) -> None:
    assert learned(show("worker")) == learned(show("slices"))


@pytest.mark.parametrize("how", POLICIES)
def test_a_training_is_stopped_at_once(show: Callable, how: str) -> None:
    page = show(how)
    page.get_by_role("button", name="2 Mask").click()
    page.get_by_role("button", name="1 Gate").click()
    assert page.get_by_label("Forget bias").input_value() == "3"
    assert page.get_by_text("An open gate.").is_visible()
    page.get_by_role("button", name="Start").click()
    page.locator(".now", has_text="Update").wait_for(timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    assert page.locator(".told").inner_text().startswith("Stopped.")
    assert page.locator(".now").inner_text() == ""
