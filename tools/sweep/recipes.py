"""What the sweep trains: models of the course, as taught and under changes of the recipe."""

from typing import NamedTuple

MODELS = {
    "simple_rnn": "SimpleRNN",
    "stacked_rnn": "stacked RNN",
    "lstm": "LSTM",
    "deep_lstm": "deep LSTM",
    "gru": "GRU",
    "averaged_embedding": "averaged embedding",
}
"""How a text calls the models: the names of their builders without `build_`, and their titles."""


class Recipe(NamedTuple):
    """One model under one change; where nothing else is said, as the lecture trains it.

    model: a key of MODELS. reviews: how many it is trained on. maxlen, padding: as in
    `pad_reviews`. mask: whether the model skips the zeros.
    """

    model: str
    change: str
    reviews: int = 1000
    maxlen: int = 500
    padding: str = "post"
    mask: bool = False
    epochs: int = 10

    @property
    def name(self) -> str:
        """Name model and change for commands: "lstm/mask"."""
        return f"{self.model}/{self.change}"

    @property
    def title(self) -> str:
        """Name model and change for readers: "LSTM, mask"."""
        return f"{MODELS[self.model]}, {self.change}"


RECIPES = (
    Recipe("simple_rnn", "as taught"),
    Recipe("simple_rnn", "mask", mask=True),
    Recipe("simple_rnn", "padding in front", padding="pre"),
    Recipe("simple_rnn", "shorter", maxlen=100),
    Recipe("simple_rnn", "mask, more data", mask=True, reviews=5000, epochs=2),
    Recipe("stacked_rnn", "as taught"),
    Recipe("stacked_rnn", "mask", mask=True),
    Recipe("stacked_rnn", "shorter", maxlen=100),
    Recipe("lstm", "as taught"),
    Recipe("lstm", "mask", mask=True),
    Recipe("lstm", "padding in front", padding="pre"),
    Recipe("lstm", "shorter", maxlen=100),
    Recipe("lstm", "mask, more data", mask=True, reviews=5000, epochs=2),
    Recipe("deep_lstm", "as taught"),
    Recipe("deep_lstm", "mask", mask=True),
    Recipe("deep_lstm", "shorter", maxlen=100),
    Recipe("gru", "mask", mask=True),
    Recipe("averaged_embedding", "baseline", epochs=30),
)
"""All epochs are recorded: the lecture's 2 or 3 are the first ones of "as taught".

Two epochs on 5,000 reviews have as many updates as ten on 1,000, within two percent."""
