"""Exercises of notebook 2: what is right, and typical mistakes with their hints."""

from typing import Any

from course_utils.exercises.judging import as_model, exercise, function_hint, number_hint
from course_utils.exercises.references import review_lengths
import numpy as np


@exercise("2.2", "A band half as wide costs four times as many reviews.")
def _reviews_to_tell_from_a_coin(answer: Any) -> str | None:
    sizes = np.arange(1, 100_000)
    enough = sizes[3 * np.sqrt(0.25 / sizes) < 0.04]
    exact = 0.25 * (3 / 0.04) ** 2
    return number_hint(
        answer,
        enough[0],
        [
            ("That many is exact, but reviews are whole: round, and mind the direction.", exact),
            ("One more: with so many, 0.54 still lies inside the band.", enough[0] - 1),
            ("That is for a single deviation; the band is three wide.", np.ceil(exact / 9)),
            ("That is for the deviation without the factor 0.25.", 4 * exact),
            (
                "The square is missing: the number of reviews stands under a root.",
                np.ceil(0.5 * 3 / 0.04),
            ),
            (
                "The accuracy itself went into the formula: its distance from 0.50 is meant.",
                np.ceil(0.25 * (3 / 0.54) ** 2),
            ),
        ],
    )


@exercise("2.4", "A masked step hands the state on untouched, wherever the padding stands.")
def _mask_by_hand(answer: Any) -> str | None:
    import keras

    numbers = np.random.default_rng(2026)
    weights = [numbers.normal(size=shape) for shape in ((3, 4), (4, 4), (4,))]
    masks = [[True] * 3 + [False] * 3, [False] * 2 + [True] * 4, [True, False, True, True, False]]
    cases = [(numbers.normal(size=(len(mask), 3)), np.array(mask), *weights) for mask in masks]

    def keras_state(vectors: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
        layer = keras.layers.SimpleRNN(4)
        layer.build((1, None, 3))
        layer.set_weights(weights)
        mask = np.ones(len(vectors), bool) if mask is None else mask
        return np.asarray(layer(vectors[np.newaxis], mask=mask[np.newaxis]))[0]

    def last_state_set_to_zero(mask: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        after_gap = vectors[np.flatnonzero(~mask).max(initial=-1) + 1 :]
        return keras_state(after_gap, None) if len(after_gap) else np.zeros(4)

    return function_hint(
        answer,
        cases,
        lambda vectors, mask, *_: keras_state(vectors, mask),
        [
            (
                "That is the state without a mask: the masked steps still change it.",
                lambda vectors, mask, *_: keras_state(vectors, None),
            ),
            (
                "You set masked vectors to zero, but the step is still taken: skip the whole "
                "update.",
                lambda vectors, mask, *_: keras_state(vectors * mask[:, np.newaxis], None),
            ),
            (
                "At a masked step you set the state to zero: keep the one before.",
                lambda vectors, mask, *_: last_state_set_to_zero(mask, vectors),
            ),
            (
                "You stop at the first masked step. With zeros before the words, no word is read.",
                lambda vectors, mask, *_: (
                    np.zeros(4)
                    if not mask[0]
                    else keras_state(vectors[: np.flatnonzero(~mask)[0]], None)
                ),
            ),
        ],
    )


@exercise("2.5", "A model that cannot learn a few reviews by heart will not learn from many.")
def _learn_by_heart(answer: Any) -> str | None:
    from course_utils.imdb import load_imdb
    from course_utils.padding import pad_reviews

    model = as_model(answer)
    reviews, labels = load_imdb(num_words=5000)
    few = np.flatnonzero(review_lengths() <= 100)[:32]
    answers = np.asarray(model.predict(pad_reviews(reviews[few])))
    if answers.size != len(few):
        return f"The model's output has shape {answers.shape}: one probability a review is wanted."
    answers = answers.ravel()
    if not np.isfinite(answers).all():
        return (
            "Some of its answers are no numbers (nan): build it anew, and train with smaller steps."
        )
    right = np.mean((answers > 0.5) == labels[few])
    if right > 0.9:
        return None
    known = f"The model has {right:.0%} of the 32 reviews right. "
    if np.std(answers) < 0.1:
        return known + "It answers nearly the same to all: does it read beyond the zeros (mask)?"
    return known + "It tells them apart, but not yet well: give it more epochs."
