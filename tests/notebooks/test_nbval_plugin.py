"""The check of the notebooks' outputs must itself be able to fail.

Eight cells are right. Each case breaks one thing in a copy of them. All copies stand in one
notebook, which is run once: each must fail, at the broken cell alone and for the right reason.
"""

import base64
from typing import Any
from xml.etree import ElementTree

from course_utils.figures.png import write_png
from course_utils.figures.steps import KIND
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
import numpy as np
import pytest

from tools.paths import ROOT, notebooks
from tools.verify.nbval_plugin import CourseCell
from tools.verify.runs import run_pytest


def png(pixels: np.ndarray) -> str:
    return base64.b64encode(write_png(pixels, "Two lines cross.")).decode()


LINES = np.full((80, 120, 3), 255, np.uint8)
LINES[10:14, 20:] = LINES[:, 20:24] = 0, 114, 178
PNG, MIRRORED = png(LINES), {"image/png": png(LINES[:, ::-1])}
LINES[10, 30] = 0, 114, 180
OTHER_PNG = {"image/png": png(LINES)}
"""The same to the eye, though not to the byte."""
PICTURE = f"""\
from IPython.display import display
display({{"image/png": "{PNG}", "text/plain": "Two lines cross."}}, raw=True)"""
STEPS = f"""\
from IPython.display import display
steps = {{"pictures": ["{PNG}"], "alts": ["A line."]}}
display({{"{KIND}": steps, "text/plain": "Two lines cross."}}, raw=True)"""
LIVE = """\
live = display("epoch 1", display_id=True)
live.update("epoch 2")
print("trained")"""
CLEARED = """\
from IPython.display import clear_output
print("half done")
clear_output()
print("done")"""


def printed(text: str) -> nbformat.NotebookNode:
    return new_output("stream", name="stdout", text=text)


def in_steps(*pictures: str, alt: str = "A line.") -> nbformat.NotebookNode:
    return shown("Two lines cross.", **{KIND: {"pictures": [*pictures], "alts": [alt]}})


def shown(text: str, **more: Any) -> nbformat.NotebookNode:
    return new_output("display_data", {"text/plain": text, **more})


TRAINED = 'print("accuracy 0.5230 after 3 epochs")'
RIGHT = [
    ("print(25000)", printed("25000\n")),
    ("[1, 14, 47]", shown("[1, 14, 47]")),
    (TRAINED, printed("accuracy 0.5240 after 3 epochs\n")),
    (PICTURE, shown("Two lines cross.", **OTHER_PNG)),
    (LIVE, shown("'epoch 2'"), printed("trained\n")),
    (CLEARED, printed("done\n")),
    (STEPS, in_steps(OTHER_PNG["image/png"])),
    ('print("10 %\\r20 %\\rfinished")', printed("finished\n")),
]
"""Sources, each with its outputs; the third one differs within its tolerance."""
CASES = {
    "wrong_integer": (0, {"outputs": [printed("25001\n")]}, "differ"),
    "wrong_digit_in_array": (1, {"outputs": [shown("[1, 15, 47]")]}, "differ"),
    "missing_output": (1, {"source": "numbers = [1, 14, 47]"}, "Missing output"),
    "extra_output": (1, {"outputs": []}, "Unexpected output"),
    "one_output_of_two_missing": (4, {"outputs": [shown("'epoch 2'")]}, "Unexpected output"),
    "out_of_tolerance": (2, {"outputs": [printed("accuracy 0.5251 after 3 epochs\n")]}, "differ"),
    "no_tolerance": (2, {"metadata": {}}, "differ"),
    "picture_not_stored": (3, {"outputs": [shown("Two lines cross.")]}, "Unexpected output"),
    "picture_not_drawn": (3, {"source": 'print("no picture")'}, "Missing output"),
    "picture_says_else": (3, {"outputs": [shown("Two lines part.", **OTHER_PNG)]}, "differ"),
    "picture_mirrored": (3, {"outputs": [shown("Two lines cross.", **MIRRORED)]}, "image/png"),
    "step_says_else": (6, {"outputs": [in_steps(PNG, alt="A curve.")]}, "differ"),
    "step_mirrored": (6, {"outputs": [in_steps(MIRRORED["image/png"])]}, KIND),
    "step_missing": (6, {"outputs": [in_steps()]}, KIND),
    "steps_not_stored": (6, {"outputs": [shown("Two lines cross.")]}, "Unexpected output"),
    "live_display": (4, {"outputs": [shown("'epoch 1'"), printed("trained\n")]}, "differ"),
    "cleared_output_stored": (5, {"outputs": [printed("half done\ndone\n")]}, "differ"),
    "null_execution_count": (0, {"execution_count": None, "outputs": []}, "no stored run"),
    "exception": (0, {"source": "print(25000)\n1 / 0"}, "exception"),
    "tagged_skip": (0, {"metadata": {"tags": ["nbval-skip"]}}, "remove the mark"),
    "comment": (0, {"source": "# NBVAL_IGNORE_OUTPUT\nprint(25001)"}, "remove the mark"),
}
"""For each case the cell that is broken, what is put into it, and what must be said of it."""
Failures = dict[str, dict[int, str]]
Cases = list[tuple[str, int, ElementTree.Element]]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    """Run the copies in one notebook; returns for each cell its case, number and report."""
    folder = tmp_path_factory.mktemp("fixtures")
    places, notebook = [], new_notebook()
    for name in ("right", *CASES):
        broken, fields, _ = CASES.get(name, (None, {}, ""))
        for number, (source, *outputs) in enumerate(RIGHT):
            places.append((name, number))
            metadata = {"tolerance": 0.002} if source == TRAINED else {}
            right = {"source": source, "outputs": outputs, "metadata": metadata}
            cell = right | {"execution_count": len(places)} | (fields if number == broken else {})
            notebook.cells.append(new_code_cell(id=f"{name}-{number}", **cell))
    nbformat.write(notebook, folder / "copies.ipynb")
    report = folder / "report.xml"
    options = "--nbval", "--nbval-current-env", "-p", "tools.verify.nbval_plugin"
    run_pytest(ROOT, [*options, f"--rootdir={folder}", f"--junitxml={report}", str(folder)])

    reports = list(ElementTree.parse(report).iter("testcase"))
    assert len(reports) == len(places)
    return [(*places[int(one.get("name").removeprefix("Cell "))], one) for one in reports]


@pytest.fixture(scope="module")
def failures(cases: Cases) -> Failures:
    """Return what failed: case to cell to message."""
    found: Failures = {name: {} for name, _, _ in cases}
    for name, number, case in cases:
        for failure in case.findall("failure") + case.findall("error"):
            found[name][number] = failure.text
    return found


def test_right_cells_pass(failures: Failures) -> None:
    assert failures["right"] == {}


@pytest.mark.parametrize("name", CASES)
def test_broken_cell_fails(failures: Failures, name: str) -> None:
    cell, _, message = CASES[name]
    assert list(failures[name]) == [cell]
    assert message in failures[name][cell]


def test_what_is_the_same_to_the_letter_is_noted(cases: Cases) -> None:
    """A number within its tolerance, and a picture of another shade, are right, not identical."""
    right = [case for name, _, case in cases if name == "right"]
    noted = [one.get("value") for case in right for one in case.iter("property")]
    assert noted == ["True", "True", "False", "False", "True", "True", "False", "True"]


def test_notebooks_are_collected_as_course_cells(request: pytest.FixtureRequest) -> None:
    """The root conftest.py loads the plugin: nbval's own cells would compare less."""
    collect = request.config.hook.pytest_collect_file
    (file,) = collect(file_path=notebooks()[2], parent=request.session)
    cells = [*file.collect()]
    assert len(cells) > 20
    assert {type(cell) for cell in cells} == {CourseCell}
