"""Each review is about the film it names, and no cut through the reviews tears a film apart."""

import hashlib

import course_utils as course
from course_utils import films
import numpy as np
import pytest

LISTED = "3b17e599ce8891bb2c1e001738e5233ad5d9ff58ac7c9275bd8f499d0557054f"
SEEDS = [2026, 0, 1, 77]
LEADS = {
    "matuschek": ("tt0033045", 10),  # The Shop Around the Corner
    "krell": ("tt0049223", 17),  # Forbidden Planet
    "ratso": ("tt0064665", 22),  # Midnight Cowboy, once of another film
    "torrance": ("tt0081505", 9),  # The Shining
    "endor": ("tt0086190", 14),  # Return of the Jedi
    "pazu": ("tt0092067", 15),  # Castle in the Sky
    "gentileschi": ("tt0123385", 8),  # Artemisia
}
"""Who and what occurs in one film alone: its title id, and how many of its reviews say so."""


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    return course.load_imdb()[1]


def test_list_of_films_is_the_one_that_was_checked() -> None:
    assert hashlib.sha256(films.FILMS.read_bytes()).hexdigest() == LISTED


def test_as_many_films_as_the_data_set_has(labels: np.ndarray) -> None:
    """At most 30 reviews of a film, say its authors, in the training and test split together."""
    positive, negative = (set(course.film_ids()[labels == label]) for label in (1, 0))
    assert [len(positive), len(negative)] == [1_390, 2_957]
    assert [len(positive | negative), len(positive & negative)] == [3_456, 891]
    assert np.unique(course.film_ids(), return_counts=True)[1].max() == 30


@pytest.mark.parametrize("label", [0, 1])
def test_files_of_a_film_are_neighbours(label: int, labels: np.ndarray) -> None:
    """In each class a film is one run of file numbers: where it ends, it never begins again."""
    of_class = labels == label
    by_file = course.film_ids()[of_class][np.argsort(course.file_numbers()[of_class])]
    runs = 1 + np.count_nonzero(by_file[1:] != by_file[:-1])
    assert runs == len(set(by_file))


@pytest.mark.parametrize("word", LEADS)
def test_reviews_that_name_a_films_lead_are_about_it(word: str) -> None:
    number, (film, count) = course.get_word_index()[word] + 3, LEADS[word]
    named = [number in review for review in course.load_imdb()[0]]
    ids, counts = np.unique(course.film_ids()[named], return_counts=True)
    assert dict(zip(ids, counts, strict=True))[film] == count >= sum(named) - 1


@pytest.mark.parametrize("seed", SEEDS)
def test_folds_are_equal_and_whole_films(seed: int, labels: np.ndarray) -> None:
    folds = course.film_folds(seed)
    assert np.bincount(folds).tolist() == [1_250] * 20
    assert np.bincount(folds, weights=labels).tolist() == [625] * 20
    assert len(set(zip(course.film_ids(), folds, strict=True))) == 3_456


@pytest.mark.parametrize("seed", SEEDS)
def test_split_keeps_films_whole_classes_equal_and_keras_order(
    seed: int, labels: np.ndarray
) -> None:
    parts = course.film_split(np.arange(25_000), labels, seed)
    places = [places for places, _ in parts]
    assert [len(part) for part in places] == [11_250, 1_250, 12_500]
    assert np.array_equal(np.sort(np.concatenate(places)), np.arange(25_000))
    for part, truth in parts:
        assert (np.diff(part) > 0).all()
        assert np.array_equal(truth, labels[part])
        assert truth.sum() * 2 == len(part)
    in_parts = [set(course.film_ids()[part]) for part in places]
    assert sum(map(len, in_parts)) == len(set.union(*in_parts)) == 3_456


def test_seed_decides_the_cut() -> None:
    first, again, *others = (course.film_folds(seed) for seed in (2026, 2026, 2025, 1))
    assert np.array_equal(first, again)
    assert np.array_equal(first, course.film_folds())
    for other in others:
        assert np.mean(first == other) < 0.1  # by chance 1 of 20


def test_a_cut_by_file_number_shares_films(labels: np.ndarray) -> None:
    """What this course did first: the numbers of both classes run over the same films apart.

    Of the 6,250 positive reviews behind the cut, 4,343 were about a film in front of it.
    """
    before, film = course.file_numbers() < 6_250, course.film_ids()
    shared = np.isin(film, film[before]) & ~before & (labels == 1)
    assert [np.sum(~before & (labels == 1)), shared.sum()] == [6_250, 4_343]
