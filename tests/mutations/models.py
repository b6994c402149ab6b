"""Mutations of models, training, and of what looks inside a model."""

from tests.mutations.changes import replace, swap
from tests.mutations.runner import Mutation

_MODELS = "course_utils/models.py"
_TRAINING = "course_utils/training.py"
_PROBES = "course_utils/probes.py"
_COMPILE = 'optimizer="adam", loss="binary_crossentropy"'
_MASK = "_embedding(num_words, embedding_dim, mask_padding),\n        keras.layers."
_NO_MASK = "_embedding(num_words, embedding_dim, False),\n        keras.layers."
_WRITTEN_OUT = "tests/test_models.py::test_equal_to_the_lectures_model_written_out"
_SKIPS = "tests/test_models.py::test_mask_skips_the_padding"
_COMPILED = "tests/test_models.py::test_compiled_as_in_the_lecture"
_BUILDERS = {
    "SimpleRNN": 'SimpleRNN(whole_number("units", units), name="simple_rnn")',
    "stacked RNN": 'SimpleRNN(units, return_sequences=True, name="lower_rnn")',
    "LSTM": 'LSTM(whole_number("units", units), name="lstm")',
    "deep LSTM": 'LSTM(units, return_sequences=True, name="lower_lstm")',
    "GRU": 'GRU(whole_number("units", units), name="gru")',
}

MODELS = [
    *(
        Mutation(
            f"mask dropped from the {name}",
            "`mask_padding=True` has no effect: the model reads the zeros.",
            _MODELS,
            replace(_MASK + layer, _NO_MASK + layer),
            (_SKIPS,),
        )
        for name, layer in _BUILDERS.items()
    ),
    Mutation(
        "mask dropped from the baseline",
        "The zeros are in the mean over the words.",
        _MODELS,
        replace("mask_padding=True),", "mask_padding=False),"),
        ("tests/test_models.py::test_averaged_embedding_is_the_mean_of_the_words",),
    ),
    Mutation(
        "mask where the lecture has none",
        "The SimpleRNN as taught skips the zeros, and the lesson about them is lost.",
        _MODELS,
        replace(
            _MASK + _BUILDERS["SimpleRNN"],
            _NO_MASK.replace("False", "True") + _BUILDERS["SimpleRNN"],
        ),
        (_WRITTEN_OUT,),
    ),
    Mutation(
        "return_sequences missing below",
        "The upper LSTM layer gets one state where it wants a sequence.",
        _MODELS,
        replace('return_sequences=True, name="lower_lstm"', 'name="lower_lstm"'),
        (_WRITTEN_OUT,),
    ),
    Mutation(
        "return_sequences on top",
        "The upper RNN layer hands on all states: a probability for each time step.",
        _MODELS,
        replace('name="upper_rnn"', 'return_sequences=True, name="upper_rnn"'),
        (_WRITTEN_OUT,),
    ),
    Mutation(
        "LSTM in the place of the GRU",
        "The notebook compares an LSTM with itself.",
        _MODELS,
        replace("keras.layers.GRU(", "keras.layers.LSTM("),
        (_WRITTEN_OUT,),
    ),
    Mutation(
        "one unit less",
        "The LSTM has 99 units.",
        _MODELS,
        replace(_BUILDERS["LSTM"], _BUILDERS["LSTM"].replace("units)", "units) - 1")),
        ("tests/test_models.py::test_parameter_totals",),
    ),
    Mutation(
        "dropout in the LSTM",
        "The lecture's LSTM has none; an untrained model gives the same with it.",
        _MODELS,
        replace(_BUILDERS["LSTM"], _BUILDERS["LSTM"].replace("name", "dropout=0.2, name")),
        (_WRITTEN_OUT,),
    ),
    Mutation(
        "reviews read backwards",
        "The zeros come first, the first word last.",
        _MODELS,
        replace(
            _BUILDERS["SimpleRNN"],
            _BUILDERS["SimpleRNN"].replace("name", "go_backwards=True, name"),
        ),
        (_WRITTEN_OUT,),
    ),
    Mutation(
        "no sigmoid",
        "The output is no probability.",
        _MODELS,
        replace('activation="sigmoid"', 'activation="linear"'),
        (_WRITTEN_OUT,),
    ),
    Mutation(
        "learning rate times ten",
        "Adam takes steps ten times as long as in the lecture.",
        _MODELS,
        replace(_COMPILE, _COMPILE.replace('"adam"', "keras.optimizers.Adam(0.01)")),
        (
            _COMPILED,
            "01_data_and_embeddings:imports,load,word-index,padded-shape,neighbours,film-split-code,train-baseline",
        ),
    ),
    Mutation(
        "another optimizer",
        "RMSprop in the place of Adam.",
        _MODELS,
        replace(_COMPILE, _COMPILE.replace("adam", "rmsprop")),
        (_COMPILED,),
    ),
    Mutation(
        "another loss",
        "Squared error in the place of cross-entropy.",
        _MODELS,
        replace(_COMPILE, _COMPILE.replace("binary_crossentropy", "mse")),
        (_COMPILED, "02_simple_rnn:imports,data,build,untrained"),
    ),
    Mutation(
        "seed not set",
        "Each run has other weights.",
        _TRAINING,
        replace("    keras.utils.set_random_seed(whole_number", "    (whole_number"),
        (
            "tests/test_training.py::test_seed_fixes_all_generators",
            "02_simple_rnn:imports,data,build,untrained",
        ),
    ),
    Mutation(
        "another seed set",
        "All stored numbers come from seed 2026, all new ones from 2027.",
        _TRAINING,
        replace(
            'whole_number("seed", seed, least=0, most=2**32 - 1)',
            'whole_number("seed", seed, least=0, most=2**32 - 1) + 1',
        ),
        (
            "tests/test_training.py::test_seed_is_the_one_that_was_given",
            "02_simple_rnn:imports,data,build,untrained",
        ),
    ),
    Mutation(
        "deterministic operations off",
        "Sums over threads may be added in another order in each run.",
        _TRAINING,
        replace("    tf.config.experimental.enable_op_determinism()\n", ""),
        ("tests/test_training.py::test_deterministic_operations_are_on",),
    ),
    Mutation(
        "another float type",
        "Keras computes with what a file in the user's home asks for.",
        _TRAINING,
        replace('    keras.config.set_floatx("float32")\n', ""),
        ("tests/test_training.py::test_settings_of_keras_in_the_home_change_nothing",),
    ),
    Mutation(
        "another epsilon",
        "The loss cuts off probabilities where a file in the user's home says.",
        _TRAINING,
        replace("    keras.config.set_epsilon(1e-7)\n", ""),
        ("tests/test_training.py::test_settings_of_keras_in_the_home_change_nothing",),
    ),
    Mutation(
        "half the batch size",
        "Training takes twice as many steps as in the lecture.",
        _TRAINING,
        replace("batch_size: int = 64", "batch_size: int = 32"),
        ("tests/test_training.py::test_defaults_are_the_lectures",),
    ),
    Mutation(
        "one epoch more",
        "Training takes four epochs where the lecture takes three.",
        _TRAINING,
        replace("epochs: int = 3", "epochs: int = 4"),
        ("tests/test_training.py::test_defaults_are_the_lectures",),
    ),
    Mutation(
        "training reviews not shuffled",
        "Each epoch reads the reviews in the same order.",
        _TRAINING,
        replace("y, batch_size, shuffle=True)", "y, batch_size)"),
        ("tests/test_training.py::test_fit_trains_as_keras_does",),
    ),
    Mutation(
        "training labels shuffled",
        "The model learns noise.",
        _TRAINING,
        replace("keras_batches(x, y,", "keras_batches(x, np.roll(y, 1),"),
        ("tests/test_training.py::test_fit_trains_as_keras_does",),
    ),
    Mutation(
        "number of batches unknown",
        "Keras looks for one batch more in each epoch, and the optimizer counts it as a step.",
        _TRAINING,
        replace(".apply(known)", ""),
        (
            "tests/test_training.py::test_defaults_are_the_lectures",
            "tests/test_training.py::test_fit_trains_as_keras_does",
        ),
    ),
    Mutation(
        "validation on the training reviews",
        "The validation curve flatters: it is measured on what was trained.",
        _TRAINING,
        replace("= keras_batches(*validation_data, batch_size)", "= x"),
        ("tests/test_training.py::test_fit_trains_as_keras_does",),
    ),
    Mutation(
        "columns of the table swapped",
        "The table shows validation where it says training.",
        _TRAINING,
        swap('"accuracy": "accuracy"', '"val_accuracy": "val. accuracy"'),
        ("tests/test_training.py::test_fit_leaves_a_table",),
    ),
    Mutation(
        "gates in another order",
        "What is called the forget gate is the input gate.",
        _PROBES,
        replace(
            "z_input, z_forget, z_candidate, z_output", "z_forget, z_input, z_candidate, z_output"
        ),
        ("tests/test_probes.py::test_gates_that_stand_open_or_shut",),
    ),
    Mutation(
        "gradients of opposite reviews cancel",
        "The length of the mean is measured, not the mean of the lengths.",
        _PROBES,
        replace(
            'np.linalg.norm(gradient.astype("float64"), axis=2).sum(axis=0)',
            'np.linalg.norm(gradient.astype("float64").sum(axis=0), axis=1)',
        ),
        ("tests/test_probes.py::test_gradient_is_a_mean_of_lengths",),
    ),
    Mutation(
        "nearest by distance, not by angle",
        "Long vectors are nobody's neighbour.",
        _PROBES,
        replace(
            "similarity = directions @ directions[number]",
            "similarity = -np.linalg.norm(table - table[number], axis=1)",
        ),
        ("tests/test_probes.py::test_nearest_words_by_angle",),
    ),
]
