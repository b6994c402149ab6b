"""Drawings and curves say the truth in words, and every letter can be read from the last row."""

import base64
from collections.abc import Callable, Iterator
import functools
import io
from itertools import combinations
import re

from course_utils import models
from course_utils.figures.cells import plot_gru_cell, plot_lstm_cell
from course_utils.figures.curves import plot_intervals, plot_lines
from course_utils.figures.data import plot_lengths, plot_padding
from course_utils.figures.drawings import plot_both_ways, plot_stack, plot_unrolled
from course_utils.figures.inside import (
    plot_gates,
    plot_gradients,
    plot_hidden_states,
    plot_return_sequences,
    plot_running_prediction,
    plot_word_map,
)
from course_utils.figures.plan import plot_model
from course_utils.figures.png import reduce_colors, write_png
from course_utils.figures.reading import plot_lookup, plot_padded_row, plot_tokens
from course_utils.figures.results import plot_confusion, plot_cost, plot_history, plot_seeds
from course_utils.figures.steps import KIND
from course_utils.figures.style import TALLEST, WIDTH, Picture
from course_utils.probes.states import LSTMGates
import keras
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Text
import numpy as np
from PIL import Image
import pytest

SMALL, SLIDE = 22, 1136
"""Pixels: what letters must not be smaller than, and how wide a deck of 1280 shows a picture."""
K = np.array([1, 2, 5, 10, 20, 50])
FALLING = np.array([0.95, 0.9, 0.8, 0.7, 0.6, 0.5])
STEPS = np.arange(1, 400)
ZEROS = np.where(STEPS < 300, np.exp(-STEPS / 20), 0)
DIFFERENCES = {"LSTM − SimpleRNN": (0.12, 0.1, 0.14), "GRU − LSTM": (0.003, -0.01, 0.02)}
BUILDERS = {
    "simple": models.build_simple_rnn,
    "stacked": models.build_stacked_rnn,
    "lstm": models.build_lstm,
    "deep": models.build_deep_lstm,
    "gru": models.build_gru,
    "averaged": models.build_averaged_embedding,
    "bag": models.build_bag_of_ngrams,
    "pooled": lambda: models.build_pooled_lstm(np.zeros((50, 4), np.float32), updates=10),
}
FLAGGED = np.array([[1, 3, 1, 2, 1], [3, 2, 1, 2, 2]]), [3, 2], [1, 0]
PICTURES: dict[str, Callable[[], Picture]] = {
    "unrolled": lambda: plot_unrolled(["what", "a", "great", "film"]),
    "unrolled, longest": lambda: plot_unrolled(["extraordinary"] * 6, backward=True),
    "unrolled, shortest": lambda: plot_unrolled(["bad", "film"], backward=True),
    "stack": plot_stack,
    "both ways": plot_both_ways,
    "return_sequences": plot_return_sequences,
    "lookup": plot_lookup,
    "padded": lambda: plot_padded_row(["what", "a", "great", "film"]),
    "padded, long": lambda: plot_padded_row(["disappointing"] * 300, 5000),
    "padded, cut": lambda: plot_padded_row(["a", "film"], 1),
    "padded, one zero": lambda: plot_padded_row(["a", "film"], 4),
    "tokens": lambda: plot_tokens(["flag"] * 2, *FLAGGED),
    "tokens, most": lambda: plot_tokens(
        ["keep one thing"] * 6, np.full((6, 20), 19), range(6), range(6)
    ),
    "lines": lambda: plot_lines(
        {
            "LSTM, median of 9 seeds": (K, FALLING, FALLING - 0.1, FALLING + 0.05),
            "SimpleRNN, median of 9 seeds": (K, FALLING**2),
        },
        "k, words in between",
        "accuracy (fraction)",
        chance=0.5,
        log="x",
    ),
    "lines in steps": lambda: plot_lines(
        {"up": (K, K, K - 1, K + 1), "down": (K, -K)}, "k", "value", in_steps=True
    ),
    "lines, log": lambda: plot_lines({"zeros": (STEPS, ZEROS)}, "step", "distance", log="y"),
    "intervals": lambda: plot_intervals(DIFFERENCES, "difference of accuracy (fraction)"),
    "intervals, many": lambda: plot_intervals(
        {f"model number {row} against another": (0.1, -0.1, 0.2) for row in range(9)}, "difference"
    ),
}
WORDS = [
    "what",
    "a",
    "great",
    "film",
    "and",
    "yet",
    "the",
    "disappointing",
    "cinematography",
    "of",
    "it",
    "was",
    "so",
    "bad",
] * 2
EPOCHS = list(np.linspace(0.7, 0.1, 50))
HISTORY = {key: EPOCHS for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
SEEDS = {f"deep LSTM, mask, {row}": {2026: 0.6, 1: 0.8, 2: 0.7} for row in range(7)}
GATES = LSTMGates(*np.random.default_rng(0).random((6, 60, 100)))
COST = {
    "SimpleRNN": (8.2, 0.5),
    "LSTM": (26.3, 0.5),
    "GRU": (26.8, 0.5),
    "LSTM, mask": (27.1, 0.81),
}
POINTS = np.random.default_rng(1).normal(0, 1, (22, 2)) + np.arange(22)[:, np.newaxis] % 3 * 4
PICTURES |= {
    "history": lambda: plot_history(HISTORY, "Averaged embedding on 12,500 reviews"),
    "seeds": lambda: plot_seeds(SEEDS, 0.044),
    "seeds, two": lambda: plot_seeds(dict(list(SEEDS.items())[:2]), 0.044),
    "seeds in steps": lambda: plot_seeds(dict(list(SEEDS.items())[:2]), 0.044, in_steps=True),
    "cost": lambda: plot_cost(COST),
    "confusion": lambda: plot_confusion(np.array([0, 1] * 5000), np.linspace(0, 1, 10_000)),
    "gates": lambda: plot_gates(GATES, WORDS),
    "running": lambda: plot_running_prediction(WORDS, np.linspace(0, 1, len(WORDS))),
    "running, long": lambda: plot_running_prediction(WORDS * 9, np.linspace(0, 1, 9 * len(WORDS))),
    "lengths": lambda: plot_lengths(np.arange(10, 2000)),
    "padding": lambda: plot_padding({"zeros behind": np.eye(50, 500), "in front": np.eye(50, 500)}),
    "gradients": lambda: plot_gradients({"stacked, with a mask": np.exp(-STEPS / 20)}, 129),
    "states": lambda: plot_hidden_states(np.random.default_rng(2).normal(0, 1, (500, 100)), 129),
    "map": lambda: plot_word_map(POINTS, ["superb"] * 22, ["praise"] * 11 + ["blame"] * 11),
}
PICTURES |= {"LSTM's cell": plot_lstm_cell, "GRU's cell": plot_gru_cell}
PICTURES |= {name: lambda name=name: plot_model(built(name)) for name in BUILDERS}
ARROWS = ["unrolled", "unrolled, longest", "unrolled, shortest", "stack", "both ways"]
ARROWS += ["LSTM's cell", "GRU's cell"]
BUILT_UP = {
    "unrolled": 5,
    "unrolled, longest": 6,
    "unrolled, shortest": 5,
    "stack": 5,
    "both ways": 5,
    "return_sequences": 4,
    "lookup": 4,
    "padded": 3,
    "padded, cut": 2,
    "LSTM's cell": 5,
    "GRU's cell": 4,
    "gradients": 2,
    "lines in steps": 3,
    "seeds in steps": 3,
}
"""How many steps each has."""


@functools.cache
def built(name: str) -> keras.Model:
    return BUILDERS[name]()


@functools.cache
def drawn(name: str) -> Picture:
    return PICTURES[name]()


def shown_texts(figure: Figure) -> Iterator[Text]:
    """Yield what is written in a figure: no ticks beyond an axis' end, no axes that are off."""
    figure.draw_without_rendering()
    off = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axes.axison:
                off |= {id(text) for text in axis.findobj(Text)}
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low <= tick.get_loc() <= high:
                    off |= {id(tick.label1), id(tick.label2)}
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible() and id(text) not in off:
            yield text


@pytest.mark.parametrize("name", PICTURES)
def test_letters_are_large_whole_and_apart(name: str) -> None:
    """As large as in decks: 22 pixels of 1280; none leaves the figure or touches another."""
    figure = drawn(name).figure
    texts = list(shown_texts(figure))
    boxes = [text.get_window_extent() for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        assert text.get_fontsize() / 72 * SLIDE / WIDTH >= SMALL, text
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    pairs = combinations(zip(texts, boxes, strict=True), 2)
    assert [(one, other) for (one, a), (other, b) in pairs if a.overlaps(b)] == []


@pytest.mark.parametrize("name", PICTURES)
def test_fits_below_a_title(name: str) -> None:
    width, height = drawn(name).figure.get_size_inches()
    assert width == WIDTH
    assert height <= TALLEST


@pytest.mark.parametrize("name", PICTURES)
def test_text_is_there_and_finite(name: str) -> None:
    alt = drawn(name).alt
    assert len(alt) > 40
    assert "\n" not in alt
    assert "nan" not in alt
    assert "inf" not in re.split(r"\W", alt)


@pytest.mark.parametrize("name", PICTURES)
def test_what_stands_in_a_box_fits_into_it(name: str) -> None:
    figure = drawn(name).figure
    texts = [text.get_window_extent() for text in shown_texts(figure)]
    for axes in figure.axes:
        for box in [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]:
            frame = box.get_window_extent()
            inside = [text for text in texts if frame.overlaps(text)]
            assert all(frame.x0 < text.x0 and text.x1 < frame.x1 for text in inside)
            assert all(frame.y0 < text.y0 and text.y1 < frame.y1 for text in inside)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unrolled", "over 4 words: what a great film. 9 arrows"),
        (
            "unrolled, longest",
            "13 arrows: .* 12 dashed orange arrows show the path of the gradient",
        ),
        ("unrolled, shortest", "5 arrows: .* 4 dashed orange arrows .* back .* as far as h_1"),
        ("stack", "15 arrows: .* 6 arrows from the word 'not' to the sigmoid"),
        ("both ways", "20 arrows: .* mean over time and their maximum .* one sigmoid"),
        ("lookup", r"its 1 at place 87, times .*\(5000, 32\), gives row 87 .* 160,000 products"),
        ("padded", "500 time steps long.* 5 ids .* 495 zeros.* read last is a zero"),
        ("padded, long", "5,000 time steps long.* 301 ids .* 4,699 zeros"),
        ("padded, cut", "1 ids .* film, then 0 zeros.* read last is the word 'film'"),
        ("lines", "first 0.950 at 1, last 0.500 at 50, lowest 0.500, highest 0.950; a band from"),
        ("lines", "a band from 0.850 to 1.000 at 1 and from 0.400 to 0.550 at 50"),
        ("lines", "SimpleRNN.*: 6 points, first 0.902 .* last 0.250 .* marks chance, 0.5"),
        ("lines, log", r"first 10\^-0.02 at 1, last exactly 0 at 399, lowest exactly 0"),
        ("intervals", r"LSTM − SimpleRNN: 0.120, 0.100 to 0.140, which leaves out 0"),
        ("intervals", r"GRU − LSTM: 0.003, -0.010 to 0.020, which holds 0"),
    ],
)
def test_drawings_say_what_is_seen(name: str, said: str) -> None:
    assert re.search(said, drawn(name).alt)


@pytest.mark.parametrize("name", [*ARROWS, *BUILDERS])
def test_arrows_are_counted(name: str) -> None:
    (axes,) = drawn(name).figure.axes
    there = sum(isinstance(patch, FancyArrowPatch) for patch in axes.patches)
    said = re.findall(
        r"(\d+) (?:dashed orange )?arrows[: ]|arrows between them: (\d+)", drawn(name).alt
    )
    told = [int(one or other) for one, other in said]
    assert sum(told) == there


@pytest.mark.parametrize("name", BUILDERS)
def test_model_is_drawn_as_summary_tells_it(name: str) -> None:
    """Each layer with its shape and parameters; the sum is Keras'."""
    model, alt = built(name), drawn(name).alt
    assert alt.endswith(f"In all {model.count_params():,} parameters.")
    counts = re.findall(r"([\d,]+) parameters[;.]", alt)[:-1]
    assert sum(int(count.replace(",", "")) for count in counts) == model.count_params()
    lines = []
    model.summary(print_fn=lambda text, **_: lines.append(text))
    assert f"Total params: {model.count_params():,} " in "\n".join(lines)
    written = {text.get_text() for text in shown_texts(drawn(name).figure)}
    for layer in model.layers:
        if layer.output.dtype == "bool":
            continue  # a mask
        assert {layer.name, str(layer.output.shape), f"{layer.count_params():,}"} <= written


def test_pooled_models_branches_meet_again() -> None:
    """Two layers read both ways, and one reads these two: 9 arrows for 8 layers."""
    assert "arrows between them: 9." in drawn("pooled").alt


def test_model_without_shapes_is_refused() -> None:
    model = keras.Sequential([keras.layers.Dense(1)], name="loose")
    with pytest.raises(ValueError, match="loose has no shapes yet: call it once"):
        plot_model(model)


@pytest.mark.parametrize("name", BUILT_UP)
def test_steps_add_up_to_the_whole(name: str) -> None:
    """Each step adds something and moves nothing; laid on each other they are what pages show."""
    data, _ = drawn(name)._repr_mimebundle_()
    steps = data[KIND]
    assert len(steps["alts"]) == len(steps["pictures"]) == BUILT_UP[name]
    assert len({*steps["alts"]}) == BUILT_UP[name]
    whole = Image.open(io.BytesIO(data["image/png"])).convert("RGBA")
    seen = Image.new("RGBA", whole.size)
    for picture, alt in zip(steps["pictures"], steps["alts"], strict=True):
        image = Image.open(io.BytesIO(base64.b64decode(picture)))
        assert image.text == {"Description": alt}
        assert len(alt) > 20
        image = image.convert("RGBA")
        new = np.array(image)[:, :, 3] > 0
        assert new.all() if seen.getbbox() is None else 0.0003 < new.mean() < 0.5
        seen = Image.alpha_composite(seen, image)
    difference = np.abs(np.subtract(seen, whole, dtype=int))
    assert difference.max() < 96
    assert difference.mean() < 0.3


@pytest.mark.parametrize(("name", "equations"), [("LSTM's cell", 6), ("GRU's cell", 5)])
def test_each_step_of_a_cell_says_its_equation(name: str, equations: int) -> None:
    steps = drawn(name).steps.texts
    assert sum(text.count(" = ") for text in steps) == equations
    assert all(text.removesuffix(".") in drawn(name).alt for text in steps)


def test_what_is_built_up_can_be_drawn_again() -> None:
    """A figure is as it was before its steps were drawn: all of it is seen."""
    picture = plot_lines({"up": (K, K)}, "k", "value", in_steps=True)
    before = picture.png()
    assert picture._repr_mimebundle_() == picture._repr_mimebundle_()
    assert picture.png() == before


def test_gru_keeps_the_old_state_when_its_update_gate_is_open() -> None:
    """As Keras computes it: with z = 1 the hidden state stays as it was."""
    assert "h_t = z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t" in drawn("GRU's cell").alt
    cell = keras.layers.GRUCell(2)
    cell.build((None, 3))
    kernel, recurrent, bias = cell.get_weights()
    bias[0, :2] = 50
    cell.set_weights([kernel, recurrent, bias])
    old = np.array([[0.3, -0.2]], np.float32)
    np.testing.assert_allclose(cell(np.ones((1, 3), np.float32), old)[0], old, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot_unrolled(["film"]), "1 words: give 2 to 6"),
        (lambda: plot_unrolled(["film"] * 7), "7 words: give 2 to 6"),
        (lambda: plot_lines({"a": (K, K[:3])}, "x", "y"), r"'a' has rows of \[6, 3\] numbers"),
        (lambda: plot_lines({"a": (K, K, K)}, "x", "y"), "give x and y, or x, y, low and high"),
        (lambda: plot_intervals({"a": (0.3, 0.1, 0.2)}, "x"), "a: 0.3 is outside its interval"),
        (lambda: plot_padded_row(["film"], 0), "maxlen"),
        (lambda: plot_tokens(["a"], np.ones((1, 21)), [0], [0]), "1 sequences of 21 tokens: give"),
        (lambda: plot_tokens(["a"], np.ones((1, 5)), [0, 1], [0]), "1 titles, 2 places and 1 lab"),
    ],
)
def test_unusable_arguments_are_refused(call: Callable[[], Picture], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_what_has_no_logarithm_is_a_gap() -> None:
    (axes,) = drawn("lines, log").figure.axes
    np.testing.assert_array_equal(np.isnan(axes.get_lines()[0].get_ydata()), ZEROS == 0)


@pytest.mark.parametrize(("reference", "first"), [(0, "+0.120  [+0.100"), (0.5, "0.120  [0.100")])
def test_differences_have_a_sign_and_accuracies_have_none(reference: float, first: str) -> None:
    (right,) = plot_intervals(DIFFERENCES, "x", reference).figure.axes[0].child_axes
    assert right.get_yticklabels()[0].get_text().startswith(first)


def test_intervals_that_hold_the_reference_have_empty_dots() -> None:
    axes = drawn("intervals").figure.axes[0]
    dots = [line for line in axes.get_lines() if line.get_marker() == "o"]
    assert [dot.get_markerfacecolor() == "white" for dot in dots] == [False, True]


def test_few_colors_are_kept_and_many_reduced() -> None:
    few = np.array([[[1, 2, 3], [255, 255, 255]], [[1, 2, 3], [0, 0, 0]]], np.uint8)
    palette, places = reduce_colors(few)
    np.testing.assert_array_equal(palette[places], few)
    many = np.random.default_rng(0).integers(0, 256, (60, 70, 3), dtype=np.uint8)
    many[:30] = 255
    palette, places = reduce_colors(many)
    assert len(palette) <= 64
    assert np.abs(palette[places].astype(int) - many).max() <= 128
    np.testing.assert_array_equal(palette[places][:30], 255)


@pytest.mark.parametrize("name", ["unrolled, longest", "stack", "both ways", "LSTM's cell"])
def test_what_is_filled_keeps_its_colour(name: str) -> None:
    """Words do not get the colour of states, which is not far from theirs."""
    picture = drawn(name)
    image = np.array(Image.open(io.BytesIO(picture.png())).convert("RGB"))
    colors = {tuple(color) for color in np.unique(image.reshape(-1, 3), axis=0).tolist()}
    patches = picture.figure.axes[0].patches
    faces = {to_rgb(one.get_facecolor()) for one in patches if isinstance(one, FancyBboxPatch)}
    assert len(faces) > 2
    for face in faces:
        wanted = np.array(face) * 255
        assert any(np.abs(wanted - color).max() <= 1 for color in colors)


def test_what_is_not_shown_is_clear() -> None:
    pixels = np.full((2, 2, 3), 255, np.uint8)
    shown = np.array([[True, False], [False, True]])
    image = Image.open(io.BytesIO(write_png(pixels, "Two dots.", shown)))
    np.testing.assert_array_equal(np.array(image.convert("RGBA"))[:, :, 3] > 0, shown)
    assert image.text == {"Description": "Two dots."}


def test_png_holds_the_pixels_and_the_text() -> None:
    pixels = np.zeros((3, 5, 3), np.uint8)
    pixels[1, 2] = 0, 114, 178
    image = Image.open(io.BytesIO(write_png(pixels, "A dot — σ")))
    np.testing.assert_array_equal(np.array(image.convert("RGB")), pixels)
    assert image.text == {"Description": "A dot — σ"}


@pytest.mark.parametrize("name", ["LSTM's cell", "pooled", "lines, log"])
def test_pictures_are_small_and_sharp(name: str) -> None:
    """Twice as many pixels as a deck of 1000 pixels needs, in less than 80 kB."""
    png = drawn(name).png()
    assert Image.open(io.BytesIO(png)).width == 2000
    assert len(png) < 80_000


def test_strips_count_what_is_left_out() -> None:
    """The start, one word and the last; two zeros and the last: all else is counted."""
    written = [text.get_text() for text in shown_texts(drawn("padded, long").figure)]
    strips = [int(text.split()[1].replace(",", "")) for text in written if " more " in text]
    boxes = sum(isinstance(patch, FancyBboxPatch) for patch in drawn_axes("padded, long").patches)
    assert sum(strips) + boxes - len(strips) == 5000


def test_arrows_pass_no_box() -> None:
    """Where a layer reads one that is not just below it, the arrow runs beside the boxes."""
    axes = drawn_axes("pooled")
    boxes = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    lines = [line.get_window_extent() for line in axes.get_lines()]
    lines += [one.get_window_extent() for one in axes.patches if isinstance(one, FancyArrowPatch)]
    for box in boxes:
        x, y = box.get_window_extent().get_points().mean(axis=0)
        assert not any(line.y0 <= y <= line.y1 and line.contains(x, y) for line in lines)


def test_gates_have_one_scale_and_ten_units() -> None:
    """Those whose cell state moves most: here the last ten of a hundred."""
    still = np.full((30, 100), 0.4)
    moving = np.cumsum(np.ones((30, 100)), axis=0) * np.arange(100)
    gates = LSTMGates(still, still, still, still, moving, still)
    *all_gates, state = [
        image
        for axes in plot_gates(gates, WORDS[:28], start=2).figure.axes
        for image in axes.get_images()
    ]
    assert [image.get_clim() for image in all_gates] == [(0, 1)] * 3
    np.testing.assert_array_equal(state.get_array(), moving[2:, 90:].T)


def drawn_axes(name: str) -> Axes:
    drawn(name).figure.draw_without_rendering()
    (axes,) = drawn(name).figure.axes
    return axes
