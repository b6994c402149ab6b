"""Mutations of what a student works with: notes, guesses, help, the challenge, own copies."""

from tools.verify.mutations.changes import replace
from tools.verify.mutations.runner import mutate

notes = mutate("course_utils/exercises/notes.py")
guessing = mutate("course_utils/exercises/guessing.py")
help_in_steps = mutate("course_utils/exercises/help.py")
progress = mutate("course_utils/exercises/progress.py")
challenge = mutate("course_utils/exercises/challenge.py")
check = mutate("course_utils/exercises/check.py", "test_only_attempts_leave_a_note")
hints = mutate("course_utils/exercises/hints.toml")
statistics = mutate("course_utils/probes/statistics.py")
student_copies = mutate("tools/publish/student_copies.py")
lab = mutate("tools/publish/lab.py", "test_work_is_never_overwritten")
run = mutate("tools/publish/run.py", "test_run_depends_on_no_notes_and_leaves_none")

LEARNING = [
    notes(
        "a note is glued to one that was cut off",
        replace(r'f"\n{json.dumps(one)}"', r'f"{json.dumps(one)}\n"'),
        "test_line_that_a_kill_cut_off_does_not_spoil_the_next",
    ),
    notes(
        "a damaged file is thrown away",
        replace("        path.rename(aside)\n", "        aside = path\n"),
        "test_damaged_file_costs_one_line_and_gets_one_sentence",
    ),
    notes(
        "true counts as a number of reviews",
        replace("if isinstance(value, bool) and KINDS[kind] is not bool", "if False"),
        "test_damaged_file_costs_one_line_and_gets_one_sentence",
    ),
    notes(
        "notes of the folder that a cell has gone to",
        replace("os.environ.get(VARIABLE, str(FILE))", "os.environ.get(VARIABLE, FILE.name)"),
        "test_notes_lie_beside_the_notebook_and_outlive_the_process",
    ),
    check(
        "an untouched exercise counts as an attempt",
        replace('if found.status != "not attempted":', "if found.status:"),
    ),
    guessing(
        "a bet may follow the truth",
        replace('last not in (None, value) and noted("truth", name)', "False"),
        "test_bet_may_change_until_the_truth_was_seen",
    ),
    guessing(
        "a bet after the truth counts",
        replace("last, counts = one.value, not seen", "last, counts = one.value, True"),
        "test_bet_after_the_truth_does_not_count",
    ),
    guessing(
        "a guess that was taken back counts on",
        replace('            note("guess", name, None)\n', "            pass\n"),
        "test_untouched_guess_says_the_same_whatever_was_guessed_before",
    ),
    help_in_steps(
        "a solution before any attempt",
        replace('if not noted("check", name):', "if False:"),
        "test_solution_opens_after_an_attempt",
    ),
    hints(
        "two hints for an exercise",
        replace('    "Look the word up first.', '    # "Look the word up first.'),
        "test_each_exercise_has_three_hints_and_no_other_has",
    ),
    progress(
        "right is right, whatever was looked at before",
        replace("COPIED if name in seen else RIGHT", "RIGHT"),
        "test_states_follow_what_was_done",
    ),
    challenge(
        "a challenge on reviews that were trained on",
        replace("film_folds() < PARTS", "film_folds() >= 20 - PARTS"),
        "test_reviews_are_of_films_that_training_and_validation_never_saw",
    ),
    challenge(
        "as many tries as you like",
        replace("if len(_tries()) < TRIES:", "if True:"),
        "test_number_of_tries_is_fixed",
    ),
    statistics(
        "the interval of an accuracy without its correction",
        replace("(share + square / 2) / (1 + square)", "share"),
        "test_accuracy_interval_holds_what_the_data_do_not_refute",
    ),
    student_copies(
        "claims stay in the student's copy",
        replace("if not is_claim(cell)]", "if cell]"),
        "test_no_claim_stops_who_experiments",
    ),
    lab("a student's work is overwritten", replace("if not os.path.lexists(mine):", "if True:")),
    lab(
        "a damaged copy is called an old one",
        replace("if _made_from(path)\n", "if path\n"),
        "test_damaged_copy_is_not_told_that_the_course_has_changed",
    ),
    run("stored outputs depend on notes", replace('env={**os.environ, NOTES: ""}', "")),
]
"""Mutations of what a student works with."""
