"""Formulas look as TeX would set them: facts about pictures that Chromium draws.

Each formula is drawn large and looked at as ink on paper, cut where no ink is.
"""

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import numpy as np
from PIL import Image
from playwright.sync_api import Browser
import pytest

from tools.publish import PublishError
from tools.publish.assets import math_font
from tools.publish.formulas import markdown_to_html

EM = 100
"""Pixels: the size of the letters in the pictures."""
Draw = Callable[[str], np.ndarray]


@pytest.fixture(scope="module")
def draw(browser: Browser) -> Draw:
    """Return a function that draws a formula: bool (rows, columns), true where ink is."""
    page = browser.new_page(viewport={"width": 1600, "height": 500})

    def _draw(latex: str) -> np.ndarray:
        style = f"{math_font()} body {{ margin: 0; padding: 60px; font-size: {EM}px; }}"
        page.set_content(f"<style>{style}</style><body>{markdown_to_html(latex)}")
        page.evaluate("document.fonts.ready")
        picture = Image.open(BytesIO(page.screenshot())).convert("L")
        ink = np.asarray(picture) < 128
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    return _draw


def pieces(ink: np.ndarray, axis: int) -> list[slice]:
    """Return where ink is along the rows (0) or columns (1), from one gap to the next."""
    filled = np.pad(ink.any(axis=1 - axis), 1)
    edges = np.flatnonzero(np.diff(filled.astype(int)))
    return [slice(*pair) for pair in edges.reshape(-1, 2)]


def gaps(ink: np.ndarray) -> np.ndarray:
    """Return the widths of a line's gaps, in em."""
    parts = pieces(ink, axis=1)
    return np.array([after.start - before.stop for before, after in pairwise(parts)]) / EM


def middle(ink: np.ndarray) -> float:
    columns = np.flatnonzero(ink.any(axis=0))
    return (columns[0] + columns[-1]) / 2


@pytest.mark.parametrize(
    ("bold", "plain"), [(r"\mathbf{0}", "0"), (r"\boldsymbol\delta", r"\delta")]
)
def test_bold_signs_are_bold(draw: Draw, bold: str, plain: str) -> None:
    assert draw(f"${bold}$").sum() > 1.2 * draw(f"${plain}$").sum()


@pytest.mark.parametrize(
    ("latex", "first"), [(r"\sum_{t=1}^{T}", 0), (r"\left(\sum_{t=1}^{T}\right)", 1)]
)
def test_limits_stand_above_and_below_a_displayed_sum(draw: Draw, latex: str, first: int) -> None:
    """They stand in its middle, and all three are apart."""
    ink = draw(f"$${latex}$$")
    columns = pieces(ink, axis=1)
    inner = ink[:, columns[first].start : columns[-1 - first].stop]
    upper, sign, lower = pieces(inner, axis=0)
    assert sign.stop - sign.start > 1.2 * EM
    for limit in (upper, lower):
        assert middle(inner[limit]) == pytest.approx(middle(inner[sign]), abs=0.1 * EM)


def test_limits_stand_beside_a_sum_within_a_line(draw: Draw) -> None:
    assert len(pieces(draw(r"$\sum_{t=1}^{T}$"), axis=0)) == 1


@pytest.mark.parametrize("sign", [r"\pm", r"\times", "+", r"\odot"])
def test_room_on_both_sides_of_what_binds_two_parts(draw: Draw, sign: str) -> None:
    left, right = gaps(draw(rf"$0 {sign} 0$"))
    assert 0.2 < left < 0.4
    assert left == pytest.approx(right, abs=0.04)


def test_a_sign_before_a_number_stands_close_to_it(draw: Draw) -> None:
    *_, before, after = gaps(draw(r"$p = \pm 0$"))
    assert after < 0.12 < 0.25 < before


def test_an_index_has_no_room_around_its_minus(draw: Draw) -> None:
    *_, left, right = gaps(draw(r"$\mathbf{h}_{0-0}$"))
    assert max(left, right) < 0.1


def test_a_quotient_in_a_line_has_no_room_around_its_stroke(draw: Draw) -> None:
    assert gaps(draw("$0/0$")).max() < 0.1


def test_a_tilde_hugs_its_letter(draw: Draw) -> None:
    """It is as narrow as the letter, in its middle and close above."""
    ink = draw(r"$\tilde{\mathbf{c}}$")
    tilde, letter = pieces(ink, axis=0)
    assert letter.start - tilde.stop < 0.15 * EM
    assert middle(ink[tilde]) == pytest.approx(middle(ink[letter]), abs=0.06 * EM)
    assert ink[tilde].any(axis=0).sum() > 0.7 * ink[letter].any(axis=0).sum()


@pytest.mark.parametrize("latex", [r"\mathbf{b}'", r"\mathbf{b}'_z"])
def test_a_prime_is_large_and_stands_at_the_top_of_its_letter(draw: Draw, latex: str) -> None:
    ink = draw(f"${latex}$")
    first = pieces(ink, axis=1)[0]
    (letter,), (prime, *_) = pieces(ink[:, first], axis=0), pieces(ink[:, first.stop :], axis=0)
    assert prime.stop - prime.start > 0.25 * EM
    assert abs(prime.start - letter.start) < 0.15 * EM
    assert prime.stop < (letter.start + letter.stop) / 2


def test_a_function_stands_apart_from_a_letter_but_not_from_a_bracket(draw: Draw) -> None:
    letter, bracket = gaps(draw(r"$\ln 0$"))[-1], gaps(draw(r"$\ln(0)$"))[-2]
    assert 0.15 < letter < 0.3
    assert bracket < 0.1


def test_brackets_that_need_not_grow_are_set_as_plain_ones(draw: Draw) -> None:
    grown, plain = draw(r"$\tanh\left(e + b\right)$"), draw(r"$\tanh(e + b)$")
    np.testing.assert_array_equal(grown, plain)


@pytest.mark.parametrize(
    "latex", [r"\frac{a}{", r"\unknown{x}", r"\begin{aligned} a &= b \end{aligned}"]
)
def test_what_would_be_drawn_in_part_is_refused(latex: str) -> None:
    with pytest.raises(PublishError, match="does not parse"):
        markdown_to_html(f"${latex}$")


def test_a_space_taken_away_is_taken_from_the_one_that_stands_there(draw: Draw) -> None:
    r"""Browsers draw no negative space: of \! after a name they would keep the thin space."""
    close, apart = (
        draw(r"$\sigma\!\left(\frac{1}{T}\right)$"),
        draw(r"$\sigma\left(\frac{1}{T}\right)$"),
    )
    assert apart.shape[1] - close.shape[1] == pytest.approx(EM / 6, abs=2)
