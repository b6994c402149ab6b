"""What a check says of a call, of a number and of an error: one line each, read as text."""

import re
import textwrap
from typing import Any

import numpy as np

MOST_SIGNS = 60
"""An argument that takes more to write is described by its shape."""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
OF_TENSORFLOW = re.compile(r"\{\{.*?\}\}|\[Op:.*")
BETWEEN_SENTENCES = re.compile(r"(?<=\S)\. (?=[A-Z])")
MOST_OF_AN_ERROR = 200


class AnswerError(Exception):
    """An answer raised an error in a process of its own; args: that error's type and its text."""


def called_with(names: list[str], case: tuple) -> str:
    """Write a call's arguments: "Called with d=1, n=1"."""
    return "Called with " + ", ".join(map(_argument, names, case))


def _argument(name: str, value: Any) -> str:
    text = written(value)
    if len(text) <= MOST_SIGNS and not text.startswith("<"):
        return f"{name}={text}"
    if hasattr(value, "shape"):
        return f"{name} of shape {value.shape}"
    return f"a {name} of the check's own"


def written(value: Any) -> str:
    """Write a number, text or array as Python shows a list of it, with four digits each."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return f"{value:.4g}" if isinstance(value, float) else repr(value)


def difference(got: np.ndarray, expected: np.ndarray) -> str:
    """Return how a result differs, without giving the right one away."""
    if np.squeeze(got).shape != np.squeeze(expected).shape:
        return f"is {_shape_text(got)} where {_shape_text(expected)} is wanted"
    got, expected = np.squeeze(got), np.squeeze(expected)
    if not np.isfinite(got).all():
        return "is not finite: somewhere it holds nan or inf"
    direction = np.where(got < expected, "small", "large")
    if got.ndim == 0:
        return f"is too {direction}: {got:.6g}"
    wrong = np.argwhere(~np.isclose(got, expected, rtol=1e-4, atol=1e-6))
    first = tuple(wrong[0].tolist())
    place = ", ".join(map(str, first))
    return (
        f"is wrong in {len(wrong)} of {got.size} numbers; the one at [{place}] is too "
        f"{direction[first]}: {got[first]:.6g}"
    )


def _shape_text(array: np.ndarray) -> str:
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def describe_error(error: BaseException) -> str:
    """Write an exception as "TypeError: what it says", in one sentence."""
    kind, text = error.args if isinstance(error, AnswerError) else (type(error).__name__, error)
    return f"{one_line(kind)}: {error_text(text)}"


def error_text(error: Any) -> str:
    """Return what an error says is wrong, as one sentence without its full stop.

    Keras puts a paragraph before it and others after it, and colours it for a terminal.
    """
    try:
        paragraphs = COLOUR.sub("", str(error)).split("\n\n")
    except (Exception, SystemExit):
        return one_line(error)
    if paragraphs[0].startswith("Exception encountered when calling"):
        paragraphs = paragraphs[1:] or paragraphs
    said = OF_TENSORFLOW.sub("", paragraphs[0]).replace("`", "'")
    first, *others = BETWEEN_SENTENCES.split(one_line(said, MOST_OF_AN_ERROR))
    joined = "; ".join([first, *(other[:1].lower() + other[1:] for other in others)])
    return joined.rstrip(".")


def one_line(thing: Any, most: int = 120) -> str:
    """Write anything as one line with so many signs at most, even what refuses to be written."""
    try:
        return textwrap.shorten(printable(str(thing)), most, placeholder=" …")
    except (Exception, SystemExit):
        return f"a {type(thing).__name__} without a text"


def printable(text: str) -> str:
    """Return a text as one line that every terminal can show."""
    return " ".join(text.splitlines()).encode("utf-8", errors="replace").decode()
