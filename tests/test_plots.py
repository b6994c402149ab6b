"""Every picture says in words what it shows, and is labelled."""

import base64
import io
from itertools import combinations

from course_utils import plot_history, plot_lengths, plot_padding
from course_utils.diagrams import (
    plot_gates,
    plot_gradients,
    plot_hidden_states,
    plot_return_sequences,
    plot_running_prediction,
)
from course_utils.plots import Picture, plot_confusion, plot_cost, plot_seeds, plot_word_map
from course_utils.probes import LSTMGates
from matplotlib.axes import Axes
from matplotlib.text import Annotation
import numpy as np
from PIL import Image
import pytest

HISTORY = {
    "loss": [0.69, 0.40],
    "accuracy": [0.52, 0.81],
    "val_loss": [0.68, 0.45],
    "val_accuracy": [0.55, 0.79],
}
PADDED = {"behind": np.array([[5, 6, 0, 0]]), "in front": np.array([[0, 0, 5, 6]])}
GRADIENTS = {"as taught": np.array([1e-9, 1e-6, 1e-3]), "masked": np.array([1e-2, 1e-1, 0])}
STATES = np.array([[0.1, 0.3], [0.5, -0.1], [0.5, 0.0], [0.5, 0.0]])
GATES = LSTMGates(*(np.full((4, 2), value) for value in (0.1, 0.9, 0.4, -0.5, 1.5, 0.6)))
POINTS = np.array([[0.0, 0.0], [0.0, 2.0], [3.0, 0.0], [3.0, 2.0]])
NAMES, GROUPS = ["great", "best", "bad", "worst"], ["praise", "praise", "blame", "blame"]
LABELS, PROBABILITIES = np.array([0, 0, 0, 0, 1, 1]), np.array([0.1, 0.2, 0.5, 0.7, 0.9, 0.4])
SEEDS = {
    "as taught": {1: 0.48, 2: 0.50, 2026: 0.52},
    "masked": {1: 0.70, 2: 0.80, 2026: 0.60},
    "other": {1: 0.50},
}
COST = {"SimpleRNN": (1.04, 0.5), "LSTM": (1.05, 0.5), "GRU": (1.03, 0.501), "mean": (0.2, 0.86)}
RUNNING = np.array([0.5, 0.7, 0.6])
PICTURES = {
    "history": lambda: plot_history(HISTORY, "A model"),
    "lengths": lambda: plot_lengths(np.array([10, 20, 600])),
    "padding": lambda: plot_padding(PADDED),
    "gradients": lambda: plot_gradients(GRADIENTS, words=2),
    "hidden states": lambda: plot_hidden_states(STATES, words=2),
    "gates": lambda: plot_gates(GATES, ["a", "film"]),
    "running prediction": lambda: plot_running_prediction(["(start)", "a", "film"], RUNNING),
    "return_sequences": plot_return_sequences,
    "word map": lambda: plot_word_map(POINTS, NAMES, GROUPS),
    "confusion": lambda: plot_confusion(LABELS, PROBABILITIES),
    "seeds": lambda: plot_seeds(SEEDS, band=0.07),
    "cost": lambda: plot_cost(COST),
}


@pytest.fixture(params=PICTURES)
def picture(request: pytest.FixtureRequest) -> Picture:
    return PICTURES[request.param]()


def plain_axes(picture: Picture) -> list[Axes]:
    """Leave out the colour bars."""
    return [axes for axes in picture.figure.axes if axes.get_label() != "<colorbar>"]


def test_notebook_gets_pixels_and_text(picture: Picture) -> None:
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(picture)
    assert Image.open(io.BytesIO(data["image/png"])).text == {"Description": repr(picture)}


def test_same_picture_gives_the_same_pixels() -> None:
    first, second = (plot_lengths(np.array([10, 20]))._repr_mimebundle_()[0] for _ in range(2))
    assert base64.b64encode(first["image/png"]) == base64.b64encode(second["image/png"])


def test_axes_are_labelled(picture: Picture) -> None:
    """Of panels that stand one above the other, the lowest carries the label of x."""
    rows = picture.figure.axes[0].get_subplotspec().get_gridspec().nrows
    for axes in plain_axes(picture):
        assert axes.get_ylabel()
        assert axes.get_xlabel() or axes.get_subplotspec().rowspan.stop < rows
    for axes in set(picture.figure.axes) - set(plain_axes(picture)):
        assert axes.get_ylabel()


def test_texts_say_what_is_seen() -> None:
    history = plot_history(HISTORY, "A model").alt
    assert "A model" in history
    assert "from 0.69 to 0.40" in history
    assert "validation loss from 0.68 to 0.45" in history
    assert "between 0.55 and 0.79" in history
    assert "33.3% are longer" in plot_lengths(np.array([10, 20, 600])).alt
    padding = plot_padding(PADDED).alt
    assert "behind: 50% of the positions are zeros, at the right end" in padding
    assert "in front: 50% of the positions are zeros, at the left end" in padding


def test_texts_hold_no_missing_numbers(picture: Picture) -> None:
    assert "nan" not in picture.alt
    assert "inf" not in picture.alt


def test_gradients_are_read_off_as_powers_of_ten() -> None:
    alt = plot_gradients(GRADIENTS, words=2).alt
    assert (
        "as taught: 10^-9.00 at the first word, 10^-6.00 at the last word, 10^-3.00 at the last "
        "time step. masked: 10^-2.00 at the first word, 10^-1.00 at the last word, exactly 0 at "
        "the last time step; exactly 0 at 1 time steps."
    ) in alt
    alt = plot_gradients({"in front": np.array([0, 1e-4])}).alt
    assert (
        "exactly 0 at the first time step, 10^-4.00 at the last; exactly 0 at 1 time steps" in alt
    )


def test_gradients_of_zero_are_gaps() -> None:
    """A log scale has no place for them."""
    (axes,) = plot_gradients(GRADIENTS, words=2).figure.axes
    assert axes.get_yscale() == "log"
    as_taught, masked = (line.get_ydata() for line in axes.get_lines()[:2])
    np.testing.assert_array_equal(as_taught, GRADIENTS["as taught"])
    np.testing.assert_array_equal(np.isnan(masked), [False, False, True])
    assert axes.get_lines()[-1].get_xdata() == [2, 2]


def test_hidden_states_tell_words_from_zeros() -> None:
    """From word to word by 0.3 and 0.5, from zero to zero not at all; the average size is 0.25."""
    states = np.array([[0.1, 0.3], [0.4, -0.2], [0.5, 0.0], [0.5, 0.0]])
    alt = plot_hidden_states(states, words=2).alt
    assert "2 units as rows, 4 time steps as columns, values up to 0.50 in size" in alt
    assert "From word to word a unit changes by 1.60 times the average size" in alt
    assert "Over the 2 zeros behind them it changes by 0.00 times that size" in alt
    assert "zeros" not in plot_hidden_states(states, words=4).alt


def test_gates_of_a_part_of_the_review() -> None:
    changed = LSTMGates(*(values.copy() for values in GATES))
    changed.forget_gate[0] = 0
    alt = plot_gates(changed, ["a", "film"]).alt
    assert "input gate 0.10 to 0.10" in alt
    assert "forget gate 0.90 to 0.90" in alt
    assert "cell state 1.50 to 1.50" in alt
    assert alt.endswith("The words: a film.")
    assert "forget gate 0.00 to 0.90" in plot_gates(changed, ["a", "film"], start=0).alt
    with pytest.raises(ValueError, match="have 4 time steps, and 4 words from step 1 on"):
        plot_gates(GATES, ["a", "film", "to", "see"])


def test_running_prediction_in_words() -> None:
    picture = PICTURES["running prediction"]()
    assert "starts at 0.50, stays between 0.50 and 0.70, and ends at 0.60" in picture.alt
    (axes,) = picture.figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["(start)", "a", "film"]


def test_many_words_are_counted_not_written() -> None:
    (axes,) = plot_running_prediction(["film"] * 100, np.full(100, 0.5)).figure.axes
    assert axes.get_xlabel() == "time step"


def test_word_map_says_how_far_groups_are_apart() -> None:
    alt = PICTURES["word map"]().alt
    assert "(praise: great, best; blame: bad, worst)" in alt
    assert "on average 1.00 from the centre of its group" in alt
    assert "the centres of praise and blame are 3.00 apart" in alt


def test_confusion_counts_as_keras_accuracy_does() -> None:
    """A probability of just one half is called negative."""
    picture = plot_confusion(LABELS, PROBABILITIES[:, np.newaxis])
    assert (
        "Of 4 negative reviews a share of 0.75 is called negative and 0.25 positive" in picture.alt
    )
    assert "of 2 positive reviews 0.50 is called positive and 0.50 negative" in picture.alt
    written = [text.get_text() for text in picture.figure.axes[0].texts]
    assert written == ["3\n75.0%", "1\n25.0%", "1\n50.0%", "1\n50.0%"]


def test_seeds_in_words() -> None:
    alt = PICTURES["seeds"]().alt
    assert "as taught: median 0.50, 0.48 to 0.52, seed 2026 0.52 (3 seeds)" in alt
    assert "masked: median 0.70, 0.60 to 0.80, seed 2026 0.60 (3 seeds)" in alt
    assert "A grey band, 0.43 to 0.57" in alt
    assert "other: median 0.50, 0.50 to 0.50 (1 seeds)" in alt


def test_cost_in_words() -> None:
    assert "mean: 0.2 s, 0.86" in PICTURES["cost"]().alt


@pytest.mark.parametrize("name", ["cost", "word map"])
def test_titles_of_points_do_not_overlap(name: str) -> None:
    figure = PICTURES[name]().figure
    figure.draw_without_rendering()
    texts = [text for text in figure.axes[0].texts if isinstance(text, Annotation)]
    boxes = [text.get_window_extent() for text in texts]
    assert len(boxes) == 4
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
