"""The rules between text and ids, against what is known of Keras."""

from course_utils.vocabulary import limit_vocabulary, split_words, typed_words
import numpy as np


def test_words_are_cut_as_keras_cut_them() -> None:
    text = "Don't \"STOP\"!<br />It's\tgood_bad\nÉTÉ 8/10\xa0x"
    words = [word.decode() for word in split_words(text)]
    assert words == ["don't", "stop", "br", "it's", "good", "bad", "ÉtÉ", "8", "10\xa0x"]


def test_pasted_text_is_read_as_typed() -> None:
    """As word processors, web pages and Windows write it; the data's words are cut as before."""
    pasted = "I don’t – “really”…\r\nlike\xa0it—it‘s"
    typed = "I don't - \"really\"...\n\nlike it-it's"
    assert typed_words(pasted) == split_words(typed)
    assert b"don't" in typed_words(pasted)
    assert split_words("don’t\r") == ["don’t\r".encode()]


def test_limit_keeps_shape_and_dtype() -> None:
    limited = limit_vocabulary(np.array([1, 4999, 5000], dtype=np.int32), 5000)
    assert limited.tolist() == [1, 4999, 2]
    assert limited.dtype == np.int32
