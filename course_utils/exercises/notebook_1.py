"""Exercises of notebook 1: what is right, and typical mistakes with their hints."""

from collections.abc import Callable
import functools
from typing import Any

from course_utils.exercises.judging import exercise, function_hint
import numpy as np


@exercise("1.1", "Ids 0 to 3 are reserved, so 5,000 ids leave room for only 4,996 words.")
def _id_of_word(answer: Any) -> str | None:
    from course_utils.imdb import encode_review

    rank, by_rank = _ranks()
    words = ["the", "wonderful", by_rank[4995], by_rank[4996], by_rank[4998], by_rank[20_000]]

    def rule(shift: int, last_rank: int) -> Callable[[str], int]:
        return lambda word: rank[word] + shift if rank.get(word, np.inf) <= last_rank else 2

    return function_hint(
        answer,
        [(word,) for word in [*words, "qwrtzpsd"]],
        lambda word: encode_review(word, num_words=5000)[1],
        [
            ("That is the rank; the id is the rank shifted by 3.", rule(0, len(rank))),
            ("The shift goes the wrong way: ids are larger than ranks.", rule(-3, len(rank))),
            ("Nearly: the ids below 5,000 are kept, so 5,000 itself is not.", rule(3, 4997)),
            ("Nearly: num_words limits the id; you compare the rank with it.", rule(3, 4999)),
            (
                "Frequent words are right. What becomes of words whose id would be 5,000 or more?",
                rule(3, len(rank)),
            ),
        ],
    )


@functools.cache
def _ranks() -> tuple[dict[str, int], list[str]]:
    from course_utils.imdb import get_word_index

    rank = get_word_index()
    return rank, sorted(rank, key=rank.get)


@exercise("1.3", "Padded at the end and cut at the beginning, as the lecture's 25,000 rows are.")
def _padding_by_hand(answer: Any) -> str | None:
    from course_utils.padding import pad_reviews

    def other(**sides: str) -> Callable:
        return lambda review, maxlen: pad_reviews([review], maxlen, **sides)[0]

    return function_hint(
        answer,
        [([11, 12], 4), ([21, 22, 23, 24, 25, 26], 4), ([31, 32, 33], 3), ([41], 6)],
        other(),
        [
            (
                "Short reviews are right. Long ones lose their end, and should lose their start.",
                other(truncating="post"),
            ),
            (
                "Long reviews are right. In short ones the zeros go after the words.",
                other(padding="pre"),
            ),
            (
                "Both sides are swapped: zeros go after the words, long reviews lose their start.",
                other(padding="pre", truncating="post"),
            ),
            (
                "Long reviews are right, but short ones are not filled up to maxlen.",
                lambda review, maxlen: review[-maxlen:],
            ),
            (
                "Short reviews are right, but long ones are not cut to maxlen.",
                lambda review, maxlen: review + [0] * (maxlen - len(review)),
            ),
        ],
    )


@exercise("1.4", "So a review counts the same however many zeros stand after it.")
def _mean_of_words(answer: Any) -> str | None:
    import keras

    numbers = np.random.default_rng(2026)
    table = numbers.normal(size=(9, 5))
    cases = [(np.array(ids), table) for ids in ([1, 4, 8, 0, 0, 0], [1, 7, 7, 5], [1, 0, 0])]

    def reference(ids: np.ndarray, table: np.ndarray) -> np.ndarray:
        pool = keras.layers.GlobalAveragePooling1D()
        return np.asarray(pool(table[ids][np.newaxis], mask=(ids != 0)[np.newaxis]))[0]

    return function_hint(
        answer,
        cases,
        reference,
        [
            (
                "The zeros are in the mean: id 0 has a vector, too, but it is no word.",
                lambda ids, table: table[ids].mean(axis=0),
            ),
            (
                "The zeros are left out of the sum, but they still count in what you divide by.",
                lambda ids, table: table[ids[ids != 0]].sum(axis=0) / len(ids),
            ),
            (
                "That is the sum of the words' vectors, not yet their mean.",
                lambda ids, table: table[ids[ids != 0]].sum(axis=0),
            ),
            (
                "That is the mean within each word. Average over the words: the other axis.",
                lambda ids, table: table[ids[ids != 0]].mean(axis=1),
            ),
        ],
    )


@exercise("1.5", "The cosine compares directions, so a long vector isn't near to everything.")
def _nearest_word(answer: Any) -> str | None:
    import keras

    numbers = np.random.default_rng(2026)
    tables = [numbers.normal(size=(40, 3)) * numbers.uniform(0.2, 5, (40, 1)) for _ in range(6)]

    def similarity(word: int, table: np.ndarray) -> np.ndarray:
        return -np.asarray(keras.losses.cosine_similarity(table[[word]], table))

    def best(score: np.ndarray, word: int) -> int:
        return int(np.argmax(np.where(np.arange(len(score)) == word, -np.inf, score)))

    return function_hint(
        answer,
        [(3 + number, table) for number, table in enumerate(tables)],
        lambda word, table: best(similarity(word, table), word),
        [
            ("Each word is nearest to itself: leave it out.", lambda word, table: word),
            (
                "That is the largest dot product: it favours long vectors. Divide by the lengths.",
                lambda word, table: best(table @ table[word], word),
            ),
            (
                "That is the smallest distance. The cosine asks for the direction only.",
                lambda word, table: best(-np.linalg.norm(table - table[word], axis=1), word),
            ),
            (
                "That is the least similar word: the nearest one has the *largest* cosine.",
                lambda word, table: best(-similarity(word, table), word),
            ),
        ],
    )


@exercise("1.6", "By position nearly every film is known; by film none is.")
def _known_films(answer: Any) -> str | None:
    cases = [
        (np.array(["tt4", "tt1", "tt9"]), np.array(["tt1", "tt3", "tt4", "tt4"])),
        (np.array(["tt1", "tt1", "tt1", "tt2"]), np.array(["tt2", "tt2", "tt5"])),
        (np.array(["tt7"]), np.array(["tt8", "tt8", "tt9"])),
    ]

    def known(train: np.ndarray, test: np.ndarray) -> int:
        return sum(film in set(train.tolist()) for film in test.tolist())

    def films_known(train: np.ndarray, test: np.ndarray) -> int:
        return len(set(train.tolist()) & set(test.tolist()))

    return function_hint(
        answer,
        cases,
        lambda train, test: known(train, test) / len(test),
        [
            ("That is how many, not which share: divide by the number of test reviews.", known),
            (
                "Train and test are swapped: which share of the *test* reviews is meant?",
                lambda train, test: known(test, train) / len(train),
            ),
            (
                "Nearly: you divide by the number of training reviews.",
                lambda train, test: known(train, test) / len(train),
            ),
            (
                "You count films: a film with several test reviews counts several times.",
                lambda train, test: films_known(train, test) / len(set(test.tolist())),
            ),
        ],
    )
