"""Batches of reviews of similar length, each padded only as far as its longest review."""

from course_utils.arguments import whole_number
from course_utils.padding import pad_reviews
from course_utils.seeds import COURSE_SEED
import keras
import numpy as np

POOL = 32
"""Batches that are sorted by length together: the larger, the less padding and the less mixing."""

WORKERS = 2
"""Threads that prepare batches. With one, tf.data prepares them, and at the end of `fit` its tuning
thread is waited for: up to as long again as the training took (docs/speed.md)."""


class LengthBatches(keras.utils.PyDataset):
    """Deals reviews into batches of similar length, anew in each epoch.

    The shuffled reviews are cut into pools of 32 batches. Within a pool they are sorted by length
    and cut into batches, and at last all batches are shuffled. So each epoch has other batches in
    another order, each review is in just one of them, and little padding is read.

    reviews: object array (reviews,) of int32 id arrays, as `load_imdb` gives them; labels: int8
    (reviews,). maxlen: longer reviews lose their beginning, as in `pad_reviews`. shuffle: without
    it the order of the reviews decides, the same in each epoch. seed: fixes all epochs.
    evidence: object array (reviews,) of float32 arrays (time steps, numbers), as `ngram_evidence`
    gives them; it is cut and filled as the reviews are.
    A batch is ids, int32 (batch_size, longest), zeros behind the words, and labels; with evidence
    it is (ids, evidence), float32 (batch_size, longest, numbers), and labels. One of the batches
    may hold fewer reviews.
    Raises TypeError or ValueError for unusable arguments.
    Introduced in notebook 4, "All the data".
    """

    def __init__(
        self,
        reviews: np.ndarray,
        labels: np.ndarray,
        batch_size: int = 64,
        maxlen: int = 500,
        shuffle: bool = True,
        seed: int = COURSE_SEED,
        evidence: np.ndarray | None = None,
    ) -> None:
        super().__init__(workers=WORKERS)
        if len(reviews) != len(labels) or len(reviews) == 0:
            raise ValueError(
                f"There are {len(reviews)} reviews and {len(labels)} labels: give one label for "
                "each review, and at least one of both."
            )
        self.batch_size = whole_number("batch_size", batch_size)
        self.maxlen = whole_number("maxlen", maxlen)
        self.reviews, self.labels, self.shuffle = reviews, labels, bool(shuffle)
        self.lengths = np.minimum([len(review) for review in reviews], maxlen)
        if not self.lengths.all():
            empty = np.argmin(self.lengths)
            raise ValueError(f"Review {empty} is empty: a review holds at least the start id, 1.")
        if evidence is not None:
            _check_evidence(evidence, reviews)
        self.evidence = evidence
        self.random = np.random.default_rng(whole_number("seed", seed, least=0))
        self.on_epoch_end()

    def __len__(self) -> int:
        return len(self.deal)

    def __getitem__(self, number: int) -> tuple[np.ndarray | tuple[np.ndarray, ...], np.ndarray]:
        positions = self.deal[number]
        longest = int(self.lengths[positions].max())
        ids = pad_reviews(self.reviews[positions], maxlen=longest)
        if self.evidence is None:
            return ids, self.labels[positions]
        evidence = keras.utils.pad_sequences(
            self.evidence[positions], longest, "float32", padding="post", truncating="pre"
        )
        return (ids, evidence), self.labels[positions]

    def in_order(self, answers: np.ndarray) -> np.ndarray:
        """Bring a model's answers, as `predict` gives them batch by batch, in the reviews' order.

        answers: (reviews, 1) or (reviews,), for batches that were not shuffled since.
        Returns (reviews,), of the same dtype. Raises ValueError for another number of answers.
        """
        answers = np.ravel(answers)
        if len(answers) != len(self.reviews):
            raise ValueError(
                f"There are {len(self.reviews)} reviews and {len(answers)} answers: give one for "
                "each review."
            )
        in_order = np.empty_like(answers)
        in_order[np.concatenate(self.deal)] = answers
        return in_order

    def on_epoch_end(self) -> None:
        """Deal the reviews anew; Keras calls this after each epoch."""
        order = np.arange(len(self.reviews))
        if self.shuffle:
            self.random.shuffle(order)
        self.deal = []
        for pool in _cut(order, POOL * self.batch_size):
            by_length = pool[np.argsort(self.lengths[pool], kind="stable")]
            self.deal += _cut(by_length, self.batch_size)
        if self.shuffle:
            self.random.shuffle(self.deal)
        self._start_with_two_lengths()

    def _start_with_two_lengths(self) -> None:
        """Let the first two batches differ in length if any do: Keras judges all shapes by them."""
        longest = np.array([self.lengths[positions].max() for positions in self.deal])
        others = np.flatnonzero(longest != longest[0])
        if len(others):
            self.deal[1], self.deal[others[0]] = self.deal[others[0]], self.deal[1]


def _check_evidence(evidence: np.ndarray, reviews: np.ndarray) -> None:
    if [*map(len, evidence)] != [*map(len, reviews)]:
        raise ValueError(
            "The evidence does not fit the reviews: give an array for each review, with a row for "
            "each of its ids, as ngram_evidence does."
        )


def _cut(positions: np.ndarray, size: int) -> list[np.ndarray]:
    return [positions[start : start + size] for start in range(0, len(positions), size)]
