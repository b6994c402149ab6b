"""The lecture's own cells as one plain Keras script: python -m tools.bench.lecture IMDB.NPZ.

Load, pad, four models for 50 + 3 + 3 + 3 epochs with Keras' progress bars, evaluate. Imports
nothing of course_utils. The last 500 training reviews stand in for the official test split.
A number after the file's name takes the place of the 50; how long each of these epochs took is
printed at the end.
"""

import itertools
import json
import sys
import time
from unittest import mock

import keras
import numpy as np

layers = keras.layers
EPOCHS = 50
"""Of the SimpleRNN."""


def main(path: str, epochs: int = EPOCHS) -> None:
    """Run the lecture from top to bottom; path: an imdb.npz in Keras' format."""
    np.random.seed(2026)
    with mock.patch("keras.src.datasets.imdb.get_file", return_value=path):
        (reviews, labels), _ = keras.datasets.imdb.load_data(num_words=5000)
    padded = keras.utils.pad_sequences(reviews, maxlen=500, padding="post")
    train, validation, test = ((padded[s], labels[s]) for s in (
        slice(0, 1000), slice(1000, 1500), slice(-500, None)
    ))  # fmt: skip
    recurrent_parts = {
        "SimpleRNN": (epochs, [layers.SimpleRNN(100)]),
        "stacked RNN": (3, [layers.SimpleRNN(100, return_sequences=True), layers.SimpleRNN(100)]),
        "LSTM": (3, [layers.LSTM(100)]),
        "deep LSTM": (3, [layers.LSTM(100, return_sequences=True), layers.LSTM(100)]),
    }
    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_train_begin=lambda logs: ends.append([time.perf_counter()]),
        on_epoch_end=lambda epoch, logs: ends[-1].append(time.perf_counter()),
    )
    for name, (count, recurrent) in recurrent_parts.items():
        model = keras.Sequential(
            [layers.Embedding(5000, 32), *recurrent, layers.Dense(1, activation="sigmoid")]
        )
        model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
        model.fit(
            *train, validation_data=validation, epochs=count, batch_size=64, callbacks=[clock]
        )
        model.summary()
        print(name, model.evaluate(*test))
    print(json.dumps([after - before for before, after in itertools.pairwise(ends[0])]))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
