"""How an answer is judged: numbers, functions and models, against what is right.

What is right comes from Keras' own layers, from the data or from counting. A typical mistake is
listed with what it would give: an answer that equals it gets its hint.
"""

from collections.abc import Callable, Iterator, Sequence
import copy
import dis
from inspect import signature
from typing import Any, NamedTuple, TypeVar

from course_utils.exercises.wording import (
    MOST_SIGNS,
    called_with,
    describe_error,
    difference,
    written,
)
import numpy as np

MOST_ITEMS = 1_000_000
"""An answer with more items is not looked at."""


NO_KNOWN_MISTAKE = "none of the known mistakes"
ANOTHER_SHAPE = "another shape than the right one"
NOT_FINITE = "not finite"
ERROR = "it raises an error"
ENOUGH_EXPLAINED = 0.75
"""A mistake is made if it explains so large a share of the calls, and all wrong ones."""
USUAL_WITH_NUMBERS: list[tuple[str, Callable]] = [
    ("The sign is wrong.", lambda right: -right),
    ("That is in percent: give a share between 0 and 1.", lambda right: 100 * right),
    ("That is twice as much.", lambda right: 2 * right),
    ("That is half as much.", lambda right: right / 2),
]
USUAL_WITH_RESULTS: list[tuple[str, Callable]] = [
    ("It is 1 too large, each time.", lambda right: right + 1),
    ("It is 1 too small, each time.", lambda right: right - 1),
    ("The decimals are missing: does it round, or divide with // instead of /?", np.floor),
    ("The decimals are missing: does it round, or divide with // instead of /?", np.round),
    ("That is 1 minus what is wanted.", lambda right: 1 - right),
    ("The order is turned around.", lambda right: right[::-1] if right.ndim else right),
    ("That is the square of what is wanted.", np.square),
    ("That is the root of what is wanted.", lambda right: np.sqrt(np.abs(right))),
    ("That is 1 divided by what is wanted.", lambda right: 1 / right),
]
"""Mistakes that are made in any exercise; they change the right number or result."""


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


class ModelAnswer(NamedTuple):
    """What can be asked of a model that was handed in, wherever it runs.

    call, predict: ids, int (reviews, time steps), to its output, as `model(ids)` and
    `model.predict_on_batch(ids)` return it. call_with: arrays in the order of `weights`, and ids,
    to the output that it would give with them; it keeps its own. recurrent: kind, units, whether it
    returns its whole sequence and whether it reads backwards, of each recurrent layer, from bottom
    to top, those of inner models too. weights: the arrays of all layers, as `model.get_weights()`
    lists them. row_length: how many ids it wants in a row, or None if it takes any number.
    """

    call: Callable[[np.ndarray], Any]
    predict: Callable[[np.ndarray], Any]
    call_with: Callable[[list[np.ndarray], np.ndarray], Any]
    recurrent: Callable[[], list[tuple[str, int, bool, bool]]]
    weights: Callable[[], list[np.ndarray]]
    row_length: Callable[[], int | None]


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
            f"Your answer is of type {type(answer).__name__}: give the Keras model itself.",
            "no Keras model",
        )

    def call_with(weights: list[np.ndarray], ids: np.ndarray) -> Any:
        own = answer.get_weights()
        try:
            answer.set_weights(weights)
            return answer(ids)
        finally:
            answer.set_weights(own)

    def row_length() -> int | None:
        return getattr(answer, "input_shape", (None, None))[1] if answer.built else None

    return ModelAnswer(
        answer,
        answer.predict_on_batch,
        call_with,
        lambda: list(_recurrent(answer)),
        answer.get_weights,
        row_length,
    )


def _recurrent(layer: Any) -> Iterator[tuple[str, int, bool, bool]]:
    """Find recurrent layers from bottom to top, whatever they are called and wrapped in."""
    import keras

    if not isinstance(layer, keras.layers.RNN):
        for inner in getattr(layer, "layers", None) or getattr(layer, "_layers", ()):
            yield from _recurrent(inner)
        return
    *lower, top = getattr(layer.cell, "cells", [layer.cell])
    for cell in (*lower, top):
        kind = type(cell).__name__.removesuffix("Cell")
        keeps_sequence = cell is not top or layer.return_sequences
        yield kind, getattr(cell, "units", 0), keeps_sequence, layer.go_backwards


def number_hint(
    answer: Any, expected: float, mistakes: Sequence[tuple[str, float]], tolerance: float = 0
) -> Hint | str | None:
    """Judge a number; mistakes: hints, each with the wrong number that gets it.

    tolerance: how far a right number may be off, where it is measured; a wrong one half as far.
    That a measured number is twice as large, or half, tells of no mistake.
    """
    got = _as_numbers(answer)
    if _close(got, expected, tolerance):
        return None
    changes = [] if tolerance else USUAL_WITH_NUMBERS
    usual = [(hint, changed(expected)) for hint, changed in changes]
    for known in (mistakes, usual):
        near = [
            (abs(got.item() - value), hint)
            for hint, value in known
            if any(
                _close(got, rounded, tolerance / 2 * max(1, abs(value / expected)))
                for rounded in _roundings(value, expected)
            )
        ]
        if near:
            return min(near, key=lambda one: one[0])[1]
    return Hint(_kind(got, expected), f"Your answer {difference(got, np.asarray(expected))}.")


def _roundings(value: float, expected: float) -> set[float]:
    """Return a wrong number as it may be given; where a whole number is asked for, rounded."""
    whole = np.asarray(expected).dtype.kind in "iu"
    return {value, np.floor(value), np.ceil(value)} - {expected} if whole else {value}


def function_hint(
    answer: Any,
    cases: Sequence[tuple],
    reference: Callable,
    mistakes: Sequence[tuple[str, Callable]],
) -> Hint | None:
    """Judge a function by calling it; the hint shows the first call that goes wrong.

    cases: the arguments of each call, the smallest first. reference: gives what is right; its
    arguments' names are those that are shown. mistakes: hints, each with the wrong function that
    gets it: one that does the same, or raises the same error, wherever the answer is wrong.
    """
    if not callable(answer):
        raise UnusableError(
            f"Your answer is of type {type(answer).__name__}: give the function itself, its name "
            "without brackets.",
            "no function: its name without brackets is wanted",
        )
    calls = list(_calls(answer, cases, reference))
    wrong = [call for call in calls if not _same(call.outcome, call.wanted)]
    if not wrong:
        return None
    case, got, wanted = wrong[0]
    hint = _mistake_made(wrong, calls, mistakes)
    called = called_with(list(signature(reference).parameters), case)
    if isinstance(got, Hint):
        return Hint(hint or got.mistake, f"{f'{hint} ' if hint else ''}{called}: {got.text}")
    if hint:
        return Hint(hint, f"{hint} {called}, it returns {_shown(got)}.")
    return Hint(_kind(got, wanted), f"{called}, its result {difference(got, wanted)}.")


class _Call(NamedTuple):
    """A call's arguments, the numbers that it gave or what is wrong with it, the right numbers."""

    case: tuple
    outcome: np.ndarray | Hint
    wanted: np.ndarray


def _calls(function: Callable, cases: Sequence[tuple], reference: Callable) -> Iterator[_Call]:
    """Call a function case by case, up to the first call that gives no numbers."""
    for case in cases:
        outcome = _outcome(function, case)
        yield _Call(case, outcome, np.asarray(reference(*map(_fresh, case))))
        if isinstance(outcome, Hint):
            return


def _outcome(function: Callable, case: tuple) -> np.ndarray | Hint:
    try:
        result = function(*map(_fresh, case))
    except Exception as error:
        return Hint(ERROR, f"it raised {describe_error(error)}.")
    if result is None and is_untouched(function):
        raise NotAttemptedError
    try:
        return _as_numbers(result)
    except UnusableError as unusable:
        return unusable.hint


def _mistake_made(
    wrong: list[_Call], calls: list[_Call], mistakes: Sequence[tuple[str, Callable]]
) -> str | None:
    """Return the hint of the mistake that explains all wrong calls, and most of all others."""
    effects = [
        *((hint, lambda call, own=own: _outcome(own, call.case)) for hint, own in mistakes),
        *(
            (hint, lambda call, changed=changed: np.asarray(changed(call.wanted)))
            for hint, changed in [*USUAL_WITH_NUMBERS, *USUAL_WITH_RESULTS]
        ),
    ]

    def explained(effect: Callable[[_Call], np.ndarray | Hint], calls: list[_Call]) -> list[_Call]:
        return [call for call in calls if _same(call.outcome, effect(call))]

    fitting = [
        (len(explained(effect, calls)), hint)
        for hint, effect in effects
        if explained(effect, wrong[:1]) and len(explained(effect, wrong)) == len(wrong)
    ]
    most, hint = max(fitting, key=lambda one: one[0], default=(0, None))
    return hint if most >= ENOUGH_EXPLAINED * len(calls) else None


def _same(outcome: np.ndarray | Hint, other: np.ndarray | Hint) -> bool:
    """Compare numbers, or errors by their kinds and their first words."""
    if isinstance(outcome, Hint) and isinstance(other, Hint):
        return outcome.mistake == other.mistake and outcome.text[:40] == other.text[:40]
    if isinstance(outcome, Hint) or isinstance(other, Hint):
        return False
    return _close(outcome, other)


def _kind(got: np.ndarray, expected: Any) -> str:
    """Name the mistake of an answer that equals no known one."""
    if np.squeeze(got).shape != np.squeeze(expected).shape:
        return ANOTHER_SHAPE
    return NO_KNOWN_MISTAKE if np.isfinite(got).all() else NOT_FINITE


def _shown(got: np.ndarray) -> str:
    text = written(got)
    return text if len(text) <= MOST_SIGNS else f"an array of shape {got.shape}"


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
        raise UnusableError("There is None where numbers are wanted: is a return missing?")
    if isinstance(result, str | bytes):
        raise UnusableError("There is text where numbers are wanted: leave out the quotes.")
    if isinstance(result, Iterator):
        raise UnusableError("There is a generator where numbers are wanted: wrap it in list(...).")
    if callable(result):
        raise UnusableError("There is a function where numbers are wanted: call it.")
    if _items(result) > MOST_ITEMS:
        raise UnusableError(
            f"There are {_items(result):,} items: far fewer are wanted.", "far too many items"
        )
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
                raise UnusableError("A ... is left in your answer: put a number in its place.")
            array = array.astype(float)
    except (TypeError, ValueError):
        raise UnusableError(
            f"An answer of type {type(result).__name__} does not form an array of numbers.",
            "no array of numbers",
        ) from None
    if array.dtype.kind == "c":
        raise UnusableError("There are complex numbers: take np.abs of them, their lengths.")
    if array.dtype.kind not in "iuf":
        raise UnusableError(f"There is {array.dtype} where numbers are wanted.")
    return array


def _close(got: np.ndarray, expected: Any, tolerance: float = 0) -> bool:
    """Compare whole numbers exactly, others to 4 digits; axes of size 1 don't count."""
    got, expected = np.squeeze(got), np.squeeze(np.asarray(expected))
    if got.shape != expected.shape:
        return False
    relative = 0 if expected.dtype.kind in "iu" else 1e-4
    return np.allclose(got, expected, rtol=relative, atol=max(tolerance, 1e-6), equal_nan=True)
