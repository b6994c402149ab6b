"""Padding is Keras' own."""

from course_utils import pad_reviews
import keras
import numpy as np
import pytest

TOY = [[11, 12], [21, 22, 23, 24, 25, 26], [31]]


def test_lectures_defaults() -> None:
    assert pad_reviews(TOY, maxlen=4).tolist() == [[11, 12, 0, 0], [23, 24, 25, 26], [31, 0, 0, 0]]
    assert pad_reviews(TOY).shape == (3, 500)


@pytest.mark.parametrize("maxlen", [1, 4, 500])
@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
def test_equal_to_keras(maxlen: int, padding: str, truncating: str) -> None:
    random = np.random.default_rng(2026)
    reviews = [random.integers(1, 5000, random.integers(1, 800)).tolist() for _ in range(50)]
    settings = {"maxlen": maxlen, "padding": padding, "truncating": truncating}
    padded = pad_reviews(reviews, **settings)
    assert padded.dtype == np.int32
    assert (padded == keras.utils.pad_sequences(reviews, **settings)).all()
