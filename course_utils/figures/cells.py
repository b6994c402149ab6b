"""The cells of LSTM and GRU, built up gate by gate, each with its equation beside it."""

import re

from course_utils.arguments import whole_number
from course_utils.figures.shapes import (
    PALE,
    Point,
    arrow,
    box,
    circle,
    count_arrows,
    line,
    new_drawing,
    write,
)
from course_utils.figures.style import BLACK, GREEN, PURPLE, RED, SKY, YELLOW, Picture
from matplotlib.axes import Axes

_HEIGHT, _TOP, _GATES, _BUS = 4.75, 4.3, 1.55, 0.75
"""How high a drawing is, and where in it the state, the gates and what feeds them stand: inches."""
_BOX, _LINE = (0.72, 0.46), 0.38
_LSTM = (
    ("forget gate", "how much is kept", RED, "f_t = σ(e_t W_f + h_{t-1} U_f + b_f)"),
    ("input gate", "how much is written", SKY, "i_t = σ(e_t W_i + h_{t-1} U_i + b_i)"),
    ("candidate", "what could be written", GREEN, "c̃_t = tanh(e_t W_c + h_{t-1} U_c + b_c)"),
    ("new cell state", "kept and written", YELLOW, "c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t"),
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
        GREEN,
        "u_t = h_{t-1} U_h + b'_h",
        "h̃_t = tanh(e_t W_h + b_h + r_t ⊙ u_t)",
    ),
    ("new hidden state", "old and new, mixed", YELLOW, "h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t"),
)
"""Of each step its name, what it says, its colour, and its equations, as the text has them."""
_TOKEN = re.compile("tanh|σ|⊙|(_\\w|_\\{[^}]*\\})|([a-z])(\u0303)?")


def plot_lstm_cell(steps: int = 5) -> Picture:
    """Draw the LSTM cell as it is built up in five steps, each with its equation.

    steps: the first so many are drawn, the later ones pale: 1 forget gate, 2 input gate,
    3 candidate, 4 new cell state, 5 output gate and hidden state. Notation as in the lesson.
    Raises ValueError unless steps is 1 to 5.
    Introduced in notebook 4, "Inside an LSTM cell".
    """
    steps = whole_number("steps", steps, most=len(_LSTM))
    figure, axes = new_drawing(_HEIGHT)
    for place, text in (((0.4, _BUS), "h_{t-1}"), ((0.95, 0.2), "e_t"), ((0.4, _TOP), "c_{t-1}")):
        write(axes, place, _math(text))
    line(axes, (0.95, 0.4), (0.95, _BUS))
    places = {5: (3.85, "o"), 3: (3.0, "c̃"), 2: (2.15, "i"), 1: (1.3, "f")}
    for step, (x, name) in places.items():
        ink = _ink(step, steps)
        line(axes, (0.75, _BUS), (x, _BUS), color=ink)
        arrow(axes, (x, _BUS), (x, _GATES - 0.25), color=ink)
        _function(axes, (x, _GATES), "tanh" if step == 3 else "σ", _LSTM[step - 1][2], ink)
        write(axes, (x + 0.2, _GATES + 0.45), _math(f"{name}_t"), ink)
    _draw_cell_state(axes, [x for x, _ in places.values()], _ink(4, steps))
    _draw_output(axes, places[5][0], _ink(5, steps))
    _list_equations(axes, 5.55, _LSTM, steps)
    return Picture(figure, _alt("An LSTM cell", _LSTM, steps, count_arrows(axes)))


def plot_gru_cell(steps: int = 4) -> Picture:
    """Draw the GRU's cell as it is built up in four steps, each with its equation.

    As Keras computes it, with `reset_after=True`: an open update gate keeps the old state, and the
    reset gate acts on what U made of it. steps: the first so many are drawn, the later ones pale:
    1 update gate, 2 reset gate, 3 candidate, 4 new hidden state.
    Raises ValueError unless steps is 1 to 4.
    Introduced in notebook 4, "Does an LSTM turn?".
    """
    steps = whole_number("steps", steps, most=len(_GRU))
    figure, axes = new_drawing(_HEIGHT)
    for place, text in (((0.4, _BUS), "h_{t-1}"), ((0.4, 0.25), "e_t"), ((0.4, _TOP), "h_{t-1}")):
        write(axes, place, _math(text))
    _draw_candidate(axes, _ink(3, steps))
    for step, x, name in ((2, 2.2, "r"), (1, 1.2, "z")):
        ink = _ink(step, steps)
        for start, y, shift in ((0.75, _BUS, -0.18), (0.65, 0.25, 0.18)):
            arrow(axes, (start, y), (x + shift, y), (x + shift, _GATES - 0.25), color=ink)
        _function(axes, (x, _GATES), "σ", _GRU[step - 1][2], ink)
        write(axes, (x - 0.2, _GATES + 0.45), _math(f"{name}_t"), ink)
    _draw_mixture(axes, _ink(4, steps))
    _list_equations(axes, 5.25, _GRU, steps)
    return Picture(figure, _alt("A GRU cell", _GRU, steps, count_arrows(axes)))


def _draw_cell_state(axes: Axes, gates: list[float], ink: str) -> None:
    """Draw the line of the cell state, from the old to the new."""
    _, candidate, written, kept = gates
    product = (candidate, 2.75)
    arrow(axes, (kept, _GATES + 0.25), (kept, _TOP - 0.2), color=ink)
    arrow(axes, (written, _GATES + 0.25), (written, 2.75), (candidate - 0.2, 2.75), color=ink)
    arrow(axes, (candidate, _GATES + 0.25), (candidate, 2.55), color=ink)
    arrow(axes, (candidate, 2.95), (candidate, _TOP - 0.2), color=ink)
    arrow(axes, (0.75, _TOP), (kept - 0.2, _TOP), color=ink)
    arrow(axes, (kept + 0.2, _TOP), (candidate - 0.2, _TOP), color=ink)
    arrow(axes, (candidate + 0.2, _TOP), (4.9, _TOP), color=ink)
    for place, sign in (((kept, _TOP), "×"), (product, "×"), ((candidate, _TOP), "+")):
        circle(axes, place, sign, _LSTM[3][2], ink)
    write(axes, (5.1, _TOP), _math("c_t"), ink)


def _draw_output(axes: Axes, gate: float, ink: str) -> None:
    """Draw what of the cell state is shown as the hidden state."""
    x, color = 4.5, _LSTM[4][2]
    arrow(axes, (x, _TOP), (x, 3.4), color=ink)
    _function(axes, (x, 3.15), "tanh", color, ink)
    arrow(axes, (x, 2.91), (x, 2.45), color=ink)
    arrow(axes, (gate, _GATES + 0.25), (gate, 2.25), (x - 0.2, 2.25), color=ink)
    circle(axes, (x, 2.25), "×", color, ink)
    arrow(axes, (x, 2.05), (x, _BUS), (4.9, _BUS), color=ink)
    write(axes, (5.1, _BUS), _math("h_t"), ink)


def _draw_candidate(axes: Axes, ink: str) -> None:
    """Draw the old state and the reset gate on their path into the GRU's candidate."""
    x, reset, color = 3.2, 2.2, _GRU[2][2]
    arrow(axes, (0.75, _BUS), (x, _BUS), (x, _GATES - 0.25), color=ink)
    _function(axes, (x, _GATES), "U_h", color, ink)
    arrow(axes, (x, _GATES + 0.25), (x, 2.05), color=ink)
    arrow(axes, (reset, _GATES + 0.25), (reset, 2.25), (x - 0.2, 2.25), color=ink)
    circle(axes, (x, 2.25), "×", color, ink)
    arrow(axes, (x, 2.45), (x, 2.67), color=ink)
    arrow(axes, (0.65, 0.25), (4.0, 0.25), (4.0, 2.92), (x + 0.38, 2.92), color=ink)
    _function(axes, (x, 2.92), "tanh", color, ink)


def _draw_mixture(axes: Axes, ink: str) -> None:
    """Draw the line of the GRU's state, from the old to the new."""
    x, update, color = 3.2, 1.2, _GRU[3][2]
    arrow(axes, (0.75, _TOP), (update - 0.2, _TOP), color=ink)
    arrow(axes, (update, _GATES + 0.25), (update, _TOP - 0.2), color=ink)
    arrow(axes, (update + 0.2, _TOP), (x - 0.2, _TOP), color=ink)
    arrow(axes, (update, 3.6), (1.75, 3.6), color=ink)
    box(axes, (2.15, 3.6), _math("1 - z_t"), color, (0.8, 0.46), ink)
    arrow(axes, (2.56, 3.6), (x - 0.2, 3.6), color=ink)
    arrow(axes, (x, 3.16), (x, 3.4), color=ink)
    arrow(axes, (x, 3.8), (x, _TOP - 0.2), color=ink)
    arrow(axes, (x + 0.2, _TOP), (4.4, _TOP), color=ink)
    for place, sign in (((update, _TOP), "×"), ((x, 3.6), "×"), ((x, _TOP), "+")):
        circle(axes, place, sign, color, ink)
    write(axes, (4.6, _TOP), _math("h_t"), ink)


def _function(axes: Axes, place: Point, name: str, color: str, ink: str) -> None:
    box(axes, place, _math(name), color, _BOX, ink)


def _list_equations(axes: Axes, x: float, parts: tuple, steps: int) -> None:
    """Write each step's number, name and equations, from top to bottom."""
    y = _TOP + 0.15
    gap = (y - 0.3 - _LINE * sum(len(part) - 3 for part in parts)) / (len(parts) - 1)
    for step, (name, says, color, *equations) in enumerate(parts, start=1):
        ink = _ink(step, steps)
        circle(axes, (x, y), str(step), color, ink)
        write(axes, (x + 0.3, y), f"{name}: {says}", ink, ha="left")
        for equation in equations:
            y -= _LINE
            write(axes, (x + 0.3, y), _math(equation), ink, ha="left")
        y -= gap


def _ink(step: int, steps: int) -> str:
    """Return the colour of a step: pale, if it is not spoken of yet."""
    return BLACK if step <= steps else PALE


def _math(text: str) -> str:
    """Write an equation as matplotlib sets it, vectors bold: all small letters but subscripts."""
    return f"${_TOKEN.sub(_set_token, text)}$"


def _set_token(token: re.Match) -> str:
    subscript, letter, tilde = token.groups()
    if letter:
        bold = rf"\mathbf{{{letter}}}"
        return rf"\tilde{{{bold}}}" if tilde else bold
    return subscript or {"tanh": r"\tanh", "σ": r"\sigma", "⊙": r"\odot"}[token.group()]


def _alt(what: str, parts: tuple, steps: int, arrows: int) -> str:
    lines = [
        f"{step}, {name}, {says}: {', '.join(equations)}"
        for step, (name, says, _, *equations) in enumerate(parts[:steps], start=1)
    ]
    later = ", ".join(name for name, *_ in parts[steps:])
    return (
        f"{what}, drawn with {arrows} arrows in {len(parts)} steps, each with its equation beside "
        f"it. {'; '.join(lines)}.{f' Still pale: {later}.' if later else ''}"
    )
