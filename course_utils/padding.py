"""Reviews of any length to one rectangle: Keras' pad_sequences with the lecture's defaults."""

from collections.abc import Sequence

from course_utils.arguments import whole_number
import keras
import numpy as np

_INT32 = np.dtype("int32")
_HIGHEST = np.iinfo(_INT32).max


def pad_reviews(
    reviews: Sequence[Sequence[int]],
    maxlen: int = 500,
    padding: str = "post",
    truncating: str = "pre",
) -> np.ndarray:
    """Cut or fill each review to maxlen ids; zeros fill, and stand for "no word".

    reviews: reviews of int ids, none of them empty. maxlen: in ids. padding: where zeros go, and
    truncating: where ids are dropped; "pre" (in front) or "post" (behind). As in the lecture, zeros
    go behind the words, and a long review loses its beginning.
    Returns int32 (reviews, maxlen).
    Raises TypeError or ValueError for unusable arguments, naming the review.
    Introduced in notebook 1, "Padding".
    """
    for name, side in (("padding", padding), ("truncating", truncating)):
        if side not in ("pre", "post"):
            raise ValueError(f'{name} is {side!r}: give "pre" (in front) or "post" (behind).')
    maxlen = whole_number("maxlen", maxlen)
    _check_reviews(reviews)
    padded = keras.utils.pad_sequences(
        reviews, maxlen=maxlen, dtype="int32", padding=padding, truncating=truncating
    )
    if padded.min() < 0:
        number = int(np.argmin(padded.min(axis=1)))
        _check_review(number, reviews[number])
    return padded


def _check_reviews(reviews: Sequence[Sequence[int]]) -> None:
    if isinstance(reviews, str) or not hasattr(reviews, "__len__") or len(reviews) == 0:
        raise ValueError(
            f"reviews is {reviews!r}: give a list or array of at least one review of ids; a single "
            "review goes in brackets, as in pad_reviews([review])."
        )
    for number, review in enumerate(reviews):
        if not _as_loaded(review):
            _check_review(number, review)


def _as_loaded(review: Sequence[int]) -> bool:
    """Return whether a review is a filled 1-D int32 array, as load_imdb gives them."""
    is_int32 = isinstance(review, np.ndarray) and review.dtype == _INT32
    return is_int32 and review.ndim == 1 and len(review) > 0


def _check_review(number: int, review: Sequence[int]) -> None:
    ids = np.asarray(review)
    if ids.ndim != 1:
        raise ValueError(
            f"Review {number} is {review!r}: give each review as a 1-D sequence of ids; a single "
            "review goes in brackets, as in pad_reviews([review])."
        )
    if ids.size == 0:
        raise ValueError(f"Review {number} is empty: a review holds at least the start id, 1.")
    if ids.dtype.kind not in "iu":
        raise TypeError(
            f"Review {number} holds {ids.dtype} values such as {ids[0]!r}: give whole-number ids, "
            "as load_imdb and encode_review return them."
        )
    if ids.min() < 0 or ids.max() > _HIGHEST:
        raise ValueError(
            f"Review {number} holds ids from {ids.min()} to {ids.max()}: ids run from 0 to "
            f"{_HIGHEST:,}."
        )
