"""Every picture says in words what it shows, and is labelled."""

import base64

from course_utils import plot_history, plot_lengths, plot_padding
from course_utils.plots import Picture
import numpy as np
import pytest

HISTORY = {
    "loss": [0.69, 0.40],
    "accuracy": [0.52, 0.81],
    "val_loss": [0.68, 0.45],
    "val_accuracy": [0.55, 0.79],
}
PADDED = {"behind": np.array([[5, 6, 0, 0]]), "in front": np.array([[0, 0, 5, 6]])}


@pytest.fixture(params=["history", "lengths", "padding"])
def picture(request: pytest.FixtureRequest) -> Picture:
    return {
        "history": lambda: plot_history(HISTORY, "A model"),
        "lengths": lambda: plot_lengths(np.array([10, 20, 600])),
        "padding": lambda: plot_padding(PADDED),
    }[request.param]()


def test_notebook_gets_pixels_and_text(picture: Picture) -> None:
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(picture)


def test_same_picture_gives_the_same_pixels() -> None:
    first, second = (plot_lengths(np.array([10, 20]))._repr_mimebundle_()[0] for _ in range(2))
    assert base64.b64encode(first["image/png"]) == base64.b64encode(second["image/png"])


def test_axes_are_labelled(picture: Picture) -> None:
    for axes in picture.figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel()


def test_texts_say_what_is_seen() -> None:
    history = plot_history(HISTORY, "A model").alt
    assert "A model" in history
    assert "from 0.69 to 0.40" in history
    assert "between 0.55 and 0.79" in history
    assert "33.3% are longer" in plot_lengths(np.array([10, 20, 600])).alt
    padding = plot_padding(PADDED).alt
    assert "behind: 50% of the positions are zeros, at the right end" in padding
    assert "in front: 50% of the positions are zeros, at the left end" in padding
