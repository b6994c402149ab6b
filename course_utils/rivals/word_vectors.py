"""Word vectors without labels: a word is known by the words around it."""

from course_utils.arguments import whole_number
from course_utils.given import as_reviews
from course_utils.live import LiveDisplay
from course_utils.vocabulary import INDEX_FROM, PADDING_ID
import numpy as np

WINDOW = 5
"""Words to each side that count as neighbours."""
CONTEXTS = 2000
"""Neighbours are counted if their id is below: the most frequent words."""
SMOOTHING = 0.75
"""Power on the neighbours' frequencies, so that rare ones do not count too much."""
SPREAD = 0.25
"""Standard deviation of the numbers: a recurrent layer can tell such vectors apart at once."""
DECIMALS = 4
"""Computed in float64, four decimals are the same with any of NumPy's libraries and threads."""


def neighbour_vectors(
    reviews: np.ndarray, num_words: int = 10_000, embedding_dim: int = 32
) -> np.ndarray:
    """Return vectors that are similar for words with the same neighbours; no label is looked at.

    For each word and each frequent neighbour within five words: how much more often do they meet
    than by chance (positive pointwise mutual information, PPMI)? The table of these numbers is
    reduced to the directions in which it varies most (singular value decomposition).
    reviews: object array of int id arrays, ids below num_words. embedding_dim: numbers per word.
    Returns float32 (num_words, embedding_dim), of standard deviation 0.25; ids that are no words,
    and words without neighbours, are near 0. Each direction's largest number is positive; numbers
    are rounded to four decimals, further than processors differ.
    Raises ValueError for unusable sizes, or reviews with ids from num_words on.
    Source: Levy, Goldberg and Dagan, "Improving Distributional Similarity with Lessons Learned from
    Word Embeddings", TACL 2015.
    Introduced in notebook 1, "Words known by their neighbours".
    """
    num_words = whole_number("num_words", num_words, least=INDEX_FROM + 2)
    contexts = min(CONTEXTS, num_words)
    embedding_dim = whole_number("embedding_dim", embedding_dim, most=contexts)
    reviews = as_reviews("reviews", reviews)
    highest = max(review.max() for review in reviews)
    if highest >= num_words:
        raise ValueError(
            f"The reviews hold ids up to {highest}, and num_words is {num_words}: use "
            f"load_imdb(num_words={num_words})."
        )
    information = _mutual_information(_meetings(reviews, num_words, contexts))
    squares, directions = np.linalg.eigh(information.T @ information)
    squares, directions = squares[-embedding_dim:], directions[:, -embedding_dim:]
    vectors = information @ directions / np.maximum(squares, 1e-6) ** 0.25
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(embedding_dim)]
    vectors *= np.sign(largest)
    return (vectors * SPREAD / vectors.std()).round(DECIMALS).astype("float32")


def _meetings(reviews: np.ndarray, num_words: int, contexts: int) -> np.ndarray:
    """Count how often each word stands near each frequent word: (num_words, contexts)."""
    gap = np.full(WINDOW, PADDING_ID)
    ids = np.concatenate([part for review in reviews for part in (review, gap)]).astype("int64")
    counts = np.zeros(num_words * contexts)
    display = LiveDisplay()
    for distance in range(1, WINDOW + 1):
        display.show(f"Counting neighbours at distance {distance} of {WINDOW} ...")
        earlier, later = ids[:-distance], ids[distance:]
        for words, neighbours in ((earlier, later), (later, earlier)):
            meet = (words > INDEX_FROM) & (neighbours > INDEX_FROM) & (neighbours < contexts)
            pairs = words[meet] * contexts + neighbours[meet]
            counts += np.bincount(pairs, minlength=counts.size)
    display.finish()
    return counts.reshape(num_words, contexts)


def _mutual_information(counts: np.ndarray) -> np.ndarray:
    """Compare counts with chance: log of their ratio where above 0, float64, same shape."""
    words = counts.sum(axis=1, keepdims=True)
    frequency = counts.sum(axis=0) ** SMOOTHING
    by_chance = words * (frequency / frequency.sum())
    ratio = np.divide(counts, by_chance, out=np.ones_like(counts), where=counts > 0)
    return np.log(np.maximum(ratio, 1))
