"""Texts compare exactly, but for decimal numbers within the tolerance."""

import pytest

from tools.verify.tolerance import Tolerant

EQUAL = [
    ("loss 0.6931", "loss 0.6930"),
    ("loss 0.6931", "loss 0.6941"),
    ("  0.0005 |", " -0.0005 |"),
    ("1.0e-07", "9.0e-08"),
    ("no number", "no number"),
]
DIFFERENT = [
    ("loss 0.6931", "loss 0.6942"),
    ("loss 0.6931", "lost 0.6931"),
    ("loss 0.6931", "loss 0.693"),
    ("3 epochs, 0.5", "4 epochs, 0.5"),
    ("0.5", "0.5 0.5"),
    ("0.5", "nan"),
    ("[1 2]", "[1  2]"),
]


@pytest.mark.parametrize(("stored", "computed"), EQUAL)
def test_equal(stored: str, computed: str) -> None:
    assert Tolerant(stored, 0.001) == Tolerant(computed, 0.001)


@pytest.mark.parametrize(("stored", "computed"), DIFFERENT)
def test_different(stored: str, computed: str) -> None:
    assert Tolerant(stored, 0.001) != Tolerant(computed, 0.001)
