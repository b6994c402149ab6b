"""Mutations of the panels: a page's network and words, and what is stored of them."""

from tools.verify.mutations.changes import replace
from tools.verify.mutations.runner import mutate

cells, cells_back, layers, layers_back, network = (
    mutate(f"course_utils/lens/{name}.js", "test_page_equals_keras")
    for name in ("cells", "cells_back", "layers", "layers_back", "network")
)
words = mutate("course_utils/lens/words.js", "test_page_cuts_a_text_as_the_data_were_cut")
plan = mutate("course_utils/lens/plan.py")
page = mutate("course_utils/lens/page.py")
look = mutate("course_utils/lens/look.py", "test_bad_arguments_are_refused")
living = mutate("tools/publish/living.py")

PANELS = [
    cells(
        "forget and input gate of a page's LSTM in turn",
        replace("const [i, f, g, o]", "const [f, i, g, o]"),
    ),
    cells(
        "page's GRU keeps what it should replace",
        replace(
            "z[unit] * before.parts.h[unit] + (1 - z[unit]) * g[unit]",
            "(1 - z[unit]) * before.parts.h[unit] + z[unit] * g[unit]",
        ),
    ),
    cells_back(
        "gradient past a page's forget gate",
        replace("c: multiply(dc, f)", "c: dc"),
    ),
    layers(
        "page reads what the mask skips",
        replace("if (mask[timestep]) state =", "state ="),
    ),
    layers_back(
        "gradient of a page at masked steps",
        replace("if (!mask[timestep]) continue;", ""),
    ),
    network(
        "page's gradient for the other label",
        replace("answerOf(reading) - label", "answerOf(reading) + label - 1"),
    ),
    words(
        "page reads typographic apostrophes as they stand",
        replace('"’": "\'"', '"’": "’"'),
    ),
    plan(
        "page's GRU without its second biases",
        replace("self._block.place(rows[1])", "self._block.place(0 * rows[1])"),
        "test_page_equals_keras",
    ),
    plan(
        "page takes any activation",
        replace("if name not in ACTIVATIONS:", "if not name:"),
        "test_a_model_of_other_parts_is_refused_in_one_sentence",
    ),
    page(
        "a text ends the script that holds it",
        replace('.replace("<", "\\\\u003c")', ""),
        "test_no_text_ends_the_script_that_holds_it",
    ),
    look(
        "tour sets what no panel has",
        replace('raise ValueError(f"A tour sets', 'print(f"A tour sets'),
    ),
    living(
        "page takes another model's file",
        replace("if sha256(content).hexdigest() != name:", "if not content:"),
        "test_a_panel_of_another_model_is_refused",
    ),
]
