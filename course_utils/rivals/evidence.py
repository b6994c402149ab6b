"""Evidence in nats: what each n-gram of a review tells of its class, and how two models' adds up.

An n-gram is a run of n words. It is kept as one whole number, made of the ids of its words.
"""

from itertools import pairwise

from course_utils.arguments import whole_number
from course_utils.given import as_labels, as_reviews, by_place
import numpy as np

LONGEST = 3
"""Words in an n-gram, at most: their ids, of 20 bits each, fit into one number."""
LEAST_REVIEWS = 2
"""N-grams of fewer training reviews are left out."""
WEIGHTS = np.linspace(0, 1, 21)
"""What `mixing_weight` tries."""
_BITS = 20


def ngram_evidence(
    train_reviews: np.ndarray,
    labels: np.ndarray,
    folds: np.ndarray,
    *other_reviews: np.ndarray,
    ngrams: int = LONGEST,
) -> list[np.ndarray]:
    """Tell at each time step what the word, the pair and the triple that end there speak for.

    That is the log-ratio of each n-gram, as `log_ratios` counts it in the training reviews; 0 for
    an n-gram that fewer than two of them hold. A training review's own fold is left out of the
    counts: those that hold the review itself would tell its label.
    train_reviews: object array (reviews,) of int id arrays; labels: (reviews,), 0 or 1; folds:
    (reviews,), such as `film_folds` deals, so that no film is in two. other_reviews: more reviews,
    about other films; for them all training reviews count. ngrams: up to so many words, at most 3.
    Returns an object array for each list of reviews, of float32 (time steps, ngrams), in nats.
    Raises ValueError for an empty list, labels or folds that do not fit, a single fold, or unusable
    ngrams.
    Source: Wang and Manning, "Baselines and Bigrams", ACL 2012; left-out folds as in Wolpert,
    "Stacked Generalization", Neural Networks 1992.
    Introduced in notebook 4, "The contest".
    """
    ngrams = whole_number("ngrams", ngrams, most=LONGEST)
    train_reviews, *other_reviews = (
        as_reviews("reviews", reviews) for reviews in (train_reviews, *other_reviews)
    )
    labels, folds = as_labels(labels, len(train_reviews), "training "), by_place("folds", folds)
    if folds.shape != labels.shape:
        raise ValueError(
            f"There are {len(train_reviews)} training reviews, and folds of shape {folds.shape}: "
            "give one fold for each."
        )
    names, fold_of = np.unique(folds, return_inverse=True)
    if len(names) == 1:
        raise ValueError(f"All reviews are in fold {names[0]}: give at least two folds.")
    told = [[] for _ in (train_reviews, *other_reviews)]
    for n in range(1, ngrams + 1):
        known = known_ngrams(train_reviews, n)
        rows, places = held_ngrams(train_reviews, known, n)
        of_fold = (fold_of[rows] == fold for fold in range(len(names)))
        by_fold = [count_reviews(places[own], labels[rows[own]], known) for own in of_fold]
        counts = sum(by_fold)
        without = np.array([_or_nothing(log_ratios(counts - own)) for own in by_fold])
        steps_fold = np.repeat(fold_of, _lengths(train_reviews))
        told[0].append(without[steps_fold, find_ngrams(train_reviews, known, n)])
        for steps, reviews in zip(told[1:], other_reviews, strict=True):
            steps.append(_or_nothing(log_ratios(counts))[find_ngrams(reviews, known, n)])
    return [
        _by_review(np.stack(steps, axis=1), reviews)
        for steps, reviews in zip(told, (train_reviews, *other_reviews), strict=True)
    ]


def log_ratios(counts: np.ndarray) -> np.ndarray:
    """Compare shares: ln of each n-gram's share among positive over negative reviews, in nats.

    counts: (2, n-grams), of how many negative and how many positive reviews hold each; one is added
    to each, so that what was never seen tells next to nothing. Returns float32 (n-grams,).
    Source: Wang and Manning, "Baselines and Bigrams", ACL 2012.
    Introduced in notebook 1, "Bags of words and pairs".
    """
    negative, positive = np.asarray(counts) + 1
    ratios = np.log(positive / positive.sum()) - np.log(negative / negative.sum())
    return ratios.astype("float32")


def mixed_probabilities(
    probabilities: np.ndarray, other_probabilities: np.ndarray, weight: float
) -> np.ndarray:
    """Let two models judge together: their evidence, as log-odds, is averaged.

    Log-odds (logits) are ln(p / (1 - p)); the other model's count with `weight`, from 0 to 1, the
    first model's with 1 - weight.
    probabilities, other_probabilities: of "positive", of the same reviews, fractions, (reviews,).
    Returns float64 (reviews,). Raises ValueError for another weight, or shapes that differ.
    Introduced in notebook 4, "The contest".
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"weight is {weight!r}: give a number from 0 to 1.")
    if np.shape(probabilities) != np.shape(other_probabilities):
        raise ValueError(
            f"The probabilities have shapes {np.shape(probabilities)} and "
            f"{np.shape(other_probabilities)}: give both models' of the same reviews."
        )
    log_odds = (1 - weight) * _log_odds(probabilities) + weight * _log_odds(other_probabilities)
    return 1 / (1 + np.exp(-log_odds))


def mixing_weight(
    labels: np.ndarray, probabilities: np.ndarray, other_probabilities: np.ndarray
) -> float:
    """Choose the weight of `mixed_probabilities`, on reviews that neither trained nor test.

    Of 0, 0.05, ..., 1 the one with the lowest cross-entropy: it changes smoothly with the weight,
    where the accuracy jumps with each review.
    labels: 0 or 1, (reviews,); else as `mixed_probabilities`, which also says what is raised.
    Introduced in notebook 4, "The contest".
    """
    labels, losses = as_labels(labels, np.size(probabilities)), []
    for weight in WEIGHTS:
        mixed = np.ravel(mixed_probabilities(probabilities, other_probabilities, weight))
        losses.append(cross_entropy(labels, mixed))
    return float(WEIGHTS[np.argmin(losses)])


def cross_entropy(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Return the binary cross-entropy of probabilities of "positive", in nats per review."""
    return float(-np.log(np.where(labels == 1, probabilities, 1 - probabilities)).mean())


def known_ngrams(reviews: np.ndarray, n: int) -> np.ndarray:
    """Return the n-grams that at least two reviews hold, ascending; int64 (known n-grams,)."""
    keys = _ngrams(reviews, n)
    once = np.concatenate([np.unique(of_review) for of_review in _by_review(keys, reviews)])
    ngrams, reviews_with = np.unique(once, return_counts=True)
    return ngrams[(reviews_with >= LEAST_REVIEWS) & (ngrams >= 0)]


def find_ngrams(reviews: np.ndarray, known: np.ndarray, n: int) -> np.ndarray:
    """Return where among the known ones the n-gram stands that ends at each time step.

    int64 (time steps of all reviews,), laid end to end; len(known) for an unknown one.
    """
    keys = _ngrams(reviews, n)
    places = np.searchsorted(known, keys)
    return np.where(np.append(known, -2)[places] == keys, places, len(known))


def held_ngrams(reviews: np.ndarray, known: np.ndarray, n: int) -> np.ndarray:
    """Return each known n-gram that a review holds, once: reviews and places, int64 (2, pairs)."""
    once = [np.unique(own) for own in _by_review(find_ngrams(reviews, known, n), reviews)]
    rows, places = np.repeat(np.arange(len(once)), _lengths(once)), np.concatenate(once)
    return np.array([rows, places])[:, places < len(known)]


def count_reviews(places: np.ndarray, labels: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Count the negative and the positive reviews that hold each known n-gram.

    places: as `held_ngrams` gives them; labels: of the reviews that hold them, (pairs,).
    Returns int64 (2, known n-grams), as `log_ratios` takes it.
    """
    of_class = (places[labels == label] for label in (0, 1))
    return np.array([np.bincount(held, minlength=len(known)) for held in of_class])


def _ngrams(reviews: np.ndarray, n: int) -> np.ndarray:
    """Return the n-gram that ends at each time step of all reviews, laid end to end.

    int64 (time steps of all reviews,); -1 where a review has fewer than n words so far.
    """
    ids = np.concatenate(reviews).astype(np.int64)
    keys = ids.copy()
    for back in range(1, n):
        keys[back:] += ids[:-back] << (_BITS * back)
    lengths = _lengths(reviews)
    step = np.arange(len(ids)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    keys[step < n - 1] = -1
    return keys


def _or_nothing(ratios: np.ndarray) -> np.ndarray:
    """Append the 0 nats of an n-gram that is not known."""
    return np.append(ratios, np.float32(0))


def _lengths(reviews: np.ndarray) -> np.ndarray:
    return np.array([len(review) for review in reviews])


def _by_review(steps: np.ndarray, reviews: np.ndarray) -> np.ndarray:
    """Cut what was laid end to end into one array for each review."""
    ends = np.cumsum([0, *_lengths(reviews)]).tolist()
    return np.fromiter((steps[start:end] for start, end in pairwise(ends)), dtype=object)


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Return ln(p / (1 - p)); a float32 of 0 or 1 counts as one in ten million away from it."""
    sure = np.clip(np.asarray(probabilities, dtype="float64"), 1e-7, 1 - 1e-7)
    return np.log(sure) - np.log1p(-sure)
