"""Inputs for functions, the smallest first: so the first that goes wrong is easy to read."""

from collections.abc import Callable, Iterable
import itertools

import numpy as np


def growing(
    draw: Callable[[np.random.Generator, int], tuple],
    sizes: Iterable[int] = range(1, 9),
    each: int = 4,
) -> list[tuple]:
    """Draw the arguments of calls, the same ones each time.

    draw: random numbers and a size, to one call's arguments. each: how many calls of each size.
    """
    numbers = np.random.default_rng(2026)
    return [draw(numbers, size) for size in sizes for _ in range(each)]


def every(*ranges: range) -> list[tuple[int, ...]]:
    """List all calls with whole numbers from these ranges, those with the smallest sum first."""
    return sorted(itertools.product(*ranges), key=sum)


def halves(numbers: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw numbers that are short to write and none of them 0: -2, -1.5, ... 2; float64."""
    return numbers.choice([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2], shape)
