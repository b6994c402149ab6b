"""Set-ups that are wrong in one place: what the test must find."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from tools.reference.recipes import RECIPES
from tools.sweep.recipes import Recipe

GATES = {
    "LSTM": ("input", "forget", "candidate", "output"),
    "GRU": ("update", "reset", "candidate"),
}
"""In the order of Keras' weights."""
STUCK = 30.0
"""A bias whose sigmoid is 1 in float32, and without a gradient; that of its negative is 1e-13."""


class Fault(NamedTuple):
    """What is changed: of the recipe, of the model that was built, of the batches to train on."""

    recipe: Mapping[str, object] = MappingProxyType({})
    model: Callable[[keras.Model], keras.Model] = lambda model: model
    batches: Callable[[tf.data.Dataset], tf.data.Dataset] = lambda batches: batches


def stick(model: keras.Model, gate: str, at: int) -> keras.Model:
    """Let a gate of an LSTM or a GRU stand open (1) or shut (0), whatever it reads."""
    layer = next(layer for layer in model.layers if type(layer).__name__ in GATES)
    number = GATES[type(layer).__name__].index(gate)
    part = slice(number * layer.units, (number + 1) * layer.units)
    kernel, recurrent_kernel, bias = layer.get_weights()
    kernel[:, part] = recurrent_kernel[:, part] = 0
    bias[..., part] = 0
    np.atleast_2d(bias)[0, part] = STUCK if at else -STUCK
    layer.set_weights([kernel, recurrent_kernel, bias])
    return model


def drop_mask(model: keras.Model) -> keras.Model:
    """Return a copy of a model that reads padding like words."""

    def copied(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = layer.get_config()
        return type(layer).from_config(
            config | {key: False for key in config if key == "mask_zero"}
        )

    copy = keras.models.clone_model(model, clone_function=copied)
    copy.set_weights(model.get_weights())
    copy.compile_from_config(model.get_compile_config())
    return copy


def mislabel(batches: tf.data.Dataset) -> tf.data.Dataset:
    """Turn every tenth label of each batch round; in each epoch other reviews stand there."""

    def turned(x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        tenth = tf.range(tf.size(y)) % 10 == 0
        return x, tf.where(tenth, 1 - y, y)

    return batches.map(turned)


def _faults(name: str, recipe: Recipe) -> dict[str, Fault]:
    faults = {
        "steps three times as long": Fault({"learning_rate": 3 * recipe.learning_rate}),
        "one label in ten wrong": Fault(batches=mislabel),
    }
    if recipe.mask:
        faults["no mask"] = Fault({"mask": False})
    if recipe.model == "averaged_embedding":
        faults["no mask"] = Fault(model=drop_mask)
    if recipe.start == "identity":
        faults["no identity start"] = Fault({"start": "orthogonal"})
    if recipe.model == "simple_rnn":
        faults["recurrent kernel kept"] = Fault({"kept": "simple_rnn"})
    if recipe.kept:
        faults["lower kernel trained"] = Fault({"kept": ""})
        faults["upper kernel kept"] = Fault({"kept": "upper_rnn"})
    if recipe.model == "lstm":
        faults |= {
            "input gate open": Fault(model=partial(stick, gate="input", at=1)),
            "forget gate open": Fault(model=partial(stick, gate="forget", at=1)),
            "forget gate shut": Fault(model=partial(stick, gate="forget", at=0)),
            "output gate open": Fault(model=partial(stick, gate="output", at=1)),
        }
    if recipe.model == "gru":
        faults |= {
            "reset gate open": Fault(model=partial(stick, gate="reset", at=1)),
            "reset gate shut": Fault(model=partial(stick, gate="reset", at=0)),
            "update gate shut": Fault(model=partial(stick, gate="update", at=0)),
        }
    return faults


FAULTS = {name: _faults(name, recipe) for name, recipe in RECIPES.items()}
