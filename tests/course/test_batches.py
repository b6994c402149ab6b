"""Every review once an epoch, in batches of similar length, whatever the lengths."""

from course_utils import LengthBatches, build_averaged_embedding, pad_reviews
from course_utils.batches import POOL
from hypothesis import given
from hypothesis import strategies as st
import keras
import numpy as np
import pandas as pd
import pytest


def make_reviews(lengths: list[int]) -> np.ndarray:
    """Make reviews whose ids tell which review they are from: review n holds n + 1 only."""
    ids = (np.full(length, n, dtype=np.int32) for n, length in enumerate(lengths, start=1))
    return np.fromiter(ids, dtype=object)


def members(batches: LengthBatches) -> list[list[int]]:
    """Return the reviews of each batch, in the order of the batches."""
    return [numbers_of(batches[number][0]) for number in range(len(batches))]


def numbers_of(ids: np.ndarray) -> list[int]:
    return (ids.max(axis=1) - 1).tolist()


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
    labels = np.random.default_rng(seed).integers(0, 2, len(lengths))
    batches = LengthBatches(make_reviews(lengths), labels, batch_size, maxlen, shuffle, seed)
    longest = min(max(lengths), maxlen)
    for _ in range(3):
        seen, widths = [], []
        for number in range(len(batches)):
            ids, batch_labels = batches[number]
            assert ids.dtype == np.int32
            dealt = numbers_of(ids)
            assert batch_labels.tolist() == labels[dealt].tolist()
            assert len(ids) <= batch_size
            wide = max(min(lengths[one], maxlen) for one in dealt) if shuffle else longest
            assert ids.shape[1] == wide
            for review, one in zip(ids, dealt, strict=True):
                words = min(lengths[one], maxlen)
                assert (review[:words] == one + 1).all()
                assert (review[words:] == 0).all()
            seen += dealt
            widths.append(ids.shape[1])
        assert (sorted(seen) if shuffle else seen) == [*range(len(lengths))]
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


def test_without_shuffling_reviews_stay_in_their_order() -> None:
    batches = LengthBatches(make_reviews([5, 1, 4, 2, 3]), [0, 1, 0, 1, 0], 2, shuffle=False)
    first = members(batches)
    batches.on_epoch_end()
    assert members(batches) == first == [[0, 1], [2, 3], [4]]


def test_predictions_without_shuffling_are_those_of_the_padded_reviews() -> None:
    """In the caller's order, (reviews, 1) as Keras gives them; `in_order` flattens them."""
    random = np.random.default_rng(2026)
    reviews = [random.integers(1, 50, length) for length in random.integers(1, 40, 70)]
    model = build_averaged_embedding(50, 4)
    batches = LengthBatches(reviews, [0, 1] * 35, 8, shuffle=False)
    answers = model.predict(batches, verbose=0)
    np.testing.assert_allclose(answers, model(pad_reviews(reviews, 40)), atol=1e-6)
    assert np.array_equal(batches.in_order(answers), answers[:, 0])


def test_shuffled_pandas_objects_go_by_place() -> None:
    """Their index, which the shuffle left in another order, counts for nothing."""
    table = pd.DataFrame({"ids": make_reviews([3, 1, 2, 5, 4]), "label": [0, 1, 1, 0, 1]})
    table = table.sample(frac=1, random_state=3)
    batches = LengthBatches(table["ids"], table["label"], 2, shuffle=False)
    assert np.concatenate([batches[n][1] for n in range(3)]).tolist() == table["label"].tolist()
    assert (
        [one for batch in members(batches) for one in batch]
        == table.index.tolist()
        != [0, 1, 2, 3, 4]
    )


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
    labels = np.zeros(len(lengths))
    for shuffle in (False, True):
        traces.clear()
        batches = LengthBatches(make_reviews(lengths), labels, batch_size=2, shuffle=shuffle)
        model.fit(batches, epochs=3, verbose=0)
        assert len(set(traces)) <= 1
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
    batches = LengthBatches(reviews, np.zeros(70), 8, maxlen=30, evidence=evidence)
    seen = 0
    for number in range(len(batches)):
        (ids, beside), _ = batches[number]
        assert beside.dtype == "float32"
        assert np.array_equal(beside, np.stack([ids, -ids], axis=2))
        seen += len(ids)
    assert seen == 70


def test_refuses_answers_whose_order_nobody_knows() -> None:
    """After `predict` Keras has dealt shuffled batches anew."""
    reviews, labels = make_reviews([2, 4, 3]), np.zeros(3)
    with pytest.raises(ValueError, match="There are 3 reviews and 2 answers"):
        LengthBatches(reviews, labels, shuffle=False).in_order(labels[:2])
    with pytest.raises(ValueError, match=r"batches are shuffled, .* shuffle=False"):
        LengthBatches(reviews, labels).in_order(labels)


def test_refuses_evidence_of_other_reviews() -> None:
    evidence = np.fromiter((np.zeros((n, 3), "float32") for n in (2, 3)), dtype=object)
    with pytest.raises(ValueError, match="evidence does not fit the reviews"):
        LengthBatches(make_reviews([2, 4]), [0, 1], evidence=evidence)
