"""Boxes, arrows and words, of which drawings are made; one unit is an inch."""

from course_utils.figures.style import BLACK, FONT_SIZE, WIDTH
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle
import numpy as np

PALE = "#C4C4C4"
"""What is not yet, or no longer, spoken of."""
Point = tuple[float, float]


def new_drawing(height: float) -> tuple[Figure, Axes]:
    """Make an empty sheet, as wide as all figures; its axes count inches from the lower left."""
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, height))
    axes.axis("off")
    return figure, axes


def tint(color: str, share: float = 0.45) -> tuple[float, float, float]:
    """Return a colour so light that black letters on it are easy to read."""
    red, green, blue = 1 - share * (1 - np.array(to_rgb(color)))
    return red, green, blue


def box(
    axes: Axes,
    center: Point,
    text: str,
    color: str = "white",
    size: Point = (0.8, 0.5),
) -> None:
    """Draw a box with a text; color: of which it gets a tint; size: width and height."""
    (x, y), (width, height) = center, size
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2 + 0.06, y - height / 2 + 0.06),
            width - 0.12,
            height - 0.12,
            boxstyle="round,pad=0.06,rounding_size=0.06",
            fc=tint(color),
            ec=BLACK,
            lw=1.5,
            zorder=3,
        )
    )
    write(axes, center, text)


def frame(axes: Axes, center: Point, size: Point) -> None:
    """Draw a thin dashed frame around what belongs together; size: width and height."""
    (x, y), (width, height) = center, size
    place = (x - width / 2, y - height / 2)
    axes.add_patch(Rectangle(place, width, height, fc="none", ec="#777777", lw=1.5, ls="--"))


def circle(axes: Axes, center: Point, text: str, color: str = "white") -> None:
    """Draw a small circle with a sign in it."""
    axes.add_patch(Circle(center, 0.19, fc=tint(color), ec=BLACK, lw=1.5, zorder=3))
    write(axes, center, text)


def write(axes: Axes, place: Point, text: str, color: str = BLACK, ha: str = "center") -> None:
    """Write a text in the middle of a place; ha: what of it stands there, as matplotlib names."""
    axes.text(*place, text, color=color, fontsize=FONT_SIZE, ha=ha, va="center", zorder=4)


def line(axes: Axes, *points: Point, color: str = BLACK) -> None:
    """Draw a line through points."""
    axes.plot(*zip(*points, strict=True), color=color, lw=2, zorder=2)


def arrow(axes: Axes, *points: Point, color: str = BLACK, style: str = "-", lw: float = 2) -> None:
    """Draw a line through points, with a head at the last; style: its dashes."""
    *way, before, end = points
    if way:
        axes.plot(*zip(*way, before, strict=True), color=color, ls=style, lw=lw, zorder=2)
    axes.add_patch(
        FancyArrowPatch(
            before,
            end,
            arrowstyle="-|>,head_length=6,head_width=3.5",
            shrinkA=0,
            shrinkB=0,
            color=color,
            ls=style,
            lw=lw,
            zorder=2,
        )
    )


def count_arrows(axes: Axes) -> int:
    """Return how many arrows a drawing has: what its text says of them is counted."""
    return sum(isinstance(patch, FancyArrowPatch) for patch in axes.patches)


def shorten(word: str, letters: int) -> str:
    """Return a word; of a longer one the beginning, and three dots."""
    return word if len(word) <= letters else word[: letters - 1] + "…"
