"""Which film each review is about, and cuts through the reviews that keep each film whole."""

import csv
import functools
from pathlib import Path

from course_utils.imdb import Part, all_reviews, file_numbers
from course_utils.seeds import COURSE_SEED
from course_utils.source.rebuild import FILES_PER_CLASS, keras_order
import numpy as np

FILMS = Path(__file__).with_name("films.csv")
"""For each run of files their film, as IMDB's title id: the data set's own list of addresses."""
FOLDS = 20
"""Parts of equal size into which the films are dealt: 10 to test, 1 to validate, 9 to train."""


@functools.cache
def film_ids() -> np.ndarray:
    """Return the film of each review, as IMDB's title id such as "tt0406816", in Keras' order.

    str (25000,); 3,456 films, 891 of which have reviews in both classes.
    Source: the lists of addresses that come with the data set (Maas et al. 2011), shortened to runs
    of files.
    Introduced in notebook 1, "Who shares a film?".
    """
    with FILMS.open(encoding="utf-8", newline="") as file:
        runs = sorted(
            (run["label"] == "0", int(run["first_file"]), run["film"], int(run["reviews"]))
            for run in csv.DictReader(file)
        )
    by_file = np.repeat([run[2] for run in runs], [run[3] for run in runs])
    is_negative = keras_order() >= FILES_PER_CLASS
    films = by_file[file_numbers() + FILES_PER_CLASS * is_negative]
    films.flags.writeable = False
    return films


def film_folds(seed: int = COURSE_SEED) -> np.ndarray:
    """Deal whole films into 20 parts of equal size, each half positive; int64 (25000,), 0 to 19.

    The films with most reviews are dealt first, those with equally many in an order that the seed
    decides; each goes to the part that so far holds least of the classes that it brings.
    Introduced in notebook 1, "Who shares a film?".
    """
    names, film = np.unique(film_ids(), return_inverse=True)
    positive = keras_order() < FILES_PER_CLASS
    sizes = np.array([np.bincount(film, weights=part) for part in (~positive, positive)]).T
    shuffled = np.random.default_rng(seed).permutation(len(names))
    dealt = np.zeros((FOLDS, 2))
    fold_of = np.empty(len(names), dtype=np.int64)
    for number in shuffled[np.argsort(-sizes[shuffled].sum(axis=1), kind="stable")]:
        fold_of[number] = np.argmin(dealt @ sizes[number])
        dealt[fold_of[number]] += sizes[number]
    return fold_of[film]


def film_split(
    reviews: np.ndarray, labels: np.ndarray, seed: int = COURSE_SEED
) -> tuple[Part, Part, Part]:
    """Cut the reviews in two halves that share no film: one to test, one to train and validate.

    reviews: all 25,000, as ids or padded, in Keras' order; labels: (25000,) int8. seed: which cut.
    Returns (x_train, y_train), (x_val, y_val), (x_test, y_test), about 11,250, 1,250 and 12,500
    reviews in Keras' order, each half positive; no two of them share a film.
    Raises ValueError unless all 25,000 are given: films follow from their position.
    Introduced in notebook 1, "Who shares a film?".
    """
    reviews, labels = all_reviews(reviews, labels)
    folds = film_folds(seed)
    parts = folds > FOLDS // 2, folds == FOLDS // 2, folds < FOLDS // 2
    train, val, test = ((reviews[part], labels[part]) for part in parts)
    return train, val, test
