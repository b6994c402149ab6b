"""Bags of n-grams hold what counting in plain Python finds."""

from collections import Counter
import math

from course_utils import bag_of_ngrams
import numpy as np
import pytest
import tensorflow as tf


def as_reviews(*lists: list[int]) -> np.ndarray:
    return np.fromiter((np.array(ids, dtype=np.int32) for ids in lists), dtype=object)


TRAIN = as_reviews([4, 5, 4, 5, 6, 7], [5, 6], [8, 5, 6, 2, 8, 5, 9], [4, 5, 6, 7])
OTHER = as_reviews([9], [5, 6, 7], [6, 5], [4])
LABELS = np.array([0, 1, 1, 0])


def ngrams(review: np.ndarray, longest: int) -> set[tuple[int, ...]]:
    ids = review.tolist()
    return {
        tuple(ids[start : start + length])
        for length in range(1, longest + 1)
        for start in range(len(ids) - length + 1)
    }


def known(longest: int) -> list[tuple[int, ...]]:
    """Return what two training reviews hold: words, then pairs, then triples."""
    holders = Counter(gram for review in TRAIN for gram in ngrams(review, longest))
    frequent = [gram for gram, reviews in holders.items() if reviews >= 2]
    return sorted(frequent, key=lambda gram: (len(gram), gram))


@pytest.mark.parametrize("longest", [1, 2, 3])
def test_marks_what_each_review_holds(longest: int) -> None:
    both = bag_of_ngrams(TRAIN, OTHER, ngrams=longest)
    for reviews, bags in zip((TRAIN, OTHER), both, strict=True):
        expected = [[gram in ngrams(one, longest) for gram in known(longest)] for one in reviews]
        assert bags.dtype == "float32"
        assert np.array_equal(tf.sparse.to_dense(bags).numpy(), expected)


def test_marks_are_log_ratios_of_the_training_reviews() -> None:
    """Shares of each length by itself, with one added to each count."""
    bags = bag_of_ngrams(TRAIN, OTHER, ngrams=2, labels=LABELS)
    marked = tf.sparse.to_dense(bags[1]).numpy()
    for n in (1, 2):
        grams = [gram for gram in known(2) if len(gram) == n]
        counts = {
            (gram, label): 1 + sum(gram in ngrams(review, 2) for review in TRAIN[label == LABELS])
            for gram in grams
            for label in (0, 1)
        }
        totals = [sum(counts[gram, label] for gram in grams) for label in (0, 1)]
        for gram in grams:
            shares = [counts[gram, label] / totals[label] for label in (0, 1)]
            column = marked[:, known(2).index(gram)]
            for review, mark in zip(OTHER, column, strict=True):
                ratio = math.log(shares[1] / shares[0]) if gram in ngrams(review, 2) else 0
                assert mark == pytest.approx(ratio, abs=1e-6)


def test_ngrams_do_not_run_from_one_review_into_the_next() -> None:
    (bags,) = bag_of_ngrams(as_reviews([4], [5], [4], [5]), ngrams=3)
    assert bags.shape == (4, 2)


def test_order_of_words_counts_for_pairs_only() -> None:
    reviews = as_reviews([4, 5], [5, 4], [4, 5], [5, 4])
    for longest, order_counts in ((1, False), (2, True)):
        (bags,) = bag_of_ngrams(reviews, ngrams=longest)
        assert np.array_equal(*tf.sparse.to_dense(bags).numpy()[:2]) != order_counts


def test_refuses_labels_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="4 training reviews and 2 labels"):
        bag_of_ngrams(TRAIN, labels=LABELS[:2])
