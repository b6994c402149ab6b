"""Text to words, words to ranks, ranks to ids and back, exactly as Keras' IMDB data was made.

Keras does not ship the reviews as text: each word is a number, its frequency rank shifted by 3.
This module holds the rules behind those numbers, and touches no files.
"""

from collections.abc import Iterable, Sequence

import numpy as np

PADDING_ID = 0
START_ID = 1
OOV_ID = 2
"""The id of every word outside the vocabulary."""
INDEX_FROM = 3
"""Keras adds this to each rank, so that ids 0 to 3 are free: the most frequent word has id 4."""

_PUNCTUATION = b'!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORD_CHARACTERS = bytes.maketrans(
    _PUNCTUATION + _CAPITALS, b" " * len(_PUNCTUATION) + _CAPITALS.lower()
)
_HASH_MASK = 2**64 - 1


def split_words(text: str) -> list[bytes]:
    """Cut a review into words as Keras' IMDB data was cut; each word as UTF-8 bytes.

    Only the 26 ASCII capitals become small letters, punctuation becomes a space, and only the space
    separates words. So `<br />` leaves the word `br`, and `don't` stays one word.
    Raises TypeError unless text is a str.
    Introduced in notebook 1, "From text to numbers".
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text is {text!r}, a {type(text).__name__}: give one review as a str, such as "
            "'A great film!'."
        )
    utf8 = text.encode("utf-8", errors="surrogatepass")
    return [word for word in utf8.translate(_WORD_CHARACTERS).split(b" ") if word]


def rank_order(counts: np.ndarray, words: Sequence[bytes]) -> np.ndarray:
    """Order words by falling count, ties as the Python 2 program that made Keras' data left them.

    counts: (n,) int; words: the n words in order of first appearance.
    Returns (n,) int64: position in `words` of the word with rank 1, 2, ...
    """
    dict_order = np.array(python2_dict_order(words))
    return dict_order[np.argsort(-counts[dict_order], kind="stable")]


def python2_dict_order(words: Iterable[bytes]) -> list[int]:
    """Say in which order a Python 2 dict gives back the words put into it.

    Returns the positions of the words in the dict's iteration order.
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


def limit_vocabulary(ids: np.ndarray, num_words: int) -> np.ndarray:
    """Replace every id from num_words on by 2, the out-of-vocabulary id; shape and dtype stay."""
    return np.where(ids < num_words, ids, ids.dtype.type(OOV_ID))
