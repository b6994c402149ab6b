"""Every picture says in words what it shows, and is labelled."""

import functools
import io
from itertools import combinations

import course_utils as course
from course_utils.figures.style import Picture
from course_utils.probes.states import LSTMGates
import numpy as np
from PIL import Image
import pytest

HISTORY = {"loss": [0.69, 0.40], "accuracy": [0.52, 0.81]}
HISTORY |= {"val_loss": [0.68, 0.45], "val_accuracy": [0.55, 0.79]}
PADDED = {"behind": np.array([[5, 6, 0, 0]]), "in front": np.array([[0, 0, 5, 6]])}
GRADIENTS = {"as taught": np.array([1e-9, 1e-6, 1e-3]), "masked": np.array([1e-2, 1e-1, 0])}
STATES = np.array([[0.1, 0.3], [0.4, -0.2], [0.5, 0.0], [0.5, 0.0]])
GATES = LSTMGates(*(np.full((4, 2), value) for value in (0.1, 0.9, 0.4, -0.5, 1.5, 0.6)))
GATES.forget_gate[0] = 0
POINTS = np.array([[0.0, 0.0], [0.0, 2.0], [3.0, 0.0], [3.0, 2.0]])
NAMES, GROUPS = ["great", "best", "bad", "worst"], ["praise", "praise", "blame", "blame"]
LABELS, PROBABILITIES = np.array([0, 0, 0, 0, 1, 1]), np.array([0.1, 0.2, 0.5, 0.7, 0.9, 0.4])
SEEDS = {"masked": {1: 0.70, 2: 0.80, 2026: 0.60}, "other": {1: 0.50}}
COST = {"SimpleRNN": (1.04, 0.5), "LSTM": (1.05, 0.5), "GRU": (1.03, 0.501), "mean": (0.2, 0.86)}
PICTURES = {
    "history": (
        lambda: course.plot_history(HISTORY, "A model"),
        "A model: two line plots over 2 epochs. Training loss goes from 0.69 to 0.40",
        "validation loss from 0.68 to 0.45. Validation accuracy stays between 0.55 and 0.79",
    ),
    "lengths": (lambda: course.plot_lengths(np.array([10, 20, 600])), "33.3% are longer"),
    "padding": (
        lambda: course.plot_padding(PADDED),
        "behind: 50% of the positions are zeros, at the right end",
        "in front: 50% of the positions are zeros, at the left end",
    ),
    "gradients": (
        lambda: course.plot_gradients(GRADIENTS, words=2),
        "as taught: 10^-9.00 at the first word, 10^-6.00 at the last word, 10^-3.00 at the last "
        "time step. masked: 10^-2.00 at the first word, 10^-1.00 at the last word, exactly 0 at "
        "the last time step; exactly 0 at 1 time steps.",
    ),
    "gradients, zeros in front": (
        lambda: course.plot_gradients({"in front": np.array([0, 1e-4])}),
        "exactly 0 at the first time step, 10^-4.00 at the last; exactly 0 at 1 time steps",
    ),
    "hidden states": (
        lambda: course.plot_hidden_states(STATES, words=2),
        "2 units as rows, 4 time steps as columns, values up to 0.50 in size",
        "From word to word a unit changes by 1.60 times the average size",
        "Over the 2 zeros behind them it changes by 0.00 times that size",
    ),
    "gates": (
        lambda: course.plot_gates(GATES, ["a", "film"]),
        "input gate 0.10 to 0.10, mean 0.10; forget gate 0.90 to 0.90, mean 0.90; output gate",
        "cell state 1.50 to 1.50, mean 1.50. The words: a film.",
    ),
    "gates from the start": (
        lambda: course.plot_gates(GATES, ["(start)", "a"], start=0),
        "forget gate 0.00 to 0.90",
    ),
    "running prediction": (
        lambda: course.plot_running_prediction(["(start)", "a", "film"], np.array([0.5, 0.7, 0.6])),
        "starts at 0.50, stays between 0.50 and 0.70, and ends at 0.60",
    ),
    "return_sequences": (course.plot_return_sequences, "(reviews, 500, 32) becomes (reviews, 100)"),
    "word map": (
        lambda: course.plot_word_map(POINTS, NAMES, GROUPS),
        "(praise: great, best; blame: bad, worst)",
        "on average 1.00 from the centre of its group; the centres of praise and blame are 3.00",
    ),
    "confusion": (
        lambda: course.plot_confusion(LABELS, PROBABILITIES[:, np.newaxis]),
        "Of 4 negative reviews a share of 0.8 is called negative and 0.2 positive; "
        "of 2 positive reviews 0.5 is called positive and 0.5 negative",
    ),
    "seeds": (
        lambda: course.plot_seeds(SEEDS, band=0.07),
        "masked: median 0.700, 0.600 to 0.800, seed 2026 0.600 (3 seeds); "
        "other: median 0.500, 0.500 to 0.500 (1 seeds)",
        "A grey band, 0.430 to 0.570",
    ),
    "seeds, no coin": (lambda: course.plot_seeds(SEEDS), "other: median 0.500, 0.500 to 0.500 (1"),
    "cost": (lambda: course.plot_cost(COST), "mean: 0.2 s, 0.86"),
}
"""Each picture, and what its text says of it."""


@functools.cache
def drawn(name: str) -> Picture:
    return PICTURES[name][0]()


@pytest.mark.parametrize("name", PICTURES)
def test_notebook_gets_pixels_and_text(name: str) -> None:
    data, metadata = drawn(name)._repr_mimebundle_()
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(drawn(name))
    image = Image.open(io.BytesIO(data["image/png"]))
    assert image.format == "PNG"
    assert image.text == {"Description": repr(drawn(name))}


def test_same_picture_gives_the_same_pixels() -> None:
    assert drawn("lengths").png() == course.plot_lengths(np.array([10, 20, 600])).png()


@pytest.mark.parametrize("name", PICTURES)
def test_axes_are_labelled(name: str) -> None:
    """Of panels that stand one above the other, the lowest carries the label of x."""
    for axes in drawn(name).figure.axes:
        assert axes.get_ylabel() or not axes.axison
        place = axes.get_subplotspec()
        if place and place.is_last_row():
            assert axes.get_xlabel()


@pytest.mark.parametrize("name", PICTURES)
def test_texts_say_what_is_seen(name: str) -> None:
    """Hidden states: from word to word by 0.3 and 0.5, over zeros by 0, with a mean of 0.25."""
    _, *texts = PICTURES[name]
    for text in texts:
        assert text in drawn(name).alt
    assert "nan" not in drawn(name).alt
    assert "inf" not in drawn(name).alt


def test_gradients_of_zero_are_gaps() -> None:
    """A log scale has no place for them."""
    (axes,) = drawn("gradients").figure.axes
    assert axes.get_yscale() == "log"
    as_taught, masked = (line.get_ydata() for line in axes.get_lines()[:2])
    np.testing.assert_array_equal(as_taught, GRADIENTS["as taught"])
    np.testing.assert_array_equal(np.isnan(masked), [False, False, True])
    assert axes.get_lines()[-1].get_xdata() == [2, 2]


def test_hidden_states_without_zeros() -> None:
    assert "zeros" not in course.plot_hidden_states(STATES, words=4).alt


def test_many_words_are_counted_not_written() -> None:
    (few,) = drawn("running prediction").figure.axes
    assert [label.get_text() for label in few.get_xticklabels()] == ["(start)", "a", "film"]
    (many,) = course.plot_running_prediction(["film"] * 100, np.full(100, 0.5)).figure.axes
    assert many.get_xlabel() == "time step"


def test_confusion_counts_as_keras_accuracy_does() -> None:
    """A probability of just one half is called negative."""
    written = [text.get_text() for text in drawn("confusion").figure.axes[0].texts]
    assert written == ["3\n75.0%", "1\n25.0%", "1\n50.0%", "1\n50.0%"]


@pytest.mark.parametrize("name", ["cost", "word map"])
def test_titles_of_points_do_not_overlap(name: str) -> None:
    figure = drawn(name).figure
    figure.draw_without_rendering()
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    assert len(boxes) == 4
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
