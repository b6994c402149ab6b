"""What an embedding learned: its table, near words, a map."""

from course_utils.arguments import whole_number
from course_utils.imdb import get_word_index
from course_utils.models import find_embedding
from course_utils.vocabulary import INDEX_FROM
import keras
import numpy as np


def embedding_table(model: keras.Model) -> np.ndarray:
    """Return the embedding: row i is the vector of id i; (num_words, embedding_dim).

    Introduced in notebook 1, "What the embedding learned".
    """
    return find_embedding(model).get_weights()[0]


def nearest_words(model: keras.Model, word: str, k: int = 8) -> list[tuple[str, float]]:
    """Find the words whose vectors point most nearly the same way as this word's.

    Returns k pairs (word, cosine similarity, -1 to 1), most similar first; the word itself and ids
    that are no words are left out.
    Raises ValueError for a word outside the model's vocabulary, or an unusable k.
    Introduced in notebook 1, "What the embedding learned".
    """
    table = embedding_table(model)
    (number,) = _word_ids([word], len(table))
    words = {rank + INDEX_FROM: other for other, rank in get_word_index().items()}
    k = whole_number("k", k, most=len(table) - INDEX_FROM - 2)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    directions = table / np.where(lengths > 0, lengths, 1)
    similarity = directions @ directions[number]
    similarity[[*range(INDEX_FROM + 1), number]] = -np.inf
    nearest = np.argsort(-similarity, kind="stable")[:k]
    return [(words[other], float(similarity[other])) for other in nearest]


def word_map(model: keras.Model, words: list[str]) -> np.ndarray:
    """Lay the vectors of some words out on a plane, as far apart as a plane allows (PCA).

    Returns (words, 2): coordinates along the two directions in which these words vary most, in
    units of the embedding. Each direction points so that its largest coordinate is positive.
    Raises ValueError for a word outside the model's vocabulary, or fewer than three words.
    Source: principal component analysis, by singular value decomposition.
    Introduced in notebook 1, "What the embedding learned".
    """
    if len(words) < 3:
        raise ValueError(f"There are {len(words)} words: give at least three to draw a map of.")
    table = embedding_table(model)
    vectors = table[_word_ids(words, len(table))]
    left, sizes, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    points = left[:, :2] * sizes[:2]
    return points * np.sign(points[np.abs(points).argmax(axis=0), [0, 1]])


def _word_ids(words: list[str], num_words: int) -> list[int]:
    ranks = get_word_index()
    for word in words:
        if ranks.get(word, num_words) + INDEX_FROM >= num_words:
            raise ValueError(
                f"The model does not know the word {word!r}: give one of its {num_words:,} most "
                "frequent words, in small letters."
            )
    return [ranks[word] + INDEX_FROM for word in words]
