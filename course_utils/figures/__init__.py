"""What the notebooks draw, each figure with a text that says what is to be seen in it."""
