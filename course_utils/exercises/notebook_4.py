"""Exercises of notebook 4: what is right, and typical mistakes with their hints."""

from collections.abc import Callable
import functools
from typing import Any

from course_utils.exercises.judging import exercise, function_hint
import numpy as np


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
        [
            (
                "The two parts are swapped: in Keras z is what is *kept* of the old state.",
                lambda *case: case[1] + candidate(*case) - reference(*case),
            ),
            ("That is the candidate. The new state mixes it with the old one.", candidate),
            (
                "Only one bias is used: the state has its own, bias[1].",
                lambda *case: reference(*case[:-1], case[-1] * [[1], [0]]),
            ),
            (
                "Only one bias is used: the word has its own, bias[0].",
                lambda *case: reference(*case[:-1], case[-1] * [[0], [1]]),
            ),
            (
                "The gates are swapped: Keras keeps them in the order z, r, candidate.",
                with_gates_swapped,
            ),
            (
                "You reset the state before the matrix; Keras multiplies by r after it.",
                reset_first,
            ),
        ],
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
        [
            (
                "The two are swapped: precision comes first.",
                lambda labels, predictions: measured(labels, predictions)[::-1],
            ),
            (
                "That is for the negative reviews: count the positive ones.",
                lambda labels, predictions: measured(1 - labels, 1 - predictions),
            ),
            (
                "That is the accuracy. Precision looks at predicted positives only.",
                lambda labels, predictions: np.mean(labels == predictions),
            ),
            (
                "You divide by all reviews. Each of the two looks at a part of them.",
                lambda labels, predictions: [np.mean(labels & predictions)] * 2,
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
        [
            ("That is the best epoch. Training goes on for `patience` epochs after it.", best),
            (
                "One epoch too few: epochs count from 1, positions from 0.",
                lambda losses, patience: epochs(losses, patience) - 1,
            ),
            (
                "One epoch too many: it stops *at* the last of `patience` epochs without a new "
                "best.",
                lambda losses, patience: min(epochs(losses, patience) + 1, len(losses)),
            ),
            (
                "You stop at the first epoch that is no better: wait `patience` of them.",
                lambda losses, patience: epochs(losses, 1),
            ),
            (
                "That is how many losses there are. Where does training stop?",
                lambda losses, patience: len(losses),
            ),
            (
                "That is the lowest of all losses. Training may stop before it gets there.",
                lambda losses, patience: 1 + int(np.argmin(losses)),
            ),
            ("Compare each loss with the best so far, not with the one before.", rises),
        ],
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
            (
                "That is the answer to the whole review: one for each prefix is wanted.",
                lambda model, ids: reference(model, ids)[-1],
            ),
            (
                "The last word is missing: a slice ends before its end, so go to len(ids).",
                lambda model, ids: reference(model, ids)[:-1],
            ),
            (
                "The order is turned around: begin with the first word alone.",
                lambda model, ids: reference(model, ids)[::-1],
            ),
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
