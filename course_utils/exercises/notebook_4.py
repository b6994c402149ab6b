"""Exercises of notebook 4: what is right, and typical mistakes with their hints."""

from collections.abc import Callable
import functools
from typing import Any

from course_utils.exercises.cases import every, growing, halves
from course_utils.exercises.judging import Hint, exercise, function_hint
import numpy as np


@exercise(
    "4.3", "Where z is near 1 the state passes unchanged: a GRU remembers without a second state."
)
def _gru_by_hand(answer: Any) -> Hint | None:
    import keras

    def draw(numbers: np.random.Generator, size: int) -> tuple:
        vectors = halves(numbers, size), halves(numbers, size)
        shapes = (size, 3 * size), (size, 3 * size), (2, 3 * size)
        return *vectors, *(halves(numbers, *shape) / size for shape in shapes)

    def reference(
        word_vector: np.ndarray,
        state: np.ndarray,
        kernel: np.ndarray,
        recurrent_kernel: np.ndarray,
        bias: np.ndarray,
    ) -> np.ndarray:
        cell = keras.layers.GRUCell(len(state))
        cell.build((1, len(word_vector)))
        cell.set_weights([kernel, recurrent_kernel, bias])
        return np.asarray(cell(word_vector[np.newaxis], state[np.newaxis])[0])[0]

    def by_hand(
        mix: Callable = lambda z, old, new: z * old + (1 - z) * new,
        order: tuple[int, int, int] = (0, 1, 2),
        gate: Callable = _sigmoid,
        candidate: Callable = np.tanh,
        inside: Callable = lambda r, word, of_state: word + r * of_state,
        outside: Callable = lambda r: 1,
        biases: Callable = lambda bias: bias,
        turned: bool = False,
    ) -> Callable:
        def step(
            word_vector: np.ndarray,
            state: np.ndarray,
            kernel: np.ndarray,
            recurrent_kernel: np.ndarray,
            bias: np.ndarray,
        ) -> np.ndarray:
            of_the_word, of_the_state = biases(bias)
            parts = np.split(recurrent_kernel, 3, axis=1)
            recurrent_kernel = np.hstack([part.T if turned else part for part in parts])
            word = np.split(word_vector @ kernel + of_the_word, 3)
            old = np.split(state @ recurrent_kernel + of_the_state, 3)
            z, r, new = order
            z, r = gate(word[z] + old[z]), gate(word[r] + old[r])
            return mix(z, state, outside(r) * candidate(inside(r, word[new], old[new])))

        return step

    def reset_first(
        word_vector: np.ndarray,
        state: np.ndarray,
        kernel: np.ndarray,
        recurrent_kernel: np.ndarray,
        bias: np.ndarray,
    ) -> np.ndarray:
        z, r, word = np.split(word_vector @ kernel + bias[0], 3)
        of_z, of_r, _ = np.split(state @ recurrent_kernel + bias[1], 3)
        z, r = _sigmoid(z + of_z), _sigmoid(r + of_r)
        units = len(state)
        of_state = (r * state) @ recurrent_kernel[:, 2 * units :] + bias[1, 2 * units :]
        return z * state + (1 - z) * np.tanh(word + of_state)

    swapped = "The gates are swapped: Keras keeps them in the order z, r, candidate."
    mixed = "The two parts are mixed with z and 1 - z, which add up to 1."
    return function_hint(
        answer,
        growing(draw, range(1, 6), each=3),
        reference,
        [
            (
                "The two parts are swapped: in Keras z is what is kept of the old state.",
                by_hand(mix=lambda z, old, new: (1 - z) * old + z * new),
            ),
            (
                "That is the candidate. The new state mixes it with the old one.",
                by_hand(mix=lambda z, old, new: new),
            ),
            (mixed, by_hand(mix=lambda z, old, new: z * old + z * new)),
            (mixed, by_hand(mix=lambda z, old, new: old + new)),
            (mixed, by_hand(mix=lambda z, old, new: z * old + new)),
            (mixed, by_hand(mix=lambda z, old, new: old + (1 - z) * new)),
            (
                "The old state is missing: z says what is kept of it.",
                by_hand(mix=lambda z, old, new: (1 - z) * new),
            ),
            (
                "The candidate is missing: 1 - z says what is taken of it.",
                by_hand(mix=lambda z, old, new: z * old),
            ),
            (
                "Only one bias is used: the state has its own, bias[1].",
                by_hand(biases=lambda bias: (bias[0], 0 * bias[0])),
            ),
            (
                "Only one bias is used: the word has its own, bias[0].",
                by_hand(biases=lambda bias: (0 * bias[1], bias[1])),
            ),
            (
                "One bias is used for both: the word has bias[0], the state bias[1].",
                by_hand(biases=lambda bias: (bias[0], bias[0])),
            ),
            (
                "The two biases are swapped: the word has bias[0], the state bias[1].",
                by_hand(biases=lambda bias: bias[::-1]),
            ),
            ("The biases are missing.", by_hand(biases=lambda bias: 0 * bias)),
            (swapped, by_hand(order=(1, 0, 2))),
            (swapped, by_hand(order=(2, 1, 0))),
            (swapped, by_hand(order=(0, 2, 1))),
            (swapped, by_hand(order=(1, 2, 0))),
            (swapped, by_hand(order=(2, 0, 1))),
            (
                "You reset the state before the matrix; Keras multiplies by r after it.",
                reset_first,
            ),
            (
                "The reset gate is missing: r stands before the state's part of the candidate.",
                by_hand(inside=lambda r, word, of_state: word + of_state),
            ),
            (
                "The reset gate is turned around: r is what is let through of the state.",
                by_hand(inside=lambda r, word, of_state: word + (1 - r) * of_state),
            ),
            (
                "r belongs inside the tanh, before the state's part.",
                by_hand(inside=lambda r, word, old: word + old, outside=lambda r: r),
            ),
            (
                "r stands before the state's part alone, not before the word's.",
                by_hand(inside=lambda r, word, old: r * (word + old)),
            ),
            (
                "The word and the state are swapped: kernel belongs to the word.",
                lambda word, state, *weights: reference(state, word, *weights),
            ),
            ("The candidate takes the tanh, not the sigmoid.", by_hand(candidate=_sigmoid)),
            ("The candidate's tanh is missing.", by_hand(candidate=lambda x: x)),
            ("The gates take the sigmoid, not the tanh.", by_hand(gate=np.tanh)),
            ("The gates' sigmoid is missing.", by_hand(gate=lambda x: x)),
            (
                "The matrices of the state are turned around: the state stands before them.",
                by_hand(turned=True),
            ),
        ],
    )


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


@exercise(
    "4.4", "Precision asks the model's positives, recall the true ones: only their top is shared."
)
def _precision_and_recall(answer: Any) -> Hint | None:
    import keras

    def draw(numbers: np.random.Generator, size: int) -> tuple:
        return tuple(
            numbers.permutation([0, 1, *(numbers.random(size) < share).astype(int)])
            for share in (0.5, 0.3)
        )

    def measured(labels: np.ndarray, predictions: np.ndarray) -> list[float]:
        values = []
        for metric in (keras.metrics.Precision(), keras.metrics.Recall()):
            metric.update_state(labels, predictions)
            values.append(float(metric.result()))
        return values

    def shares(above: Callable[[np.ndarray, np.ndarray], np.ndarray], *below: Callable) -> Callable:
        def both(labels: np.ndarray, predictions: np.ndarray) -> list[float]:
            top = np.sum(above(labels, predictions))
            return [top / np.sum(one(labels, predictions)) for one in below]

        return both

    def found(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
        return labels & predictions

    def right(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
        return labels == predictions

    def true(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
        return labels

    def predicted(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
        return predictions

    def all_of(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
        return np.ones(len(labels))

    def f_score(labels: np.ndarray, predictions: np.ndarray) -> float:
        return 2 * np.sum(labels & predictions) / (np.sum(labels) + np.sum(predictions))

    def of_negatives(order: int) -> Callable:
        return lambda labels, predictions: measured(1 - labels, 1 - predictions)[::order]

    def only(part: int) -> Callable:
        return lambda labels, predictions: measured(labels, predictions)[part]

    accuracy = "That is the accuracy. Precision looks at predicted positives only."
    by_all = "You divide by all reviews. Each of the two looks at a part of them."
    above = "Above stand the positives that are found, not all that are right."
    twice = "Both have the same number below: predicted positives, and true ones."
    return function_hint(
        answer,
        growing(draw, [1, 2, 3, 5, 9, 90], each=3),
        measured,
        [
            ("The two are swapped: precision comes first.", shares(found, true, predicted)),
            ("That is for the negative reviews: count the positive ones.", of_negatives(1)),
            ("That is for the negative reviews: count the positive ones.", of_negatives(-1)),
            (accuracy, lambda labels, predictions: np.mean(labels == predictions)),
            (accuracy, shares(right, all_of, all_of)),
            (accuracy, shares(right, all_of, true)),
            (by_all, shares(found, all_of, all_of)),
            (by_all, shares(found, predicted, all_of)),
            (by_all, shares(found, all_of, true)),
            (above, shares(right, predicted, true)),
            (above, shares(true, predicted, true)),
            (above, shares(predicted, predicted, true)),
            (twice, shares(found, predicted, predicted)),
            (twice, shares(found, true, true)),
            (
                "The first number is the accuracy: precision looks at predicted positives only.",
                lambda labels, predictions: [
                    np.mean(labels == predictions),
                    measured(labels, predictions)[1],
                ],
            ),
            (
                "Those are the shares that are predicted positive and that are: which are both?",
                lambda labels, predictions: [np.mean(predictions), np.mean(labels)],
            ),
            (
                "Those are the shares that are predicted positive and that are: which are both?",
                lambda labels, predictions: [np.mean(labels), np.mean(predictions)],
            ),
            (
                "Precision divides by what is predicted positive, recall by what is positive.",
                lambda labels, predictions: (
                    [np.sum(labels & predictions) / np.sum(labels | predictions)] * 2
                ),
            ),
            ("That is the F1 score, one number made of both.", f_score),
            ("That is how many are found: give shares.", lambda *both: np.sum(found(*both))),
            (
                "Recall is turned into its counterpart for the negative reviews.",
                lambda labels, predictions: [
                    measured(labels, predictions)[0],
                    measured(1 - labels, 1 - predictions)[1],
                ],
            ),
            (
                "Those are the shares of positives that are wrong.",
                lambda labels, predictions: 1 - np.array(measured(labels, predictions)),
            ),
            (
                "Below stand all predicted positives: true negatives are none of them.",
                lambda labels, predictions: [
                    np.sum(labels & predictions)
                    / np.sum((labels & predictions) | (1 - (labels | predictions))),
                    measured(labels, predictions)[1],
                ],
            ),
            ("That is the precision alone: return both.", only(0)),
            ("That is the recall alone: return both.", only(1)),
            (
                "Those are percentages: give shares between 0 and 1.",
                lambda labels, predictions: 100 * np.array(measured(labels, predictions)),
            ),
        ],
    )


@exercise(
    "4.5", "The last patience epochs are paid for nothing, so keep the weights of the best one."
)
def _early_stopping(answer: Any) -> Hint | None:
    def draw(numbers: np.random.Generator, size: int) -> tuple:
        losses = (numbers.integers(1, 4 + size, size) / 10).tolist()
        return losses, int(numbers.integers(1, 2 + (size + 1) // 3))

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

    def counted(
        is_better: Callable[[float, float], bool] = lambda loss, best: loss < best,
        in_a_row: bool = True,
        before: bool = False,
    ) -> Callable:
        """Count epochs that are no better; before: compare with the one before, not the best."""

        def stop(losses: list[float], patience: int) -> int:
            best, count = np.inf, 0
            for epoch, loss in enumerate(losses, 1):
                better = is_better(loss, best)
                count = 0 if better and in_a_row else count + (not better)
                best = loss if before else min(best, loss)
                if count == patience:
                    return epoch
            return len(losses)

        return stop

    def best(losses: list[float], patience: int) -> int:
        return 1 + int(np.argmin(losses[: epochs(losses, patience)]))

    def or_equal(loss: float, best: float) -> bool:
        return loss <= best

    few = [
        ([loss / 10 for loss in losses], patience)
        for length in range(1, 5)
        for patience, *losses in every(range(1, 3), *[range(1, 4)] * length)
    ]
    late = "One epoch too many: it stops at the last of patience epochs without a new best."
    equal = "A loss that equals the lowest is no new lowest: look at < and <=."
    one_before = "Compare each loss with the best so far, not with the one before."
    lowest = "That is the lowest of all losses. Training may stop before it gets there."
    return function_hint(
        answer,
        [*few, *growing(draw, range(5, 13))],
        epochs,
        [
            ("That is the best epoch. Training goes on for patience epochs after it.", best),
            (
                "That is the best epoch's position. Training goes on for patience epochs after it.",
                lambda losses, patience: best(losses, patience) - 1,
            ),
            (
                "One epoch too few: epochs count from 1, positions from 0.",
                lambda losses, patience: epochs(losses, patience) - 1,
            ),
            (
                "One epoch too few: epochs count from 1, positions from 0.",
                lambda losses, patience: (
                    epochs(losses, patience) - (epochs(losses, patience) < len(losses))
                ),
            ),
            (late, lambda losses, patience: min(epochs(losses, patience) + 1, len(losses))),
            (late, lambda losses, patience: epochs(losses, patience + 1)),
            (
                "One epoch too few: patience epochs without a new best are allowed to pass.",
                lambda losses, patience: epochs(losses, max(1, patience - 1)),
            ),
            (
                "The first epoch counts as one without a new best: begin with no best at all.",
                lambda losses, patience: counted()([losses[0], *losses], patience) - 1,
            ),
            (equal, counted(or_equal)),
            (
                "Two things: a loss that equals the lowest is no new lowest, and it stops at the "
                "last of patience epochs.",
                lambda losses, patience: counted(or_equal)(losses, patience + 1),
            ),
            (
                "You stop at the first epoch that is no better: wait patience of them.",
                lambda losses, patience: epochs(losses, 1),
            ),
            (
                "That is how many losses there are. Where does training stop?",
                lambda losses, patience: len(losses),
            ),
            (lowest, lambda losses, patience: 1 + int(np.argmin(losses))),
            (
                lowest,
                lambda losses, patience: min(1 + int(np.argmin(losses)) + patience, len(losses)),
            ),
            (lowest, lambda losses, patience: 1 + int(np.argmin(losses)) + patience),
            (lowest, lambda losses, patience: int(np.argmin(losses)) + patience),
            (lowest, lambda losses, patience: int(np.argmin(losses))),
            (one_before, counted(before=True)),
            (one_before, counted(or_equal, before=True)),
            (
                "Epochs without a new best count only in a row: begin anew at each new best.",
                counted(in_a_row=False),
            ),
            (
                "If nothing stops the training, it takes all epochs, and no more.",
                lambda losses, patience: best(losses, patience) + patience,
            ),
            (
                "The direction is wrong: a lower loss is better.",
                counted(lambda loss, best: loss > best, before=True),
            ),
            (
                "The direction is wrong: a lower loss is better.",
                lambda losses, patience: epochs([-loss for loss in losses], patience),
            ),
            (
                "That is the lowest loss itself: how many epochs are trained?",
                lambda losses, patience: min(losses),
            ),
        ],
    )


@exercise("4.6", "The state sums up all words so far, so each prefix has its answer.")
def _running_prediction(answer: Any) -> Hint | None:
    from course_utils.padding import pad_reviews
    import keras

    tiny = _tiny_lstm()
    embedding, lstm, unit = tiny.layers
    every_step = keras.layers.LSTM(lstm.units, return_sequences=True)
    every_step.build((1, None, embedding.output_dim))
    every_step.set_weights(lstm.get_weights())

    def draw(numbers: np.random.Generator, size: int) -> tuple:
        return tiny, np.array([1, *numbers.integers(2, 10, size)], dtype=np.int32)

    def reference(model: Any, ids: np.ndarray) -> np.ndarray:
        return np.asarray(unit(every_step(embedding(ids[np.newaxis]))))[0, :, 0]

    def each(part: Callable[[int], slice]) -> Callable:
        return lambda model, ids: np.asarray(
            model(pad_reviews([ids[part(step)] for step in range(len(ids))], maxlen=len(ids)))
        )

    def one_by_one(
        row: Callable[[np.ndarray], np.ndarray], start: int = 1
    ) -> Callable[[Any, np.ndarray], list]:
        return lambda model, ids: [model(row(ids[:end])) for end in range(start, len(ids) + 1)]

    def mean_so_far(model: Any, ids: np.ndarray) -> np.ndarray:
        return np.cumsum(reference(model, ids)) / np.arange(1, len(ids) + 1)

    whole = "That is the answer to the whole review: one for each prefix is wanted."
    batch = "The model reads a batch of reviews: ids[np.newaxis] is a batch of one."
    empty = "You begin before the first word: a prefix holds at least one id."
    return function_hint(
        answer,
        growing(draw, [1, 2, 4], each=2),
        reference,
        [
            (
                "You read the ends of the review. Start at its beginning, and stop after each "
                "word.",
                each(lambda step: slice(step, None)),
            ),
            (
                "You read each word alone: the words before it belong to the state.",
                each(lambda step: slice(step, step + 1)),
            ),
            (
                "That is the answer to the whole review, at each step.",
                each(lambda step: slice(None)),
            ),
            (whole, lambda model, ids: reference(model, ids)[-1]),
            (
                "The last word is missing: a slice ends before its end, so go to len(ids).",
                lambda model, ids: reference(model, ids)[:-1],
            ),
            (
                "The first word alone is a prefix, too.",
                lambda model, ids: reference(model, ids)[1:],
            ),
            (
                "The order is turned around: begin with the first word alone.",
                lambda model, ids: reference(model, ids)[::-1],
            ),
            (
                "You read the words before each step in reverse.",
                each(lambda step: slice(step, None, -1)),
            ),
            (
                "Those are the answers' means so far: the answers themselves are wanted.",
                mean_so_far,
            ),
            (
                "Those are the steps from answer to answer: the answers themselves are wanted.",
                lambda model, ids: np.diff(reference(model, ids), prepend=0),
            ),
            (
                "Those are the steps from answer to answer: the answers themselves are wanted.",
                lambda model, ids: np.diff(reference(model, ids)),
            ),
            (
                "Those are yes and no: give the probabilities.",
                lambda model, ids: (reference(model, ids) > 0.5).astype(int),
            ),
            (
                "That is the probability of a negative review.",
                lambda model, ids: 1 - reference(model, ids),
            ),
            (
                "You leave out one word: the others are not a prefix.",
                lambda model, ids: np.asarray(
                    model(pad_reviews([np.delete(ids, n) for n in range(len(ids))], len(ids)))
                ),
            ),
            (batch, one_by_one(lambda prefix: prefix)),
            (batch, lambda model, ids: model(ids)),
            (batch, one_by_one(list)),
            (empty, one_by_one(lambda prefix: prefix[np.newaxis], start=0)),
        ],
    )


@functools.cache
def _tiny_lstm() -> Any:
    """Build a small masked LSTM whose answers differ clearly from word to word."""
    from course_utils.models import build_lstm

    model = build_lstm(num_words=10, embedding_dim=3, units=4, mask_padding=True)
    numbers = np.random.default_rng(2026)
    model.set_weights([numbers.normal(size=weight.shape) for weight in model.get_weights()])
    return model
