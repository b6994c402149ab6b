"""Bags of n-grams: which words, or runs of words, a review holds, in no order."""

from collections.abc import Sequence

from course_utils.arguments import whole_number
from course_utils.live import LiveDisplay
import keras
import numpy as np
import tensorflow as tf

_AT_ONCE = 250
"""Texts that are counted together: more would need more memory at the peak."""


def bag_of_ngrams(
    train_texts: Sequence[str],
    *other_texts: Sequence[str],
    ngrams: int = 1,
    max_tokens: int = 10_000,
) -> list[tf.SparseTensor]:
    """Mark for each text which of the most frequent n-grams it holds, by Keras' TextVectorization.

    train_texts: choose the n-grams, of 1 to `ngrams` words; other_texts: are marked with the same.
    Words are what stands between blanks, as `decode_review` writes them.
    Returns a sparse matrix for each list, float32 (texts, max_tokens), 1 where an n-gram occurs.
    Raises ValueError for an empty list of texts, or sizes that are no positive whole numbers.
    Introduced in notebook 4, "Three rivals without recurrence".
    """
    ngrams, max_tokens = whole_number("ngrams", ngrams), whole_number("max_tokens", max_tokens)
    lists = [train_texts, *other_texts]
    if not all(map(len, lists)):
        raise ValueError(f"The lists hold {[*map(len, lists)]} texts: give at least one in each.")
    vectorize = keras.layers.TextVectorization(
        max_tokens,
        standardize=None,
        ngrams=ngrams,
        output_mode="multi_hot",
        pad_to_max_tokens=True,
        sparse=True,
    )
    display = LiveDisplay()
    display.show(f"Counting n-grams in {len(train_texts):,} texts ...")
    vectorize.adapt(np.array(train_texts, dtype=object), batch_size=_AT_ONCE)
    bags = []
    for number, texts in enumerate(lists, start=1):
        display.show(f"Marking n-grams, list {number} of {len(lists)} ...")
        parts = [
            vectorize(tf.constant(texts[start : start + _AT_ONCE]))
            for start in range(0, len(texts), _AT_ONCE)
        ]
        bags.append(tf.cast(tf.sparse.concat(0, parts), "float32"))
    display.finish()
    return bags
