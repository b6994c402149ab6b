"""The equations of the lessons and of the drawn cells compute what Keras computes.

Each is read from where a student reads it, translated to Python, and run on random numbers. Vectors
are rows, (1, units), as in the notebooks.
"""

import re

from course_utils.figures.cells import _GRU, _LSTM
import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf

from tools.paths import notebooks

UNITS, INPUTS = 3, 2
PARTIAL = r"\\frac{\\partial (\w+)}{\\partial (?:\\mathbf{)?(\w)}?(_{t-1}|_t)?}"
TRANSLATIONS = (
    (r"\\left|\\right|\\,|\\text|\n", " "),
    (r"\\frac{\\partial \\mathbf{(\w)}_t}{\\partial \\mathbf{(\w)}_{t-1}}", r"\1_by_\2"),
    (PARTIAL, r"\1_by_\2\3"),
    (r"\\sum_{t=1}\^{T}", ""),
    (r"\\boldsymbol\\delta", "delta"),
    (r"\\tilde{\\mathbf{(\w)}}|(\w)\u0303", r"\1\2_tilde"),
    (r"\\math(?:bf|rm){(\w+)}", r"\1"),
    (r"\\(sigma|tanh)|σ", lambda found: found[1] or "sigma"),
    (r"\\odot|⊙", "*"),
    (r"'", "2"),
    (r"_{ *new *}|_{ *{new} *}", "_new"),
    (r"_{t-1}", "_old"),
    (r"_t\b", ""),
    (r"\^\\top", ".T"),
    (r"\^2", "**2"),
    (r"(?<=[\w)]) +(?=[A-Za-z])", " @ "),
)
"""From TeX, and from the text of a picture, to Python; a product of two matrices has no sign."""


def translated(formulas: str) -> list[str]:
    """Return an assignment in Python for each equation."""
    lines = []
    for formula in re.split(r",? *\\q?quad *|, \n", formulas):
        for pattern, replacement in TRANSLATIONS:
            formula = re.sub(pattern, replacement, formula)
        lines.append(formula.strip(" ,"))
    return lines


def computed(formulas: list[str], **given: np.ndarray) -> dict[str, np.ndarray]:
    """Run equations one after the other; return all that is known then."""
    functions = {
        "sigma": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "diag": lambda row: np.diag(row[0]),
    }
    for line in (line for formula in formulas for line in translated(formula)):
        exec(line, functions, given)
    return given


def text(number: int, cell_id: str) -> str:
    cells = nbformat.read(notebooks()[number - 1], as_version=4).cells
    return next(cell.source for cell in cells if cell.id == cell_id)


def displayed(number: int, cell_id: str) -> list[str]:
    """Return the displayed equations of a cell."""
    return re.findall(r"\$\$(.*?)\$\$", text(number, cell_id), re.DOTALL)


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape)


def random_cell(cell: keras.Layer) -> list[np.ndarray]:
    """Give a cell random weights, and return them."""
    cell.build((1, INPUTS))
    cell.set_weights([numbers(*weight.shape) for weight in cell.get_weights()])
    return [weight.astype("float64") for weight in cell.get_weights()]


def of_gates(weights: list[np.ndarray], gates: str) -> dict[str, np.ndarray]:
    """Name the parts of Keras' kernel, recurrent kernel and bias, such as W_f, U_f, b_f."""
    kernel, recurrent_kernel, bias = weights
    named = {"W": kernel, "U": recurrent_kernel, "b": np.atleast_2d(bias)[:1]}
    if bias.ndim == 2:
        named["b2"] = bias[1:]
    return {
        f"{name}_{gate}": part
        for name, array in named.items()
        for gate, part in zip(gates, np.split(array, len(gates), axis=-1), strict=True)
    }


E_T, H_OLD, C_OLD = numbers(1, INPUTS), numbers(1, UNITS), numbers(1, UNITS) + 0.5


def test_simple_rnn_of_notebook_2() -> None:
    """Forwards; and one step of backpropagation through time, with a loss that is linear in h."""
    cell = keras.layers.SimpleRNNCell(UNITS, dtype="float64")
    kernel, recurrent_kernel, bias = random_cell(cell)
    known = {"W": kernel, "U": recurrent_kernel, "b": bias, "e": E_T}
    (forwards,) = displayed(2, "recurrence-formula")
    h = computed([forwards.split(r", \qquad")[0]], h_old=H_OLD, **known)["h"]
    h_old = tf.constant(H_OLD)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(h_old)
        state, _ = cell(tf.constant(E_T), [h_old])
        loss = tf.reduce_sum(state * C_OLD)
    np.testing.assert_allclose(h, state, atol=1e-6)
    back = computed(displayed(2, "backwards"), L_by_h=C_OLD, h=h, h_old=H_OLD, U=recurrent_kernel)
    np.testing.assert_allclose(back["L_by_h_old"], tape.gradient(loss, h_old), atol=1e-6)
    np.testing.assert_allclose(
        back["L_by_U"], tape.gradient(loss, cell.recurrent_kernel), atol=1e-6
    )
    (jacobian,) = displayed(2, "vanishing")
    step = jacobian.split(r"\qquad")[1].partition("=")
    (formula,) = (f"J = {right}" for right in [step[2].partition("=")[2]])
    j = computed([formula], h=h, U=recurrent_kernel)["J"]
    np.testing.assert_allclose(j, tape.jacobian(state, h_old)[0, :, 0], atol=1e-6)


@pytest.mark.parametrize("where", ["notebook", "drawing"])
def test_lstm_of_notebook_4(where: str) -> None:
    if where == "notebook":
        gates = re.findall(r"\| \$(.*?)\$ \|", text(4, "gates"))
        formulas = gates + displayed(4, "gates")
    else:
        formulas = [equation for _, _, _, *equations in _LSTM for equation in equations]
    cell = keras.layers.LSTMCell(UNITS, dtype="float64")
    weights = of_gates(random_cell(cell), "ifco")
    known = computed(formulas, e=E_T, h_old=H_OLD, c_old=C_OLD, **weights)
    expected, (_, cell_state) = cell(tf.constant(E_T), [tf.constant(H_OLD), tf.constant(C_OLD)])
    np.testing.assert_allclose(known["h"], expected, atol=1e-6)
    np.testing.assert_allclose(known["c"], cell_state, atol=1e-6)


@pytest.mark.parametrize("where", ["notebook", "drawing"])
def test_gru_of_notebook_4(where: str) -> None:
    cell = keras.layers.GRUCell(UNITS, dtype="float64")
    weights = of_gates(random_cell(cell), "zrh")
    if where == "notebook":
        new = computed(displayed(4, "exercise-4-3"), e=E_T, h=H_OLD, **weights)["h_new"]
    else:
        formulas = [equation for _, _, _, *equations in _GRU for equation in equations]
        new = computed(formulas, e=E_T, h_old=H_OLD, **weights)["h"]
    expected, _ = cell(tf.constant(E_T), [tf.constant(H_OLD)])
    np.testing.assert_allclose(new, expected, atol=1e-6)


@pytest.mark.parametrize(("number", "layer"), [(2, keras.layers.SimpleRNN), (4, keras.layers.LSTM)])
def test_parameters_are_counted_as_keras_does(number: int, layer: type) -> None:
    formulas = re.findall(r"\$+([^$]*\(d \+ n \+ \d\))\$+", text(number, "parameters"))
    built = layer(7)
    built.build((None, None, 5))
    for formula in (side for found in formulas for side in found.split("=")):
        count = eval(formula.replace(r"\,", "*"), {"d": 5, "n": 7})
        assert count == built.count_params()
    assert formulas
