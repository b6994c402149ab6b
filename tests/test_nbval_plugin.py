"""The check of the notebooks' outputs must itself be able to fail.

Seven cells are right. Each case breaks one thing in a copy of them. All copies stand in one
notebook, which is run once: each must fail, at the broken cell alone and for the right reason.
"""

import base64
from collections.abc import Callable
from pathlib import Path
import subprocess
import sys
from xml.etree import ElementTree

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
import pytest

ROOT = Path(__file__).parent.parent
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and the rest of the picture").decode()
OTHER_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and other pixels").decode()
PICTURE = f"""\
from IPython.display import display
display({{"image/png": "{PNG}", "text/plain": "Two lines cross."}}, raw=True)"""
LIVE = """\
live = display("epoch 1", display_id=True)
live.update("epoch 2")
print("trained")"""
CLEARED = """\
from IPython.display import clear_output
print("half done")
clear_output()
print("done")"""


def stream(text: str) -> nbformat.NotebookNode:
    return new_output("stream", name="stdout", text=text)


def shown(text: str, **more: str) -> nbformat.NotebookNode:
    return new_output("display_data", {"text/plain": text, **more})


def right_notebook() -> nbformat.NotebookNode:
    """Make cells whose stored outputs are right; cell 2 differs within its tolerance."""
    cells = [
        ("print(25000)", [stream("25000\n")]),
        ("[1, 14, 47]", [new_output("execute_result", {"text/plain": "[1, 14, 47]"})]),
        ('print("accuracy 0.5230 after 3 epochs")', [stream("accuracy 0.5240 after 3 epochs\n")]),
        (PICTURE, [shown("Two lines cross.", **{"image/png": OTHER_PNG})]),
        (LIVE, [shown("'epoch 2'"), stream("trained\n")]),
        (CLEARED, [stream("done\n")]),
        ('print("10 %\\r20 %\\rfinished")', [stream("finished\n")]),
    ]
    notebook = new_notebook()
    for count, (source, outputs) in enumerate(cells, start=1):
        notebook.cells.append(new_code_cell(source, outputs=outputs, execution_count=count))
    notebook.cells[2].metadata["tolerance"] = 0.002
    return notebook


def output_text(cell: int, old: str, new: str) -> Callable:
    def change(notebook: nbformat.NotebookNode) -> None:
        output = notebook.cells[cell].outputs[0]
        place, key = (output, "text") if "text" in output else (output.data, "text/plain")
        assert old in place[key]
        place[key] = place[key].replace(old, new)

    return change


def source(cell: int, text: str) -> Callable:
    return lambda notebook: notebook.cells[cell].update(source=text)


def outputs(cell: int, new: list[nbformat.NotebookNode]) -> Callable:
    return lambda notebook: notebook.cells[cell].update(outputs=new)


def drop_picture(notebook: nbformat.NotebookNode) -> None:
    del notebook.cells[3].outputs[0].data["image/png"]


CASES = {
    "wrong_integer": (0, output_text(0, "25000", "25001"), "differ"),
    "wrong_digit_in_array": (1, output_text(1, "14", "15"), "differ"),
    "missing_output": (1, source(1, "numbers = [1, 14, 47]"), "Missing output"),
    "extra_output": (1, outputs(1, []), "Unexpected output"),
    "one_output_of_two_missing": (4, outputs(4, [shown("'epoch 2'")]), "Unexpected output"),
    "out_of_tolerance": (2, output_text(2, "0.5240", "0.5251"), "differ"),
    "integer_beside_tolerance": (2, output_text(2, "3", "4"), "differ"),
    "text_beside_tolerance": (2, output_text(2, "accuracy", "precision"), "differ"),
    "digits_beside_tolerance": (2, output_text(2, "0.5240", "0.524"), "differ"),
    "not_a_number": (2, output_text(2, "0.5240", "nan"), "differ"),
    "no_tolerance": (2, lambda notebook: notebook.cells[2].metadata.clear(), "differ"),
    "picture_not_stored": (3, drop_picture, "Unexpected output"),
    "picture_not_drawn": (3, source(3, 'print("no picture")'), "Missing output"),
    "picture_says_else": (3, output_text(3, "cross", "part"), "differ"),
    "live_display_ends_else": (4, output_text(4, "epoch 2", "epoch 1"), "differ"),
    "cleared_output_stored": (5, output_text(5, "done", "half done\ndone"), "differ"),
    "null_execution_count": (
        0,
        lambda notebook: notebook.cells[0].update(execution_count=None, outputs=[]),
        "no stored run",
    ),
    "exception": (0, source(0, "print(25000)\n1 / 0"), "exception"),
    "tagged_skip": (
        0,
        lambda notebook: notebook.cells[0].metadata.update(tags=["nbval-skip"]),
        "remove the mark",
    ),
    "comment_ignores_output": (
        0,
        source(0, "# NBVAL_IGNORE_OUTPUT\nprint(25001)"),
        "remove the mark",
    ),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, str]]:
    """Run the copies in one notebook; gives what failed: case to cell to message."""
    folder = tmp_path_factory.mktemp("fixtures")
    copies = {"right": right_notebook()}
    for name, (_, change, _) in CASES.items():
        copies[name] = right_notebook()
        change(copies[name])
    cells = [
        (name, number, cell) for name in copies for number, cell in enumerate(copies[name].cells)
    ]
    for position, (name, number, cell) in enumerate(cells):
        cell.id = f"{name}-{number}"
        if cell.execution_count:
            cell.execution_count = position + 1
    nbformat.write(new_notebook(cells=[cell for *_, cell in cells]), folder / "copies.ipynb")
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q"]
    command += ["-p", "tests.nbval_plugin", "-p", "no:cacheprovider", "--color=no"]
    command += [f"--rootdir={folder}", f"--junitxml={report}", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)

    found: dict[str, dict[int, str]] = {name: {} for name in copies}
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert len(cases) == len(cells)
    for case in cases:
        name, number, _ = cells[int(case.get("name").removeprefix("Cell "))]
        for failure in case.findall("failure") + case.findall("error"):
            found[name][number] = failure.text
    return found


def test_right_cells_pass(failures: dict[str, dict[int, str]]) -> None:
    assert failures["right"] == {}


@pytest.mark.parametrize("name", CASES)
def test_broken_cell_fails(failures: dict[str, dict[int, str]], name: str) -> None:
    cell, _, message = CASES[name]
    assert list(failures[name]) == [cell]
    assert message in failures[name][cell]
