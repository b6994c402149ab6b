"""LaTeX as MathML, with the letters, limits and spaces that TeX would set.

latex2mathml says what a formula is made of. Which space stands between two parts is told by TeX's
table (The TeXbook, chapter 18), as browsers know only the signs and not what stands beside them.
"""

from collections.abc import Iterator
from html import unescape
import re
import unicodedata
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

ORD, OP, BIN, REL, OPEN, CLOSE, PUNCT, INNER = range(8)
SPACES = (
    "01230001",
    "11030001",
    "22002002",
    "33003003",
    "00000000",
    "01230001",
    "11011111",
    "11231011",
)
"""The space between a part (row) and the next (column): none, thin, medium or thick."""
WIDTHS = {"0": 0, "1": 1 / 6, "2": 2 / 9, "3": 5 / 18}
"""In em."""
SIGNS = {
    **dict.fromkeys("/|‖′″‴.%!∂∇∞⊤⊥∀∃∅", ORD),
    **dict.fromkeys("∑∏∐∫∮⋃⋂", OP),
    **dict.fromkeys("+-−±∓×÷·⋅*∗∘⊙⊕⊗⊖∪∩∧∨", BIN),
    **dict.fromkeys("([{⟨⌊⌈", OPEN),
    **dict.fromkeys(")]}⟩⌋⌉", CLOSE),
    **dict.fromkeys(",;", PUNCT),
    **dict.fromkeys("⋯…", INNER),
}
"""What each sign is; all other operators are relations."""
LIMITS = {*"∑∏∐⋃⋂", "max", "min", "lim", "sup", "inf", "argmax", "argmin"}
"""What has its limits above and below where a formula is displayed."""
ACCENTS = {"~": "\u02dc", "^": "\u02c6", "\u00af": "\u00af"}
BASES = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
ROWS = ("math", "mrow", "mstyle", "mtd", "msqrt")
TALL = ("mfrac", "mtable", "munderover")
VARIANTS = {"bold": "BOLD", "bold-italic": "BOLD ITALIC"}
"""How Unicode calls letters that MathML asks for by an attribute which browsers do not heed."""


def to_mathml(latex: str, display: str) -> str:
    """Return a formula as MathML; display: "block" or "inline".

    Raises ValueError if latex2mathml fails or leaves a part out.
    """
    try:
        math = convert_to_element(latex, display=display)
    except Exception as error:
        raise ValueError("latex2mathml cannot read it") from error
    for element in math.iter():
        element.text = element.text and unescape(element.text)
    braces = re.sub(r"\\.", "", latex)
    left = {element.text for element in math.iter() if element.tag in ("mi", "mo")} & {"&", "\\"}
    if braces.count("{") != braces.count("}") or "\\" in _text(math) or left:
        raise ValueError("a part of it is left out")
    for element in list(math.iter()):
        _mend(element)
    for row in math.iter():
        _fit_fences(row)
    _space(math, script=False)
    return tostring(math, encoding="unicode")


def _mend(element: Element) -> None:
    """Give an element the letters and the name that its kind has in TeX."""
    _name_letters(element)
    _join_letters(element)
    if element.tag == "mspace" and element.get("width") == "negativethinmathspace":
        element.set("width", "-0.1667em")
    if element.tag == "mi" and _is_operator(element.text or ""):
        element.tag = "mo"
    if element.tag in BASES and (element[0].text or "") in LIMITS:
        element.tag = element.tag.replace("sub", "under").replace("sup", "over")
        element[0].set("movablelimits", "true")
    if element.tag in ("msup", "msubsup") and re.fullmatch("[′″‴]+", _text(element[-1])):
        _set_primes(element[-1])
    if element.tag == "mover" and element[1].text in ACCENTS and element[1].tag == "mo":
        _set_accent(element)


def _name_letters(element: Element) -> None:
    """Write letters and digits of another kind as the signs that Unicode has for them."""
    kind = VARIANTS.get(element.get("mathvariant", ""))
    if kind and element.text:
        element.text = "".join(_letter(kind, one) for one in element.text)
        del element.attrib["mathvariant"]


def _letter(kind: str, letter: str) -> str:
    name = re.sub("LATIN |GREEK |LETTER ", "", unicodedata.name(letter))
    for style in (kind, kind.removesuffix(" ITALIC")):  # there are no italic digits
        try:
            return unicodedata.lookup(f"MATHEMATICAL {style} {name}")
        except KeyError:
            continue
    return letter


def _join_letters(element: Element) -> None:
    r"""Make one word of upright letters that stand together, as in \mathrm{diag}."""
    if len(element) > 1 and all(one.get("mathvariant") == "normal" for one in element):
        element[:] = [_made("mi", text=_text(element))]


def _is_operator(text: str) -> bool:
    """Whether latex2mathml took for a letter what is an operator, such as ±."""
    return text in SIGNS or (len(text) == 1 and unicodedata.category(text) in ("Sm", "So", "Po"))


def _set_primes(power: Element) -> None:
    """Set primes in the size of what they stand beside: the font has raised them already."""
    sign = _made("mo", text=_text(power))
    power.clear()
    power.tag, power.attrib = "mpadded", {"voffset": "-0.55em", "height": "0.3em"}
    power.append(_made("mstyle", scriptlevel="0"))
    power[0].append(sign)


def _set_accent(element: Element) -> None:
    """Set an accent close above its letter, in the letter's size."""
    element.set("accent", "true")
    element[1].text = ACCENTS[element[1].text]
    element[1].set("stretchy", "false")


def _fit_fences(row: Element) -> None:
    r"""Set \left( and \right) as plain fences where nothing between them is tall."""
    for place in reversed(range(len(row))):
        part = row[place]
        if part.find("mo[@fence='true']") is None or any(one.tag in TALL for one in part.iter()):
            continue
        for fence in part.findall("mo[@fence='true']"):
            fence.attrib = {"stretchy": "false"}
        if row.tag in ROWS:
            row[place : place + 1] = list(part)


def _space(element: Element, script: bool) -> None:
    """Put TeX's spaces between the parts of each row; in scripts, only thin ones beside Ops."""
    if element.tag in ROWS:
        _space_row(element, script)
    for place, child in enumerate(element):
        _space(child, script or (element.tag in BASES and place > 0))


def _space_row(row: Element, script: bool) -> None:
    for sign in row.iter("mo"):
        sign.set("lspace", "0")
        sign.set("rspace", "0")
    kinds = _kinds([part for part in row if not _own_space(part)])
    spaced, before, width = [], None, 0.0
    for part in row:
        if own := _own_space(part):
            width += own
            continue
        kind = next(kinds)
        if before is not None and not (script and OP not in (before, kind)):
            width += WIDTHS[SPACES[before][kind]]
        spaced += [*_spacer(width), part]
        before, width = kind, 0.0
    row[:] = [*spaced, *_spacer(width)]


def _own_space(part: Element) -> float:
    r"""Return the width of a space that the formula itself asks for, such as \,, in em."""
    width = re.fullmatch(r"(-?[\d.]+)em", part.get("width", "")) if part.tag == "mspace" else None
    return float(width[1]) if width else 0.0


def _spacer(width: float) -> list[Element]:
    """Return a space, or nothing for one that is not seen."""
    return [_made("mspace", width=f"{width:.4f}em")] if abs(width) > 0.001 else []


def _kinds(parts: list[Element]) -> Iterator[int]:
    """Return what each part is; a Bin with nothing to bind on one side is an Ord, as in -1."""
    kinds = [_kind(part) for part in parts]
    for place, kind in enumerate(kinds):
        if kind == BIN:
            before = kinds[place - 1] if place else OPEN
            after = kinds[place + 1] if place + 1 < len(kinds) else CLOSE
            if before in (OP, BIN, REL, OPEN, PUNCT) or after in (REL, CLOSE, PUNCT):
                kinds[place] = ORD
    return iter(kinds)


def _kind(part: Element) -> int:
    if part.tag in (*BASES, "mstyle"):
        return ORD if part.get("accent") else _kind(part[0])
    if part.tag == "mfrac" or part.find("mo[@fence='true']") is not None:
        return INNER
    text = part.text or ""
    if len(text) > 1 and part.tag in ("mi", "mo"):
        return OP
    return SIGNS.get(text, REL) if part.tag == "mo" else ORD


def _text(element: Element) -> str:
    return "".join(element.itertext())


def _made(tag: str, text: str | None = None, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.text = text
    return element
