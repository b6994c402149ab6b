"""Values that a judge and a submission exchange, as JSON: numbers, text, lists and arrays.

Nothing that comes from a submission is run, imported or unpickled: whatever has no place here
arrives as a plain object. Only a submission, which is trusted with nothing, builds models.
"""

import base64
from collections.abc import Iterator
import json
from multiprocessing.connection import Connection
from typing import Any

from course_utils.exercises.judging import MOST_ITEMS
import numpy as np

MOST_BYTES = 16 * 2**20
"""A longer message is not read."""


class WireError(Exception):
    """A message is not one that a submission's process writes by itself."""


def send(pipe: Connection, message: dict[str, Any]) -> None:
    """Write one message. Raises WireError if it is too long."""
    text = json.dumps(message).encode()
    if len(text) > MOST_BYTES:
        raise WireError(f"a message has {len(text):,} bytes: {MOST_BYTES:,} are read")
    pipe.send_bytes(text)


def receive(pipe: Connection) -> dict[str, Any]:
    """Read one message. Raises EOFError if the other side is gone, WireError for another text."""
    try:
        message = json.loads(pipe.recv_bytes(MOST_BYTES))
    except EOFError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise WireError(f"a message cannot be read: {error}") from None
    if not isinstance(message, dict):
        raise WireError("a message is no JSON object")
    return message


def pack(value: Any) -> Any:
    """Turn a value into what JSON can hold; `unpack` turns it back."""
    for plain in (bool, int, float, str):
        if isinstance(value, plain):
            return plain(value)
    if value is None:
        return None
    if value is ...:
        return {"kind": "ellipsis"}
    if isinstance(value, list | tuple):
        items = [pack(item) for item in value[:MOST_ITEMS]]
        return {"kind": "tuple", "items": items} if isinstance(value, tuple) else items
    if isinstance(value, Iterator):
        return {"kind": "iterator"}
    if callable(value):
        return {"kind": "function"}
    return _pack_array(value)


def _pack_array(value: Any) -> dict[str, Any]:
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":
            array = array.astype(float)
    except Exception:
        return {"kind": "other"}
    if array.dtype.kind not in "biuf" or array.size > MOST_ITEMS:
        return {"kind": "other"}
    array = array.astype(array.dtype.newbyteorder("<"))
    data = base64.b64encode(array.tobytes()).decode()
    return {"kind": "array", "dtype": array.dtype.str, "shape": array.shape, "data": data}


def unpack(packed: Any) -> Any:
    """Turn a packed value back. Raises WireError for what `pack` does not write."""
    try:
        return _unpack(packed)
    except Exception as error:
        raise WireError(f"a value cannot be read: {error}") from None


def _unpack(packed: Any) -> Any:
    if isinstance(packed, list):
        return [_unpack(item) for item in packed]
    if not isinstance(packed, dict):
        return packed
    match packed["kind"]:
        case "ellipsis":
            return ...
        case "tuple":
            return tuple(_unpack(item) for item in packed["items"])
        case "iterator":
            return iter(())
        case "function":
            return function_inside_an_answer
        case "array":
            return _unpack_array(packed)
        case "other":
            return object()
        case kind:
            raise ValueError(f"{kind!r} is no kind")


def function_inside_an_answer(*_: Any) -> None:
    """Stand for a function in a list or a result: it is there, and cannot be called from here."""
    raise WireError("only an answer itself can be called")


def _unpack_array(packed: dict[str, Any]) -> np.ndarray:
    dtype = np.dtype(str(packed["dtype"]))
    if dtype.kind not in "biuf":
        raise ValueError(f"{dtype} are no numbers")
    return np.frombuffer(base64.b64decode(packed["data"]), dtype).reshape(packed["shape"]).copy()


def pack_model(model: Any) -> dict[str, Any]:
    """Turn a Keras model of the judge's own into JSON, for a function that takes a model."""
    return {
        "kind": "model",
        "config": model.to_json(),
        "weights": [pack(weight) for weight in model.get_weights()],
    }


def build_model(packed: dict[str, Any]) -> Any:
    """Build the model again, in the submission's process."""
    import keras

    model = keras.models.model_from_json(packed["config"])
    model.set_weights([unpack(weight) for weight in packed["weights"]])
    return model
