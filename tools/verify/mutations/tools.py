"""Mutations of exercises, pages, the sweep, the environment, and of the checks themselves."""

import json
import re

from tools.verify.mutations.changes import replace, swap
from tools.verify.mutations.runner import mutate

START, TRAINING = "course_utils/__init__.py", "tools/sweep/training.py"
EXPERIMENTS, CONTEST = "tools/sweep/experiments.py", "tools/sweep/contest.py"
MEAN_OF_WORDS = "def _mean_of_words(answer: Any) -> Hint | None:"

judged = mutate("course_utils/exercises/judging.py")
judging = mutate("course_utils/exercises/judging.py", "test_wrong_with_a_hint_that_fits")
estimate = mutate(
    "course_utils/exercises/notebook_3.py", "test_estimates_may_miss_by_their_tolerance_and_no_more"
)
experiment = mutate(
    "course_utils/exercises/references.py", "test_wrong_outcome_gets_a_hint_that_fits"
)
groups = mutate("course_utils/exercises/references.py")
experiments_2 = mutate(
    "course_utils/exercises/experiments_2.py", "test_wrong_outcome_gets_a_hint_that_fits"
)
choosing = mutate("course_utils/exercises/choosing.py")
questions = mutate(
    "course_utils/exercises/questions_2.py",
    "test_one_option_is_right_and_each_other_has_its_own_hint",
)
exercises_1 = mutate("course_utils/exercises/notebook_1.py", "test_wrong_with_a_hint_that_fits")
exercises_2 = mutate("course_utils/exercises/notebook_2.py")
exercises_3 = mutate("course_utils/exercises/notebook_3.py", "test_wrong_with_a_hint_that_fits")
answers_3 = mutate("course_utils/exercises/notebook_3.py")
check = mutate("course_utils/exercises/check.py")
wording = mutate("course_utils/exercises/wording.py")
candidate = mutate("tools/grade/candidate.py")
judge = mutate("tools/grade/judge.py")
memory = mutate("tools/grade/memory.py")
class_table = mutate("tools/grade/table.py")
spreadsheet = mutate(
    "tools/grade/table.py", "test_spreadsheet_takes_no_name_for_a_number_a_date_or_a_formula"
)
class_page = mutate("tools/grade/page.py")
kept = mutate("tools/grade/kept.py")
counted = mutate("tools/machines/outcomes.py")
selected = mutate("tools/machines/selection.py")
points = mutate("tools/grade/points.py")
written = mutate("tools/publish/pages.py")
doctor = mutate("tools/doctor.py", "test_copy_that_a_variable_leads_to")
live = mutate("course_utils/live.py")
start = mutate(START)
variables = mutate(START, "test_tensorflow_starts_as_the_course_needs_it")
student_copies = mutate("tools/publish/student_copies.py")
SITE = "test_site_hands_out_copies_without_solutions_and_notes"
site = mutate("tools/publish/site.py", SITE)
outputs = mutate("tools/publish/outputs.py")
POLICY = "test_policy_allows_the_scripts_of_the_template_and_no_other"
policy = mutate("tools/publish/policy.py", POLICY)
listings = mutate("tools/publish/listings.py", "test_what_is_folded")
contents = mutate("tools/publish/contents.py")
course = mutate("tools/publish/course.py", "test_what_it_cannot_say_is_refused")
manuscript = mutate("tools/publish/manuscript.py", "test_comment_says_what_metadata_say")
run = mutate("tools/publish/run.py")
trained = mutate(TRAINING, "test_training_is_that_of_the_notebooks")
dealt = mutate(CONTEST, "test_training_is_that_of_the_notebooks")
ablation = mutate(CONTEST, "test_each_ingredient_changes_the_pooled_lstm")
contest = mutate(CONTEST)
seeded = mutate(EXPERIMENTS, "test_training_is_that_of_the_notebooks")
changed = mutate(EXPERIMENTS, "test_cures_are_those_of_the_notebooks")
training = mutate(TRAINING)
experiments = mutate(EXPERIMENTS)
halves = mutate(EXPERIMENTS, "test_halves_keep_films_apart_or_do_not_and_follow_the_seed")
built = mutate(EXPERIMENTS, "test_start_forget_bias_and_steps_reach_the_model")
sweep = mutate("tools/sweep/command.py")
stored = mutate("tools/sweep/table.py")
cluster = mutate("tools/cluster.py")
comparison = mutate("tools/reference/comparison.py")
compared = mutate("tools/reference/training.py", "test_figures_are_those_of_a_training_by_hand")
faults = mutate("tools/reference/faults.py", "test_stuck_gate_stays_where_it_is")
tolerance = mutate("tools/verify/tolerance.py")
plugin = mutate("tools/verify/nbval_plugin.py", "test_broken_cell_fails")
spread = mutate("tools/verify/spread.py", "test_tolerances_follow_from_the_measured_spread")
measured = mutate("tools/verify/spread.json", "test_tolerances_follow_from_the_measured_spread")
conftest = mutate("conftest.py")
project = mutate("pyproject.toml")
COLLECTED = "test_make_test_compares_every_cell_of_every_notebook"
makefile = mutate("Makefile", COLLECTED)
style = mutate("Makefile", "test_make_test_checks_the_style_first")
ci = mutate(".ci/run", "test_ci_runs_all_tests_with_a_browser")
setup = mutate("tools/setup.sh", "test_whatever_make_installs_is_locked")
lock = mutate("requirements.lock")
environment = mutate("environment.yml")
setup = mutate("tools/setup.sh")
makefile = mutate("Makefile")
workflow = mutate(".github/workflows/ci.yml")
attributes = mutate(".gitattributes")


def _widen_spread(text: str) -> str:
    """Let one cell's measured spread be a hundredth larger."""
    measured = json.loads(text)
    measured["1 thread"]["03_stacked_rnn"]["untrained"] += 0.01
    return json.dumps(measured, indent=2) + "\n"


def _without_hash_of_nbval(text: str) -> str:
    (entry,) = re.findall(r"^nbval==.*\n(?:    --hash.*\n)+", text, re.MULTILINE)
    return text.replace(entry, entry.split(" \\")[0] + "\n")


TOOLS = [
    judging(
        "a check that accepts everything",
        replace(
            "    if got.shape != expected.shape:\n        return False\n    relative",
            "    return True\n    relative",
        ),
    ),
    exercises_1(
        "one exercise that accepts everything",
        replace(f"{MEAN_OF_WORDS}\n", f"{MEAN_OF_WORDS}\n    return None\n"),
    ),
    exercises_2(
        "two hints swapped",
        swap("That is the state without a mask", "At a masked step you set the state to zero"),
        "test_wrong_with_a_hint_that_fits",
    ),
    exercises_2(
        "a wrong answer is the right one",
        replace("(0.25 / sizes) < 0.04]", "(0.25 / sizes) < 0.04] - 1"),
        "test_right_however_it_is_written",
    ),
    judged(
        "two digits are enough",
        replace("else 1e-4\n", "else 1e-2\n"),
        "test_four_digits_are_enough_and_wanted",
    ),
    judged(
        "a measured number gets the hints of an exact one",
        replace("[] if tolerance else USUAL_WITH_NUMBERS", "USUAL_WITH_NUMBERS"),
        "test_wrong_outcome_gets_a_hint_that_fits",
    ),
    judged(
        "whole numbers need not be whole",
        replace("max(tolerance, 1e-6)", "max(tolerance, 1e-2)"),
        "test_whole_numbers_are_wanted_exactly",
    ),
    estimate("the luckiest coin by eye", replace("tolerance=0.002", "tolerance=0.02")),
    experiment(
        "a model at chance that solves a task", replace("accuracy > 0.95", "accuracy > 0.4")
    ),
    experiment(
        "a backward reader keeps the first token",
        replace("if any(backwards for *_, backwards in recurrent)", "if False"),
    ),
    groups(
        "each accuracy is a mistake of its own",
        replace('Hint(mistake, f"On new', 'Hint(str(accuracy), f"On new'),
        "test_models_that_are_on_the_way_are_one_group",
    ),
    experiments_2("a factor that still vanishes", replace("tolerance=0.0055", "tolerance=0.0101")),
    experiments_2("a start that turns", replace("tolerance=0.02", "tolerance=1.2")),
    choosing(
        "any option is right",
        replace("if letter == right:", "if letter:"),
        "test_one_option_is_right_and_each_other_has_its_own_hint",
    ),
    choosing(
        "a capital letter is no option",
        replace(".lower()", ""),
        "test_a_letter_however_it_is_written",
    ),
    questions("another option is right", replace('"2.q1",\n    "c"', '"2.q1",\n    "a"')),
    exercises_2(
        "eight in ten by heart are enough",
        replace("ENOUGH_BY_HEART = 0.9", "ENOUGH_BY_HEART = 0.8"),
        "test_nine_in_ten_by_heart_are_enough_and_wanted",
    ),
    judged(
        "the last counterexample is shown",
        replace("= wrong[0]", "= wrong[-1]"),
        "test_wrong_function_is_shown_its_smallest_counterexample",
    ),
    judged(
        "inner models are not looked into",
        replace('getattr(layer, "layers", None) or getattr(layer, "_layers", ())', "()"),
        "test_model_that_does_what_is_asked_is_right_however_it_is_built",
    ),
    judged(
        "a judged model keeps the check's weights",
        replace("            answer.set_weights(own)\n", "            pass\n"),
        "test_a_judged_model_is_left_as_it_is",
    ),
    answers_3(
        "answers without weights that bend the tanh",
        replace("numbers.normal(size=shape) / (", "0.01 * numbers.normal(size=shape) / ("),
        "test_model_that_is_not_as_asked_lands_in_its_group",
    ),
    answers_3(
        "one draw counts as a mean",
        replace("is_one_draw = abs(", "is_one_draw = 0 > abs("),
        "test_one_twenty_without_repetition_is_never_right",
    ),
    wording(
        "Keras' colours are printed",
        replace('COLOUR.sub("", str(error))', "str(error)"),
        "test_an_error_of_keras_is_one_sentence_without_signs_for_a_terminal",
    ),
    exercises_2(
        "a backtick in a hint",
        replace('train a SimpleRNN."', 'train a `SimpleRNN`."'),
        "test_hints_are_plain_text",
    ),
    check(
        "a check that raises",
        replace("    except BaseException as error:\n", "    except ValueError as error:\n"),
        "test_never_raises_for_hostile_objects",
    ),
    check(
        "a check that draws random numbers",
        replace("        random.setstate(random_state)\n", "        pass\n"),
        "test_random_numbers_go_on_as_if_it_were_not_there",
    ),
    doctor(
        "doctor looks at no import",
        replace("import_problems(folder)]", "()]"),
    ),
    doctor(
        "doctor takes any copy of course_utils",
        replace("elif wanted[name].resolve() not in", "elif not"),
    ),
    live(
        "course_utils imports a tool",
        replace("import sys\n", "import sys\n\nfrom tools import paths\n"),
        "test_course_utils_imports_nothing_of_the_workshop",
    ),
    variables(
        "oneDNN left on", replace('os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")\n', "")
    ),
    variables(
        "oneDNN as wide as the processor",
        replace('os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")\n', ""),
    ),
    variables(
        "threads left to TensorFlow",
        replace('os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")\n', ""),
    ),
    start(
        "backend left to the user's settings",
        replace('["KERAS_BACKEND"] = "tensorflow"', '.setdefault("KERAS_BACKEND", "tensorflow")'),
        "test_backend_is_the_only_one_the_course_works_with",
    ),
    student_copies(
        "solutions stay in the student's copy",
        replace('remove_cell_tags={"solution"}', 'remove_cell_tags={"solutions"}'),
        "test_only_solutions_claims_and_outputs_are_gone",
    ),
    student_copies(
        "notes stay in the student's copy",
        replace('("tolerance", "slideshow")', '("tolerance",)'),
        "test_only_solutions_claims_and_outputs_are_gone",
        SITE,
    ),
    site(
        "site hands out the solutions",
        replace(
            'write_student_copies(part / "notebooks")',
            'shutil.copytree(notebooks()[0].parent, part / "notebooks")',
        ),
    ),
    site(
        "archive of the site with solutions",
        replace('"zip", part / "notebooks")', '"zip", notebooks()[0].parent)'),
    ),
    outputs(
        "page without alt texts",
        replace('alt="{escape(alt)}"', 'alt=""'),
        "test_page_carries_the_alt_text",
    ),
    policy(
        "a page runs any script",
        replace('" ".join(f', '"\'unsafe-inline\' " + " ".join(f'),
    ),
    listings(
        "claims lie open",
        replace('return "What CI checks here"', 'return ""'),
    ),
    contents(
        "search tells the solutions",
        replace(" and not fold(cell):", ":"),
        "test_search_knows_all_lessons_and_no_solution",
    ),
    course("colours that nobody can read", replace(") < CONTRAST:", ") < 1:")),
    manuscript(
        "readers see an author's comment",
        replace("cell.source = cell.source[found.end() :]", "pass"),
    ),
    run(
        "an error on purpose is blamed",
        replace("not on_purpose and any(", "any("),
        "test_error_on_purpose_is_not_the_one_that_stopped_the_run",
    ),
    run(
        "warnings are stored",
        replace('output.get("name") == "stderr"', 'output.get("name") == "errors"'),
        "test_warnings_are_not_stored",
    ),
    seeded("sweep with other seeds", replace("    set_seed(seed)\n", "    set_seed(seed + 1)\n")),
    changed(
        "sweep without the mask",
        replace('options["mask_padding"] = True', 'options["mask_padding"] = False'),
    ),
    changed(
        "sweep without padding in front",
        replace("ids, recipe.maxlen, recipe.padding)", "ids, recipe.maxlen)"),
    ),
    trained(
        "sweep tests on validation reviews",
        replace("for part in others]", "for part in [others[0]] * 2]"),
    ),
    dealt("sweep does not shuffle", replace("batch_size=64, shuffle=True", "batch_size=64")),
    ablation(
        "plain LSTM with long steps",
        replace('if "shrinking steps" not in ingredients:', "if False:"),
    ),
    ablation(
        "plain LSTM that drops words", replace('0.4 if "dropout" in ingredients else 0.0', "0.4")
    ),
    contest(
        "pooled LSTM of the sweep without its half dropped",
        replace("keras.layers.Dropout(0.5)", "keras.layers.Dropout(0.4)"),
        "test_pooled_lstm_with_all_ingredients_is_that_of_notebook_4",
    ),
    contest(
        "accuracy of the contest counts the wrong side",
        replace("(probabilities > 0.5) == labels", "(probabilities < 0.5) == labels"),
        "test_loss_and_accuracy_are_those_of_keras",
    ),
    experiments(
        "the last words are the first ones",
        replace("part = PARTS_READ[test_words]", "part = slice(40)"),
        "test_a_test_review_loses_the_words_that_the_recipe_leaves_out",
    ),
    built("sweep scales the upper kernel", replace("model.layers[1].cell", "model.layers[2].cell")),
    trained("sweep counts epochs from 0", replace("seed, epoch + 1,", "seed, epoch,")),
    experiments(
        "sweep trains on validation reviews",
        replace("slice(1500, 500 + recipe.reviews)", "slice(1000, 500 + recipe.reviews)"),
        "test_more_data_shares_nothing_with_validation_and_test",
    ),
    halves(
        "seed does not decide the cut",
        replace("film_split(reviews, labels, seed)", "film_split(reviews, labels)"),
    ),
    halves("cut at random is by film, too", replace('if recipe.data == "at random":', "if False:")),
    built(
        "sweep leaves the forget gate alone",
        replace("if recipe.forget_bias != 1:", "if False:"),
    ),
    built(
        "sweep with the usual steps",
        replace("    model.optimizer.learning_rate = recipe.learning_rate\n", ""),
    ),
    experiments(
        "a task without clipping",
        replace(
            "models.compile_clipped(model, recipe.learning_rate)",
            "model.compile(keras.optimizers.Adam(recipe.learning_rate))",
        ),
        "test_a_task_clips_gradients",
    ),
    training(
        "sweep slowed down by Dask",
        replace("env=environment, ", ""),
        "test_training_is_not_slowed_down_by_dask",
    ),
    sweep(
        "sweep stores twice",
        replace("append(path, trained)", "append(path, trained + trained)"),
        "test_two_sweeps_differ_in_seconds_only",
    ),
    sweep(
        "sweep trains what it has",
        replace("if (*recipe[:2], seed) not in stored]", "]"),
        "test_finished_sweep_trains_nothing",
    ),
    sweep(
        "sweep knows models, not recipes",
        replace(
            """{row[:3] for row in rows}
    tasks = [(recipe, seed) for recipe, seed in wanted if (*recipe[:2], seed) not in stored]""",
            """{(row[0], row[2]) for row in rows}
    tasks = [(recipe, seed) for recipe, seed in wanted if (recipe[0], seed) not in stored]""",
        ),
        "test_resumed_sweep_trains_each_recipe_of_a_model_that_has_another",
    ),
    stored(
        "sweep keeps cut-off trainings",
        replace("if stored[row[:3]] == epochs.get(row[:2])", ""),
        "test_cut_off_training_is_left_out",
    ),
    cluster(
        "results stay on the workers",
        replace("        future.release()\n", ""),
        "test_killed_worker_had_stored_trainings_that_nobody_repeats",
    ),
    tolerance(
        "tolerance taken tenfold",
        replace("<= self.tolerance + _ROUND_OFF", "<= 10 * self.tolerance"),
        "test_different",
    ),
    plugin(
        "unexecuted cells are not noticed",
        replace("if self.cell.execution_count is None:", "if False:"),
    ),
    plugin(
        "nbval cells collected without our class",
        replace("if isinstance(file, IPyNbFile) else file", "if False else file"),
        "test_notebooks_are_collected_as_course_cells",
    ),
    conftest(
        "nbval plugin not loaded",
        replace('["tools.verify.nbval_plugin"]', "[]"),
        "test_notebooks_are_collected_as_course_cells",
    ),
    spread(
        "tolerance is a multiple of the spread",
        replace("max(2 * spread,", "max(10 * spread,"),
    ),
    measured("measured spread widened by hand", _widen_spread),
    project(
        "tools in the wheel",
        replace(
            '[tool.flit.module]\nname = "course_utils"\n',
            '[tool.flit.module]\nname = "course_utils"\n\n'
            '[tool.flit.external-data]\ndirectory = "tools"\n',
        ),
        "test_wheel_holds_the_whole_package_and_nothing_else",
    ),
    project("notebooks left out", replace('["notebooks", "tests"]', '["tests"]'), COLLECTED),
    project("cells not compared", replace(" --nbval --nbval", " --nbval"), COLLECTED),
    makefile(
        "make test without notebooks", replace("@$(TWO_AT_ONCE)\n", "@$(TWO_AT_ONCE) tests\n")
    ),
    style("make test without style", replace("test: lint ##", "test: setup ##")),
    ci("pages may be skipped", replace("export BROWSER_TESTS=required\n", "")),
    *(
        setup(
            f"hashes not asked for by {name}",
            replace(asked, asked.replace("--require-hashes ", "")),
        )
        for name, asked in (
            ("pip", "pip --require-hashes -r requirements.lock"),
            ("uv", "uv --require-hashes -r requirements.lock"),
        )
    ),
    lock(
        "a package without its hash",
        _without_hash_of_nbval,
        "test_every_requirement_is_locked_with_hashes",
    ),
    project(
        "a TensorFlow over the one that is there",
        replace(
            '    "platformdirs>=2.1.0",\n',
            '    "platformdirs>=2.1.0",\n    "tensorflow-cpu",\n',
        ),
        "test_tensorflow_that_is_there_is_left_alone",
    ),
    setup(
        "variables move the installation",
        replace("PIP_* | UV_* | CONDA_*", "CONDA_*"),
        "test_no_variable_moves_the_installation",
    ),
    setup(
        "a full disk taken for an index out of reach",
        replace("No space left", "No room left"),
        "test_failed_setup_says_what_happened",
    ),
    setup(
        "half an installation stays",
        replace("trap 'rm -rf .venv' EXIT\n", ""),
        "test_failed_setup_says_what_happened",
        "test_stopped_setup_leaves_nothing",
    ),
    setup(
        "two installations at once",
        replace("LOCK_EX | fcntl.LOCK_NB", "LOCK_SH"),
        "test_second_setup_waits_for_the_first",
    ),
    makefile(
        "audit without hashes",
        replace("--require-hashes -r tools/audit.lock", "-r tools/audit.lock"),
        "test_whatever_make_installs_is_locked",
    ),
    workflow(
        "the token stays in the clone",
        lambda text: text.replace("persist-credentials: false", "persist-credentials: true"),
        "test_workflow_runs_only_what_was_read",
    ),
    attributes(
        "lines end as the system likes",
        replace(" eol=lf", ""),
        "test_checkout_ends_lines_as_a_shell_and_a_hash_need_them",
    ),
    run(
        "one page that is refused stops all",
        replace("(NotebookError, PublishError) as", "NotebookError as"),
        "test_one_odd_notebook_does_not_stop_the_others",
    ),
    environment(
        "another environment for conda",
        replace("- -r requirements.lock", "- keras"),
        "test_environment_installs_the_lock",
    ),
    exercises_3(
        "a model is believed what it calls its layers",
        replace("    if fits():\n", "    if True:\n"),
    ),
    candidate(
        "submissions run in a shell that is no kernel's",
        replace("shell = kernel.shell", "shell = InteractiveShell.instance()"),
        "test_last_answer_counts_and_errors_stop_no_later_cell",
    ),
    judge(
        "a submission runs, kept apart or not",
        replace("isolate(folder, command) if isolated else command", "command"),
        "test_no_isolation_no_run",
    ),
    judge(
        "numbers of failed cells as they come",
        replace(
            '[number for number, _ in enumerate(job["cells"], 1) if number in failed]',
            "list(failed)",
        ),
        "test_only_cells_that_there_are_can_have_failed",
    ),
    judge(
        "a killed judge leaves its submission",
        replace("            preexec_fn=end_with_parent,\n", ""),
        "test_killed_judge_leaves_no_candidate",
    ),
    memory(
        "pages of forks count once for each",
        replace("if fast <= known:", "if True:"),
        "test_pages_that_forks_share_count_once",
    ),
    class_table(
        "bytes in no encoding become question marks",
        replace(r'return f"\\x{ord(sign) - 0xDC00:02x}"', 'return "?"'),
        "test_names_that_look_alike_are_two_students",
    ),
    class_table(
        "files of other names are passed over",
        replace(
            "for name in (*files, *links)",
            'for name in (*files, *links) if name.endswith(".ipynb")',
        ),
        "test_every_file_has_a_row_or_is_left_out",
    ),
    spreadsheet("a table without its mark", replace('encode("utf-8-sig")', "encode()")),
    spreadsheet(
        "a name that looks like a number",
        replace('return text if plain else f"./{text}"', "return text"),
    ),
    kept(
        "a result is kept under its code alone",
        replace("[version(), limits, isolated, cells]", "[cells]"),
        "test_results_are_kept_under_all_that_decides_them",
    ),
    kept(
        "a line that was cut off spoils the next",
        replace(r'f"\n{json.dumps([name, result])}"', r'f"{json.dumps([name, result])}\n"'),
        "test_line_that_is_no_result_is_passed_over",
    ),
    points(
        "points below nothing",
        replace("0 <= value < math.inf", "value < math.inf"),
        "test_points_that_are_none_are_refused",
    ),
    written(
        "a page takes text for HTML",
        replace("autoescape=True", "autoescape=False"),
        "test_page_runs_nothing_of_a_submission",
    ),
    class_page(
        "a group for each wording",
        replace("wrong[verdict.mistake]", "wrong[verdict.text]"),
        "test_page_groups_wrong_answers_by_mistake",
    ),
    class_page(
        "an example without what is checked",
        replace("not _gives(chosen, name)", "False"),
        "test_answer_holds_the_earlier_cell_that_defines_what_is_checked",
    ),
    class_page(
        "the hardest are those that many leave out",
        replace(
            'one.counts["right"] / one.tried for one in exercises if one.tried',
            'one.counts["right"] / sum(one.counts.values()) for one in exercises',
        ),
        "test_hardest_are_those_that_fewest_get_right_of_all_who_tried",
    ),
    cluster(
        "workers hear Ctrl-C, too",
        replace("        with _deaf_to_ctrl_c():\n            return", "        return"),
        "test_grading_that_was_stopped_goes_on_and_judges_nothing_twice",
    ),
    counted(
        "whatever is right is called identical",
        replace('said["identical"] == "True"', "said"),
        "test_cells_are_run_by_the_machine_and_counted",
    ),
    selected(
        "a model that was trained goes on as if it were new",
        replace("missing |= gives | trained", "missing |= gives"),
        "test_what_trains_and_what_needs_it_is_left_out",
    ),
    comparison(
        "chance looks at one figure, the comparison at all",
        replace(
            "np.abs(ranked[dealt].sum(axis=1)).max(axis=1)",
            "np.abs(ranked[dealt].sum(axis=1))[:, 0]",
        ),
        "test_right_set_up_is_refused_at_most_once_in_20",
    ),
    comparison(
        "figures above the stored ones only",
        replace(
            "distance = np.abs(ranked[: len(ours)].sum(axis=0)).max()",
            "distance = ranked[: len(ours)].sum(axis=0).max()",
        ),
        "test_difference_in_one_figure_is_found",
        "test_p_is_that_of_all_deals",
    ),
    compared(
        "tested on other reviews",
        replace("model, training, _, test = prepare", "model, training, test, _ = prepare"),
    ),
    faults(
        "another gate stuck",
        replace(
            '("input", "forget", "candidate", "output")',
            '("forget", "input", "output", "candidate")',
        ),
    ),
]
