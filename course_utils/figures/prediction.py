"""Scores a sentence of the reader's own, and shows which of its words moved the prediction."""

from html import escape

from course_utils.arguments import whole_number
from course_utils.figures.style import BLUE, RED
from course_utils.imdb import encode_words
from course_utils.probes.answers import running_prediction
from course_utils.probes.words import embedding_table
from course_utils.vocabulary import OOV_ID, typed_words
import keras
from matplotlib.colors import to_rgb
import numpy as np

START = "(start)"
_STRONGEST = 0.6
"""Opacity of the colour of a large move: black letters on it stay easy to read."""


class Prediction:
    """A model's opinion of a text, word by word; reads as a line of text and as coloured HTML.

    words: the text's words, the start first; known: whether the model's vocabulary has them;
    probabilities: that of "positive" after each word, float32 (words,).
    """

    def __init__(self, words: list[str], known: list[bool], probabilities: np.ndarray) -> None:
        self.words, self.known, self.probabilities = words, known, probabilities

    @property
    def probability(self) -> float:
        """The probability that the whole text is positive, 0 to 1."""
        return float(self.probabilities[-1])

    @property
    def moves(self) -> np.ndarray:
        """By how much each word changed the probability; (words,), 0 for the first."""
        return np.diff(self.probabilities, prepend=self.probabilities[0])

    def __repr__(self) -> str:
        marks = ("(?)", "")
        words = [
            f"{word}{marks[known]} [{probability:.2f}]"
            for word, known, probability in zip(
                self.words, self.known, self.probabilities, strict=True
            )
        ]
        return f"{self._verdict()}: {' '.join(words)}"

    def _repr_html_(self) -> str:
        words = map(_word_html, self.words, self.known, self.moves)
        unknown = "" if all(self.known) else " Dotted, with a question mark: not in the vocabulary."
        return (
            f"<div><p><strong>{self._verdict()}</strong></p>"
            f"<p style='line-height:1.2'>{''.join(words)}</p>"
            "<p>The number below a word says how far it moved the probability of "
            f"&quot;positive&quot;: up (+) is blue, down (−) is orange.{unknown}</p></div>"
        )

    def _verdict(self) -> str:
        verdict = "positive" if self.probability > 0.5 else "negative"
        return f"{verdict} ({self.probability:.2f})"


def predict_review(
    model: keras.Model, text: str, num_words: int | None = None, maxlen: int = 500
) -> Prediction:
    """Let a model read a text of your own, and show how each word moves its prediction.

    The probability is always that of "positive": 0.13 is a confident "negative". Nothing is padded.
    text: a review as you would write it. num_words: size of the vocabulary; by default that of the
    model's embedding. maxlen: of a longer text, start id included, the last ids are read.
    Raises TypeError unless text is a str, ValueError if it holds no word, num_words or maxlen do
    not fit, or the model gives no probability of "positive".
    Introduced in notebook 4, "Where it errs".
    """
    words = typed_words(text)
    if not words:
        raise ValueError(f"text is {text!r}, without a word: write a sentence about a film.")
    in_table = len(embedding_table(model))
    wanted = in_table if num_words is None else num_words
    num_words = whole_number("num_words", wanted, least=4, most=in_table)
    ids = encode_words(words, num_words)[-whole_number("maxlen", maxlen) :]
    shown = [START, *(word.decode(errors="replace") for word in words)][-len(ids) :]
    return Prediction(shown, (ids != OOV_ID).tolist(), running_prediction(model, ids))


def _word_html(word: str, known: bool, move: float) -> str:
    """Put a word above the size of its move, on blue for up and orange for down.

    Both colours are always written, one of them with opacity 0, so that texts from two machines
    differ in decimals only.
    """
    layers = ", ".join(
        f"linear-gradient({color}, {color})"
        for color in (_rgba(BLUE, max(0, move)), _rgba(RED, max(0, -move)))
    )
    mark = "" if known else "border-bottom:2px dotted #000;"
    shown = escape(word) if known else f"{escape(word)}<sup>?</sup>"
    return (
        f"<span style='display:inline-block;margin:2px;padding:2px 5px;border-radius:4px;"
        f"text-align:center;color:#000;background:{layers} #fff'>"
        f"<span style='{mark}'>{shown}</span> "
        f"<br><small>{round(float(move), 2) + 0.0:+.2f}</small></span>"
    )


def _rgba(color: str, move: float) -> str:
    """Return a CSS colour whose opacity grows with the move."""
    red, green, blue = (round(255 * part) for part in to_rgb(color))
    return f"rgba({red},{green},{blue},{min(2 * move, _STRONGEST):.2f})"
