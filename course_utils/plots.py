"""The figures of the notebooks, each with a text that says what is to be seen in it.

Colours are Okabe and Ito's, which colour-blind eyes tell apart (https://jfly.uni-koeln.de/color/).
"""

import io
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
import numpy as np

BLACK, SKY, BLUE, YELLOW, RED = "#000000", "#56B4E9", "#0072B2", "#F0E442", "#D55E00"
CHANCE = 0.5
LOSS_AXIS = 0.8
"""Loss axes reach at least so far up, and start at 0: small changes look small."""
WIDTH, HEIGHT = 10.0, 4.2
FONT_SIZE = 12


class Picture:
    """A matplotlib figure and its alt text; a notebook shows the one and stores both."""

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        png = io.BytesIO()
        self.figure.savefig(png, format="png", dpi=100, metadata={"Software": None})
        bundle = {"image/png": png.getvalue(), "text/plain": self.alt}
        return bundle, {"image/png": {"alt": self.alt}}


def plot_history(history: dict[str, list[float]], title: str) -> Picture:
    """Draw loss and accuracy of each epoch, for training and validation, with chance as a line.

    history: as `fit` returns it, `.history`; losses in nats per review, accuracies as fractions.
    Introduced in notebook 1, "A baseline".
    """
    figure, (left, right) = _figure(columns=2)
    epochs = np.arange(1, len(history["loss"]) + 1)
    marker = "o" if len(epochs) <= 10 else None
    for axes, key, unit in ((left, "loss", "nats per review"), (right, "accuracy", "fraction")):
        axes.plot(epochs, history[key], color=BLUE, marker=marker, label="training")
        axes.plot(
            epochs, history[f"val_{key}"], color=RED, marker=marker, ls="--", label="validation"
        )
        axes.set_xlabel("epoch")
        axes.set_ylabel(f"{key} ({unit})")
        axes.xaxis.get_major_locator().set_params(integer=True)
    left.axhline(np.log(2), color=BLACK, lw=1, ls=":", label="a coin's loss, ln 2")
    right.axhline(CHANCE, color=BLACK, lw=1, ls=":", label="chance")
    highest = max(LOSS_AXIS, *history["loss"], *history["val_loss"])
    left.set_ylim(0, highest * 1.05)
    right.set_ylim(0.4, 1.0)
    for axes in (left, right):
        axes.legend()
    figure.suptitle(title)
    alt = (
        f"{title}: two line plots over {len(epochs)} epochs. Training loss goes from "
        f"{history['loss'][0]:.2f} to {history['loss'][-1]:.2f} nats per review, validation loss "
        f"from {history['val_loss'][0]:.2f} to {history['val_loss'][-1]:.2f}. Validation accuracy "
        f"stays between {min(history['val_accuracy']):.2f} and {max(history['val_accuracy']):.2f}; "
        "a dotted line marks chance, one half."
    )
    return Picture(figure, alt)


def plot_lengths(lengths: np.ndarray, maxlen: int = 500) -> Picture:
    """Draw how many reviews have which length, and where maxlen cuts.

    lengths: ids per review, int (reviews,).
    Introduced in notebook 1, "Lengths".
    """
    figure, (axes,) = _figure()
    shown = 1000
    axes.hist(np.minimum(lengths, shown), bins=range(0, shown + 25, 25), color=SKY, ec="white")
    axes.axvline(np.median(lengths), color=BLUE, lw=2.5, label=f"median, {np.median(lengths):.0f}")
    axes.axvline(maxlen, color=RED, lw=2.5, ls="--", label=f"maxlen, {maxlen}")
    axes.set_xlabel(f"length of a review (ids; the last bar holds all from {shown - 25:,} on)")
    axes.set_ylabel("number of reviews")
    axes.legend()
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
    figure, panels = _figure(columns=len(padded))
    for axes, (title, ids) in zip(panels, padded.items(), strict=True):
        axes.imshow(
            ids[:reviews] > 0,
            aspect="auto",
            interpolation="nearest",
            cmap=ListedColormap([YELLOW, BLUE]),
            vmin=0,
            vmax=1,
        )
        axes.set_title(title)
        axes.set_xlabel("time step")
        axes.set_ylabel("review")
        axes.grid(False)
    patches = [Patch(color=BLUE, label="words"), Patch(color=YELLOW, label="zeros")]
    figure.legend(handles=patches, loc="outside lower center", ncols=2)
    parts = [
        f"{title}: {np.mean(ids[:reviews] == 0):.0%} of the positions are zeros, "
        f"{'at the right end' if ids[0, 0] else 'at the left end'} of each row"
        for title, ids in padded.items()
    ]
    alt = f"The first {reviews} reviews as rows, words blue, zeros yellow. {'; '.join(parts)}."
    return Picture(figure, alt)


def _figure(columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Make an empty figure in the course's style: large letters, light grid, no frame on top."""
    with rc_context({"font.size": FONT_SIZE, "lines.linewidth": 2}):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        panels = list(figure.subplots(1, columns, squeeze=False)[0])
    for axes in panels:
        axes.grid(color="#DDDDDD", lw=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    return figure, panels
