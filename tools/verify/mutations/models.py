"""Mutations of models, of training, and of what is computed and drawn from them."""

from tools.verify.mutations.changes import replace, swap
from tools.verify.mutations.runner import mutate

MODELS_FILE, TRAINING_FILE = "course_utils/models.py", "course_utils/training.py"
MASK, NO_MASK, ALWAYS_MASK = (f"{mask})\n    " for mask in ("mask_padding", "False", "True"))
RNN = 'recurrent_initializer=recurrent_initializer,\n        name="simple_rnn"'
LSTM = 'LSTM(whole_number("units", units), name="lstm")'
BUILDERS = {
    "SimpleRNN": "rnn = keras.layers.SimpleRNN",
    "stacked RNN": "lower = keras.layers.SimpleRNN",
    "LSTM": "lstm = keras.layers.LSTM",
    "deep LSTM": "lower = keras.layers.LSTM",
    "GRU": "gru = keras.layers.GRU",
}
SEEDS_FILE = "course_utils/seeds.py"
SEED = 'whole_number("seed", seed, least=0, most=2**32 - 1)'
UNTRAINED = "02:imports,data,build,untrained"
BASELINE = "01:imports,load,padded-shape,file-cut,film-split-code,train-baseline"

models = mutate(MODELS_FILE)
built = mutate(MODELS_FILE, "test_equal_to_the_lectures_model_written_out")
compiled = mutate(MODELS_FILE, "test_compiled_as_in_the_lecture")
named = mutate(MODELS_FILE, "test_settings_are_those_that_the_text_names")
contest = mutate(
    "course_utils/rivals/contest_models.py", "test_settings_are_those_that_the_text_names"
)
seeds = mutate(SEEDS_FILE)
keras_config = mutate(SEEDS_FILE, "test_settings_of_keras_in_the_home_change_nothing")
training = mutate(TRAINING_FILE)
fitted = mutate(TRAINING_FILE, "test_fit_trains_as_keras_does")
defaults = mutate(TRAINING_FILE, "test_defaults_are_the_lectures")
states = mutate("course_utils/probes/states.py")
gradients = mutate("course_utils/probes/gradients.py")
step = mutate("course_utils/probes/states.py", "test_step_equals_finite_differences")
answers = mutate(
    "course_utils/probes/answers.py", "test_word_effects_equal_predictions_of_edited_reviews"
)
probability = mutate("course_utils/probes/answers.py")
statistics = mutate("course_utils/probes/statistics.py")
learned_words = mutate("course_utils/probes/words.py")
bags = mutate("course_utils/rivals/bags.py")
vectors = mutate("course_utils/rivals/word_vectors.py")
recorded = mutate("course_utils/recorded.py")
picture = mutate("course_utils/figures/style.py", "test_notebook_gets_pixels_and_text")
results = mutate("course_utils/figures/results.py")
table = mutate("course_utils/figures/progress.py")
prediction = mutate("course_utils/figures/prediction.py")
batch_cells, learner, adam = (
    mutate(f"course_utils/lens/{name}.js", "test_updates_equal_those_of_keras")
    for name in ("batch_cells", "learner", "adam")
)
page_task = mutate(
    "course_utils/lens/task.js", "test_flag_task_makes_the_same_sequences_as_the_lesson"
)

MODELS = [
    *(
        models(
            f"mask dropped from the {name}",
            replace(MASK + layer, NO_MASK + layer),
            "test_mask_skips_the_padding",
        )
        for name, layer in BUILDERS.items()
    ),
    models(
        "mask dropped from the baseline",
        replace("mask_padding=True)\n    mean", "mask_padding=False)\n    mean"),
        "test_averaged_embedding_is_the_mean_of_the_words",
    ),
    built("mask where the lecture has none", replace(f"{MASK}rnn", f"{ALWAYS_MASK}rnn")),
    built(
        "return_sequences missing below",
        replace('return_sequences=True, name="lower_lstm"', 'name="lower_lstm"'),
    ),
    built(
        "return_sequences on top",
        replace('name="upper_rnn"', 'return_sequences=True, name="upper_rnn"'),
    ),
    built("LSTM in the place of the GRU", replace("keras.layers.GRU(", "keras.layers.LSTM(")),
    models(
        "one unit less",
        replace(LSTM, LSTM.replace("units)", "units) - 1")),
        "test_parameter_totals",
    ),
    built("dropout in the LSTM", replace(LSTM, LSTM.replace("name", "dropout=0.2, name"))),
    built("reviews read backwards", replace(RNN, RNN.replace("name", "go_backwards=True, name"))),
    built("no sigmoid", replace('activation="sigmoid"', 'activation="linear"')),
    compiled(
        "learning rate times ten",
        replace('optimizer="adam"', "optimizer=keras.optimizers.Adam(0.01)"),
        BASELINE,
    ),
    compiled("another optimizer", replace('optimizer="adam"', 'optimizer="rmsprop"')),
    compiled(
        "another loss",
        replace('"adam", loss="binary_crossentropy"', '"adam", loss="mse"'),
        UNTRAINED,
    ),
    models(
        "maximum over the padding",
        replace("if mask is not None:\n            states", "if mask is None:\n            states"),
        "test_pooled_lstm_summarizes_what_keras_layers_read",
    ),
    models(
        "the pooled model's layers not registered",
        replace(
            '@keras.saving.register_keras_serializable("course_utils")\nclass MaximumOverTime',
            "class MaximumOverTime",
        ),
        "test_saved_model_is_the_same_when_it_is_loaded",
    ),
    models(
        "the best model starts at random",
        replace("    embedding.set_weights([word_vectors])\n", ""),
        "test_pooled_lstm_starts_from_the_vectors_and_slows_down",
    ),
    named(
        "summary dropped less",
        replace("keras.layers.Dropout(0.5)(", "keras.layers.Dropout(0.2)("),
    ),
    named("words dropped less", replace("word_dropout: float = 0.4", "word_dropout: float = 0.2")),
    named("each gradient shortened by itself", replace("global_clipnorm=1.0", "clipnorm=1.0")),
    named("smaller steps of the best model", replace("CosineDecay(4e-3", "CosineDecay(1e-3")),
    contest(
        "evidence dropped more",
        replace("keras.layers.Dropout(0.3,", "keras.layers.Dropout(0.5,"),
    ),
    contest("words of the contest dropped less", replace("word_dropout=0.4)", "word_dropout=0.2)")),
    models(
        "another gate opened",
        replace("biases[layer.units : 2 * layer.units]", "biases[: layer.units]"),
        "test_open_forget_gate_opens_that_gate_alone",
    ),
    models(
        "start of the recurrent kernel ignored",
        replace("recurrent_initializer=recurrent_initializer,\n        name", "name"),
        "test_identity_start_hands_the_state_on",
    ),
    seeds(
        "seed not set",
        replace("keras.utils.set_random_seed(whole", "(whole"),
        "test_seed_fixes_all_generators",
        BASELINE,
    ),
    seeds(
        "another seed set",
        replace(SEED, f"{SEED} + 1"),
        "test_seed_is_the_one_that_was_given",
        UNTRAINED,
    ),
    seeds(
        "deterministic operations off",
        replace("    tf.config.experimental.enable_op_determinism()\n", ""),
        "test_deterministic_operations_are_on",
    ),
    keras_config(
        "float type left to the user's file",
        replace("    keras.config.set_floatx(floatx)\n", ""),
    ),
    seeds(
        "the float type of models left as it was",
        replace("    keras.config.set_dtype_policy(floatx)\n", ""),
        "test_model_has_the_float_type_that_was_given",
    ),
    keras_config(
        "epsilon left to the user's file", replace("    keras.config.set_epsilon(1e-7)\n", "")
    ),
    defaults("half the batch size", replace("batch_size: int = 64", "batch_size: int = 32")),
    defaults("one epoch more", replace("epochs: int = 3", "epochs: int = 4")),
    fitted("training reviews not shuffled", replace("batch_size, shuffle=True)", "batch_size)")),
    fitted(
        "training labels shuffled",
        replace("keras_batches(x, y,", "keras_batches(x, np.roll(y, 1),"),
    ),
    fitted(
        "number of batches unknown", replace(".apply(known)", ""), "test_defaults_are_the_lectures"
    ),
    fitted(
        "validation on the training reviews",
        replace("= keras_batches(*aside, batch_size)", "= x"),
    ),
    table(
        "columns of the table swapped",
        swap('"accuracy": "accuracy"', '"val_accuracy": "val. accuracy"'),
        "test_fit_leaves_a_table",
    ),
    states(
        "gates in another order",
        replace("z_input, z_forget, z_candidate", "z_forget, z_input, z_candidate"),
        "test_gates_that_stand_open_or_shut",
    ),
    gradients(
        "gradients of opposite reviews cancel",
        replace(
            'np.linalg.norm(gradient.astype("float64"), axis=2).sum(axis=0)',
            'np.linalg.norm(gradient.astype("float64").sum(axis=0), axis=1)',
        ),
        "test_gradient_is_a_mean_of_lengths",
    ),
    gradients(
        "direction against the first step",
        replace("* directions[:, -1:]", "* directions[:, :1]"),
        "test_direction_of_a_linear_rnn_is_the_formula",
        "test_direction_is_a_mean_of_cosines",
    ),
    step(
        "step transposed",
        replace("(each_its_own, before).numpy()", "(each_its_own, before).numpy().T"),
        "test_step_of_a_simple_rnn_is_the_formula",
    ),
    step(
        "step from an empty state",
        replace("range(inputs.shape[1] - 1)", "range(0)"),
        "test_step_carries_the_cell_by_its_forget_gate",
    ),
    probability(
        "the first of two answers taken",
        replace("or answers.shape[1] != 1 or", "or"),
        "test_value",
    ),
    answers("neighbour deleted", replace("np.delete(ids, word)", "np.delete(ids, word - 1)")),
    answers(
        "effect with the other sign",
        replace(
            "return answer - probabilities_of(model, model.predict_on_batch(changed))",
            "return probabilities_of(model, model.predict_on_batch(changed)) - answer",
        ),
    ),
    statistics(
        "interval one-sided",
        replace("LEVEL = (0.025, 0.975)", "LEVEL = (0.0, 0.95)"),
        "test_interval_holds_the_median_19_times_in_20",
    ),
    statistics(
        "two samples resampled alike",
        replace("medians - other_medians[::-1]", "medians - other_medians"),
        "test_samples_are_resampled_independently",
    ),
    statistics(
        "models swapped in a difference",
        replace("right.astype(float) - other_right", "other_right.astype(float) - right"),
        "test_difference_of_accuracies_is_that_of_mcnemars_table",
        "test_one_half_counts_as_negative",
    ),
    statistics(
        "band of one coin for a median",
        replace("np.median(coins, axis=1).std()", "coins.std()"),
        "test_band_of_a_median",
    ),
    learned_words(
        "nearest by distance, not by angle",
        replace(
            "similarity = directions @ directions[number]",
            "similarity = -np.linalg.norm(table - table[number], axis=1)",
        ),
        "test_nearest_words_by_angle",
    ),
    bags(
        "pairs are single words",
        replace("range(1, ngrams + 1)", "range(1, 2)"),
        "test_order_of_words_counts_for_pairs_only",
    ),
    vectors(
        "neighbours on one side only",
        replace("((earlier, later), (later, earlier))", "((earlier, later),)"),
        "test_meetings_are_counted",
    ),
    vectors(
        "rare neighbours count too much",
        replace("counts.sum(axis=0) ** SMOOTHING", "counts.sum(axis=0)"),
        "test_information_is_that_of_the_formula",
    ),
    recorded(
        "seeds after the first epoch",
        replace("last if epoch is None else", "1 if epoch is None else"),
        "02:imports,data,chance-band,many-seeds,claim-many-seeds",
        "test_readme_shows_what_is_stored",
    ),
    picture("figure without its alt text", replace('"alt": self.alt, ', "")),
    picture(
        "pixels without their text", replace("(self._pixels(), self.alt,", '(self._pixels(), "",')
    ),
    results(
        "alt text with another number",
        replace("loss from {loss[0]:.2f}", "loss from {history['loss'][0]:.2f}"),
        "test_texts_say_what_is_seen",
    ),
    results(
        "one half counts as positive",
        replace("np.ravel(y_probability) > CHANCE", "np.ravel(y_probability) >= CHANCE"),
        "test_confusion_counts_as_keras_accuracy_does",
    ),
    prediction(
        "praise is orange",
        replace("np.diff(self.probabilities, prepend", "-np.diff(self.probabilities, prepend"),
        "test_up_is_blue_and_down_is_orange",
    ),
    batch_cells(
        "page's GRU resets nothing on the way back",
        replace("toState[g] = toWord[g] * sums[r]", "toState[g] = toWord[g]"),
    ),
    learner(
        "page adds up a token's gradients before it measures them",
        replace("return squared(toVectors);", "return 0;"),
    ),
    adam("page clips nothing", replace("Math.min(1, LONGEST / length)", "1")),
    page_task("counting tells the answer", replace("% k] = 2 - label;", "% k] = 1 + label;")),
]
