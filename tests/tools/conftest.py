"""What several files of tests of the workshop need: an answer that is judged as a submission's."""

from collections.abc import Callable
from multiprocessing.connection import Pipe
import threading
from typing import Any

from course_utils.exercises.check import Verdict
import pytest

from tools.grade import candidate, judge, wire


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
