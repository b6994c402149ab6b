"""Reviews of any length to one rectangle: Keras' pad_sequences with the lecture's defaults."""

from collections.abc import Sequence

from course_utils.arguments import whole_number
from course_utils.given import as_reviews
import keras
import numpy as np


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
    reviews = as_reviews("reviews", reviews)
    return keras.utils.pad_sequences(
        reviews, maxlen=maxlen, dtype="int32", padding=padding, truncating=truncating
    )
