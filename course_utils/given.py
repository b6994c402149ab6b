"""Reviews and labels at the door: whatever holds them, arrays are made of them here, once.

Arrays go by place. A pandas Series goes by index, so that a shuffled one has other labels at the
same places; of a list, `labels == 1` is just False.
"""

from collections.abc import Sequence
from numbers import Real
from reprlib import repr as shortened
from typing import Any

import numpy as np

INT32 = np.dtype("int32")
HIGHEST = np.iinfo(INT32).max


def by_place(name: str, values: Any) -> np.ndarray:
    """Return as an array what a list, array, tensor or pandas object holds, in its order.

    Rows of different lengths make an object array (rows,). Raises ValueError, with the argument's
    name, for a text, a dict, a set, a generator, a data set of TensorFlow and the like.
    """
    listed = isinstance(values, Sequence) and not isinstance(values, str | bytes)
    if not listed and (not hasattr(values, "__array__") or np.ndim(values) == 0):
        raise ValueError(
            f"{name} is {shortened(values)}, a {type(values).__name__}: give a list or an array."
        )
    try:
        return np.asarray(values)
    except ValueError:
        return np.fromiter(values, dtype=object, count=len(values))


def as_reviews(name: str, reviews: Any) -> np.ndarray:
    """Return reviews as an object array (reviews,) of int32 arrays of ids, none of them empty.

    reviews: as `by_place` takes them, at least one, each of whole numbers from 0 on.
    Raises TypeError or ValueError for anything else, naming the review.
    """
    rows = by_place(name, reviews)
    if len(rows) == 0:
        raise ValueError(f"{name} is {shortened(reviews)}: give at least one review of ids.")
    each = (
        row if _as_loaded(row) else _as_ids(name, number, row) for number, row in enumerate(rows)
    )
    ids = np.fromiter(each, dtype=object, count=len(rows))
    if np.concatenate(ids).min() < 0:
        for number, row in enumerate(ids):
            _as_ids(name, number, row)
    return ids


def as_labels(labels: Any, reviews: int, of: str = "") -> np.ndarray:
    """Return labels as an array (reviews,), whatever holds them. of: which, as in "training ".

    Raises ValueError unless there is one for each review, and each is 0 or 1.
    """
    labels = by_place("labels", labels)
    if labels.shape != (reviews,) or reviews == 0:
        shape = f"{len(labels)} labels" if labels.ndim == 1 else f"labels of shape {labels.shape}"
        raise ValueError(
            f"There are {reviews} {of}reviews and {shape}: give one label for each review, and at "
            "least one of both."
        )
    listed = labels.tolist()
    wrong = [label for label in listed if not isinstance(label, Real) or label not in (0, 1)]
    if wrong:
        raise ValueError(
            f"The {of}labels hold {wrong[0]!r}: give 0 for a negative review, 1 for a positive one."
        )
    return np.array(listed) if labels.dtype.kind == "O" else labels


def _as_loaded(review: Any) -> bool:
    """Return whether a review is a filled 1-D int32 array, as load_imdb gives them."""
    is_int32 = isinstance(review, np.ndarray) and review.dtype == INT32
    return is_int32 and review.ndim == 1 and len(review) > 0


def _as_ids(name: str, number: int, review: Any) -> np.ndarray:
    try:
        ids = np.asarray(review)
    except ValueError:
        ids = None
    if ids is None or ids.ndim != 1:
        shown = review.tolist() if isinstance(review, np.generic | np.ndarray) else review
        raise ValueError(
            f"Review {number} is {shortened(shown)}: give each review as a 1-D sequence of ids, "
            f"as encode_review returns it; a single review goes in brackets, {name}=[review]."
        )
    if ids.size == 0:
        raise ValueError(f"Review {number} is empty: a review holds at least the start id, 1.")
    if ids.dtype.kind not in "iu":
        raise TypeError(
            f"Review {number} holds {ids.dtype} values such as {ids[0]!r}: give whole-number ids, "
            "as load_imdb and encode_review return them."
        )
    if ids.min() < 0 or ids.max() > HIGHEST:
        raise ValueError(
            f"Review {number} holds ids from {ids.min()} to {ids.max()}: ids run from 0 to "
            f"{HIGHEST:,}."
        )
    return ids.astype(INT32)
