"""Looks inside a model, which is left as it is; layers are found by their type."""
