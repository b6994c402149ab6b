"""Loads the project's addition to nbval for tests and notebooks alike."""

pytest_plugins = ["tests.nbval_plugin"]
