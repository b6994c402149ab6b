"""Mutations of figures: numbers, cells, bands and arrows drawn in the place of others."""

from tools.verify.mutations.changes import replace, swap
from tools.verify.mutations.runner import mutate

FIGURES = "course_utils/figures/"

history = mutate(
    f"{FIGURES}results.py", "test_history_draws_training_and_validation_each_under_its_name"
)
confusion = mutate(
    f"{FIGURES}results.py",
    "test_confusion_counts_what_the_review_is_against_what_the_model_says",
)
seeds = mutate(f"{FIGURES}results.py", "test_seeds_are_points_and_their_bar_is_the_median")
cost = mutate(f"{FIGURES}results.py", "test_cost_puts_each_model_at_its_seconds_and_accuracy")
lengths = mutate(f"{FIGURES}data.py", "test_lengths_are_counted_and_the_median_is_the_median")
padding = mutate(f"{FIGURES}data.py", "test_padding_shows_where_words_and_zeros_stand")
gates = mutate(f"{FIGURES}inside.py", "test_each_panel_of_the_gates_draws_its_own")
states = mutate(f"{FIGURES}inside.py", "test_hidden_states_stand_at_their_step_and_unit")
gradients = mutate(
    f"{FIGURES}inside.py", "test_gradients_are_drawn_step_by_step_each_under_its_name"
)
running = mutate(f"{FIGURES}inside.py", "test_running_prediction_rises_and_falls_where_it_does")
word_map = mutate(
    f"{FIGURES}inside.py", "test_word_map_puts_each_word_at_its_point_in_its_groups_colour"
)
sequences = mutate(
    f"{FIGURES}inside.py",
    "test_return_sequences_hands_up_every_step_and_its_absence_the_last_alone",
)
curves = mutate(f"{FIGURES}curves.py", "test_curves_and_bands_are_the_given_numbers")
intervals = mutate(
    f"{FIGURES}curves.py", "test_intervals_reach_from_low_to_high_beside_their_numbers"
)
unrolled = mutate(
    f"{FIGURES}drawings.py", "test_unrolled_arrows_run_forward_and_the_gradients_back"
)
stack = mutate(f"{FIGURES}drawings.py", "test_stack_hands_every_state_upward_and_one_way_is_marked")
both_ways = mutate(f"{FIGURES}drawings.py", "test_one_layer_reads_forwards_the_other_backwards")
plan = mutate(f"{FIGURES}plan.py", "test_arrows_of_a_model_show_what_each_layer_reads")
lookup = mutate(
    f"{FIGURES}reading.py", "test_lookup_picks_the_same_place_of_the_row_and_row_of_the_table"
)
padded_row = mutate(
    f"{FIGURES}reading.py", "test_padded_row_writes_each_word_above_its_id_and_zeros_behind"
)
steps = mutate(f"{FIGURES}steps.py", "test_steps_add_up_to_the_whole")
cell = mutate(f"{FIGURES}cells.py", "test_each_gate_of_a_cell_has_the_colour_of_its_equation")

DRAWN = [
    history(
        "curve of validation draws the training",
        replace(
            '            values = history[f"{prefix}{key}"]', "            values = history[key]"
        ),
    ),
    confusion("confusion drawn transposed", replace("imshow(shares,", "imshow(shares.T,")),
    confusion(
        "names of the confusion exchanged",
        replace("set_xticks((0, 1), names)", "set_xticks((0, 1), names[::-1])"),
    ),
    seeds(
        "bar of the seeds is the mean", replace("[np.median(values)] * 2", "[np.mean(values)] * 2")
    ),
    cost("accuracies drawn as seconds", replace("*where.T, s=70", "*where.T[::-1], s=70")),
    lengths(
        "line of the median is the mean",
        replace("axvline(np.median(lengths)", "axvline(np.mean(lengths)"),
    ),
    padding("words in the colour of zeros", replace("([ZEROS, WORDS])", "([WORDS, ZEROS])")),
    gates(
        "every panel draws the input gate",
        replace("            values.T, aspect", "            shown.input_gate[:, most].T, aspect"),
    ),
    gates(
        "units of the gates upside down",
        replace("            values.T, aspect", "            values.T[::-1], aspect"),
    ),
    states("units upside down", replace("units + 0.5, 0.5)", "0.5, units + 0.5)")),
    gradients(
        "gradients from the end",
        replace("gradient > 0, gradient, np.nan", "gradient[::-1] > 0, gradient[::-1], np.nan"),
    ),
    running("falls are marked as rises", swap("(moves >= 0,", "(moves < 0,")),
    word_map("each group draws all words", replace("scatter(*members.T", "scatter(*points.T")),
    sequences(
        "the first state is handed up",
        replace("return_sequences or step == _TIME[-1]", "return_sequences or step == _TIME[0]"),
    ),
    curves("band from the curve up", replace("between(x, *band", "between(x, y, band[1]")),
    intervals(
        "interval from the estimate up",
        replace("axes.plot([low, high]", "axes.plot([estimate, high]"),
    ),
    unrolled(
        "gradient runs forward",
        replace(
            "(x - 0.43, _STATES - 0.12), (before + 0.43, _STATES - 0.12)",
            "(before + 0.43, _STATES - 0.12), (x - 0.43, _STATES - 0.12)",
        ),
    ),
    stack(
        "the way goes up at once",
        replace("(0, 1), (1, 1), (1, 2)", "(0, 1), (0, 2), (1, 2)"),
    ),
    both_ways(
        "both layers read forwards",
        replace("*ends[::side]", "*ends"),
    ),
    plan(
        "a layer reads the one below only",
        replace("for source in range(row) if", "for source in [row - 1] if"),
    ),
    lookup("another row is picked", replace("RED if name == str(row)", 'RED if name == "1"')),
    padded_row(
        "words above other ids",
        replace('given = ["(start)", *words]', 'given = [*words, "(start)"]'),
    ),
    steps(
        "all is seen from the first step on",
        replace("_show(set().union(*self._new), False)", "_show(set().union(*self._new), True)"),
    ),
    steps("a step holds what stays", replace("(pixels != before).any(", "(pixels == before).all(")),
    cell("names of two gates exchanged", replace('"f": 1.3, "i": 2.15', '"i": 1.3, "f": 2.15')),
]
