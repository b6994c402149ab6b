"""What pages and decks carry inside: fonts, reveal.js, and the switch of light and dark."""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
import re
from urllib.parse import quote

from course_utils.lens import page
from fontTools import subset
from markupsafe import Markup
import matplotlib

from tools.publish.policy import policy

TEMPLATES = Path(__file__).parent / "templates"
REVEAL = Path(distribution("sphinx-revealjs").locate_file("sphinx_revealjs/_static/revealjs"))
NOTES = REVEAL / "plugin" / "notes"
SOURCE_SANS = REVEAL / "dist" / "theme" / "fonts" / "source-sans-pro"
DEJAVU_MONO = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
STIX_MATH = Path(distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf"))

TEXT = [*range(0x20, 0x17F), *range(0x2010, 0x2040), *range(0x2190, 0x21A0), 0x2212]
MONO = [*TEXT, *range(0x2200, 0x2300), *range(0x2500, 0x2580)]
MATH = [*TEXT, *range(0x302, 0x30A), *range(0x391, 0x3CA), *range(0x2200, 0x2300), 0x210E, 0x27F6]
MATH += [0xAF, 0x2C6, 0x2DC, *range(0x23DC, 0x23E0)]
MATH += [*range(0x1D400, 0x1D49C), *range(0x1D6A8, 0x1D756), *range(0x1D7CE, 0x1D7D8)]
"""Characters kept of the fonts: Latin, arrows; lines of tables; Greek, operators, accents, braces;
letters and digits in bold, italic and both."""


HEIGHTS = 8
"""How many heights of a bracket are kept. Chromium gives each the width of the widest, and higher
ones are put together from parts."""
MATH_CSS = """math { font-family: 'Course Math', math; }
mtd[columnalign="left"] { text-align: left; }
mtd:first-child { padding-left: 0; }
mtd:last-child { padding-right: 0; }
"""
"""As in TeX, a table in a formula has no space at its sides."""

DECK_SCRIPTS = (
    "keys.js",
    "drawing.js",
    "finder.js",
    "pointer.js",
    "paper.js",
    "deck.js",
    "steps.js",
)


@cache
def head(*scripts: str, frames: str = "'none'", connect: str = "'none'") -> Markup:
    """Return what each page begins with: its policy, icon and colours, and their switch.

    scripts: all others that the page holds; frames: what it may show within itself;
    connect: what it may ask.
    """
    switch = _template("theme.js")
    return Markup(
        f"{policy((switch, *scripts), frames, connect)}"
        f'<link rel="icon" href="data:image/svg+xml,{quote(_template("icon.svg"))}">'
        f"<style>{_template('theme.css')}</style><script>{switch}</script>"
    )


@cache
def math_font() -> Markup:
    """Return the style that draws formulas with a font made for them."""
    return Markup(font_face("Course Math", STIX_MATH, MATH) + MATH_CSS)


@cache
def page_css() -> Markup:
    """Return the styles of pages."""
    return Markup(_template("page.css"))


@cache
def page_js() -> Markup:
    """Return the script of pages: the search, the contents and the copying of code."""
    return Markup(_template("page.js"))


@cache
def preview_js() -> Markup:
    """Return the script of a preview, with the measurements that the tests of decks make."""
    measure = f"const measure = (Reveal) => ({_template('measure.js')})();\n"
    return Markup(measure + _template("preview.js"))


@cache
def panel_js() -> Markup:
    """Return the script that makes the panels of a page or a deck alive."""
    return Markup(page.script())


@cache
def deck_css() -> str:
    """Return all styles of a deck: reveal.js' own, the fonts and ours."""
    faces = [
        font_face("Course Sans", SOURCE_SANS / f"source-sans-pro-{name}.ttf", TEXT, weight, style)
        for name, weight, style in (
            ("regular", 400, "normal"),
            ("italic", 400, "italic"),
            ("semibold", 700, "normal"),
        )
    ]
    faces.append(font_face("Course Mono", DEJAVU_MONO, MONO))
    reveal = (REVEAL / "dist" / "reveal.css").read_text(encoding="utf-8")
    ours = map(_template, ("deck.css", "presenter.css", "paper.css"))
    return "\n".join([reveal, *faces, math_font(), *ours])


@cache
def deck_js() -> str:
    """Return all scripts of a deck: reveal.js, its notes and zoom, the presenter's tools."""
    files = (
        REVEAL / "dist" / "reveal.js",
        NOTES / "notes.js",
        REVEAL / "plugin" / "zoom" / "zoom.js",
    )
    reveal = [file.read_text(encoding="utf-8") for file in files]
    return "\n".join([*reveal, *map(_template, DECK_SCRIPTS)])


@cache
def live_css() -> str:
    """Return the styles of cells that run on a slide."""
    return _template("live.css")


@cache
def live_js() -> str:
    """Return the script of cells that run on a slide."""
    return _template("live.js")


@cache
def notes_js() -> str:
    """Return the script of the window of notes, which the deck's own scripts open and write."""
    window = (NOTES / "speaker-view.html").read_text(encoding="utf-8")
    return re.search(r"<script>(.*)</script>", window, re.DOTALL)[1]


def font_face(
    family: str, path: Path, characters: Iterable[int], weight: int = 400, style: str = "normal"
) -> str:
    """Return the style that holds a font, with no more characters than asked for."""
    options = subset.Options(flavor="woff", layout_features=["kern"], hinting=False)
    options.drop_tables += ["FFTM", "webf"]
    font = subset.load_font(str(path), options)
    if "MATH" in font:
        for sign in font["MATH"].table.MathVariants.VertGlyphConstruction:
            sign.MathGlyphVariantRecord = sign.MathGlyphVariantRecord[:HEIGHTS]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    file = BytesIO()
    font.save(file)
    data = b64encode(file.getvalue()).decode()
    return (
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style}; "
        f"src: url(data:font/woff;base64,{data}) format('woff'); }}\n"
    )


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
