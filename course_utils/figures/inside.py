"""Figures of what happens inside a model.

What they draw is computed in `course_utils/probes/`.
"""

from itertools import combinations, cycle, pairwise

from course_utils.figures.shapes import PALE, arrow, box, line, new_drawing, shorten, write
from course_utils.figures.steps import Steps
from course_utils.figures.style import (
    BLACK,
    BLUE,
    CHANCE,
    FONT_SIZE,
    GREEN,
    PURPLE,
    RED,
    SKY,
    STATE,
    TALLEST,
    WORDS,
    Picture,
    color_bar,
    label_points,
    legend_below,
    new_figure,
    power,
)
from course_utils.probes.states import LSTMGates
from matplotlib.axes import Axes
import numpy as np

MAX_WORDS_ON_AXIS = 45
"""More words than this cannot be read below a figure; then the time steps are counted instead."""
_ROWS = (0.95, 2.0, 3.05)
"""How high the rows of a recurrent layer stand, in inches."""
_TIME = ("1", "2", "3", "…", "500")
"""The time steps that are drawn of 500."""
_UNITS = 10
"""So many of an LSTM's units can be told apart in a figure."""
_SHARE = "cividis"
_SIGNED = "PuOr_r"
"""Matplotlib's colour maps that colour-blind eyes read right: 0 to 1, and around a white zero."""


def plot_word_map(points: np.ndarray, words: list[str], groups: list[str]) -> Picture:
    """Draw words where `word_map` puts them, each group with its own colour and shape.

    points: (words, 2), in units of the embedding; words and groups: a name each for every point.
    Introduced in notebook 1, "What the embedding learned".
    """
    figure, (axes,) = new_figure(height=TALLEST)
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
    legend_below(figure)
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
    """Draw how much each time step can move the loss, on a log scale, curve by curve.

    gradients: title to what `gradient_per_timestep` gives, (time steps,), for one review or for
    several. words: how many ids the review has, if zeros stand behind them: its end is marked.
    Time steps are counted from 1. Where a gradient is exactly 0 its curve has a gap.
    Introduced in notebook 2, "Vanishing and exploding".
    """
    figure, (axes,) = new_figure(height=4.6)
    styles = zip(cycle((BLUE, RED, BLACK, GREEN, PURPLE)), cycle(("-", "--", "-.", ":")))
    steps, parts = Steps(figure), []
    steps.end(f"Axes for the length of the gradient at each time step: {', '.join(gradients)}.")
    for (title, gradient), (color, style) in zip(gradients.items(), styles, strict=False):
        time = np.arange(1, len(gradient) + 1)
        shown = np.where(gradient > 0, gradient, np.nan)
        axes.plot(time, shown, color=color, ls=style, lw=2.5, label=title)
        places = {"the first time step": 0, "the last": len(gradient) - 1}
        if words:
            places = {"the first word": 0, "the last word": words - 1, "the last time step": -1}
        values = [f"{power(gradient[step])} at {place}" for place, step in places.items()]
        part = f"{title}: {', '.join(values)}"
        zeros = np.sum(gradient == 0)
        parts.append(f"{part}; exactly 0 at {zeros} time steps" if zeros else part)
        steps.end(f"{parts[-1]}.")
    if words:
        axes.axvline(words, color="#555555", lw=1.5)
        _note(axes, words, f" last word ({words})")
    axes.set_yscale("log")
    axes.set_xlabel("time step")
    axes.set_ylabel("length of the gradient\n(nats per unit of the embedding)")
    axes.legend(fontsize=FONT_SIZE)
    alt = f"Length of the gradient at each time step, on a log scale. {'. '.join(parts)}."
    return Picture(figure, alt, steps)


def plot_hidden_states(states: np.ndarray, words: int) -> Picture:
    """Draw the hidden state of one review as a heat map: a row for each unit, a column a time step.

    states: (time steps, units), as `hidden_states` gives them, between -1 and 1; the colours reach
    to the largest of them. words: how many ids the review has; zeros stand behind them, if anything
    does. Time steps are counted from 1.
    Introduced in notebook 2, "What the hidden state does".
    """
    figure, (axes,) = new_figure(height=4.6)
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
    time step `start`, counted from 0, where the start id stands. The ten units are drawn whose cell
    state moves most over these words, sorted by the one that the last word leaves. All gates have
    one scale, from 0, closed, to 1, open.
    Raises ValueError if the gates end before the words do.
    Introduced in notebook 4, "How far back does it remember?".
    """
    shown = LSTMGates(*(values[start : start + len(words)] for values in gates))
    if len(shown.cell_state) != len(words):
        raise ValueError(
            f"The gates have {len(gates.cell_state)} time steps, and {len(words)} words from step "
            f"{start} on need more: give fewer words."
        )
    moved = np.abs(np.diff(shown.cell_state, axis=0)).sum(axis=0)
    most = np.argsort(-moved)[:_UNITS]
    most = most[np.argsort(shown.cell_state[-1, most])]
    panels = ("input_gate", "forget_gate", "output_gate", "cell_state")
    figure, all_axes = new_figure(rows=len(panels), height=TALLEST)
    all_axes[0].get_gridspec().set_height_ratios((2, 2, 2, 3))
    parts = []
    for axes, name in zip(all_axes, panels, strict=True):
        values, title = getattr(shown, name)[:, most], name.replace("_", " ")
        largest = np.abs(values).max()
        low, high, colors = (-largest, largest, _SIGNED) if name == "cell_state" else (0, 1, _SHARE)
        image = axes.imshow(
            values.T, aspect="auto", interpolation="nearest", vmin=low, vmax=high, cmap=colors
        )
        axes.set_ylabel(title.replace(" ", "\n"), rotation=0, ha="right", va="center")
        axes.set_yticks([])
        axes.set_xticks(range(len(words)), [])
        axes.grid(False)
        if name == "output_gate":
            color_bar(all_axes[:3], image, "how open")
        parts.append(f"{title} {values.min():.2f} to {values.max():.2f}, mean {values.mean():.2f}")
    color_bar(axes, image, "state")
    axes.set_xticks(range(len(words)), [shorten(word, 11) for word in words], rotation=90)
    axes.set_xlabel("word")
    alt = (
        f"Four heat maps, as rows the {len(most)} of {shown.cell_state.shape[1]} units whose cell "
        f"state moves most, {len(words)} words as columns; gates are coloured from 0 to 1: "
        f"{'; '.join(parts)}. The words: {' '.join(words)}."
    )
    return Picture(figure, alt)


def plot_running_prediction(words: list[str], probabilities: np.ndarray) -> Picture:
    """Draw the probability of "positive" after each word, rises and falls by colour and shape.

    words: a name for each time step; probabilities: (time steps,), as `running_prediction` gives.
    Introduced in notebook 4, "How far back does it remember?".
    """
    figure, (axes,) = new_figure(height=TALLEST)
    steps = np.arange(1, len(words) + 1)
    moves = np.diff(probabilities, prepend=probabilities[0])
    few = len(words) <= MAX_WORDS_ON_AXIS
    axes.plot(steps, probabilities, color="#777777" if few else BLUE)
    axes.axhline(CHANCE, color=BLACK, lw=1.5, ls=":", label="undecided")
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel('probability\nof "positive"')
    axes.set_xlabel("time step")
    if few:
        for moved, marker, color, label in (
            (moves >= 0, "^", BLUE, "up"),
            (moves < 0, "v", RED, "down"),
        ):
            axes.scatter(
                steps[moved], probabilities[moved], 60, color, marker=marker, label=label, zorder=3
            )
        axes.set_xticks(steps, [shorten(word, 11) for word in words], rotation=90)
        axes.set_xlabel("word")
    legend_below(figure)
    alt = (
        f'Line over {len(words)} words: the probability of "positive" after each of them starts at '
        f"{probabilities[0]:.2f}, stays between {probabilities.min():.2f} and "
        f"{probabilities.max():.2f}, and ends at {probabilities[-1]:.2f}; a dotted line marks one "
        "half."
    )
    return Picture(figure, alt)


def plot_return_sequences() -> Picture:
    """Draw, step by step, what a recurrent layer hands upward without `return_sequences`, and with.

    Introduced in notebook 3, "What a layer hands upward".
    """
    figure, axes = new_drawing(4.5)
    steps = Steps(figure)
    for y, name in zip(_ROWS, ("word\nvectors", "recurrent\nlayer", "handed\nupward"), strict=True):
        write(axes, (0.15, y), name, ha="left")
    line(axes, (5.57, 0.2), (5.57, 4.3), color=PALE)
    for left, returns, shape in (
        (1.75, False, "(reviews, 100)"),
        (6.1, True, "(reviews, 500, 100)"),
    ):
        places = [left + 0.84 * step for step in range(len(_TIME))]
        _draw_layer(axes, places)
        write(axes, (places[2], 4.25), f"return_sequences={returns}")
        steps.end(f"return_sequences={returns}: word vectors, and a layer unrolled over them.")
        _draw_handed_up(axes, places, return_sequences=returns)
        write(axes, (places[2], 3.65), shape)
        which = "its states at all steps" if returns else "its last state alone"
        steps.end(f"It hands {which} upward: the shape is {shape}.")
    alt = (
        "Two drawings of a recurrent layer, unrolled over time: word vectors below, the layer in "
        "the middle, what it hands upward on top. Arrows run up into the layer at each time step, "
        "and from each time step to the next. Left, return_sequences=False: one arrow leaves "
        "upward, at the last step: (reviews, 500, 32) becomes (reviews, 100). Right, "
        "return_sequences=True: one leaves at each step: (reviews, 500, 32) becomes (reviews, 500, "
        "100), and a second recurrent layer can read that."
    )
    return Picture(figure, alt, steps)


def _draw_layer(axes: Axes, places: list[float]) -> None:
    """Draw word vectors and a recurrent layer over time, its time steps at `places`, in inches."""
    vectors, states, _ = _ROWS
    for step, x in zip(_TIME, places, strict=True):
        if step == "…":
            for y in (vectors, states):
                write(axes, (x, y), step)
            continue
        box(axes, (x, vectors), rf"$\mathbf{{e}}_{{{step}}}$", WORDS, (0.64, 0.5))
        box(axes, (x, states), rf"$\mathbf{{h}}_{{{step}}}$", STATE, (0.64, 0.5))
        arrow(axes, (x, vectors + 0.26), (x, states - 0.26))
    for before, x in pairwise(places):
        arrow(axes, (before + (0.2 if before == places[3] else 0.33), states), (x - 0.33, states))
    write(axes, (places[2], 0.3), "(reviews, 500, 32)")


def _draw_handed_up(axes: Axes, places: list[float], return_sequences: bool) -> None:
    """Draw the states that a layer hands upward."""
    _, states, handed_up = _ROWS
    for step, x in zip(_TIME, places, strict=True):
        if not (return_sequences or step == _TIME[-1]):
            continue
        if step == "…":
            write(axes, (x, handed_up), step)
            continue
        box(axes, (x, handed_up), rf"$\mathbf{{h}}_{{{step}}}$", STATE, (0.64, 0.5))
        arrow(axes, (x, states + 0.26), (x, handed_up - 0.26))


def _note(axes: Axes, x: float, text: str) -> None:
    """Write above the axes what a vertical line at x marks."""
    axes.text(x, 1.01, text, transform=axes.get_xaxis_transform(), va="bottom", fontsize=FONT_SIZE)
