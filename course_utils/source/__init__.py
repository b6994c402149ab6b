"""For those who doubt the data: from the reviews' text to Keras' bytes, proved by hashes."""
