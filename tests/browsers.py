"""What a test does where a browser is missing."""

import os

import pytest


def without_browser(missing: Exception) -> None:
    """Skip the test; where CI wants browsers, raise what is missing."""
    if os.environ.get("BROWSER_TESTS") == "required":
        raise missing
    pytest.skip(str(missing))
