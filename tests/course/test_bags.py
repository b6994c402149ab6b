"""Bags of n-grams hold what counting in plain Python finds."""

from collections import Counter

from course_utils import bag_of_ngrams
import numpy as np
import pytest
import tensorflow as tf

TRAIN = ["not good not good at all", "good film", "a good film ? a good one"]
OTHER = ["bad", "good at all", "film"] * 100
"""More than are vectorized at once."""


def ngrams(text: str, longest: int) -> set[str]:
    words = text.split()
    return {
        " ".join(words[start : start + length])
        for length in range(1, longest + 1)
        for start in range(len(words) - length + 1)
    }


@pytest.mark.parametrize("longest", [1, 2])
def test_marks_what_each_text_holds(longest: int) -> None:
    """With room for all n-grams, a column stands for each; their order is free."""
    known = sorted(set().union(*(ngrams(text, longest) for text in TRAIN)))
    both = bag_of_ngrams(TRAIN, OTHER, ngrams=longest, max_tokens=100)
    for texts, bags in zip((TRAIN, OTHER), both, strict=True):
        assert bags.shape == (len(texts), 100)
        assert bags.dtype == "float32"
        marked = tf.sparse.to_dense(bags).numpy()
        assert set(np.unique(marked)) == {0, 1}
        marked = marked[:, 1 : len(known) + 1]
        expected = np.array([[gram in ngrams(text, longest) for gram in known] for text in texts])
        assert Counter(map(bytes, marked.T.astype(bool))) == Counter(map(bytes, expected.T))


def test_keeps_the_most_frequent() -> None:
    (bags,) = bag_of_ngrams(TRAIN, max_tokens=2)
    assert tf.sparse.to_dense(bags).numpy().tolist() == [[1, 1]] * 3


def test_order_of_words_counts_for_bigrams_only() -> None:
    texts = ["not good", "good not"]
    for longest, order_counts in ((1, False), (2, True)):
        (bags,) = bag_of_ngrams(texts, ngrams=longest)
        assert np.array_equal(*tf.sparse.to_dense(bags)) != order_counts
