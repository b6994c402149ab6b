"""The tasks are what they say, and no count of tokens gives the answer to the flag's away."""

from collections.abc import Callable
from itertools import product

import course_utils as course
import numpy as np
import pytest

TASKS = [course.first_token_task, course.flag_task]


@pytest.fixture(params=TASKS, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Callable:
    return request.param


def is_of_the_flag_task(sequence: tuple[int, ...]) -> bool:
    """One flag with its answer two steps behind it, and elsewhere the opposite of the answer."""
    if sequence.count(3) != 1 or 3 in sequence[-2:]:
        return False
    others = list(sequence)
    answer = others.pop(sequence.index(3) + 2)
    return 3 - answer in others


def test_first_token_is_the_label_and_stands_there_alone() -> None:
    tokens, labels = course.first_token_task(2_000, 7)
    assert tokens.shape == (2_000, 7)
    assert np.array_equal(tokens[:, 0], 1 + labels)
    assert set(tokens[:, 1:].ravel()) == set(range(3, 20))


@pytest.mark.parametrize("k", [4, 5])
def test_flag_task_makes_every_sequence_that_fits_and_no_other(k: int) -> None:
    tokens, labels = course.flag_task(5_000, k)
    made = set(map(tuple, tokens.tolist()))
    assert made == set(filter(is_of_the_flag_task, product([1, 2, 3], repeat=k)))
    for sequence, label in zip(tokens.tolist(), labels, strict=True):
        assert sequence[sequence.index(3) + 2] == 1 + label


def test_counts_say_nothing_about_the_flags_label() -> None:
    """But for the flag, answer and opposite a coin is tossed 17 times, whatever the label.

    So the ones are 1 + binomial(17, 1/2); without an opposite the labels' means would be 1 apart.
    """
    tokens, labels = course.flag_task(20_000, 20)
    ones = (tokens == 1).sum(axis=1)
    for label in (0, 1):
        of_label = ones[labels == label]
        error = np.sqrt(17 / 4 / len(of_label))
        assert abs(of_label.mean() - (1 + 17 / 2)) < 4 * error
        assert abs(of_label.var() - 17 / 4) < 0.2


@pytest.mark.parametrize("k", [4, 20])
def test_flag_stands_anywhere_but_in_the_last_two_places(k: int) -> None:
    tokens, _ = course.flag_task(5_000, k)
    _, counts = np.unique(np.argmax(tokens == 3, axis=1), return_counts=True)
    assert len(counts) == k - 2
    assert counts.min() > 0.7 * 5_000 / (k - 2)


def test_labels_are_balanced_and_follow_the_seed(make: Callable) -> None:
    tokens, labels = make(4_000, 10)
    assert [tokens.dtype, labels.dtype] == ["int32", "int8"]
    assert set(labels) == {0, 1}
    assert abs(labels.mean() - 0.5) < course.coin_band(4_000)
    again, _ = make(4_000, 10, seed=2026)
    other, _ = make(4_000, 10, seed=2025)
    assert np.array_equal(tokens, again)
    assert not np.array_equal(tokens, other)
