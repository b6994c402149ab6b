"""A model's layers, drawn: what `summary()` says, for slides."""

from collections.abc import Iterator

from course_utils.figures.shapes import arrow, box, count_arrows, line, new_drawing, shorten, write
from course_utils.figures.style import ANSWER, STATE, TALLEST, WORDS, Picture
import keras
from matplotlib.axes import Axes

_LEFT, _RIGHT = 0.35, 9.65
"""Where boxes begin and end, in inches; arrows that pass a box by run beside them."""
_NAME, _TYPE, _SHAPE, _PARAMETERS = 0.55, 3.05, 6.15, 9.5
"""Where columns begin, and the last one ends."""
_BOTTOM, _TOP = 0.72, 0.56


def plot_model(model: keras.Model) -> Picture:
    """Draw a model's layers as boxes from below to above: what `summary()` says of it.

    Each has its name, type, output shape and number of parameters; the sum stands at the end.
    Arrows show what each layer reads; masks are left out. model: of up to ten layers, with an
    input, such as those of `build_...`; None in a shape is what each batch chooses.
    Raises ValueError for a model that is not built yet.
    Introduced in notebook 1, "A baseline".
    """
    if not model.built:
        raise ValueError(f"{model.name} has no shapes yet: call it once, or give it an Input.")
    layers = [
        layer
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer) and layer.output.dtype != "bool"
    ]
    rows = [(one.name, "Input", one.shape, 0, "white") for one in model.inputs]
    rows += [_row(layer) for layer in layers]
    pitch = min(0.62, (TALLEST - _BOTTOM - _TOP) / (len(rows) - 1))
    heights = [_BOTTOM + pitch * row for row in range(len(rows))]
    figure, axes = new_drawing(heights[-1] + _TOP)
    parts = []
    for (name, kind, shape, count, color), y in zip(rows, heights, strict=True):
        box(axes, ((_LEFT + _RIGHT) / 2, y), "", color, (_RIGHT - _LEFT, 0.66 * pitch))
        _write_row(axes, y, shorten(name, 19), shorten(kind, 23), str(shape), f"{count:,}")
        parts.append(f"{name}, {kind}, {shape}, {count:,} parameters")
    _write_row(axes, heights[-1] + 0.38, "layer", "type", "output shape", "parameters")
    line(axes, (_PARAMETERS - 1.1, 0.4), (_PARAMETERS, 0.4))
    _write_row(axes, 0.2, "", "", "in all", f"{model.count_params():,}")
    _draw_reading(axes, list(_reading(model, layers)), heights, 0.33 * pitch)
    alt = (
        f"The layers of {model.name} as boxes from below to above; arrows between them: "
        f"{count_arrows(axes)}. {'; '.join(parts)}. In all {model.count_params():,} parameters."
    )
    return Picture(figure, alt)


def _row(layer: keras.layers.Layer) -> tuple[str, str, tuple, int, str]:
    """Return a layer's name, type, output shape, number of parameters, and its colour."""
    kind, color = type(layer).__name__.lstrip("_"), "white"
    if isinstance(layer, keras.layers.Bidirectional):
        kind, color = f"{kind}({type(layer.forward_layer).__name__})", STATE
    elif isinstance(layer, keras.layers.RNN):
        color = STATE
    elif isinstance(layer, keras.layers.Embedding):
        color = WORDS
    elif isinstance(layer, keras.layers.Dense):
        color = ANSWER
    return layer.name, kind, layer.output.shape, layer.count_params(), color


def _reading(model: keras.Model, layers: list[keras.layers.Layer]) -> Iterator[tuple[int, int]]:
    """Yield which row is read by which; rows are the model's inputs, then its layers."""
    given = [*model.inputs, *(layer.output for layer in layers)]
    for row, layer in enumerate(layers, start=len(model.inputs)):
        reads = keras.tree.flatten(layer.input)
        yield from (
            (source, row) for source in range(row) if any(given[source] is x for x in reads)
        )


def _draw_reading(
    axes: Axes, pairs: list[tuple[int, int]], heights: list[float], half: float
) -> None:
    """Draw an arrow for each pair of rows; those that pass a row by run left and right in turn."""
    middle = (_LEFT + _RIGHT) / 2
    sides = [(_LEFT, 0.15), (_RIGHT, 9.85)]
    for source, row in pairs:
        if row == source + 1:
            arrow(axes, (middle, heights[source] + half), (middle, heights[row] - half))
            continue
        edge, beside = sides[0]
        way = [(edge, source), (beside, source), (beside, row), (edge, row)]
        arrow(axes, *((x, heights[place]) for x, place in way))
        sides.reverse()


def _write_row(axes: Axes, y: float, name: str, kind: str, shape: str, count: str) -> None:
    for x, text in ((_NAME, name), (_TYPE, kind), (_SHAPE, shape)):
        write(axes, (x, y), text, ha="left")
    write(axes, (_PARAMETERS, y), count, ha="right")
