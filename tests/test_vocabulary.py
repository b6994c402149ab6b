"""The rules between text and ids, against what is known of Python 2 and of Keras."""

from course_utils.vocabulary import limit_vocabulary, python2_dict_order, python2_hash, split_words
import numpy as np
import pytest


def test_words_are_cut_as_keras_cut_them() -> None:
    text = "Don't \"STOP\"!<br />It's\tgood_bad\nÉTÉ 8/10\xa0x"
    words = [word.decode() for word in split_words(text)]
    assert words == ["don't", "stop", "br", "it's", "good", "bad", "ÉtÉ", "8", "10\xa0x"]


def test_text_that_is_no_text() -> None:
    with pytest.raises(TypeError, match=r"text is b'bytes', a bytes: give one review as a str"):
        split_words(b"bytes")


def test_hash_of_python_2() -> None:
    """64-bit Python 2.7 without -R says hash("a") == 12416037344."""
    assert python2_hash(b"a") == 12416037344
    assert python2_hash(b"") == 0


def test_dict_order_of_python_2() -> None:
    """Python 2.7 prints {"a": 1, "b": 2, "c": 3} as {'a': 1, 'c': 3, 'b': 2}."""
    assert python2_dict_order([b"a", b"b", b"c"]) == [0, 2, 1]


def test_limit_keeps_shape_and_dtype() -> None:
    limited = limit_vocabulary(np.array([1, 4999, 5000], dtype=np.int32), 5000)
    assert limited.tolist() == [1, 4999, 2]
    assert limited.dtype == np.int32
