"""The models of the course, one builder each.

Those of the lecture, and the GRU, share one plan, embedding, recurrent part, one sigmoid unit, and
are compiled as the lecture compiles; the rivals say in what they differ.
"""

from course_utils.arguments import whole_number
from course_utils.given import by_place
from course_utils.vocabulary import PADDING_ID
import keras
import numpy as np


def build_simple_rnn(
    num_words: int = 5000,
    embedding_dim: int = 32,
    units: int = 100,
    mask_padding: bool = False,
    recurrent_initializer: str = "orthogonal",
) -> keras.Sequential:
    """Build the lecture's SimpleRNN: 173,401 parameters with the defaults.

    num_words: ids run below it. embedding_dim: numbers per word. units: size of the hidden state.
    mask_padding: skip the time steps whose id is 0; the lecture does not. recurrent_initializer:
    how the recurrent kernel starts, as Keras names it; "identity" is that of Le, Jaitly and Hinton,
    "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units" (2015).
    Takes int ids (batch, time steps), gives the probability of "positive", float32 (batch, 1).
    Compiled with Adam, binary cross-entropy and accuracy.
    Raises ValueError for sizes that are not positive whole numbers.
    Introduced in notebook 2, "As taught".
    """
    embedding = _embedding(num_words, embedding_dim, mask_padding)
    rnn = keras.layers.SimpleRNN(
        whole_number("units", units),
        recurrent_initializer=recurrent_initializer,
        name="simple_rnn",
    )
    return _compiled("simple_rnn_model", _ids(), embedding, rnn, _probability())


def build_stacked_rnn(
    num_words: int = 5000,
    embedding_dim: int = 32,
    units: int = 100,
    mask_padding: bool = False,
    recurrent_initializer: str = "orthogonal",
) -> keras.Sequential:
    """Build the lecture's two SimpleRNN layers, one reading the other: 193,501 parameters.

    All else as `build_simple_rnn`. Introduced in notebook 3, "As taught".
    """
    units = whole_number("units", units)
    embedding = _embedding(num_words, embedding_dim, mask_padding)
    lower = keras.layers.SimpleRNN(
        units,
        recurrent_initializer=recurrent_initializer,
        return_sequences=True,
        name="lower_rnn",
    )
    upper = keras.layers.SimpleRNN(
        units, recurrent_initializer=recurrent_initializer, name="upper_rnn"
    )
    return _compiled("stacked_rnn_model", _ids(), embedding, lower, upper, _probability())


def build_lstm(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build the lecture's LSTM: 213,301 parameters with the defaults.

    All else as `build_simple_rnn`. Introduced in notebook 4, "As taught: LSTM and deep LSTM".
    """
    embedding = _embedding(num_words, embedding_dim, mask_padding)
    lstm = keras.layers.LSTM(whole_number("units", units), name="lstm")
    return _compiled("lstm_model", _ids(), embedding, lstm, _probability())


def build_deep_lstm(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build the lecture's two LSTM layers, one reading the other: 293,701 parameters.

    All else as `build_simple_rnn`. Introduced in notebook 4, "As taught: LSTM and deep LSTM".
    """
    units = whole_number("units", units)
    embedding = _embedding(num_words, embedding_dim, mask_padding)
    lower = keras.layers.LSTM(units, return_sequences=True, name="lower_lstm")
    upper = keras.layers.LSTM(units, name="upper_lstm")
    return _compiled("deep_lstm_model", _ids(), embedding, lower, upper, _probability())


def build_gru(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build a GRU in the place of the lecture's LSTM: 200,301 parameters with the defaults.

    All else as `build_simple_rnn`. Introduced in notebook 4, "Does an LSTM turn?".
    """
    embedding = _embedding(num_words, embedding_dim, mask_padding)
    gru = keras.layers.GRU(whole_number("units", units), name="gru")
    return _compiled("gru_model", _ids(), embedding, gru, _probability())


def build_averaged_embedding(num_words: int = 5000, embedding_dim: int = 32) -> keras.Sequential:
    """Build the baseline without recurrence: the mean of the embeddings of a review's words.

    Padding is left out of the mean. Input, output and compilation as `build_simple_rnn`.
    Introduced in notebook 1, "A baseline".
    """
    embedding = _embedding(num_words, embedding_dim, mask_padding=True)
    mean = keras.layers.GlobalAveragePooling1D(name="mean_over_words")
    return _compiled("averaged_embedding_model", _ids(), embedding, mean, _probability())


def build_bag_of_ngrams(max_tokens: int = 10_000) -> keras.Sequential:
    """Build one weight for each n-gram and a sigmoid: logistic regression on a bag of n-grams.

    Takes what `bag_of_ngrams` gives, float32 (batch, max_tokens), sparse; output and compilation as
    `build_simple_rnn`. Raises ValueError for a size that is no positive whole number.
    Introduced in notebook 1, "Bags of words and pairs".
    """
    shape = (whole_number("max_tokens", max_tokens),)
    bag = keras.Input(shape, dtype="float32", sparse=True, name="bag")
    return _compiled("bag_of_ngrams_model", bag, _probability())


def build_pooled_lstm(
    word_vectors: np.ndarray, updates: int, units: int = 16, word_dropout: float = 0.4
) -> keras.Model:
    """Build the course's best recurrent model: two LSTMs whose states are pooled over time.

    One LSTM of `units` reads each review forwards, one backwards. Mean and maximum of their states
    over the words reach the sigmoid, half of them dropped while training, as is each word with
    probability word_dropout. Padding is masked.
    word_vectors: where the embedding starts, float32 (num_words, embedding_dim). updates: how many
    the training will have in all; the steps get smaller towards its end, along a cosine.
    Input, output and loss as `build_simple_rnn`; if the gradient of all weights together is longer
    than 1, it is shortened to 1. In a new session import this function before Keras loads a saved
    model: then its layers are known.
    Raises ValueError for vectors that are no table, or sizes that are no positive whole numbers.
    Introduced in notebook 4, "All the data".
    """
    ids, mask, words = start_from_vectors(word_vectors, word_dropout)
    summary = pool_both_ways(words, mask, units)
    return judge_and_slow_down("pooled_lstm_model", ids, summary, updates)


def open_forget_gate(model: keras.Model, bias: float) -> None:
    """Set the bias of the forget gate in each LSTM layer of a model; Keras starts it at 1.

    Before training a forget gate is near sigmoid(bias): 0.73 for 1, 0.95 for 3, 0.9975 for 6.
    Raises ValueError for a model without an LSTM layer.
    Source: Jozefowicz, Zaremba and Sutskever, "An Empirical Exploration of Recurrent Network
    Architectures", ICML 2015.
    Introduced in notebook 4, "What gates are for".
    """
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.LSTM)]
    if not layers:
        raise ValueError(f"{model.name} has no LSTM layer: give an LSTM or a deep LSTM.")
    for layer in layers:
        *kernels, biases = layer.get_weights()
        biases[layer.units : 2 * layer.units] = bias
        layer.set_weights([*kernels, biases])


def find_embedding(model: keras.Model) -> keras.layers.Embedding:
    """Return a model's embedding layer, whatever its name. Raises ValueError if there is none."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.Embedding):
            return layer
    raise ValueError(
        f"{model.name} has no Embedding layer, which reads ids: give a model with one."
    )


def checked_ids(model: keras.Model, ids: np.ndarray, dimensions: int, of: str = "") -> np.ndarray:
    """Return ids as int32, if they have these dimensions and fit the embedding, else ValueError.

    dimensions: 1 for one review, 2 for padded ones. of: whose ids, as in "training ".
    """
    ids = by_place("ids", ids)
    if ids.ndim != dimensions or ids.size == 0 or ids.dtype.kind not in "iu":
        padded = "(reviews, time steps), as pad_reviews returns them"
        wanted = "one review, (time steps,)" if dimensions == 1 else padded
        raise ValueError(
            f"The {of}ids have shape {ids.shape} and dtype {ids.dtype}: give whole numbers, "
            f"{wanted}."
        )
    num_words = find_embedding(model).input_dim
    if np.min(ids) < 0 or np.max(ids) >= num_words:
        raise ValueError(
            f"The {of}ids run from {np.min(ids)} to {np.max(ids)}, but the model's embedding knows "
            f"0 to {num_words - 1}: use load_imdb(num_words={num_words})."
        )
    return ids.astype("int32", copy=False)


def start_from_vectors(
    word_vectors: np.ndarray, word_dropout: float
) -> tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """Return a pooled model's ids, its mask and its words' vectors, as `build_pooled_lstm` says."""
    if np.ndim(word_vectors) != 2:
        raise ValueError(
            f"word_vectors have shape {np.shape(word_vectors)}: give a table (words, numbers)."
        )
    ids = _ids()
    embedding = _embedding(*word_vectors.shape, mask_padding=True)
    vectors = embedding(ids)
    embedding.set_weights([word_vectors])
    words = keras.layers.Dropout(word_dropout, (None, None, 1), name="word_dropout")(vectors)
    return ids, HoldsWord(name="holds_word")(ids), words


def pool_both_ways(
    words: keras.KerasTensor, mask: keras.KerasTensor, units: int
) -> keras.KerasTensor:
    """Return what two LSTMs leave of a review: mean and maximum of their states, half dropped."""
    lstm = keras.layers.LSTM(whole_number("units", units), return_sequences=True)
    states = keras.layers.Bidirectional(lstm, name="both_ways")(words, mask=mask)
    pooled = [
        keras.layers.GlobalAveragePooling1D(name="mean_over_time")(states, mask=mask),
        MaximumOverTime(name="maximum_over_time")(states, mask=mask),
    ]
    return keras.layers.Dropout(0.5)(keras.layers.Concatenate(name="summary")(pooled))


def judge_and_slow_down(
    name: str, inputs: list[keras.KerasTensor], summary: keras.KerasTensor, updates: int
) -> keras.Model:
    """Put the sigmoid unit on a summary; compile with steps that shrink along a cosine."""
    model = keras.Model(inputs, _probability()(summary), name=name)
    steps = keras.optimizers.schedules.CosineDecay(4e-3, whole_number("updates", updates))
    compile_clipped(model, steps)
    return model


def compile_clipped(
    model: keras.Model, steps: float | keras.optimizers.schedules.LearningRateSchedule
) -> None:
    """Compile with Adam and such steps, the gradient of all weights cut to a length of 1."""
    optimizer = keras.optimizers.Adam(steps, global_clipnorm=1.0)
    model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])


@keras.saving.register_keras_serializable("course_utils")
class HoldsWord(keras.layers.Layer):
    """The mask of a pooled model: whether a time step holds a word, bool (batch, time steps).

    Keras loads an .h5 file whose mask is a layer's output, and none whose mask is made on the way.
    """

    def call(self, ids: keras.KerasTensor) -> keras.KerasTensor:
        """Return True where an id is not padding."""
        return keras.ops.not_equal(ids, PADDING_ID)


@keras.saving.register_keras_serializable("course_utils")
class MaximumOverTime(keras.layers.Layer):
    """The largest value of each unit over the words of a review: (batch, time steps, units) in.

    Keras' GlobalMaxPooling1D would look at the padding, too. States of an LSTM are above -1.
    """

    def call(
        self, states: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        """Return the maximum over time, (batch, units), of the time steps that the mask shows."""
        if mask is not None:
            states = keras.ops.where(mask[:, :, None], states, -1.0)
        return keras.ops.max(states, axis=1)

    def compute_mask(
        self, states: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> None:
        """Return None: nothing is left to mask."""


def _ids() -> keras.KerasTensor:
    """Return the input of all models but one: reviews of any length, as ids."""
    return keras.Input((None,), dtype="int32", name="ids")


def _embedding(num_words: int, embedding_dim: int, mask_padding: bool) -> keras.layers.Embedding:
    sizes = whole_number("num_words", num_words), whole_number("embedding_dim", embedding_dim)
    return keras.layers.Embedding(*sizes, mask_zero=bool(mask_padding), name="embedding")


def _probability() -> keras.layers.Dense:
    return keras.layers.Dense(1, activation="sigmoid", name="probability")


def _compiled(name: str, *layers: keras.layers.Layer | keras.KerasTensor) -> keras.Sequential:
    """Stack layers on an input, and compile as the lecture does."""
    model = keras.Sequential(layers, name=name)
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model
