"""Padding is Keras' own, and refuses what would give a wrong review."""

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
    arrays = np.empty(len(reviews), dtype=object)
    arrays[:] = [np.array(review, dtype=np.int32) for review in reviews]
    assert (padded == pad_reviews(arrays, **settings)).all()


@pytest.mark.parametrize(
    ("reviews", "settings", "error", "message"),
    [
        (TOY, {"padding": "front"}, ValueError, "padding is 'front': give \"pre\""),
        (TOY, {"padding": None}, ValueError, "padding is None"),
        (TOY, {"truncating": "left"}, ValueError, "truncating is 'left'"),
        (TOY, {"maxlen": 0}, ValueError, "maxlen is 0"),
        (TOY, {"maxlen": 2.5}, ValueError, "maxlen is 2.5"),
        (TOY, {"maxlen": None}, ValueError, "maxlen is None"),
        (TOY, {"maxlen": True}, ValueError, "maxlen is True"),
        ([], {}, ValueError, "at least one review"),
        ("a review", {}, ValueError, "reviews is 'a review'"),
        ([1, 2, 3], {}, ValueError, "Review 0 is 1: .* goes in brackets"),
        ([[1], []], {}, ValueError, "Review 1 is empty"),
        ([[1], np.array([], dtype=np.int32)], {}, ValueError, "Review 1 is empty"),
        ([[1.5]], {}, TypeError, "Review 0 holds float64 values"),
        ([["great"]], {}, TypeError, "Review 0 holds <U5 values"),
        ([[1, -2]], {}, ValueError, "Review 0 holds ids from -2 to 1"),
        ([[1, 2**31]], {}, ValueError, "Review 0 holds ids from 1 to 2147483648"),
    ],
)
def test_bad_input(reviews: object, settings: dict, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        pad_reviews(reviews, **settings)
