"""Mutations of what notebooks 2 and 4 rely on: seeds, rivals, word vectors, the pooled LSTM."""

from tests.mutations.changes import in_source, replace
from tests.mutations.runner import Mutation

_NOTEBOOK_2 = "notebooks/02_simple_rnn.ipynb"
_NOTEBOOK_4 = "notebooks/04_lstm_and_deep_lstm.ipynb"
_MODELS = "course_utils/models.py"
_VECTORS = "course_utils/word_vectors.py"
_CLAIMS = "tests/test_notebooks.py::test_claims_are_those_on_record"
_README = "tests/test_docs.py::test_readme_shows_what_is_stored"

LESSONS = [
    Mutation(
        "seeds of another model",
        "The SimpleRNN's figure shows the cured LSTM.",
        _NOTEBOOK_2,
        in_source("many-seeds", '"simple_rnn", change', '"lstm", change'),
        ("02_simple_rnn:imports,data,chance-band,many-seeds,claim-many-seeds",),
    ),
    Mutation(
        "seeds after the first epoch",
        "The figure and the README show trainings that have only begun.",
        "course_utils/sweep.py",
        replace("last if epoch is None else", "1 if epoch is None else"),
        ("02_simple_rnn:imports,data,chance-band,many-seeds,claim-many-seeds", _README),
    ),
    Mutation(
        "a training left out of the sweep",
        "The README's median is not that of the recorded seeds.",
        "course_utils/sweep.csv",
        replace("\nlstm,mask,3,10,", "\nlstm,mask,99,10,"),
        (_README,),
    ),
    Mutation(
        "a digit of the sweep",
        "One loss of one epoch is not what training gave.",
        "course_utils/sweep.csv",
        replace("\ngru,mask,3,5,0.", "\ngru,mask,3,5,1."),
        ("tests/test_docs.py::test_tables_of_the_tests_show_what_is_stored",),
    ),
    Mutation(
        "a film on both sides",
        "The first validation reviews are trained on.",
        _NOTEBOOK_4,
        in_source("film-data", "half_numbers >= 5625", "half_numbers > 5625"),
        ("04_lstm_and_deep_lstm:imports,film-data",),
    ),
    Mutation(
        "the cure need not be better",
        "The claim holds for seeds at chance.",
        _NOTEBOOK_4,
        in_source("claim-many-seeds", "max(0.65, as_taught_median + 0.1)", "0.45"),
        (_CLAIMS,),
    ),
    Mutation(
        "pairs are single words",
        "The best rival knows no order at all.",
        "course_utils/bags.py",
        replace("ngrams=ngrams,", "ngrams=1,"),
        ("tests/test_bags.py::test_order_of_words_counts_for_bigrams_only",),
    ),
    Mutation(
        "neighbours on one side only",
        "A word is known by what follows it, not by what stands before it.",
        _VECTORS,
        replace("            (ids[distance:], ids[:-distance]),\n", ""),
        ("tests/test_word_vectors.py::test_meetings_are_counted",),
    ),
    Mutation(
        "rare neighbours count too much",
        "The share of a neighbour is not smoothed, as the source of the formula has it.",
        _VECTORS,
        replace("counts.sum(axis=0) ** SMOOTHING", "counts.sum(axis=0)"),
        ("tests/test_word_vectors.py::test_information_is_that_of_the_formula",),
    ),
    Mutation(
        "maximum over the padding",
        "A short review's summary holds states of zeros.",
        _MODELS,
        replace("if mask is not None:\n            states", "if mask is None:\n            states"),
        ("tests/test_models.py::test_pooled_lstm_summarizes_what_keras_layers_read",),
    ),
    Mutation(
        "the best model starts at random",
        "The vectors that were made without labels are thrown away.",
        _MODELS,
        replace("    embedding.set_weights([word_vectors])\n", ""),
        ("tests/test_models.py::test_pooled_lstm_starts_from_the_vectors_and_slows_down",),
    ),
    Mutation(
        "praise is orange",
        "A word that lifts the prediction is coloured as one that brings it down.",
        "course_utils/predict.py",
        replace("np.diff(self.probabilities, prepend", "-np.diff(self.probabilities, prepend"),
        ("tests/test_predict.py::test_up_is_blue_and_down_is_orange",),
    ),
    Mutation(
        "one half is positive",
        "The confusion matrix counts other reviews as positive than Keras' accuracy does.",
        "course_utils/plots.py",
        replace("np.ravel(y_probability) > CHANCE", "np.ravel(y_probability) >= CHANCE"),
        ("tests/test_plots.py::test_confusion_counts_as_keras_accuracy_does",),
    ),
]
