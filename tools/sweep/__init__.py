"""Trains every model with many seeds, and keeps what each epoch gave in `sweep.csv`."""
