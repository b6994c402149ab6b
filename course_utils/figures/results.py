"""Figures of results: how a training went, what many seeds gave, what was mistaken for what."""

from course_utils.figures.steps import Steps
from course_utils.figures.style import (
    BLACK,
    BLUE,
    CHANCE,
    FONT_SIZE,
    RED,
    SKY,
    TALLEST,
    Picture,
    label_points,
    legend_below,
    log_scale,
    new_figure,
)
from course_utils.given import as_labels
from course_utils.seeds import COURSE_SEED
import numpy as np

LOSS_AXIS, LOWEST_ACCURACY = 0.8, 0.4
"""Loss axes start at 0 and reach at least so far up, those of accuracy at least so far down: small
changes look small."""
_COIN = "a coin: ln 2, and one half"
_PALE = 1.8
"""The share that would be darkest blue: all shares, up to 1, let black letters be read."""


def plot_history(history: dict[str, list[float]], title: str, band: float | None = None) -> Picture:
    """Draw loss and accuracy of each epoch, for training and validation, with chance as a line.

    history: as `fit` returns it, `.history`; losses in nats per review, accuracies as fractions.
    Without validation only the training is drawn. band: how far from chance a coin would come on
    the validation reviews, drawn grey. With it the text says what stays near chance, and not where
    a curve begins and ends: at chance these digits are those of one processor.
    Introduced in notebook 1, "A baseline".
    """
    figure, (left, right) = new_figure(columns=2)
    epochs = np.arange(1, len(history["loss"]) + 1)
    marker = "o" if len(epochs) <= 10 else None
    parts = [("training", "", BLUE, "-"), ("validation", "val_", RED, "--")]
    parts = [part for part in parts if f"{part[1]}loss" in history]
    for axes, key, unit in ((left, "loss", "nats per review"), (right, "accuracy", "fraction")):
        for name, prefix, color, dashes in parts:
            values = history[f"{prefix}{key}"]
            axes.plot(epochs, values, color=color, marker=marker, ls=dashes, lw=2.5, label=name)
        axes.set_xlabel("epoch")
        axes.set_ylabel(f"{key} ({unit})")
        axes.xaxis.get_major_locator().set_params(integer=True)
    left.axhline(np.log(2), color=BLACK, lw=1, ls=":", label=_COIN)
    right.axhline(CHANCE, color=BLACK, lw=1, ls=":", label=_COIN)
    if band is not None:
        right.axhspan(CHANCE - band, CHANCE + band, color="#E4E4E4", label="a coin's spread")
    losses, accuracies = (
        [value for _, prefix, *_ in parts for value in history[f"{prefix}{key}"]]
        for key in ("loss", "accuracy")
    )
    left.set_ylim(0, max(LOSS_AXIS, *losses) * 1.05)
    right.set_ylim(min(LOWEST_ACCURACY, *accuracies), 1.0)
    legend_below(figure)
    figure.suptitle(title, fontsize=FONT_SIZE)
    name, prefix, *_ = parts[-1]
    loss, accuracy = history[f"{prefix}loss"], history[f"{prefix}accuracy"]
    if band is not None:
        text = _beside_a_coin(losses, history["accuracy"], name, accuracy, band)
        return Picture(figure, f"{title}: two line plots over {len(epochs)} epochs. {text}")
    aside = f", {name} loss from {loss[0]:.2f} to {loss[-1]:.2f}" if prefix else ""
    alt = (
        f"{title}: two line plots over {len(epochs)} epochs. Training loss goes from "
        f"{history['loss'][0]:.2f} to {history['loss'][-1]:.2f} nats per review{aside}. "
        f"{name.capitalize()} accuracy stays between {min(accuracy):.2f} and "
        f"{max(accuracy):.2f}; a dotted line marks chance, one half."
    )
    return Picture(figure, alt)


def _beside_a_coin(
    losses: list[float], training: list[float], name: str, accuracy: list[float], band: float
) -> str:
    """Say how far a training went from a coin, in steps wider than those that rounding makes."""
    nats = _nearly_always(np.abs(np.array(losses) - np.log(2)))
    inside = np.mean(np.abs(np.array(accuracy) - CHANCE) <= band)
    return (
        f"Nine of ten losses are within {nats:.1f} nats of ln 2, the loss of a coin. "
        f"{name.capitalize()} accuracy lies in the grey band, {CHANCE - band:.3f} to "
        f"{CHANCE + band:.3f}, a coin's spread, in {'at least' if inside >= 0.9 else 'fewer than'} "
        f"nine of ten epochs; training accuracy is below {_nearly_always(training):.1f} in nine of "
        "ten."
    )


def _nearly_always(values: list[float]) -> float:
    """Return below which tenth nine of ten values lie; the largest one is chance's."""
    return np.ceil(10 * np.quantile(values, 0.9)) / 10


def plot_confusion(y_true: np.ndarray, y_probability: np.ndarray) -> Picture:
    """Draw how many reviews of each class were called what: counts, and shares of each row.

    y_true: labels (reviews,), 0 or 1; y_probability: probabilities of "positive", (reviews,) or
    (reviews, 1). Above one half counts as "positive", as in Keras' accuracy.
    Introduced in notebook 4, "Where it errs".
    """
    predicted = np.ravel(y_probability) > CHANCE
    y_true = as_labels(y_true, len(predicted))
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
        f"Confusion matrix. Of {negative:,} negative reviews a share of {shares[0, 0]:.1f} is "
        f"called negative and {shares[0, 1]:.1f} positive; of {positive:,} positive reviews "
        f"{shares[1, 1]:.1f} is called positive and {shares[1, 0]:.1f} negative."
    )
    return Picture(figure, alt)


def plot_seeds(
    accuracies: dict[str, dict[int, float]], band: float | None = None, in_steps: bool = False
) -> Picture:
    """Draw one point for each seed, a row for each model or change, with the median as a bar.

    accuracies: row title to the accuracy of each seed, fractions, as `sweep_accuracies` gives them;
    seed 2026 is marked. band: how far from chance a coin would come, drawn grey; without it no coin
    is drawn. in_steps: slides show the rows one by one.
    Introduced in notebook 2, "One change at a time".
    """
    figure, (axes,) = new_figure(height=min(2.2 + 0.39 * len(accuracies), TALLEST))
    steps, parts, coin = Steps(figure), [], ""
    if band is not None:
        axes.axvline(CHANCE, color=BLACK, lw=1.5, ls=":", label="chance")
        axes.axvspan(CHANCE - band, CHANCE + band, color="#E4E4E4", label="a coin's spread")
        coin = f" A grey band, {CHANCE - band:.3f} to {CHANCE + band:.3f}, is a coin's spread."
    steps.end(f"Axes of test accuracy, with a row each for {'; '.join(accuracies)}.{coin}")
    for row, (title, by_seed) in enumerate(accuracies.items()):
        values = list(by_seed.values())
        shift = 0.22 * np.sin(2.4 * np.arange(len(values)))
        axes.scatter(values, row + shift, s=40, color=SKY, ec=BLUE, lw=0.8, zorder=3)
        axes.plot([np.median(values)] * 2, [row - 0.36, row + 0.36], color=BLUE, lw=4, zorder=4)
        part = f"{title}: median {np.median(values):.3f}, {min(values):.3f} to {max(values):.3f}"
        if COURSE_SEED in by_seed:
            marked = by_seed[COURSE_SEED]
            axes.scatter(marked, row, s=90, marker="D", color=RED, ec="white", zorder=5)
            part += f", seed {COURSE_SEED} {marked:.3f}"
        parts.append(f"{part} ({len(values)} seeds)")
        steps.end(f"{parts[-1]}.")
    axes.scatter([], [], s=40, color=SKY, ec=BLUE, label="one seed")
    axes.plot([], [], color=BLUE, lw=4, label="median")
    axes.scatter([], [], s=90, marker="D", color=RED, label=f"seed {COURSE_SEED}")
    axes.set_yticks(range(len(accuracies)), accuracies)
    axes.set_ylim(len(accuracies) - 0.4, -0.6)
    axes.set_xlabel("test accuracy (fraction)")
    axes.set_ylabel("model or change")
    legend_below(figure)
    alt = (
        "Test accuracy of each seed as a point, a row for each model or change. "
        f"{'; '.join(parts)}.{coin}"
    )
    return Picture(figure, alt, steps if in_steps else None)


def plot_cost(points: dict[str, tuple[float, float]]) -> Picture:
    """Draw accuracy against training time: good models stand at the upper left.

    points: model to (seconds per epoch, accuracy as a fraction), as `sweep_cost` gives them.
    Introduced in notebook 4, "The mask, at last".
    """
    figure, (axes,) = new_figure(height=4.6)
    where = np.array(list(points.values()))
    axes.scatter(*where.T, s=70, color=BLUE, zorder=3)
    axes.axhline(CHANCE, color=BLACK, lw=1.5, ls=":")
    axes.margins(0.15)
    log_scale(axes, "x")
    axes.set_xlabel("training time (seconds per epoch, log scale)")
    axes.set_ylabel("accuracy (fraction)")
    label_points(figure, axes, where, list(points))
    parts = [f"{title}: {cost:.1f} s, {accuracy:.2f}" for title, (cost, accuracy) in points.items()]
    alt = (
        "Seconds per epoch, on a log scale, against accuracy; a dotted line marks chance, one "
        f"half. {'; '.join(parts)}."
    )
    return Picture(figure, alt)
