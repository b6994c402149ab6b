"""The recurrent model of the contest: it reads words, and beside each what n-grams tell of it."""

from course_utils.arguments import whole_number
from course_utils.models import judge_and_slow_down, pool_both_ways, start_from_vectors
import keras
import numpy as np

SCALE = 10.0
"""The mean evidence of a review is about a tenth of a nat: times 10 it is of the size of states."""


def build_evidence_lstm(
    word_vectors: np.ndarray, updates: int, ngrams: int = 3, units: int = 16
) -> keras.Model:
    """Build the pooled LSTM that also reads evidence, as `ngram_evidence` counts it.

    Beside each word's vector it reads the log-ratios of the word, of the pair and of the triple
    that end there; in training they are left out with probability 0.3 at each time step. Their
    mean over the review, times 10, reaches the sigmoid beside the pooled states.
    ngrams: how many log-ratios a time step has. Takes [ids, int (batch, time steps); evidence,
    float32 (batch, time steps, ngrams), zeros beside the padding], as `LengthBatches` deals them
    with evidence. All else as `build_pooled_lstm`: 326,724 parameters for 10,000 vectors of 32
    numbers.
    Introduced in notebook 4, "The contest".
    """
    ids, mask, words = start_from_vectors(word_vectors, word_dropout=0.4)
    evidence = keras.Input((None, whole_number("ngrams", ngrams)), dtype="float32", name="evidence")
    heard = keras.layers.Dropout(0.3, (None, None, 1), name="evidence_dropout")(evidence)
    read = keras.layers.Concatenate(name="words_and_evidence")([words, heard])
    mean = keras.layers.GlobalAveragePooling1D(name="mean_evidence")
    scaled = keras.layers.Rescaling(SCALE, name="scaled")(mean(evidence, mask=mask))
    summary = keras.layers.Concatenate(name="all")([pool_both_ways(read, mask, units), scaled])
    return judge_and_slow_down("evidence_lstm_model", [ids, evidence], summary, updates)
