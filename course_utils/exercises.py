"""The exercises of the notebooks: what is right, and the typical mistakes with their hints.

`check` looks them up, see checks.py. Solve an exercise before you read on: the mistakes listed
here come close to the solution.
"""

from collections.abc import Callable
import functools
from itertools import islice
from typing import Any

from course_utils.checks import (
    NotAttemptedError,
    UnusableError,
    exercise,
    function_hint,
    number_hint,
    raised,
)
import numpy as np

# Notebook 1


@exercise("1.1", "Ids 0 to 3 are reserved, so 5,000 ids leave room for only 4,996 words.")
def _id_of_word(answer: Any) -> str | None:
    from course_utils.imdb import encode_review

    rank, by_rank = _ranks()
    words = ["the", "wonderful", by_rank[4995], by_rank[4996], by_rank[4998], by_rank[20_000]]

    def rule(shift: int, last_rank: int) -> Callable[[str], int]:
        return lambda word: rank[word] + shift if rank.get(word, np.inf) <= last_rank else 2

    return function_hint(
        answer,
        [(word,) for word in [*words, "qwrtzpsd"]],
        lambda word: encode_review(word, num_words=5000)[1],
        {
            "That is the rank; the id is the rank shifted by 3.": rule(0, len(rank)),
            "The shift goes the wrong way: ids are larger than ranks.": rule(-3, len(rank)),
            "Nearly: the ids below 5,000 are kept, so 5,000 itself is not.": rule(3, 4997),
            "Nearly: num_words limits the id; you compare the rank with it.": rule(3, 4999),
            "Frequent words are right. What becomes of words whose id would be 5,000 or more?": (
                rule(3, len(rank))
            ),
        },
    )


@functools.cache
def _ranks() -> tuple[dict[str, int], list[str]]:
    from course_utils.imdb import get_word_index

    rank = get_word_index()
    return rank, sorted(rank, key=rank.get)


@exercise("1.2", "From there on, at least nine rows in ten hold a zero at each further place.")
def _shortest_maxlen(answer: Any) -> str | None:
    lengths = np.sort(_lengths())
    whole = len(lengths) * 9 // 10
    return number_hint(
        answer,
        lengths[whole - 1],
        {
            "That cuts 90 %. Nine of ten reviews should stay whole.": lengths[whole // 9 - 1],
            "That is for 90 % of the longest review's length; 90 % of the *reviews* are meant.": (
                0.9 * lengths[-1]
            ),
            "One less already leaves 90 % whole: a review of exactly maxlen ids is not cut.": (
                lengths[whole - 1] + 1
            ),
            "That is half of the reviews, the median. Nine of ten are meant.": np.median(lengths),
        },
    )


@functools.cache
def _lengths() -> np.ndarray:
    from course_utils.imdb import load_imdb

    return np.array([len(review) for review in load_imdb()[0]])


@exercise("1.3", "Padded behind and cut in front, as the lecture's 25,000 rows are.")
def _padding_by_hand(answer: Any) -> str | None:
    from course_utils.padding import pad_reviews

    def other(**sides: str) -> Callable:
        return lambda review, maxlen: pad_reviews([review], maxlen, **sides)[0]

    return function_hint(
        answer,
        [([11, 12], 4), ([21, 22, 23, 24, 25, 26], 4), ([31, 32, 33], 3), ([41], 6)],
        other(),
        {
            "Short reviews are right. Long ones lose their end; the lecture cuts in front.": (
                other(truncating="post")
            ),
            "Long reviews are right. In short ones the zeros go behind the words.": (
                other(padding="pre")
            ),
            "Both sides are swapped: zeros go behind the words, long reviews are cut in front.": (
                other(padding="pre", truncating="post")
            ),
            "Long reviews are right, but short ones are not filled up to maxlen.": (
                lambda review, maxlen: review[-maxlen:]
            ),
            "Short reviews are right, but long ones are not cut to maxlen.": (
                lambda review, maxlen: review + [0] * (maxlen - len(review))
            ),
        },
    )


@exercise("1.4", "So a review counts the same however many zeros stand behind it.")
def _mean_of_words(answer: Any) -> str | None:
    import keras

    numbers = np.random.default_rng(2026)
    table = numbers.normal(size=(9, 5))
    cases = [(np.array(ids), table) for ids in ([1, 4, 8, 0, 0, 0], [1, 7, 7, 5], [1, 0, 0])]

    def reference(ids: np.ndarray, table: np.ndarray) -> np.ndarray:
        pool = keras.layers.GlobalAveragePooling1D()
        return np.asarray(pool(table[ids][np.newaxis], mask=(ids != 0)[np.newaxis]))[0]

    return function_hint(
        answer,
        cases,
        reference,
        {
            "The zeros are in the mean: id 0 has a vector, too, but it is no word.": (
                lambda ids, table: table[ids].mean(axis=0)
            ),
            "The zeros are left out of the sum, but they still count in what you divide by.": (
                lambda ids, table: table[ids[ids != 0]].sum(axis=0) / len(ids)
            ),
            "That is the sum of the words' vectors, not yet their mean.": (
                lambda ids, table: table[ids[ids != 0]].sum(axis=0)
            ),
            "That is the mean within each word. Average over the words: the other axis.": (
                lambda ids, table: table[ids[ids != 0]].mean(axis=1)
            ),
        },
    )


@exercise("1.5", "The cosine compares directions, so a long vector isn't near to everything.")
def _nearest_word(answer: Any) -> str | None:
    import keras

    numbers = np.random.default_rng(2026)
    tables = [numbers.normal(size=(40, 3)) * numbers.uniform(0.2, 5, (40, 1)) for _ in range(6)]

    def similarity(word: int, table: np.ndarray) -> np.ndarray:
        return -np.asarray(keras.losses.cosine_similarity(table[[word]], table))

    def best(score: np.ndarray, word: int) -> int:
        return int(np.argmax(np.where(np.arange(len(score)) == word, -np.inf, score)))

    return function_hint(
        answer,
        [(3 + number, table) for number, table in enumerate(tables)],
        lambda word, table: best(similarity(word, table), word),
        {
            "Each word is nearest to itself: leave it out.": lambda word, table: word,
            "That is the largest dot product: it favours long vectors. Divide by the lengths.": (
                lambda word, table: best(table @ table[word], word)
            ),
            "That is the smallest distance. The cosine asks for the direction only.": (
                lambda word, table: best(-np.linalg.norm(table - table[word], axis=1), word)
            ),
            "That is the least similar word: the nearest one has the *largest* cosine.": (
                lambda word, table: best(-similarity(word, table), word)
            ),
        },
    )


@exercise("1.6", "Try it on both splits: by position most test reviews have such a neighbour.")
def _shared_films(answer: Any) -> str | None:
    order = np.random.default_rng(2026).permutation(60)
    cases = [
        (np.array([4, 1, 9]), np.array([2, 3, 7, 12])),
        (order[:20], order[20:]),
        (np.arange(30), np.arange(30, 60)),
    ]

    def neighbours(train: np.ndarray, test: np.ndarray, steps: tuple[int, ...]) -> int:
        known = set(train.tolist())
        return sum(any(number + step in known for step in steps) for number in test.tolist())

    return function_hint(
        answer,
        cases,
        lambda train, test: neighbours(train, test, (-1, 1)) / len(test),
        {
            "That is how many, not which share: divide by the number of test reviews.": (
                lambda train, test: neighbours(train, test, (-1, 1))
            ),
            "You look one number down only: the next higher number is a neighbour, too.": (
                lambda train, test: neighbours(train, test, (-1,)) / len(test)
            ),
            "You look one number up only: the next lower number is a neighbour, too.": (
                lambda train, test: neighbours(train, test, (1,)) / len(test)
            ),
            "Train and test are swapped: which share of the *test* reviews is meant?": (
                lambda train, test: neighbours(test, train, (-1, 1)) / len(train)
            ),
            "Nearly: you divide by the number of training reviews.": (
                lambda train, test: neighbours(train, test, (-1, 1)) / len(train)
            ),
            "You add up both sides, so that reviews with two neighbours count twice.": (
                lambda train, test: (
                    (neighbours(train, test, (-1,)) + neighbours(train, test, (1,))) / len(test)
                )
            ),
        },
    )


# Notebook 2


@exercise("2.1", "The length of the review is not in it: the same weights serve at every step.")
def _parameters_of_simple_rnn(answer: Any) -> str | None:
    import keras

    return function_hint(
        answer,
        [(32, 100), (3, 7), (50, 1)],
        lambda d, n: _parameters(keras.layers.SimpleRNN(n), d),
        {
            "The biases are missing: one for each unit.": lambda d, n: n * (d + n),
            "That is a Dense layer. The recurrent kernel is missing: state in, state out.": (
                lambda d, n: n * (d + 1)
            ),
            "One bias for each unit, not for each input.": lambda d, n: d * n + n * n + d,
            "The inputs and the units are swapped.": lambda d, n: d * (n + d + 1),
            "That is an LSTM's number, four times too many.": lambda d, n: 4 * n * (d + n + 1),
        },
    )


def _parameters(layer: Any, inputs: int) -> int:
    layer.build((None, None, inputs))
    return layer.count_params()


@exercise("2.2", "A band half as wide costs four times as many reviews.")
def _reviews_to_tell_from_a_coin(answer: Any) -> str | None:
    sizes = np.arange(1, 100_000)
    enough = sizes[3 * np.sqrt(0.25 / sizes) < 0.04]
    exact = 0.25 * (3 / 0.04) ** 2
    return number_hint(
        answer,
        enough[0],
        {
            "That many is exact, but reviews are whole: round, and mind the direction.": exact,
            "One more: with so many, 0.54 still lies inside the band.": enough[0] - 1,
            "That is for a single deviation; the band is three wide.": np.ceil(exact / 9),
            "That is for the deviation without the factor 0.25.": 4 * exact,
            "The square is missing: the number of reviews stands under a root.": np.ceil(
                0.5 * 3 / 0.04
            ),
            "The accuracy itself went into the formula: its distance from 0.50 is meant.": np.ceil(
                0.25 * (3 / 0.54) ** 2
            ),
        },
    )


@exercise(
    "2.3", "Compare it with the zeros behind the median review: there are more than twice as many."
)
def _steps_until_vanished(answer: Any) -> str | None:
    factor, steps = 1.0, 0
    while factor >= 1e-6:
        factor, steps = factor * 0.9, steps + 1
    return number_hint(
        answer,
        steps,
        {
            "One more: after so many, slightly more than a millionth is left.": steps - 1,
            "Steps are whole: round up, so that less than a millionth is left.": np.log(1e-6)
            / np.log(0.9),
            "You shrink *to* a tenth at each step; it shrinks *by* a tenth, to 0.9.": 6,
            "You subtract a tenth of the start each time; each step takes 0.9 of what is left.": 10,
            "Steps are counted forwards: mind the sign of the logarithms.": -steps,
        },
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
        {
            "That is the state without a mask: the masked steps still change it.": (
                lambda vectors, mask, *_: keras_state(vectors, None)
            ),
            "You set masked vectors to zero, but the step is still taken: skip the whole update.": (
                lambda vectors, mask, *_: keras_state(vectors * mask[:, np.newaxis], None)
            ),
            "At a masked step you set the state to zero: keep the one before.": (
                lambda vectors, mask, *_: last_state_set_to_zero(mask, vectors)
            ),
            "You stop at the first masked step. With padding in front, no word is read.": (
                lambda vectors, mask, *_: (
                    np.zeros(4)
                    if not mask[0]
                    else keras_state(vectors[: np.flatnonzero(~mask)[0]], None)
                )
            ),
        },
    )


@exercise("2.5", "A model that cannot learn a few reviews by heart will not learn from many.")
def _learn_by_heart(answer: Any) -> str | None:
    from course_utils.imdb import load_imdb
    from course_utils.padding import pad_reviews

    _require_model(answer)
    reviews, labels = load_imdb(num_words=5000)
    few = np.flatnonzero(_lengths() <= 100)[:32]
    answers = np.asarray(answer.predict_on_batch(pad_reviews(reviews[few])))
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


def _require_model(answer: Any) -> None:
    import keras

    if not isinstance(answer, keras.Model):
        raise UnusableError(
            f"Your answer is of type {type(answer).__name__}: give the Keras model itself."
        )


# Notebook 3


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


@exercise("3.2", "Above the first layer, a layer's inputs are the units of the one below.")
def _parameters_of_a_stack(answer: Any) -> str | None:
    import keras

    def below(d: int, units: list[int]) -> list[int]:
        return [d, *units[:-1]]

    return function_hint(
        answer,
        [(32, [100]), (32, [100, 100]), (5, [4, 3, 2]), (2, [1, 6])],
        lambda d, units: sum(
            _parameters(keras.layers.SimpleRNN(n), inputs)
            for n, inputs in zip(units, below(d, units), strict=True)
        ),
        {
            "All your layers read the embedding. The upper ones read the layer below.": (
                lambda d, units: sum(n * (d + n + 1) for n in units)
            ),
            "Each of your layers reads as many numbers as it has units. What is below it?": (
                lambda d, units: sum(
                    n * ((n if level else d) + n + 1) for level, n in enumerate(units)
                )
            ),
            "The biases are missing: one for each unit.": lambda d, units: sum(
                n * (inputs + n) for n, inputs in zip(units, below(d, units), strict=True)
            ),
            "That is the top layer alone: add up all layers.": lambda d, units: (
                units[-1] * (below(d, units)[-1] + units[-1] + 1)
            ),
            "That is the lowest layer alone: add up all layers.": lambda d, units: (
                units[0] * (d + units[0] + 1)
            ),
        },
    )


@exercise("3.3", "Each layer but the top one hands its whole sequence upward.")
def _three_layers(answer: Any) -> str | None:
    import keras

    _require_model(answer)
    ids = np.random.default_rng(2026).integers(4, 1000, (200, 6), dtype=np.int32)
    try:
        shape = tuple(answer(ids).shape)
    except Exception as error:
        return f"Given ids of shape {ids.shape}, your model raised {raised(error)}."
    if len(shape) == 3:
        return f"Its output has shape {shape}: the top recurrent layer must drop the time steps."
    if shape != (200, 1):
        return f"Its output for 200 reviews has shape {shape}: one probability each is wanted."
    recurrent = [layer for layer in answer.layers if isinstance(layer, keras.layers.RNN)]
    kinds = sorted({type(layer).__name__ for layer in recurrent} - {"SimpleRNN"})
    if kinds:
        return f"It holds {', '.join(kinds)}: build this one of SimpleRNN layers."
    units = [layer.units for layer in recurrent]
    if len(units) != 3:
        return f"It has {len(units)} SimpleRNN layers: three are wanted."
    if units != [64, 32, 16]:
        return f"From bottom to top its layers have {units} units: 64, 32 and 16 are wanted."
    answers = np.asarray(answer(ids))
    if np.ptp(answers) == 0:
        return (
            "It answers the same to every review: softmax over one unit is always 1. Use sigmoid."
        )
    if answers.min() < 0 or answers.max() > 1:
        return "Its answers leave the range 0 to 1: the last unit needs a sigmoid."
    return None


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
        {
            "Each move to the next step passes one layer's tanh, not all of them.": (
                lambda step, last_step, layers: layers * (last_step - step + 1)
            ),
            "Each move to the next step passes one layer's tanh, not those of all layers.": (
                lambda step, last_step, layers: layers * (last_step - step)
            ),
            "The way through time is right, but the way up is missing.": (
                lambda step, last_step, layers: last_step - step
            ),
            "You count the way of one layer. Each further layer adds a tanh.": (
                lambda step, last_step, layers: last_step - step + 1
            ),
            "One tanh is missing: the word itself enters through one.": (
                lambda step, last_step, layers: last_step - step + layers - 1
            ),
            "One tanh too many: the state of the word's own step is passed once.": (
                lambda step, last_step, layers: last_step - step + layers + 1
            ),
            "You count from the start of the review. The way begins at the word's step.": (
                lambda step, last_step, layers: last_step + layers
            ),
        },
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
        {
            "That is the average coin. The best of each twenty is asked for.": 0.5,
            "That is the worst of twenty: take the largest.": coins.min(axis=1).mean(),
            "That is how many reviews, not which share: divide by 500.": 500 * best.mean(),
            "That is the edge of the band, three deviations. How far does the best of 20 get?": (
                0.5 + 3 * np.sqrt(0.25 / 500)
            ),
            "That is one standard deviation. How far does the best of 20 get?": (
                0.5 + np.sqrt(0.25 / 500)
            ),
            "In percent it would be right: give a share between 0 and 1.": 100 * best.mean(),
        },
        tolerance=0.004,
    )


# Notebook 4


@exercise("4.1", "Three sets of weights where the LSTM has four, and in Keras two biases each.")
def _parameters_of_gru(answer: Any) -> str | None:
    import keras

    return function_hint(
        answer,
        [(32, 100), (3, 7), (50, 1)],
        lambda d, n: _parameters(keras.layers.GRU(n), d),
        {
            "One bias is missing: Keras' GRU has one for the word and one for the state.": (
                lambda d, n: 3 * n * (d + n + 1)
            ),
            "That is the LSTM's number. A GRU has two gates and a candidate.": (
                lambda d, n: 4 * n * (d + n + 1)
            ),
            "Four sets of weights belong to the LSTM. A GRU has two gates and a candidate.": (
                lambda d, n: 4 * n * (d + n + 2)
            ),
            "Two gates are counted, but not the candidate.": lambda d, n: 2 * n * (d + n + 2),
            "The biases are missing.": lambda d, n: 3 * n * (d + n),
        },
    )


@exercise(
    "4.2", "Keras starts with a bias of 1, so f is near 0.73: a few dozen zeros, and all is lost."
)
def _bias_that_remembers(answer: Any) -> str | None:
    z = np.linspace(-20, 20, 400_001)
    gate = 1 / (1 + np.exp(-z))
    half = np.argmin(np.abs(gate**300 - 0.5))
    return number_hint(
        answer,
        z[half],
        {
            "That is the gate f. Which number does the sigmoid turn into it?": gate[half],
            "The sign is wrong: a bias below 0 closes the gate.": -z[half],
            "With this bias, the gate itself is one half: after 300 steps nothing is left.": 0,
            "You divided instead of taking a root: f is multiplied 300 times.": (
                np.log((0.5 / 300) / (1 - 0.5 / 300))
            ),
            "You divided instead of taking a root: f is multiplied with itself 300 times.": 0.5
            / 300,
            "That is the logarithm of f. Which number does the sigmoid turn into f?": (
                np.log(0.5) / 300
            ),
        },
        tolerance=0.01,
    )


@exercise(
    "4.3", "Where z is near 1 the state passes unchanged: a GRU remembers without a second state."
)
def _gru_by_hand(answer: Any) -> str | None:
    import keras

    n = 4
    numbers = np.random.default_rng(2026)
    weights = [numbers.normal(size=shape) for shape in ((3, 3 * n), (n, 3 * n), (2, 3 * n))]
    cases = [(numbers.normal(size=3), numbers.normal(size=n), *weights) for _ in range(3)]

    def reference(word_vector: np.ndarray, state: np.ndarray, *weights: np.ndarray) -> np.ndarray:
        cell = keras.layers.GRUCell(n)
        cell.build((1, 3))
        cell.set_weights(weights)
        return np.asarray(cell(word_vector[np.newaxis], state[np.newaxis])[0])[0]

    def candidate(word_vector: np.ndarray, state: np.ndarray, *weights: np.ndarray) -> np.ndarray:
        always_new = [weight.copy() for weight in weights]
        always_new[2][0, :n] = -1e3
        return reference(word_vector, state, *always_new)

    def with_gates_swapped(*case: np.ndarray) -> np.ndarray:
        order = [*range(n, 2 * n), *range(n), *range(2 * n, 3 * n)]
        return reference(*case[:2], *(weight[:, order] for weight in case[2:]))

    def reset_first(word_vector: np.ndarray, state: np.ndarray, *weights: np.ndarray) -> np.ndarray:
        kernel, recurrent_kernel, bias = weights
        z, r, word = np.split(word_vector @ kernel + bias[0], 3)
        of_z, of_r, _ = np.split(state @ recurrent_kernel + bias[1], 3)
        z, r = 1 / (1 + np.exp(-z - of_z)), 1 / (1 + np.exp(-r - of_r))
        of_state = (r * state) @ recurrent_kernel[:, 2 * n :] + bias[1, 2 * n :]
        return z * state + (1 - z) * np.tanh(word + of_state)

    return function_hint(
        answer,
        cases,
        reference,
        {
            "The two parts are swapped: in Keras z is what is *kept* of the old state.": (
                lambda *case: case[1] + candidate(*case) - reference(*case)
            ),
            "That is the candidate. The new state mixes it with the old one.": candidate,
            "Only one bias is used: the state has its own, bias[1].": (
                lambda *case: reference(*case[:-1], case[-1] * [[1], [0]])
            ),
            "Only one bias is used: the word has its own, bias[0].": (
                lambda *case: reference(*case[:-1], case[-1] * [[0], [1]])
            ),
            "The gates are swapped: Keras keeps them in the order z, r, candidate.": (
                with_gates_swapped
            ),
            "You reset the state before the matrix; Keras multiplies by r behind it.": reset_first,
        },
    )


@exercise(
    "4.4", "Precision asks the model's positives, recall the true ones: only their top is shared."
)
def _precision_and_recall(answer: Any) -> str | None:
    import keras

    numbers = np.random.default_rng(2026)
    cases = [
        (np.array([1, 1, 1, 0, 0, 0]), np.array([1, 0, 0, 1, 0, 0])),
        (np.array([1, 0, 1, 1, 0]), np.array([1, 1, 1, 0, 1])),
        (numbers.integers(0, 2, 90), (numbers.random(90) < 0.3).astype(int)),
    ]

    def measured(labels: np.ndarray, predictions: np.ndarray) -> list[float]:
        values = []
        for metric in (keras.metrics.Precision(), keras.metrics.Recall()):
            metric.update_state(labels, predictions)
            values.append(float(metric.result()))
        return values

    def only(part: int) -> Callable:
        return lambda labels, predictions: measured(labels, predictions)[part]

    return function_hint(
        answer,
        cases,
        measured,
        {
            "The two are swapped: precision comes first.": (
                lambda labels, predictions: measured(labels, predictions)[::-1]
            ),
            "That is for the negative reviews: count the positive ones.": (
                lambda labels, predictions: measured(1 - labels, 1 - predictions)
            ),
            "That is the accuracy. Precision looks at predicted positives only.": (
                lambda labels, predictions: np.mean(labels == predictions)
            ),
            "You divide by all reviews. Each of the two looks at a part of them.": (
                lambda labels, predictions: [np.mean(labels & predictions)] * 2
            ),
            "That is the precision alone: return both.": only(0),
            "That is the recall alone: return both.": only(1),
            "Those are percentages: give shares between 0 and 1.": (
                lambda labels, predictions: 100 * np.array(measured(labels, predictions))
            ),
        },
    )


@exercise(
    "4.5", "The last `patience` epochs are paid for nothing, so keep the weights of the best one."
)
def _early_stopping(answer: Any) -> str | None:
    def epochs(losses: list[float], patience: int) -> int:
        from types import SimpleNamespace

        import keras

        stopping = keras.callbacks.EarlyStopping("val_loss", patience=patience, mode="min")
        stopping.set_model(SimpleNamespace(stop_training=False))
        stopping.on_train_begin()
        for epoch, loss in enumerate(losses):
            stopping.on_epoch_end(epoch, {"val_loss": loss})
            if stopping.model.stop_training:
                return epoch + 1
        return len(losses)

    def best(losses: list[float], patience: int) -> int:
        return 1 + int(np.argmin(losses[: epochs(losses, patience)]))

    def rises(losses: list[float], patience: int) -> int:
        count = 0
        for epoch in range(1, len(losses)):
            count = count + 1 if losses[epoch] >= losses[epoch - 1] else 0
            if count == patience:
                return epoch + 1
        return len(losses)

    return function_hint(
        answer,
        [
            ([0.6, 0.5, 0.55, 0.53, 0.52, 0.51, 0.3, 0.4], 3),
            ([0.6, 0.5, 0.4, 0.45, 0.41, 0.3, 0.35, 0.36, 0.2], 2),
            ([0.6, 0.6, 0.6, 0.5], 2),
            ([0.7, 0.6, 0.65, 0.5, 0.4], 2),
            ([0.5, 0.6, 0.4], 1),
        ],
        epochs,
        {
            "That is the best epoch. Training goes on for `patience` epochs after it.": best,
            "One epoch too few: epochs count from 1, positions from 0.": (
                lambda losses, patience: epochs(losses, patience) - 1
            ),
            "One epoch too many: it stops *at* the last of `patience` epochs without a new best.": (
                lambda losses, patience: min(epochs(losses, patience) + 1, len(losses))
            ),
            "You stop at the first epoch that is no better: wait `patience` of them.": (
                lambda losses, patience: epochs(losses, 1)
            ),
            "That is how many losses there are. Where does training stop?": (
                lambda losses, patience: len(losses)
            ),
            "That is the lowest of all losses. Training may stop before it gets there.": (
                lambda losses, patience: 1 + int(np.argmin(losses))
            ),
            "Compare each loss with the best so far, not with the one before.": rises,
        },
    )


@exercise("4.6", "The state sums up all words so far, so each prefix has its answer.")
def _running_prediction(answer: Any) -> str | None:
    from course_utils.padding import pad_reviews
    import keras

    model = _tiny_lstm()
    embedding, lstm, unit = model.layers
    every_step = keras.layers.LSTM(lstm.units, return_sequences=True)
    every_step.build((1, None, embedding.output_dim))
    every_step.set_weights(lstm.get_weights())

    def reference(model: Any, ids: np.ndarray) -> np.ndarray:
        return np.asarray(unit(every_step(embedding(ids[np.newaxis]))))[0, :, 0]

    def each(part: Callable[[int], slice]) -> Callable:
        return lambda model, ids: np.asarray(
            model(pad_reviews([ids[part(step)] for step in range(len(ids))], maxlen=len(ids)))
        )

    return function_hint(
        answer,
        [(model, np.array(ids, dtype=np.int32)) for ids in ([1, 5, 9, 7, 3], [1, 8, 8])],
        reference,
        {
            "You read the ends of the review. Start at its beginning, and stop after each word.": (
                each(lambda step: slice(step, None))
            ),
            "You read each word alone: the words before it belong to the state.": (
                each(lambda step: slice(step, step + 1))
            ),
            "That is the answer to the whole review, at each step.": each(lambda step: slice(None)),
            "That is the answer to the whole review: one for each prefix is wanted.": (
                lambda model, ids: reference(model, ids)[-1]
            ),
            "The last word is missing: a slice ends before its end, so go to len(ids).": (
                lambda model, ids: reference(model, ids)[:-1]
            ),
            "The order is turned around: begin with the first word alone.": (
                lambda model, ids: reference(model, ids)[::-1]
            ),
        },
    )


@functools.cache
def _tiny_lstm() -> Any:
    """Build a small masked LSTM whose answers differ clearly from word to word."""
    from course_utils.models import build_lstm

    model = build_lstm(num_words=10, embedding_dim=3, units=4, mask_padding=True)
    numbers = np.random.default_rng(2026)
    model.set_weights([numbers.normal(size=weight.shape) for weight in model.get_weights()])
    return model
