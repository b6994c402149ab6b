"""A slide's code and results: side by side or one below the other, in one of two sizes.

A slide is 1280 × 720 pixels, and has twelve columns. Code and what it printed stand side by side,
on seven columns and five, where the longest line of each has room.
"""

import textwrap
from typing import Any

import nbformat
from nbformat.v4 import new_output

from tools.publish import PublishError
from tools.publish.evidence import answered, shown_as
from tools.publish.formulas import markdown_to_html
from tools.publish.outputs import plain_text

WIDTH, HEIGHT = 90, 12
"""Characters in a line, and lines, that an output may have on a slide; what is longer is cut."""
FITS = {
    ("side", "large"): (42, 32),
    ("side", "small"): (50, 38),
    ("stack", "large"): (75, 75),
    ("stack", "small"): (WIDTH, WIDTH),
}
"""Characters that a line of code, and one of output, may have, at 24 pixels or at 20."""
LARGE_LINES = 13
"""Lines of 24 pixels that a slide has room for."""


def arrange(cell: nbformat.NotebookNode) -> None:
    """Leave of a code cell what its deck shows of it, and choose how that stands on the slide.

    Sets its metadata `layout`, such as "side large", and `steps`, the code's explanations.
    Raises PublishError if the metadata ask for what the cell does not have.
    """
    show, hidden = cell.metadata.slideshow, cell.metadata.jupyter
    if hidden.source_hidden and not cell.outputs:
        raise PublishError("it shall show its output, but none is stored; run `make outputs`.")
    if show.get("show", "code") not in ("code", "output"):
        raise PublishError(f"its show is {show.show!r}: give code or output, or leave it out.")
    asked = [key for key in ("guess", "cards", "bars", "table", "quote") if show.get(key)]
    if asked and not cell.outputs:
        raise PublishError(f"it has {', '.join(asked)}, but no output; run `make outputs`.")
    whole = cell.source
    if "lines" in show:
        cell.source = _lines(whole, show.lines)
    cell.metadata.steps = _steps(show.get("steps", []), cell.source)
    outputs = [] if hidden.outputs_hidden else cell.outputs
    cell.outputs = [_evidence(output, show, whole) for output in outputs]
    is_answer = bool(answered(whole) and cell.outputs)
    cell.metadata.transient = {"remove_source": hidden.source_hidden or is_answer}
    cell.metadata.layout = _layout(cell)


def _layout(cell: nbformat.NotebookNode) -> str:
    """Return whether results stand at the side of the code, and how large the letters are."""
    code = [] if cell.metadata.transient.remove_source else cell.source.splitlines()
    printed = [line for output in cell.outputs for line in (plain_text(output) or "").splitlines()]
    kinds = [kind for output in cell.outputs for kind in output.get("data", {})]
    pictures = any(kind.startswith("image/") for kind in kinds)
    longest = max(map(len, code), default=0), max(map(len, printed), default=0)
    wide = pictures or "quote" in cell.metadata.slideshow
    beside = code and (cell.outputs or cell.metadata.steps) and not wide
    for (where, size), most in FITS.items():
        lines = max(len(code), len(printed)) if where == "side" else len(code) + len(printed)
        if (
            (where == "stack" or beside)
            and longest[0] <= most[0]
            and longest[1] <= most[1]
            and (size == "small" or lines <= LARGE_LINES)
        ):
            return f"{where} {size}"
    return "stack small"


def _lines(source: str, lines: Any) -> str:
    """Return the first to the last of some lines of code, as the metadata ask."""
    code = source.splitlines()
    first, last = _first_and_last(lines, code, "show its lines")
    return textwrap.dedent("\n".join(code[first - 1 : last]))


def _steps(steps: Any, source: str) -> list[dict[str, Any]]:
    """Return for each step of an explanation its lines of the code, and its text as HTML."""
    code, explained = source.splitlines(), []
    for step in steps if isinstance(steps, list) else [steps]:
        match step:
            case [first, last, str(text)]:
                first, last = _first_and_last([first, last], code, "explain its lines")
                explained.append({"lines": f"{first}-{last}", "html": markdown_to_html(text)})
            case _:
                raise PublishError(
                    f"its step {step!r} is not a first line, a last line and a text, as in "
                    "[1, 2, 'Start with zeros.']; mend its steps."
                )
    return explained


def _first_and_last(lines: Any, code: list[str], task: str) -> tuple[int, int]:
    """Return two numbers of lines, if code has them; raises PublishError if not."""
    match lines:
        case [int(first), int(last)] if 1 <= first <= last <= len(code):
            return first, last
    raise PublishError(
        f"it shall {task} {lines}, but it has {len(code)}; give the first and the last "
        "in its slideshow metadata, as in [1, 2]."
    )


def _evidence(output: nbformat.NotebookNode, show: dict, code: str) -> nbformat.NotebookNode:
    """Return an output as a slide shows it; a text as evidence, or as much as there is room for."""
    if (text := plain_text(output)) is None:
        return output
    if output.get("name") != "stderr" and (html := shown_as(text, show, code)):
        return new_output("display_data", {"text/html": html})
    return new_output("stream", name="stdout", text=_cut(text))


def _cut(text: str) -> str:
    """Return a text; if it is too long for a slide, its beginning, and three dots."""
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, WIDTH) or [""]]
    return "\n".join(lines if len(lines) <= HEIGHT else [*lines[: HEIGHT - 1], "…"])
