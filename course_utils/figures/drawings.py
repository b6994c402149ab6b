"""Recurrent layers as they run over time, drawn."""

from itertools import pairwise

from course_utils.figures.shapes import arrow, box, count_arrows, frame, new_drawing, shorten, write
from course_utils.figures.style import GREEN, PURPLE, RED, SKY, YELLOW, Picture
from matplotlib.axes import Axes

_STEP = r"$\mathbf{h}_t = \tanh\,(\mathbf{e}_t W + \mathbf{h}_{t-1} U + \mathbf{b})$"
_JACOBIAN = r"gradient: $J_t = \mathrm{diag}(1 - \mathbf{h}_t^2)\,U^\top$ at every step back"
_WORDS = ("not", "a", "great", "film")
_WAY = ((0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (3, 2), (3, 3))
"""From the first word to the answer: places of words, and layers counted from below."""
_EMBEDDINGS, _STATES = 0.9, 2.15
"""How high they stand, in inches."""
_LETTER = 0.135
"""How wide a letter of a word is, in inches."""


def plot_unrolled(words: list[str], backward: bool = False) -> Picture:
    """Draw a SimpleRNN unrolled over words: many words in, one answer out.

    words: 2 to 6 words, a time step each; of a long one the beginning is written. backward: also
    draw the path of the gradient, back through all steps to each word, in a second colour.
    Raises ValueError for fewer or more words.
    Introduced in notebook 2, "One time step after another".
    """
    if not 2 <= len(words) <= 6:
        raise ValueError(f"There are {len(words)} words: give 2 to 6, so that each can be read.")
    figure, axes = new_drawing(4.3)
    places = [0.75 + 9.25 / (len(words) + 0.65) * step for step in range(len(words) + 1)]
    last = len(words)
    _draw_forward(axes, words, places)
    write(axes, (0.25, 3.95), _STEP, ha="left")
    write(axes, (0.25, 3.5), r"the same $W$, $U$ and $\mathbf{b}$ at every step", ha="left")
    forward = count_arrows(axes)
    alt = (
        f"A SimpleRNN unrolled over {last} words: {' '.join(words)}. {forward} arrows: from each "
        "word's embedding up into its hidden state, with W beside them; from state to state, h_0 "
        f"to h_{last}, with U beside them; and from the last state to a sigmoid, the only answer."
    )
    if backward:
        _draw_backward(axes, places)
        write(axes, (0.25, 3.05), _JACOBIAN, RED, ha="left")
        alt += (
            f" {count_arrows(axes) - forward} dashed orange arrows show the path of the gradient: "
            f"from the sigmoid into h_{last}, back from state to state as far as h_1, each time "
            "one more factor J, and from each state down to its embedding."
        )
    return Picture(figure, alt)


def plot_stack() -> Picture:
    """Draw two recurrent layers over time, and one path from a word to the answer.

    Introduced in notebook 3, "What a layer hands upward".
    """
    figure, axes = new_drawing(4.65)
    places, heights = (3.6, 5.35, 7.1, 8.85), (0.95, 2.0, 3.05, 4.15)
    layers = (r"\mathbf{e}_%d", r"\mathbf{h}^{(1)}_%d", r"\mathbf{h}^{(2)}_%d")
    for step, (word, x) in enumerate(zip(_WORDS, places, strict=True)):
        write(axes, (x, 0.35), word)
        for y, name, color in zip(heights, layers, (YELLOW, SKY, GREEN), strict=False):
            box(axes, (x, y), f"${name % (step + 1)}$", color, (0.9, 0.55))
    box(axes, (places[-1], heights[-1]), "sigmoid", PURPLE, (1.15, 0.5))
    points = [(x, y) for y in (0, 1, 2) for x in range(len(places))]
    pairs = [((x, y), (x, y + 1)) for x, y in points if y < 2]
    pairs += [((x, y), (x + 1, y)) for x, y in points if y > 0 and x < len(places) - 1]
    pairs.append(((len(places) - 1, 2), (len(places) - 1, 3)))
    for pair in pairs:
        look = {"color": RED, "lw": 5} if pair in pairwise(_WAY) else {"color": "#777777"}
        (x, y), (end_x, end_y) = ((places[x], heights[y]) for x, y in pair)
        across, up = (0.46 if x < end_x else 0), (0.28 if y < end_y else 0)
        arrow(axes, (x + across, y + up), (end_x - across, end_y - up), **look)
    for y, text in zip(
        heights, ("embeddings", "lower layer,\nall its states", "upper layer"), strict=False
    ):
        write(axes, (0.3, y), text, ha="left")
    write(axes, (0.3, heights[-1]), "one path: across, and once up", RED, ha="left")
    alt = (
        f"Two recurrent layers over {len(_WORDS)} words, {' '.join(_WORDS)}, drawn with "
        f"{count_arrows(axes)} arrows: each runs from state to state, the lower one hands every "
        "state to the upper one, whose last state goes into a sigmoid. One path is thick and "
        f"orange, {len(_WAY) - 1} arrows from the word {_WORDS[0]!r} to the sigmoid: across in the "
        "lower layer, once up, across in the upper layer."
    )
    return Picture(figure, alt)


def plot_both_ways() -> Picture:
    """Draw a forward and a backward layer, their mean and maximum over time, and one sigmoid.

    Introduced in notebook 4, "All the data".
    """
    figure, axes = new_drawing(4.6)
    places, middle = (1.05, 2.4, 3.75, 5.1), 2.3
    for step, (word, x) in enumerate(zip(_WORDS, places, strict=True), start=1):
        box(axes, (x, middle), word, YELLOW, (1.05, 0.5))
        for y, accent, color in ((3.5, "overrightarrow", SKY), (1.1, "overleftarrow", GREEN)):
            box(axes, (x, y), rf"$\{accent}{{\mathbf{{h}}}}_{step}$", color)
            side = 1 if y > middle else -1
            arrow(axes, (x, middle + 0.26 * side), (x, y - 0.27 * side))
    for before, x in pairwise(places):
        arrow(axes, (before + 0.41, 3.5), (x - 0.41, 3.5))
        arrow(axes, (x - 0.41, 1.1), (before + 0.41, 1.1))
    for y, name, side in ((3.5, "forward layer", 1), (1.1, "backward layer", -1)):
        frame(axes, ((places[0] + places[-1]) / 2, y), (5.3, 0.8))
        write(axes, (places[0] - 0.6, y + 0.62 * side), name, ha="left")
    for y, name in ((2.85, "mean\nover time"), (1.75, "maximum\nover time")):
        for start in (3.5, 1.1):
            arrow(axes, (5.75, start), (6.6, y + 0.1 * (start - middle)))
        box(axes, (7.35, y), name, RED, (1.45, 0.8))
        arrow(axes, (8.08, y), (8.57, middle + 0.2 * (y - middle)))
    box(axes, (9.17, middle), "sigmoid", PURPLE, (1.15, 0.5))
    write(axes, (9.17, middle + 0.6), '"positive"?')
    alt = (
        f"Two layers read {len(_WORDS)} words, {' '.join(_WORDS)}, drawn with "
        f"{count_arrows(axes)} arrows: above, a forward layer goes from the first word to the "
        "last; below, a backward layer from the last to the first. All states of both go into "
        "their mean over time and their maximum over time, and these two into one sigmoid."
    )
    return Picture(figure, alt)


def _draw_forward(axes: Axes, words: list[str], places: list[float]) -> None:
    letters = int((places[1] - places[0]) / _LETTER)
    box(axes, (places[0], _STATES), r"$\mathbf{h}_0 = \mathbf{0}$", size=(0.95, 0.55))
    for step, (word, x) in enumerate(zip(words, places[1:], strict=True), start=1):
        write(axes, (x, 0.3), shorten(word, letters))
        box(axes, (x, _EMBEDDINGS), rf"$\mathbf{{e}}_{step}$", YELLOW)
        box(axes, (x, _STATES), rf"$\mathbf{{h}}_{step}$", SKY, (0.8, 0.55))
        arrow(axes, (x, _EMBEDDINGS + 0.26), (x, _STATES - 0.29))
        write(axes, (x + 0.22, 1.52), "$W$")
        before = places[step - 1] + (0.41 if step > 1 else 0.49)
        arrow(axes, (before, _STATES + 0.1), (x - 0.41, _STATES + 0.1))
        write(axes, ((before + x - 0.41) / 2, _STATES + 0.34), "$U$")
    arrow(axes, (x, _STATES + 0.29), (x, 3.15))
    box(axes, (x, 3.4), "sigmoid", PURPLE, (1.15, 0.5))
    write(axes, (x, 3.98), '"positive"?')


def _draw_backward(axes: Axes, places: list[float]) -> None:
    look = {"color": RED, "style": (0, (3, 1.5))}
    arrow(axes, (places[-1] - 0.2, 3.13), (places[-1] - 0.2, _STATES + 0.31), **look)
    for step, x in enumerate(places[1:], start=1):
        arrow(axes, (x - 0.2, _STATES - 0.31), (x - 0.2, _EMBEDDINGS + 0.28), **look)
        if step > 1:
            before = places[step - 1]
            arrow(axes, (x - 0.43, _STATES - 0.12), (before + 0.43, _STATES - 0.12), **look)
            write(axes, ((before + x) / 2, _STATES - 0.37), f"$J_{step}$", RED)
