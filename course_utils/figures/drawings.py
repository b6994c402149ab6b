"""Recurrent layers as they run over time, drawn."""

from itertools import pairwise

from course_utils.figures.shapes import arrow, box, count_arrows, frame, new_drawing, shorten, write
from course_utils.figures.steps import Steps
from course_utils.figures.style import ANSWER, GRADIENT, RED, STATE, WORDS, Picture
from matplotlib.axes import Axes

_STEP = r"$\mathbf{h}_t = \tanh\,(\mathbf{e}_t W + \mathbf{h}_{t-1} U + \mathbf{b})$"
_SUM = r"$\partial L\,/\,\partial U$ is the sum of these shares, one for each use of $U$"
_FACTOR = r"$\odot(1\!-\!\mathbf{h}_%d^2)U^\top$"
_SHARE = r"$\mathbf{h}_%d^\top \mathbf{\delta}_%d$"
_WORDS = ("not", "a", "great", "film")
_WAY = ((0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (3, 2), (3, 3))
"""From the first word to the answer: places of words, and layers counted from below."""
_COLUMNS, _LEVELS = (3.6, 5.35, 7.1, 8.85), (0.95, 2.0, 3.05, 4.15)
"""Where the words and the layers of a stack stand, in inches."""
_NEWS = (
    f"Four words, {' '.join(_WORDS)}, each with its embedding.",
    "A recurrent layer above them hands up all its states: arrows go up and across.",
    "A second layer reads these states as the first one reads embeddings.",
)
_EMBEDDINGS, _STATES = 0.9, 2.15
"""How high they stand, in inches."""
_LETTER = 0.135
"""How wide a letter of a word is, in inches."""


def plot_unrolled(words: list[str], backward: bool = False) -> Picture:
    """Draw a SimpleRNN unrolled over words, step by step: many words in, one answer out.

    words: 2 to 6 words, a time step each; of a long one the beginning is written. backward: also
    draw backpropagation through time, in a second colour: the gradient's path back to each word,
    the factor of each step, and the shares of which the gradient of U is the sum.
    Raises ValueError for fewer or more words.
    Introduced in notebook 2, "One time step after another".
    """
    if not 2 <= len(words) <= 6:
        raise ValueError(f"There are {len(words)} words: give 2 to 6, so that each can be read.")
    figure, axes = new_drawing(4.3)
    steps = Steps(figure)
    places = [0.75 + 9.25 / (len(words) + 0.65) * step for step in range(len(words) + 1)]
    last = len(words)
    _draw_forward(axes, words, places, steps)
    forward = count_arrows(axes)
    alt = (
        f"A SimpleRNN unrolled over {last} words: {' '.join(words)}. {forward} arrows: from each "
        "word's embedding up into its hidden state, with W beside them; from state to state, h_0 "
        f"to h_{last}, with U beside them; and from the last state to a sigmoid, the only answer."
    )
    if backward:
        steps = Steps(figure)
        steps.end(f"The forward pass: a SimpleRNN unrolled over {last} words, {' '.join(words)}.")
        _draw_backward(axes, places, steps)
        alt += (
            f" {count_arrows(axes) - forward} dashed orange arrows show the path of the gradient: "
            f"from the sigmoid into h_{last}, back from state to state as far as h_1, each time "
            "times 1 - h_t squared and times U transposed, and from each state down to its "
            "embedding. Above each use of U stands its share, h_{t-1} transposed times δ_t; the "
            "gradient of U is the sum of these shares."
        )
    return Picture(figure, alt, steps)


def plot_stack() -> Picture:
    """Draw two recurrent layers over time, step by step, and one path from a word to the answer.

    Introduced in notebook 3, "What a layer hands upward".
    """
    figure, axes = new_drawing(4.65)
    steps = Steps(figure)
    layers = (
        (r"\mathbf{e}_%d", WORDS, "embeddings"),
        (r"\mathbf{h}^{(1)}_%d", STATE, "lower layer,\nall its states"),
        (r"\mathbf{h}^{(2)}_%d", STATE, "upper layer"),
    )
    for x, word in enumerate(_WORDS):
        write(axes, (_COLUMNS[x], 0.35), word)
    for y, (name, color, text) in enumerate(layers):
        write(axes, (0.3, _LEVELS[y]), text, ha="left")
        for x, place in enumerate(_COLUMNS):
            box(axes, (place, _LEVELS[y]), f"${name % (x + 1)}$", color, (0.9, 0.55))
            if y:
                _connect(axes, (x, y - 1), (x, y))
            if y and x:
                _connect(axes, (x - 1, y), (x, y))
        steps.end(_NEWS[y])
    box(axes, (_COLUMNS[-1], _LEVELS[-1]), "sigmoid", ANSWER, (1.15, 0.5))
    _connect(axes, *_WAY[-2:])
    steps.end("A sigmoid reads the last state of the upper layer.")
    arrows = count_arrows(axes)
    for start, end in pairwise(_WAY):
        _connect(axes, start, end, color=RED, lw=5)
    write(axes, (0.3, _LEVELS[-1]), "one path: across, and once up", RED, ha="left")
    steps.end(
        "One path, thick and orange: across in the lower layer, once up, across in the upper."
    )
    alt = (
        f"Two recurrent layers over {len(_WORDS)} words, {' '.join(_WORDS)}, drawn with "
        f"{arrows} arrows: each runs from state to state, the lower one hands every "
        "state to the upper one, whose last state goes into a sigmoid. One path is thick and "
        f"orange, {len(_WAY) - 1} arrows from the word {_WORDS[0]!r} to the sigmoid: across in the "
        "lower layer, once up, across in the upper layer."
    )
    return Picture(figure, alt, steps)


def plot_both_ways() -> Picture:
    """Draw a forward and a backward layer, their mean and maximum, and one sigmoid, step by step.

    Introduced in notebook 4, "All the data".
    """
    figure, axes = new_drawing(4.6)
    steps = Steps(figure)
    places, middle = (1.05, 2.4, 3.75, 5.1), 2.3
    for word, x in zip(_WORDS, places, strict=True):
        box(axes, (x, middle), word, WORDS, (1.05, 0.5))
    steps.end(f"Four words: {' '.join(_WORDS)}.")
    for y, name, accent, side in (
        (3.5, "forward layer", "overrightarrow", 1),
        (1.1, "backward layer", "overleftarrow", -1),
    ):
        for step, x in enumerate(places, start=1):
            box(axes, (x, y), rf"$\{accent}{{\mathbf{{h}}}}_{step}$", STATE)
            arrow(axes, (x, middle + 0.26 * side), (x, y - 0.27 * side))
        for before, x in pairwise(places):
            ends = (before + 0.41, y), (x - 0.41, y)
            arrow(axes, *ends[::side])
        frame(axes, ((places[0] + places[-1]) / 2, y), (5.3, 0.8))
        write(axes, (places[0] - 0.6, y + 0.62 * side), name, ha="left")
        there, back = ("first", "last")[::side]
        steps.end(f"A {name} goes from the {there} word to the {back}, a state for each.")
    for y, name in ((2.85, "mean\nover time"), (1.75, "maximum\nover time")):
        for start in (3.5, 1.1):
            arrow(axes, (5.75, start), (6.6, y + 0.1 * (start - middle)))
        box(axes, (7.35, y), name, size=(1.45, 0.8))
    steps.end("All states of both layers go into their mean and their maximum over time.")
    for y in (2.85, 1.75):
        arrow(axes, (8.08, y), (8.57, middle + 0.2 * (y - middle)))
    box(axes, (9.17, middle), "sigmoid", ANSWER, (1.15, 0.5))
    write(axes, (9.17, middle + 0.6), '"positive"?')
    steps.end("One sigmoid reads mean and maximum.")
    alt = (
        f"Two layers read {len(_WORDS)} words, {' '.join(_WORDS)}, drawn with "
        f"{count_arrows(axes)} arrows: above, a forward layer goes from the first word to the "
        "last; below, a backward layer from the last to the first. All states of both go into "
        "their mean over time and their maximum over time, and these two into one sigmoid."
    )
    return Picture(figure, alt, steps)


def _connect(
    axes: Axes, start: tuple[int, int], end: tuple[int, int], color: str = "#777777", lw: float = 2
) -> None:
    """Draw an arrow from box to box of a stack, both given by word and layer."""
    (x, y), (end_x, end_y) = ((_COLUMNS[place], _LEVELS[level]) for place, level in (start, end))
    across, up = (0.46 if x < end_x else 0), (0.28 if y < end_y else 0)
    arrow(axes, (x + across, y + up), (end_x - across, end_y - up), color=color, lw=lw)


def _draw_forward(axes: Axes, words: list[str], places: list[float], steps: Steps) -> None:
    letters = int((places[1] - places[0]) / _LETTER)
    box(axes, (places[0], _STATES), r"$\mathbf{h}_0 = \mathbf{0}$", STATE, size=(0.95, 0.55))
    for word, x in zip(words, places[1:], strict=True):
        write(axes, (x, 0.3), shorten(word, letters))
    steps.end(f"{len(words)} words to read, {' '.join(words)}, and a first state h_0, all zeros.")
    for step, x in enumerate(places[1:], start=1):
        _draw_step(axes, step, places[step - 1], x)
        if step == 1:
            write(axes, (0.25, 4.02), _STEP, ha="left")
            steps.end("The first word's embedding e_1, by W, and h_0, by U, become the state h_1.")
        if step == 2:
            write(
                axes, (0.25, 3.62), r"the same $W$, $U$ and $\mathbf{b}$ at every step", ha="left"
            )
            steps.end("The second word and h_1 become h_2: the same W, U and b again.")
    if len(words) > 2:
        steps.end(f"So it goes on, word by word, to the last state h_{len(words)}.")
    arrow(axes, (x, _STATES + 0.29), (x, 3.15))
    box(axes, (x, 3.4), "sigmoid", ANSWER, (1.15, 0.5))
    write(axes, (x, 3.98), '"positive"?')
    steps.end("A sigmoid reads the last state alone, and gives the only answer.")


def _draw_step(axes: Axes, step: int, before: float, x: float) -> None:
    """Draw a time step: how a word and the state before, at their places, become a state."""
    box(axes, (x, _EMBEDDINGS), rf"$\mathbf{{e}}_{step}$", WORDS)
    box(axes, (x, _STATES), rf"$\mathbf{{h}}_{step}$", STATE, (0.8, 0.55))
    arrow(axes, (x, _EMBEDDINGS + 0.26), (x, _STATES - 0.29))
    write(axes, (x + 0.22, 1.4), "$W$")
    start = before + (0.41 if step > 1 else 0.49)
    arrow(axes, (start, _STATES + 0.1), (x - 0.41, _STATES + 0.1))
    write(axes, ((start + x - 0.41) / 2, _STATES + 0.34), "$U$")


def _draw_backward(axes: Axes, places: list[float], steps: Steps) -> None:
    look = {"color": GRADIENT, "style": (0, (3, 1.5))}
    last = len(places) - 1
    x = places[last] - 0.2
    arrow(axes, (x, 3.13), (x, _STATES + 0.31), **look)
    steps.end(f"The gradient of the loss goes from the sigmoid into the last state, h_{last}.")
    for step in range(last, 0, -1):
        before, x = places[step - 1], places[step]
        arrow(axes, (x - 0.2, _STATES - 0.31), (x - 0.2, _EMBEDDINGS + 0.28), **look)
        write(axes, ((before + x) / 2, _STATES + 0.67), _SHARE % (step - 1, step), GRADIENT)
        if step > 1:
            arrow(axes, (x - 0.43, _STATES - 0.12), (before + 0.43, _STATES - 0.12), **look)
            write(axes, ((before + x) / 2 - 0.08, _STATES - 0.45), _FACTOR % step, GRADIENT)
        if step == last:
            steps.end(
                f"Back over the last step: times 1 - h_{step} squared, which makes δ_{step}, and "
                f"times U transposed, to h_{step - 1}; U gets its first share, above the arrow."
            )
        elif step == last - 1:
            steps.end("Back over the step before: the same factors again, and another share.")
    if last > 2:
        steps.end(
            "So it goes on, as far as h_1: with each step one more factor and one more share."
        )
    write(axes, (0.25, 3.22), _SUM, GRADIENT, ha="left")
    steps.end("The gradient of U is the sum of all shares.")
