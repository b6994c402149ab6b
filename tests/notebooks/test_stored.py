"""The stored notebooks are what their readers and the output check need them to be."""

import base64
from html import unescape
import io
import itertools
import json
from pathlib import Path
import re
import tomllib

from course_utils.figures.steps import KIND as STEPS
from latex2mathml.converter import convert
import nbformat
from nbformat.validator import iter_validate
import numpy as np
from PIL import Image
import pytest

from tools.paths import ROOT, notebooks
from tools.sweep.table import load_sweep
from tools.verify import claims, spread
from tools.verify.nbval_plugin import CHAOTIC_TAG
from tools.verify.spread import output_text, trained_cells
from tools.verify.tolerance import Tolerant, decimals

MAX_LINES = 18
REVIEW_20 = """
1 617 11 3875 17 2 14 966 78 20 9 38 78 15 25 413 2 5 28 8 106 12 8 4 130 43 8 67 48 12 100 79 101
433 5 12 127 4 769 9 38 727 12 186 398 34 6 312 396 2 707 4 732 26 1235 21 2 128 74 4 2 5 4 116 9
1639 10 10 4 2 2 186 8 28 77 2586 39 4 4135 2 7 2 2 50 161 306 8 30 6 686 204 326 11 4 226 20 10 10
13 258 14 20 8 30 38 78 15 13 1498 91 7 4 96 143 10 10 2 2 144 3261 27 419 11 902 29 540 887 4 278
"""
LONG_OUTPUT = 500
"""Characters; a longer output, such as a padded review, holds almost any number by accident."""
PROSE_NUMBERS_FROM_ELSEWHERE = {"2011", "2012", "2015", "64"}
"""Numbers in the text that no cell shows: years of publications, and `fit`'s batch size."""
MAY_BE_CHAOTIC = {"plot-50-epochs", "winners", "confusion"}
"""What they draw differed between settings of one machine, by more than other pictures may."""
TRACES = re.compile(
    r"/(home|root|Users|tmp|var|opt|usr)/|[A-Z]:\\|~/|file://"  # paths
    r"|\d\d:\d\d:\d\d|\b20\d\d-\d\d-\d\d\b|[mµu]?s/(step|it|epoch)|it/s"  # times
    r"|0x[0-9a-f]{6,}"  # addresses
)
"""What tells the machine or the hour of a run."""
AT_LEAST, AT_MOST = 0.9, 0.1
"""Of the seeds of the one training so many must pass a claim, of the other one so many may."""


@pytest.fixture(params=notebooks(), ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def notebook(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def codes(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook: nbformat.NotebookNode) -> str:
    """Return all that is said in words: in the lesson, on the slides and in the speaker's notes."""
    lesson = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    talk = [
        cell.metadata.get("slideshow", {}).get(key, "")
        for cell in notebook.cells
        for key in ("title", "text", "notes")
    ]
    return "\n\n".join([*lesson, *talk])


def texts(cell: nbformat.NotebookNode) -> list[str]:
    """List all that a code cell holds but pictures: its source, and every form of its outputs."""
    found = [cell.source]
    for output in cell.outputs:
        found.append(output.get("text", ""))
        data = output.get("data", {})
        found += [str(value) for kind, value in data.items() if kind not in ("image/png", STEPS)]
        found += data.get(STEPS, {}).get("alts", [])
    return found


def test_four_numbered_notebooks_are_checked() -> None:
    """Each is found where `make test` looks, and by nbval."""
    names = ["01_data_and_embeddings", "02_simple_rnn", "03_stacked_rnn", "04_lstm_and_deep_lstm"]
    assert [path.stem for path in notebooks()] == names
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert options["testpaths"] == ["notebooks", "tests"]
    assert "--nbval" in options["addopts"].split()


def test_lectures_outputs_are_in_notebook_1() -> None:
    """Recorded in the lecture's own notebook."""
    cells = nbformat.read(notebooks()[0], as_version=4).cells
    shown = {cell.id: output_text(cell).strip() for cell in cells if cell.cell_type == "code"}
    assert shown["load"].startswith("(25000,)")
    assert shown["length-review-20"] == "129"
    assert shown["first-ids-review-2"] == "[1, 14, 47, 8, 30, 31, 7, 4, 249, 108]"
    assert shown["decoded-as-lecture"].startswith("the plot great fat that movie is")
    assert shown["padded-shape"] == "(25000, 500)"
    assert shown["validation-labels-shape"] == "(500,)"
    assert shown["padded-review-20"].startswith("array([   1,  617,   11, 3875,   17,    2,   14,")
    (listed,) = re.findall(r"\[(.+)\]", shown["padded-review-20"], re.DOTALL)
    ids = [int(number) for number in listed.split(",")]
    expected = [int(number) for number in REVIEW_20.split()]
    assert ids == expected + [0] * (500 - len(expected))


def test_file_follows_the_schema(path: Path) -> None:
    """Reading a notebook mends what is wrong in it, so the file itself is looked at."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert list(iter_validate(stored)) == []
    ids = [cell["id"] for cell in stored["cells"]]
    assert len(set(ids)) == len(ids)


def test_without_a_machines_traces(path: Path, notebook: nbformat.NotebookNode) -> None:
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in codes(notebook):
        assert set(cell.metadata) <= {"tolerance", "tags", "jupyter", "slideshow"}
        if cell.id in MAY_BE_CHAOTIC:
            assert cell.metadata.tags == [CHAOTIC_TAG]
        else:
            assert ("tags" in cell.metadata) == cell.id.startswith("solution-")
            assert CHAOTIC_TAG not in cell.metadata.get("tags", [])
        for output in cell.outputs:
            assert output.output_type in ("stream", "display_data", "execute_result")
            assert output.get("name", "stdout") == "stdout"
        for text in texts(cell):
            assert not TRACES.search(text), (cell.id, TRACES.search(text))
    assert path.stat().st_size < 1.6e6


def test_every_cell_was_run_in_order(notebook: nbformat.NotebookNode) -> None:
    counts = [cell.execution_count for cell in codes(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_cells_are_short(notebook: nbformat.NotebookNode) -> None:
    for cell in codes(notebook):
        assert len(cell.source.splitlines()) <= MAX_LINES, cell.id


def test_pictures_have_their_text(notebook: nbformat.NotebookNode) -> None:
    pictures = [
        output
        for cell in codes(notebook)
        for output in cell.outputs
        if any(kind.startswith("image/") for kind in output.get("data", {}))
    ]
    assert pictures
    assert not re.search(r"!\[\]\(|<img(?![^>]*\balt=.[^\"'])", prose(notebook))
    for picture in pictures:
        alt = picture.metadata["image/png"]["alt"]
        assert len(alt) > 40
        assert alt == picture.data["text/plain"]
        steps = picture.data.get(STEPS, {"pictures": [], "alts": []})
        pngs, alts = [picture.data["image/png"], *steps["pictures"]], [alt, *steps["alts"]]
        for one, text in zip(pngs, alts, strict=True):
            png = Image.open(io.BytesIO(base64.b64decode(one)))
            png.load()
            assert png.text["Description"] == text


def test_lecturer_is_credited(notebook: nbformat.NotebookNode) -> None:
    assert "Dr. Santosh Chapaneri" in notebook.cells[0].source


def test_seed_is_set_before_each_model(notebook: nbformat.NotebookNode) -> None:
    """No model's numbers depend on what ran before it."""
    for cell in codes(notebook):
        for line, code in enumerate(cell.source.splitlines()):
            if re.search(r"= build_", code):
                before = cell.source.splitlines()[line - 1].strip()
                assert before in ("set_seed(2026)", 'set_seed(2026, floatx="float64")'), cell.id


def test_tolerances_follow_from_the_measured_spread(
    path: Path, notebook: nbformat.NotebookNode
) -> None:
    measured = spread.on_record()
    assert measured.keys() == spread.SETTINGS.keys()
    assert all(spread.is_measured(path, cells) for cells in measured.values())
    for cell in trained_cells(notebook):
        largest = max(cells[path.stem][cell.id] for cells in measured.values())
        tolerance = spread.tolerance_for(largest)
        assert cell.metadata.tolerance == tolerance, cell.id


def test_what_moves_far_gets_no_tolerance() -> None:
    assert spread.tolerance_for(0.005) == 0.01
    with pytest.raises(ValueError, match=r"A tolerance of 0\.011 checks nothing"):
        spread.tolerance_for(0.0051)


def test_a_trained_number_that_is_two_hundredths_off_is_found(
    notebook: nbformat.NotebookNode,
) -> None:
    """Each one alone, in each form of an output; a tenth, where no more digits are printed."""
    for cell in trained_cells(notebook):
        for text in texts(cell)[1:]:
            stored = Tolerant(text, cell.metadata.tolerance)
            for match in re.finditer(r"\d+\.(\d+)", text):
                moved = float(match[0]) + max(0.02, 10.0 ** -len(match[1]))
                other = f"{text[: match.start()]}{moved:.{len(match[1])}f}{text[match.end() :]}"
                assert stored != other, (cell.id, match[0])


def test_trained_cells_have_a_tolerance(notebook: nbformat.NotebookNode) -> None:
    """Each cell that fits, evaluates or draws a history, and shows decimals, needs one."""
    trained = re.compile(r"\bfit\(|\.evaluate\(|plot_history\(")
    for cell in codes(notebook):
        without_verdict = re.sub(r"^\d\.\d: ", "", output_text(cell), flags=re.MULTILINE)
        if trained.search(cell.source) and decimals(without_verdict):
            assert "tolerance" in cell.metadata, cell.id


def test_only_models_numbers_have_a_tolerance(notebook: nbformat.NotebookNode) -> None:
    """Data are compared exactly: what allows for rounding comes from a model, and has decimals."""
    of_a_model = re.compile(
        r"model|history|gradient|states|gates|distance|weights|lstm|rnn|cured|pooled|reached|on_test"
    )
    for cell in trained_cells(notebook):
        assert of_a_model.search(cell.source), cell.id
        assert decimals(output_text(cell)), cell.id


def test_claims_are_those_on_record(path: Path, notebook: nbformat.NotebookNode) -> None:
    """No bound is moved in passing: tools/verify/claims.py says what to do if it is meant."""
    recorded = claims.on_record()[path.stem]
    asserted = {
        cell_id: [claim["assert"] for claim in of_cell] for cell_id, of_cell in recorded.items()
    }
    assert claims.assertions(notebook) == asserted
    assert {cell.id for cell in codes(notebook) if cell.id.startswith("claim-")} <= set(asserted)
    for claim in itertools.chain(*recorded.values()):
        assert claim.get("because") or claim.keys() == {"assert", "true of", "false of"}


@pytest.mark.parametrize(("name", "cell_id", "claim"), claims.from_the_sweep())
def test_claims_from_the_sweep_tell_two_trainings_apart(
    name: str, cell_id: str, claim: claims.Claim
) -> None:
    """Other seeds pass, so the notebook shows no accident; another model fails, so it says much."""
    sweep = load_sweep()
    true_of, false_of = (claims.passing(claim, of, sweep) for of in ("true of", "false of"))
    assert len(true_of) >= 5
    assert np.mean(true_of) >= AT_LEAST
    assert np.mean(false_of) <= AT_MOST


def test_numbers_in_the_text_are_numbers_of_the_cells(notebook: nbformat.NotebookNode) -> None:
    """What the text says in numbers, from 10 on or with a decimal point, a cell says too.

    84 % may be 0.84 there; how many minutes a notebook takes is no cell's to say.
    """
    text = re.sub(r"\*\*Time:\*\* \d+ minutes", "", prose(notebook))
    said = set(re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)", text))
    outputs = (output_text(cell) for cell in codes(notebook))
    sources = (cell.source for cell in codes(notebook))
    shown = " ".join([*sources, *(text for text in outputs if len(text) < LONG_OUTPUT)])
    shown += " " + shown.replace(",", "")
    shown_values = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", shown)}
    shown_values.add(round(float(np.log(2)), 3))
    for number in said - PROSE_NUMBERS_FROM_ELSEWHERE:
        value = float(number.replace(",", ""))
        if value >= 10 or value % 1:
            shown = {value, value / 100} & shown_values
            assert shown, f"{number} is in the text, but no cell shows it"


def test_formulas_can_be_drawn(notebook: nbformat.NotebookNode) -> None:
    """The pages' formula renderer knows every command and environment used."""
    text = re.sub(r"`[^`]*`", "", prose(notebook))
    for block, inline in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, flags=re.DOTALL):
        drawn = unescape(convert(block or inline))
        assert not re.search(r"\\|>&<", drawn), block or inline
