"""Judges the notebooks that a class handed in, each in a process of its own, and writes a table."""
