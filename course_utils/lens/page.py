"""The script of a page: the files of this folder, put together as one that needs nothing else."""

import functools
import hashlib
from importlib.resources import files
import json
import re
from typing import Any

COMPUTING = (
    *("numbers", "cells", "cells_back", "layers", "layers_back", "network", "words"),
    *("random", "task", "products", "batch_cells", "adam", "learner", "training", "engine"),
)
"""Files that only compute, each after those that it imports. A worker runs them, too."""
DRAWING = (
    *("dom", "theme", "chart", "state", "explain", "lens"),
    *("history", "trainer_controls", "trainer_view", "trainer"),
)
LENS, TRAINER = "course-lens", "course-trainer"
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?:(?:const|class|function\*?) (\w+))", re.MULTILINE)


@functools.cache
def script() -> str:
    """Return the script that makes the panels of a page alive. A second run of it does nothing."""
    computing = "".join(map(_read_script, COMPUTING))
    names = ", ".join(_EXPORT.findall(computing))
    lens, trainer = element_name(LENS), element_name(TRAINER)
    return f"""(() => {{
"use strict";
if (customElements.get("{lens}")) return;
function engine() {{
{_private(computing)}
return {{ {names} }};
}}
const {{ {names} }} = engine();
{_private("".join(map(_read_script, DRAWING)))}
CourseLens.css = {in_script(_styles("lens"))};
CourseTrainer.styleText = {in_script(_styles("trainer"))};
CourseTrainer.engineSource = `const {{ serveTraining }} = (${{engine}})();`;
customElements.define("{lens}", CourseLens);
customElements.define("{trainer}", CourseTrainer);
}})();"""


@functools.cache
def element_name(kind: str) -> str:
    """Return the tag of a panel: another one for other code, so that old and new live side by side.

    A notebook that stays open while the package changes has both.
    """
    code = "".join(map(_read_script, COMPUTING + DRAWING)) + _styles("lens") + _styles("trainer")
    return f"{kind}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"


def panel(kind: str, data: str, fallback: str) -> str:
    """Return a panel. data: JSON by `in_script`; fallback: HTML for where no script runs."""
    tag = element_name(kind)
    content = f'<script type="application/json">{data}</script>'
    return f"<{tag}>{content}<div>{fallback}</div></{tag}>"


def alive(kind: str, data: Any, fallback: str) -> str:
    """Return a panel with the script that makes it alive, for a notebook's output."""
    return f"{panel(kind, in_script(data), fallback)}<script>{script()}</script>"


def in_script(value: Any) -> str:
    """Write a value as JSON that can end no script, whatever its texts hold."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _private(code: str) -> str:
    """Return code that exports nothing."""
    return re.sub(r"^export ", "", code, flags=re.MULTILINE)


def _read_script(name: str) -> str:
    """Return a file's code without its imports."""
    return _IMPORT.sub("", _read(f"{name}.js"))


def _styles(name: str) -> str:
    return _read("colours.css") + _read(f"{name}.css")


def _read(name: str) -> str:
    return (files("course_utils.lens") / name).read_text(encoding="utf-8")
