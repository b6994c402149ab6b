"""Trains the course's models with many seeds, and keeps what each epoch gave in `sweep.csv`."""
