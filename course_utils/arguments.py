"""Arguments that must be whole numbers: one check and one sentence for all."""

import operator


def whole_number(name: str, value: int, least: int = 1, most: int | None = None) -> int:
    """Return an argument as an int, if it is a whole number in its range.

    Raises ValueError, naming the argument, its value and the range.
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least or (most is not None and number > most):
        end = "on" if most is None else f"to {most}"
        raise ValueError(f"{name} is {value!r}: give a whole number from {least} {end}.")
    return number
