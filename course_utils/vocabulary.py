"""Text to words and the ids that are no words, exactly as Keras' IMDB data was made.

Keras does not ship the reviews as text: each word is a number, its frequency rank shifted by 3.
How words got their ranks is in `source/python2.py`.
"""

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


_AS_TYPED = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\r": " ", "\xa0": " "}
)
"""What word processors, web pages and Windows put in the place of what was typed."""


def typed_words(text: str) -> list[bytes]:
    """Cut a text of the reader's own into words: as `split_words`, but pasted text as if typed.

    Typographic apostrophes, quotes, dashes and dots are read as those of a keyboard, `\\r` and the
    no-break space as spaces: so `don’t` is the word `don't`. Raises TypeError unless text is a str.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text is {text!r}, a {type(text).__name__}: give one review as a str, such as "
            "'A great film!'."
        )
    return split_words(text.translate(_AS_TYPED))


def split_words(text: str) -> list[bytes]:
    """Cut a review into words as Keras' IMDB data was cut; each word as UTF-8 bytes.

    Only the 26 ASCII capitals become small letters, punctuation becomes a space, and only the space
    separates words. So `<br />` leaves the word `br`, and `don't` stays one word.
    Introduced in notebook 1, "From text to numbers".
    """
    utf8 = text.encode("utf-8", errors="surrogatepass")
    return [word for word in utf8.translate(_WORD_CHARACTERS).split(b" ") if word]


def limit_vocabulary(ids: np.ndarray, num_words: int) -> np.ndarray:
    """Replace every id from num_words on by 2, the out-of-vocabulary id; shape and dtype stay."""
    return np.where(ids < num_words, ids, ids.dtype.type(OOV_ID))
