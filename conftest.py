"""Loads the addition to nbval, orders the files, and says how many cases a property is tried on."""

import os

from course_utils.exercises.notes import VARIABLE as NOTES
from hypothesis import settings
import pytest

pytest_plugins = ["tools.verify.nbval_plugin"]

os.environ[NOTES] = ""  # also for kernels: no notes are read, and none are left behind

settings.register_profile("test", max_examples=200, deadline=None, derandomize=True, database=None)
settings.register_profile("nightly", max_examples=10_000, deadline=None, print_blob=True)
settings.load_profile("test")

LONGEST_FIRST = ("test_settings", "04_", "02_", "test_sweep", "03_", "01_", "test_browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the files that take longest first, so that both workers end at about the same time."""
    items.sort(
        key=lambda item: next(
            (n for n, name in enumerate(LONGEST_FIRST) if item.path.name.startswith(name)),
            len(LONGEST_FIRST),
        )
    )
