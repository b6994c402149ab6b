"""What a model reads, drawn: a padded review, a row of a table, the tokens of a task."""

from course_utils.figures.shapes import (
    arrow,
    box,
    line,
    new_drawing,
    shorten,
    write,
)
from course_utils.figures.steps import Steps
from course_utils.figures.style import ANSWER, BLACK, RED, WIDTH, WORDS, ZEROS, Picture
from course_utils.imdb import encode_words
from course_utils.padding import pad_reviews
from matplotlib.axes import Axes
import numpy as np

_MARGIN, _ZERO, _STRIP = 0.2, 0.42, 2.45
"""In inches: left and right of a row; the box of a zero; a strip that stands for many boxes."""
_NUM_WORDS, _DIMENSION = 5000, 32
"""The sizes of the lecture's embedding."""
_MOST_ROWS, _MOST_TOKENS = 6, 20
Cell = tuple[str, str, float]
"""What stands above a box and in it, and how wide it is."""


def plot_padded_row(words: list[str], maxlen: int = 500) -> Picture:
    """Draw, step by step, a review as a model reads it: ids with their words above, then zeros.

    words: of a review, without the start; ids as with `load_imdb(num_words=5000)`. maxlen: as in
    `pad_reviews`, which puts the zeros behind. What does not fit becomes a strip with its number.
    Raises as `pad_reviews` does for maxlen.
    Introduced in notebook 1, "Padding".
    """
    ids = encode_words([word.encode() for word in words], _NUM_WORDS)
    padded = pad_reviews([ids], maxlen)[0]
    given = ["(start)", *words][-len(padded) :]
    zeros = len(padded) - len(given)
    cells = [
        (shorten(word, 12), str(number), 0.22 + 0.128 * max(4, min(len(word), 12)))
        for word, number in zip(given, padded, strict=False)
    ]
    room = WIDTH - 2 * _MARGIN
    left = max(4 * _ZERO + _STRIP, room - sum(width for *_, width in cells))
    behind = _fit([("", "0", _ZERO)] * zeros, left, "zeros")
    room -= sum(width for *_, width in behind)
    figure, axes = new_drawing(2.45)
    steps = Steps(figure)
    middle = _draw_cells(axes, _MARGIN, _fit(cells, room, "words"), WORDS)
    _measure(axes, _MARGIN, middle, len(given), "id")
    steps.end(f"One review as a row of boxes: {len(given):,} ids with their words above.")
    end = _draw_cells(axes, middle, behind, ZEROS)
    if zeros:
        _measure(axes, middle, end, zeros, "zero")
        steps.end(f"Behind them {zeros:,} zeros, up to {len(padded):,} time steps.")
    write(axes, (end, 0.42), "read last", RED, ha="right")
    arrow(axes, (_MARGIN, 0.18), (end, 0.18), color=RED)
    last = "a zero" if zeros else f"the word {given[-1]!r}"
    steps.end(f"An arrow from left to right: what is read last is {last}.")
    alt = (
        f"One review, {len(padded):,} time steps long, as a row of boxes: {len(given):,} ids with "
        f"their words above, {' '.join(given[:8])}{' …' if len(given) > 8 else ''}, then "
        f"{zeros:,} zeros. An arrow runs from left to right: what is read last is {last}."
    )
    return Picture(figure, alt, steps)


def plot_lookup() -> Picture:
    """Draw, step by step, how a one-hot row times the embedding table picks a row of it.

    Sizes are the lecture's. Introduced in notebook 1, "One-hot or embedding".
    """
    word = "great"
    _, row = encode_words([word.encode()]).tolist()
    figure, axes = new_drawing(4.3)
    steps = Steps(figure)
    names = ("0", "1", "…", str(row), "…", str(_NUM_WORDS - 1))
    values = ("0", "0", "…", "1", "…", "0")
    colors = [RED if name == str(row) else "white" for name in names]
    for place, (value, color) in enumerate(zip(values, colors, strict=True)):
        box(axes, (0.5 + 0.52 * place, 2.4), value, color, (0.5, 0.5))
    write(axes, (0.5 + 0.52 * 3, 2.85), str(row), RED)
    _entitle(axes, 1.8, "one-hot row", 1, _NUM_WORDS)
    steps.end(
        f"A one-hot row for the word {word!r}: its 1 stands at place {row} of {_NUM_WORDS:,}."
    )
    for place, (name, color) in enumerate(zip(names, colors, strict=True)):
        y = 3.55 - 0.46 * place
        box(axes, (5.85, y), "" if name != "…" else "…", color, (2.2, 0.42))
        write(axes, (4.65, y), name, BLACK if color == "white" else color, ha="right")
    write(axes, (3.72, 2.4), "×")
    _entitle(axes, 5.85, "table", _NUM_WORDS, _DIMENSION)
    steps.end(f"Times the table, which has a row of {_DIMENSION} numbers for each id.")
    write(axes, (7.2, 2.4), "=")
    box(axes, (8.6, 2.4), "", RED, (2.2, 0.5))
    _entitle(axes, 8.6, f'embedding of "{word}"', 1, _DIMENSION)
    steps.end(f"The product is row {row} of the table: the embedding of the word.")
    products = _NUM_WORDS * _DIMENSION
    write(axes, (5, 0.25), f"{products:,} products, or just: row {row} of the table")
    steps.end(f"{products:,} products, or just: row {row} of the table.")
    alt = (
        f"A one-hot row, {(1, _NUM_WORDS)}, with its 1 at place {row}, times a table, "
        f"{(_NUM_WORDS, _DIMENSION)}, gives row {row} of the table, {(1, _DIMENSION)}: the "
        f"embedding of the word {word!r}. Place and row have the same colour. {products:,} "
        "products give what picking the row gives at once."
    )
    return Picture(figure, alt, steps)


def plot_tokens(
    titles: list[str], tokens: np.ndarray, decides: np.ndarray, labels: np.ndarray
) -> Picture:
    """Draw short sequences, then the token that decides in each, and the answer.

    titles: one for each sequence. tokens: int (sequences, k), at most six of 20. decides: int
    (sequences,), places of the tokens that tell the labels (sequences,).
    Raises ValueError if there are more, or not as many of each.
    Introduced in notebook 4, "What gates are for".
    """
    rows, k = np.shape(tokens)
    if not rows == len(titles) == len(decides) == len(labels):
        raise ValueError(
            f"There are {rows} sequences, {len(titles)} titles, {len(decides)} places and "
            f"{len(labels)} labels: give as many of each."
        )
    if rows > _MOST_ROWS or k > _MOST_TOKENS:
        raise ValueError(
            f"There are {rows} sequences of {k} tokens: give at most {_MOST_ROWS} of "
            f"{_MOST_TOKENS}, so that each can be read."
        )
    figure, axes = new_drawing(0.3 + 0.7 * rows)
    steps = Steps(figure)
    columns = 2.15 + 0.345 * np.arange(k)
    heights = 0.15 + 0.7 * (rows - 0.5 - np.arange(rows))
    for title, sequence, y in zip(titles, tokens, heights, strict=True):
        write(axes, (_MARGIN, y), title, ha="left")
        for x, token in zip(columns, sequence, strict=True):
            box(axes, (x, y), str(token), WORDS, (0.345, 0.5))
    steps.end(f"{rows} sequences of {k} tokens each, as rows of boxes.")
    for place, label, y in zip(decides, labels, heights, strict=True):
        box(axes, (columns[place], y), "", ANSWER, (0.345, 0.5))
        arrow(axes, (columns[-1] + 0.22, y), (columns[-1] + 0.58, y))
        write(axes, (columns[-1] + 0.75, y), str(label))
    steps.end("In each the token that decides has another colour; the answer stands at the end.")
    said = "; ".join(
        f"{title}: {' '.join(map(str, sequence))}, of which number {place + 1}, "
        f"{sequence[place]}, decides: {label}"
        for title, sequence, place, label in zip(titles, tokens, decides, labels, strict=True)
    )
    return Picture(figure, f"{rows} sequences of tokens as rows of boxes. {said}.", steps)


def _entitle(axes: Axes, x: float, title: str, rows: int, columns: int) -> None:
    """Write above and below a matrix what it is, and its shape."""
    write(axes, (x, 4.05), title)
    write(axes, (x, 0.8), f"{rows} × {columns}")


def _fit(cells: list[Cell], room: float, what: str) -> list[Cell]:
    """Return cells that fit into a room: in the place of many a strip that says how many."""
    if sum(width for *_, width in cells) <= room:
        return cells
    room -= _STRIP + cells[-1][2]
    kept = int(np.searchsorted(np.cumsum([width for *_, width in cells]), room))
    left_out = len(cells) - kept - 1
    return [*cells[:kept], ("", f"… {left_out:,} more {what}", _STRIP), cells[-1]]


def _draw_cells(axes: Axes, x: float, cells: list[Cell], color: str) -> float:
    """Draw cells side by side from x on; return where they end."""
    for above, inside, width in cells:
        box(axes, (x + width / 2, 1.6), inside, color, (width - 0.04, 0.5))
        write(axes, (x + width / 2, 2.15), above)
        x += width
    return x


def _measure(axes: Axes, start: float, end: float, count: int, what: str) -> None:
    """Write below cells how many ids they stand for."""
    line(axes, (start + 0.05, 1.2), (start + 0.05, 1.1), (end - 0.05, 1.1), (end - 0.05, 1.2))
    write(axes, ((start + end) / 2, 0.85), f"{count:,} {what}{'s' if count > 1 else ''}")
