"""What is drawn is what was given: numbers, cells, bands and arrows, each under its own name.

Read from the figure itself, and held against numbers written out or counted in plain Python.
"""

from collections.abc import Callable
from itertools import pairwise
import re
from statistics import median

from course_utils import get_word_index
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
from course_utils.figures.reading import plot_lookup, plot_padded_row, plot_tokens
from course_utils.figures.results import plot_confusion, plot_cost, plot_history, plot_seeds
from course_utils.figures.shapes import tint
from course_utils.figures.style import ANSWER, RED, Picture
from course_utils.models import build_pooled_lstm
from course_utils.probes.states import LSTMGates
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Annotation
import numpy as np
import pytest

Point = tuple[float, float]


def named(axes: Axes) -> dict[str, Artist]:
    """Return what the legend names."""
    return dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))


def points(artist: Artist) -> list[Point]:
    """Return the points of a line, or of dots."""
    pairs = artist.get_xydata() if isinstance(artist, Line2D) else artist.get_offsets()
    return [(float(x), float(y)) for x, y in pairs]


def color(artist: Artist) -> tuple[float, ...]:
    line = isinstance(artist, Line2D)
    return to_rgba(artist.get_color() if line else artist.get_facecolor()[0])


def seen_at(image: AxesImage, x: float, y: float) -> float:
    """Return the number whose colour is seen at a place of the axes."""
    place = image.axes.transData.transform((x, y))
    canvas = image.get_figure().canvas
    return image.get_cursor_data(MouseEvent("motion_notify_event", canvas, *place))


def image_of(axes: Axes) -> AxesImage:
    """Return the only image in the axes, laid out."""
    axes.get_figure().draw_without_rendering()
    (image,) = axes.get_images()
    return image


def titles_by_point(axes: Axes) -> dict[str, Point]:
    return {
        text.get_text(): tuple(text.xy)
        for text in axes.texts
        if isinstance(text, Annotation) and text.get_text()
    }


HISTORY = {"loss": [0.69, 0.40, 0.31], "accuracy": [0.52, 0.81, 0.88]}
HISTORY |= {"val_loss": [0.68, 0.45, 0.47], "val_accuracy": [0.55, 0.79, 0.78]}


def test_history_draws_training_and_validation_each_under_its_name() -> None:
    figure = plot_history(HISTORY, "A model").figure
    colors = {}
    for axes, key, coin in zip(figure.axes, ("loss", "accuracy"), (0.693147, 0.5), strict=True):
        training, validation, chance = named(axes).items()
        assert axes.get_ylabel().startswith(key)
        assert (training[0], validation[0]) == ("training", "validation")
        assert points(training[1]) == list(zip((1, 2, 3), HISTORY[key], strict=True))
        assert points(validation[1]) == list(zip((1, 2, 3), HISTORY[f"val_{key}"], strict=True))
        assert chance[1].get_ydata() == pytest.approx([coin, coin])
        for name, line in (training, validation):
            assert colors.setdefault(name, color(line)) == color(line)
    (legend,) = figure.legends
    shown = {
        text.get_text(): color(line)
        for text, line in zip(legend.get_texts(), legend.legend_handles, strict=True)
    }
    assert len({*colors.values()}) == 2
    assert shown | colors == shown


def test_lengths_are_counted_and_the_median_is_the_median() -> None:
    """Not the mean, which the long tail draws to the right: 387 here."""
    lengths = [10, 24, 25, 30, 177, 178, 179, 974, 999, 1500]
    axes = plot_lengths(np.array(lengths), maxlen=200).figure.axes[0]
    for bar in axes.patches:
        low, high = bar.get_x(), bar.get_x() + bar.get_width()
        inside = sum(low <= n < high or (high == 1000 and n >= 1000) for n in lengths)
        assert bar.get_height() == inside
    lines = {name: line.get_xdata() for name, line in named(axes).items()}
    assert lines == {"median, 178": [177.5] * 2, "maxlen, 200": [200] * 2}


def test_padding_shows_where_words_and_zeros_stand() -> None:
    padded = {"behind": np.array([[5, 6, 0], [7, 0, 0]]), "front": np.array([[0, 5, 6], [0, 0, 7]])}
    figure = plot_padding(padded).figure
    shown = {patch.get_label(): patch.get_facecolor() for patch in figure.legends[0].get_patches()}
    for axes, (title, ids) in zip(figure.axes, padded.items(), strict=True):
        assert axes.get_title() == title
        image = image_of(axes)
        for (review, step), number in np.ndenumerate(ids):
            pixel = image.to_rgba(np.array([[seen_at(image, step, review)]]))[0, 0]
            np.testing.assert_allclose(pixel, shown["words" if number else "zeros"])


def test_word_map_puts_each_word_at_its_point_in_its_groups_colour() -> None:
    where = {"great": (0.0, 1.0), "bad": (3.0, 2.0), "best": (0.5, 2.5), "worst": (4.0, 0.0)}
    groups = ["praise", "blame", "praise", "blame"]
    axes = plot_word_map(np.array([*where.values()]), [*where], groups).figure.axes[0]
    assert titles_by_point(axes) == where
    praise, blame = named(axes)["praise"], named(axes)["blame"]
    assert points(praise) == [where["great"], where["best"]]
    assert points(blame) == [where["bad"], where["worst"]]
    assert color(praise) != color(blame)


def test_gradients_are_drawn_step_by_step_each_under_its_name() -> None:
    gradients = {"as taught": [1e-9, 1e-6, 1e-3], "masked": [1e-2, 1e-1, 1e-4]}
    axes = plot_gradients({name: np.array(one) for name, one in gradients.items()}, 2).figure.axes[
        0
    ]
    for name, line in named(axes).items():
        assert points(line) == list(zip((1, 2, 3), gradients[name], strict=True))
    assert [*named(axes)] == [*gradients]
    assert axes.get_lines()[-1].get_xdata() == [2, 2]


def test_hidden_states_stand_at_their_step_and_unit() -> None:
    states = np.array([[0.1, 0.3, -0.9], [0.4, -0.2, 0.8], [0.5, 0.0, 0.7], [0.6, -0.1, 0.2]])
    axes = plot_hidden_states(states, words=2).figure.axes[0]
    image = image_of(axes)
    for (step, unit), state in np.ndenumerate(states):
        assert seen_at(image, step + 1, unit + 1) == state
    assert image.get_clim() == (-0.9, 0.9)
    assert axes.get_lines()[0].get_xdata() == [2.5, 2.5]


def test_each_panel_of_the_gates_draws_its_own() -> None:
    """Every unit of each word, in the rows that the cell states after the last word decide."""
    random = np.random.default_rng(3)
    gates = LSTMGates(*(random.random((5, 4)) for _ in LSTMGates._fields))
    words = ["a", "great", "film"]
    *panels, _, _ = plot_gates(gates, words, start=2).figure.axes
    names = [axes.get_ylabel().replace("\n", "_") for axes in panels]
    assert names == ["input_gate", "forget_gate", "output_gate", "cell_state"]
    units = sorted(range(4), key=lambda unit: gates.cell_state[4, unit])
    for axes, name in zip(panels, names, strict=True):
        image = image_of(axes)
        for word in range(3):
            for row, unit in enumerate(units):
                assert seen_at(image, word, row) == getattr(gates, name)[2 + word, unit]
    assert [label.get_text() for label in panels[-1].get_xticklabels()] == words


def test_running_prediction_rises_and_falls_where_it_does() -> None:
    answers = [0.5, 0.7, 0.6, 0.6, 0.2]
    axes = plot_running_prediction(["(start)", *"abcd"], np.array(answers)).figure.axes[0]
    steps = list(zip((1, 2, 3, 4, 5), answers, strict=True))
    assert points(axes.get_lines()[0]) == steps
    up, down = named(axes)["up"], named(axes)["down"]
    assert points(up) == [steps[0], steps[1], steps[3]]
    assert points(down) == [steps[2], steps[4]]
    for marks, tip in ((up, max), (down, min)):
        heights = [round(y, 6) for _, y in marks.get_paths()[0].vertices[:3]]
        assert heights.count(tip(heights)) == 1
    assert named(axes)["undecided"].get_ydata() == [0.5, 0.5]


def test_confusion_counts_what_the_review_is_against_what_the_model_says() -> None:
    """Of four negative reviews three are called negative, of two positive ones neither."""
    labels, answers = np.array([0, 0, 0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.7, 0.2, 0.4])
    axes = plot_confusion(labels, answers).figure.axes[0]
    image = image_of(axes)
    says = {label.get_text(): x for x, label in zip((0, 1), axes.get_xticklabels(), strict=True)}
    is_ = {label.get_text(): y for y, label in zip((0, 1), axes.get_yticklabels(), strict=True)}
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("the model says", "the review is")
    written = {text.get_position(): text.get_text() for text in axes.texts}
    for truth, said, count, share in (
        ("negative", "negative", 3, 0.75),
        ("negative", "positive", 1, 0.25),
        ("positive", "negative", 2, 1),
        ("positive", "positive", 0, 0),
    ):
        place = says[said], is_[truth]
        assert seen_at(image, *place) == share
        assert written[place] == f"{count}\n{share:.1%}"
    white, blue = image.to_rgba(np.array([[0.0, 1.0]]))[0]
    assert white[0] > blue[0]


def test_seeds_are_points_and_their_bar_is_the_median() -> None:
    """Not the mean, which one lucky seed moves."""
    accuracies = {"masked": {1: 0.70, 2: 0.95, 2026: 0.60}, "other": {1: 0.50, 3: 0.52, 2026: 0.58}}
    axes = plot_seeds(accuracies, band=0.07).figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [*accuracies]
    dots = [one for one in axes.collections if isinstance(one, PathCollection)]
    bars = [line for line in axes.get_lines() if color(line) == color(named(axes)["median"])]

    def in_row(name: str, row: int) -> list[float]:
        alike = [one for one in dots if color(one) == color(named(axes)[name])]
        return sorted(x for one in alike for x, y in points(one) if round(y) == row)

    for row, by_seed in enumerate(accuracies.values()):
        assert in_row("one seed", row) == sorted(by_seed.values())
        assert in_row("seed 2026", row) == [by_seed[2026]]
        (bar,) = [line for line in bars if len(points(line)) and round(points(line)[0][1]) == row]
        assert bar.get_xdata() == pytest.approx([median(by_seed.values())] * 2)
    assert named(axes)["chance"].get_xdata() == [0.5, 0.5]
    band = named(axes)["a coin's spread"].get_window_extent()
    assert band.transformed(axes.transData.inverted()).intervalx == pytest.approx((0.43, 0.57))


def test_cost_puts_each_model_at_its_seconds_and_accuracy() -> None:
    cost = {"SimpleRNN": (8.2, 0.51), "LSTM": (26.3, 0.73), "mean": (0.2, 0.86)}
    axes = plot_cost(cost).figure.axes[0]
    assert titles_by_point(axes) == cost
    assert points(axes.collections[0]) == [*cost.values()]
    assert axes.get_lines()[0].get_ydata() == [0.5, 0.5]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert axes.get_xlabel().startswith("training time")


def test_curves_and_bands_are_the_given_numbers() -> None:
    x, y = np.array([1, 10, 100]), np.array([0.9, 0.7, 0.6])
    curves = {"LSTM": (x, y, y - 0.1, y + 0.05), "GRU": (x, y**2)}
    axes = plot_lines(curves, "k", "accuracy", chance=0.5, log="x").figure.axes[0]
    lines = named(axes)
    for name, (_, values, *_) in curves.items():
        assert points(lines[name]) == list(zip(x, values, strict=True))
    assert lines["chance, 0.5"].get_ydata() == [0.5, 0.5]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    (band,) = axes.collections
    assert color(band)[:3] == color(lines["LSTM"])[:3] != color(lines["GRU"])[:3]
    corners = band.get_paths()[0].vertices
    for place, low, high in zip(x, y - 0.1, y + 0.05, strict=True):
        heights = corners[corners[:, 0] == place, 1]
        assert (heights.min(), heights.max()) == (low, high)


@pytest.mark.parametrize(("lowest", "says"), [(0.44, "at least"), (0.42, "fewer than")])
def test_history_beside_a_coin_says_nothing_that_rounding_moves(lowest: float, says: str) -> None:
    """Only whether the band is left, and how far it is to the next tenth."""
    history = {"loss": [0.70, 0.65], "accuracy": [0.5, 0.55], "val_loss": [0.71, 0.69]}
    picture = plot_history({**history, "val_accuracy": [0.5, lowest]}, "Coin", 0.07)
    band = named(picture.figure.axes[1])["a coin's spread"].get_window_extent()
    between = band.transformed(picture.figure.axes[1].transData.inverted())
    assert between.intervaly == pytest.approx((0.43, 0.57))
    assert picture.alt == (
        "Coin: two line plots over 2 epochs. Nine of ten losses are within 0.1 nats of ln 2, the "
        "loss of a coin. Validation accuracy lies in the grey band, 0.430 to 0.570, a coin's "
        f"spread, in {says} nine of ten epochs; training accuracy is below 0.6 in nine of ten."
    )


def test_history_without_validation_draws_the_training_alone() -> None:
    """Down to its lowest accuracy, and its text speaks of the training, too."""
    picture = plot_history({"loss": [0.7, 0.6], "accuracy": [0.3, 0.6]}, "Small")
    for axes, values in zip(picture.figure.axes, ([0.7, 0.6], [0.3, 0.6]), strict=True):
        curve, _ = axes.get_lines()
        assert [*curve.get_ydata()] == values
    assert picture.figure.axes[1].get_ylim()[0] <= 0.3
    assert "validation" not in picture.alt.lower()
    assert "Training accuracy stays between 0.30 and 0.60" in picture.alt


def test_confusion_takes_one_label_for_each_review() -> None:
    """Labels of shape (n, 1) would be compared with each of the n answers."""
    with pytest.raises(ValueError, match=r"labels of shape \(4, 1\): give one label"):
        plot_confusion(np.zeros((4, 1)), np.zeros(4))


def test_intervals_reach_from_low_to_high_beside_their_numbers() -> None:
    rows = {"LSTM − RNN": (0.12, 0.1, 0.14), "GRU − LSTM": (-0.003, -0.01, 0.02)}
    figure = plot_intervals(rows, "difference", reference=0.01).figure
    axes = figure.axes[0]
    figure.draw_without_rendering()
    (right,) = axes.child_axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [*rows]
    assert [label.get_text() for label in right.get_yticklabels()] == [
        "0.120  [0.100, 0.140]",
        "−0.003  [−0.010, 0.020]",
    ]
    reference, *drawn = [points(line) for line in axes.get_lines()]
    assert {x for x, _ in reference} == {0.01}
    for row, (estimate, low, high) in enumerate(rows.values()):
        assert drawn[2 * row : 2 * row + 2] == [[(low, row), (high, row)], [(estimate, row)]]


def test_intervals_without_numbers_in_the_text_have_their_side() -> None:
    rows = {"one": (0.3, 0.1, 0.4), "two": (-0.3, -0.4, -0.1), "three": (0.1, -0.1, 0.2)}
    text = plot_intervals(rows, "difference", numbers_in_text=False).alt
    assert text.endswith("A dashed line marks 0. one: above 0; two: below 0; three: holds 0.")


def written(axes: Axes) -> dict[Point, str]:
    return {text.get_position(): text.get_text() for text in axes.texts}


def boxes(axes: Axes) -> list[tuple[Point, FancyBboxPatch]]:
    """Return each box with its place, at which its text stands."""
    found = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    middles = [
        (box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2) for box in found
    ]
    return [(nearest(written(axes), place), box) for place, box in zip(middles, found, strict=True)]


def nearest(texts: dict[Point, str], end: Point) -> Point:
    """Return the place of the text that stands nearest."""
    return min(texts, key=lambda place: np.hypot(*np.subtract(place, end)))


def arrows(picture: Picture, **look: str) -> list[tuple[str, str]]:
    """Return from which text to which each arrow runs; look: of which colour."""
    (axes,) = picture.figure.axes
    texts = written(axes)

    found = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    if look:
        found = [one for one in found if to_rgba(one.get_edgecolor()) == to_rgba(look["color"])]
    ends = [one._posA_posB for one in found]
    return [(texts[nearest(texts, start)], texts[nearest(texts, end)]) for start, end in ends]


def names(pattern: str, *steps: int) -> list[str]:
    return [f"${pattern % step}$" for step in steps]


E, H = r"\mathbf{e}_%d", r"\mathbf{h}_%d"
H_0 = r"$\mathbf{h}_0 = \mathbf{0}$"


def test_unrolled_arrows_run_forward_and_the_gradients_back() -> None:
    e, h = names(E, 1, 2, 3), names(H, 1, 2, 3)
    forward = [*zip(e, h, strict=True), (H_0, h[0]), (h[0], h[1]), (h[1], h[2]), (h[2], "sigmoid")]
    back = [*zip(h, e, strict=True), (h[1], h[0]), (h[2], h[1]), ("sigmoid", h[2])]
    words = ["a", "great", "film"]
    assert sorted(arrows(plot_unrolled(words))) == sorted(forward)
    picture = plot_unrolled(words, backward=True)
    assert sorted(arrows(picture, color=RED)) == sorted(back)
    assert sorted(arrows(picture)) == sorted(forward + back)


def test_stack_hands_every_state_upward_and_one_way_is_marked() -> None:
    steps = 1, 2, 3, 4
    e, lower, upper = (
        names(name, *steps) for name in (E, *(rf"\mathbf{{h}}^{{({n})}}_%d" for n in (1, 2)))
    )
    expected = [*zip(e, lower, strict=True), *zip(lower, upper, strict=True), (upper[3], "sigmoid")]
    for layer in (lower, upper):
        expected += pairwise(layer)
    assert sorted(arrows(plot_stack(), color="#777777")) == sorted(expected)
    way = [e[0], lower[0], lower[1], upper[1], upper[2], upper[3], "sigmoid"]
    assert sorted(arrows(plot_stack(), color=RED)) == sorted(pairwise(way))


def test_one_layer_reads_forwards_the_other_backwards() -> None:
    words = ["not", "a", "great", "film"]
    there, back = (
        names(rf"\over{side}arrow{{\mathbf{{h}}}}_%d", 1, 2, 3, 4) for side in ("right", "left")
    )
    summaries = ["mean\nover time", "maximum\nover time"]
    expected = [*zip(words, there, strict=True), *zip(words, back, strict=True)]
    expected += [*pairwise(there), *pairwise(back[::-1])]
    expected += [(end, summary) for end in (there[3], back[3]) for summary in summaries]
    expected += [(summary, "sigmoid") for summary in summaries]
    assert sorted(arrows(plot_both_ways())) == sorted(expected)


def test_return_sequences_hands_up_every_step_and_its_absence_the_last_alone() -> None:
    picture = plot_return_sequences()
    (axes,) = picture.figure.axes
    up = {False: [], True: []}
    for patch in axes.patches:
        if isinstance(patch, FancyArrowPatch):
            (x, y), end = patch._posA_posB
            if y > 2 and end[0] == x and end[1] > y:
                up[x > 5.57].append(written(axes)[(x, 2.0)])
    steps = [f"${H.replace('%d', '{%d}') % step}$" for step in (1, 2, 3, 500)]
    assert up == {False: steps[-1:], True: steps}
    titles = {text: x for (x, _), text in written(axes).items()}
    assert titles["return_sequences=False"] < 5.57 < titles["return_sequences=True"]
    assert titles["(reviews, 100)"] < 5.57 < titles["(reviews, 500, 100)"]


def test_arrows_of_a_model_show_what_each_layer_reads() -> None:
    """Two layers summarize the states, a third reads both: arrows beside the boxes begin there."""
    axes = plot_model(build_pooled_lstm(np.zeros((9, 2), "float32"), 10, units=2)).figure.axes[0]
    names = {y: text for (x, y), text in written(axes).items() if x == 0.55}
    rows = {y: re.sub(r"^dropout_\d+$", "dropout", name) for y, name in names.items()}

    def row(y: float) -> str:
        return rows[min(rows, key=lambda place: abs(place - y))]

    ways = [points(line) for line in axes.get_lines()[1:]]
    ends = [patch._posA_posB for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    starts = {way[-1]: way[0] for way in ways}
    found = [(row(starts.get(start, start)[1]), row(end[1])) for start, end in ends]
    assert sorted(found) == sorted(
        [
            ("ids", "embedding"),
            ("embedding", "word_dropout"),
            ("word_dropout", "both_ways"),
            ("both_ways", "mean_over_time"),
            ("both_ways", "maximum_over_time"),
            ("mean_over_time", "summary"),
            ("maximum_over_time", "summary"),
            ("summary", "dropout"),
            ("dropout", "probability"),
        ]
    )


def test_padded_row_writes_each_word_above_its_id_and_zeros_behind() -> None:
    rank = get_word_index()
    words = ["what", "a", "great", "film"]
    (axes,) = plot_padded_row(words, maxlen=7).figure.axes
    texts = written(axes)
    inside = sorted((x, text) for (x, y), text in texts.items() if y == 1.6)
    ids = ["1", *(str(rank[word] + 3) for word in words)]
    assert [text for _, text in inside] == [*ids, "0", "0"]
    assert [texts[x, 2.15] for x, _ in inside] == ["(start)", *words, "", ""]
    counts = [text for (_, y), text in sorted(texts.items()) if y == 0.85]
    assert counts == ["5 ids", "2 zeros"]


def test_lookup_picks_the_same_place_of_the_row_and_row_of_the_table() -> None:
    number = str(get_word_index()["great"] + 3)
    (axes,) = plot_lookup().figure.axes
    texts = written(axes)
    picked = [place for place, box in boxes(axes) if box.get_facecolor()[:3] == tint(RED)]
    one_hot, row, result = sorted(picked)
    assert texts[one_hot] == "1"
    assert {place for place, text in texts.items() if text == number} == {
        (4.65, row[1]),
        (one_hot[0], 2.85),
    }
    assert texts[result[0], 4.05] == 'embedding of "great"'


def test_tokens_stand_in_order_and_those_that_decide_have_a_colour() -> None:
    tokens, places, labels = np.array([[1, 3, 1, 2, 1], [3, 2, 1, 2, 2]]), [3, 2], [1, 0]
    (axes,) = plot_tokens(["upper", "lower"], tokens, places, labels).figure.axes
    heights = sorted({y for _, y in written(axes)}, reverse=True)
    shown = {text.get_position(): text.get_text() for text in axes.texts if text.get_text()}
    rows = [[text for (_, y), text in sorted(shown.items()) if y == row] for row in heights]
    assert rows == [
        [title, *map(str, sequence), str(label)]
        for title, sequence, label in zip(["upper", "lower"], tokens, labels, strict=True)
    ]
    columns = sorted({x for (x, y), _ in boxes(axes)})
    colored = [place for place, box in boxes(axes) if box.get_facecolor()[:3] == tint(ANSWER)]
    assert colored == [(columns[x], y) for x, y in zip(places, heights, strict=True)]


@pytest.mark.parametrize(("plot", "gates"), [(plot_lstm_cell, 4), (plot_gru_cell, 2)])
def test_each_gate_of_a_cell_has_the_colour_of_its_equation(
    plot: Callable[[], Picture], gates: int
) -> None:
    """And the name on its way out is what the equation computes, with the function in the box."""
    (axes,) = plot().figure.axes
    texts, colors = written(axes), {place: box.get_facecolor() for place, box in boxes(axes)}
    equations = {}
    for step in axes.patches:
        if isinstance(step, Circle) and texts[step.center].isdigit():
            place = max(
                (y, x) for (x, y), text in texts.items() if " = " in text and y < step.center[1]
            )
            equations[step.get_facecolor()] = texts[place[::-1]]
    functions = [place for place in colors if texts[place] in (r"$\sigma$", r"$\tanh$")]
    found = [(x, y) for x, y in functions if y < 2]
    assert len(found) == gates
    for x, y in found:
        name = texts[nearest(texts, (x, y + 0.45))]
        left, right = equations[colors[x, y]].strip("$").split(" = ")
        assert left == name.strip("$")
        assert right.startswith(texts[x, y].strip("$"))
