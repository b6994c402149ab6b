"""Bags of n-grams hold what counting in plain Python finds."""

from collections import Counter

from course_utils import bag_of_ngrams
import numpy as np
import pytest

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
    train, other = bag_of_ngrams(TRAIN, OTHER, ngrams=longest, max_tokens=100)
    assert train.shape == (3, 100)
    assert other.shape == (300, 100)
    assert train.dtype == other.dtype == "float32"
    for texts, bags in ((TRAIN, train), (OTHER, other)):
        marked = to_dense(bags)[:, 1 : len(known) + 1]
        assert set(np.unique(to_dense(bags))) == {0, 1}
        expected = np.array([[gram in ngrams(text, longest) for gram in known] for text in texts])
        assert Counter(map(bytes, marked.T.astype(bool))) == Counter(map(bytes, expected.T))


def test_keeps_the_most_frequent() -> None:
    (bags,) = bag_of_ngrams(TRAIN, max_tokens=2)
    marked = to_dense(bags)
    assert marked[:, 1].tolist() == [1, 1, 1]
    assert marked[:, 0].tolist() == [1, 1, 1]


def test_order_of_words_counts_for_bigrams_only() -> None:
    texts = ["not good", "good not"]
    (words,) = bag_of_ngrams(texts)
    (pairs,) = bag_of_ngrams(texts, ngrams=2)
    assert np.array_equal(*to_dense(words))
    assert not np.array_equal(*to_dense(pairs))


@pytest.mark.parametrize("name", ["ngrams", "max_tokens"])
@pytest.mark.parametrize("value", [0, 1.5, "2"])
def test_bad_sizes(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value!r}: give a whole number"):
        bag_of_ngrams(TRAIN, **{name: value})


def test_no_texts() -> None:
    with pytest.raises(ValueError, match=r"The lists hold \[3, 0\] texts: give at least one"):
        bag_of_ngrams(TRAIN, [])


def to_dense(bags: object) -> np.ndarray:
    dense = np.zeros(bags.shape)
    dense[tuple(bags.indices.numpy().T)] = bags.values
    return dense
