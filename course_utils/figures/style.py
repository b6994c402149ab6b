"""How all figures look: the picture with its text, colours, letters, labels of points.

Colours are Okabe and Ito's, which colour-blind eyes tell apart (https://jfly.uni-koeln.de/color/).
"""

from base64 import b64encode
import io
from typing import Any

from course_utils.figures.png import COLORS, write_png
from course_utils.figures.steps import KIND, Steps
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import LogLocator, NullFormatter
from matplotlib.transforms import Bbox
import numpy as np

BLACK, SKY, BLUE, YELLOW, RED = "#000000", "#56B4E9", "#0072B2", "#F0E442", "#D55E00"
GREEN, PURPLE, ORANGE = "#009E73", "#CC79A7", "#E69F00"
WORDS, ZEROS, STATE, ANSWER, GRADIENT = BLUE, YELLOW, GREEN, PURPLE, RED
"""One colour each in all figures: words and their embeddings, the zeros of padding, a layer's
state, the answer, and what comes back from it."""
CHANCE = 0.5
WIDTH, HEIGHT, TALLEST = 10.0, 4.2, 4.75
FONT_SIZE = 15
"""Inches and points. A deck shows a picture 1136 of 1280 pixels wide: letters of 24 pixels.
Below a title and a line of text it has room for TALLEST; higher figures would get smaller."""
_NEAR = 11
"""How far, in points, a title stands from its point if there is room."""
_LONG = 1000
"""From how many times the smallest value on, a log scale writes powers of ten."""
_MAP_COLORS = 128
"""So many show the steps of a colour map."""
DENSITY = 200
"""Pixels to the inch: sharp on slides of 1920 pixels."""


class Picture:
    """A matplotlib figure and its alt text; a notebook shows the one and stores both.

    The text is in the PNG, too: it goes along where the picture is copied to. steps: of a picture
    that slides build up; all others show it whole.
    """

    def __init__(self, figure: Figure, alt: str, steps: Steps | None = None) -> None:
        self.figure, self.alt, self.steps = figure, alt, steps

    def __repr__(self) -> str:
        return self.alt

    def png(self) -> bytes:
        """Draw it; return the content of a PNG file."""
        maps = any(axes.images for axes in self.figure.axes)
        return write_png(self._pixels(), self.alt, colors=_MAP_COLORS if maps else COLORS)

    def _pixels(self) -> np.ndarray:
        raw = io.BytesIO()
        self.figure.savefig(raw, format="rgba", dpi=DENSITY)
        columns = round(self.figure.get_figwidth() * DENSITY)
        return np.frombuffer(raw.getvalue(), np.uint8).reshape(-1, columns, 4)[:, :, :3]

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = {"image/png": self.png(), "text/plain": self.alt}
        if self.steps:
            pictures = [b64encode(png).decode() for png in self.steps.pngs(self._pixels)]
            bundle[KIND] = {"pictures": pictures, "alts": self.steps.texts}
        return bundle, {"image/png": {"alt": self.alt, "width": round(100 * WIDTH)}}


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


def legend_below(figure: Figure) -> None:
    """Put one legend for all panels below them, in as many columns as fit."""
    entries = {}
    for axes in figure.axes:
        entries |= dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    for columns in range(len(entries), 0, -1):
        legend = figure.legend(
            entries.values(),
            entries,
            loc="outside lower center",
            ncols=columns,
            fontsize=FONT_SIZE,
            frameon=False,
        )
        if columns == 1 or legend.get_window_extent().width < figure.bbox.width:
            return
        legend.remove()


def log_scale(axes: Axes, name: str) -> None:
    """Give an axis, "x" or "y", a log scale; on a short one 1, 2 and 5 are written as such."""
    axes.set(**{f"{name}scale": "log"})
    low, high = axes.get_xlim() if name == "x" else axes.get_ylim()
    if high / low < _LONG:
        axis = axes.xaxis if name == "x" else axes.yaxis
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter(NullFormatter())


def power(value: float) -> str:
    """Write a positive number as a power of ten: its exponent is what a log scale shows."""
    return f"10^{np.log10(value):.2f}" if value > 0 else "exactly 0"


def color_bar(axes: Axes | list[Axes], image: AxesImage, label: str) -> None:
    """Put a scale of the image's colours beside it, or beside all the panels that share it.

    Its ends and its middle are written.
    """
    ticks = np.linspace(*image.get_clim(), 3)
    bar = image.figure.colorbar(image, ax=axes, ticks=ticks, format="{x:.2g}")
    bar.set_label(label, fontsize=FONT_SIZE)
    bar.ax.tick_params(labelsize=FONT_SIZE)


def label_points(figure: Figure, axes: Axes, points: np.ndarray, titles: list[str]) -> None:
    """Write each title next to its point, where it covers no other point or title if possible."""
    figure.draw_without_rendering()
    places = [
        (distance * x, distance * y)
        for distance in (_NEAR, 20, 30, 40)
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
            if tries[-1][0] == 0:
                break
        _, best, box = min(tries, key=lambda one: one[0])
        for _, text, _ in tries:
            if text is not best:
                text.remove()
        taken.append(box)
        if max(np.abs(best.xyann)) > _NEAR:
            _draw_leader(axes, point, best.xyann)


def _draw_leader(axes: Axes, point: np.ndarray, offset: tuple[float, float]) -> None:
    """Draw a thin line from a point to its title, which had no place beside it."""
    axes.annotate(
        "",
        point,
        xytext=offset,
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": "#777777", "lw": 1, "shrinkA": 0, "shrinkB": 4},
        zorder=2,
        in_layout=False,
    )


def _sticks_out(box: Bbox, axes: Axes) -> int:
    frame = axes.bbox
    return int(
        not (frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 < box.y1 < frame.y1)
    )
