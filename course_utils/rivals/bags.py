"""Bags of n-grams: which words, or runs of words, a review holds, in no order."""

from course_utils.arguments import whole_number
from course_utils.given import as_labels, as_reviews
from course_utils.rivals.evidence import (
    LONGEST,
    count_reviews,
    held_ngrams,
    known_ngrams,
    log_ratios,
)
import numpy as np
import tensorflow as tf


def bag_of_ngrams(
    train_reviews: np.ndarray,
    *other_reviews: np.ndarray,
    ngrams: int = 1,
    labels: np.ndarray | None = None,
) -> list[tf.SparseTensor]:
    """Mark for each review which n-grams of 1 to `ngrams` words it holds.

    train_reviews: object array (reviews,) of int id arrays; their n-grams are known, if two of
    these reviews hold them. other_reviews: are marked with the same. ngrams: at most 3.
    labels: (training reviews,), 0 or 1; with them an n-gram's mark is not 1 but its log-ratio, how
    much more often positive reviews hold it than negative ones, in nats.
    Returns a sparse matrix for each list, float32 (reviews, known n-grams): all words, then all
    pairs, then all triples.
    Raises ValueError for an empty list, labels that do not fit, or unusable ngrams.
    Source: Wang and Manning, "Baselines and Bigrams", ACL 2012.
    Introduced in notebook 1, "Bags of words and pairs".
    """
    ngrams = whole_number("ngrams", ngrams, most=LONGEST)
    lists = [as_reviews("reviews", reviews) for reviews in (train_reviews, *other_reviews)]
    if labels is not None:
        labels = as_labels(labels, len(lists[0]), "training ")
    held, marks, width = [[] for _ in lists], [], 0
    for n in range(1, ngrams + 1):
        known = known_ngrams(lists[0], n)
        for pairs, reviews in zip(held, lists, strict=True):
            pairs.append(held_ngrams(reviews, known, n))
        marks.append(_marks(*held[0][-1], known, labels))
        for pairs in held:
            pairs[-1][1] += width
        width += len(known)
    marks = np.concatenate(marks)
    return [
        _bags(np.hstack(pairs), marks, (len(reviews), width))
        for pairs, reviews in zip(held, lists, strict=True)
    ]


def _marks(
    rows: np.ndarray, places: np.ndarray, known: np.ndarray, labels: np.ndarray | None
) -> np.ndarray:
    """Return what stands for each known n-gram: 1, or its log-ratio in the training reviews."""
    if labels is None:
        return np.ones(len(known), "float32")
    return log_ratios(count_reviews(places, labels[rows], known))


def _bags(pairs: np.ndarray, marks: np.ndarray, shape: tuple[int, int]) -> tf.SparseTensor:
    """Make a sparse matrix, row by row, of the places that each review holds."""
    rows, places = pairs[:, np.argsort(pairs[0], kind="stable")]
    return tf.SparseTensor(np.stack([rows, places], axis=1), marks[places], shape)
