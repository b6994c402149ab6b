"""Set-ups that are wrong in one place: what the test must find.

A gate is stuck by its weights: none from the word or the state, and a bias that no step moves.
"""

from collections.abc import Callable
from typing import NamedTuple

from course_utils.models import find_embedding
import keras
import numpy as np

from tools.sweep.recipes import Recipe

GATES = {keras.layers.LSTM: ("input", "forget", "candidate", "output"), keras.layers.GRU: ("update", "reset", "candidate")}
"""In the order of Keras' weights."""
STUCK = 30.0
"""A bias whose sigmoid is 1 in float32, and without a gradient; that of its negative is 1e-13."""


def _gated(model: keras.Model) -> keras.layers.Layer:
    return next(layer for layer in model.layers if type(layer) in GATES)


def stick(model: keras.Model, gate: str, at: int) -> None:
    """Let a gate of an LSTM or GRU stand open (1) or shut (0) at all steps of all trainings."""
    layer = _gated(model)
    number = GATES[type(layer)].index(gate)
    part = slice(number * layer.units, (number + 1) * layer.units)
    kernel, recurrent_kernel, bias = layer.get_weights()
    kernel[:, part] = recurrent_kernel[:, part] = 0
    bias[..., part] = 0
    np.atleast_2d(bias)[0, part] = STUCK if at else -STUCK
    layer.set_weights([kernel, recurrent_kernel, bias])


def drop_mask(model: keras.Model) -> None:
    """Let a model read padding like words."""
    find_embedding(model).mask_zero = False
