"""What several files here need: the modules of both rooms."""

from pathlib import Path

import pytest

from tools.paths import ROOT


@pytest.fixture(scope="session")
def modules() -> dict[str, Path]:
    """Return the file of each module of both rooms, side rooms included, by its dotted name."""
    paths = [path for room in ("course_utils", "tools") for path in (ROOT / room).rglob("*.py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    plain = [name.removesuffix(".__init__") for name in names]
    assert {"course_utils.source.trusted", "tools.verify.mutations.runner"} <= {*plain}
    return dict(zip(plain, paths, strict=True))
