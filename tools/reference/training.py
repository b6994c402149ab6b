"""One training of a reference recipe, and the figures that it is compared by."""

import logging
import os
import platform
import time
from typing import NamedTuple

import numpy as np

from tools.reference.recipes import RECIPES
from tools.sweep.training import ONE_THREAD

BATCHES_TESTED = 4
"""Of 500 sequences each: the first 2,000 reviews of other films, or a task's 1,000 sequences."""


class Figures(NamedTuple):
    """What two trainings are compared by.

    first_spread: how far the answers lie apart before training: the standard deviation of their
    log-odds over 500 sequences. mean_loss, last_loss: in training, over all epochs and in the last
    one, in nats per review. spread: as first_spread, after training. test_loss, test_accuracy:
    after training, on reviews of other films.
    """

    first_spread: float
    mean_loss: float
    last_loss: float
    spread: float
    test_loss: float
    test_accuracy: float


Training = NamedTuple(
    "Training",
    [
        ("recipe", str),
        ("fault", str),
        ("seed", int),
        *Figures.__annotations__.items(),
        ("seconds", float),
        ("keras", str),
        ("tensorflow", str),
        ("processor", str),
    ],
)
"""A line of trainings.csv: what was trained, its figures, how long it took, and on what.

fault: what was broken, as faults.py calls it; "" in a right set-up.
"""


def train(name: str, seed: int, fault: str = "") -> Training:
    """Train a recipe once: the seed decides the cut by film, the weights, and the order.

    fault: what is broken, a key of FAULTS[name]; nothing by default.
    """
    os.environ.update(ONE_THREAD)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # each training is a model of its own
    import keras
    import tensorflow as tf

    from tools.reference.faults import FAULTS, Fault
    from tools.sweep.experiments import prepare

    started = time.perf_counter()
    broken = FAULTS[name][fault] if fault else Fault()
    recipe = RECIPES[name]._replace(**broken.recipe)
    model, training, _, test = prepare(recipe, seed)
    model = broken.model(model)
    first_odds = log_odds(model.predict(test.take(1), verbose=0))
    batches = broken.batches(training)
    losses = model.fit(batches, epochs=recipe.epochs, shuffle=False, verbose=0).history["loss"]
    test = test.take(BATCHES_TESTED)
    odds = log_odds(model.predict(test, verbose=0))
    labels = np.concatenate([labels for _, labels in test.as_numpy_iterator()])
    figures = first_odds.std(), np.mean(losses), losses[-1], odds.std(), *judged(labels, odds)
    seconds = round(time.perf_counter() - started, 1)
    made_by = keras.__version__, tf.__version__, platform.machine()
    return Training(name, fault, seed, *np.round(figures, 6).tolist(), seconds, *made_by)


def log_odds(answers: np.ndarray) -> np.ndarray:
    """Turn probabilities to log-odds, float64; those nearer than 1e-7 to 0 or 1 are moved there."""
    answers = np.clip(np.ravel(answers).astype("float64"), 1e-7, 1 - 1e-7)
    return np.log(answers / (1 - answers))


def judged(labels: np.ndarray, odds: np.ndarray) -> tuple[float, float]:
    """Return the cross-entropy, in nats per review, and the share of right answers."""
    towards = np.where(labels == 1, odds, -odds)
    return float(np.logaddexp(0, -towards).mean()), float(np.mean((odds > 0) == labels))
