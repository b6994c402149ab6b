"""What a cell printed, as a lecture hall reads it: numbers on cards, bars, a table, an answer.

Metadata say what each is called and how to find it in the text that is stored, so that a slide
never holds a number of its own:

- `cards`: names, and patterns whose first group is a number; cards stand in the text's order;
- `bars`: the same, for numbers that are to be compared;
- `quote`: how many characters of each paragraph are quoted;
- `table`: true, if the text has a line of headings, and columns two or more blanks apart.

The answer to a question of choice, from `check("1.q8", "d")`, needs no metadata.
"""

from html import escape
import re
import textwrap

from tools.publish import PublishError

ANSWERED = re.compile(r'check\("\d+\.q\d+", "(\w)"\)')
RIGHT = re.compile(r"\d+\.q\d+: right\. *(?P<because>.*)", re.DOTALL)
SHORTEST = 10
"""Characters of a quotation."""
NUMBER = re.compile(r"[-+−±]?[\d.,]+ ?%?")
MINUS = re.compile(r"^-(?=\d)")
POWER = re.compile(r"\^(-?[\d.]+)")


def shown_as(text: str, show: dict, code: str) -> str | None:
    """Return a cell's text as HTML, if its metadata or its code say how; else None.

    Raises PublishError if a pattern finds nothing, or a table has no columns.
    """
    if "cards" in show:
        return cards(found(show["cards"], text))
    if "bars" in show:
        return bars(found(show["bars"], text))
    if "quote" in show:
        return quoted(text, show["quote"])
    if show.get("table"):
        return table(text)
    if (option := answered(code)) and (right := RIGHT.match(text)):
        because = escape(" ".join(right["because"].split()))
        return f'<p class="answer" data-option="{option}"><b>{option}</b> {because}</p>'
    return None


def answered(code: str) -> str:
    """Return the letter with which a code cell answers a question of choice; "" if it does not."""
    match = ANSWERED.fullmatch(code.strip())
    return match[1] if match else ""


def found(patterns: dict[str, str], text: str) -> dict[str, str]:
    """Return, by name, what patterns find in a text, in its order.

    Raises PublishError for a pattern that finds nothing, or is none.
    """
    if not isinstance(patterns, dict) or not patterns:
        raise PublishError(
            f"its cards or bars are {patterns!r}: give names and patterns, as in "
            "{'accuracy': 'accuracy ([0-9.]+)'}."
        )
    groups = {}
    for name, pattern in patterns.items():
        try:
            match = re.search(pattern, text, re.MULTILINE)
        except (re.error, TypeError) as error:
            raise PublishError(
                f"its card {name!r} looks for {pattern!r}, which is no pattern ({error}): mend it."
            ) from error
        if not match or not match.groups():
            raise PublishError(
                f"its card {name!r} looks for {pattern!r}, which finds no group in the stored "
                "text: mend the pattern, or run `make outputs`."
            )
        groups[name] = match
    in_order = sorted(groups, key=lambda name: groups[name].start(1))
    return {name: groups[name][1] for name in in_order}


def cards(values: dict[str, str]) -> str:
    """Return named numbers as a list of cards; a minus is set as such, and 10^-3 as a power."""
    entries = (
        f"<div><dt>{escape(name)}</dt><dd>{_typeset(value)}</dd></div>"
        for name, value in values.items()
    )
    return f'<dl class="cards">{"".join(entries)}</dl>'


def bars(values: dict[str, str]) -> str:
    """Return named numbers as bars from 0 to 1, or 100 %; small or large ones to the largest."""
    sizes = {name: _number(value) for name, value in values.items()}
    if min(sizes.values()) < 0:
        raise PublishError(f"its bars are {values}: bars begin at 0, so show these on cards.")
    whole = 100 if all(value.endswith("%") for value in values.values()) else 1
    if any(sizes.values()) and not whole / 10 < max(sizes.values()) <= whole:
        whole = max(sizes.values())
    entries = (
        f"<div><dt>{escape(name)}</dt><dd>"
        f'<meter min="0" max="{whole:g}" value="{sizes[name]:g}"></meter>{escape(value)}</dd></div>'
        for name, value in values.items()
    )
    return f'<dl class="bars">{"".join(entries)}</dl>'


def quoted(text: str, most: int) -> str:
    """Return each paragraph of a text as a quotation, shortened to so many characters."""
    if not isinstance(most, int) or most < SHORTEST:
        raise PublishError(
            f"its quote is {most!r}: give how many characters are quoted, {SHORTEST} or more."
        )
    return "".join(
        f"<blockquote>{escape(textwrap.shorten(paragraph, most, placeholder=' …'))}</blockquote>"
        for paragraph in text.splitlines()
        if paragraph
    )


def table(text: str) -> str:
    """Return lines whose columns are two or more blanks apart as a table; the first are headings.

    Raises PublishError unless all lines have as many columns.
    """
    rows = [re.split(r" {2,}", line.strip()) for line in text.strip().splitlines()]
    if not rows or len(rows[0]) < 2 or {len(row) for row in rows} != {len(rows[0])}:
        raise PublishError(
            f"its output shall be a table, but its lines have {[len(row) for row in rows]} "
            "columns: print as many in each, two blanks apart."
        )
    numeric = [all(NUMBER.match(cell) for cell in column) for column in zip(*rows[1:], strict=True)]
    return (
        f'<table class="printed"><thead><tr>{_cells(rows[0], "th", numeric)}</tr></thead><tbody>'
        + "".join(f"<tr>{_cells(row, 'td', numeric)}</tr>" for row in rows[1:])
        + "</tbody></table>"
    )


def _cells(row: list[str], tag: str, numeric: list[bool]) -> str:
    return "".join(
        f"<{tag}{' class=number' if is_number else ''}>{escape(cell)}</{tag}>"
        for cell, is_number in zip(row, numeric, strict=True)
    )


def _typeset(value: str) -> str:
    return POWER.sub(_power, MINUS.sub("−", escape(value)))


def _power(match: re.Match[str]) -> str:
    return f"<sup>{match[1].replace('-', '−')}</sup>"


def _number(value: str) -> float:
    try:
        return float(value.rstrip(" %").replace(",", ""))
    except ValueError:
        raise PublishError(f"its bar shall be as long as {value!r}, which is no number.") from None
