"""The models of the course: one builder each, compiled as the lecture compiles.

All share one plan, embedding, recurrent part, one sigmoid unit, and differ in the recurrent part.
"""

from course_utils.arguments import whole_number
import keras


def build_simple_rnn(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build the lecture's SimpleRNN: 173,401 parameters with the defaults.

    num_words: ids run below it. embedding_dim: numbers per word. units: size of the hidden state.
    mask_padding: skip the time steps whose id is 0; the lecture does not.
    Takes int ids (batch, time steps), gives the probability of "positive", float32 (batch, 1).
    Compiled with Adam, binary cross-entropy and accuracy.
    Raises ValueError for sizes that are not positive whole numbers.
    Introduced in notebook 2, "As taught".
    """
    return _compiled(
        "simple_rnn_model",
        _embedding(num_words, embedding_dim, mask_padding),
        keras.layers.SimpleRNN(whole_number("units", units), name="simple_rnn"),
        _probability(),
    )


def build_stacked_rnn(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build the lecture's two SimpleRNN layers, one reading the other: 193,501 parameters.

    Arguments, input, output and compilation as `build_simple_rnn`.
    Introduced in notebook 3, "As taught".
    """
    units = whole_number("units", units)
    return _compiled(
        "stacked_rnn_model",
        _embedding(num_words, embedding_dim, mask_padding),
        keras.layers.SimpleRNN(units, return_sequences=True, name="lower_rnn"),
        keras.layers.SimpleRNN(units, name="upper_rnn"),
        _probability(),
    )


def build_lstm(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build the lecture's LSTM: 213,301 parameters with the defaults.

    Arguments, input, output and compilation as `build_simple_rnn`.
    Introduced in notebook 4, "As taught: LSTM".
    """
    return _compiled(
        "lstm_model",
        _embedding(num_words, embedding_dim, mask_padding),
        keras.layers.LSTM(whole_number("units", units), name="lstm"),
        _probability(),
    )


def build_deep_lstm(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build the lecture's two LSTM layers, one reading the other: 293,701 parameters.

    Arguments, input, output and compilation as `build_simple_rnn`.
    Introduced in notebook 4, "As taught: deep LSTM".
    """
    units = whole_number("units", units)
    return _compiled(
        "deep_lstm_model",
        _embedding(num_words, embedding_dim, mask_padding),
        keras.layers.LSTM(units, return_sequences=True, name="lower_lstm"),
        keras.layers.LSTM(units, name="upper_lstm"),
        _probability(),
    )


def build_gru(
    num_words: int = 5000, embedding_dim: int = 32, units: int = 100, mask_padding: bool = False
) -> keras.Sequential:
    """Build a GRU in the place of the lecture's LSTM: 200,301 parameters with the defaults.

    Arguments, input, output and compilation as `build_simple_rnn`.
    Introduced in notebook 4, "GRU".
    """
    return _compiled(
        "gru_model",
        _embedding(num_words, embedding_dim, mask_padding),
        keras.layers.GRU(whole_number("units", units), name="gru"),
        _probability(),
    )


def build_averaged_embedding(num_words: int = 5000, embedding_dim: int = 32) -> keras.Sequential:
    """Build the baseline without recurrence: the mean of the embeddings of a review's words.

    Padding is left out of the mean. Input, output and compilation as `build_simple_rnn`.
    Introduced in notebook 1, "A baseline".
    """
    return _compiled(
        "averaged_embedding_model",
        _embedding(num_words, embedding_dim, mask_padding=True),
        keras.layers.GlobalAveragePooling1D(name="mean_over_words"),
        _probability(),
    )


def _embedding(num_words: int, embedding_dim: int, mask_padding: bool) -> keras.layers.Embedding:
    return keras.layers.Embedding(
        whole_number("num_words", num_words),
        whole_number("embedding_dim", embedding_dim),
        mask_zero=bool(mask_padding),
        name="embedding",
    )


def _probability() -> keras.layers.Dense:
    return keras.layers.Dense(1, activation="sigmoid", name="probability")


def _compiled(name: str, *layers: keras.layers.Layer) -> keras.Sequential:
    """Stack layers on reviews of any length, and compile as the lecture does."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    model = keras.Sequential([ids, *layers], name=name)
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model
