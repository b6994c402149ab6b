"""What holds reviews or labels may be of any kind: it is read by place, or refused."""

from collections import deque
from collections.abc import Callable
from typing import Any

import course_utils as course
from course_utils.given import as_labels, as_reviews
from course_utils.rivals.evidence import mixing_weight
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

REVIEWS = [[4, 5, 6, 5], [5, 6], [4], [6, 4, 5]]
LABELS = [0, 1, 1, 0]
OTHER_ORDER = [2, 0, 3, 1]


def objects(reviews: list[list[int]]) -> np.ndarray:
    return np.fromiter((np.array(ids, dtype=np.int32) for ids in reviews), dtype=object)


HOLDERS_OF_REVIEWS = {
    "lists": REVIEWS,
    "tuples": tuple(map(tuple, REVIEWS)),
    "deque": deque(REVIEWS),
    "arrays": [np.array(ids, dtype=np.uint16) for ids in REVIEWS],
    "tensors": [tf.constant(ids) for ids in REVIEWS],
    "series": pd.Series(REVIEWS, index=OTHER_ORDER),
    "series of series": pd.Series([pd.Series(ids, index=ids) for ids in REVIEWS], OTHER_ORDER),
}
HOLDERS_OF_LABELS = {
    "list": LABELS,
    "floats": np.array(LABELS, dtype=float),
    "bools": np.array(LABELS, dtype=bool),
    "objects": np.array(LABELS, dtype=object),
    "tensor": tf.constant(LABELS),
    "series": pd.Series(LABELS, index=OTHER_ORDER),
    "nullable": pd.Series(LABELS, index=OTHER_ORDER, dtype="Int8"),
    "categories": pd.Series(LABELS, index=OTHER_ORDER, dtype="category"),
}


@pytest.mark.parametrize("holder", HOLDERS_OF_REVIEWS)
def test_reviews_go_by_place_whatever_holds_them(holder: str) -> None:
    reviews = as_reviews("reviews", HOLDERS_OF_REVIEWS[holder])
    assert reviews.shape == (4,)
    assert {ids.dtype for ids in reviews} == {np.dtype("int32")}
    assert [ids.tolist() for ids in reviews] == REVIEWS


@pytest.mark.parametrize(
    "table",
    [
        np.array([[4, 5], [6, 0]]),
        [[4, 5], [6, 0]],
        pd.DataFrame([[4, 5], [6, 0]], index=[1, 0], columns=["last", "first"]),
        tf.constant([[4, 5], [6, 0]]),
    ],
    ids=["array", "lists", "data frame", "tensor"],
)
def test_each_row_of_a_table_is_a_review(table: Any) -> None:
    assert [ids.tolist() for ids in as_reviews("reviews", table)] == [[4, 5], [6, 0]]


@pytest.mark.parametrize("holder", HOLDERS_OF_LABELS)
def test_labels_go_by_place_whatever_holds_them(holder: str) -> None:
    labels = as_labels(HOLDERS_OF_LABELS[holder], 4)
    assert labels.dtype.kind in "iufb"
    assert labels.tolist() == LABELS


@pytest.mark.parametrize("wrong", [2, -1, 0.5, float("nan"), "1", None, pd.NA])
def test_labels_are_0_or_1(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"labels hold .*: give 0 for a negative review"):
        as_labels([0, 1, wrong], 3)


def give_marks(reviews: Any, labels: Any) -> list:
    bags = course.bag_of_ngrams(reviews, reviews, ngrams=2, labels=labels)
    return [tf.sparse.to_dense(bag).numpy() for bag in bags]


FUNCTIONS = {
    "pad_reviews": lambda reviews, labels: course.pad_reviews(reviews, 4),
    "bag_of_ngrams": give_marks,
    "ngram_evidence": lambda reviews, labels: np.concatenate(
        course.ngram_evidence(reviews, labels, labels, reviews)[0]
    ),
    "neighbour_vectors": lambda reviews, labels: course.neighbour_vectors(reviews, 9, 2),
    "mixing_weight": lambda reviews, labels: mixing_weight(labels, [0.1, 0.8, 0.7, 0.3], [0.5] * 4),
    "accuracy_difference": lambda reviews, labels: course.accuracy_difference(
        labels, [0.1, 0.8, 0.7, 0.9], [0.6] * 4
    ),
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_see_no_difference_between_arrays_lists_and_pandas(function: str) -> None:
    expected = FUNCTIONS[function](objects(REVIEWS), np.array(LABELS))
    series = pd.Series(REVIEWS, OTHER_ORDER), pd.Series(LABELS, OTHER_ORDER)
    for reviews, labels in ((REVIEWS, LABELS), series):
        np.testing.assert_array_equal(FUNCTIONS[function](reviews, labels), expected)


@pytest.mark.parametrize("split", [course.lecture_split, course.film_split])
def test_splits_give_arrays(split: Callable) -> None:
    """So that what is taken by a number afterwards is at that place."""
    backwards = pd.Series(np.arange(25_000), index=np.arange(25_000)[::-1])
    expected = split(np.arange(25_000), np.arange(25_000))
    for held in (backwards, backwards.tolist()):
        for part, wanted in zip(split(held, held), expected, strict=True):
            np.testing.assert_array_equal(part, wanted)
            assert part[0][0] == wanted[0][0]


def test_fit_and_gradients_read_pandas_and_lists_as_arrays() -> None:
    ids = np.random.default_rng(2026).integers(1, 12, (20, 6))
    labels = ids[:, 0] % 2
    order = np.random.default_rng(1).permutation(20)
    frame, series = pd.DataFrame(ids, index=order), pd.Series(labels, index=order)

    def losses(x: Any, y: Any) -> list[float]:
        course.set_seed(2026)
        model = course.build_averaged_embedding(12, 2)
        history = course.fit(model, x, y, (x, y), epochs=1, batch_size=8).history
        return [*np.ravel([*history.values()]), *course.gradient_per_timestep(model, x, y)]

    expected = losses(ids, labels)
    assert losses(frame, series) == expected
    assert losses(ids.tolist(), labels.tolist()) == expected
