"""Mutations of exercises, pages, the sweep, the environment, and of the checks themselves."""

import json
import re

from tools.verify.mutations.changes import replace, swap
from tools.verify.mutations.runner import mutate

START, TRAINING = "course_utils/__init__.py", "tools/sweep/training.py"
MEAN_OF_WORDS = "def _mean_of_words(answer: Any) -> str | None:"

judging = mutate("course_utils/exercises/judging.py", "test_wrong_with_a_hint_that_fits")
exercises_1 = mutate("course_utils/exercises/notebook_1.py", "test_wrong_with_a_hint_that_fits")
exercises_2 = mutate("course_utils/exercises/notebook_2.py")
check = mutate("course_utils/exercises/check.py")
doctor = mutate("tools/doctor.py", "test_copy_that_a_variable_leads_to")
live = mutate("course_utils/live.py")
start = mutate(START)
variables = mutate(START, "test_tensorflow_starts_as_the_course_needs_it")
student_copies = mutate("tools/publish/student_copies.py")
page = mutate("tools/publish/templates/page.html.j2")
run = mutate("tools/publish/run.py")
trained = mutate(TRAINING, "test_training_is_that_of_the_notebooks")
changed = mutate(TRAINING, "test_cures_are_those_of_the_notebooks")
training = mutate(TRAINING)
halves = mutate(TRAINING, "test_halves_keep_films_apart_or_do_not_and_follow_the_seed")
built = mutate(TRAINING, "test_start_forget_bias_and_steps_reach_the_model")
sweep = mutate("tools/sweep/command.py")
stored = mutate("tools/sweep/table.py")
cluster = mutate("tools/cluster.py")
tolerance = mutate("tools/verify/tolerance.py")
plugin = mutate("tools/verify/nbval_plugin.py", "test_broken_cell_fails")
spread = mutate("tools/verify/spread.py", "test_tolerances_follow_from_the_measured_spread")
measured = mutate("tools/verify/spread.json", "test_tolerances_follow_from_the_measured_spread")
conftest = mutate("conftest.py")
project = mutate("pyproject.toml")
lock = mutate("requirements.lock")
environment = mutate("environment.yml")


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
        replace('            or import_problems(ROOT / "notebooks")\n', ""),
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
        "test_only_solutions_and_outputs_are_gone",
    ),
    page(
        "page without alt texts",
        replace("output.metadata['image/png'].alt", "''"),
        "test_page_carries_the_alt_text",
    ),
    run(
        "warnings are stored",
        replace('output.get("name") == "stderr"', 'output.get("name") == "errors"'),
        "test_warnings_are_not_stored",
    ),
    trained("sweep with other seeds", replace("    set_seed(seed)\n", "    set_seed(seed + 1)\n")),
    changed(
        "sweep without the mask",
        replace('options["mask_padding"] = True', 'options["mask_padding"] = False'),
    ),
    changed(
        "sweep without padding in front",
        replace("ids, recipe.maxlen, recipe.padding)", "ids, recipe.maxlen)"),
    ),
    trained(
        "sweep tests on validation reviews", replace("*evaluate(*test)", "*evaluate(*validation)")
    ),
    trained("sweep does not shuffle", replace("batch_size=64, shuffle=True", "batch_size=64")),
    trained("sweep counts epochs from 0", replace("seed, epoch + 1,", "seed, epoch,")),
    training(
        "sweep trains on validation reviews",
        replace("slice(1500, 500 + recipe.reviews)", "slice(1000, 500 + recipe.reviews)"),
        "test_more_data_shares_nothing_with_validation_and_test",
    ),
    halves(
        "seed does not decide the cut",
        replace("film_split(reviews, labels, seed)", "film_split(reviews, labels)"),
    ),
    halves("cut at random is by film, too", replace('if recipe.data == "by film":', "if True:")),
    built(
        "sweep leaves the forget gate alone",
        replace("if recipe.forget_bias != 1:", "if False:"),
    ),
    built(
        "sweep with the usual steps",
        replace("    model.optimizer.learning_rate = recipe.learning_rate\n", ""),
    ),
    training(
        "a task without clipping",
        replace(", global_clipnorm=1.0", ""),
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
        replace("max(2 * spread, least)", "max(10 * spread, least)"),
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
    lock(
        "a package without its hash",
        _without_hash_of_nbval,
        "test_every_requirement_is_locked_with_hashes",
    ),
    environment(
        "another environment for conda",
        replace("- -r requirements.lock", "- keras"),
        "test_environment_installs_the_lock",
    ),
]
