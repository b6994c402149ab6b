"""Figures on dark paper: colours that can be seen and told apart, in the same pixels.

How eyes without one kind of cone see is simulated by the matrices of Machado, Oliveira and
Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009; how far
apart two colours look is measured in Björn Ottosson's Oklab (https://bottosson.github.io/posts/oklab).
"""

from base64 import b64decode, b64encode
from io import BytesIO
from itertools import combinations
from pathlib import Path
import re

from course_utils.figures import style
from course_utils.figures.shapes import tint
from matplotlib import colormaps
from matplotlib.colors import to_rgb
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page
import pytest

from tools.publish.assets import TEMPLATES, head
from tools.publish.dark import INK, PAPER, dark_colors, dark_palette

NAMED = [style.BLACK, style.SKY, style.BLUE, style.YELLOW, style.RED, style.GREEN, style.PURPLE]
EYES = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_OKLAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def pixels(*colors: str | tuple[float, ...]) -> np.ndarray:
    """Return colours as a picture holds them: uint8 (colours, 3)."""
    return (255 * np.array([to_rgb(color) for color in colors])).round().astype(np.uint8)


def linear(colors: np.ndarray) -> np.ndarray:
    channels = colors / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(color: np.ndarray, other: np.ndarray) -> float:
    """Return the contrast of two colours, as WCAG 2.2 defines it."""
    low, high = sorted(linear(np.stack([color, other])) @ (0.2126, 0.7152, 0.0722))
    return (high + 0.05) / (low + 0.05)


def closest(colors: np.ndarray, eyes: str) -> float:
    """Return how far apart the two colours look that look most alike."""
    seen = np.clip(linear(colors) @ np.array(EYES[eyes]).T, 0, 1)
    places = np.cbrt(seen @ np.array(TO_CONES).T) @ np.array(TO_OKLAB).T
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(places, 2))


def drawn(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


@pytest.fixture(scope="module")
def png() -> bytes:
    """Return a figure with lines in all named colours."""
    figure, (axes,) = style.new_figure()
    for place, color in enumerate(NAMED):
        axes.plot([0, 1], [place, place + 1], color=color)
    return style.Picture(figure, "seven lines that rise").png()


@pytest.fixture(scope="module")
def swapped(png: bytes) -> bytes:
    """Return the figure with its dark palette in the place of its own."""
    text = b64encode(png).decode()
    palette = dark_palette(text)
    return b64decode(text[:44] + palette + text[44 + len(palette) :])


def test_paper_and_ink_are_those_of_the_theme() -> None:
    theme = (TEMPLATES / "theme.css").read_text(encoding="utf-8")
    dark = re.search(r"color-scheme: dark;\s*--paper: (\S+); --ink: (\S+);", theme)
    assert dark.groups() == (PAPER, INK)
    np.testing.assert_array_equal(dark_colors(pixels("white", "black")), pixels(PAPER, INK))


@pytest.mark.parametrize("color", [*NAMED, "#555555", "#777777"])
def test_lines_can_be_seen_on_dark_paper(color: str) -> None:
    assert contrast(dark_colors(pixels(color))[0], pixels(PAPER)[0]) >= 3


@pytest.mark.parametrize("color", NAMED[1:])
def test_letters_can_be_read_in_tinted_boxes(color: str) -> None:
    assert contrast(*dark_colors(pixels(tint(color), style.BLACK))) >= 4.5


@pytest.mark.parametrize("eyes", EYES)
def test_colours_are_told_apart_no_worse_than_on_white_paper(eyes: str) -> None:
    colors = pixels(*NAMED)
    assert closest(dark_colors(colors), eyes) >= closest(colors, eyes)


@pytest.mark.parametrize("name", ["Blues", "PuOr", "PuOr_r", "cividis"])
def test_heat_maps_stay_in_order(name: str) -> None:
    """From paper, or from the first colour, on they get lighter and lighter."""
    colors = dark_colors(colormaps[name](range(256), bytes=True)[:, :3])
    luminance = linear(colors) @ (0.2126, 0.7152, 0.0722)
    halves = (luminance[127::-8], luminance[128::8]) if "PuOr" in name else (luminance[::8],)
    for half in halves:
        assert np.diff(half).min() > 0
        assert half[-1] - half[0] > 0.3


def test_neighbours_stay_neighbours() -> None:
    """No step between two colours, such as at the edge of a letter, becomes a jump."""
    steps = np.linspace(0, 255, 256)[:, None]
    for color in NAMED:
        for end in ("white", "black"):
            blends = pixels(color) + (pixels(end).astype(float) - pixels(color)) * steps / 255
            jumps = np.abs(
                np.diff(dark_colors(blends.round().astype(np.uint8)).astype(int), axis=0)
            )
            assert jumps.max() <= 8


def test_the_same_pixels_get_other_colours(png: bytes, swapped: bytes) -> None:
    """Pillow refuses a chunk whose check is wrong; each pixel keeps its place in the palette."""
    light, dark = Image.open(BytesIO(png)), Image.open(BytesIO(swapped))
    dark.verify()
    assert dark.info == light.info
    np.testing.assert_array_equal(light, Image.open(BytesIO(swapped)))
    np.testing.assert_array_equal(drawn(swapped)[0, 0], pixels(PAPER)[0])
    assert len(swapped) == len(png)


def test_only_the_courses_figures_have_a_dark_palette() -> None:
    for mode in ("RGB", "P"):
        file = BytesIO()
        Image.new(mode, (40, 30)).save(file, "PNG")
        assert not dark_palette(b64encode(file.getvalue()).decode())
    assert not dark_palette("/9j/4AAQ")
    assert not dark_palette("iVBORw0KGgo")


def seen(page: Page) -> np.ndarray:
    """Return the colour of the figure's upper left corner, and of its darkest and lightest dot."""
    shot = drawn(page.locator("img").screenshot())
    order = np.argsort(shot.sum(axis=2), axis=None)
    return np.vstack([shot[5, 5], shot.reshape(-1, 3)[order[[0, -1]]]])


def test_the_switch_changes_what_is_drawn(browser: Browser, png: bytes, tmp_path: Path) -> None:
    """Dark at the start, light, dark again; in print, light. Scaled, a picture errs by a bit."""
    text = b64encode(png).decode()
    path = tmp_path / "page.html"
    path.write_text(
        f"<!DOCTYPE html><html><head>{head()}</head><body style='background: var(--paper)'>"
        f'<button class="theme-switch">Dark</button><div class="figure"><img '
        f'src="data:image/png;base64,{text}" data-palette="{dark_palette(text)}" alt=""></div>',
        encoding="utf-8",
    )
    page = browser.new_page(color_scheme="dark")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(path.as_uri())
    paper, ink, white, black = pixels(PAPER, INK, "white", "black")
    np.testing.assert_allclose(seen(page), [paper, paper, ink], atol=2)
    page.click(".theme-switch")
    np.testing.assert_allclose(seen(page), [white, black, white], atol=2)
    page.click(".theme-switch")
    np.testing.assert_allclose(seen(page), [paper, paper, ink], atol=2)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    np.testing.assert_allclose(seen(page), [white, black, white], atol=2)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    np.testing.assert_allclose(seen(page), [paper, paper, ink], atol=2)
    assert errors == []
