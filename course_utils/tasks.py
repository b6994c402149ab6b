"""Two small tasks that tell recurrent layers apart: keep one thing, or pick one out.

Labels are drawn by a coin. In the flag task the counts of single tokens say nothing about them.
"""

from course_utils.arguments import whole_number
from course_utils.seeds import COURSE_SEED
import numpy as np

NUM_TOKENS = 20
"""Ids run below it; 0 is no token."""
FLAG = 3


def first_token_task(count: int, k: int, seed: int = COURSE_SEED) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences whose first token, 1 or 2, is their label; k - 1 others follow, from 3 to 19.

    Returns int32 (count, k) and labels int8 (count,), 0 or 1.
    Raises ValueError for sizes that are no positive whole numbers.
    Source: the noisy sequences of Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997).
    Introduced in notebook 4, "What gates are for".
    """
    count, k = whole_number("count", count), whole_number("k", k)
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    tokens = rng.integers(FLAG, NUM_TOKENS, (count, k))
    tokens[:, 0] = 1 + labels
    return tokens.astype("int32"), labels.astype("int8")


def flag_task(count: int, k: int, seed: int = COURSE_SEED) -> tuple[np.ndarray, np.ndarray]:
    """Make sequences of 1s and 2s with one flag, 3; the token two steps behind it is their label.

    Another place, drawn at random, holds the opposite token: so counting 1s and 2s tells nothing.
    Returns int32 (count, k) and labels int8 (count,): 0 for a 1 behind the flag, 1 for a 2.
    Raises ValueError for sizes that are no positive whole numbers, or k below 4.
    Introduced in notebook 4, "What gates are for".
    """
    count, k = whole_number("count", count), whole_number("k", k, least=4)
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    tokens = rng.integers(1, FLAG, (count, k))
    rows, flag = np.arange(count), rng.integers(0, k - 2, count)
    opposite = (flag + rng.choice([1, *range(3, k)], count)) % k
    tokens[rows, flag] = FLAG
    tokens[rows, flag + 2] = 1 + labels
    tokens[rows, opposite] = 2 - labels
    return tokens.astype("int32"), labels.astype("int8")
