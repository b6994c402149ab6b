"""What notebooks train in 64 bits ends in the same digits from a start that is moved a little.

So it does on a processor that rounds differently. The lecture's SimpleRNN does not: no digit of it
is printed.
"""

from collections.abc import Callable

from course_utils import (
    build_lstm,
    build_simple_rnn,
    build_stacked_rnn,
    fit,
    lecture_split,
    load_imdb,
    pad_reviews,
    set_seed,
)
import keras
import numpy as np
import pytest

pytestmark = pytest.mark.nightly
CURED = {"mask_padding": True, "recurrent_initializer": "identity"}


def trained(build: Callable, options: dict, epochs: int, steps: float, by: float) -> keras.Model:
    """Train in 64 bits on the lecture's reviews, from weights each moved by a share of itself."""
    reviews, labels = load_imdb(5000)
    (x, y), _, _ = lecture_split(pad_reviews(reviews), labels)
    set_seed(2026, floatx="float64")
    model = build(**options)
    model.optimizer.learning_rate = steps
    signs = np.random.default_rng(2026)
    start = model.get_weights()
    model.set_weights([one * (1 + by * signs.choice([-1, 1], one.shape)) for one in start])
    fit(model, x, y, epochs=epochs, table=False)
    return model


def moves(*training: object) -> float:
    """Return how far the answers to test reviews move at most, if the start moves by 10^-15."""
    reviews, labels = load_imdb(5000)
    _, _, (x_test, _) = lecture_split(pad_reviews(reviews), labels)
    one, other = (trained(*training, by).predict(x_test, verbose=0) for by in (0, 1e-15))
    return np.abs(one - other).max()


@pytest.mark.parametrize(
    "training",
    [
        (build_simple_rnn, CURED, 7, 1e-4),
        (build_simple_rnn, CURED, 2, 1e-3),
        (build_stacked_rnn, {}, 3, 1e-3),
        (build_stacked_rnn, CURED, 2, 1e-3),
        (build_lstm, {"mask_padding": True}, 10, 1e-3),
    ],
    ids=["cured", "identity", "stack as taught", "identity stack", "masked LSTM"],
)
def test_in_64_bits_a_moved_start_ends_in_the_same_digits(training: tuple) -> None:
    assert moves(*training) < 0.002


def test_simple_rnn_as_taught_does_not() -> None:
    assert moves(build_simple_rnn, {}, 2, 1e-3) > 0.01
