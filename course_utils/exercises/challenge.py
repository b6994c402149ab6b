"""The challenge: beat the course's models on 5,000 reviews of films that they never saw."""

from collections.abc import Callable
import functools
from html import escape
import time
from typing import Any

from course_utils.exercises.check import CHALLENGE, handed_over
from course_utils.exercises.judging import UnusableError
from course_utils.exercises.notes import Note, all_notes, note
from course_utils.exercises.wording import describe_error, one_line
from course_utils.films import film_folds
from course_utils.imdb import Part, load_imdb
from course_utils.live import LiveDisplay
from course_utils.padding import pad_reviews
from course_utils.probes.statistics import Interval, accuracy_interval
from course_utils.recorded import sweep_accuracies
from course_utils.vocabulary import OOV_ID
import numpy as np

Reader = Callable[[np.ndarray], Any]
"""Takes padded reviews, int32 (reviews, 500), all ids; gives a probability of "positive" each."""
TRIES = 5
PARTS = 4
"""Of the 20 parts of `film_folds`, the first four: two fifths of what `film_split` gives to test.
Who trains and validates on the other half of `film_split` has seen none of their films."""
AT_ONCE = 250
SECONDS_WITHOUT_NEWS = 2
RIVALS = {
    "pooled LSTM": ("pooled_lstm", "whole"),
    "LSTM that reads evidence": ("evidence_lstm", "contest"),
    "words, pairs and triples": ("linear", "contest"),
    "both together": ("together", "contest"),
}
"""The models of notebook 4's contest, as the sweep has recorded them."""
FOOT = (
    "Intervals hold 95 %. A rival has the median of its seeds, on all 12,500 reviews of that half. "
    "The best of several tries owes something to luck."
)


def submit(model: Any) -> None:
    """Score a model on the challenge's 5,000 reviews; show it beside your other tries and rivals.

    model: a Keras model, or a function of padded reviews, int32 (reviews, 500), with zeros after
    the words, that gives the probability of "positive" of each. A Keras model gets 2 for a word
    that its embedding has no row for, a function gets all ids. `...` is no try.
    There are five tries, kept beside the notebook; who deletes that file gets more, and a number
    that says less. Raises nothing but KeyboardInterrupt: a model that cannot be asked gets a
    sentence, and costs no try.
    Introduced in notebook 4, "A challenge".
    """
    if model is ...:
        print("No model yet: train one, and submit it.")
        return
    try:
        reader = as_reader(model)
        if handed_over(CHALLENGE, reader):
            return
        if len(_tries()) < TRIES:
            note("try", _title(model), score(reader))
            _show(_tries())
        else:
            _show(_tries(), f"Your {TRIES} tries are used: this model was not scored. ")
    except UnusableError as unusable:
        print(unusable.args[0])


def as_reader(model: Any) -> Reader:
    """Return a function that asks a model. Raises UnusableError for what is neither."""
    import keras

    if isinstance(model, keras.Model):
        most = _num_words(model)
        return lambda ids: model.predict_on_batch(np.where(ids < most, ids, np.int32(OOV_ID)))
    if callable(model):
        return model
    raise UnusableError(
        f"What you submit is of type {type(model).__name__}: give a Keras model, or a function of "
        'padded reviews that gives the probability of "positive" of each.'
    )


def score(reader: Reader) -> int:
    """Return on how many of the challenge's reviews a reader is right: above 0.5 is "positive".

    After two seconds it says how far it is. Raises UnusableError if the reader raises an error, or
    gives anything but one probability a review.
    """
    reviews, labels = challenge_reviews()
    display, started, right = LiveDisplay(), time.monotonic(), 0
    for start in range(0, len(reviews), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        right += int(np.sum((_answers(reader, reviews[part]) > 0.5) == labels[part]))
        seconds, read = time.monotonic() - started, start + AT_ONCE
        if seconds > SECONDS_WITHOUT_NEWS:
            left = seconds * (len(reviews) - read) / read
            display.show(f"{read:,} of {len(reviews):,} reviews; about {left:.0f} s left")
    display.finish()
    return right


@functools.cache
def challenge_reviews() -> Part:
    """Return the challenge's reviews, int32 (5000, 500), padded as taught, and labels (5000,)."""
    reviews, labels = load_imdb()
    chosen = film_folds() < PARTS
    return pad_reviews(reviews[chosen]), labels[chosen]


def _answers(reader: Reader, ids: np.ndarray) -> np.ndarray:
    try:
        answers = np.asarray(reader(ids.copy()), dtype=float)
    except Exception as error:
        raise UnusableError(
            f"Given padded reviews of shape {ids.shape}, your model raised {describe_error(error)}."
        ) from None
    if answers.size != len(ids):
        raise UnusableError(
            f"For {len(ids)} reviews your model gives numbers of shape {answers.shape}: one "
            "probability each is wanted."
        )
    if not np.all((answers >= 0) & (answers <= 1)):
        raise UnusableError(
            f"Your model gives numbers from {answers.min():,.4g} to {answers.max():,.4g}: "
            "probabilities, from 0 to 1, are wanted."
        )
    return answers.ravel()


def _num_words(model: Any) -> int:
    """Return how many rows the smallest embedding has, also inside of a model's models."""
    import keras

    layers, sizes = [model], [np.iinfo(np.int32).max]
    while layers:
        layer = layers.pop()
        layers += getattr(layer, "layers", [])
        if isinstance(layer, keras.layers.Embedding):
            sizes.append(layer.input_dim)
    return min(sizes)


def _title(model: Any) -> str:
    names = (getattr(model, name, None) for name in ("name", "__name__"))
    return one_line(next((name for name in names if isinstance(name, str)), type(model).__name__))


def _tries() -> list[Note]:
    return [one for one in all_notes() if one.kind == "try"]


def _show(tries: list[Note], remark: str = "") -> None:
    """Show all tries, and how the last one stands against each rival."""
    reviews = len(challenge_reviews()[1])
    intervals = [accuracy_interval(one.value, reviews) for one in tries]
    last, (accuracy, low, high) = tries[-1], intervals[-1]
    head = (
        f"{remark}Try {len(tries)} of {TRIES}, {last.name}: {last.value:,} of {reviews:,} reviews "
        f"right, {accuracy:.3f}. With other reviews it might be {low:.3f} to {high:.3f}."
    )
    rows = [
        (f"try {number}: {one.name}", f"{share:.3f}", f"{low:.3f} to {high:.3f}")
        for number, (one, (share, low, high)) in enumerate(zip(tries, intervals, strict=True), 1)
    ]
    rows += [(name, f"{rival:.3f}", _against(intervals[-1], rival)) for name, rival in rivals()]
    LiveDisplay().finish(*_table(head, rows))


def _table(head: str, rows: list[tuple[str, str, str]]) -> tuple[str, str]:
    """Write the tries and rivals as plain text and as HTML."""
    text = [f"  {one:32} {accuracy}  {more}" for one, accuracy, more in rows]
    cells = "".join(
        f"<tr><th scope='row' style='text-align:left'>{escape(one)}</th><td>{accuracy}</td>"
        f"<td style='text-align:left'>{more}</td></tr>"
        for one, accuracy, more in rows
    )
    html = f"<p>{escape(head)}</p><table><tbody>{cells}</tbody></table><p>{FOOT}</p>"
    return "\n".join([head, *text, FOOT]), html


def rivals() -> list[tuple[str, float]]:
    """Return name and accuracy of the contest's models: the median of their recorded seeds."""
    return [
        (name, float(np.median([*sweep_accuracies(*recorded).values()])))
        for name, recorded in RIVALS.items()
    ]


def _against(interval: Interval, rival: float) -> str:
    _, low, high = interval
    if low > rival:
        return "your last try is above it"
    return "your last try is below it" if high < rival else "too close to your last try to say"
