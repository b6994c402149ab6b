"""A few updates of each of the lecture's models, with and without a mask, as a small notebook.

The notebooks' own trainings take too long under emulation. What is compared with is computed here.
"""

import asyncio
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from tools.publish.run import run_notebook, write_notebook

UPDATES = "updates"
"""What the table of runs calls this notebook."""
TOLERANCE = 0.0001
"""Two updates of a masked LSTM leave answers that spread by 0.0015: it has to be far smaller."""
MODELS = ("simple_rnn", "stacked_rnn", "lstm", "deep_lstm")
START = """\
from course_utils import *
import tensorflow as tf

tf.get_logger().setLevel("ERROR")  # or it warns, with addresses, that eight models are traced
reviews, labels = load_imdb(num_words=5000)
(x, y), _, (x_test, _) = lecture_split(pad_reviews(reviews), labels)"""
TWO = """\
set_seed(2026)
model = build_{model}(mask_padding={mask})
for start in (0, 64):
    loss = model.train_on_batch(x[start : start + 64], y[start : start + 64])[0]
    print(f"loss {{loss:.5f}}")
answers = model.predict_on_batch(x_test[:64])
print(f"mean answer {{answers.mean():.5f}}, spread {{answers.std():.5f}}")"""


def updates_notebook() -> nbformat.NotebookNode:
    """Return a notebook without outputs: two updates of 64 reviews for each model."""
    cells = [new_code_cell(START, id="start")]
    for model in MODELS:
        for mask in (False, True):
            name = f"{model.replace('_', '-')}-{'mask' if mask else 'as-taught'}"
            source = TWO.format(model=model, mask=mask)
            cells.append(new_code_cell(source, id=name, metadata={"tolerance": TOLERANCE}))
    return new_notebook(cells=cells)


def write_updates(path: Path) -> None:
    """Write the notebook with the outputs that this machine computes."""
    print("Two updates of each model are computed here first ...", flush=True)
    unrun = path.with_name(f"unrun-{path.name}")
    write_notebook(updates_notebook(), unrun)
    write_notebook(asyncio.run(run_notebook(unrun, lambda _: None)), path)
