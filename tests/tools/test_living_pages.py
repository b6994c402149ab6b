"""Panels of the stored notebooks have Keras' numbers, in two browsers."""

from base64 import b64decode
from collections.abc import Callable, Iterator
import contextlib
import json
from pathlib import Path
from typing import Any

import axe_playwright_python
from course_utils import load_imdb, pad_reviews
from course_utils.lens.page import LENS, element_name
import keras
import nbformat
import numpy as np
import pytest

from tests.browsers import without_browser
from tests.gradients import gradient_lengths
from tests.tools.firefox import open_firefox
from tools import paths
from tools.publish.browser import NoBrowserError, open_browser
from tools.publish.living import KIND, LIVING
from tools.publish.pages import write_page

PANELS = sorted(LIVING.glob("*.json"))
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
PANEL = f"document.querySelector('{element_name(LENS)}')"
Evaluate = Callable[..., Any]
Open = Callable[[Path], Evaluate]


@contextlib.contextmanager
def chromium() -> Iterator[Open]:
    with open_browser() as browser:
        page = browser.new_page()

        def open_page(path: Path) -> Evaluate:
            page.goto(path.as_uri())
            return lambda body, *given: page.evaluate(f"async (given) => {{ {body} }}", given)

        yield open_page


@contextlib.contextmanager
def firefox() -> Iterator[Open]:
    with open_firefox() as browser:

        def open_page(path: Path) -> Evaluate:
            browser.open(path.as_uri())
            return lambda body, *given: browser.evaluate(f"const given = arguments; {body}", *given)

        yield open_page


@pytest.fixture(scope="module", params=[chromium, firefox])
def open_page(request: pytest.FixtureRequest) -> Iterator[Open]:
    try:
        with request.param() as open_page:
            yield open_page
    except (NoBrowserError, FileNotFoundError) as missing:
        without_browser(missing)


def page_of(notebook: nbformat.NotebookNode, cell: str, folder: Path) -> Path:
    """Write a page of one cell of a notebook."""
    (one,) = (each for each in notebook.cells if each.id == cell)
    path = folder / "one.html"
    write_page(nbformat.v4.new_notebook(cells=[notebook.cells[0], one]), path)
    return path


def panels() -> list[tuple[str, str]]:
    """Return the notebook and the cell of each stored panel."""
    return [
        (path.stem, cell.id)
        for path in paths.notebooks()
        for cell in nbformat.read(path, as_version=4).cells
        if any(
            "sha256" in output.get("data", {}).get(KIND, {}) for output in cell.get("outputs", [])
        )
    ]


def in_keras(plan: dict, weights: np.ndarray) -> keras.Model:
    """Build a model of a plan, layer by layer."""
    make = keras.layers
    ids = keras.Input((None,), dtype="int32")
    outputs = []
    for layer in plan["layers"]:
        arrays = {
            key: weights[value["at"] :][: np.prod(value["shape"])].reshape(value["shape"])
            for key, value in layer.items()
            if isinstance(value, dict)
        }
        inputs = [outputs[place] for place in layer["inputs"]] or [ids]
        kind = layer["kind"]
        if kind == "Embedding":
            made = make.Embedding(*arrays["embeddings"].shape, mask_zero=plan["masked"])
        elif kind == "Dense":
            made = make.Dense(len(arrays["bias"]), activation=layer["activation"])
        elif kind == "GlobalAveragePooling1D":
            made = make.GlobalAveragePooling1D()
        else:
            assert not layer["backwards"]
            made = getattr(make, kind)(
                layer["units"],
                activation=layer["activation"],
                return_sequences=layer["return_sequences"],
            )
        outputs.append(made(inputs[0]))
        if kind == "GRU":
            arrays["bias"] = np.stack([arrays["bias"], arrays["recurrent_bias"]])
        arrays.pop("recurrent_bias", None)
        made.set_weights([*arrays.values()])
    return keras.Model(ids, outputs[-1])


@pytest.mark.ci
@pytest.mark.parametrize("number", [200, pytest.param(1000, marks=pytest.mark.nightly)])
@pytest.mark.parametrize(("name", "cell"), panels())
def test_stored_models_answer_in_the_page_as_in_keras(
    open_page: Open, name: str, cell: str, number: int, tmp_path: Path
) -> None:
    """Many reviews of the course, and ten gradients, for each model of each panel."""
    notebook = nbformat.read(paths.NOTEBOOKS / f"{name}.ipynb", as_version=4)
    (one,) = (each for each in notebook.cells if each.id == cell)
    (stored,) = (output.data[KIND] for output in one.outputs if KIND in output.get("data", {}))
    data = json.loads((LIVING / f"{stored['sha256']}.json").read_text(encoding="utf-8"))
    weights = np.frombuffer(b64decode(data["weights"]), "<f4")
    reviews, labels = load_imdb(num_words=5000)
    reviews, labels = reviews[-number:], labels[-number:]
    rows = pad_reviews(reviews, maxlen=60, padding="pre")
    rows[::2] = pad_reviews(reviews[::2], maxlen=60)
    ask = f"return given[1].map((ids) => {PANEL}.answer(given[0], ids))"
    back = f"return {PANEL}.lengths(...given)"
    evaluate = open_page(page_of(notebook, cell, tmp_path))
    for place, plan in enumerate(data["models"]):
        model = in_keras(plan, weights)
        told = evaluate(ask, place, rows.tolist())
        answers = model.predict(rows, verbose=0)[:, 0]
        assert np.abs(told - answers).max() < 1e-5
        for ids, label in zip(rows[:10], labels[:10].tolist(), strict=True):
            expected = gradient_lengths(model, ids, label)
            lengths = evaluate(back, place, ids.tolist(), label)
            np.testing.assert_allclose(lengths, expected, atol=1e-4)
