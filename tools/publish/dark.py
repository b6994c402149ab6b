"""The course's figures on dark paper: the same pixels with another palette.

`theme.js` puts the dark palette into the picture when the theme turns. Each colour's counterpart is
chosen for the named colours of `style.py`, for greys and for the corners of all colours; what lies
between, such as tints, heat maps and the edges of letters, is interpolated.
"""

from base64 import b64decode, b64encode
from functools import cache
import struct
import zlib

from course_utils.figures import style
from matplotlib import colormaps
from matplotlib.colors import to_rgb
import numpy as np

PAPER, INK = "#14171c", "#eceff4"
"""The dark theme's, as in `theme.css`."""
DARK = {
    style.SKY: "#2b8dce",
    style.BLUE: "#8ec4fe",
    style.YELLOW: "#f0de00",
    style.RED: "#ff791f",
    style.GREEN: "#35bc8b",
    style.PURPLE: "#f394c5",
}
"""For eyes of each kind, the closest two are no closer than the closest two on white paper."""
CORNERS = {
    "#ff0000": "#ff5a4d",
    "#00ff00": "#5fe07a",
    "#0000ff": "#7484ff",
    "#00ffff": "#4fdbe6",
    "#ff00ff": "#f57df0",
    "#ffff00": "#f7f06a",
}
SHARES = (0.25, 0.5, 0.75, 1)
"""How much of a named colour there is in blends whose counterparts are blends, too."""
TINT = 1.15
"""The power that makes tints darker, so that white letters on them are easy to read."""
GREYS = 17
SCALE = "cividis"
"""A heat map that stays as it is: bright means more on dark paper, too."""
FEWEST, NEAR = 16, 2
"""How many colours of it a picture has at least, if it is drawn with it, and how near they are."""
_PALETTE, _HEAD = 33, 1600
"""Bytes before a figure's palette, and signs of base64 that hold it."""


def dark_palette(png: str) -> str:
    """Return the chunk of a figure's palette for dark paper; "" for one that is not the course's.

    Both are in base64. The chunk is as long as the one that it stands for, and both begin and end
    between two signs of base64: a script swaps them as text, `theme.js`.
    """
    text = "".join(png[:_HEAD].split())
    data = b64decode(text[: len(text) // 4 * 4])
    size = int.from_bytes(data[_PALETTE : _PALETTE + 4], "big")
    after = _PALETTE + 12 + size
    if (data[_PALETTE + 4 : _PALETTE + 8], data[after + 4 : after + 8]) != (b"PLTE", b"iTXt"):
        return ""
    colors = np.frombuffer(data, np.uint8, size, _PALETTE + 8).reshape(-1, 3)
    content = b"PLTE" + dark_colors(colors).tobytes()
    check = zlib.crc32(content)
    return b64encode(struct.pack(">I", size) + content + struct.pack(">I", check)).decode()


def dark_colors(colors: np.ndarray) -> np.ndarray:
    """Return the counterparts on dark paper of a picture's colours, uint8 (colours, 3)."""
    anchors, weights = _interpolation()
    dark = _basis(colors / 255, anchors) @ weights
    dark = np.clip(dark * 255, 0, 255).round().astype(np.uint8)
    scale = colormaps[SCALE](range(256), bytes=True)[:, :3].astype(int)
    kept = (abs(colors[:, None] - scale).max(axis=2) <= NEAR).any(axis=1)
    if kept.sum() >= FEWEST:
        dark[kept] = colors[kept]
    return dark


@cache
def _interpolation() -> tuple[np.ndarray, np.ndarray]:
    """Return the colours with a chosen counterpart, and what each of them adds to all others."""
    greys = np.linspace(0, 1, GREYS)
    anchors = {(grey, grey, grey): _grey(grey) for grey in greys}
    anchors |= {to_rgb(light): to_rgb(dark) for light, dark in CORNERS.items()}
    for light, dark in DARK.items():
        for share in SHARES:
            anchors[_blend(light, "white", share)] = _blend(dark, PAPER, share**TINT)
            anchors[_blend(light, "black", share)] = _blend(dark, INK, share)
    light, dark = np.array(list(anchors)), np.array(list(anchors.values()))
    basis = _basis(light, light)
    padded = np.vstack([dark, np.zeros((4, 3))])
    system = np.vstack([basis, np.hstack([basis[:, -4:].T, np.zeros((4, 4))])])
    return light, np.linalg.solve(system, padded)


def _basis(colors: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """Return distances to the anchors, and what is linear: a spline in three dimensions."""
    distances = np.linalg.norm(colors[:, None] - anchors, axis=2)
    return np.hstack([distances, np.ones((len(colors), 1)), colors])


def _blend(color: str, other: str, share: float) -> tuple[float, ...]:
    mixed = share * np.array(to_rgb(color)) + (1 - share) * np.array(to_rgb(other))
    return tuple(mixed.tolist())


def _grey(grey: float) -> tuple[float, ...]:
    """Return the blend of ink and paper with a contrast in proportion to the grey's on white."""
    shares = np.linspace(0, 1, 1001)
    blends = np.outer(shares, to_rgb(INK)) + np.outer(1 - shares, to_rgb(PAPER))
    contrasts = np.log((_luminance(blends) + 0.05) / (_luminance(blends[0]) + 0.05))
    wanted = np.log(1.05 / (_luminance(np.full(3, grey)) + 0.05)) / np.log(21) * contrasts[-1]
    return tuple(blends[np.argmin(np.abs(contrasts - wanted))].tolist())


def _luminance(colors: np.ndarray) -> np.ndarray:
    """Return the relative luminance of colours, 0 to 1, as WCAG 2.2 defines it."""
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)
