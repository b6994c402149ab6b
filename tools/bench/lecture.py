"""The lecture's own cells as one plain Keras script: python -m tools.bench.lecture IMDB.NPZ.

Load, pad, four models for 50 + 3 + 3 + 3 epochs with Keras' progress bars, evaluate. Imports
nothing of course_utils. The last 500 training reviews stand in for the official test split.
"""

import sys
from unittest import mock

import keras
import numpy as np

layers = keras.layers


def main(path: str) -> None:
    """Run the lecture from top to bottom; path: an imdb.npz in Keras' format."""
    np.random.seed(2026)
    with mock.patch("keras.src.datasets.imdb.get_file", return_value=path):
        (reviews, labels), _ = keras.datasets.imdb.load_data(num_words=5000)
    padded = keras.utils.pad_sequences(reviews, maxlen=500, padding="post")
    train, validation, test = ((padded[s], labels[s]) for s in (
        slice(0, 1000), slice(1000, 1500), slice(-500, None)
    ))  # fmt: skip
    recurrent_parts = {
        "SimpleRNN": (50, [layers.SimpleRNN(100)]),
        "stacked RNN": (3, [layers.SimpleRNN(100, return_sequences=True), layers.SimpleRNN(100)]),
        "LSTM": (3, [layers.LSTM(100)]),
        "deep LSTM": (3, [layers.LSTM(100, return_sequences=True), layers.LSTM(100)]),
    }
    for name, (epochs, recurrent) in recurrent_parts.items():
        model = keras.Sequential(
            [layers.Embedding(5000, 32), *recurrent, layers.Dense(1, activation="sigmoid")]
        )
        model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
        model.fit(*train, validation_data=validation, epochs=epochs, batch_size=64)
        model.summary()
        print(name, model.evaluate(*test))


if __name__ == "__main__":
    main(*sys.argv[1:])
