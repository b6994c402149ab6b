"""Writing a file whole: a reader finds the old content or the new one, never half of it."""

import contextlib
from pathlib import Path
import uuid


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place in one step; its folder is made if there is none.

    Raises OSError if that fails; then what was there is still whole, and nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
