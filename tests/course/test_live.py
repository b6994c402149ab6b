"""Progress replaces itself, and leaves nothing behind but what was asked for."""

import sys

from course_utils.live import LiveDisplay
import pytest


def show(text: str, log: bool = False) -> None:
    display = LiveDisplay(log)
    display.show("10 %")
    display.show("20 %")
    display.finish(text)


def test_terminal(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    show("done")
    printed = capsys.readouterr()
    assert printed.err == "\r\x1b[2K10 %\r\x1b[2K20 %\r\x1b[2K"
    assert printed.out == "done\n"


def test_file_keeps_a_record_if_asked_to(capsys: pytest.CaptureFixture) -> None:
    show("")
    assert capsys.readouterr() == ("", "")
    show("done", log=True)
    assert capsys.readouterr() == ("done\n", "10 %\n20 %\n")
