"""What the sweep trains: models of the course, as taught and under changes of the recipe."""

from typing import NamedTuple

MODELS = {
    "simple_rnn": "SimpleRNN",
    "stacked_rnn": "stacked RNN",
    "lstm": "LSTM",
    "deep_lstm": "deep LSTM",
    "gru": "GRU",
    "averaged_embedding": "averaged embedding",
    "pooled_lstm": "pooled LSTM",
    "evidence_lstm": "LSTM that reads evidence",
    "linear": "words, pairs and triples",
    "together": "both together",
}
"""How a text calls the models: the names of their builders without `build_`, and their titles."""


INGREDIENTS = ("vectors", "both ways", "pooling", "dropout", "shrinking steps")
"""Of the pooled LSTM: what a plain LSTM has not."""

PARTS_READ = {"last 40": slice(-40, None), "all but 40": slice(-40)}
"""Of the words of a review, by what a recipe calls them."""


class Recipe(NamedTuple):
    """One model under one change; where nothing else is said, as the lecture trains it.

    model: a key of MODELS. data: "lecture" for its small split; "by film" or "at random" for a half
    of all reviews, cut as the seed decides; "contest" for the half of notebook 4, the same for all
    seeds; "flag" or "first token" for a task of `course_utils.tasks`. reviews: how many the model
    is trained on. maxlen, padding: as in `pad_reviews`; of a task, the number of tokens.
    mask: whether the model skips the zeros.
    start: of the recurrent kernels. scale: of that of the lowest layer, at the start.
    kept: the layer whose recurrent kernel is not trained.
    forget_bias: where the forget gates' start. test_words: which words of a test review are read:
    "all", the "last 40", or "all but 40", which stand before them. ingredients: those of
    INGREDIENTS that a pooled LSTM has. units: of each recurrent layer; 0 is what its builder takes.
    """

    model: str
    change: str
    data: str = "lecture"
    reviews: int = 1000
    maxlen: int = 500
    padding: str = "post"
    mask: bool = False
    start: str = "orthogonal"
    scale: float = 1.0
    kept: str = ""
    forget_bias: float = 1.0
    test_words: str = "all"
    ingredients: tuple[str, ...] = ()
    learning_rate: float = 0.001
    epochs: int = 10
    units: int = 0

    @property
    def name(self) -> str:
        """Name model and change for commands: "lstm/mask"."""
        return f"{self.model}/{self.change}"

    @property
    def title(self) -> str:
        """Name model and change for readers: "LSTM, mask"."""
        return f"{MODELS[self.model]}, {self.change}"


CONTEST = {"data": "contest", "reviews": 11_250, "epochs": 4}

RECIPES = (
    Recipe("simple_rnn", "as taught"),
    Recipe("simple_rnn", "mask", mask=True),
    Recipe("simple_rnn", "padding in front", padding="pre"),
    Recipe("simple_rnn", "shorter", maxlen=100),
    Recipe("simple_rnn", "mask, more data", mask=True, reviews=5000, epochs=2),
    Recipe("simple_rnn", "identity start", start="identity"),
    Recipe("simple_rnn", "mask, identity start", mask=True, start="identity"),
    Recipe("simple_rnn", "identity, small steps", mask=True, start="identity", learning_rate=1e-4),
    Recipe(
        "simple_rnn",
        "kernel 1.1, small steps",
        mask=True,
        start="identity",
        scale=1.1,
        learning_rate=1e-4,
    ),
    Recipe("simple_rnn", "identity, kept", mask=True, start="identity", kept="simple_rnn"),
    Recipe("stacked_rnn", "as taught"),
    Recipe("stacked_rnn", "mask", mask=True),
    Recipe("stacked_rnn", "shorter", maxlen=100),
    Recipe("stacked_rnn", "mask, identity start", mask=True, start="identity"),
    Recipe("stacked_rnn", "identity, small steps", mask=True, start="identity", learning_rate=1e-4),
    *(
        Recipe("stacked_rnn", f"identity, {layer} kept", mask=True, start="identity", kept=name)
        for layer, name in (("lower", "lower_rnn"), ("upper", "upper_rnn"))
    ),
    *(
        Recipe(
            "stacked_rnn",
            f"lower kernel {scale}, small steps",
            mask=True,
            start="identity",
            scale=scale,
            learning_rate=1e-4,
        )
        for scale in (1.1, 1.2)
    ),
    Recipe("lstm", "as taught"),
    Recipe("lstm", "mask", mask=True),
    *(Recipe("lstm", f"mask, {words} words", mask=True, test_words=words) for words in PARTS_READ),
    Recipe("lstm", "padding in front", padding="pre"),
    Recipe("lstm", "shorter", maxlen=100),
    Recipe("lstm", "mask, more data", mask=True, reviews=5000, epochs=2),
    Recipe("lstm", "forget bias 3", forget_bias=3.0),
    Recipe("lstm", "mask, forget bias 3", mask=True, forget_bias=3.0),
    Recipe("lstm", "forget bias 6", forget_bias=6.0),
    Recipe("lstm", "mask, forget bias 6", mask=True, forget_bias=6.0),
    Recipe("lstm", "more data", reviews=5000, epochs=2),
    Recipe("lstm", "more updates", epochs=50),
    Recipe("lstm", "ten times the steps", learning_rate=0.01),
    Recipe("deep_lstm", "as taught"),
    Recipe("deep_lstm", "mask", mask=True),
    Recipe("deep_lstm", "shorter", maxlen=100),
    Recipe("gru", "mask", mask=True),
    Recipe("averaged_embedding", "baseline", epochs=30),
    Recipe("averaged_embedding", "by film", data="by film", reviews=11_250, epochs=8),
    Recipe("averaged_embedding", "at random", data="at random", reviews=11_250, epochs=8),
    Recipe("pooled_lstm", "plain", **CONTEST),
    *(Recipe("pooled_lstm", f"only {one}", ingredients=(one,), **CONTEST) for one in INGREDIENTS),
    *(
        Recipe("pooled_lstm", f"all but {one}", ingredients=others, **CONTEST)
        for one in INGREDIENTS
        for others in [tuple(other for other in INGREDIENTS if other != one)]
    ),
    Recipe("pooled_lstm", "whole", ingredients=INGREDIENTS, **CONTEST),
    Recipe("evidence_lstm", "contest", **CONTEST),
    Recipe("linear", "contest", **CONTEST | {"epochs": 8}),
    Recipe("together", "contest", **CONTEST | {"epochs": 1}),
    *(
        Recipe(
            model,
            f"{name}, k = {k}",
            task,
            reviews,
            k,
            learning_rate=0.003,
            epochs=epochs,
            **options,
        )
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
