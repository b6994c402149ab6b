"""A picture as a small PNG: a palette of 64 colours, a quarter of the size that matplotlib writes.

Twice the pixels then take less room in a notebook than half of them did before.
"""

import struct
import zlib

import numpy as np

COLORS = 64
"""Enough for boxes, curves and letters."""
_WHITE = np.full((1, 3), 255, np.uint8)
_BEGINNING = b"\x89PNG\r\n\x1a\n"
_DEPTH, _PALETTE = 8, 3
"""Bits of a pixel, and what PNG calls an image whose pixels are places in a palette."""


def write_png(
    pixels: np.ndarray, text: str, shown: np.ndarray | None = None, colors: int = COLORS
) -> bytes:
    """Return the content of a PNG file that shows pixels and carries a text as its description.

    pixels: uint8 (rows, columns, 3), red, green, blue. shown: bool (rows, columns), which of them
    are shown; where the others are, one sees through. colors: at most so many are kept.
    """
    clear = b""
    if shown is not None:
        pixels = np.where(shown[:, :, np.newaxis], pixels, np.uint8(255))
    palette, places = reduce_colors(pixels, colors)
    if shown is not None:
        palette = np.concatenate([_WHITE, palette])
        places = np.where(shown, places + np.uint8(1), np.uint8(0))
        clear = _chunk(b"tRNS", b"\0")  # of the first colour; the others are seen as they are
    rows, columns = places.shape
    lines = np.pad(places, ((0, 0), (1, 0)))  # before each row, PNG wants its filter: 0, none
    header = struct.pack(">IIBBBBB", columns, rows, _DEPTH, _PALETTE, 0, 0, 0)
    return (
        _BEGINNING
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", palette.tobytes())
        + _chunk(b"iTXt", b"Description\0\0\0\0\0" + text.encode())
        + clear
        + _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )


def reduce_colors(pixels: np.ndarray, most: int = COLORS) -> tuple[np.ndarray, np.ndarray]:
    """Return at most so many colours, uint8 (colours, 3), and the place of each pixel among them.

    The most frequent half stays as it is: paper, ink, and what is filled. Others that are alike in
    their first bits become the most frequent of them, with as few bits lost as needed: shades at
    the edges of letters.
    """
    red, green, blue = np.moveaxis(pixels.astype(np.uint32), -1, 0)
    colors, places, counts = np.unique(
        red << 16 | green << 8 | blue, return_inverse=True, return_counts=True
    )
    channels = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=1)
    by_count = np.argsort(-counts, kind="stable")
    kept, rest = by_count[: most // 2], by_count[most // 2 :]
    for lost in range(8):
        alike = (channels[rest] + (1 << lost >> 1)) >> lost
        groups, first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        if len(kept) + len(groups) <= most:
            break
    palette = channels[np.concatenate([kept, rest[first]])].astype(np.uint8)
    place = np.empty(len(colors), np.uint8)
    place[kept] = np.arange(len(kept))
    place[rest] = len(kept) + group.ravel()
    return palette, place[places].reshape(pixels.shape[:2])


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check
