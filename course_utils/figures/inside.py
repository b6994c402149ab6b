"""Figures of what happens inside a model.

What they draw is computed in `probes.py`.
"""

from itertools import combinations, cycle

from course_utils.figures.style import (
    BLACK,
    BLUE,
    CHANCE,
    FONT_SIZE,
    GREEN,
    PURPLE,
    RED,
    SKY,
    YELLOW,
    Picture,
    color_bar,
    label_points,
    new_figure,
)
from course_utils.probes import LSTMGates
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
import numpy as np

MAX_WORDS_ON_AXIS = 45
"""More words than this cannot be read below a figure; then the time steps are counted instead."""
_SHARE = "cividis"
_SIGNED = "PuOr_r"
"""Matplotlib's colour maps that colour-blind eyes read right: 0 to 1, and around a white zero."""


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
    label_points(figure, axes, points, words)
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


def plot_gradients(gradients: dict[str, np.ndarray], words: int | None = None) -> Picture:
    """Draw how much each time step can move the loss, on a log scale, a curve for each model.

    gradients: title to what `gradient_per_timestep` gives, (time steps,), for one review or for
    several. words: how many ids the review has, if zeros stand behind them: its end is marked.
    Time steps are counted from 1. Where a gradient is exactly 0 its curve has a gap.
    Introduced in notebook 2, "Where the gradient goes".
    """
    figure, (axes,) = new_figure(height=5.0)
    styles = zip(cycle((BLUE, RED, BLACK, GREEN, PURPLE)), cycle(("-", "--", "-.", ":")))
    parts = []
    for (title, gradient), (color, style) in zip(gradients.items(), styles, strict=False):
        steps = np.arange(1, len(gradient) + 1)
        shown = np.where(gradient > 0, gradient, np.nan)
        axes.plot(steps, shown, color=color, ls=style, lw=2.5, label=title)
        places = {"the first time step": 0, "the last": len(gradient) - 1}
        if words:
            places = {"the first word": 0, "the last word": words - 1, "the last time step": -1}
        values = [f"{_power(gradient[step])} at {place}" for place, step in places.items()]
        part = f"{title}: {', '.join(values)}"
        zeros = np.sum(gradient == 0)
        parts.append(f"{part}; exactly 0 at {zeros} time steps" if zeros else part)
    if words:
        axes.axvline(words, color="#555555", lw=1.5)
        _note(axes, words, f" last word ({words})")
    axes.set_yscale("log")
    axes.set_xlabel("time step")
    axes.set_ylabel("length of the gradient\n(nats per unit of the embedding)")
    axes.legend(fontsize=FONT_SIZE)
    alt = f"Length of the gradient at each time step, on a log scale. {'. '.join(parts)}."
    return Picture(figure, alt)


def plot_hidden_states(states: np.ndarray, words: int) -> Picture:
    """Draw the hidden state of one review as a heat map: a row for each unit, a column a time step.

    states: (time steps, units), as `hidden_states` gives them, between -1 and 1; the colours reach
    to the largest of them. words: how many ids the review has; zeros stand behind them, if anything
    does. Time steps are counted from 1.
    Introduced in notebook 2, "What the hidden state does".
    """
    figure, (axes,) = new_figure(height=5.0)
    steps, units = states.shape
    largest = np.abs(states).max()
    image = axes.imshow(
        states.T,
        aspect="auto",
        interpolation="nearest",
        cmap=_SIGNED,
        vmin=-largest,
        vmax=largest,
        extent=(0.5, steps + 0.5, units + 0.5, 0.5),
    )
    color_bar(axes, image, "hidden state")
    axes.grid(False)
    axes.set_xlabel("time step")
    axes.set_ylabel("unit")
    change = np.abs(np.diff(states, axis=0)).mean(axis=1) / np.abs(states).mean()
    from_word_to_word = change[: words - 1].mean()
    alt = (
        f"Heat map: {units} units as rows, {steps} time steps as columns, values up to "
        f"{largest:.2f} in size. From word to word a unit changes by {from_word_to_word:.2f} times "
        "the average size"
    )
    if words < steps:
        axes.axvline(words + 0.5, color=BLACK, lw=2)
        _note(axes, words + 0.5, f" zeros from step {words + 1} on")
        alt += (
            f"; a line marks where the {words} words end. Over the {steps - words} zeros behind "
            f"them it changes by {change[words:].mean():.2f} times that size at each step, over "
            f"the last ten by {change[-10:].mean():.2f}"
        )
    return Picture(figure, f"{alt}.")


def plot_gates(gates: LSTMGates, words: list[str], start: int = 1) -> Picture:
    """Draw gates and cell state over some words of a review: a row for each unit, a column a word.

    gates: as `lstm_gates` gives them; words: 20 to 30 of the review's words, the first of them at
    time step `start`, counted from 0, where the start id stands. Units are sorted by the cell state
    that the last word leaves. Each panel's colours reach from its smallest to its largest value.
    Raises ValueError if the gates end before the words do.
    Introduced in notebook 4, "How far back does it remember?".
    """
    shown = LSTMGates(*(values[start : start + len(words)] for values in gates))
    if len(shown.cell_state) != len(words):
        raise ValueError(
            f"The gates have {len(gates.cell_state)} time steps, and {len(words)} words from step "
            f"{start} on need more: give fewer words."
        )
    order = np.argsort(shown.cell_state[-1])
    panels = ("input_gate", "forget_gate", "output_gate", "cell_state")
    figure, all_axes = new_figure(rows=len(panels), height=6.2)
    parts = []
    for axes, name in zip(all_axes, panels, strict=True):
        values, title = getattr(shown, name), name.replace("_", " ")
        image = axes.imshow(values[:, order].T, aspect="auto", interpolation="nearest")
        image.set_cmap(_SHARE)
        if name == "cell_state":
            image.set_cmap(_SIGNED)
            image.set_clim(-np.abs(values).max(), np.abs(values).max())
        color_bar(axes, image, title)
        axes.set_ylabel("units")
        axes.set_yticks([])
        axes.set_xticks(range(len(words)), [])
        axes.grid(False)
        parts.append(f"{title} {values.min():.2f} to {values.max():.2f}, mean {values.mean():.2f}")
    axes.set_xticks(range(len(words)), words, rotation=90)
    axes.set_xlabel("word")
    alt = (
        f"Four heat maps, {shown.cell_state.shape[1]} units as rows, {len(words)} words as "
        f"columns: {'; '.join(parts)}. The words: {' '.join(words)}."
    )
    return Picture(figure, alt)


def plot_running_prediction(words: list[str], probabilities: np.ndarray) -> Picture:
    """Draw the probability of "positive" after each word, rises and falls by colour and shape.

    words: a name for each time step; probabilities: (time steps,), as `running_prediction` gives.
    Introduced in notebook 4, "How far back does it remember?".
    """
    figure, (axes,) = new_figure(height=5.0)
    steps = np.arange(1, len(words) + 1)
    moves = np.diff(probabilities, prepend=probabilities[0])
    few = len(words) <= MAX_WORDS_ON_AXIS
    axes.plot(steps, probabilities, color="#777777" if few else BLUE)
    axes.axhline(CHANCE, color=BLACK, lw=1.5, ls=":", label="undecided")
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel('probability of "positive"')
    axes.set_xlabel("time step")
    if few:
        for moved, marker, color, label in (
            (moves >= 0, "^", BLUE, "up"),
            (moves < 0, "v", RED, "down"),
        ):
            axes.scatter(
                steps[moved], probabilities[moved], 60, color, marker=marker, label=label, zorder=3
            )
        axes.set_xticks(steps, words, rotation=90)
        axes.set_xlabel("word")
    figure.legend(loc="outside lower center", ncols=3, fontsize=FONT_SIZE)
    alt = (
        f'Line over {len(words)} words: the probability of "positive" after each of them starts at '
        f"{probabilities[0]:.2f}, stays between {probabilities.min():.2f} and "
        f"{probabilities.max():.2f}, and ends at {probabilities[-1]:.2f}; a dotted line marks one "
        "half."
    )
    return Picture(figure, alt)


def plot_return_sequences() -> Picture:
    """Draw what a recurrent layer hands upward, with and without `return_sequences`.

    Introduced in notebook 3, "What a layer hands upward".
    """
    figure, panels = new_figure(columns=2, height=5.4)
    for axes, returns in zip(panels, (False, True), strict=True):
        _draw_unrolled(axes, returns)
    alt = (
        "Two drawings of a recurrent layer, unrolled over time: word vectors below, the layer in "
        "the middle, what it hands upward on top. Arrows run up into the layer at each time step, "
        "and from each time step to the next. Left, return_sequences=False: one arrow leaves "
        "upward, at the last step: (reviews, 500, 32) becomes (reviews, 100). Right, "
        "return_sequences=True: one leaves at each step: (reviews, 500, 32) becomes (reviews, 500, "
        "100), and a second recurrent layer can read that."
    )
    return Picture(figure, alt)


def _draw_unrolled(axes: Axes, return_sequences: bool) -> None:
    steps = ("1", "2", "3", "…", "500")
    last = len(steps) - 1
    for x, step in enumerate(steps):
        if step == "…":
            for y in range(2 + return_sequences):
                axes.text(x, y, "…", ha="center", va="center", fontsize=1.5 * FONT_SIZE)
            continue
        _box(axes, x, 0, f"$e_{{{step}}}$", YELLOW)
        _box(axes, x, 1, f"$h_{{{step}}}$", "#A6D5F2")
        _arrow(axes, (x, 0.25), (x, 0.75))
        if return_sequences or x == last:
            _arrow(axes, (x, 1.25), (x, 1.75))
            _box(axes, x, 2, f"$h_{{{step}}}$", "white")
    for x in range(last):
        _arrow(axes, (x + 0.33, 1), (x + 0.67, 1))
    handed_up = "(reviews, 500, 100)" if return_sequences else "(reviews, 100)"
    for y, shape in ((-0.5, "(reviews, 500, 32)"), (2.5, handed_up)):
        axes.text(last / 2, y, shape, ha="center", va="center", fontsize=FONT_SIZE + 1)
    axes.set_title(f"return_sequences={return_sequences}", fontsize=FONT_SIZE + 2)
    axes.set_xlim(-0.6, last + 0.6)
    axes.set_ylim(-0.75, 2.75)
    axes.set_xticks(range(len(steps)), steps)
    axes.set_yticks((0, 1, 2), ("word\nvectors", "recurrent\nlayer", "handed\nupward"))
    axes.set_xlabel("time step")
    axes.set_ylabel("from below to above")
    axes.tick_params(length=0)
    axes.grid(False)
    axes.spines[:].set_visible(False)


def _box(axes: Axes, x: float, y: float, text: str, color: str) -> None:
    corner, width, height = (x - 0.25, y - 0.17), 0.5, 0.34
    style = "round,pad=0.08,rounding_size=0.08"
    axes.add_patch(
        FancyBboxPatch(corner, width, height, boxstyle=style, fc=color, ec=BLACK, lw=1.5)
    )
    axes.text(x, y, text, ha="center", va="center", fontsize=FONT_SIZE + 3)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "lw": 2, "color": BLACK})


def _note(axes: Axes, x: float, text: str) -> None:
    """Write above the axes what a vertical line at x marks."""
    axes.text(x, 1.01, text, transform=axes.get_xaxis_transform(), va="bottom", fontsize=FONT_SIZE)


def _power(value: float) -> str:
    """Write a positive number as a power of ten: its exponent is what a log scale shows."""
    return f"10^{np.log10(value):.2f}" if value > 0 else "exactly 0"
