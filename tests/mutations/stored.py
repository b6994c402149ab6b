"""Mutations of the stored notebooks: sources, outputs, metadata, text."""

from tests.mutations.changes import (
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
from tests.mutations.runner import Mutation

_NOTEBOOK_1 = "notebooks/01_data_and_embeddings.ipynb"
_NOTEBOOK_2 = "notebooks/02_simple_rnn.ipynb"
_NOTEBOOK_3 = "notebooks/03_stacked_rnn.ipynb"
_HYGIENE = "tests/test_notebooks.py::test_without_a_machines_traces"
_ORDER = "tests/test_notebooks.py::test_every_cell_was_run_in_order"
_PICTURES = "tests/test_notebooks.py::test_pictures_have_their_text"
_SPREAD = "tests/test_notebooks.py::test_tolerances_follow_from_the_measured_spread"
_SEED = "tests/test_notebooks.py::test_seed_is_set_before_each_model"
_CLAIMS = "tests/test_notebooks.py::test_claims_are_those_on_record"
_NUMBERS = "tests/test_notebooks.py::test_numbers_in_the_text_are_numbers_of_the_cells"
_SCHEMA = "tests/test_notebooks.py::test_file_follows_the_schema"


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


def _stderr(cell: Cell) -> None:
    first_output(cell).name = "stderr"


def _html_with_a_path(cell: Cell) -> None:
    first_output(cell).data["text/html"] += "<!-- /Users/student/notebooks -->"


def _swap_cells(notebook: Notebook) -> None:
    one, other = (notebook.cells.index(find_cell(notebook, name)) for name in ("load", "encode"))
    cells = notebook.cells
    cells[one], cells[other] = cells[other], cells[one]


def _large(cell: Cell) -> None:
    first_output(cell).text += " " * 1_500_000


def _null_count(cell: Cell) -> None:
    cell.execution_count = None


def _other_kernel(notebook: Notebook) -> None:
    notebook.metadata.kernelspec.update(name="course", display_name="My course")


STORED = [
    Mutation(
        "a digit of a stored array",
        "The stored review is not what the cell prints.",
        _NOTEBOOK_1,
        in_output("padded-review-20", " 3875 ", " 3876 "),
        (
            "01_data_and_embeddings:imports,load,padded-shape,padded-review-20",
            "tests/test_notebooks.py::test_lectures_outputs_are_in_notebook_1",
        ),
    ),
    Mutation(
        "a digit of a count",
        "The stored number of words is not what the cell prints.",
        _NOTEBOOK_1,
        in_output("word-index", "88,584", "88,548"),
        ("01_data_and_embeddings:imports,word-index",),
    ),
    Mutation(
        "a digit of a trained number",
        "The stored loss is further off than any machine's rounding.",
        _NOTEBOOK_3,
        in_output("untrained", "0.69", "0.68"),
        ("03_stacked_rnn:imports,data,build,untrained",),
    ),
    Mutation(
        "an epoch of a trained table",
        "The stored table is not what training leaves.",
        _NOTEBOOK_2,
        in_output("fit-2-epochs", "\n    2 ", "\n    3 "),
        ("02_simple_rnn:imports,data,build,fit-2-epochs",),
    ),
    Mutation(
        "an output deleted",
        "The reader of the stored notebook sees nothing.",
        _NOTEBOOK_1,
        in_cell("share-of-zeros", _no_outputs),
        ("01_data_and_embeddings:imports,load,padded-shape,share-of-zeros",),
    ),
    Mutation(
        "a null execution count",
        "nbval would compare nothing.",
        _NOTEBOOK_1,
        in_cell("encode", _null_count),
        (_ORDER, "01_data_and_embeddings:imports,word-index,encode"),
    ),
    Mutation(
        "a cell out of order",
        "The notebook does not run from top to bottom.",
        _NOTEBOOK_1,
        in_notebook(_swap_cells),
        (_ORDER,),
    ),
    Mutation(
        "alt text gone",
        "A reader who cannot see the picture gets nothing.",
        _NOTEBOOK_1,
        in_cell("plot-padding", _no_alt_text),
        (_PICTURES,),
    ),
    Mutation(
        "alt text of another figure",
        "Picture and words do not agree.",
        _NOTEBOOK_1,
        in_cell("plot-padding", _other_alt_text),
        (_PICTURES,),
    ),
    Mutation(
        "pixels of another figure",
        "The reader sees what the alt text does not say.",
        _NOTEBOOK_1,
        in_notebook(_picture_of_another),
        (_PICTURES,),
    ),
    Mutation(
        "a text picture without words",
        "A picture in the lesson's text has no alt text.",
        _NOTEBOOK_1,
        in_source("padding", "**Padding**", "![](padding.png) **Padding**"),
        (_PICTURES,),
    ),
    Mutation(
        "a path stored",
        "The output shows a folder of the machine it was made on.",
        _NOTEBOOK_1,
        in_output("share-of-positive", "positive: ", "/Users/student: "),
        (_HYGIENE,),
    ),
    Mutation(
        "a path stored in HTML",
        "Only the HTML of an output shows a folder of the machine it was made on.",
        _NOTEBOOK_1,
        in_cell("train-baseline", _html_with_a_path),
        (_HYGIENE,),
    ),
    Mutation(
        "a time stored",
        "The output changes with each run.",
        _NOTEBOOK_3,
        in_output("untrained", "untrained: ", "13ms/step: "),
        (_HYGIENE,),
    ),
    Mutation(
        "an object's address stored",
        "The output changes with each run.",
        _NOTEBOOK_1,
        in_output("share-of-positive", "positive: ", "<Layer at 0x7f5b1c0d2e50> "),
        (_HYGIENE,),
    ),
    Mutation(
        "stderr stored",
        "A warning is part of the lesson.",
        _NOTEBOOK_1,
        in_cell("share-of-positive", _stderr),
        (_HYGIENE,),
    ),
    Mutation(
        "another kernel",
        "The notebook opens with a kernel that readers do not have.",
        _NOTEBOOK_3,
        in_notebook(_other_kernel),
        (_HYGIENE,),
    ),
    Mutation(
        "a notebook too large",
        "It takes long to load and to diff.",
        _NOTEBOOK_1,
        in_cell("share-of-positive", _large),
        (_HYGIENE,),
    ),
    Mutation(
        "two cells of one name",
        "Tolerances and claims of one are those of the other.",
        _NOTEBOOK_1,
        replace('"id": "reviews"', '"id": "load"'),
        (_SCHEMA,),
    ),
    Mutation(
        "older format",
        "The file says 4.4, but its cells have ids.",
        _NOTEBOOK_1,
        replace('"nbformat_minor": 5', '"nbformat_minor": 4'),
        (_SCHEMA,),
    ),
    Mutation(
        "a tolerance widened",
        "More is let pass than was measured.",
        _NOTEBOOK_3,
        in_cell("untrained", lambda cell: cell.metadata.update(tolerance=0.1)),
        (_SPREAD,),
    ),
    Mutation(
        "a tolerance taken away",
        "Other machines fail.",
        _NOTEBOOK_3,
        in_cell("loss-per-zero", lambda cell: cell.metadata.clear()),
        (_SPREAD,),
    ),
    Mutation(
        "a tolerance for data",
        "Numbers that depend on nothing but the reviews may differ.",
        _NOTEBOOK_1,
        in_cell("share-of-positive", lambda cell: cell.metadata.update(tolerance=0.1)),
        (_SPREAD, "tests/test_notebooks.py::test_only_models_numbers_have_a_tolerance"),
    ),
    Mutation(
        "a claim's bound moved",
        "What the text relies on is asserted of a worse model.",
        _NOTEBOOK_1,
        in_source("claim-baseline", "> 0.84", "> 0.48"),
        (_CLAIMS,),
    ),
    Mutation(
        "a bound moved on record",
        "A model that has learned would pass for one at chance.",
        "tests/claims.json",
        replace(
            "assert max(np.abs(np.array(history['val_loss']) - np.log(2))) < 0.01",
            "assert max(np.abs(np.array(history['val_loss']) - np.log(2))) < 1",
        ),
        (_CLAIMS, "tests/test_notebooks.py::test_claims_from_the_sweep_tell_two_trainings_apart"),
    ),
    Mutation(
        "a bound without a source",
        "Nobody says why it is not wider.",
        "tests/claims.json",
        replace("a count: the text's 'about a quarter' less", ""),
        (_CLAIMS,),
    ),
    Mutation(
        "a claim turned round",
        "The notebook stops at it.",
        _NOTEBOOK_3,
        in_source(
            "claim-parameters",
            '"lower_rnn").count_params() == lower',
            '"lower_rnn").count_params() == upper',
        ),
        ("03_stacked_rnn:imports,count-parameters,build,claim-parameters", _CLAIMS),
    ),
    Mutation(
        "an assertion removed",
        "The text relies on what nobody checks.",
        _NOTEBOOK_1,
        in_source("claim-flattering-split", "assert ", "# "),
        (_CLAIMS,),
    ),
    Mutation(
        "a decimal in the text",
        "The text says another number than the cell.",
        _NOTEBOOK_2,
        in_source("before-training", "0.693", "0.639"),
        (_NUMBERS,),
    ),
    Mutation(
        "a percentage in the text",
        "The text claims more than the cells show.",
        _NOTEBOOK_1,
        in_source("conclusion", "84 %", "94 %"),
        (_NUMBERS,),
    ),
    Mutation(
        "no seed before a model",
        "Its numbers depend on what ran before.",
        _NOTEBOOK_3,
        in_source("build", "set_seed(2026)\n", ""),
        (_SEED,),
    ),
    Mutation(
        "another seed before a model",
        "Its numbers are not those of seed 2026.",
        _NOTEBOOK_3,
        in_source("build", "set_seed(2026)", "set_seed(2025)"),
        (_SEED, "03_stacked_rnn:imports,data,build,untrained"),
    ),
    Mutation(
        "other training reviews",
        "The notebook trains on its validation reviews.",
        _NOTEBOOK_2,
        in_source(
            "data", "(x_train, y_train), (x_val, y_val)", "(x_val, y_val), (x_train, y_train)"
        ),
        ("02_simple_rnn:imports,data",),
    ),
    Mutation(
        "the lecturer not credited",
        "The lecture's author is not named.",
        _NOTEBOOK_1,
        in_source("title", "Dr. Santosh Chapaneri", "a lecturer"),
        ("tests/test_notebooks.py::test_lecturer_is_credited",),
    ),
    Mutation(
        "a solution in the open",
        "The student's copy keeps it.",
        _NOTEBOOK_1,
        in_cell("solution-1-1", lambda cell: cell.metadata.update(tags=[])),
        ("tests/test_student.py::test_at_least_four_exercises_each_followed_by_its_solution",),
    ),
    Mutation(
        "a solution that is wrong",
        "The notebook shows as right what is not.",
        _NOTEBOOK_1,
        in_source("solution-1-4", "ids != 0", "ids != 1"),
        ("01_data_and_embeddings:imports,solution-1-4",),
    ),
]
