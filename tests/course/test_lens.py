"""A page's network equals Keras: answers, the answers on the way, gradients, and a text's ids."""

from pathlib import Path
from typing import Any

from course_utils import (
    build_averaged_embedding,
    build_bag_of_ngrams,
    build_deep_lstm,
    build_gru,
    build_lstm,
    build_pooled_lstm,
    build_simple_rnn,
    build_stacked_rnn,
    encode_review,
    look_inside,
)
from course_utils.lens import page
from course_utils.lens.look import MOST_ZEROS
from course_utils.lens.plan import Block, plan_of
import keras
from keras import layers
import numpy as np
import pytest

from tests.gradients import gradient_lengths
from tests.javascript import deno, run_script
from tools.paths import ROOT

LENS = ROOT / "course_utils" / "lens"
WORDS, NUMBERS, UNITS = 60, 5, 6
ANSWERS, GRADIENTS = 1e-5, 1e-4
"""How far a page may be from Keras, which computes with 24 bits where the page has 53.

Where a gradient is longer than 1, its distance is measured by the longest.
"""


def run(**given: Any) -> dict:
    """Let the page's scripts read reviews and texts."""
    return run_script(Path(__file__).with_name("run_lens.js"), given=given)


def sequential(*between: layers.Layer, mask: bool = False) -> keras.Sequential:
    ends = layers.Embedding(WORDS, NUMBERS, mask_zero=mask), layers.Dense(1, activation="sigmoid")
    return keras.Sequential([keras.Input((None,)), ends[0], *between, ends[1]], name="own")


def branched() -> keras.Model:
    ids = keras.Input((None,), dtype="int32")
    words = layers.Embedding(WORDS, NUMBERS, mask_zero=True)(ids)
    states = layers.SimpleRNN(UNITS, activation="relu", return_sequences=True, use_bias=False)(
        words
    )
    both = [layers.Bidirectional(layers.GRU(4))(words), layers.GlobalMaxPooling1D()(states)]
    hidden = layers.Dense(7, activation="relu")(layers.Concatenate()(both))
    return keras.Model(
        ids, layers.Dense(1, "sigmoid")(layers.Dropout(0.5)(hidden)), name="branched"
    )


SIZES = WORDS, NUMBERS, UNITS
RECURRENT = build_simple_rnn, build_stacked_rnn, build_lstm, build_deep_lstm, build_gru
MODELS = {
    "averaged": lambda: build_averaged_embedding(WORDS, NUMBERS),
    "pooled": lambda: build_pooled_lstm(np.zeros((WORDS, NUMBERS), "float32"), 9, units=4),
    **{
        f"{build.__name__}, mask {mask}": lambda build=build, mask=mask: build(*SIZES, mask)
        for build in RECURRENT
        for mask in (False, True)
    },
    "branched": branched,
    "three layers": lambda: sequential(
        layers.GRU(4, return_sequences=True),
        layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.SimpleRNN(4, return_sequences=True),
        layers.GlobalAveragePooling1D(),
        mask=True,
    ),
    "dense on each word": lambda: sequential(
        layers.Dense(4, activation="tanh"), layers.LSTM(3, recurrent_activation="tanh")
    ),
    "both ways, last states": lambda: sequential(
        layers.Bidirectional(layers.LSTM(4)), layers.Dense(3), mask=True
    ),
    "both ways, then the largest": lambda: sequential(
        layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
        layers.GlobalMaxPooling1D(),
        mask=True,
    ),
    "pooled without a mask": lambda: sequential(
        layers.Bidirectional(layers.GRU(4, return_sequences=True)), layers.GlobalAveragePooling1D()
    ),
}


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> keras.Model:
    """Build a model whose weights are so large that its answers differ from review to review."""
    model = MODELS[request.param]()
    numbers = np.random.default_rng(2026)
    model.set_weights([numbers.normal(0, 0.6, one.shape) for one in model.get_weights()])
    return model


def reviews() -> list[np.ndarray]:
    """Make reviews without zeros, and with zeros behind, in front, between, and on both sides."""
    numbers = np.random.default_rng(2026)
    words = [numbers.integers(1, WORDS, length) for length in (1, 7, 12, 12, 12, 12, 40)]
    for one, places in zip(words[2:], ([8, 12], [0, 5], [4, 6], [0, 2], [20, 40]), strict=True):
        one[slice(*places)] = 0
    words[5][9:] = 0
    return words


def test_page_equals_keras(model: keras.Model) -> None:
    """For each kind of model: the answer, each beginning's answer, and each word's gradient."""
    block, rows = Block(), reviews()
    plan, labels = plan_of(model, block), [number % 2 for number in range(len(rows))]
    seen = run(
        plan=plan, weights=block.base64(), reviews=[*map(np.ndarray.tolist, rows)], labels=labels
    )
    answers = [model(ids[np.newaxis])[0, 0] for ids in rows]
    assert np.ptp(answers) > 0.05
    for ids, label, answer, page_s in zip(rows, labels, answers, seen["seen"], strict=True):
        assert page_s["answer"] == pytest.approx(float(answer), abs=ANSWERS)
        words = np.flatnonzero(ids)
        along = [model(ids[np.newaxis, : place + 1])[0, 0] for place in words]
        told = np.array(page_s["along"], float)[words]
        np.testing.assert_allclose(told, along, atol=ANSWERS)
        expected = gradient_lengths(model, ids, label)
        np.testing.assert_allclose(page_s["lengths"], expected, atol=GRADIENTS * max(1, *expected))


@pytest.mark.parametrize("label", [0, 1])
def test_gradient_of_a_sure_answer_is_that_of_keras(label: int) -> None:
    """A sure and wrong answer has a large gradient; Keras, too, takes it before the sigmoid."""
    model, ids = build_averaged_embedding(WORDS, NUMBERS), np.arange(1, 9)
    kernel, _ = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel, np.array([20.0])])
    block = Block()
    plan = plan_of(model, block)
    (seen,) = run(plan=plan, weights=block.base64(), reviews=[ids.tolist()], labels=[label])["seen"]
    expected = gradient_lengths(model, ids, label)
    assert (expected.min() > 0.01) == (label == 0)
    np.testing.assert_allclose(seen["lengths"], expected, atol=1e-6)


TEXTS = [
    "A GREAT film!",
    "Don’t… “quote” it—really\u00a0good\r\nstuff",
    "<script>alert(1)</script> & <b>",
    "naïve café ÉCLAIR ＡＢＣ",
    "tab\tand  two spaces, 10/10",
    "\U0001f600 smile \u2028 line \x00 nul",
    "zyzzyva the",
    "",
]


def test_page_cuts_a_text_as_the_data_were_cut() -> None:
    vocabulary = look_inside(build_lstm(), "good").data["vocabulary"]
    ids = run(vocabulary=vocabulary, texts=TEXTS)["ids"]
    assert ids == [encode_review(text, num_words=5000).tolist() for text in TEXTS]


def test_scripts_have_the_types_that_they_name_and_one_style() -> None:
    config = "--config", ROOT / "tools" / "verify" / "deno.json"
    files = sorted(LENS.glob("*.js"))
    deno("fmt", "--check", *config, *files)
    deno("check", *config, *files)


def test_one_script_holds_every_file_and_each_name_once() -> None:
    assert {path.stem for path in LENS.glob("*.js")} == {*page.COMPUTING, *page.DRAWING}
    names = [
        line.split("(")[0].split()[1:3]
        for line in page.script().splitlines()
        if line.startswith(("function ", "const ", "class "))
    ]
    firsts = [first for first, *_ in names]
    assert len(firsts) == len({*firsts}) > 50


def test_no_text_ends_the_script_that_holds_it() -> None:
    html = look_inside(build_lstm(), "a </script><script>alert(1)</script><!-- film")._repr_html_()
    assert "alert(1)</script>" not in html
    assert html.count("<script") == html.count("</script>") == 2


def test_models_share_the_weights_that_are_equal() -> None:
    keras.utils.set_random_seed(2026)
    one = build_lstm()
    twice = look_inside({"one": one, "same": one}, "good").data["weights"]
    assert twice == look_inside(one, "good").data["weights"]


def no_head() -> keras.Model:
    return keras.Sequential(
        [keras.Input((None,)), layers.Embedding(9, 2), layers.LSTM(3)], name="own"
    )


def twice_used() -> keras.Model:
    ids, shared = keras.Input((None,)), layers.Dense(2)
    words = layers.Embedding(9, 2)(ids)
    mean = layers.GlobalAveragePooling1D()(shared(shared(words)))
    return keras.Model(ids, layers.Dense(1, "sigmoid")(mean), name="own")


class Own(layers.LSTM):
    """An LSTM that could compute anything."""


def second_state() -> keras.Model:
    ids = keras.Input((None,))
    _, _, cell_state = layers.LSTM(3, return_state=True)(layers.Embedding(9, 2)(ids))
    return keras.Model(ids, layers.Dense(1, "sigmoid")(cell_state), name="own")


def started_elsewhere() -> keras.Model:
    ids = keras.Input((None,))
    words = layers.Embedding(9, 3)(ids)
    start = layers.GlobalAveragePooling1D()(words)
    state = layers.LSTM(3)(words, initial_state=[start, start])
    return keras.Model(ids, layers.Dense(1, "sigmoid")(state), name="own")


REFUSED = {
    "has return_state=True": second_state,
    "is called with more than its input": started_elsewhere,
    "has zero_output_for_mask=True": lambda: sequential(layers.LSTM(3, zero_output_for_mask=True)),
    "has keepdims=True": lambda: sequential(
        layers.GlobalMaxPooling1D(keepdims=True), layers.LSTM(3)
    ),
    "is a Own": lambda: sequential(Own(3)),
    "gives one answer for each word": lambda: sequential(layers.LSTM(3, return_sequences=True)),
    "has the activation 'gelu'": lambda: sequential(layers.LSTM(3, activation="gelu")),
    "is a Conv1D": lambda: sequential(layers.Conv1D(2, 3), layers.GlobalMaxPooling1D()),
    "has go_backwards=True": lambda: sequential(layers.LSTM(3, go_backwards=True)),
    "has reset_after=False": lambda: sequential(layers.GRU(3, reset_after=False)),
    "has merge_mode 'sum'": lambda: sequential(
        layers.Bidirectional(layers.LSTM(3), merge_mode="sum")
    ),
    "does not end in one sigmoid unit": no_head,
    "is used twice": twice_used,
    "does not start with one Embedding": build_bag_of_ngrams,
    "it has no weights yet": lambda: keras.Sequential([layers.Embedding(9, 2), layers.LSTM(3)]),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_model_of_other_parts_is_refused_in_one_sentence(reason: str) -> None:
    with pytest.raises(
        ValueError, match=r"^look_inside cannot show \w+: .*Give a model of"
    ) as refusal:
        look_inside(REFUSED[reason](), "good")
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": 7}, "text is 7"),
        ({"text": " !"}, "without a word"),
        ({"label": 2}, "label is 2"),
        ({"tour": [("Look.", {"colour": 1})]}, "A tour sets 'colour'"),
        ({"tour": [("Look.", {"zeros": MOST_ZEROS + 1})]}, "zeros is 501"),
        ({"tour": [("Look.", {"side": "left"})]}, "side is 'left'"),
    ],
)
def test_bad_arguments_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        look_inside(**({"model": build_lstm(), "text": "good"} | arguments))
