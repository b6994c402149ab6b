"""Exercises of notebook 1: what is right, and typical mistakes with their hints."""

from collections.abc import Callable
import functools
from typing import Any

from course_utils.exercises.cases import growing, halves
from course_utils.exercises.judging import Hint, exercise, function_hint
import numpy as np


@exercise("1.1", "Ids 0 to 3 are reserved, so 5,000 ids leave room for only 4,996 words.")
def _id_of_word(answer: Any) -> Hint | None:
    from course_utils.imdb import encode_review

    rank, by_rank = _ranks()
    numbers = np.random.default_rng(2026)
    ranks = [1, *numbers.integers(2, 4990, 20), *range(4994, 5004), *numbers.integers(5004, 9e4, 9)]
    words = [by_rank[min(place, len(rank)) - 1] for place in ranks]

    def rule(shift: int, last_rank: float = 4996, rare: int = 2, unknown: int = 2) -> Callable:
        def id_of(word: str) -> int:
            if word not in rank:
                return unknown
            return rank[word] + shift if rank[word] <= last_rank else rare

        return id_of

    all_ranks = np.inf
    unknown_too = "Frequent words are right. An unknown word has the id 2, and is not shifted."
    rare_too = "Frequent words are right. A word that is too rare has the id 2."
    both = "Frequent words are right. Too rare and unknown words have the id 2, not shifted."
    return function_hint(
        answer,
        [(word,) for word in [*words, "qwrtzpsd"]],
        lambda word: encode_review(word, num_words=5000)[1],
        [
            ("That is the rank; the id is the rank shifted by 3.", rule(0, all_ranks)),
            ("That is the rank; the id is the rank shifted by 3.", rule(0)),
            ("That is the rank; the id is the rank shifted by 3.", rule(0, 4999)),
            ("The shift goes the wrong way: ids are larger than ranks.", rule(-3, all_ranks)),
            ("The shift goes the wrong way: ids are larger than ranks.", rule(-3)),
            ("Three ids are reserved below the start of ranks: the shift is larger.", rule(2)),
            ("Three ids are reserved below the start of ranks: the shift is larger.", rule(1)),
            ("The shift is too large: ranks begin with 1, not with 0.", rule(4)),
            ("The shift is too large: ranks begin with 1, not with 0.", rule(4, 4995)),
            ("Nearly: the ids below 5,000 are kept, so 5,000 itself is not.", rule(3, 4997)),
            ("Nearly: num_words limits the id; you compare the rank with it.", rule(3, 4999)),
            ("Nearly: num_words limits the id; you compare the rank with it.", rule(3, 5000)),
            ("Nearly: the largest id that is kept is 4,999.", rule(3, 4995)),
            ("Nearly: the limit is shifted the wrong way.", rule(3, 5002)),
            (
                "Frequent words are right. What becomes of words whose id would be 5,000 or more?",
                rule(3, all_ranks),
            ),
            *(
                (hint, rule(3, last, rare, unknown))
                for other in (0, 1, 3, 4, 5, -1, 4999, 5000, 5002, 5003)
                for hint, last, rare, unknown in [
                    (unknown_too, 4996, 2, other),
                    (rare_too, 4996, other, 2),
                    (both, 4996, other, other),
                    (both, all_ranks, other, other),
                ]
            ),
            (
                "An unknown word is in no index: ask for it so that nothing is raised.",
                lambda word: rule(3, all_ranks)(word) if rank[word] else 2,
            ),
            (
                "An unknown word is in no index: ask for it so that nothing is raised.",
                lambda word: rule(3)(word) if rank[word] else 2,
            ),
        ],
    )


@functools.cache
def _ranks() -> tuple[dict[str, int], list[str]]:
    from course_utils.imdb import get_word_index

    rank = get_word_index()
    return rank, sorted(rank, key=rank.get)


@exercise("1.3", "Padded at the end and cut at the beginning, as the lecture's 25,000 rows are.")
def _padding_by_hand(answer: Any) -> Hint | None:
    from course_utils.padding import pad_reviews

    cases = [
        (list(range(11, 11 + length)), maxlen) for length in range(1, 10) for maxlen in range(1, 10)
    ]

    def other(**sides: str) -> Callable:
        return lambda review, maxlen: pad_reviews([review], maxlen, **sides)[0]

    def filled_with(number: int) -> Callable:
        return lambda review, maxlen: (review[-maxlen:] + [number] * maxlen)[:maxlen]

    return function_hint(
        answer,
        sorted(cases, key=lambda case: len(case[0]) + case[1]),
        lambda review, maxlen: pad_reviews([review], maxlen)[0],
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
                "Long reviews should lose their start, and short ones are not filled up.",
                lambda review, maxlen: review[:maxlen],
            ),
            (
                "Short reviews are right, but long ones are not cut to maxlen.",
                lambda review, maxlen: review + [0] * (maxlen - len(review)),
            ),
            (
                "Long reviews are right. Short ones lose words: their length minus maxlen is "
                "negative, and a slice counts that from the end.",
                lambda review, maxlen: (
                    review[len(review) - maxlen :] + [0] * max(0, maxlen - len(review))
                ),
            ),
            (
                "Long reviews are right. Short ones lose words: their length minus maxlen is "
                "negative, and a slice counts that from the end.",
                lambda review, maxlen: (review[len(review) - maxlen :] + [0] * maxlen)[:maxlen],
            ),
            (
                "The length is not maxlen: how many zeros are needed?",
                lambda review, maxlen: review[-maxlen:] + [0] * maxlen,
            ),
            (
                "The length is not maxlen: how many zeros are needed?",
                lambda review, maxlen: review[-maxlen:] + [0] * max(0, maxlen - len(review) - 1),
            ),
            (
                "The length is not maxlen: how many zeros are needed?",
                lambda review, maxlen: (
                    review[-maxlen:]
                    if len(review) >= maxlen
                    else review + [0] * (maxlen - len(review) + 1)
                ),
            ),
            (
                "Long reviews keep one word too few.",
                lambda review, maxlen: review[-maxlen + 1 :] + [0] * (maxlen - len(review)),
            ),
            (
                "Long reviews keep one word too few.",
                lambda review, maxlen: (
                    review[len(review) - maxlen + 1 :]
                    if len(review) > maxlen
                    else review + [0] * (maxlen - len(review))
                ),
            ),
            (
                "Long reviews keep one word too many.",
                lambda review, maxlen: (
                    review[len(review) - maxlen - 1 :]
                    if len(review) > maxlen
                    else review + [0] * (maxlen - len(review))
                ),
            ),
            (
                "That leaves out the first maxlen words. Keep the last maxlen.",
                lambda review, maxlen: (
                    review[maxlen:] + [0] * max(0, maxlen - len(review[maxlen:]))
                ),
            ),
            (
                "That leaves out the last maxlen words. Keep the last maxlen.",
                lambda review, maxlen: (
                    review[:-maxlen] + [0] * max(0, maxlen - len(review[:-maxlen]))
                ),
            ),
            (
                "The zeros are there before the cut, so words are lost. Cut first, then fill up.",
                lambda review, maxlen: (review + [0] * maxlen)[-maxlen:],
            ),
            ("The padding is 0: 1 is the start of a review.", filled_with(1)),
            ("The padding is 0: 2 is an unknown word.", filled_with(2)),
            (
                "Long reviews are not cut, and in short ones the zeros go after the words.",
                lambda review, maxlen: [0] * (maxlen - len(review)) + review,
            ),
        ],
    )


@exercise("1.4", "So a review counts the same however many zeros stand after it.")
def _mean_of_words(answer: Any) -> Hint | None:
    import keras

    def draw(numbers: np.random.Generator, size: int) -> tuple:
        words = [1, *numbers.integers(1, size + 2, size - 1)]
        zeros = [0] * numbers.integers(0, size + 1)
        return np.array(words + zeros), halves(numbers, size + 2, 1 + size // 2)

    def reference(ids: np.ndarray, table: np.ndarray) -> np.ndarray:
        pool = keras.layers.GlobalAveragePooling1D()
        return np.asarray(pool(table[ids][np.newaxis], mask=(ids != 0)[np.newaxis]))[0]

    def of_words(summed_up: Callable, lowest: int = 1) -> Callable:
        return lambda ids, table: summed_up(table[ids[ids >= lowest]], axis=0)

    return function_hint(
        answer,
        growing(draw),
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
                "The zeros are left out of what you divide by, but not out of the sum.",
                lambda ids, table: table[ids].sum(axis=0) / np.sum(ids != 0),
            ),
            (
                "Divide by the number of words, not by the number of rows in the table.",
                lambda ids, table: table[ids[ids != 0]].sum(axis=0) / len(table),
            ),
            ("That is the sum of the words' vectors, not yet their mean.", of_words(np.sum)),
            (
                "That is the sum of all vectors, those of the zeros included.",
                lambda ids, table: table[ids].sum(axis=0),
            ),
            (
                "That is the mean within each word. Average over the words: the other axis.",
                lambda ids, table: table[ids[ids != 0]].mean(axis=1),
            ),
            (
                "That is the mean within each word. Average over the words: the other axis.",
                lambda ids, table: table[ids].mean(axis=1),
            ),
            (
                "That is one number for the whole review: average over the words only.",
                lambda ids, table: table[ids[ids != 0]].mean(),
            ),
            (
                "That is one number for the whole review: average over the words only.",
                lambda ids, table: table[ids].mean(),
            ),
            ("Those are the ids, not the vectors that the table holds for them.", _mean_of_ids),
            (
                "Row 5 of the table belongs to id 5: nothing is subtracted.",
                lambda ids, table: table[ids[ids != 0] - 1].mean(axis=0),
            ),
            (
                "Those are the words' places, not their ids: look up the ids.",
                lambda ids, table: table[np.flatnonzero(ids)].mean(axis=0),
            ),
            (
                "Divide by the number of words in this review, not by 500.",
                lambda ids, table: table[ids[ids != 0]].sum(axis=0) / 500,
            ),
            (
                "A word that occurs twice counts twice.",
                lambda ids, table: table[np.unique(ids[ids != 0])].mean(axis=0),
            ),
            (
                "That is the mean of the whole table: look up the review's ids first.",
                lambda ids, table: table.mean(axis=0),
            ),
            (
                "That is the mean of the whole table: look up the review's ids first.",
                lambda ids, table: table[1:].mean(axis=0),
            ),
            (
                "The condition is on the ids: pick from them, then look their rows up.",
                lambda ids, table: table[ids != 0].mean(axis=0),
            ),
            (
                "The start of the review, id 1, has a vector that counts: only 0 is padding.",
                of_words(np.mean, lowest=2),
            ),
            ("That is the largest of each number, not the mean.", of_words(np.max)),
            ("That is the median of each number, not the mean.", of_words(np.median)),
            (
                "Those are the words' vectors: average them.",
                lambda ids, table: table[ids[ids != 0]],
            ),
        ],
    )


def _mean_of_ids(ids: np.ndarray, table: np.ndarray) -> float:
    return ids[ids != 0].mean()


@exercise("1.5", "The cosine compares directions, so a long vector isn't near to everything.")
def _nearest_word(answer: Any) -> Hint | None:
    import keras

    def draw(numbers: np.random.Generator, size: int) -> tuple:
        lengths = numbers.uniform(0.2, 5, (size, 1))
        table = (numbers.normal(size=(size, 2 + size // 10)) * lengths).round(1) + 0.01
        return int(numbers.integers(size)), table

    def similarity(row: int, table: np.ndarray) -> np.ndarray:
        return -np.asarray(keras.losses.cosine_similarity(table[[row]], table))

    def best(score: np.ndarray, row: int) -> int:
        return int(np.argmax(np.where(np.arange(len(score)) == row, -np.inf, score)))

    def is_clear(row: int, table: np.ndarray) -> bool:
        others = np.sort(np.delete(similarity(row, table), row))
        return len(others) == 1 or others[-1] - others[-2] > 1e-3

    def length(table: np.ndarray, axis: int = 1) -> np.ndarray:
        return np.linalg.norm(table, axis=axis, keepdims=True)

    def by_columns(row: int, table: np.ndarray) -> np.ndarray:
        return (table / length(table, axis=0)) @ (table / length(table, axis=0))[row]

    cases = growing(draw, [3, 3, 4, 5, 6, 8, 10, 20, 30, 40])
    dot = "That is the largest dot product: it favours long vectors. Divide by each row's length."
    return function_hint(
        answer,
        [case for case in cases if is_clear(*case)],
        lambda row, table: best(similarity(row, table), row),
        [
            ("Each word is nearest to itself: leave it out.", lambda row, table: row),
            (dot, lambda row, table: best(table @ table[row], row)),
            (dot, lambda row, table: int(np.argmax(table @ table[row]))),
            (dot, lambda row, table: int(np.argsort(table @ table[row])[-2])),
            (
                "The lengths are those of the columns: take the length of each row.",
                lambda row, table: best(by_columns(row, table), row),
            ),
            (
                "Divide by the length itself, not by its square.",
                lambda row, table: best(table @ table[row] / np.sum(table**2, axis=1), row),
            ),
            (
                "That is the smallest distance. The cosine asks for the direction only.",
                lambda row, table: best(-np.linalg.norm(table - table[row], axis=1), row),
            ),
            (
                "That is the largest distance. The cosine asks for the direction.",
                lambda row, table: best(np.linalg.norm(table - table[row], axis=1), row),
            ),
            (
                "That is the least similar word: the nearest one has the largest cosine.",
                lambda row, table: best(-similarity(row, table), row),
            ),
            (
                "Opposite directions count as near: do not take the absolute value.",
                lambda row, table: best(np.abs(similarity(row, table)), row),
            ),
            (
                "Rows after the word's own are counted one too low: the row was taken out before.",
                lambda row, table: int(np.argmax(np.delete(similarity(row, table), row))),
            ),
            (
                "That is the third in the order: the first is the word itself.",
                lambda row, table: int(np.argsort(similarity(row, table))[-3]),
            ),
            (
                "That is the second from the wrong end: cosines are sorted upward.",
                lambda row, table: int(np.argsort(similarity(row, table))[1]),
            ),
            (
                "That is the largest cosine itself: its row is asked for.",
                lambda row, table: similarity(row, table)[best(similarity(row, table), row)],
            ),
            (
                "Those are the cosines of all rows: which row has the largest?",
                lambda row, table: similarity(row, table),
            ),
        ],
    )


@exercise("1.6", "By position nearly every film is known; by film none is.")
def _known_films(answer: Any) -> Hint | None:
    def draw(numbers: np.random.Generator, size: int) -> tuple:
        films = np.array([f"tt{number}" for number in range(1, 3 + size // 2)])
        return numbers.choice(films, numbers.integers(1, 1 + size)), numbers.choice(films, size)

    def known(train: np.ndarray, test: np.ndarray) -> int:
        return sum(film in set(train.tolist()) for film in test.tolist())

    def share_of_films(train: np.ndarray, test: np.ndarray, of: np.ndarray) -> float:
        return len(set(train.tolist()) & set(test.tolist())) / len(set(of.tolist()))

    return function_hint(
        answer,
        growing(draw),
        lambda train_films, test_films: known(train_films, test_films) / len(test_films),
        [
            ("That is how many, not which share: divide by the number of test reviews.", known),
            (
                "Train and test are swapped: which share of the test reviews is meant?",
                lambda train, test: known(test, train) / len(train),
            ),
            (
                "Train and test are swapped: which share of the test reviews is meant?",
                lambda train, test: known(test, train),
            ),
            (
                "Train and test are swapped: which share of the test reviews is meant?",
                lambda train, test: known(test, train) / len(test),
            ),
            (
                "You count pairs of reviews: a test review is known or not, however often.",
                lambda train, test: np.sum(np.equal.outer(test, train)) / len(test),
            ),
            (
                "You count pairs of reviews: a test review is known or not, however often.",
                lambda train, test: np.sum(np.equal.outer(test, train)),
            ),
            (
                "Nearly: you divide by the number of training reviews.",
                lambda train, test: known(train, test) / len(train),
            ),
            (
                "You divide by all reviews: which share of the test reviews is meant?",
                lambda train, test: known(train, test) / (len(train) + len(test)),
            ),
            (
                "You count films: a film with several test reviews counts several times.",
                lambda train, test: share_of_films(train, test, of=test),
            ),
            (
                "You count films, and of those in training: reviews of the test are meant.",
                lambda train, test: share_of_films(train, test, of=train),
            ),
            (
                "You count films, and of both parts: reviews of the test are meant.",
                lambda train, test: share_of_films(train, test, of=np.append(train, test)),
            ),
            (
                "You count films above, but reviews below: count reviews in both.",
                lambda train, test: len(set(train.tolist()) & set(test.tolist())) / len(test),
            ),
            (
                "That is how many films both parts share. Which share of the test reviews is it?",
                lambda train, test: len(set(train.tolist()) & set(test.tolist())),
            ),
            (
                "That is the share of unknown films: the others are meant.",
                lambda train, test: 1 - known(train, test) / len(test),
            ),
            (
                "Those are yes or no for each review: which share of them is yes?",
                lambda train, test: np.isin(test, train).astype(int),
            ),
        ],
    )
