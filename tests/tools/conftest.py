"""What several files of tests of the workshop need: a browser, and answers judged as submitted."""

from collections.abc import Callable, Iterator
from multiprocessing.connection import Pipe
import threading
from typing import Any

from course_utils.exercises.check import Verdict
from playwright.sync_api import Browser
import pytest

from tests.browsers import without_browser
from tools.grade import candidate, judge, wire
from tools.publish.browser import NoBrowserError, find_browser, open_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open a Chromium that reaches no network."""
    try:
        find_browser()
    except NoBrowserError as missing:
        without_browser(missing)
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def across() -> Callable[[str, Any], Verdict]:
    """Return a function that judges an answer which stays on the other side of a pipe."""
    return _across


def _across(exercise: str, answer: Any) -> Verdict:
    ours, theirs = Pipe()

    def hand_in() -> None:
        with theirs:
            wire.send(theirs, {"started": True})
            wire.receive(theirs)
            candidate._hand_in(theirs, exercise, answer)
            wire.send(theirs, {"end": True, "failed": []})

    thread = threading.Thread(target=hand_in)
    thread.start()
    with ours:
        end, _, verdicts, _ = judge._converse(ours, {"cells": []})
    thread.join()
    assert end == "finished"
    return verdicts[exercise]
