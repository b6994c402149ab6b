"""Every review once an epoch, in batches of similar length, whatever the lengths."""

from course_utils import LengthBatches
from course_utils.batches import POOL
from hypothesis import given
from hypothesis import strategies as st
import keras
import numpy as np
import pytest


def make_reviews(lengths: list[int]) -> np.ndarray:
    """Make reviews whose ids tell which review they are from: review n holds n + 1 only."""
    ids = (np.full(length, n, dtype=np.int32) for n, length in enumerate(lengths, start=1))
    return np.fromiter(ids, dtype=object)


def members(batches: LengthBatches) -> list[list[int]]:
    """Return the reviews of each batch, in the order of the batches."""
    return [(batches[number][0].max(axis=1) - 1).tolist() for number in range(len(batches))]


@pytest.mark.properties
@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=200),
    batch_size=st.integers(1, 50),
    maxlen=st.integers(1, 50),
    shuffle=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_each_review_once_an_epoch(
    lengths: list[int], batch_size: int, maxlen: int, shuffle: bool, seed: int
) -> None:
    labels = np.arange(len(lengths))
    batches = LengthBatches(make_reviews(lengths), labels, batch_size, maxlen, shuffle, seed)
    for _ in range(3):
        seen, widths = [], []
        for number in range(len(batches)):
            ids, batch_labels = batches[number]
            assert ids.dtype == np.int32
            assert len(ids) == len(batch_labels) <= batch_size
            assert ids.shape[1] == max(min(lengths[label], maxlen) for label in batch_labels)
            for review, label in zip(ids, batch_labels, strict=True):
                words = min(lengths[label], maxlen)
                assert (review[:words] == label + 1).all()
                assert (review[words:] == 0).all()
            seen += batch_labels.tolist()
            widths.append(ids.shape[1])
        assert sorted(seen) == labels.tolist()
        assert len(batches) == -(-len(lengths) // batch_size)
        assert len(set(widths)) == 1 or widths[0] != widths[1]
        batches.on_epoch_end()


def test_epochs_differ_and_follow_the_seed() -> None:
    lengths = np.random.default_rng(2026).integers(1, 300, 1000).tolist()
    reviews, labels = make_reviews(lengths), np.zeros(1000)

    def two_epochs(seed: int) -> list[list[list[int]]]:
        batches = LengthBatches(reviews, labels, batch_size=16, seed=seed)
        first = members(batches)
        batches.on_epoch_end()
        return [first, members(batches)]

    first, second = two_epochs(2026)
    assert two_epochs(2026) == [first, second]
    assert two_epochs(7)[0] != first
    assert {frozenset(batch) for batch in first} != {frozenset(batch) for batch in second}
    lengths_in_order = [max(lengths[review] for review in batch) for batch in first]
    assert lengths_in_order != sorted(lengths_in_order)


def test_without_shuffling_epochs_are_equal() -> None:
    batches = LengthBatches(make_reviews([5, 1, 4, 2, 3]), np.arange(5), 2, shuffle=False)
    first = members(batches)
    batches.on_epoch_end()
    assert members(batches) == first == [[1, 3], [4, 2], [0]]


def test_little_padding() -> None:
    """Half of all that plain padding to 500 reads is zeros; here less than a twentieth is."""
    lengths = np.random.default_rng(2026).lognormal(5.2, 0.6, 12_500).astype(int) + 11
    batches = LengthBatches(make_reviews(lengths.tolist()), np.zeros(12_500))
    read = sum(batches[number][0].size for number in range(len(batches)))
    assert np.minimum(lengths, 500).sum() / read > 0.95
    assert len(batches) > 2 * POOL


@pytest.mark.parametrize("lengths", [[*range(1, 41)], [3, 3, 3, 3, 9], [7]])
def test_keras_traces_one_graph_for_any_mix_of_lengths(lengths: list[int]) -> None:
    """Keras takes the shape of all batches from the first two; it must not take a fixed length."""
    traces = []

    class Count(keras.layers.Layer):
        def call(self, inputs: object) -> object:
            traces.append(tuple(inputs.shape))
            return inputs

    embedding, maximum = keras.layers.Embedding(50, 2), keras.layers.GlobalMaxPooling1D()
    model = keras.Sequential([keras.Input((None,)), embedding, Count(), maximum])
    model.compile(loss="mse")
    traces.clear()
    labels = np.zeros(len(lengths))
    batches = LengthBatches(make_reviews(lengths), labels, batch_size=2, shuffle=False)
    model.fit(batches, epochs=3, verbose=0)
    assert len(set(traces)) == 1
    assert len(traces) <= 3


def test_evidence_stays_beside_its_words() -> None:
    """Each id's evidence is the id itself: cut, filled and dealt alike, the two stay equal."""
    random = np.random.default_rng(2026)
    reviews = np.fromiter(
        (random.integers(1, 99, n, dtype=np.int32) for n in random.integers(1, 40, 70)),
        dtype=object,
    )
    evidence = np.fromiter(
        (np.stack([review, -review], axis=1).astype("float32") for review in reviews), dtype=object
    )
    batches = LengthBatches(reviews, np.arange(70), 8, maxlen=30, evidence=evidence)
    seen = []
    for number in range(len(batches)):
        (ids, beside), labels = batches[number]
        assert beside.dtype == "float32"
        assert np.array_equal(beside, np.stack([ids, -ids], axis=2))
        seen += labels.tolist()
    assert sorted(seen) == list(range(70))


def test_answers_come_back_in_the_order_of_the_reviews() -> None:
    lengths = np.random.default_rng(2026).integers(1, 40, 70).tolist()
    batches = LengthBatches(make_reviews(lengths), np.arange(70), 8, shuffle=False)
    dealt = np.concatenate([batches[number][1] for number in range(len(batches))])
    assert dealt.tolist() != list(range(70))
    assert batches.in_order(dealt[:, np.newaxis]).tolist() == list(range(70))
    with pytest.raises(ValueError, match="There are 70 reviews and 3 answers"):
        batches.in_order(dealt[:3])


def test_refuses_evidence_of_other_reviews() -> None:
    evidence = np.fromiter((np.zeros((n, 3), "float32") for n in (2, 3)), dtype=object)
    with pytest.raises(ValueError, match="evidence does not fit the reviews"):
        LengthBatches(make_reviews([2, 4]), np.arange(2), evidence=evidence)
