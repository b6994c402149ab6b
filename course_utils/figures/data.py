"""Figures of the reviews: their lengths, and what padding makes of them."""

from course_utils.figures.style import BLUE, FONT_SIZE, RED, SKY, WORDS, ZEROS, Picture, new_figure
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
import numpy as np


def plot_lengths(lengths: np.ndarray, maxlen: int = 500) -> Picture:
    """Draw how many reviews have which length, and where maxlen cuts.

    lengths: ids per review, int (reviews,).
    Introduced in notebook 1, "Lengths".
    """
    figure, (axes,) = new_figure()
    shown = 1000
    axes.hist(np.minimum(lengths, shown), bins=range(0, shown + 25, 25), color=SKY, ec="white")
    axes.axvline(np.median(lengths), color=BLUE, lw=2.5, label=f"median, {np.median(lengths):.0f}")
    axes.axvline(maxlen, color=RED, lw=2.5, ls="--", label=f"maxlen, {maxlen}")
    axes.set_xlabel(f"length of a review (ids; the last bar holds all from {shown - 25:,} on)")
    axes.set_ylabel("number of reviews")
    axes.legend(fontsize=FONT_SIZE)
    longer = np.mean(lengths > maxlen)
    alt = (
        f"Histogram of the lengths of {len(lengths):,} reviews. Most are short: half have at most "
        f"{np.median(lengths):.0f} ids, and the bars fall off in a long tail to {lengths.max():,}. "
        f"A dashed line at {maxlen} shows where long reviews are cut: {longer:.1%} are longer."
    )
    return Picture(figure, alt)


def plot_padding(padded: dict[str, np.ndarray], reviews: int = 40) -> Picture:
    """Draw where words and zeros stand in padded reviews, one panel for each way of padding.

    padded: title to padded ids, int32 (reviews, time steps); the first `reviews` rows are drawn.
    Introduced in notebook 1, "Padding".
    """
    figure, panels = new_figure(columns=len(padded))
    for axes, (title, ids) in zip(panels, padded.items(), strict=True):
        axes.imshow(
            ids[:reviews] > 0,
            aspect="auto",
            interpolation="nearest",
            cmap=ListedColormap([ZEROS, WORDS]),
            vmin=0,
            vmax=1,
        )
        axes.set_title(title, fontsize=FONT_SIZE)
        axes.set_xlabel("time step")
        axes.set_ylabel("review")
        axes.grid(False)
    patches = [Patch(color=WORDS, label="words"), Patch(color=ZEROS, label="zeros")]
    figure.legend(handles=patches, loc="outside lower center", ncols=2, fontsize=FONT_SIZE)
    parts = [
        f"{title}: {np.mean(ids[:reviews] == 0):.0%} of the positions are zeros, "
        f"{'at the right end' if ids[0, 0] else 'at the left end'} of each row"
        for title, ids in padded.items()
    ]
    alt = f"The first {reviews} reviews as rows, words blue, zeros yellow. {'; '.join(parts)}."
    return Picture(figure, alt)
