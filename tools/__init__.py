"""The workshop: what `make` runs. It imports `course_utils`; nothing there imports it."""
