"""Figures of data and results, each with a text that says what is to be seen in it.

What happens inside a model is drawn in `diagrams.py`, in the same style.
Colours are Okabe and Ito's, which colour-blind eyes tell apart (https://jfly.uni-koeln.de/color/).
"""

import io
from itertools import combinations, cycle
from typing import Any

from course_utils.arguments import COURSE_SEED
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox
import numpy as np

BLACK, SKY, BLUE, YELLOW, RED = "#000000", "#56B4E9", "#0072B2", "#F0E442", "#D55E00"
GREEN, PURPLE = "#009E73", "#CC79A7"
CHANCE = 0.5
LOSS_AXIS = 0.8
"""Loss axes reach at least so far up, and start at 0: small changes look small."""
_PALE = 1.8
"""The share that would be darkest blue: all shares, up to 1, let black letters be read."""
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
        """Draw it; returns the content of a PNG file."""
        png = io.BytesIO()
        about = {"Software": None, "Description": self.alt}
        self.figure.savefig(png, format="png", dpi=100, metadata=about)
        return png.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = {"image/png": self.png(), "text/plain": self.alt}
        return bundle, {"image/png": {"alt": self.alt}}


def plot_history(history: dict[str, list[float]], title: str) -> Picture:
    """Draw loss and accuracy of each epoch, for training and validation, with chance as a line.

    history: as `fit` returns it, `.history`; losses in nats per review, accuracies as fractions.
    Introduced in notebook 1, "A baseline".
    """
    figure, (left, right) = new_figure(columns=2)
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
    figure, (axes,) = new_figure()
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
    figure, panels = new_figure(columns=len(padded))
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


def plot_word_map(points: np.ndarray, words: list[str], groups: list[str]) -> Picture:
    """Draw words where `word_map` puts them, each group with its own colour and shape.

    points: (words, 2), in units of the embedding; words and groups: a name each for every point.
    Introduced in notebook 1, "What the embedding learned".
    """
    figure, (axes,) = new_figure(height=6.0)
    centres, distances, lists = {}, [], []
    styles = cycle(zip("osD^vP", (BLUE, RED, BLACK, GREEN, PURPLE, SKY), strict=True))
    for group, (marker, color) in zip(dict.fromkeys(groups), styles, strict=False):
        belongs = np.array(groups) == group
        members = points[belongs]
        axes.scatter(*members.T, s=60, marker=marker, color=color, label=group)
        centres[group] = members.mean(axis=0)
        distances += list(np.linalg.norm(members - centres[group], axis=1))
        lists.append(f"{group}: {', '.join(np.array(words)[belongs])}")
    axes.margins(0.1)
    axes.set_xlabel("first direction (units of the embedding)")
    axes.set_ylabel("second direction (same units)")
    axes.legend(fontsize=FONT_SIZE)
    _label_points(figure, axes, points, words)
    apart = "; ".join(
        f"the centres of {one} and {other} are {np.linalg.norm(centres[one] - centres[other]):.2f} "
        "apart"
        for one, other in combinations(centres, 2)
    )
    alt = (
        f"Map of {len(words)} words in {len(centres)} groups ({'; '.join(lists)}). A word lies on "
        f"average {np.mean(distances):.2f} from the centre of its group; {apart}."
    )
    return Picture(figure, alt)


def plot_confusion(y_true: np.ndarray, y_probability: np.ndarray) -> Picture:
    """Draw how many reviews of each class were called what: counts, and shares of each row.

    y_true: labels (reviews,), 0 or 1; y_probability: probabilities of "positive", (reviews,) or
    (reviews, 1). Above one half counts as "positive", as in Keras' accuracy.
    Introduced in notebook 4, "Where it errs".
    """
    predicted = np.ravel(y_probability) > CHANCE
    names = ("negative", "positive")
    counts = np.array([[np.sum((y_true == t) & (predicted == p)) for p in (0, 1)] for t in (0, 1)])
    shares = counts / counts.sum(axis=1, keepdims=True)
    figure, (axes,) = new_figure(height=4.6)
    axes.imshow(shares, aspect="auto", cmap="Blues", vmin=0, vmax=_PALE)
    for (row, column), share in np.ndenumerate(shares):
        axes.text(
            column,
            row,
            f"{counts[row, column]:,}\n{share:.1%}",
            ha="center",
            va="center",
            fontsize=1.6 * FONT_SIZE,
        )
    axes.set_xticks((0, 1), names)
    axes.set_yticks((0, 1), names, rotation=90, va="center")
    axes.set_xlabel("the model says")
    axes.set_ylabel("the review is")
    axes.grid(False)
    negative, positive = counts.sum(axis=1)
    alt = (
        f"Confusion matrix. Of {negative:,} negative reviews a share of {shares[0, 0]:.2f} is "
        f"called negative and {shares[0, 1]:.2f} positive; of {positive:,} positive reviews "
        f"{shares[1, 1]:.2f} is called positive and {shares[1, 0]:.2f} negative."
    )
    return Picture(figure, alt)


def plot_seeds(accuracies: dict[str, dict[int, float]], band: float) -> Picture:
    """Draw one point for each seed, a row for each model or change, with the median as a bar.

    accuracies: row title to the accuracy of each seed, fractions, as `sweep_accuracies` gives them;
    seed 2026 is marked. band: how far from chance a coin would come, drawn grey.
    Introduced in notebook 2, "One change at a time".
    """
    figure, (axes,) = new_figure(height=1.8 + 0.55 * len(accuracies))
    axes.axvline(CHANCE, color=BLACK, lw=1.5, ls=":", label="chance")
    axes.axvspan(CHANCE - band, CHANCE + band, color="#E4E4E4", label="a coin's spread")
    parts = []
    for row, (title, by_seed) in enumerate(accuracies.items()):
        values = list(by_seed.values())
        shift = 0.22 * np.sin(2.4 * np.arange(len(values)))
        axes.scatter(values, row + shift, s=40, color=SKY, ec=BLUE, lw=0.8, zorder=3)
        axes.plot([np.median(values)] * 2, [row - 0.36, row + 0.36], color=BLUE, lw=4, zorder=4)
        part = f"{title}: median {np.median(values):.2f}, {min(values):.2f} to {max(values):.2f}"
        if COURSE_SEED in by_seed:
            marked = by_seed[COURSE_SEED]
            axes.scatter(marked, row, s=90, marker="D", color=RED, ec="white", zorder=5)
            part += f", seed {COURSE_SEED} {marked:.2f}"
        parts.append(f"{part} ({len(values)} seeds)")
    axes.scatter([], [], s=40, color=SKY, ec=BLUE, label="one seed")
    axes.plot([], [], color=BLUE, lw=4, label="median")
    axes.scatter([], [], s=90, marker="D", color=RED, label=f"seed {COURSE_SEED}")
    axes.set_yticks(range(len(accuracies)), accuracies)
    axes.set_ylim(len(accuracies) - 0.4, -0.6)
    axes.set_xlabel("test accuracy (fraction)")
    axes.set_ylabel("model or change")
    figure.legend(loc="outside lower center", ncols=5, fontsize=FONT_SIZE)
    alt = (
        "Test accuracy of each seed as a point, a row for each model or change. "
        f"{'; '.join(parts)}. "
        f"A grey band, {CHANCE - band:.2f} to {CHANCE + band:.2f}, is a coin's spread."
    )
    return Picture(figure, alt)


def plot_cost(points: dict[str, tuple[float, float]]) -> Picture:
    """Draw accuracy against training time: good models stand at the upper left.

    points: model to (seconds per epoch, accuracy as a fraction), as `sweep_cost` gives them.
    Introduced in notebook 4, "The mask, at last".
    """
    figure, (axes,) = new_figure(height=5.0)
    where = np.array(list(points.values()))
    axes.scatter(*where.T, s=70, color=BLUE, zorder=3)
    axes.axhline(CHANCE, color=BLACK, lw=1.5, ls=":")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.margins(0.15)
    axes.set_xlabel("training time (seconds per epoch, log scale)")
    axes.set_ylabel("accuracy (fraction)")
    _label_points(figure, axes, where, list(points))
    parts = [f"{title}: {cost:.1f} s, {accuracy:.2f}" for title, (cost, accuracy) in points.items()]
    alt = (
        "Seconds per epoch, on a log scale, against accuracy; a dotted line marks chance, one "
        f"half. {'; '.join(parts)}."
    )
    return Picture(figure, alt)


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


def _label_points(figure: Figure, axes: Axes, points: np.ndarray, titles: list[str]) -> None:
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
