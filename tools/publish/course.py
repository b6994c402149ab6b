"""Whose course it is: what `course.toml` says, or the kit's own words where there is none."""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from mimetypes import guess_type
import os
from pathlib import Path
import re
import tomllib
from typing import Any

from markupsafe import Markup

from tools.paths import ROOT
from tools.publish import PublishError

PANELS = {"accent": "#f3f5f7", "accent_dark": "#1f242c"}
"""The colours that may be chosen, and the ground in `theme.css` on which each must be readable."""
CONTRAST = 4.5
"""WCAG's least ratio of brightness between a text and its ground."""


@dataclass(frozen=True)
class Course:
    """What a page and a deck say of their course; `minutes` are those of one lecture."""

    title: str = "Deep Learning RNN/LSTM"
    institution: str = ""
    lecturer: str = ""
    language: str = "en"
    minutes: float = 0
    logo: str = ""
    accent: str = ""
    accent_dark: str = ""

    @property
    def style(self) -> Markup:
        """The style that sets the course's colours."""
        light = f":root {{ --accent: {self.accent}; }}" if self.accent else ""
        dark = f':root[data-theme="dark"] {{ --accent: {self.accent_dark}; }}'
        dark = f"@media screen {{ {dark} }}" if self.accent_dark else ""
        return Markup(f"<style>{light}{dark}</style>" if light or dark else "")

    @property
    def byline(self) -> Markup:
        """Who gives the course, and where, with the logo; empty if nobody is named."""
        names = " · ".join(escape(name) for name in (self.lecturer, self.institution) if name)
        logo = f'<img class="logo" src="{self.logo}" alt="{escape(self.institution)}">'
        return Markup((logo if self.logo else "") + names)


def load_course(path: Path | None = None) -> Course:
    """Return the course that a file describes; raises PublishError if the file is at fault.

    path: the file; without one it is that of the variable COURSE, else `course.toml` in the
    project's folder, which need not be there.
    """
    path = path or Path(os.environ.get("COURSE") or ROOT / "course.toml")
    if path == ROOT / "course.toml" and not path.exists():
        return Course()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        return Course(**{key: _checked(key, value, path.parent) for key, value in said.items()})
    except OSError as error:
        raise PublishError(f"{path} cannot be read ({error.strerror}): give another.") from error
    except (ValueError, PublishError) as error:
        raise PublishError(f"{path.name}: {error}") from error


def _checked(key: str, value: Any, folder: Path) -> Any:
    """Return what a key says, a logo as an address that holds it; raises PublishError."""
    wanted = {name: type(default) for name, default in vars(Course()).items()}
    if key not in wanted:
        raise PublishError(f"it says {key!r}: write one of {', '.join(wanted)}.")
    if key == "minutes":
        if type(value) not in (int, float) or value <= 0:
            raise PublishError(f"minutes are {value!r}: give a number, such as 45.")
    elif not isinstance(value, str):
        raise PublishError(f"{key} is {value!r}: write a text in quotes.")
    elif key == "language" and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise PublishError(f"language is {value!r}: give its code, such as de or pt-BR.")
    elif key == "logo":
        return _picture(folder / value)
    elif key in PANELS:
        _check_colour(key, value)
    return value


def _picture(path: Path) -> str:
    kind, _ = guess_type(path.name)
    if not (kind or "").startswith("image/") or not path.is_file():
        raise PublishError(f"there is no picture {path.name!r} beside it: put the logo there.")
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


def _check_colour(key: str, value: str) -> None:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise PublishError(f"{key} is {value!r}: give a colour such as #00558c.")
    if (ratio := contrast(value, PANELS[key])) < CONTRAST:
        better = "lighter" if key == "accent_dark" else "darker"
        raise PublishError(
            f"{key} {value} has a contrast of {ratio:.1f} on {PANELS[key]}, and texts need "
            f"{CONTRAST}: choose a {better} one."
        )


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours' brightness, as WCAG 2 defines it."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
