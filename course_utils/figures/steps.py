"""Figures that are built up: what comes new in each step, in words and as a picture."""

from collections.abc import Callable

from course_utils.figures.png import write_png
from matplotlib.artist import Artist
from matplotlib.figure import Figure
import numpy as np

KIND = "application/vnd.course.steps+json"
"""What a notebook's output calls them: a list of PNG files in base64, and one of their texts."""


class Steps:
    """What of a figure comes new in which step; what no step draws is there from the start.

    texts: what comes new in each step, in words.
    """

    def __init__(self, figure: Figure) -> None:
        self.texts: list[str] = []
        self._figure, self._there = figure, _artists(figure)
        self._new: list[set[Artist]] = []

    def end(self, text: str) -> None:
        """End a step: what was drawn since the one before comes with it, and a text says so."""
        there = _artists(self._figure)
        self.texts.append(text)
        self._new.append(there - self._there)
        self._there = there

    def pngs(self, draw: Callable[[], np.ndarray]) -> list[bytes]:
        """Return a PNG file for each step: the first is whole, each further one holds what changes.

        Laid on each other they are the whole figure. draw: returns the figure's pixels, uint8
        (rows, columns, 3); its layout stays as it is when everything is drawn.
        """
        before = draw()
        layout = self._figure.get_layout_engine()
        self._figure.set_layout_engine("none")
        _show(set().union(*self._new), False)
        pngs = []
        for text, artists in zip(self.texts, self._new, strict=True):
            _show(artists, True)
            pixels = draw()
            changed = (pixels != before).any(axis=2) if pngs else None
            pngs.append(write_png(pixels, text, changed))
            before = pixels
        self._figure.set_layout_engine(layout)
        return pngs


def _artists(figure: Figure) -> set[Artist]:
    return {artist for axes in figure.axes for artist in axes.get_children()}


def _show(artists: set[Artist], visible: bool) -> None:
    for artist in artists:
        artist.set_visible(visible)
