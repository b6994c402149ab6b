"""How Python 2.7 hashed and ordered words: the rule behind the ranks of equally frequent ones."""

from collections.abc import Iterable, Sequence

import numpy as np

_HASH_MASK = 2**64 - 1


def rank_order(counts: np.ndarray, words: Sequence[bytes]) -> np.ndarray:
    """Order words by falling count, ties as the Python 2 program that made Keras' data left them.

    counts: (n,) int; words: the n words in order of first appearance.
    Returns (n,) int64: position in `words` of the word with rank 1, 2, ...
    """
    dict_order = np.array(python2_dict_order(words))
    return dict_order[np.argsort(-counts[dict_order], kind="stable")]


def python2_dict_order(words: Iterable[bytes]) -> list[int]:
    """Return the positions of words in the order in which a Python 2 dict gives them back.

    Source: CPython 2.7, Objects/dictobject.c (open addressing, growth at two thirds full).
    """
    hashes = [python2_hash(word) for word in words]
    slots: list[int | None] = [None] * 8
    for position in range(len(hashes)):
        _put(position, slots, hashes)
        used = position + 1
        if used * 3 >= len(slots) * 2:
            wanted = used * (2 if used > 50_000 else 4)
            old, slots = slots, [None] * max(8, 1 << wanted.bit_length())
            for kept in old:
                if kept is not None:
                    _put(kept, slots, hashes)
    return [position for position in slots if position is not None]


def _put(position: int, slots: list[int | None], hashes: list[int]) -> None:
    mask = len(slots) - 1
    perturb = hashes[position]
    i = perturb & mask
    while slots[i & mask] is not None:
        i = 5 * i + 1 + perturb
        perturb >>= 5
    slots[i & mask] = position


def python2_hash(word: bytes) -> int:
    """Hash bytes as 64-bit Python 2.7 does without randomisation; returned unsigned.

    Source: CPython 2.7, Objects/stringobject.c, string_hash.
    """
    if not word:
        return 0
    x = word[0] << 7
    for byte in word:
        x = (1_000_003 * x & _HASH_MASK) ^ byte
    return x ^ len(word)
