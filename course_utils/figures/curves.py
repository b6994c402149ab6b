"""Numbers that are a curve, and estimates with their intervals.

What is drawn is computed elsewhere.
"""

from itertools import cycle

from course_utils.figures.steps import Steps
from course_utils.figures.style import (
    BLACK,
    BLUE,
    FONT_SIZE,
    GREEN,
    PURPLE,
    RED,
    TALLEST,
    Picture,
    legend_below,
    log_scale,
    new_figure,
    power,
)
from matplotlib.axes import Axes
import numpy as np

_FEW = 25
"""So many points, or fewer, are marked one by one."""
_STYLES = ((BLUE, "-", "o"), (RED, "--", "s"), (BLACK, "-.", "D"), (GREEN, ":", "^"))
_STYLES += ((PURPLE, (0, (6, 2, 1, 2, 1, 2)), "v"),)


def plot_lines(
    curves: dict[str, tuple[np.ndarray, ...]],
    xlabel: str,
    ylabel: str,
    chance: float | None = None,
    log: str = "",
    in_steps: bool = False,
) -> Picture:
    """Draw numbers that are a curve, each with its own colour, dashes and marks.

    curves: title to (x, y), or to (x, y, low, high), all (points,): low to high is drawn as a band.
    xlabel, ylabel: what the axes count, with the unit. chance: where a coin would be, a dotted
    line. log: "x", "y" or "xy", the axes with a log scale; what is not above 0 has no place there,
    and is a gap. in_steps: slides show the curves one by one. The text says
    of each curve its first, last, lowest and highest value.
    Raises ValueError for a curve that is not of 2 or 4 equally long rows.
    Introduced in notebook 2, "Vanishing and exploding".
    """
    figure, (axes,) = new_figure()
    steps, parts = Steps(figure), []
    steps.end(f"Axes of {ylabel} against {xlabel}, for {', '.join(curves)}.".replace("\n", " "))
    for (title, given), style in zip(curves.items(), cycle(_STYLES), strict=False):
        rows = _rows(title, given)
        parts.append(_describe(title, rows, "y" in log))
        for named, part in (("x", rows[:1]), ("y", rows[1:])):
            if named in log:
                part[part <= 0] = np.nan
        _draw_curve(axes, title, rows, style)
        steps.end(f"{parts[-1]}.")
    if chance is not None:
        axes.axhline(chance, color="#555555", lw=1.5, ls=":", label=f"chance, {chance:g}")
        parts.append(f"A dotted line marks chance, {chance:g}")
    for named in log:
        log_scale(axes, named)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    legend_below(figure)
    scales = " and ".join(log)
    alt = f"Curves of {ylabel} against {xlabel}{f', log scale of {scales}' if log else ''}. "
    alt = f"{alt}{'. '.join(parts)}.".replace("\n", " ")
    return Picture(figure, alt, steps if in_steps else None)


def plot_intervals(
    rows: dict[str, tuple[float, float, float]],
    xlabel: str,
    reference: float = 0,
    numbers_in_text: bool = True,
) -> Picture:
    """Draw estimates as dots and their 95% intervals as bars, a row each, with their numbers.

    rows: title to (estimate, low, high), such as a difference of two models' accuracies. xlabel:
    what is estimated, with the unit. reference: where a line stands, such as no difference; the dot
    of an interval that leaves it out is full, of one that holds it empty. numbers_in_text: whether
    the text tells them, or, where their digits are those of one processor, no more than the side.
    Raises ValueError if an estimate lies outside its interval.
    Introduced in notebook 4, "The mask, at last".
    """
    figure, (axes,) = new_figure(height=min(1.3 + 0.42 * len(rows), TALLEST))
    axes.axvline(reference, color="#555555", lw=1.5, ls="--")
    parts, numbers = [], []
    for row, (title, (estimate, low, high)) in enumerate(rows.items()):
        if not low <= estimate <= high:
            raise ValueError(
                f"{title}: {estimate} is outside its interval, {low} to {high}: give (estimate, "
                "low, high)."
            )
        outside = not low <= reference <= high
        axes.plot([low, high], [row, row], color=BLUE, lw=3, solid_capstyle="butt")
        axes.plot(estimate, row, "o", ms=11, mec=BLUE, mew=2.5, mfc=BLUE if outside else "white")
        sign = "" if reference else "+"
        number = f"{estimate:{sign}.3f}  [{low:{sign}.3f}, {high:{sign}.3f}]"
        numbers.append(number.replace("-", "−"))
        if numbers_in_text:
            where = "leaves out" if outside else "holds"
            said = f"{estimate:.3f}, {low:.3f} to {high:.3f}, which {where} {reference:g}"
        else:
            side = "above" if low > reference else "below"
            said = f"{side if outside else 'holds'} {reference:g}"
        parts.append(f"{title}: {said}")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(xlabel)
    axes.xaxis.get_major_locator().set_params(nbins=5)
    axes.margins(x=0.06)
    right = axes.secondary_yaxis("right")
    right.set_yticks(range(len(rows)), numbers)
    right.tick_params(length=0, labelsize=FONT_SIZE)
    right.spines[:].set_visible(False)
    alt = (
        f"Estimates as dots, 95% intervals as bars, a row each: {xlabel}. A dashed line marks "
        f"{reference:g}. {'; '.join(parts)}."
    )
    return Picture(figure, alt.replace("\n", " "))


def _rows(title: str, given: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return a curve as floats (2 or 4, points)."""
    lengths = [np.size(row) for row in given]
    if len(lengths) not in (2, 4) or len({*lengths}) > 1 or not lengths[0]:
        raise ValueError(
            f"The curve {title!r} has rows of {lengths} numbers: give x and y, or x, y, low and "
            "high, equally long."
        )
    return np.array([np.ravel(row) for row in given], dtype=float)


def _draw_curve(axes: Axes, title: str, rows: np.ndarray, style: tuple) -> None:
    color, dashes, marker = style
    x, y, *band = rows
    marker = marker if len(x) <= _FEW else None
    axes.plot(x, y, color=color, ls=dashes, marker=marker, ms=8, lw=2.5, label=title)
    if band:
        axes.fill_between(x, *band, color=color, alpha=0.2, lw=0)


def _describe(title: str, rows: np.ndarray, log: bool) -> str:
    """Say in words where a curve begins and ends, and how far down and up it goes."""
    write = power if log else "{:.3f}".format
    x, y, *band = rows
    text = (
        f"{title}: {len(x)} points, first {write(y[0])} at {x[0]:g}, last {write(y[-1])} at "
        f"{x[-1]:g}, lowest {write(np.nanmin(y))}, highest {write(np.nanmax(y))}"
    )
    if band:
        text += "; a band from " + " and from ".join(
            f"{write(band[0][point])} to {write(band[1][point])} at {x[point]:g}"
            for point in (0, -1)
        )
    return text
