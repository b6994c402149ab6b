"""Evidence is what counting in plain Python finds, and no review hears it from its own film."""

import math

import course_utils as course
from course_utils.rivals.contest_models import build_evidence_lstm
from course_utils.rivals.evidence import (
    WEIGHTS,
    log_ratios,
    mixed_probabilities,
    mixing_weight,
    ngram_evidence,
)
import keras
import numpy as np
import pytest


def as_reviews(*lists: list[int]) -> np.ndarray:
    return np.fromiter((np.array(ids, dtype=np.int32) for ids in lists), dtype=object)


@pytest.fixture(scope="module")
def made_up() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 60 reviews of few words, so that triples come again; labels; four folds."""
    random = np.random.default_rng(2026)
    reviews = as_reviews(*(random.integers(4, 10, length) for length in random.integers(1, 30, 60)))
    return reviews, random.integers(0, 2, 60), random.integers(0, 4, 60)


def held(review: np.ndarray, n: int) -> list[tuple[int, ...]]:
    ids = review.tolist()
    return [tuple(ids[start : start + n]) for start in range(len(ids) - n + 1)]


def expected(
    review: np.ndarray, train: np.ndarray, labels: np.ndarray, counted: np.ndarray
) -> list:
    """Write the evidence of one review out, with the counts of the chosen training reviews."""
    rows = [[0.0] * 3 for _ in review]
    for n in (1, 2, 3):
        sets = [set(held(other, n)) for other in train]
        known = {gram for one in sets for gram in one if sum(gram in other for other in sets) >= 2}
        holders = {
            gram: [
                1
                + sum(
                    gram in one
                    for one, y, c in zip(sets, labels, counted, strict=True)
                    if c and y == label
                )
                for label in (0, 1)
            ]
            for gram in known
        }
        totals = [sum(counts[label] for counts in holders.values()) for label in (0, 1)]
        for end, gram in enumerate(held(review, n), start=n - 1):
            if gram in known:
                negative, positive = (holders[gram][label] / totals[label] for label in (0, 1))
                rows[end][n - 1] = math.log(positive / negative)
    return rows


def test_tiny_corpus_by_hand() -> None:
    """Word 5 is in both positive reviews of the other fold; with one added each: 3 of 5, 1 of 3."""
    train = as_reviews([5, 6], [5], [5, 6], [6])
    (own, other) = ngram_evidence(
        train, np.array([1, 1, 0, 1]), np.array([0, 0, 1, 1]), as_reviews([5, 9, 6]), ngrams=1
    )
    # Known: 5 and 6. For fold 1 count fold 0: both positive; 5 is in two of them, 6 in one.
    five, six = math.log(3 / 5) - math.log(1 / 2), math.log(2 / 5) - math.log(1 / 2)
    np.testing.assert_allclose(own[2], [[five], [six]], atol=1e-6)
    np.testing.assert_allclose(own[3], [[six]], atol=1e-6)
    # All: 5 is in two positive reviews and one negative, so is 6; 9 is not known.
    np.testing.assert_allclose(other[0], np.zeros((3, 1)), atol=1e-6)


def test_evidence_is_counted_in_other_folds(made_up: tuple) -> None:
    train, labels, folds = made_up
    others = as_reviews([4, 5, 6, 7, 4], [99, 4, 5], [5])
    own, told = ngram_evidence(train, labels, folds, others)
    for review, steps, fold in zip(train, own, folds, strict=True):
        assert steps.dtype == "float32"
        wanted = expected(review, train, labels, folds != fold)
        np.testing.assert_allclose(steps, wanted, atol=1e-5)
    for review, steps in zip(others, told, strict=True):
        wanted = expected(review, train, labels, folds >= 0)
        np.testing.assert_allclose(steps, wanted, atol=1e-5)
    assert np.abs(np.concatenate(own)).max(axis=0).min() > 0.3


def test_labels_of_its_own_fold_tell_a_review_nothing(made_up: tuple) -> None:
    """Were a review's own label among the counts, a model would read the answer from them."""
    train, labels, folds = made_up
    flipped = np.where(folds == 2, 1 - labels, labels)
    before, other_before = ngram_evidence(train, labels, folds, train[:9])
    after, other_after = ngram_evidence(train, flipped, folds, train[:9])
    for one, two, fold in zip(before, after, folds, strict=True):
        assert np.array_equal(one, two) == (fold == 2)
    assert not np.array_equal(other_before[0], other_after[0])


def test_order_of_the_reviews_is_free(made_up: tuple) -> None:
    train, labels, folds = made_up
    order = np.random.default_rng(1).permutation(len(train))
    (before,) = ngram_evidence(train, labels, folds)
    (after,) = ngram_evidence(train[order], labels[order], folds[order])
    for number, steps in zip(order, after, strict=True):
        assert np.array_equal(steps, before[number])


def test_film_folds_keep_films_apart_in_the_training_part() -> None:
    """What the notebook gives as folds: nine parts, no film in two of them."""
    labels = course.load_imdb()[1]
    (folds, _), _, _ = course.film_split(course.film_folds(), labels)
    (films, _), _, _ = course.film_split(course.film_ids(), labels)
    assert len(np.unique(folds)) == 9
    assert len(set(zip(films, folds, strict=True))) == len(set(films))


def test_nothing_is_known_of_ngrams_of_one_review() -> None:
    (own,) = ngram_evidence(as_reviews([4, 5, 6], [7]), np.array([0, 1]), np.array([0, 1]))
    assert np.array_equal(own[0], np.zeros((3, 3)))


def test_log_ratios_add_one_to_each_count() -> None:
    ratios = log_ratios(np.array([[0, 3], [3, 1]]))
    wanted = [math.log((4 / 6) / (1 / 5)), math.log((2 / 6) / (4 / 5))]
    np.testing.assert_allclose(ratios, wanted, atol=1e-6)


def test_mixture_averages_log_odds() -> None:
    one, two = np.array([0.9, 0.2]), np.array([0.5, 0.2])
    np.testing.assert_allclose(mixed_probabilities(one, two, 0.5), [0.75, 0.2])
    np.testing.assert_allclose(mixed_probabilities(one, two, 0), one)
    np.testing.assert_allclose(mixed_probabilities(one, two, 1), two)
    sure = np.array([0, 1], dtype="float32")
    assert np.isfinite(np.log(mixed_probabilities(sure, 1 - sure, 0.3))).all()


def test_weight_is_the_best_on_validation() -> None:
    random = np.random.default_rng(2026)
    labels = random.integers(0, 2, 4000)
    noise = random.normal(0, [[1], [2]], (2, 4000))
    good, bad = 1 / (1 + np.exp(-(2 * labels - 1 + noise)))
    assert mixing_weight(labels, good, 0 * good + 0.5) == 0
    assert mixing_weight(labels, 0 * good + 0.5, good) == 1
    weight = mixing_weight(labels, good, bad)
    assert 0 < weight < 0.5
    losses = [
        -np.log(np.where(labels, p, 1 - p)).sum()
        for p in (mixed_probabilities(good, bad, w) for w in WEIGHTS)
    ]
    assert weight == WEIGHTS[np.argmin(losses)]


def test_evidence_lstm_reads_what_is_beside_the_words() -> None:
    """Mean of the evidence of its words times 10; padding counts for nothing.

    In Keras a concatenation with what has no mask has none: padding would be read.
    """
    course.set_seed(2026)
    table = np.random.default_rng(2026).normal(size=(50, 3)).astype("float32")
    model = build_evidence_lstm(table, updates=10, ngrams=2, units=2)
    ids = np.array([[5, 6, 7, 0], [8, 0, 0, 0]], "int32")
    evidence = np.random.default_rng(1).normal(size=(2, 4, 2)).astype("float32")
    evidence[0, 1], evidence[ids == 0] = 0, 0
    alone = model([ids[1:, :1], evidence[1:, :1]]).numpy()
    np.testing.assert_allclose(model([ids, evidence]).numpy()[1:], alone, atol=1e-6)
    weights, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([np.r_[np.zeros((8, 1)), weights[8:]], bias])
    logits = 10 * np.array([evidence[0, :3].mean(axis=0), evidence[1, 0]]) @ weights[8:] + bias
    np.testing.assert_allclose(model([ids, evidence]), 1 / (1 + np.exp(-logits)), atol=1e-6)
    model.layers[-1].set_weights([np.r_[weights[:8], np.zeros((2, 1))], bias])
    told, untold = model.predict([ids, evidence]), model.predict([ids, evidence[:, :, ::-1]])
    assert np.abs(told - untold).min() > 1e-4


def test_evidence_lstm_learns_from_batches() -> None:
    """Words without vectors tell nothing, a tenth of a nat all: batches must keep the pairs."""
    random = np.random.default_rng(2026)
    reviews = as_reviews(
        *(random.integers(4, 50, length) for length in random.integers(2, 30, 400))
    )
    labels = random.integers(0, 2, 400)
    evidence = np.fromiter(
        (
            np.full((len(r), 2), 0.2 * y - 0.1, "float32")
            for r, y in zip(reviews, labels, strict=True)
        ),
        dtype=object,
    )
    course.set_seed(2026)
    batches = course.LengthBatches(reviews, labels, 32, maxlen=20, evidence=evidence)
    model = build_evidence_lstm(np.zeros((50, 4), "float32"), 15 * len(batches), ngrams=2, units=2)
    course.fit(model, batches, epochs=15)
    in_turn = course.LengthBatches(reviews, labels, 32, maxlen=20, shuffle=False, evidence=evidence)
    probabilities = in_turn.in_order(model.predict(in_turn, verbose=0))
    assert np.mean((probabilities > 0.5) == labels) > 0.99


@pytest.mark.parametrize("build", ["pooled", "evidence"])
def test_whole_gradient_is_shortened_to_1(build: str) -> None:
    """Keras' clipnorm would shorten each table of weights by itself."""
    table = np.zeros((9, 2), "float32")
    builds = {"pooled": course.build_pooled_lstm, "evidence": build_evidence_lstm}
    optimizer: keras.optimizers.Optimizer = builds[build](table, 10).optimizer
    gradients = [keras.ops.convert_to_tensor([3.0, 4.0]), keras.ops.convert_to_tensor([12.0])]
    clipped = np.concatenate([np.array(one) for one in optimizer._clip_gradients(gradients)])
    np.testing.assert_allclose(clipped, np.array([3, 4, 12]) / 13, atol=1e-6)


X, Y, FOLDS = as_reviews([4, 5], [5], [6]), np.array([0, 1, 1]), np.array([1, 2, 2])


@pytest.mark.parametrize(
    ("function", "arguments", "sentence"),
    [
        (ngram_evidence, (X, Y[:2], FOLDS), "There are 3 training reviews and 2 labels"),
        (ngram_evidence, (X, Y, FOLDS[:2]), r"3 training reviews, and folds of shape \(2,\)"),
        (ngram_evidence, (X, Y, FOLDS, X[:0]), "give at least one review of ids"),
        (ngram_evidence, (X, Y + 1, FOLDS), "training labels hold 2: give 0"),
        (ngram_evidence, (X, Y, [7, 7, 7]), "All reviews are in fold 7: give at least two"),
        (mixed_probabilities, (Y, Y, 1.1), "weight is 1.1: give a number from 0 to 1"),
        (mixed_probabilities, (Y, Y[:2], 0.5), r"have shapes \(3,\) and \(2,\): give both"),
        (build_evidence_lstm, (Y, 10), r"word_vectors have shape \(3,\): give a table"),
    ],
)
def test_refuses_in_one_sentence(function: object, arguments: tuple, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        function(*arguments)


@pytest.mark.parametrize("ngrams", [0, 4, 1.5, True])
def test_refuses_ngrams(ngrams: object) -> None:
    with pytest.raises(ValueError, match="ngrams is"):
        ngram_evidence(X, Y, FOLDS, ngrams=ngrams)
