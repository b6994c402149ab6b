"""The cells of LSTM and GRU, built up gate by gate, each with its equation beside it."""

from collections.abc import Iterator
import re

from course_utils.figures.shapes import (
    Point,
    arrow,
    box,
    circle,
    count_arrows,
    line,
    new_drawing,
    write,
)
from course_utils.figures.steps import Steps
from course_utils.figures.style import ORANGE, PURPLE, RED, SKY, STATE, Picture
from matplotlib.axes import Axes

_HEIGHT, _TOP, _GATES, _BUS = 4.75, 4.3, 1.55, 0.75
"""How high a drawing is, and where in it the state, the gates and what feeds them stand: inches."""
_BOX, _LINE = (0.72, 0.46), 0.38
_LSTM = (
    ("forget gate", "how much is kept", RED, "f_t = σ(e_t W_f + h_{t-1} U_f + b_f)"),
    ("input gate", "how much is written", SKY, "i_t = σ(e_t W_i + h_{t-1} U_i + b_i)"),
    ("candidate", "what could be written", ORANGE, "c̃_t = tanh(e_t W_c + h_{t-1} U_c + b_c)"),
    ("new cell state", "kept and written", STATE, "c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t"),
    (
        "output gate",
        "how much is shown",
        PURPLE,
        "o_t = σ(e_t W_o + h_{t-1} U_o + b_o)",
        "h_t = o_t ⊙ tanh(c_t)",
    ),
)
_GRU = (
    ("update gate", "how much is kept", RED, "z_t = σ(e_t W_z + b_z + h_{t-1} U_z + b'_z)"),
    ("reset gate", "how much is looked at", SKY, "r_t = σ(e_t W_r + b_r + h_{t-1} U_r + b'_r)"),
    (
        "candidate",
        "what could be written",
        ORANGE,
        "u_t = h_{t-1} U_h + b'_h",
        "h̃_t = tanh(e_t W_h + b_h + r_t ⊙ u_t)",
    ),
    ("new hidden state", "old and new, mixed", STATE, "h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t"),
)
"""Of each step its name, what it says, its colour, and its equations, as the text has them."""
_TOKEN = re.compile("tanh|σ|⊙|(_\\w|_\\{[^}]*\\})|([a-z])(\u0303)?")


def plot_lstm_cell() -> Picture:
    """Draw the LSTM cell in five steps, each with its equation, in the notation of the lesson.

    They are forget gate, input gate, candidate, new cell state, and output gate with hidden state.
    Introduced in notebook 4, "Inside an LSTM cell".
    """
    figure, axes = new_drawing(_HEIGHT)
    steps, explained = Steps(figure), _explain(axes, 5.55, _LSTM)
    for place, text in (((0.4, _BUS), "h_{t-1}"), ((0.95, 0.2), "e_t")):
        write(axes, place, _math(text))
    line(axes, (0.95, 0.4), (0.95, _BUS))
    gates = {"f": 1.3, "i": 2.15, "c̃": 3.0}
    for number, (name, x) in enumerate(gates.items()):
        _draw_gate(axes, x, name, _LSTM[number][2])
        steps.end(next(explained))
    _draw_cell_state(axes, *gates.values())
    steps.end(next(explained))
    _draw_gate(axes, 3.85, "o", _LSTM[4][2])
    _draw_output(axes, 3.85)
    steps.end(next(explained))
    return Picture(figure, _alt("An LSTM cell", _LSTM, count_arrows(axes)), steps)


def plot_gru_cell() -> Picture:
    """Draw the GRU's cell in four steps, each with its equation.

    As Keras computes it, with `reset_after=True`: an open update gate keeps the old state, and the
    reset gate acts on what U made of it. The steps are update gate, reset gate, candidate, and new
    hidden state.
    Introduced in notebook 4, "Does an LSTM turn?".
    """
    figure, axes = new_drawing(_HEIGHT)
    steps, explained = Steps(figure), _explain(axes, 5.25, _GRU)
    for place, text in (((0.4, _BUS), "h_{t-1}"), ((0.4, 0.25), "e_t")):
        write(axes, place, _math(text))
    for number, (name, x) in enumerate({"z": 1.2, "r": 2.2}.items()):
        for start, y, shift in ((0.75, _BUS, -0.18), (0.65, 0.25, 0.18)):
            arrow(axes, (start, y), (x + shift, y), (x + shift, _GATES - 0.25))
        _function(axes, (x, _GATES), "σ", _GRU[number][2])
        write(axes, (x - 0.2, _GATES + 0.45), _math(f"{name}_t"))
        steps.end(next(explained))
    for draw in (_draw_candidate, _draw_mixture):
        draw(axes)
        steps.end(next(explained))
    return Picture(figure, _alt("A GRU cell", _GRU, count_arrows(axes)), steps)


def _draw_gate(axes: Axes, x: float, name: str, color: str) -> None:
    """Draw one of the LSTM's four functions of the word and the old state."""
    line(axes, (0.75, _BUS), (x, _BUS))
    arrow(axes, (x, _BUS), (x, _GATES - 0.25))
    _function(axes, (x, _GATES), "tanh" if name == "c̃" else "σ", color)
    write(axes, (x + 0.2, _GATES + 0.45), _math(f"{name}_t"))


def _draw_cell_state(axes: Axes, kept: float, written: float, candidate: float) -> None:
    """Draw the line of the cell state, from the old to the new, above what it is made of."""
    product = (candidate, 2.75)
    write(axes, (0.4, _TOP), _math("c_{t-1}"))
    arrow(axes, (kept, _GATES + 0.25), (kept, _TOP - 0.2))
    arrow(axes, (written, _GATES + 0.25), (written, 2.75), (candidate - 0.2, 2.75))
    arrow(axes, (candidate, _GATES + 0.25), (candidate, 2.55))
    arrow(axes, (candidate, 2.95), (candidate, _TOP - 0.2))
    arrow(axes, (0.75, _TOP), (kept - 0.2, _TOP))
    arrow(axes, (kept + 0.2, _TOP), (candidate - 0.2, _TOP))
    arrow(axes, (candidate + 0.2, _TOP), (4.9, _TOP))
    for place, sign in (((kept, _TOP), "×"), (product, "×"), ((candidate, _TOP), "+")):
        circle(axes, place, sign, _LSTM[3][2])
    write(axes, (5.1, _TOP), _math("c_t"))


def _draw_output(axes: Axes, gate: float) -> None:
    """Draw what of the cell state is shown as the hidden state."""
    x, color = 4.5, _LSTM[4][2]
    arrow(axes, (x, _TOP), (x, 3.4))
    _function(axes, (x, 3.15), "tanh", color)
    arrow(axes, (x, 2.91), (x, 2.45))
    arrow(axes, (gate, _GATES + 0.25), (gate, 2.25), (x - 0.2, 2.25))
    circle(axes, (x, 2.25), "×", color)
    arrow(axes, (x, 2.05), (x, _BUS), (4.9, _BUS))
    write(axes, (5.1, _BUS), _math("h_t"))


def _draw_candidate(axes: Axes) -> None:
    """Draw the old state and the reset gate on their path into the GRU's candidate."""
    x, reset, color = 3.2, 2.2, _GRU[2][2]
    arrow(axes, (0.75, _BUS), (x, _BUS), (x, _GATES - 0.25))
    _function(axes, (x, _GATES), "U_h", color)
    arrow(axes, (x, _GATES + 0.25), (x, 2.05))
    arrow(axes, (reset, _GATES + 0.25), (reset, 2.25), (x - 0.2, 2.25))
    circle(axes, (x, 2.25), "×", color)
    arrow(axes, (x, 2.45), (x, 2.67))
    arrow(axes, (0.65, 0.25), (4.0, 0.25), (4.0, 2.92), (x + 0.38, 2.92))
    _function(axes, (x, 2.92), "tanh", color)


def _draw_mixture(axes: Axes) -> None:
    """Draw the line of the GRU's state, from the old to the new."""
    x, update, color = 3.2, 1.2, _GRU[3][2]
    write(axes, (0.4, _TOP), _math("h_{t-1}"))
    arrow(axes, (0.75, _TOP), (update - 0.2, _TOP))
    arrow(axes, (update, _GATES + 0.25), (update, _TOP - 0.2))
    arrow(axes, (update + 0.2, _TOP), (x - 0.2, _TOP))
    arrow(axes, (update, 3.6), (1.75, 3.6))
    box(axes, (2.15, 3.6), _math("1 - z_t"), color, (0.8, 0.46))
    arrow(axes, (2.56, 3.6), (x - 0.2, 3.6))
    arrow(axes, (x, 3.16), (x, 3.4))
    arrow(axes, (x, 3.8), (x, _TOP - 0.2))
    arrow(axes, (x + 0.2, _TOP), (4.4, _TOP))
    for place, sign in (((update, _TOP), "×"), ((x, 3.6), "×"), ((x, _TOP), "+")):
        circle(axes, place, sign, color)
    write(axes, (4.6, _TOP), _math("h_t"))


def _function(axes: Axes, place: Point, name: str, color: str) -> None:
    box(axes, place, _math(name), color, _BOX)


def _explain(axes: Axes, x: float, parts: tuple) -> Iterator[str]:
    """Write each step's number, name and equations, from top to bottom; yield them as a sentence.

    A step is written when it is asked for.
    """
    y = _TOP + 0.15
    gap = (y - 0.3 - _LINE * sum(len(part) - 3 for part in parts)) / (len(parts) - 1)
    for step, (name, says, color, *equations) in enumerate(parts, start=1):
        circle(axes, (x, y), str(step), color)
        write(axes, (x + 0.3, y), f"{name}: {says}", ha="left")
        for equation in equations:
            y -= _LINE
            write(axes, (x + 0.3, y), _math(equation), ha="left")
        y -= gap
        yield f"{_sentence(step, parts[step - 1])}."


def _math(text: str) -> str:
    """Write an equation as matplotlib sets it, vectors bold: all small letters but subscripts."""
    return f"${_TOKEN.sub(_set_token, text)}$"


def _set_token(token: re.Match) -> str:
    subscript, letter, tilde = token.groups()
    if letter:
        bold = rf"\mathbf{{{letter}}}"
        return rf"\tilde{{{bold}}}" if tilde else bold
    return subscript or {"tanh": r"\tanh", "σ": r"\sigma", "⊙": r"\odot"}[token.group()]


def _sentence(step: int, part: tuple) -> str:
    name, says, _, *equations = part
    return f"{step}, {name}, {says}: {', '.join(equations)}"


def _alt(what: str, parts: tuple, arrows: int) -> str:
    sentences = (_sentence(step, part) for step, part in enumerate(parts, start=1))
    return (
        f"{what}, drawn with {arrows} arrows in {len(parts)} steps, each with its equation beside "
        f"it. {'; '.join(sentences)}."
    )
