"""What holds for every text, every review and every answer, tried on made-up cases.

How many: 200 in `make test`, 10,000 in `make nightly`. Properties of batches and of the exercises'
checks are in test_batches.py and test_check.py.
"""

import contextlib
import re

from bs4 import BeautifulSoup
from course_utils import decode_review, encode_review, get_word_index, imdb
from course_utils.figures.prediction import Prediction
from hypothesis import given
from hypothesis import strategies as st
import numpy as np
import pytest

from tools.grade import wire

pytestmark = pytest.mark.properties

RANK = get_word_index()
WORDS = list(RANK)
RAREST = max(RANK, key=RANK.get)
"""Keras leaves out the rarest word, so we do, too."""
PUNCTUATION = '[!"#$%&()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~\t\n ]'

AS_TYPED = {"‘’": "'", "“”": '"', "–—": "-", "…": "...", "\r\xa0": " "}
"""What is read as typed: typographic signs and two kinds of space."""

unicode = st.text(st.characters(exclude_categories=[]))
"""Every code point, lone surrogates included."""
texts = st.lists(unicode | st.sampled_from(WORDS), max_size=20).map(" ".join)


def words_of(text: str) -> list[str]:
    """Cut a text into words another way than the kit does: by a pattern, on characters."""
    for signs, typed in AS_TYPED.items():
        text = re.sub(f"[{signs}]", typed, text)
    small = re.sub("[A-Z]", lambda capital: capital.group().lower(), text)
    return [word for word in re.split(PUNCTUATION, small) if word]


@given(texts, st.integers(4, 100_000))
def test_ids_are_those_of_the_words(text: str, num_words: int) -> None:
    """A smaller vocabulary changes rare words only."""
    ranks = [RANK.get(word, 0) for word in words_of(text)]
    expected = [rank + 3 if 0 < rank < imdb.NUM_RANKS else 2 for rank in ranks]
    ids = encode_review(text)
    assert ids.dtype == np.int32
    assert ids.tolist() == [1, *expected]
    limited = encode_review(text, num_words)
    assert limited.tolist() == [number if number < num_words else 2 for number in ids]


@given(texts)
def test_decoding_gives_back_each_known_word_in_its_place(text: str) -> None:
    expected = [word if word in RANK and word != RAREST else "?" for word in words_of(text)]
    assert decode_review(encode_review(text)) == " ".join(expected)


def test_every_word_of_the_index_comes_back() -> None:
    ids = imdb.encode_words([word.encode() for word in WORDS])
    assert ids[1:].tolist() == [RANK[word] + 3 if word != RAREST else 2 for word in WORDS]
    assert decode_review(ids).replace("?", RAREST).split(" ") == WORDS


@given(st.lists(unicode | st.sampled_from(["<script>", "</span>", "&lt;", "'", '"']), min_size=1))
def test_no_word_becomes_part_of_the_page(words: list[str]) -> None:
    numbers = np.linspace(0.2, 0.8, len(words))
    html = Prediction(words, [True, *[False] * (len(words) - 1)], numbers)._repr_html_()
    page = BeautifulSoup(html, "html.parser")
    ours = {"div", "p", "strong", "span", "br", "small", "sup"}
    assert {tag.name for tag in page.find_all()} <= ours
    assert {name for tag in page.find_all() for name in tag.attrs} <= {"style"}
    assert len(page.find_all("small")) == len(words)


simple = st.none() | st.booleans() | st.integers()
plain = simple | st.floats(allow_nan=False) | unicode | st.just(...)
values = st.recursive(plain, lambda inner: st.lists(inner) | st.tuples(inner, inner), max_leaves=9)
json_values = st.recursive(
    simple | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.sampled_from(["kind", "items", "dtype", "data"]), inner)
        | st.fixed_dictionaries({"kind": st.sampled_from(["array", "tuple", "model", "other"])})
    ),
    max_leaves=8,
)


@given(values)
def test_values_arrive_as_they_were_sent(value: object) -> None:
    assert wire.unpack(wire.pack(value)) == value


@given(st.lists(st.floats(width=32) | st.integers(-9, 9), max_size=30), st.sampled_from("fdlhB?"))
def test_arrays_arrive_as_they_were_sent(numbers: list, kind: str) -> None:
    with np.errstate(all="ignore"):
        array = np.nan_to_num(np.array(numbers)).astype(kind).reshape(-1, 1)
    arrived = wire.unpack(wire.pack(array))
    assert np.array_equal(arrived, array)
    assert arrived.dtype == array.dtype


@given(json_values)
def test_what_nobody_sends_is_refused_or_is_plain(packed: object) -> None:
    with contextlib.suppress(wire.WireError):
        wire.unpack(packed)
