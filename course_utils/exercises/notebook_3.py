"""Exercises of notebook 3: what is right, and typical mistakes with their hints."""

from collections import Counter
from itertools import islice
import math
from typing import Any

from course_utils.exercises.cases import every
from course_utils.exercises.judging import (
    ERROR,
    Hint,
    ModelAnswer,
    NotAttemptedError,
    UnusableError,
    as_model,
    exercise,
    function_hint,
    number_hint,
)
from course_utils.exercises.wording import describe_error
import numpy as np

TIME_STEPS_KEPT = "The lower layer has return_sequences=True: it keeps its 500 time steps."
TIME_STEPS_GONE = "The upper layer returns its last state only: it has no time steps left."
UNITS_COUNT = "The layer gives as many numbers as it has units, however many it reads."
ORDER = "The order is reviews, time steps, numbers."
ONE_ANSWER = "The sigmoid unit gives one number for each review: a shape of two."
WRONG_SHAPES: dict[tuple[int, tuple], str] = {
    (0, (64, 32)): "The embedding turns each of the 500 ids into 32 numbers.",
    (0, (64, 500)): "The embedding turns each of the 500 ids into 32 numbers.",
    (0, (64, 500, 5000)): "The embedding gives 32 numbers, not one for each word.",
    (0, (5000, 32)): "That is the embedding's table. What comes out for a batch of reviews?",
    (0, (64, 32, 500)): ORDER,
    (0, (500, 64, 32)): ORDER,
    (1, (64, 50)): TIME_STEPS_KEPT,
    (1, (64, 500)): TIME_STEPS_KEPT,
    (1, (64, 500, 32)): UNITS_COUNT,
    (1, (64, 50, 500)): ORDER,
    (1, (64, 50, 32)): "The units take the place of the 32 numbers, not of the time steps.",
    (2, (64, 500, 20)): TIME_STEPS_GONE,
    (2, (64, 1, 20)): TIME_STEPS_GONE,
    (2, (64, 50, 20)): TIME_STEPS_GONE,
    (2, (64, 500)): TIME_STEPS_GONE,
    (2, (64, 50)): UNITS_COUNT,
    (3, (64, 500, 1)): TIME_STEPS_GONE,
    (3, (64,)): ONE_ANSWER,
    (3, (64, 20, 1)): ONE_ANSWER,
    (3, (64, 1, 1)): ONE_ANSWER,
    (3, (64, 20)): ONE_ANSWER,
    (3, (1,)): "There is an answer for each of the 64 reviews.",
}
"""Hints by the first layer whose shape is wrong, and that shape."""


@exercise("3.1", "Only the top layer may drop the time steps, since nothing above it reads them.")
def _shapes_of_a_stack(answer: Any) -> Hint | str | None:
    import keras

    layers = [
        keras.layers.Embedding(5000, 32),
        keras.layers.SimpleRNN(50, return_sequences=True),
        keras.layers.SimpleRNN(20),
        keras.layers.Dense(1),
    ]
    names = ["embedding", "lower layer", "upper layer", "sigmoid unit"]
    shapes = [(64, 500)]
    for layer in layers:
        shapes.append(tuple(layer.compute_output_shape(shapes[-1])))
    wanted = shapes[1:]
    got = _as_shapes(answer)
    if got == wanted:
        return None
    if got == shapes:
        return "The ids themselves come first in your list: begin with the embedding."
    if len(got) != len(wanted):
        mistake = "Four shapes are wanted, one for each layer."
        return Hint(mistake, f"There are {len(got)} shapes. {mistake}")
    if got == [shape[1:] for shape in wanted]:
        return "The number of reviews is missing: each shape begins with the 64 of the batch."
    if got == [(None, *shape[1:]) for shape in wanted]:
        return "In place of None write the number of reviews in the batch."
    wrong = next(place for place in range(4) if got[place] != wanted[place])
    mistake = WRONG_SHAPES.get((wrong, got[wrong]))
    text = f"Look at the {names[wrong]}: {got[wrong]} is not right."
    if mistake:
        return Hint(mistake, f"{text} {mistake}")
    mistake = f"The shape of the {names[wrong]} is wrong."
    turned = Counter(got[wrong]) == Counter(wanted[wrong])
    return Hint(mistake, f"{text} {ORDER}" if turned else text)


def _as_shapes(answer: Any) -> list[tuple[int, ...]]:
    """Read a list of shapes, each a tuple, list, array or TensorShape."""
    try:
        shapes = list(islice(answer, 9))
        if any(shape is ... for shape in shapes):
            raise NotAttemptedError
        return [
            tuple(None if size is None else int(size) for size in islice(shape, 9))
            for shape in shapes
        ]
    except (TypeError, ValueError):
        raise UnusableError(
            "Give a list of four shapes, each a tuple of whole numbers: [(64, ...), ...]."
        ) from None


SHAPES = {
    (5000, 32),
    *((32, 64), (64, 64), (64,)),
    *((64, 32), (32, 32), (32,)),
    *((32, 16), (16, 16), (16,)),
    *((16, 1), (1,)),
}
"""Of the weights in 3.3. No two are alike, so their order does not matter."""
NOT_UPWARD = "Each layer but the top one must hand its whole sequence upward."
TOP_KEEPS = "The top recurrent layer must drop the time steps."
OTHER_IDS = "The embedding knows another number of ids: those below 5,000 are wanted."
NO_PROBABILITY = "Its answers leave the range 0 to 1: the last unit needs a sigmoid."
BACKWARDS = "A layer reads backwards: take SimpleRNN layers that read forward only."
OTHER_ACTIVATION = "A SimpleRNN layer takes the tanh: leave its activation as it is."


@exercise("3.3", "Each layer but the top one hands its whole sequence upward.")
def _three_layers(answer: Any) -> Hint | str | None:
    model = as_model(answer)
    first_error = None
    for steps in dict.fromkeys([6, model.row_length() or 6]):
        ids = np.random.default_rng(2026).integers(1, 5000, (20, steps))
        ids[0, :2] = 1, 4999
        try:
            shape = np.asarray(model.call(ids)).shape
            break
        except Exception as error:
            first_error = first_error or error
    else:
        return _embedding_hint(model) or _error_hint(model, first_error)
    if len(shape) == 3 and shape[1] == ids.shape[1]:
        return Hint(TOP_KEEPS, f"Its output has shape {shape}. {TOP_KEEPS}")
    if np.prod(shape) != len(ids):
        mistake = "One probability for each review is wanted."
        return Hint(mistake, f"Its output for {len(ids)} reviews has shape {shape}. {mistake}")
    return (
        _layers_hint(model.recurrent())
        or _embedding_hint(model)
        or _weights_hint(model)
        or _answers_hint(model, ids)
    )


def _error_hint(model: ModelAnswer, error: Exception) -> Hint:
    text = f"Given a batch of reviews with 6 ids each, your model raised {describe_error(error)}."
    if not all(keeps_sequence for *_, keeps_sequence, _ in model.recurrent()[:-1]):
        return Hint(NOT_UPWARD, f"{NOT_UPWARD} {text}")
    return Hint(ERROR, text)


def _embedding_hint(model: ModelAnswer) -> Hint | None:
    """Tell whether the table has another number of rows: with too few, large ids raise an error."""
    shapes = {np.shape(weight) for weight in model.weights()}
    tables = [shape for shape in shapes - SHAPES if len(shape) == 2 and shape[1] == 32]
    if len(tables) != 1 or (5000, 32) in shapes:
        return None
    rows = tables[0][0]
    return Hint(OTHER_IDS, f"The embedding knows {rows:,} ids: those below 5,000 are wanted.")


def _layers_hint(recurrent: list[tuple[str, int, bool, bool]]) -> Hint | None:
    if kinds := sorted({kind for kind, *_ in recurrent} - {"SimpleRNN"}):
        text = f"It holds {', '.join(kinds)}: build this one of SimpleRNN layers."
        return Hint("a recurrent layer of another kind", text)
    if any(backwards for *_, backwards in recurrent):
        return Hint(BACKWARDS, BACKWARDS)
    units = [units for _, units, *_ in recurrent]
    if len(units) != 3:
        text = f"It has {len(units)} SimpleRNN layers: three are wanted."
        return Hint("another number of recurrent layers", text)
    if units != [64, 32, 16]:
        mistake = "turned around" if units == [16, 32, 64] else "other numbers"
        text = f"From bottom to top its layers have {units} units: 64, 32 and 16 are wanted."
        return Hint(f"units from bottom to top: {mistake}", text)
    return None


def _weights_hint(model: ModelAnswer) -> Hint | str | None:
    shapes = [np.shape(weight) for weight in model.weights()]
    others, missing = set(shapes) - SHAPES, SHAPES - set(shapes)
    if sorted(shapes) == sorted(SHAPES):
        return None
    if missing and not others and all(len(shape) == 1 for shape in missing):
        return "Biases are missing: leave use_bias as it is."
    for rows, numbers in (shape for shape in others if len(shape) == 2):
        if rows == 5000:
            mistake = "The embedding gives another number of numbers: 32 are wanted."
            return Hint(
                mistake, f"The embedding gives {numbers} numbers for a word: 32 are wanted."
            )
        if numbers == 32 and missing == {(5000, 32)}:
            return Hint(
                OTHER_IDS, f"The embedding knows {rows:,} ids: those below 5,000 are wanted."
            )
    return (
        "Its weights are not those of the layers that are asked for: ids below 5,000 as 32 "
        "numbers, SimpleRNNs with 64, 32 and 16 units, one unit."
    )


def _answers_hint(model: ModelAnswer, ids: np.ndarray) -> str | None:
    """Compare answers with those of Keras' layers: what a model calls its layers proves nothing.

    With larger weights than it started with, since a tanh of small numbers is no more than a line.
    """
    numbers = np.random.default_rng(2026)
    weights = {
        shape: numbers.normal(size=shape) / (1 if shape[0] == 5000 else np.sqrt(shape[0]) + 1)
        for shape in sorted(SHAPES)
    }
    own = [weights[np.shape(weight)] for weight in model.weights()]
    answers = np.ravel(model.call_with(own, ids))

    def fits(**changes: Any) -> bool:
        ours = _stack_of_three(**changes)
        ours.build(ids.shape)
        ours.set_weights([weights[weight.shape] for weight in ours.get_weights()])
        return np.allclose(answers, np.ravel(ours(ids)), rtol=1e-3, atol=1e-4)

    if fits():
        return None
    if fits(top="softmax"):
        return (
            "It answers the same to every review: softmax over one unit is always 1. Use sigmoid."
        )
    if any(fits(top=activation) for activation in ("linear", "relu", "tanh")):
        return NO_PROBABILITY
    if any(fits(activation=activation) for activation in ("relu", "linear", "sigmoid")):
        return OTHER_ACTIVATION
    if answers.min() < 0 or answers.max() > 1:
        return NO_PROBABILITY
    return (
        "Its answers are not those of Keras' SimpleRNN layers with its weights: take these layers "
        "as they are, and a sigmoid."
    )


def _stack_of_three(top: str = "sigmoid", **options: Any) -> Any:
    import keras

    return keras.Sequential(
        [
            keras.layers.Embedding(5000, 32),
            keras.layers.SimpleRNN(64, return_sequences=True, **options),
            keras.layers.SimpleRNN(32, return_sequences=True, **options),
            keras.layers.SimpleRNN(16, **options),
            keras.layers.Dense(1, activation=top),
        ]
    )


@exercise("3.4", "Layers add a few steps to a path that time makes hundreds long.")
def _length_of_a_path(answer: Any) -> Hint | None:
    def reference(step: int, last_step: int, layers: int) -> int:
        """Walk from the word into the lowest layer, then on through time, then up."""
        place, tanhs = (1, step), 1
        while place != (layers, last_step):
            level, now = place
            place = (level, now + 1) if now < last_step else (level + 1, now)
            tanhs += 1
        return tanhs

    few = [
        (step, step + further, layers)
        for step, further, layers in every(range(1, 4), range(4), range(1, 4))
    ]
    of_all = "Each move to the next step passes one layer's tanh, not those of all layers."
    start = "You count from the start of the review. The path begins at the word's step."
    up = "The path through time is right, but the path up is missing."
    through = "The path up is right, but the path through time is missing."
    return function_hint(
        answer,
        [*few, (7, 9, 4), (180, 500, 2)],
        reference,
        [
            (of_all, lambda step, last, layers: layers * (last - step + 1)),
            (of_all, lambda step, last, layers: layers * (last - step)),
            (of_all, lambda step, last, layers: layers * (last - step) + layers - 1),
            (of_all, lambda step, last, layers: layers * (last - step) + 1),
            (up, lambda step, last, layers: last - step),
            (
                "You count the path of one layer. Each further layer adds a tanh.",
                lambda step, last, layers: last - step + 1,
            ),
            (through, lambda step, last, layers: layers),
            (through, lambda step, last, layers: layers - 1),
            (
                "One tanh is missing: the word itself enters through one.",
                lambda step, last, layers: last - step + layers - 1,
            ),
            (
                "One tanh too many: the state of the word's own step is passed once.",
                lambda step, last, layers: last - step + layers + 1,
            ),
            (start, lambda step, last, layers: last + layers),
            (start, lambda step, last, layers: last + layers - 1),
            (start, lambda step, last, layers: last * layers),
            (start, lambda step, last, layers: last),
            (
                "That is where the path begins. It leads from there to the last step.",
                lambda step, last, layers: step + layers,
            ),
            (
                "The steps are subtracted the wrong way round.",
                lambda step, last, layers: step - last + layers,
            ),
            (
                "The steps are subtracted the wrong way round.",
                lambda step, last, layers: step - last,
            ),
            (
                "Each path passes a number of tanhs; you count how many paths or points there are.",
                lambda step, last, layers: math.comb(last - step + layers - 1, layers - 1),
            ),
        ],
    )


@exercise(
    "3.5", "Nothing was learned, and yet the best seed looks like progress. Report the median."
)
def _luckiest_coin(answer: Any) -> Hint | str | None:
    coins = np.random.default_rng(2026).binomial(500, 0.5, size=(5_000, 20)) / 500
    best = coins.max(axis=1).mean()
    deviation = np.sqrt(0.25 / 500)
    hint = number_hint(
        answer,
        best,
        [
            ("That is the average coin. The best of each twenty is asked for.", 0.5),
            ("That is the worst of twenty: take the largest.", coins.min(axis=1).mean()),
            ("That is how many reviews, not which share: divide by 500.", 500 * best),
            ("That is how many reviews, not which share: divide by 500.", 250),
            (
                "That is the edge of the band, three deviations. How far does the best of 20 get?",
                0.5 + 3 * deviation,
            ),
            (
                "That is one standard deviation. How far does the best of 20 get?",
                0.5 + deviation,
            ),
            (
                "That is two standard deviations. How far does the best of 20 get?",
                0.5 + 2 * deviation,
            ),
            (
                "That is the deviation of one coin. How far does the best of 20 get?",
                deviation,
            ),
            (
                "That is how far above 0.5 it gets: give the accuracy itself.",
                best - 0.5,
            ),
            ("In percent it would be right: give a share between 0 and 1.", 100 * best),
            ("A coin is right or wrong: that is the best of 20 tosses, not of 20 seeds.", 1),
        ],
        tolerance=0.002,
    )
    return _draws_hint(np.ravel(np.asarray(answer, float)), best) or hint


def _draws_hint(answer: np.ndarray, best: float) -> str | None:
    """Tell what was drawn from what it can be: one draw is a whole number of 500ths."""
    if answer.size != 1 or not abs(answer[0] - best) < 0.1:
        return None
    (answer,), too_large = answer, answer[0] - best
    is_one_draw = abs(500 * answer - round(500 * answer)) < 1e-4
    if is_one_draw and too_large > 0.036:
        return "You took the best of all coins. Take the best of each twenty, then the mean."
    if is_one_draw and answer > 0.51 and too_large < 0.026:
        return (
            "That can be the best of one twenty alone, a whole number of 500ths: take the mean of "
            "a thousand, and do not round it."
        )
    if not is_one_draw and 0.026 < too_large < 0.036:
        return "That is the best of each thousand: the axes are swapped."
    return None
