"""Loads the project's addition to nbval, and says how many cases a property is tried on."""

from hypothesis import settings

pytest_plugins = ["tests.nbval_plugin"]

settings.register_profile("test", max_examples=200, deadline=None, derandomize=True, database=None)
settings.register_profile("nightly", max_examples=10_000, deadline=None, print_blob=True)
settings.load_profile("test")
