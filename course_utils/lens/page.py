"""The script of a page: the files of this folder, put together as one that needs nothing else."""

import functools
import hashlib
from importlib.resources import files
import json
import re
from typing import Any

COMPUTING = ("numbers", "cells", "cells_back", "layers", "layers_back", "network", "words")
"""Files that only compute, each after those that it imports."""
DRAWING = ("dom", "chart", "state", "explain", "lens")
_IMPORT = re.compile(r"^import .*?;\n", re.M | re.S)


@functools.cache
def script() -> str:
    """Return the script that makes the panels of a page alive. A second run of it does nothing."""
    code = "\n".join(_without_modules(name) for name in COMPUTING + DRAWING)
    tag = element_name()
    return (
        f'(() => {{\n"use strict";\nif (customElements.get("{tag}")) return;\n{code}\n'
        f"CourseLens.css = {in_script(_read('lens.css'))};\n"
        f'customElements.define("{tag}", CourseLens);\n}})();'
    )


@functools.cache
def element_name() -> str:
    """Return the tag of a panel: another one for other code, so that old and new live side by side.

    A notebook that stays open while the package changes has both.
    """
    code = "".join(_read(f"{name}.js") for name in COMPUTING + DRAWING) + _read("lens.css")
    return f"course-lens-{hashlib.sha256(code.encode()).hexdigest()[:8]}"


def panel(data: str, fallback: str) -> str:
    """Return a panel. data: JSON by `in_script`; fallback: HTML for where no script runs."""
    tag = element_name()
    content = f'<script type="application/json">{data}</script>'
    return f"<{tag}>{content}<div>{fallback}</div></{tag}>"


def in_script(value: Any) -> str:
    """Write a value as JSON that can end no script, whatever its texts hold."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _without_modules(name: str) -> str:
    """Return a file's code as part of one script: without its imports, nothing exported."""
    return re.sub(r"^export ", "", _IMPORT.sub("", _read(f"{name}.js")), flags=re.M)


def _read(name: str) -> str:
    return (files("course_utils.lens") / name).read_text(encoding="utf-8")
