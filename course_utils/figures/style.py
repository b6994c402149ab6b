"""How all figures look: the picture with its text, colours, letters, labels of points.

Colours are Okabe and Ito's, which colour-blind eyes tell apart (https://jfly.uni-koeln.de/color/).
"""

import io
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.transforms import Bbox
import numpy as np

BLACK, SKY, BLUE, YELLOW, RED = "#000000", "#56B4E9", "#0072B2", "#F0E442", "#D55E00"
GREEN, PURPLE = "#009E73", "#CC79A7"
CHANCE = 0.5
WIDTH, HEIGHT = 10.0, 4.2
FONT_SIZE = 12


class Picture:
    """A matplotlib figure and its alt text; a notebook shows the one and stores both.

    The text is in the PNG, too: it goes along where the picture is copied to.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return self.alt

    def png(self) -> bytes:
        """Draw it; return the content of a PNG file."""
        png = io.BytesIO()
        about = {"Software": None, "Description": self.alt}
        self.figure.savefig(png, format="png", dpi=100, metadata=about)
        return png.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = {"image/png": self.png(), "text/plain": self.alt}
        return bundle, {"image/png": {"alt": self.alt}}


def new_figure(
    columns: int = 1, rows: int = 1, height: float = HEIGHT
) -> tuple[Figure, list[Axes]]:
    """Make an empty figure in the course's style: large letters, light grid, no frame on top."""
    with rc_context({"font.size": FONT_SIZE, "lines.linewidth": 2}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes in panels:
        axes.grid(color="#DDDDDD", lw=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    return figure, panels


def color_bar(axes: Axes, image: AxesImage, label: str) -> None:
    """Put a scale of the image's colours beside it."""
    bar = axes.figure.colorbar(image, ax=axes)
    bar.set_label(label, fontsize=FONT_SIZE)
    bar.ax.tick_params(labelsize=FONT_SIZE)


def label_points(figure: Figure, axes: Axes, points: np.ndarray, titles: list[str]) -> None:
    """Write each title next to its point, where it covers no other point or title if possible."""
    figure.draw_without_rendering()
    places = [
        (distance * x, distance * y)
        for distance in (11, 20, 30)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
    ]
    pixels = axes.transData.transform(points)
    taken = [Bbox.from_bounds(x - 9, y - 9, 18, 18) for x, y in pixels]
    for point, title in zip(points, titles, strict=True):
        tries = []
        for x, y in places:
            text = axes.annotate(
                title,
                point,
                xytext=(x, y),
                textcoords="offset points",
                ha={1: "left", 0: "center", -1: "right"}[np.sign(x)],
                va={1: "bottom", 0: "center", -1: "top"}[np.sign(y)],
                fontsize=FONT_SIZE,
                bbox={"fc": "white", "ec": "none", "pad": 0.5},
                in_layout=False,
            )
            box = text.get_window_extent()
            tries.append((box.count_overlaps(taken) + _sticks_out(box, axes), text, box))
        _, best, box = min(tries, key=lambda one: one[0])
        for _, text, _ in tries:
            if text is not best:
                text.remove()
        taken.append(box)


def _sticks_out(box: Bbox, axes: Axes) -> int:
    frame = axes.bbox
    return int(
        not (frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 < box.y1 < frame.y1)
    )
