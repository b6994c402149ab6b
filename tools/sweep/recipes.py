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

    model: a key of MODELS. data: "lecture" for its small split; "by film" or "at random" for a half
    of all reviews, cut as the seed decides; "flag" or "first token" for a task of
    `course_utils.tasks`. reviews: how many the model is trained on. maxlen, padding: as in
    `pad_reviews`; of a task, the number of tokens. mask: whether the model skips the zeros.
    start: of the recurrent kernels. kept: the layer whose recurrent kernel is not trained.
    forget_bias: where the forget gates' start.
    """

    model: str
    change: str
    data: str = "lecture"
    reviews: int = 1000
    maxlen: int = 500
    padding: str = "post"
    mask: bool = False
    start: str = "orthogonal"
    kept: str = ""
    forget_bias: float = 1.0
    learning_rate: float = 0.001
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
    Recipe("simple_rnn", "identity start", start="identity"),
    Recipe("simple_rnn", "mask, identity start", mask=True, start="identity"),
    Recipe("simple_rnn", "identity, small steps", mask=True, start="identity", learning_rate=1e-4),
    Recipe("stacked_rnn", "as taught"),
    Recipe("stacked_rnn", "mask", mask=True),
    Recipe("stacked_rnn", "shorter", maxlen=100),
    Recipe("stacked_rnn", "mask, identity start", mask=True, start="identity"),
    Recipe("stacked_rnn", "identity, small steps", mask=True, start="identity", learning_rate=1e-4),
    *(
        Recipe("stacked_rnn", f"identity, {layer} kept", mask=True, start="identity", kept=name)
        for layer, name in (("lower", "lower_rnn"), ("upper", "upper_rnn"))
    ),
    Recipe("lstm", "as taught"),
    Recipe("lstm", "mask", mask=True),
    Recipe("lstm", "padding in front", padding="pre"),
    Recipe("lstm", "shorter", maxlen=100),
    Recipe("lstm", "mask, more data", mask=True, reviews=5000, epochs=2),
    Recipe("lstm", "forget bias 3", forget_bias=3.0),
    Recipe("lstm", "mask, forget bias 3", mask=True, forget_bias=3.0),
    Recipe("lstm", "forget bias 6", forget_bias=6.0),
    Recipe("lstm", "mask, forget bias 6", mask=True, forget_bias=6.0),
    Recipe("lstm", "more data", reviews=5000, epochs=2),
    Recipe("lstm", "ten times the steps", learning_rate=0.01),
    Recipe("deep_lstm", "as taught"),
    Recipe("deep_lstm", "mask", mask=True),
    Recipe("deep_lstm", "shorter", maxlen=100),
    Recipe("gru", "mask", mask=True),
    Recipe("averaged_embedding", "baseline", epochs=30),
    Recipe("averaged_embedding", "by film", data="by film", reviews=11_250, epochs=8),
    Recipe("averaged_embedding", "at random", data="at random", reviews=11_250, epochs=8),
    *(
        Recipe(model, f"{name}, k = {k}", task, reviews, k, epochs=epochs, **options)
        for task, reviews, epochs, lengths in (
            ("first token", 3000, 12, (10, 40, 100)),
            ("flag", 4000, 15, (20, 50, 100)),
        )
        for k in lengths
        for model, name, options in (
            ("simple_rnn", task, {}),
            ("simple_rnn", f"{task}, identity start", {"start": "identity"}),
            ("lstm", task, {}),
            ("lstm", f"{task}, forget bias 3", {"forget_bias": 3.0}),
            ("gru", task, {}),
        )
    ),
)
"""All epochs are recorded: the lecture's 2 or 3 are the first ones of "as taught".

Two epochs on 5,000 reviews have as many updates as ten on 1,000, within two percent."""
