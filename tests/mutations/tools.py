"""Mutations of exercises, figures, the sweep, the environment, and of the checks themselves."""

import json
import re

from tests.mutations.changes import replace, swap
from tests.mutations.runner import Mutation

_EXERCISES = "course_utils/exercises.py"
_SWEEP = "course_utils/sweep.py"
_START = "course_utils/__init__.py"
_HINTS = "tests/test_checks.py::test_wrong_with_a_hint_that_fits"
_VARIABLES = "tests/test_start.py::test_tensorflow_starts_as_the_course_needs_it"


def _widen_spread(text: str) -> str:
    """Let one cell's measured spread be a hundredth larger."""
    spread = json.loads(text)
    spread["1 thread"]["03_stacked_rnn"]["untrained"] += 0.01
    return json.dumps(spread, indent=2) + "\n"


def _without_hash_of_nbval(text: str) -> str:
    (entry,) = re.findall(r"^nbval==.*\n(?:    --hash.*\n)+", text, re.MULTILINE)
    return text.replace(entry, entry.split(" \\")[0] + "\n")


TOOLS = [
    Mutation(
        "a check that accepts everything",
        "Every number and every array is called right.",
        "course_utils/checks.py",
        replace(
            "    if got.shape != expected.shape:\n        return False\n    relative",
            "    return True\n    relative",
        ),
        (_HINTS,),
    ),
    Mutation(
        "one exercise that accepts everything",
        "Exercise 1.4 calls every function right.",
        _EXERCISES,
        replace(
            "def _mean_of_words(answer: Any) -> str | None:\n",
            "def _mean_of_words(answer: Any) -> str | None:\n    return None\n",
        ),
        (_HINTS,),
    ),
    Mutation(
        "two hints swapped",
        "Exercise 2.4 explains the one mistake where the other was made.",
        _EXERCISES,
        swap("That is the state without a mask", "At a masked step you set the state to zero"),
        (_HINTS,),
    ),
    Mutation(
        "a wrong answer is the right one",
        "Exercise 2.2 asks for one review too few.",
        _EXERCISES,
        replace(
            "enough = sizes[3 * np.sqrt(0.25 / sizes) < 0.04]",
            "enough = sizes[3 * np.sqrt(0.25 / sizes) < 0.04] - 1",
        ),
        ("tests/test_checks.py::test_right_however_it_is_written",),
    ),
    Mutation(
        "a check that raises",
        "A strange answer stops the notebook.",
        "course_utils/checks.py",
        replace("    except BaseException as error:\n", "    except ValueError as error:\n"),
        ("tests/test_checks.py::test_never_raises_for_hostile_objects",),
    ),
    Mutation(
        "a check that draws random numbers",
        "What is trained after an exercise differs from what is trained without it.",
        "course_utils/checks.py",
        replace("        random.setstate(random_state)\n", "        pass\n"),
        ("tests/test_checks.py::test_random_numbers_go_on_as_if_it_were_not_there",),
    ),
    Mutation(
        "solutions stay in the student's copy",
        "Students get the answers.",
        "course_utils/student.py",
        replace('remove_cell_tags={"solution"}', 'remove_cell_tags={"solutions"}'),
        ("tests/test_student.py::test_only_solutions_and_outputs_are_gone",),
    ),
    Mutation(
        "figure without its alt text",
        "A picture is stored without the words for it.",
        "course_utils/plots.py",
        replace('{"image/png": {"alt": self.alt}}', "{}"),
        ("tests/test_plots.py::test_notebook_gets_pixels_and_text",),
    ),
    Mutation(
        "pixels without their text",
        "A picture that is copied from a notebook cannot be told from another one.",
        "course_utils/plots.py",
        replace(', "Description": self.alt}', "}"),
        ("tests/test_plots.py::test_notebook_gets_pixels_and_text",),
    ),
    Mutation(
        "alt text with another number",
        "The words say training where the curve is validation.",
        "course_utils/plots.py",
        replace("f\"from {history['val_loss'][0]:.2f}", "f\"from {history['loss'][0]:.2f}"),
        ("tests/test_plots.py::test_texts_say_what_is_seen",),
    ),
    Mutation(
        "page without alt texts",
        "Published pictures have none.",
        "course_utils/templates/page.html.j2",
        replace("output.metadata['image/png'].alt", "''"),
        ("tests/test_execute.py::test_page_carries_the_alt_text",),
    ),
    Mutation(
        "warnings are stored",
        "What a cell writes to stderr gets into the notebook.",
        "course_utils/execute.py",
        replace('output.get("name") == "stderr"', 'output.get("name") == "errors"'),
        ("tests/test_execute.py::test_warnings_are_not_stored",),
    ),
    Mutation(
        "sweep with other seeds",
        "The row of seed 1 holds what seed 2 gives.",
        _SWEEP,
        replace("    set_seed(seed)\n", "    set_seed(seed + 1)\n"),
        ("tests/test_sweep.py::test_training_is_that_of_the_notebooks",),
    ),
    Mutation(
        "sweep without the mask",
        "The cure is trained like the model as taught.",
        _SWEEP,
        replace('{"mask_padding": True} if recipe.mask', '{"mask_padding": False} if recipe.mask'),
        ("tests/test_sweep.py::test_cures_are_those_of_the_notebooks",),
    ),
    Mutation(
        "sweep without padding in front",
        "The cure is trained like the model as taught.",
        _SWEEP,
        replace(
            "pad_reviews(ids, recipe.maxlen, recipe.padding)", "pad_reviews(ids, recipe.maxlen)"
        ),
        ("tests/test_sweep.py::test_cures_are_those_of_the_notebooks",),
    ),
    Mutation(
        "sweep tests on validation reviews",
        "The test columns repeat the validation columns.",
        _SWEEP,
        replace(
            "*evaluate(*validation), *evaluate(*test)",
            "*evaluate(*validation), *evaluate(*validation)",
        ),
        ("tests/test_sweep.py::test_training_is_that_of_the_notebooks",),
    ),
    Mutation(
        "sweep does not shuffle",
        "Each epoch reads the reviews in the same order.",
        _SWEEP,
        replace("batch_size=64, shuffle=True", "batch_size=64"),
        ("tests/test_sweep.py::test_training_is_that_of_the_notebooks",),
    ),
    Mutation(
        "sweep counts epochs from 0",
        "What is called the first epoch is the second.",
        _SWEEP,
        replace(
            "rows.append(Row(*recipe[:2], seed, epoch + 1,",
            "rows.append(Row(*recipe[:2], seed, epoch,",
        ),
        ("tests/test_sweep.py::test_training_is_that_of_the_notebooks",),
    ),
    Mutation(
        "sweep trains on validation reviews",
        "More training data take in the reviews that measure.",
        _SWEEP,
        replace(
            "more = slice(1500, 500 + recipe.reviews)", "more = slice(1000, 500 + recipe.reviews)"
        ),
        ("tests/test_sweep.py::test_more_data_shares_nothing_with_validation_and_test",),
    ),
    Mutation(
        "sweep stores twice",
        "Each training is in the file two times.",
        _SWEEP,
        replace(
            "            append(path, trained)\n", "            append(path, trained + trained)\n"
        ),
        ("tests/test_sweep.py::test_two_sweeps_differ_in_seconds_only",),
    ),
    Mutation(
        "results stay on the workers",
        "A worker that dies takes stored trainings along, and Dask makes them again.",
        "course_utils/cluster.py",
        replace("        future.release()\n", ""),
        ("tests/test_sweep.py::test_killed_worker_had_stored_trainings_that_nobody_repeats",),
    ),
    Mutation(
        "sweep slowed down by Dask",
        "A variable of Dask's workers has memory given back at each step of a training.",
        _SWEEP,
        replace("env=environment, ", ""),
        ("tests/test_sweep.py::test_training_is_not_slowed_down_by_dask",),
    ),
    Mutation(
        "sweep trains what it has",
        "A sweep that goes on starts from the beginning.",
        _SWEEP,
        replace("if (*recipe[:2], seed) not in stored]", "]"),
        ("tests/test_sweep.py::test_finished_sweep_trains_nothing",),
    ),
    Mutation(
        "sweep keeps cut-off trainings",
        "A training of which rows are missing counts as finished.",
        _SWEEP,
        replace("if stored[row[:3]] == epochs.get(row[:2])", ""),
        ("tests/test_sweep.py::test_cut_off_training_is_left_out",),
    ),
    Mutation(
        "oneDNN left on",
        "Results differ more between machines.",
        _START,
        replace('os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")\n', ""),
        (_VARIABLES,),
    ),
    Mutation(
        "threads left to TensorFlow",
        "The order of additions depends on the number of cores.",
        _START,
        replace('os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")\n', ""),
        (_VARIABLES,),
    ),
    Mutation(
        "another backend",
        "Keras may start with what is in the user's settings.",
        _START,
        replace('["KERAS_BACKEND"] = "tensorflow"', '.setdefault("KERAS_BACKEND", "tensorflow")'),
        ("tests/test_start.py::test_backend_is_the_only_one_the_course_works_with",),
    ),
    Mutation(
        "a package without its hash",
        "Whatever an index offers under that name is installed.",
        "requirements.lock",
        _without_hash_of_nbval,
        ("tests/test_project.py::test_every_requirement_is_locked_with_hashes",),
    ),
    Mutation(
        "another environment for conda",
        "environment.yml installs something else than the lock.",
        "environment.yml",
        replace("- -r requirements.lock", "- keras"),
        ("tests/test_project.py::test_environment_installs_the_lock",),
    ),
    Mutation(
        "tolerance taken tenfold",
        "The comparison lets pass what the tolerance forbids.",
        "tests/tolerance.py",
        replace("<= self.tolerance + _ROUND_OFF", "<= 10 * self.tolerance"),
        ("tests/test_tolerance.py::test_different",),
    ),
    Mutation(
        "unexecuted cells are not noticed",
        "Where nothing is stored, nothing is compared.",
        "tests/nbval_plugin.py",
        replace("if self.cell.execution_count is None:", "if False:"),
        ("tests/test_nbval_plugin.py::test_broken_cell_fails",),
    ),
    Mutation(
        "tolerance is a multiple of the spread",
        "Ten times the measured spread is let pass, not twice.",
        "tests/spread.py",
        replace("max(2 * spread, least)", "max(10 * spread, least)"),
        ("tests/test_notebooks.py::test_tolerances_follow_from_the_measured_spread",),
    ),
    Mutation(
        "measured spread widened by hand",
        "A tolerance could follow that nothing measured.",
        "tests/spread.json",
        _widen_spread,
        ("tests/test_notebooks.py::test_tolerances_follow_from_the_measured_spread",),
    ),
]
