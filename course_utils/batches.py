"""Batches of reviews of similar length, each padded only as far as its longest review."""

from course_utils.arguments import whole_number
from course_utils.given import as_labels, as_reviews, by_place
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

    reviews: object array (reviews,) of int32 id arrays, as `load_imdb` gives them; labels:
    (reviews,), 0 or 1. maxlen: longer reviews lose their beginning, as in `pad_reviews`. shuffle:
    without it the reviews stay in their order, and so does what `predict` answers; all batches are
    then padded as far as the longest review. seed: fixes all epochs.
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
        self.batch_size = whole_number("batch_size", batch_size)
        self.maxlen = whole_number("maxlen", maxlen)
        self.reviews = as_reviews("reviews", reviews)
        self.labels, self.shuffle = as_labels(labels, len(self.reviews)), bool(shuffle)
        self.lengths = np.minimum([len(review) for review in self.reviews], maxlen)
        self.evidence = None if evidence is None else _of_each(evidence, self.reviews)
        self.random = np.random.default_rng(whole_number("seed", seed, least=0))
        self.on_epoch_end()

    def __len__(self) -> int:
        return len(self.deal)

    def __getitem__(self, number: int) -> tuple[np.ndarray | tuple[np.ndarray, ...], np.ndarray]:
        positions = self.deal[number]
        longest = int(self.lengths[positions if self.shuffle else ...].max())
        ids = pad_reviews(self.reviews[positions], maxlen=longest)
        if self.evidence is None:
            return ids, self.labels[positions]
        evidence = keras.utils.pad_sequences(
            self.evidence[positions], longest, "float32", padding="post", truncating="pre"
        )
        return (ids, evidence), self.labels[positions]

    def in_order(self, answers: np.ndarray) -> np.ndarray:
        """Return a model's answers, as `predict` gives them for these batches, one for each review.

        answers: (reviews, 1) or (reviews,). Returns (reviews,), of the same dtype.
        Raises ValueError for another number of answers, or batches that are shuffled: Keras deals
        them anew before anyone can tell which review an answer belongs to.
        """
        if self.shuffle:
            raise ValueError(
                "The batches are shuffled, so that nobody knows which review an answer is for: "
                "predict with LengthBatches(..., shuffle=False)."
            )
        answers = np.ravel(answers)
        if len(answers) != len(self.reviews):
            raise ValueError(
                f"There are {len(self.reviews)} reviews and {len(answers)} answers: give one for "
                "each review."
            )
        return answers

    def on_epoch_end(self) -> None:
        """Deal the reviews anew; Keras calls this after each epoch."""
        order = np.arange(len(self.reviews))
        if not self.shuffle:
            self.deal = _cut(order, self.batch_size)
            return
        self.random.shuffle(order)
        self.deal = []
        for pool in _cut(order, POOL * self.batch_size):
            by_length = pool[np.argsort(self.lengths[pool], kind="stable")]
            self.deal += _cut(by_length, self.batch_size)
        self.random.shuffle(self.deal)
        self._start_with_two_lengths()

    def _start_with_two_lengths(self) -> None:
        """Let the first two batches differ in length if any do: Keras judges all shapes by them."""
        longest = np.array([self.lengths[positions].max() for positions in self.deal])
        others = np.flatnonzero(longest != longest[0])
        if len(others):
            self.deal[1], self.deal[others[0]] = self.deal[others[0]], self.deal[1]


def _of_each(evidence: np.ndarray, reviews: np.ndarray) -> np.ndarray:
    evidence = by_place("evidence", evidence)
    shapes = [np.shape(rows) for rows in evidence]
    lengths = [(len(review),) for review in reviews]
    if [shape[:1] for shape in shapes] != lengths or len({shape[1:] for shape in shapes}) > 1:
        raise ValueError(
            "The evidence does not fit the reviews: give an array for each review, with a row for "
            "each of its ids, as ngram_evidence does."
        )
    return evidence


def _cut(positions: np.ndarray, size: int) -> list[np.ndarray]:
    return [positions[start : start + size] for start in range(0, len(positions), size)]
