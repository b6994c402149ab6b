"""What a page needs to run a model: its layers in reading order, and their weights as float32."""

import base64
from typing import Any

from course_utils.models import HoldsWord, MaximumOverTime
import keras
import numpy as np

ACTIVATIONS = ("tanh", "sigmoid", "relu", "linear")
"""Those that numbers.js knows."""
LAYERS = (
    "Embedding, SimpleRNN, LSTM, GRU, Bidirectional, GlobalAveragePooling1D, GlobalMaxPooling1D, "
    "Concatenate, Dropout and Dense"
)
_PASSED_OVER = (keras.layers.InputLayer, keras.layers.Dropout, HoldsWord)
"""Layers that change nothing when a trained model answers."""
_CELLS = (keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU)
_WITHOUT_WEIGHTS = (
    keras.layers.GlobalAveragePooling1D,
    keras.layers.GlobalMaxPooling1D,
    MaximumOverTime,
)
IDS = -1
"""Stands for the ids in a list of what a layer reads; all else are numbers of layers."""
Layer = dict[str, Any]


class UnknownPartError(Exception):
    """A model has a part that the page cannot run; says which."""


class Block:
    """All weights of a page, each array once, as one row of float32 numbers."""

    def __init__(self) -> None:
        self._places: dict[bytes, int] = {}
        self._size = 0

    def place(self, array: np.ndarray) -> dict[str, Any]:
        """Add an array; return its shape, and at which number of the block it begins."""
        content = np.asarray(array, dtype="<f4").tobytes()
        if content not in self._places:
            self._places[content] = self._size
            self._size += array.size
        return {"shape": list(array.shape), "at": self._places[content]}

    def base64(self) -> str:
        """Return the block, little-endian, in base64."""
        return base64.b64encode(b"".join(self._places)).decode()


class Plan:
    """A model's layers, one after another, each with the numbers of those that it reads."""

    def __init__(self, block: Block) -> None:
        self.layers: list[Layer] = []
        self.embeddings: list[keras.layers.Embedding] = []
        self.masks = 0
        self._block = block

    def add_model(self, model: keras.Model, inputs: list[int]) -> int:
        """Add all layers of a model that reads these; return the number of its output."""
        if isinstance(model, keras.Sequential):
            for layer in model.layers:
                inputs = [self._add(layer, inputs)]
            return inputs[0]
        if not isinstance(model, keras.Model) or not hasattr(model, "operations"):
            raise UnknownPartError(f"its class {type(model).__name__} computes in its own way")
        if len(model.inputs) != 1 or len(model.outputs) != 1:
            raise UnknownPartError("it has more than one input or output")
        parts, read = {part.name: part for part in model.operations}, _read_by_each(model)
        outputs: dict[str, int] = {}
        for name in _needed(read, model.output_names[0]):
            outputs[name] = self._add(parts[name], [outputs[one] for one in read[name]] or inputs)
        return outputs[name]

    def _add(self, layer: keras.layers.Layer, inputs: list[int]) -> int:
        if isinstance(layer, keras.Model):
            return self.add_model(layer, inputs)
        if isinstance(layer, _PASSED_OVER):
            self.masks += isinstance(layer, HoldsWord)
            return inputs[0]
        if isinstance(layer, keras.layers.Bidirectional):
            return self._add_both_ways(layer, inputs)
        return self._enter(layer, inputs, **self._parts(layer))

    def _add_both_ways(self, layer: keras.layers.Bidirectional, inputs: list[int]) -> int:
        if layer.merge_mode != "concat":
            raise UnknownPartError(f"its layer {layer.name} has merge_mode {layer.merge_mode!r}")
        forward, backward = (
            self._enter(one, inputs, **self._cell(one, backwards))
            for one, backwards in ((layer.forward_layer, False), (layer.backward_layer, True))
        )
        return self._enter(layer, [forward, backward], kind="Concatenate")

    def _enter(self, layer: keras.layers.Layer, inputs: list[int], **parts: Any) -> int:
        read = [number for number in inputs if number != IDS]
        self.layers.append({"name": layer.name, "inputs": read, **parts})
        return len(self.layers) - 1

    def _parts(self, layer: keras.layers.Layer) -> Layer:
        """Return a layer's kind, settings and weights, by Keras' names."""
        if isinstance(layer, keras.layers.Embedding):
            self.embeddings.append(layer)
            return {"kind": "Embedding", "embeddings": self._block.place(layer.get_weights()[0])}
        if type(layer) in _CELLS:
            if layer.go_backwards:
                raise UnknownPartError(f"its layer {layer.name} has go_backwards=True")
            return self._cell(layer, backwards=False)
        if isinstance(layer, keras.layers.Dense):
            kernel, *bias = layer.get_weights()
            return {
                "kind": "Dense",
                "kernel": self._block.place(kernel),
                "bias": self._block.place(bias[0] if bias else np.zeros(layer.units)),
                "activation": _activation(layer, layer.activation),
            }
        if isinstance(layer, keras.layers.Concatenate):
            if layer.axis not in (-1, 2):
                raise UnknownPartError(f"its layer {layer.name} has axis {layer.axis}")
            return {"kind": "Concatenate"}
        if isinstance(layer, _WITHOUT_WEIGHTS):
            if getattr(layer, "keepdims", False):
                raise UnknownPartError(f"its layer {layer.name} has keepdims=True")
            if getattr(layer, "data_format", "channels_last") != "channels_last":
                raise UnknownPartError(f"its layer {layer.name} has another data_format")
            return {"kind": type(layer).__name__}
        raise UnknownPartError(f"its layer {layer.name} is a {type(layer).__name__}")

    def _cell(self, layer: keras.layers.RNN, backwards: bool) -> Layer:
        """Return a recurrent layer's parts; a layer without biases has zeros."""
        kind = type(layer).__name__
        if type(layer) not in _CELLS:
            raise UnknownPartError(f"its layer {layer.name} is a {kind}")
        if layer.stateful:
            raise UnknownPartError(f"its layer {layer.name} is stateful")
        if layer.zero_output_for_mask and not layer.return_sequences:
            raise UnknownPartError(f"its layer {layer.name} has zero_output_for_mask=True")
        if layer.return_state:
            raise UnknownPartError(f"its layer {layer.name} has return_state=True")
        if kind == "GRU" and not layer.reset_after:
            raise UnknownPartError(f"its layer {layer.name} has reset_after=False")
        kernel, recurrent_kernel, *bias = layer.get_weights()
        rows = np.zeros((2, kernel.shape[1]))
        if bias:
            rows[: np.ndim(bias[0])] = bias[0]
        gates = getattr(layer, "recurrent_activation", keras.activations.sigmoid)
        return {
            "kind": kind,
            "units": layer.units,
            "backwards": backwards,
            "return_sequences": bool(layer.return_sequences),
            "zero_output_for_mask": bool(layer.zero_output_for_mask),
            "activation": _activation(layer, layer.activation),
            "recurrent_activation": _activation(layer, gates),
            "kernel": self._block.place(kernel),
            "recurrent_kernel": self._block.place(recurrent_kernel),
            "bias": self._block.place(rows[0]),
            "recurrent_bias": self._block.place(rows[1]),
        }


def plan_of(model: keras.Model, block: Block) -> dict[str, Any]:
    """Describe a model for network.js: name, num_words, whether zeros are masked, its layers.

    Each layer has a kind, the numbers of the layers it reads, its settings by Keras' names, and its
    weights' places in the block, to which they are added.
    Raises ValueError, naming the layer, for a model with parts that the page cannot run.
    """
    name = getattr(model, "name", type(model).__name__)
    plan = Plan(block)
    try:
        if not getattr(model, "built", False):
            raise UnknownPartError("it has no weights yet; let it read a review first")
        last = plan.add_model(model, [IDS])
        _check_ends(plan, last)
        if len(model.output_shape) != 2:
            raise UnknownPartError("it gives one answer for each word")
    except UnknownPartError as problem:
        raise ValueError(
            f"look_inside cannot show {name}: {problem}. Give a model of {LAYERS} layers that "
            "reads ids and ends in one sigmoid unit."
        ) from None
    (embedding,) = plan.embeddings
    masked = bool(embedding.mask_zero)
    return {
        "name": name,
        "num_words": embedding.input_dim,
        "masked": masked,
        "layers": plan.layers,
    }


def _check_ends(plan: Plan, last: int) -> None:
    if len(plan.embeddings) != 1 or plan.layers[0]["kind"] != "Embedding":
        raise UnknownPartError("it does not start with one Embedding")
    end = plan.layers[last]
    one_sigmoid = end.get("activation") == "sigmoid" and end["kind"] == "Dense"
    if not one_sigmoid or end["kernel"]["shape"][1] != 1 or last != len(plan.layers) - 1:
        raise UnknownPartError("it does not end in one sigmoid unit")
    if plan.masks and not plan.embeddings[0].mask_zero:
        raise UnknownPartError("its mask is not that of its embedding")


def _activation(layer: keras.layers.Layer, activation: Any) -> str:
    name = keras.activations.serialize(activation)
    if name not in ACTIVATIONS:
        raise UnknownPartError(f"its layer {layer.name} has the activation {name!r}")
    return name


def _read_by_each(model: keras.Model) -> dict[str, list[str]]:
    """Return, for the name of each part of a functional model, the names of those that it reads."""
    read = {}
    for entry in model.get_config()["layers"]:
        calls = entry["inbound_nodes"]
        if any(
            _sources([*call["kwargs"].items()]) for call in calls if "mask" not in call["kwargs"]
        ):
            raise UnknownPartError(f"its layer {entry['name']} is called with more than its input")
        read[entry["name"]] = _sources([call["args"] for call in calls[:1]])
        if len(calls) > 1:
            raise UnknownPartError(f"its layer {entry['name']} is used twice")
    return read


def _needed(read: dict[str, list[str]], last: str) -> list[str]:
    """List what an output needs, in the order of reading: not what only makes a mask."""
    order: dict[str, None] = {}
    for source in read[last]:
        order |= dict.fromkeys(_needed(read, source))
    return [*order, last]


def _sources(part: Any) -> list[str]:
    """Find the names of the layers whose outputs stand in a call's arguments."""
    if isinstance(part, list | tuple):
        return [name for one in part for name in _sources(one)]
    if isinstance(part, dict) and part.get("class_name") == "__keras_tensor__":
        return [part["config"]["keras_history"][0]]
    return []
