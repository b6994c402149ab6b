"""The challenge scores what it is given, on reviews set apart, and counts the tries."""

from collections.abc import Callable
from pathlib import Path
import re

from course_utils import (
    build_lstm,
    film_split,
    load_imdb,
    pad_reviews,
    submit,
    sweep_accuracies,
)
from course_utils.exercises import challenge
from course_utils.exercises.challenge import TRIES, challenge_reviews, score
from course_utils.exercises.check import hand_answers_to
from course_utils.exercises.notes import noted
from course_utils.live import LiveDisplay
import keras
import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("path")

REVIEWS = 5000


def right_on(share: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return a reader that knows the labels of so many reviews, and is wrong on the others."""
    reviews, labels = challenge_reviews()
    known = {row.tobytes(): label for row, label in zip(reviews, labels, strict=True)}
    wrong = {row.tobytes() for row in reviews[: round((1 - share) * REVIEWS)]}

    def reader(ids: np.ndarray) -> np.ndarray:
        return np.array([known[row.tobytes()] ^ (row.tobytes() in wrong) for row in ids])

    return reader


def test_reviews_are_of_films_that_training_and_validation_never_saw() -> None:
    """They are of the half that `film_split` tests on, half of them positive, padded as taught."""
    reviews, labels = load_imdb()
    _, _, (x_test, y_test) = film_split(pad_reviews(reviews), labels)
    to_test = {(row.tobytes(), label) for row, label in zip(x_test, y_test, strict=True)}
    chosen, truth = challenge_reviews()
    assert chosen.shape == (REVIEWS, 500)
    assert truth.sum() == REVIEWS / 2
    assert {(row.tobytes(), label) for row, label in zip(chosen, truth, strict=True)} <= to_test


@pytest.mark.parametrize("share", [0, 0.25, 0.9, 1])
def test_score_counts_right_answers(share: float) -> None:
    assert score(right_on(share)) == pytest.approx(share * REVIEWS, abs=20)


def test_model_reads_only_ids_that_its_embedding_knows() -> None:
    """Also one that holds another model; others are 2, as `load_imdb` gives them."""
    inner = build_lstm(num_words=50, embedding_dim=2, units=2)
    nested = keras.Sequential([keras.Input((None,), dtype="int32"), inner])
    ids = challenge_reviews()[0][:7]
    expected = np.asarray(inner(np.where(ids < 50, ids, 2)))
    for model in (inner, nested):
        assert np.allclose(challenge.as_reader(model)(ids), expected, atol=1e-6)


def test_tries_are_counted_and_compared(capsys: pytest.CaptureFixture) -> None:
    """With the rivals of the sweep; the interval decides what is above and what is below."""
    submit(right_on(0.89))
    told = capsys.readouterr().out
    right = noted("try", "reader")[0]
    assert f"Try 1 of {TRIES}, reader: {right:,} of 5,000 reviews right, {right / 5000:.3f}" in told
    rival = np.median([*sweep_accuracies("pooled_lstm", "whole").values()])
    assert re.search(rf"pooled LSTM +{rival:.3f}  your last try is above it", told)
    assert re.search(r"both together +0.915  your last try is below it", told)
    submit(right_on(0.9))
    told = capsys.readouterr().out
    assert re.search(r"LSTM that reads evidence +0.906  too close to your last try to say", told)
    assert told.count("try 1: reader") == told.count("try 2: reader") == 1


def test_number_of_tries_is_fixed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Then a model is not even asked. A model that cannot be asked, or is none, costs no try."""
    asked = []
    monkeypatch.setattr(challenge, "score", lambda reader: asked.append(reader) or len(asked))
    submit(...)
    submit("lstm")
    for _ in range(TRIES + 2):
        submit(right_on(0.9))
    told = capsys.readouterr().out
    assert len(asked) == TRIES
    assert noted("try", "reader") == [1, 2, 3, 4, 5]
    assert told.startswith("No model yet")
    assert told.count(f"Your {TRIES} tries are used: this model was not scored. Try 5 of 5") == 2


def raising(ids: np.ndarray) -> np.ndarray:
    raise ValueError("a \x1b[1mred\x1b[0m\nword")


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (7, "What you submit is of type int: give a Keras model, or a function"),
        (raising, "Given padded reviews of shape (250, 500), your model raised ValueError"),
        (lambda ids: ids, "For 250 reviews your model gives numbers of shape (250, 500)"),
        (lambda ids: ids[:, 0] * np.nan, "Your model gives numbers from nan to nan"),
        (
            lambda ids: np.full(250, -2.5),
            "Your model gives numbers from -2.5 to -2.5: probabilities",
        ),
        (lambda ids: "positive", "your model raised ValueError"),
    ],
)
def test_model_that_cannot_be_scored_gets_one_sentence_and_costs_no_try(
    model: object, sentence: str, capsys: pytest.CaptureFixture, path: Path
) -> None:
    submit(model)
    told = capsys.readouterr().out
    assert sentence in told
    assert told.count("\n") == 1
    assert not path.exists()


def test_grading_gets_a_reader_that_it_can_score(path: Path) -> None:
    """Instead of a number that a submission says of itself; the tries are nobody's but its own."""
    handed = []
    hand_answers_to(lambda *answer: handed.append(answer))
    try:
        submit(right_on(0.9))
    finally:
        hand_answers_to(None)
    ((name, reader),) = handed
    assert name == "challenge"
    assert score(reader) == pytest.approx(0.9 * REVIEWS, abs=20)
    assert not path.exists()


def test_slow_model_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """After two seconds, and a quick one says nothing."""
    lines = []
    monkeypatch.setattr(LiveDisplay, "show", lambda _, line: lines.append(line))
    score(right_on(1))
    assert lines == []
    monkeypatch.setattr(challenge, "SECONDS_WITHOUT_NEWS", 0)
    score(right_on(1))
    assert len(lines) == REVIEWS / 250
    assert lines[0].startswith("250 of 5,000 reviews; about ")
    assert lines[-1] == "5,000 of 5,000 reviews; about 0 s left"
