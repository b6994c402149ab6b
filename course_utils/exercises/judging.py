"""How an answer is judged: numbers, functions and models, against what is right.

What is right comes from Keras' own layers, from the data or from counting. A typical mistake is
listed with what it would give: an answer that equals it gets its hint.
"""

from collections.abc import Callable, Iterator, Sequence
import copy
import dis
from typing import Any, NamedTuple, TypeVar

import numpy as np

MOST_ITEMS = 1_000_000
"""An answer with more items is not looked at."""


NO_KNOWN_MISTAKE = "none of the known mistakes"
ERROR = "it raises an error"


class Hint(NamedTuple):
    """What to look at. mistake: a text that names the mistake, the same whatever the numbers are.

    Where the text itself is always the same, it may stand alone, and names the mistake.
    """

    mistake: str
    text: str


class Exercise(NamedTuple):
    """What to learn from a right answer, and the function that finds a hint, or None if right."""

    insight: str
    find_hint: Callable[[Any], Hint | str | None]


EXERCISES: dict[str, Exercise] = {}
"""All exercises by their names, in the order of the course."""


class NotAttemptedError(Exception):
    """The answer is still the `...` of the starter."""


class UnusableError(Exception):
    """The answer is of the wrong kind; args: the hint, and the mistake where that varies less."""

    @property
    def hint(self) -> Hint:
        """What to look at."""
        return Hint(self.args[-1], self.args[0])


class AnswerError(Exception):
    """An answer raised an error in a process of its own; args: that error's type and its text."""


class ModelAnswer(NamedTuple):
    """What can be asked of a model that was handed in, wherever it runs.

    call, predict: ids, int (reviews, time steps), to its output, as `model(ids)` and
    `model.predict_on_batch(ids)` return it. recurrent: kind and units of each recurrent layer, from
    bottom to top. weights: the arrays of all layers, as `model.get_weights()` lists them.
    """

    call: Callable[[np.ndarray], Any]
    predict: Callable[[np.ndarray], Any]
    recurrent: Callable[[], list[tuple[str, int]]]
    weights: Callable[[], list[np.ndarray]]


FindHint = TypeVar("FindHint", bound=Callable[[Any], Hint | str | None])


def exercise(name: str, insight: str) -> Callable[[FindHint], FindHint]:
    """Enter a function that finds a hint, or None for a right answer, under an exercise's name."""

    def enter(find_hint: FindHint) -> FindHint:
        EXERCISES[name] = Exercise(insight, find_hint)
        return find_hint

    return enter


def as_model(answer: Any) -> ModelAnswer:
    """Return what can be asked of a Keras model. Raises UnusableError for anything else."""
    if isinstance(answer, ModelAnswer):
        return answer
    import keras

    if not isinstance(answer, keras.Model):
        raise UnusableError(
            f"Your answer is of type {type(answer).__name__}: give the Keras model itself."
        )

    def recurrent() -> list[tuple[str, int]]:
        return [
            (type(layer).__name__, getattr(layer, "units", 0))
            for layer in answer.layers
            if isinstance(layer, keras.layers.RNN)
        ]

    return ModelAnswer(answer, answer.predict_on_batch, recurrent, answer.get_weights)


def number_hint(
    answer: Any, expected: float, mistakes: Sequence[tuple[str, float]], tolerance: float = 0
) -> str | None:
    """Judge a number; mistakes: hints, each with the wrong number that gets it."""
    got = _as_numbers(answer)
    if _close(got, expected, tolerance):
        return None
    near = [
        (abs(got.item() - value), hint)
        for hint, value in mistakes
        if _close(got, value, tolerance * max(1, abs(value / expected)))
    ]
    if near:
        return min(near)[1]
    return f"Your answer {_difference(got, np.asarray(expected))}."


def function_hint(
    answer: Any,
    cases: Sequence[tuple],
    reference: Callable,
    mistakes: Sequence[tuple[str, Callable]],
) -> str | None:
    """Judge a function by calling it; mistakes: hints, each with the wrong function that gets it.

    The hint fits if that function gives the same wherever the answer is wrong.
    """
    if not callable(answer):
        raise UnusableError(
            f"Your answer is of type {type(answer).__name__}: give the function itself, its name "
            "without brackets."
        )
    results, problem = _results(answer, cases)
    wrong = [
        (case, result)
        for case, result in zip(cases, results, strict=False)
        if not _close(result, reference(*case))
    ]
    if not wrong:
        return problem
    for hint, mistake in mistakes:
        if all(_close(result, mistake(*case)) for case, result in wrong):
            return hint
    case, result = wrong[0]
    return f"{_called_with(case)}, its result {_difference(result, np.asarray(reference(*case)))}."


def _results(function: Callable, cases: Sequence[tuple]) -> tuple[list[np.ndarray], str | None]:
    """Call a function case by case, up to its first error; give its results and that error."""
    results = []
    for case in cases:
        try:
            result = function(*map(_fresh, case))
        except Exception as error:
            return results, f"{_called_with(case)}, it raised {describe_error(error)}."
        if result is None and is_untouched(function):
            raise NotAttemptedError
        try:
            results.append(_as_numbers(result))
        except UnusableError as unusable:
            return results, f"{_called_with(case)}: {unusable}"
    return results, None


def _fresh(argument: Any) -> Any:
    """Copy what a function could change by mistake."""
    return copy.deepcopy(argument) if isinstance(argument, list | np.ndarray) else argument


def is_untouched(function: Callable) -> bool:
    """Return whether a function does nothing at all, as with a body of `...`."""
    if not hasattr(function, "__code__"):
        return False
    operations = {instruction.opname for instruction in dis.get_instructions(function)}
    return operations <= {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


def _as_numbers(result: Any) -> np.ndarray:
    """Read a number, or an array, list or tensor of numbers. Raises UnusableError otherwise."""
    if result is ...:
        raise NotAttemptedError
    if result is None:
        raise UnusableError("There is None where numbers are wanted: is a `return` missing?")
    if isinstance(result, str | bytes):
        raise UnusableError("There is text where numbers are wanted: leave out the quotes.")
    if isinstance(result, Iterator):
        raise UnusableError("There is a generator where numbers are wanted: wrap it in list(...).")
    if callable(result):
        raise UnusableError("There is a function where numbers are wanted: call it.")
    if _items(result) > MOST_ITEMS:
        raise UnusableError(f"There are {_items(result):,} items: far fewer are wanted.")
    return _array_of(result)


def _items(thing: Any) -> int:
    """Count what would have to be stored, before anything is."""
    if isinstance(thing, np.ndarray):
        return thing.size
    if isinstance(thing, list | tuple):
        return sum(map(_items, thing))
    try:
        return len(thing)
    except TypeError:
        return 1


def _array_of(result: Any) -> np.ndarray:
    try:
        array = np.asarray(result)
        if array.dtype.kind in "OV":
            if any(item is ... for item in array.flat):
                raise UnusableError("A `...` is left in your answer: put a number in its place.")
            array = array.astype(float)
    except (TypeError, ValueError):
        raise UnusableError(
            f"An answer of type {type(result).__name__} does not form an array of numbers."
        ) from None
    if array.dtype.kind not in "iuf":
        raise UnusableError(f"There is {array.dtype} where numbers are wanted.")
    return array


def _close(got: np.ndarray, expected: Any, tolerance: float = 0) -> bool:
    """Compare whole numbers exactly, others to 4 digits; axes of size 1 don't count."""
    got, expected = np.squeeze(got), np.squeeze(np.asarray(expected))
    if got.shape != expected.shape:
        return False
    relative = 0 if expected.dtype.kind in "iu" else 1e-4
    return np.allclose(got, expected, rtol=relative, atol=max(tolerance, 1e-6))


def _difference(got: np.ndarray, expected: np.ndarray) -> str:
    """Return how a result differs, without giving the right one away."""
    got, expected = np.squeeze(got), np.squeeze(expected)
    if got.shape != expected.shape:
        return f"is {_shape_text(got)} where {_shape_text(expected)} is wanted"
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


def _called_with(case: tuple) -> str:
    arguments = ", ".join(repr(part) for part in case)
    if len(arguments) > 80 or "\n" in arguments:
        return "Called on an input of the check's own"
    return f"Called with {arguments}"


def describe_error(error: BaseException) -> str:
    """Write an exception as "TypeError: what it says"."""
    kind, text = error.args if isinstance(error, AnswerError) else (type(error).__name__, error)
    return f"{one_line(kind)}: {one_line(text)}"


def one_line(thing: Any) -> str:
    """Write anything as one short line, even what refuses to be written."""
    try:
        return printable(" ".join(str(thing).split()))[:120].rstrip()
    except (Exception, SystemExit):
        return f"a {type(thing).__name__} without a text"


def printable(text: str) -> str:
    """Return a text as one line that every terminal can show."""
    return " ".join(text.splitlines()).encode("utf-8", errors="replace").decode()
