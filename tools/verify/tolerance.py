"""Comparing printed text exactly, but for the decimal numbers in it."""

import re

_DECIMAL = re.compile(r" *[-+]?\d+\.(\d+)(?:e[-+]?\d+)?", re.IGNORECASE)


_ROUND_OFF = 1e-9


def decimals(text: str) -> list[float]:
    """Return the decimal numbers in a text; whole numbers are no decimals and stay text."""
    return [float(match.group()) for match in _DECIMAL.finditer(text)]


def without_decimals(text: str) -> str:
    """Replace each decimal number by as many `#` as it has digits after the point.

    Blanks in front belong to the number: they align columns, and give way to a sign.
    """
    return _DECIMAL.sub(lambda match: "." + "#" * len(match.group(1)), text)


class Tolerant(str):
    """A text that equals another whose decimal numbers differ by no more than a tolerance."""

    def __new__(cls, text: str, tolerance: float) -> "Tolerant":
        """Hold a text and the largest difference allowed for each decimal number in it."""
        self = super().__new__(cls, text)
        self.tolerance = tolerance
        return self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return NotImplemented
        if without_decimals(self) != without_decimals(other):
            return False
        pairs = zip(decimals(self), decimals(other), strict=True)
        return all(abs(ours - theirs) <= self.tolerance + _ROUND_OFF for ours, theirs in pairs)

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    __hash__ = str.__hash__
