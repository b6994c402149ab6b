"""A student's own sentence is scored as the model scores it, and shown safely and readably."""

import re
import sys

import course_utils as course
from course_utils.figures.prediction import Prediction
import keras
import numpy as np
import pytest

from tools.verify.tolerance import Tolerant, decimals

TEXT = "A GREAT film, zorgblub! <script>alert(1)</script>"
WORDS = ["(start)", "a", "great", "film", "zorgblub", "script", "alert", "1", "script"]


@pytest.fixture(scope="module")
def model() -> keras.Sequential:
    """Untrained, with weights so large that each word moves the prediction."""
    course.set_seed(2026)
    model = course.build_lstm(num_words=1000, embedding_dim=4, units=5, mask_padding=True)
    model.set_weights([30 * weights for weights in model.get_weights()])
    return model


def example(*moves: float) -> Prediction:
    probabilities = 0.5 + np.cumsum([0.0, *moves])
    words = ["(start)", *(f"word{number}" for number in range(len(moves)))]
    return Prediction(words, [True] * len(words), probabilities)


def backgrounds(html: str) -> list[np.ndarray]:
    """Mix the colours behind each word as a browser does; 0 to 255."""
    mixed = []
    for style in re.findall(r"background:(.*?) #fff", html):
        color = np.full(3, 255.0)
        layers = re.findall(r"\(rgba\((\d+),(\d+),(\d+),([\d.]+)\)", style)
        for *rgb, opacity in reversed(layers):
            color += float(opacity) * (np.array(rgb, float) - color)
        mixed.append(color)
    return mixed


def contrast_with_black(color: np.ndarray) -> float:
    """Source: WCAG 2.2, relative luminance and contrast ratio."""
    parts = color / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return (linear @ [0.2126, 0.7152, 0.0722] + 0.05) / 0.05


@pytest.mark.parametrize("maxlen", [3, 30])
def test_score_is_the_models_for_the_padded_review(model: keras.Sequential, maxlen: int) -> None:
    """Which loses its beginning where the text is longer."""
    padded = course.pad_reviews([course.encode_review(TEXT, num_words=1000)], maxlen)
    prediction = course.predict_review(model, TEXT, maxlen=maxlen)
    assert prediction.probability == pytest.approx(float(model(padded)[0, 0]), abs=1e-5)
    assert prediction.words == WORDS[-maxlen:]


def test_pasted_sentence_is_scored_as_if_typed(model: keras.Sequential) -> None:
    pasted, typed = "It’s great,\r\nI don’t doubt it.", "It's great,\nI don't doubt it."
    prediction = course.predict_review(model, pasted)
    assert repr(prediction) == repr(course.predict_review(model, typed))
    assert all(prediction.known)


def test_a_long_review_shows_how_far_it_is_read(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a model that reads every beginning anew."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    pooled = course.build_pooled_lstm(np.zeros((50, 2), "float32"), updates=1, units=2)
    course.predict_review(pooled, "the film")
    shown = capsys.readouterr().err.split("\r\x1b[2K")
    starts = [f"Reading word {n} of 3; about " for n in (1, 2, 3)]
    assert all(line.startswith(start) for line, start in zip(shown[1:4], starts, strict=True))
    assert shown[3].endswith("about 0 s left")
    assert shown[4:] == [""]


def test_unknown_words_are_told_apart(model: keras.Sequential) -> None:
    """Id 6 is `a`, all other words of the text have larger ones."""
    known = course.predict_review(model, TEXT).known
    unknown = [word for word, is_known in zip(WORDS, known, strict=True) if not is_known]
    assert unknown == ["zorgblub", "alert"]
    assert course.predict_review(model, TEXT, num_words=7).known == [True, True] + [False] * 7


def test_reads_as_text() -> None:
    prediction = Prediction(["a", "xyz", "film"], [True, False, True], np.array([0.51, 0.3, 0.87]))
    assert repr(prediction) == "positive (0.87): a [0.51] xyz(?) [0.30] film [0.87]"
    assert repr(example(-0.4)).startswith("negative (0.10): ")


def test_html_says_what_the_text_says(model: keras.Sequential) -> None:
    prediction = course.predict_review(model, TEXT)
    html = prediction._repr_html_()
    for word in prediction.words:
        assert f">{word}<" in html
    assert html.count("<sup>?</sup>") == prediction.known.count(False)
    moves = [float(move) for move in re.findall(r"<small>(.*?)</small>", html)]
    np.testing.assert_allclose(moves, prediction.moves, atol=0.005 + 1e-6)


def test_up_is_blue_and_down_is_orange() -> None:
    still, up, down, far_down = backgrounds(example(0.2, -0.1, -0.5)._repr_html_())
    assert still.tolist() == [255, 255, 255]
    assert up[2] > up[0]
    assert down[0] > down[2]
    assert far_down.sum() < down.sum()


def test_letters_can_be_read_on_every_colour() -> None:
    colors = backgrounds(example(0.05, 0.3, 1.0, -0.05, -0.3, -1.0)._repr_html_())
    assert len(colors) == 7
    for color in colors:
        assert contrast_with_black(color) >= 4.5


def test_colour_is_not_the_only_carrier() -> None:
    html = example(0.2, -0.1)._repr_html_()
    assert re.findall(r"<small>(.*?)</small>", html) == ["+0.00", "+0.20", "-0.10"]
    assert "-0.00" not in html


def test_tiny_differences_stay_within_a_tolerance() -> None:
    """Rounding may turn a move's sign on another machine; only decimals differ then."""
    ours, theirs = example(0.001, -0.001), example(-0.001, 0.001)
    assert Tolerant(ours._repr_html_(), 0.03) == theirs._repr_html_()
    assert Tolerant(repr(example(0.1, 0.1)), 0.015) == repr(example(0.11, 0.1))
    assert decimals(repr(example(0.1, 0.1))) == [0.70, 0.50, 0.60, 0.70]
