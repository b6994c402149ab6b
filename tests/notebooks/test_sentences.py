"""Sentences of weight stand in the text word for word as they are on record, each with its source.

`tools/verify/sentences.json`: for each file its sentences; for each of these the cells that compute
what it says, or a test. Who changes such a sentence must look at its source, and change the record.
"""

import json
import re

import nbformat
import pytest

from tools.paths import ROOT, notebooks

RECORD = json.loads((ROOT / "tools/verify/sentences.json").read_text(encoding="utf-8"))
NOTEBOOKS = {f"notebooks/{path.name}": nbformat.read(path, as_version=4) for path in notebooks()}


def text(file: str) -> str:
    """Return all prose of a notebook or a document, with its lines joined."""
    if file not in NOTEBOOKS:
        prose = (ROOT / file).read_text(encoding="utf-8")
    else:
        cells = NOTEBOOKS[file].cells
        prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return " ".join(prose.split())


@pytest.mark.parametrize("file", RECORD)
def test_sentences_of_weight_are_those_on_record(file: str) -> None:
    assert [sentence for sentence in RECORD[file] if sentence not in text(file)] == []


@pytest.mark.parametrize("file", NOTEBOOKS)
def test_each_line_of_a_summary_is_on_record(file: str) -> None:
    (summary,) = (cell.source for cell in NOTEBOOKS[file].cells if cell.id == "summary")
    lines = re.findall(r"^- (.*)$", summary, re.MULTILINE)
    assert lines
    assert [line for line in lines if line not in RECORD[file]] == []


def test_each_sentence_has_a_source_that_is_there() -> None:
    """A cell that computes or asserts what the sentence says, or a test."""
    cells = {
        cell.id
        for notebook in NOTEBOOKS.values()
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    files = (ROOT / "tests").rglob("test_*.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    known = cells | set(re.findall(r"^def (test_\w+)", code, re.MULTILINE))
    for sentences in RECORD.values():
        for sentence, sources in sentences.items():
            assert sources, sentence
            assert set(sources) <= known, sentence
