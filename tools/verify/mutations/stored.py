"""Mutations of what is stored: notebooks with sources, outputs, metadata and text, and records."""

import base64
import io

from course_utils.figures.png import write_png
import numpy as np
from PIL import Image

from tools.verify.mutations.changes import (
    Cell,
    Notebook,
    find_cell,
    first_output,
    in_cell,
    in_notebook,
    in_output,
    in_source,
    replace,
)
from tools.verify.mutations.runner import mutate

NOTEBOOK_1 = "notebooks/01_data_and_embeddings.ipynb"
NOTEBOOK_2 = "notebooks/02_simple_rnn.ipynb"
NOTEBOOK_3 = "notebooks/03_stacked_rnn.ipynb"
NOTEBOOK_4 = "notebooks/04_lstm_and_deep_lstm.ipynb"
CLAIMS = "test_claims_are_those_on_record"
SPREAD = "test_tolerances_follow_from_the_measured_spread"
NUMBERS = "test_numbers_in_the_text_are_numbers_of_the_cells"
SENTENCES = "test_sentences_of_weight_are_those_on_record"
README = "test_readme_shows_what_is_stored"

first = mutate(NOTEBOOK_1)
pictures = mutate(NOTEBOOK_1, "test_pictures_have_their_text")
traces = mutate(NOTEBOOK_1, "test_without_a_machines_traces")
schema = mutate(NOTEBOOK_1, "test_file_follows_the_schema")
second = mutate(NOTEBOOK_2)
third = mutate(NOTEBOOK_3)
build = mutate(NOTEBOOK_3, "test_seed_is_set_before_each_model")
fourth = mutate(NOTEBOOK_4)
claims = mutate("tools/verify/claims.json", CLAIMS)
readme = mutate("README.md")
drawn = mutate("course_utils/figures/cells.py")
sweep = mutate("course_utils/sweep.csv")


def _no_outputs(cell: Cell) -> None:
    first_output(cell)
    cell.outputs = []


def _no_alt_text(cell: Cell) -> None:
    first_output(cell).metadata = {}


def _other_alt_text(cell: Cell) -> None:
    picture = first_output(cell).metadata["image/png"]
    picture["alt"] = replace("post", "past")(picture["alt"])


def _picture_of_another(notebook: Notebook) -> None:
    this, other = (first_output(find_cell(notebook, name)) for name in ("plot-padding", "word-map"))
    this.data["image/png"] = other.data["image/png"]


def _mirrored(cell: Cell) -> None:
    data = first_output(cell).data
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")
    png = write_png(np.asarray(image)[:, ::-1], data["text/plain"])
    data["image/png"] = base64.b64encode(png).decode()


def _stderr(cell: Cell) -> None:
    first_output(cell).name = "stderr"


def _html_with_a_path(cell: Cell) -> None:
    first_output(cell).data["text/html"] += "<!-- /Users/student/notebooks -->"


def _swap_cells(notebook: Notebook) -> None:
    one, other = (notebook.cells.index(find_cell(notebook, name)) for name in ("load", "encode"))
    cells = notebook.cells
    cells[one], cells[other] = cells[other], cells[one]


def _large(cell: Cell) -> None:
    first_output(cell).text += " " * 1_600_000


def _null_count(cell: Cell) -> None:
    cell.execution_count = None


def _other_kernel(notebook: Notebook) -> None:
    notebook.metadata.kernelspec.update(name="course", display_name="My course")


def _wide_tolerance(cell: Cell) -> None:
    cell.metadata.tolerance = 0.1


STORED = [
    first(
        "a digit of a stored array",
        in_output("padded-review-20", " 3875,", " 3876,"),
        "01:imports,load,padded-shape,padded-review-20",
        "test_lectures_outputs_are_in_notebook_1",
    ),
    first(
        "a digit of a count", in_output("word-index", "88,584", "88,548"), "01:imports,word-index"
    ),
    third(
        "a digit of a trained number",
        in_output("untrained", "0.69", "0.68"),
        "03:imports,data,build,untrained",
    ),
    second(
        "an epoch of a trained table",
        in_output("fit-cured", "\n    2 ", "\n    3 "),
        "02:imports,data,fit-cured",
    ),
    first(
        "an output deleted",
        in_cell("encode", _no_outputs),
        "01:imports,word-index,encode",
    ),
    first(
        "a null execution count",
        in_cell("encode", _null_count),
        "test_every_cell_was_run_in_order",
        "01:imports,word-index,encode",
    ),
    first("a cell out of order", in_notebook(_swap_cells), "test_every_cell_was_run_in_order"),
    pictures("alt text gone", in_cell("plot-padding", _no_alt_text)),
    pictures("alt text of another figure", in_cell("plot-padding", _other_alt_text)),
    third("pixels mirrored", in_cell("drawing", _mirrored), "03:imports,drawing"),
    pictures("pixels of another figure", in_notebook(_picture_of_another)),
    pictures(
        "a text picture without words",
        in_source("padding", "**Padding**", "![](padding.png) **Padding**"),
    ),
    traces("a path stored", in_output("split", "positive: ", "/Users/student: ")),
    traces("a path stored in HTML", in_cell("train-baseline", _html_with_a_path)),
    third(
        "a time stored",
        in_output("untrained", "untrained: ", "13ms/step: "),
        "test_without_a_machines_traces",
    ),
    traces(
        "an object's address stored",
        in_output("split", "positive: ", "<Layer at 0x7f5b1c0d2e50> "),
    ),
    traces("stderr stored", in_cell("split", _stderr)),
    third("another kernel", in_notebook(_other_kernel), "test_without_a_machines_traces"),
    traces("a notebook too large", in_cell("split", _large)),
    schema("two cells of one id", replace('"id": "reviews"', '"id": "load"')),
    schema("a format older than cell ids", replace('"nbformat_minor": 5', '"nbformat_minor": 4')),
    third("a tolerance widened", in_cell("untrained", _wide_tolerance), SPREAD),
    third(
        "a tolerance taken away",
        in_cell("loss-per-zero", lambda cell: cell.metadata.clear()),
        SPREAD,
    ),
    first(
        "a tolerance for data",
        in_cell("split", _wide_tolerance),
        SPREAD,
        "test_only_models_numbers_have_a_tolerance",
    ),
    first("a claim's bound moved", in_source("claim-word-scores", "> 0.85", "> 0.58"), CLAIMS),
    claims(
        "a bound moved on record",
        replace(
            "assert max(np.abs(np.array(history['val_loss']) - np.log(2))) < 0.01",
            "assert max(np.abs(np.array(history['val_loss']) - np.log(2))) < 1",
        ),
        "test_claims_from_the_sweep_tell_two_trainings_apart",
    ),
    claims(
        "a bound without a source", replace("a count of the film table, exact: 4,343 of 6,250", "")
    ),
    third(
        "a claim turned round",
        in_source("claim-parameters", ".count_params() == lower", ".count_params() == upper"),
        "03:imports,count-parameters,build,claim-parameters",
        CLAIMS,
    ),
    first("an assertion removed", in_source("claim-bags", "assert low > 0", "# low > 0"), CLAIMS),
    fourth(
        "the cure need not be better",
        in_source("claim-causes", 'min(causes["mask"].values()) > 0.5 + chance_band', "True"),
        CLAIMS,
    ),
    second("a decimal in the text", in_source("as-taught", "0.693", "0.639"), NUMBERS),
    first("a percentage in the text", in_source("conclusion", "85 %", "58 %"), NUMBERS),
    build("no seed before a model", in_source("build", "set_seed(2026)\n", "")),
    build(
        "another seed before a model",
        in_source("build", "set_seed(2026)", "set_seed(2025)"),
        "03:imports,data,build,untrained",
    ),
    second(
        "seeds of another model",
        in_source("many-seeds", '"simple_rnn", change', '"lstm", change'),
        "02:imports,data,chance-band,many-seeds,claim-many-seeds",
    ),
    second(
        "other training reviews",
        in_source(
            "data", "(x_train, y_train), (x_val, y_val)", "(x_val, y_val), (x_train, y_train)"
        ),
        "02:imports,data",
    ),
    second(
        "W and U exchanged in an equation",
        in_source("recurrence-formula", "_t W + \\mathbf{h}_{t-1} U", "_t U + \\mathbf{h}_{t-1} W"),
        "test_simple_rnn_of_notebook_2",
    ),
    second(
        "the gradient meets another power of the state",
        in_source(
            "backwards", "\\odot \\left(1 - \\mathbf{h}_t^2", "\\odot \\left(1 - \\mathbf{h}_t"
        ),
        "test_simple_rnn_of_notebook_2",
    ),
    fourth(
        "forget gate and input gate exchanged in an equation",
        in_source(
            "gates",
            "\\mathbf{f}_t \\odot \\mathbf{c}_{t-1} + \\mathbf{i}_t",
            "\\mathbf{i}_t \\odot \\mathbf{c}_{t-1} + \\mathbf{f}_t",
        ),
        "test_lstm_of_notebook_4",
    ),
    drawn(
        "a drawn GRU keeps what it should renew",
        replace("z_t ⊙ h_{t-1} + (1 - z_t) ⊙ h̃_t", "(1 - z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t"),
        "test_gru_of_notebook_4",
    ),
    second(
        "a bias too many in a count",
        in_source("parameters", "= n\\,(d + n + 1)$$", "= n\\,(d + n + 2)$$"),
        "test_parameters_are_counted_as_keras_does",
    ),
    second(
        "a sentence turned round",
        in_source("shorter-or-longer", "can only get shorter", "can only get longer"),
        SENTENCES,
    ),
    readme(
        "cure and failure exchanged in the README",
        replace(
            "A mask cures an LSTM; a SimpleRNN needs", "A mask cures a SimpleRNN; an LSTM needs"
        ),
        SENTENCES,
    ),
    first(
        "the lecturer not credited",
        in_source("title", "Dr. Santosh Chapaneri", "a lecturer"),
        "test_lecturer_is_credited",
    ),
    first(
        "a solution in the open",
        in_cell("solution-1-1", lambda cell: cell.metadata.update(tags=[])),
        "test_at_least_four_exercises_each_followed_by_its_solution",
    ),
    second(
        "an option without a hint",
        in_source("exercise-2-q5", "- **d**", "- **e**"),
        "test_one_option_is_right_and_each_other_has_its_own_hint",
    ),
    second(
        "a section that asks nothing",
        in_source("cured-model", "## The cured model", "## The cured model\n\n## And what it says"),
        "test_a_section_begins_at_the_top_of_a_cell",
    ),
    second(
        "a truth that is told before the guess",
        in_source("hidden-states", "states = ", 'truth("2.3", 0.06)\nstates = '),
        "test_notebooks_ask_each_guess_once_and_then_tell_the_truth",
    ),
    second(
        "a guess above a visible answer",
        in_source("shorter-or-longer", "Guess 2.1:", "Before you run the cell: guess 2.1."),
        "test_no_text_asks_for_a_guess_above_a_visible_answer",
    ),
    second(
        "a result beside the call for a bet on it",
        in_cell("scaled", lambda cell: cell.metadata.slideshow.pop("guess")),
        "test_where_notes_ask_for_a_guess_an_answer_waits_for_a_key",
    ),
    second(
        "code on a poll",
        in_cell("exercise-2-5-code", lambda cell: cell.metadata.slideshow.update(slide_type="-")),
        "test_each_notebook_is_a_lecture",
    ),
    first(
        "a solution that is wrong",
        in_source("solution-1-4", "ids != 0", "ids != 1"),
        "01:imports,solution-1-4",
    ),
    sweep(
        "a training left out of the sweep",
        replace("\nlstm,mask,3,10,", "\nlstm,left out,3,10,"),
        README,
    ),
    sweep(
        "a digit of the sweep",
        replace("\ngru,mask,3,5,0.", "\ngru,mask,3,5,1."),
        "test_tables_of_the_tests_show_what_is_stored",
    ),
]
