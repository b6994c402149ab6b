"""Exercises of notebook 3: what is right, and typical mistakes with their hints."""

from itertools import islice
from typing import Any

from course_utils.exercises.judging import (
    ModelAnswer,
    NotAttemptedError,
    UnusableError,
    as_model,
    describe_error,
    exercise,
    function_hint,
    number_hint,
)
import numpy as np


@exercise("3.1", "Only the top layer may drop the time steps, since nothing above it reads them.")
def _shapes_of_a_stack(answer: Any) -> str | None:
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
    if len(got) != len(wanted):
        return f"There are {len(got)} shapes: four are wanted, one for each layer."
    if got == [shape[1:] for shape in wanted]:
        return "The number of reviews is missing: each shape begins with the 64 of the batch."
    if got[1] == (64, 50):
        return "The lower layer has return_sequences=True: it keeps its 500 time steps."
    if got[2] == (64, 500, 20):
        return "The upper layer returns its last state only: it has no time steps left."
    wrong = next(place for place in range(4) if got[place] != wanted[place])
    return (
        f"Look at the {names[wrong]}: {got[wrong]} is not right. The order is reviews, time steps "
        "(where there are any), numbers."
    )


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


@exercise("3.3", "Each layer but the top one hands its whole sequence upward.")
def _three_layers(answer: Any) -> str | None:
    model = as_model(answer)
    ids = np.random.default_rng(2026).integers(4, 1000, (200, 6), dtype=np.int32)
    try:
        shape = tuple(model.call(ids).shape)
    except Exception as error:
        return f"Given ids of shape {ids.shape}, your model raised {describe_error(error)}."
    if len(shape) == 3:
        return f"Its output has shape {shape}: the top recurrent layer must drop the time steps."
    if shape != (200, 1):
        return f"Its output for 200 reviews has shape {shape}: one probability each is wanted."
    recurrent = model.recurrent()
    kinds = sorted({kind for kind, _ in recurrent} - {"SimpleRNN"})
    if kinds:
        return f"It holds {', '.join(kinds)}: build this one of SimpleRNN layers."
    units = [units for _, units in recurrent]
    if len(units) != 3:
        return f"It has {len(units)} SimpleRNN layers: three are wanted."
    if units != [64, 32, 16]:
        return f"From bottom to top its layers have {units} units: 64, 32 and 16 are wanted."
    answers = np.asarray(model.call(ids))
    if np.ptp(answers) == 0:
        return (
            "It answers the same to every review: softmax over one unit is always 1. Use sigmoid."
        )
    if answers.min() < 0 or answers.max() > 1:
        return "Its answers leave the range 0 to 1: the last unit needs a sigmoid."
    return _own_answers_hint(answers, model, ids)


def _own_answers_hint(answers: np.ndarray, model: ModelAnswer, ids: np.ndarray) -> str | None:
    """Compare answers with those of Keras' layers: what a model calls its layers proves nothing."""
    import keras

    ours = keras.Sequential(
        [
            keras.layers.Embedding(5000, 32),
            keras.layers.SimpleRNN(64, return_sequences=True),
            keras.layers.SimpleRNN(32, return_sequences=True),
            keras.layers.SimpleRNN(16),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    ours.build(ids.shape)
    try:
        ours.set_weights(model.weights())
    except Exception:
        return (
            "Its weights are not those of the layers that are asked for: ids below 5,000 as 32 "
            "numbers, SimpleRNNs with 64, 32 and 16 units, one unit."
        )
    if np.allclose(answers, ours(ids), rtol=1e-3, atol=1e-5):
        return None
    return (
        "Its answers are not those of Keras' SimpleRNN layers with its weights: take these layers "
        "as they are, and a sigmoid."
    )


@exercise("3.4", "Layers add a few steps to a path that time makes hundreds long.")
def _length_of_a_path(answer: Any) -> str | None:
    def reference(step: int, last_step: int, layers: int) -> int:
        """Walk from the word into the lowest layer, then on through time, then up."""
        place, tanhs = (1, step), 1
        while place != (layers, last_step):
            level, now = place
            place = (level, now + 1) if now < last_step else (level + 1, now)
            tanhs += 1
        return tanhs

    return function_hint(
        answer,
        [(180, 500, 1), (180, 500, 2), (500, 500, 1), (7, 9, 4), (1, 1, 3)],
        reference,
        [
            (
                "Each move to the next step passes one layer's tanh, not those of all layers.",
                lambda step, last_step, layers: layers * (last_step - step + 1),
            ),
            (
                "Each move to the next step passes one layer's tanh, not those of all layers.",
                lambda step, last_step, layers: layers * (last_step - step),
            ),
            (
                "The path through time is right, but the path up is missing.",
                lambda step, last_step, layers: last_step - step,
            ),
            (
                "You count the path of one layer. Each further layer adds a tanh.",
                lambda step, last_step, layers: last_step - step + 1,
            ),
            (
                "One tanh is missing: the word itself enters through one.",
                lambda step, last_step, layers: last_step - step + layers - 1,
            ),
            (
                "One tanh too many: the state of the word's own step is passed once.",
                lambda step, last_step, layers: last_step - step + layers + 1,
            ),
            (
                "You count from the start of the review. The path begins at the word's step.",
                lambda step, last_step, layers: last_step + layers,
            ),
        ],
    )


@exercise(
    "3.5", "Nothing was learned, and yet the best seed looks like progress. Report the median."
)
def _luckiest_coin(answer: Any) -> str | None:
    coins = np.random.default_rng(2026).binomial(500, 0.5, size=(5_000, 20)) / 500
    best = coins.max(axis=1)
    if isinstance(answer, float) and best.mean() + 0.03 < answer < best.mean() + 0.1:
        return "You took the best of all coins. Take the best of each twenty, then the mean."
    return number_hint(
        answer,
        best.mean(),
        [
            ("That is the average coin. The best of each twenty is asked for.", 0.5),
            ("That is the worst of twenty: take the largest.", coins.min(axis=1).mean()),
            ("That is how many reviews, not which share: divide by 500.", 500 * best.mean()),
            (
                "That is the edge of the band, three deviations. How far does the best of 20 get?",
                0.5 + 3 * np.sqrt(0.25 / 500),
            ),
            (
                "That is one standard deviation. How far does the best of 20 get?",
                0.5 + np.sqrt(0.25 / 500),
            ),
            ("In percent it would be right: give a share between 0 and 1.", 100 * best.mean()),
        ],
        tolerance=0.004,
    )
