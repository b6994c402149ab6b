"""Word vectors come from neighbours alone, by the formulas of their source."""

from collections import Counter
import math

from course_utils import load_imdb, neighbour_vectors
from course_utils.word_vectors import _meetings, _mutual_information
import numpy as np
import pytest


def reviews_of(*lists: list[int]) -> np.ndarray:
    reviews = np.empty(len(lists), dtype=object)
    for position, ids in enumerate(lists):
        reviews[position] = np.array(ids, dtype=np.int32)
    return reviews


@pytest.fixture(scope="module")
def made_up() -> np.ndarray:
    random = np.random.default_rng(2026)
    lengths = random.integers(1, 40, 60)
    return reviews_of(*(random.integers(1, 12, length).tolist() for length in lengths))


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
    np.testing.assert_allclose(vectors[:, ::-1], expected, atol=1e-4)


def test_similar_words_have_similar_vectors() -> None:
    """On real reviews: numbers stand near numbers, and praise nearer to praise than to numbers."""
    from course_utils.imdb import get_word_index

    reviews, _ = load_imdb(num_words=2000)
    vectors = neighbour_vectors(reviews[:4000], num_words=2000, embedding_dim=16)
    index = get_word_index()

    def similarity(one: str, other: str) -> float:
        a, b = (vectors[index[word] + 3] for word in (one, other))
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    assert similarity("two", "three") > 0.8 > similarity("two", "great")
    assert similarity("great", "excellent") > similarity("great", "two")


@pytest.mark.parametrize(("name", "value"), [("num_words", 4), ("embedding_dim", 0)])
def test_bad_sizes(made_up: np.ndarray, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value!r}: give a whole number"):
        neighbour_vectors(made_up, **{"num_words": 12, name: value})
