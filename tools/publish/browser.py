"""The browser that prints decks and tests them: the system's Chromium, cut off from networks."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import shutil

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PRINTS = ((), ("without-answers",), ("handout",), ("handout", "without-answers"))
"""What of a deck is printed: classes that its styles for paper know, and its file name gets."""


class NoBrowserError(Exception):
    """There is no Chromium on this machine; says how to get one."""


def find_browser() -> str:
    """Return the path of Chromium: the variable CHROMIUM, else what the system has.

    Raises NoBrowserError if there is none.
    """
    chosen = os.environ.get("CHROMIUM")
    found = [chosen] if chosen else filter(None, map(shutil.which, NAMES))
    for path in found:
        if shutil.which(path):
            return path
    raise NoBrowserError(
        "No Chromium was found: install it (on Debian: apt-get install chromium), "
        "or set the variable CHROMIUM to the path of Chromium or Chrome."
    )


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium without a window and with every name but this machine's unknown."""
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[OFFLINE], chromium_sandbox=False
        )
        yield browser
        browser.close()


def print_deck(browser: Browser, deck: Path) -> list[Path]:
    """Print a deck to PDFs beside it, in the light theme; returns their paths.

    One has a page for each slide; the handout, the slides with their notes. Of both there is one
    without the answers to polls, and without the notes to them.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(deck.absolute().as_uri())
    page.evaluate("Reveal.isReady() || new Promise(ready => Reveal.on('ready', ready))")
    page.evaluate("document.fonts.ready")
    pdfs = []
    for classes in PRINTS:
        pdf = deck.with_stem("-".join([deck.stem, *classes])).with_suffix(".pdf")
        page.evaluate("some => document.documentElement.classList.add(...some)", classes)
        page.pdf(
            path=pdf, prefer_css_page_size=True, print_background=True, tagged=True, outline=True
        )
        page.evaluate("some => document.documentElement.classList.remove(...some)", classes)
        pdfs.append(pdf)
    page.close()
    return pdfs
