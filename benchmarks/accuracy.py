"""What LengthBatches cost in accuracy: python -m benchmarks.accuracy, half an hour on two cores.

LSTM(100) with a mask, on the film split's training half, padded to 500 and in batches of similar
length: the same number of updates, three seeds each.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
import multiprocessing
from typing import NamedTuple

from course_utils import LengthBatches, build_lstm, film_split, load_imdb, pad_reviews, set_seed
import numpy as np

from benchmarks.harness import Work, require_same_work

BATCH_SIZE = 64
EPOCHS = 3
SEEDS = (2026, 1, 2)
WAYS = ("padded", "batches")
TEST_REVIEWS = 5_000


class Trained(NamedTuple):
    """One training: its way and seed, the test accuracy (a fraction), and what all must share."""

    way: str
    seed: int
    accuracy: float
    facts: dict[str, int]


def train(way: str, seed: int) -> Trained:
    """Train on padded reviews or on LengthBatches, and test on the film split's other half."""
    (x_train, y_train), (x_test, y_test) = film_split(*load_imdb(5000))
    test = LengthBatches(x_test[:TEST_REVIEWS], y_test[:TEST_REVIEWS], shuffle=False)
    set_seed(seed)
    model = build_lstm(mask_padding=True)
    if way == "batches":
        model.fit(LengthBatches(x_train, y_train, BATCH_SIZE, seed=seed), epochs=EPOCHS, verbose=0)
    else:
        padded = pad_reviews(x_train)
        model.fit(padded, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    accuracy = model.evaluate(test, verbose=0, return_dict=True)["accuracy"]
    facts = {"updates": int(model.optimizer.iterations), "parameters": model.count_params()}
    return Trained(way, seed, accuracy, facts)


def train_all() -> Iterator[Trained]:
    """Train every way with every seed, two at a time; gives each as it is done.

    Raises DifferentWork if two trainings differ in their number of updates or parameters.
    """
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn, max_tasks_per_child=1) as pool:
        tasks = [pool.submit(train, way, seed) for seed in SEEDS for way in WAYS]
        first = None
        for task in as_completed(tasks):
            done = task.result()
            first = first or done
            require_same_work(Work(0, 1, first.facts), Work(0, 1, done.facts))
            yield done


def verdict(trainings: list[Trained]) -> str:
    """Compare the mean of the batches with the spread of the padded trainings over the seeds."""
    padded, batches = ([done.accuracy for done in trainings if done.way == way] for way in WAYS)
    low, high, mean = min(padded), max(padded), np.mean(batches)
    where = "within" if low <= mean <= high else "above" if mean > high else "BELOW"
    return (
        f"padded: mean {np.mean(padded):.4f}, {low:.4f} to {high:.4f}; "
        f"batches: mean {mean:.4f}, {where} the spread of padded"
    )


def main() -> None:
    """Print each training as it is done, and then the verdict."""
    print(f"{len(WAYS) * len(SEEDS)} trainings of {EPOCHS} epochs, two at a time ...", flush=True)
    trainings = []
    for done in train_all():
        trainings.append(done)
        print(
            f"{done.way:8} seed {done.seed:4}: test accuracy {done.accuracy:.4f} "
            f"after {done.facts['updates']} updates",
            flush=True,
        )
    print(verdict(trainings))


if __name__ == "__main__":
    main()
