"""What is stored of a panel: a hash in the notebook, and its model in a file."""

from pathlib import Path

from course_utils import build_lstm, look_inside, train_here
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
import pytest

from tools.paths import notebooks
from tools.publish import PublishError, living


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(living, "LIVING", tmp_path / "living")
    return tmp_path / "living"


@pytest.fixture(scope="module")
def html() -> str:
    return look_inside(build_lstm(300, 8, 6), "a good film")._repr_html_()


def notebook_with(html: str) -> nbformat.NotebookNode:
    output = new_output("execute_result", {"text/html": html, "text/plain": "a panel"})
    return new_notebook(cells=[new_code_cell("look_inside(model, text)", outputs=[output])])


def test_a_panel_is_the_same_from_its_run_and_from_its_file(folder: Path, html: str) -> None:
    """The notebook holds a hash of it, so it stays small."""
    notebook = notebook_with(html)
    from_run = living.panel_html(notebook.cells[0].outputs[0].data)
    living.keep(notebook, folder)
    (stored,) = (output.data for output in notebook.cells[0].outputs)
    assert living.panel_html(stored) == from_run
    assert len(nbformat.writes(notebook)) < len(html) / 10
    assert [path.stem for path in folder.iterdir()] == [stored[living.KIND]["sha256"]]


@pytest.mark.parametrize("damage", ["another", "missing"])
def test_a_panel_of_another_model_is_refused(folder: Path, html: str, damage: str) -> None:
    notebook = notebook_with(html)
    living.keep(notebook, folder)
    (file,) = folder.iterdir()
    if damage == "missing":
        file.unlink()
    else:
        file.write_text(file.read_text().replace('"label": 1', '"label": 0'))
    with pytest.raises(PublishError, match=r"missing or is another one: run `make outputs`\.$"):
        living.panel_html(notebook.cells[0].outputs[0].data)


def test_a_training_needs_no_file(folder: Path) -> None:
    notebook = notebook_with(train_here()._repr_html_())
    living.keep(notebook, folder)
    assert living.is_panel(notebook.cells[0].outputs[0].data)
    assert "course-trainer" in living.panel_html(notebook.cells[0].outputs[0].data)
    assert not folder.exists()


def test_files_that_no_notebook_names_are_removed(folder: Path, html: str) -> None:
    """Those of other notebooks beside it stay."""
    for name in ("one", "two"):
        notebook = notebook_with(html.replace('"label": 1', f'"label": 1, "of": "{name}"'))
        living.keep(notebook, folder)
        nbformat.write(notebook, folder.parent / f"{name}.ipynb")
    (folder / f"{'0' * 64}.json").write_text("{}")
    living.forget(folder)
    assert len([*folder.iterdir()]) == 2
    (folder.parent / "two.ipynb").unlink()
    living.forget(folder)
    assert len([*folder.iterdir()]) == 1


def test_each_stored_panel_has_its_file_and_no_file_is_left_over() -> None:
    named = set()
    for path in notebooks():
        for output in living._outputs(nbformat.read(path, as_version=4)):
            if living.is_panel(output.data):
                living.panel_html(output.data)
                named.add(output.data[living.KIND].get("sha256"))
    assert {path.stem for path in living.LIVING.glob("*")} == named - {None}
