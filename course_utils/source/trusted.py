"""Files that are trusted only when their hash is right.

Where the cache lies: the folder in the environment variable COURSE_UTILS_CACHE, or else the user's
cache folder of the operating system.
"""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple
import warnings

from course_utils.files import write_whole
import platformdirs


class CachedFile(NamedTuple):
    """A file whose content is known in advance: name, size in bytes, and hash in hex digits."""

    name: str
    size: int
    algorithm: str
    digest: str

    @property
    def path(self) -> Path:
        """Return where the file lies; it need not exist."""
        return cache_folder() / self.name

    def problem_with(self, content: bytes) -> str | None:
        """Return how the content differs from what is expected; None if it is right."""
        if len(content) != self.size:
            return f"{len(content):,} bytes instead of {self.size:,}"
        digest = hashlib.new(self.algorithm, content, usedforsecurity=False).hexdigest()
        if digest != self.digest:
            return f"{self.algorithm.upper()} {digest} instead of {self.digest}"
        return None


def cache_folder() -> Path:
    """Return where cached files lie; the folder need not exist."""
    chosen = os.environ.get("COURSE_UTILS_CACHE")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("course_utils")


def read(file: CachedFile) -> bytes | None:
    """Read a cached file; None if it is missing, and with a warning if it is damaged."""
    try:
        if file.path.exists() and not file.path.is_file():
            raise OSError("it is no file")
        with open(file.path, "rb") as stream:
            content = stream.read(file.size + 1)
        problem = file.problem_with(content)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        problem = error.strerror or error
    if problem is None:
        return content
    warnings.warn(
        f"The cached file {file.path} is not usable ({problem}): it is made again from the text.",
        stacklevel=4,
    )
    return None


def write(file: CachedFile, content: bytes) -> None:
    """Put the whole file in place, or warn that its folder cannot be written to."""
    try:
        write_whole(file.path, content)
    except OSError as error:
        warnings.warn(
            f"The cache folder {file.path.parent} cannot be written ({error.strerror or error}): "
            "all works, but the reviews are rebuilt at each start (about 3 s). Set "
            "COURSE_UTILS_CACHE to a folder that you can write to.",
            stacklevel=4,
        )
