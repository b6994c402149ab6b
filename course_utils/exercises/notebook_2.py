"""Exercises of notebook 2: what is right, and typical mistakes with their hints."""

from collections.abc import Callable
import itertools
from typing import Any

from course_utils.exercises.cases import growing, halves
from course_utils.exercises.judging import (
    ERROR,
    Hint,
    ModelAnswer,
    as_model,
    exercise,
    function_hint,
    number_hint,
)
from course_utils.exercises.references import review_lengths
from course_utils.exercises.wording import describe_error
import numpy as np


@exercise("2.2", "A band half as wide costs four times as many reviews.")
def _reviews_to_tell_from_a_coin(answer: Any) -> Hint | str | None:
    sizes = np.arange(1, 100_000)
    enough = sizes[3 * np.sqrt(0.25 / sizes) < 0.04]
    exact = 0.25 * (3 / 0.04) ** 2
    percent = "Four percent is 0.04, and the deviation is a share, too."
    two_wide = "That is for two deviations; the band is three wide."
    square = "The square is missing: the number of reviews stands under a root."
    of_accuracy = "The deviation is that of a coin: p is 0.5, not the model's accuracy."
    return number_hint(
        answer,
        enough[0],
        [
            ("That many is exact, but reviews are whole: round, and mind the direction.", exact),
            ("One more: with so many, 0.54 still lies inside the band.", enough[0] - 1),
            ("Nearly: a smaller number is outside of the band, too.", enough[0] + 1),
            ("That is for a single deviation; the band is three wide.", exact / 9),
            (two_wide, exact * 4 / 9),
            ("That is for 1.96 deviations; the band is three wide.", exact * 1.96**2 / 9),
            ("That is for the deviation without the factor 0.25.", 4 * exact),
            ("The deviation is the root of 0.25/N, so 0.25 stays as it is.", 2 * exact),
            (square, 0.5 * 3 / 0.04),
            (square, 0.25 * 3 / 0.04),
            (square, 3 / 0.04),
            ("The 3 stands before the root: it is squared, too.", exact / 3),
            (
                "The accuracy itself went into the formula: its distance from 0.50 is meant.",
                0.25 * (3 / 0.54) ** 2,
            ),
            (of_accuracy, 0.54 * 0.46 * (3 / 0.04) ** 2),
            ("0.54 is 0.04 from the middle of the band, not 0.08.", exact / 4),
            (percent, 0.25 * (3 / 4) ** 2),
            ("On 500 reviews it lies inside: more are wanted.", 500),
        ],
    )


@exercise("2.4", "A masked step hands the state on untouched, wherever the padding stands.")
def _mask_by_hand(answer: Any) -> Hint | None:
    import keras

    def draw(numbers: np.random.Generator, size: int) -> tuple:
        units = 1 + size // 2
        weights = [halves(numbers, *shape) for shape in ((size, units), (units, units), (units,))]
        mask = numbers.permutation([True, False, *(numbers.random(size - 1) < 0.6)])
        return halves(numbers, size + 1, size), mask, *(weight / units for weight in weights)

    def reference(
        vectors: np.ndarray,
        mask: np.ndarray,
        kernel: np.ndarray,
        recurrent_kernel: np.ndarray,
        bias: np.ndarray,
    ) -> np.ndarray:
        layer = keras.layers.SimpleRNN(len(bias))
        layer.build((1, None, len(kernel)))
        layer.set_weights([kernel, recurrent_kernel, bias])
        return np.asarray(layer(vectors[np.newaxis], mask=mask[np.newaxis]))[0]

    def without_mask(vectors: np.ndarray, mask: np.ndarray, *weights: np.ndarray) -> np.ndarray:
        return reference(vectors, np.ones(len(vectors), bool), *weights)

    def part(choose: Callable[[np.ndarray], np.ndarray | slice]) -> Callable:
        def state(vectors: np.ndarray, mask: np.ndarray, *weights: np.ndarray) -> np.ndarray:
            chosen = vectors[choose(mask)]
            if not len(chosen):
                return np.zeros(len(weights[2]))
            return without_mask(chosen, mask, *weights)

        return state

    def steps(
        activation: Callable = np.tanh, start: float = 0, every: bool = False, masked: float = 1
    ) -> Callable:
        def state(vectors: np.ndarray, mask: np.ndarray, *weights: np.ndarray) -> np.ndarray:
            kernel, recurrent_kernel, bias = weights
            state, states = np.full(len(bias), float(start)), []
            for vector, counts in zip(vectors, mask, strict=True):
                after = activation(vector @ kernel + state @ recurrent_kernel + bias)
                state = after if counts else masked * state
                states.append(state)
            return np.array(states) if every else state

        return state

    def changed(*factors: float, transposed: bool = False) -> Callable:
        def state(vectors: np.ndarray, mask: np.ndarray, *weights: np.ndarray) -> np.ndarray:
            kernel, recurrent_kernel, bias = (
                factor * weight for factor, weight in zip(factors, weights, strict=True)
            )
            turned = recurrent_kernel.T if transposed else recurrent_kernel
            return reference(vectors, mask, kernel, turned, bias)

        return state

    def stepping(step: Callable) -> Callable:
        """Take each step that counts by another rule: the words' part, the state's, the bias."""

        def state(
            vectors: np.ndarray,
            mask: np.ndarray,
            kernel: np.ndarray,
            recurrent_kernel: np.ndarray,
            bias: np.ndarray,
        ) -> np.ndarray:
            state = np.zeros(len(bias))
            for vector in vectors[mask]:
                state = step(vector @ kernel, state, state @ recurrent_kernel, bias)
            return state

        return state

    def last_of_run(mask: np.ndarray) -> slice:
        return slice(np.flatnonzero(~mask).max(initial=-1) + 1, None)

    def until_masked(mask: np.ndarray) -> slice:
        return slice(np.flatnonzero(~mask).min(initial=len(mask)))

    return function_hint(
        answer,
        growing(draw, range(1, 6), each=2),
        reference,
        [
            (
                "That is the state without a mask: the masked steps still change it.",
                without_mask,
            ),
            (
                "The tanh is taken of the sum: the word's part, the state's part and the bias.",
                stepping(lambda word, old, of_state, bias: np.tanh(word) + of_state + bias),
            ),
            (
                "The new state takes the place of the old one: it is not added to it.",
                stepping(lambda word, old, of_state, bias: old + np.tanh(word + of_state + bias)),
            ),
            (
                "The bias is added twice: once for a step is enough.",
                stepping(lambda word, old, of_state, bias: np.tanh(word + of_state + 2 * bias)),
            ),
            (
                "You set masked vectors to zero, but the step is still taken: skip the whole "
                "update.",
                lambda vectors, mask, *weights: without_mask(
                    vectors * mask[:, np.newaxis], mask, *weights
                ),
            ),
            (
                "At a masked step you set the state to zero: keep the one before.",
                part(last_of_run),
            ),
            (
                "You stop at the first masked step. With zeros before the words, no word is read.",
                part(until_masked),
            ),
            (
                "You read as many steps as there are words, from the first one: masked steps may "
                "stand anywhere.",
                part(lambda mask: slice(mask.sum())),
            ),
            (
                "The mask is turned around: True is where a word is.",
                part(np.logical_not),
            ),
            ("The words are read in reverse.", part(lambda mask: np.flatnonzero(mask)[::-1])),
            ("The bias is missing.", changed(1, 1, 0)),
            ("The old state is missing, so only the last word counts.", changed(1, 0, 1)),
            ("The words are missing: multiply each by the kernel.", changed(0, 1, 1)),
            (
                "The recurrent kernel is turned around: the state stands before it.",
                changed(1, 1, 1, transposed=True),
            ),
            ("The tanh is missing.", steps(activation=lambda z: z)),
            ("A SimpleRNN takes the tanh, not the sigmoid.", steps(lambda z: 1 / (1 + np.exp(-z)))),
            ("A SimpleRNN takes the tanh, not the relu.", steps(lambda z: np.maximum(z, 0))),
            ("The state before the first word is zero, not one.", steps(start=1)),
            ("Those are the states after all steps: the last one is wanted.", steps(every=True)),
        ],
    )


ENOUGH_BY_HEART = 0.9
"""A larger share of the reviews must be right."""


@exercise("2.5", "A model that cannot learn a few reviews by heart will not learn from many.")
def _learn_by_heart(answer: Any) -> Hint | str | None:
    from course_utils.imdb import load_imdb

    model = as_model(answer)
    kinds = {kind for kind, *_ in model.recurrent()}
    if not kinds:
        return "It holds no recurrent layer: train a SimpleRNN."
    if others := sorted(kinds - {"SimpleRNN"}):
        text = f"It holds {', '.join(others)}: train a model of SimpleRNN layers."
        return Hint("a recurrent layer of another kind", text)
    reviews, labels = load_imdb(num_words=5000)
    few = np.flatnonzero(review_lengths() <= 100)[:32]
    return _by_heart_hint(model, reviews[few], labels[few])


def _by_heart_hint(
    model: ModelAnswer, reviews: np.ndarray, labels: np.ndarray
) -> Hint | str | None:
    """Try the rows that a student may have trained with; those that fit best count."""
    from course_utils.padding import pad_reviews

    lengths = list(dict.fromkeys([model.row_length() or 500, 100, max(map(len, reviews))]))
    answers, error = {}, ""
    for padding, maxlen in itertools.product(("post", "pre"), lengths):
        try:
            output = np.asarray(model.predict(pad_reviews(reviews, maxlen, padding)))
        except Exception as raised:
            error = error or f"Given the reviews, it raised {describe_error(raised)}."
            continue
        if output.size != len(reviews):
            mistake = "One probability a review is wanted."
            return Hint(mistake, f"The model's output has shape {output.shape}. {mistake}")
        answers[padding, maxlen] = output.ravel()
        if np.mean((output.ravel() > 0.5) == labels) > ENOUGH_BY_HEART:
            return None
    if not answers:
        return Hint(ERROR, error)
    right = {rows: np.mean((given > 0.5) == labels) for rows, given in answers.items()}
    best = max(right, key=right.get)
    with_zeros, without = (answers.get(("post", maxlen)) for maxlen in (lengths[0], lengths[-1]))
    if not np.isfinite(answers[best]).all():
        return "Some of its answers are no numbers: build it anew, and train with smaller steps."
    if right[best] < 0.3:
        mistake = "Its answers are turned around: 1 stands for a positive review."
    elif answers[best].min() < 0 or answers[best].max() > 1:
        mistake = "Its answers leave the range 0 to 1: the last unit needs a sigmoid."
    elif _is_lost(with_zeros, without) and right[best] < right["post", lengths[0]] + 0.15:
        mistake = (
            "It answers nearly the same to all when zeros follow the words: does it read beyond "
            "them (mask)? With zeros in front it needs more epochs."
        )
    else:
        mistake = "It reads them, but does not know them well yet: give it more epochs."
    return Hint(mistake, f"The model has {right[best]:.0%} of the 32 reviews right. {mistake}")


def _is_lost(with_zeros: np.ndarray | None, without: np.ndarray | None) -> bool:
    """Return whether the words make no difference any more when many zeros follow them."""
    if with_zeros is None or np.std(with_zeros) > 0.1:
        return False
    return without is None or not np.allclose(with_zeros, without, atol=1e-4)
