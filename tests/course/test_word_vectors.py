"""Word vectors come from neighbours alone, by the formulas of their source."""

from collections import Counter
import math

from course_utils import get_word_index, load_imdb, neighbour_vectors
from course_utils.rivals.word_vectors import _meetings, _mutual_information
import numpy as np
import pytest


@pytest.fixture(scope="module")
def made_up() -> np.ndarray:
    random = np.random.default_rng(2026)
    lengths = random.integers(1, 40, 60)
    return np.fromiter((random.integers(1, 12, length) for length in lengths), dtype=object)


def counted(reviews: np.ndarray) -> Counter:
    """Count in plain Python: pairs of words at most five places apart, in the same review."""
    pairs = Counter()
    for review in reviews:
        for i, word in enumerate(review):
            for j, other in enumerate(review):
                if i != j and abs(i - j) <= 5 and word > 3 and 3 < other < 9:
                    pairs[int(word), int(other)] += 1
    return pairs


def test_meetings_are_counted(made_up: np.ndarray) -> None:
    counts = _meetings(made_up, num_words=12, contexts=9)
    expected = counted(made_up)
    assert {pair: counts[pair] for pair in expected} == expected
    assert counts.sum() == expected.total()


def test_information_is_that_of_the_formula(made_up: np.ndarray) -> None:
    """PPMI with neighbours' frequencies to the power of 0.75, written out pair by pair."""
    pairs = counted(made_up)
    information = _mutual_information(_meetings(made_up, num_words=12, contexts=9))
    by_word, by_neighbour = Counter(), Counter()
    for (word, neighbour), count in pairs.items():
        by_word[word] += count
        by_neighbour[neighbour] += count
    smooth = {neighbour: count**0.75 for neighbour, count in by_neighbour.items()}
    expected = np.zeros((12, 9))
    for (word, neighbour), count in pairs.items():
        chance = by_word[word] * smooth[neighbour] / sum(smooth.values())
        expected[word, neighbour] = max(0, math.log(count / chance))
    np.testing.assert_allclose(information, expected, atol=1e-6)


def test_vectors_are_the_singular_vectors(made_up: np.ndarray) -> None:
    information = _mutual_information(_meetings(made_up, num_words=12, contexts=12))
    left, sizes, _ = np.linalg.svd(information.astype("float64"))
    expected = left[:, :3] * np.sqrt(sizes[:3])
    expected *= np.sign(expected[np.abs(expected).argmax(axis=0), range(3)])
    expected *= 0.25 / expected.std()
    vectors = neighbour_vectors(made_up, num_words=12, embedding_dim=3)
    assert vectors.dtype == "float32"
    np.testing.assert_allclose(vectors[:, ::-1], expected.round(4), atol=1e-7)


def test_similar_words_have_similar_vectors() -> None:
    """On real reviews: numbers stand near numbers, and praise nearer to praise than to numbers."""
    reviews, _ = load_imdb(num_words=1000)
    vectors = neighbour_vectors(reviews[:2000], num_words=1000, embedding_dim=16)
    ranks = [get_word_index()[word] for word in ("two", "three", "great", "excellent")]
    chosen = vectors[np.array(ranks) + 3]
    two, three, great, excellent = chosen / np.linalg.norm(chosen, axis=1, keepdims=True)
    assert two @ three > 0.8 > two @ great
    assert great @ excellent > great @ two
