"""A sweep computes the same numbers wherever and however often it runs, and loses nothing."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable
import contextlib
import csv
import json
import os
from pathlib import Path
import re
import signal
import subprocess
import sys
import time

import course_utils as course
from course_utils import fit, imdb, models, pad_reviews, set_seed
from course_utils.recorded import Epoch, read_epochs
from distributed import LocalCluster
import keras
import nbformat
import numpy as np
from PIL import Image
import pytest

from tools import cluster
from tools.paths import DOCS, notebooks
from tools.processes import check_ended
from tools.sweep import command, contest, experiments, table, training
from tools.sweep.recipes import INGREDIENTS, RECIPES, Recipe
from tools.verify.pixels import Pixels
from tools.verify.spread import output_text

TINY = Recipe("simple_rnn", "tiny", reviews=128, maxlen=10, epochs=2)
EPOCH = Epoch("lstm", "mask", 1, 1, 0.7, 0.5, 0.69, 0.52, 0.68, 0.54, 1.25, "3.15.0", "2.21.0")

STAND_IN = """
import os, signal, sys, time
from course_utils.recorded import Epoch
from tools.sweep import command, recipes, table

LOG, SECONDS = sys.argv[1], float(sys.argv[2])

def train(recipe, seed):
    with open(LOG, "a") as log:
        print(os.getpid(), recipe.model, seed, file=log)
    if os.environ.get("FAILS") == f"{recipe.model} {seed}":
        raise RuntimeError("no luck")
    time.sleep(SECONDS)
    number = seed / 10_000
    return [
        Epoch(*recipe[:2], seed, epoch, *[number] * 6, time.monotonic(), "3.15.0", "2.21.0")
        for epoch in (1, 2)
    ]

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    recipes.MODELS.update({f"model_{i}": f"model {i}" for i in range(3)})
    command.RECIPES = table.RECIPES = tuple(
        recipes.Recipe(f"model_{i}", "mask", epochs=2) for i in range(3)
    )
    command.train_apart = train
    sys.exit(command.main(sys.argv[3:]))
"""
ALL_TASKS = sorted(f"model_{i} {seed}" for i in range(3) for seed in (1, 2026))


def start(folder: Path, seconds: float, *arguments: str) -> subprocess.Popen:
    """Start a sweep over two seeds: six trainings, each of them a stand-in that waits."""
    script = folder / "stand_in.py"
    script.write_text(STAND_IN)
    command = [sys.executable, script, folder / "log", str(seconds)]
    command += ["--out", folder / "sweep.csv", "--seeds", "2", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def finish(process: subprocess.Popen, code: int = 0) -> tuple[str, str]:
    """Wait for the end of a sweep; return what it printed."""
    printed = process.communicate(timeout=60)
    assert process.returncode == code, printed
    return printed


def started(folder: Path) -> list[tuple[int, str]]:
    """Return the process and the task of every training that was started."""
    log = folder / "log"
    lines = log.read_text().splitlines() if log.exists() else []
    return [(int(pid), task) for pid, task in (line.split(" ", 1) for line in lines)]


def stored(folder: Path) -> list[str]:
    """Return the tasks whose two rows are in the CSV."""
    path = folder / "sweep.csv"
    lines = path.read_text().splitlines() if path.exists() else []
    tasks = Counter(f"{model} {seed}" for model, _, seed, *_ in csv.reader(lines))
    return sorted(task for task, rows in tasks.items() if rows == 2)


def wait_until(what: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def trained() -> list[Epoch]:
    return training.train(TINY, 7)


def assert_as_in_a_notebook(trained: list[Epoch], recipe: Recipe, seed: int) -> None:
    """Train what a recipe says with what the notebooks use, and compare all numbers."""
    reviews, labels = imdb.load_imdb(num_words=5000)
    padded = pad_reviews(reviews, recipe.maxlen, recipe.padding)
    (x, y), validation, test = imdb.lecture_split(padded, labels)
    x, y = x[: recipe.reviews], y[: recipe.reviews]
    set_seed(seed)
    model = models.build_simple_rnn(mask_padding=recipe.mask)
    history = fit(model, x, y, validation_data=validation, epochs=recipe.epochs).history
    for column, numbers in history.items():
        np.testing.assert_allclose([getattr(row, column) for row in trained], numbers, atol=1e-5)
    at_the_end = trained[-1].test_loss, trained[-1].test_accuracy
    np.testing.assert_allclose(at_the_end, model.evaluate(*test, verbose=0), atol=1e-5)


def test_training_is_that_of_the_notebooks(trained: list[Epoch]) -> None:
    assert_as_in_a_notebook(trained, TINY, 7)
    assert [row.epoch for row in trained] == [1, 2]


def test_cures_are_those_of_the_notebooks() -> None:
    """Behind a mask it makes no difference where the zeros are, so the data are looked at, too."""
    recipe = Recipe("simple_rnn", "", reviews=64, maxlen=80, padding="pre", mask=True, epochs=1)
    assert_as_in_a_notebook(training.train(recipe, 8), recipe, 8)
    reviews, _ = imdb.load_imdb(num_words=5000)
    parts = slice(64), slice(1000, 1500), slice(-500, None)
    for (x, _), part in zip(experiments.parts(recipe, 8), parts, strict=True):
        assert np.array_equal(x, pad_reviews(reviews[part], 80, "pre"))


def test_training_on_a_worker_is_the_same(trained: list[Epoch], tmp_path: Path) -> None:
    """The worker finds its function by import, and the process it starts finds the project."""
    path, script = tmp_path / "sweep.csv", tmp_path / "script.py"
    script.write_text(
        "from tools.sweep import command, table\n"
        "from tools.sweep.recipes import Recipe\n"
        "if __name__ == '__main__':\n"
        f"    command.RECIPES = table.RECIPES = ({TINY},)\n"
        "    command.seeds = lambda count: [7]\n"
        f"    command.main(['--workers', '1', '--out', {str(path)!r}])\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for on_worker, here in zip(read_epochs(path), trained, strict=True):
        assert on_worker[:4] == here[:4]
        assert on_worker[4:10] == pytest.approx(here[4:10], abs=1e-4)


def test_training_is_not_slowed_down_by_dask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask sets a variable that has TensorFlow's memory given back to the system at each step."""
    python = tmp_path / "python"
    row = ", 0" * (len(EPOCH) - 1)
    python.write_text(f'#!/bin/sh\necho [[\\"${{MALLOC_TRIM_THRESHOLD_-unset}}\\"{row}]]')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "65536")
    (epoch,) = training.train_apart(RECIPES[0], 1)
    assert epoch.model == "unset"


def test_training_that_died_says_how() -> None:
    """A full memory ends a process with a signal, not with a line."""
    for code, says in [(-9, "was killed by signal 9"), (1, "failed: MemoryError")]:
        with pytest.raises(RuntimeError, match=f"its process {says}"):
            check_ended("process", code, "Traceback\nMemoryError\n")


def test_training_ends_with_the_process_that_started_it() -> None:
    command = "-m", "tools.sweep.training", json.dumps([TINY._replace(epochs=10_000), 7])
    done = subprocess.run([sys.executable, *command], input=b"", capture_output=True, timeout=60)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("number", "cell_id", "nth", "model", "change"),
    [
        (4, "fit-lstm", 0, "lstm", "as taught"),
        (4, "fit-lstm", 1, "deep_lstm", "as taught"),
        (4, "fit-linear", 0, "linear", "contest"),
    ],
)
def test_seed_2026_is_the_notebooks_training(
    number: int, cell_id: str, nth: int, model: str, change: str
) -> None:
    """The recorded sweep and the nth stored table are from two programs that do the same."""
    cells = nbformat.read(notebooks()[number - 1], as_version=4).cells
    (cell,) = [cell for cell in cells if cell.id == cell_id]
    _, *tables = re.split("^epoch.*\n", output_text(cell), flags=re.MULTILINE)
    lines = re.findall(r"^ +\d+ .*", tables[nth], re.MULTILINE)
    recorded = [row for row in table.load_sweep() if row[:3] == (model, change, 2026)]
    assert len(lines) > 1
    for line, row in zip(lines, recorded, strict=False):
        epoch, *numbers = map(float, line.split())
        assert epoch == row.epoch
        assert numbers == pytest.approx(row[4:8], abs=cell.metadata.tolerance)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("build", "options", "change"),
    [
        (course.build_simple_rnn, {}, "as taught"),
        (
            course.build_simple_rnn,
            {"mask_padding": True, "recurrent_initializer": "identity"},
            "mask, identity start",
        ),
        (course.build_stacked_rnn, {}, "as taught"),
        (course.build_lstm, {"mask_padding": True}, "mask"),
    ],
)
def test_first_epoch_of_seed_2026_is_that_of_the_lessons_model(
    build: Callable, options: dict, change: str
) -> None:
    """Of those that notebooks train in 64 bits, or print no number of: one epoch moves little."""
    reviews, labels = course.load_imdb(5000)
    (x, y), _, test = course.lecture_split(pad_reviews(reviews), labels)
    set_seed(2026)
    model = build(**options)
    history = fit(model, x, y, epochs=1, table=False).history
    wanted = model.name.removesuffix("_model"), change, 2026, 1
    (row,) = [row for row in table.load_sweep() if row[:4] == wanted]
    computed = history["loss"][0], history["accuracy"][0], *model.evaluate(*test, verbose=0)
    assert computed == pytest.approx((*row[4:6], *row[8:10]), abs=0.004)


@pytest.fixture
def positions(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """Let each review be one word, its position in Keras' order."""
    reviews = np.fromiter(np.arange(25_000, dtype=np.int32)[:, np.newaxis], dtype=object)
    monkeypatch.setattr(experiments, "load_imdb", lambda num_words: (reviews, np.arange(25_000)))
    return reviews


@pytest.mark.usefixtures("positions")
def test_more_data_shares_nothing_with_validation_and_test() -> None:
    parts = parts_of(Recipe("lstm", "", reviews=5000, maxlen=1), 1)
    assert [len(part) for part in parts] == [5000, 500, 500]
    assert np.array_equal(parts[0][:1000], np.arange(1000))
    assert len(np.unique(np.concatenate(parts))) == 6000


def parts_of(recipe: Recipe, seed: int) -> list[np.ndarray]:
    """Return the positions in each part; reviews and labels must belong together."""
    parts = experiments.parts(recipe, seed)
    assert all(np.array_equal(x, y[:, np.newaxis]) for x, y in parts)
    return [y for _, y in parts]


def films_in_two_parts(parts: list[np.ndarray]) -> int:
    films = [set(course.film_ids()[part]) for part in parts]
    return sum(map(len, films)) - len(set.union(*films))


@pytest.mark.usefixtures("positions")
@pytest.mark.parametrize(("data", "shares"), [("by film", False), ("at random", True)])
def test_halves_keep_films_apart_or_do_not_and_follow_the_seed(data: str, shares: bool) -> None:
    """Both cuts give parts of the same sizes, so that nothing but the films differs."""
    recipe = Recipe("averaged_embedding", "", data, reviews=11_250, maxlen=1)
    parts, again, other = (parts_of(recipe, seed) for seed in (1, 1, 2))
    assert [len(part) for part in parts] == [11_250, 1_250, 12_500]
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(25_000))
    assert (films_in_two_parts(parts) > 1_000) == shares
    assert (films_in_two_parts(parts) == 0) != shares
    assert all(map(np.array_equal, parts, again))
    for part, of_other in zip(parts, other, strict=True):
        assert not np.array_equal(np.sort(part), np.sort(of_other))
    fewer = parts_of(recipe._replace(reviews=1000), 1)
    assert [len(part) for part in fewer] == [1000, 1_250, 12_500]
    assert np.array_equal(fewer[0], parts[0][:1000])


@pytest.mark.parametrize(
    ("data", "make"), [("flag", course.flag_task), ("first token", course.first_token_task)]
)
def test_sequences_of_a_task_are_as_long_as_the_recipe_says(data: str, make: Callable) -> None:
    parts = experiments.parts(Recipe("gru", "", data, reviews=64, maxlen=7), 5)
    assert [x.shape for x, _ in parts] == [(64, 7), (500, 7), (1000, 7)]
    for ours, made in zip(zip(*parts, strict=True), make(1564, 7, 5), strict=True):
        assert np.array_equal(np.concatenate(ours), made)


@pytest.mark.parametrize("data", ["flag", "first token"])
def test_a_task_clips_gradients(data: str) -> None:
    """The gradient of all weights together is cut to length 1; the models are small."""
    model = experiments._model(Recipe("lstm", "", data, learning_rate=0.02))
    sizes = model.get_layer("embedding").get_weights()[0].shape, model.get_layer("lstm").units
    assert sizes == ((20, 16), 32)
    settings = model.optimizer.get_config()
    assert [settings["global_clipnorm"], settings["clipnorm"]] == [1, None]
    assert settings["learning_rate"] == pytest.approx(0.02)


@pytest.mark.parametrize("data", ["lecture", "flag"])
def test_start_forget_bias_and_steps_reach_the_model(data: str) -> None:
    """And move nothing else: the biases of the other gates stay where Keras starts them."""

    def built(model: str, **changes: object) -> keras.Model:
        return experiments._model(Recipe(model, "", data, **changes))

    def weights(model: str, **changes: object) -> list[np.ndarray]:
        return built(model, **changes).layers[1].get_weights()

    as_taught, identity = weights("simple_rnn")[1], weights("simple_rnn", start="identity")[1]
    assert np.array_equal(identity, np.eye(len(identity)))
    lower, upper = (
        layer.get_weights()[1]
        for layer in built("stacked_rnn", start="identity", scale=1.5).layers[1:3]
    )
    assert np.array_equal(lower, 1.5 * np.eye(len(lower)))
    assert np.array_equal(upper, np.eye(len(upper)))
    assert not np.array_equal(as_taught, identity)
    for model, layers in {"lstm": 1, "deep_lstm": 2}.items():
        for changes, bias in [({}, 1), ({"forget_bias": 6.0}, 6)]:
            biases = [layer.get_weights()[-1] for layer in built(model, **changes).layers[1:-1]]
            assert len(biases) == layers
            for gates in (np.split(values, 4) for values in biases):
                assert [set(gate) for gate in gates] == [{0}, {bias}, {0}, {0}]
    rates = [
        float(built("gru", **c).optimizer.learning_rate) for c in ({}, {"learning_rate": 0.01})
    ]
    assert rates == pytest.approx([0.001, 0.01])


def test_a_test_review_loses_the_words_that_the_recipe_leaves_out() -> None:
    """The two parts together are the review; of a short one, its first two ids stay."""
    whole, last, others = (
        experiments.parts(Recipe("lstm", "", test_words=words), 1)
        for words in ("all", "last 40", "all but 40")
    )
    for same in (0, 1):
        assert np.array_equal(whole[same][0], last[same][0])
        assert np.array_equal(whole[same][0], others[same][0])
    for review, end, start in zip(whole[2][0], last[2][0], others[2][0], strict=True):
        review, end, start = (ids[ids != 0] for ids in (review, end, start))
        if len(review) < 500:
            assert np.array_equal(end, review[-40:])
            assert np.array_equal(start, review[: max(len(review) - 40, 2)])


def test_pooled_lstm_with_all_ingredients_is_that_of_notebook_4(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And each recipe of the ablation differs from the plain or the whole one in one ingredient."""
    vectors = np.random.default_rng(1).normal(size=(10_000, 32)).astype("float32")
    monkeypatch.setattr(contest, "_vectors", lambda: vectors)
    set_seed(4)
    ours = contest.pooled_lstm_of(INGREDIENTS, 10)
    set_seed(4)
    course_model = models.build_pooled_lstm(vectors, 10)
    ids = np.random.default_rng(2).integers(1, 10_000, (64, 12))
    labels = ids[:, 0] % 2
    for model in (ours, course_model):
        model.fit(ids, labels, batch_size=32, epochs=2, shuffle=False, verbose=0)
    for weights, expected in zip(ours.get_weights(), course_model.get_weights(), strict=True):
        assert np.array_equal(weights, expected)
    ablation = [{*r.ingredients} for r in RECIPES if r.model == "pooled_lstm"]
    for one in INGREDIENTS:
        assert {one} in ablation
        assert {*INGREDIENTS} - {one} in ablation
    assert [set(), {*INGREDIENTS}] == [ablation[0], ablation[-1]]


def test_each_ingredient_changes_the_pooled_lstm() -> None:
    """Which layers a recipe's model has; what it starts from; how long its steps are."""
    plain = contest.pooled_lstm_of((), 100)
    assert [type(layer).__name__ for layer in plain.layers] == (
        ["InputLayer", "Embedding", "Dropout", "HoldsWord", "LSTM", "Dense"]
    )
    assert plain.layers[2].rate == 0
    assert np.abs(plain.layers[1].get_weights()[0]).max() <= 0.05
    assert float(plain.optimizer.learning_rate) == pytest.approx(0.002)
    assert plain.optimizer.global_clipnorm == 1
    for ingredient, layer in {
        "both ways": "Bidirectional",
        "pooling": "MaximumOverTime",
    }.items():
        names = [type(one).__name__ for one in contest.pooled_lstm_of([ingredient], 100).layers]
        assert layer in names
    rates = [
        one.rate
        for one in contest.pooled_lstm_of(["dropout"], 100).layers
        if type(one).__name__ == "Dropout"
    ]
    assert rates == [0.4, 0.5]
    shrinking = contest.pooled_lstm_of(["shrinking steps"], 100).optimizer
    mean = np.mean([float(shrinking._learning_rate(step)) for step in range(100)])
    assert mean == pytest.approx(0.002, rel=0.02)


def test_loss_and_accuracy_are_those_of_keras() -> None:
    labels, answers = np.array([1, 0, 1, 0]), np.array([0.9, 0.2, 0.4, 0.6])
    loss, accuracy = contest.loss_and_accuracy(labels, answers)
    assert loss == pytest.approx(float(keras.losses.binary_crossentropy(labels, answers)), abs=1e-6)
    assert accuracy == 0.5


def test_a_task_is_trained_and_recorded_like_all_else() -> None:
    recipe = Recipe("simple_rnn", "flag, tiny", "flag", 64, 6, start="identity", epochs=1)
    (row,) = training.train(recipe, 3)
    assert row[:4] == ("simple_rnn", "flag, tiny", 3, 1)
    assert all(0 < number < 2 for number in row[4:10])


def example(change: str = "mask", seed: int = 1) -> list[Epoch]:
    return [EPOCH._replace(change=change, seed=seed, epoch=e, test_accuracy=e / 10) for e in (1, 2)]


def test_cut_off_training_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for that, the file gives back what was written, in the order of recipes and seeds."""
    recipes = Recipe("lstm", "as taught", epochs=2), Recipe("lstm", "mask", epochs=2)
    monkeypatch.setattr(table, "RECIPES", recipes)
    path = tmp_path / "sweep.csv"
    table.write(path, example(seed=10))
    table.append(path, example("as taught"))
    whole = path.read_bytes()
    table.append(path, example(seed=9))
    assert table.load_sweep(path) == example("as taught") + example(seed=9) + example(seed=10)
    both = path.read_bytes()
    for length in range(len(whole), len(both)):
        path.write_bytes(both[:length])
        assert table.load_sweep(path) == example("as taught") + example(seed=10), both[:length]


def test_stored_picture_is_that_of_the_stored_sweep() -> None:
    expected = table.picture(table.final_accuracies(table.load_sweep()))
    with Image.open(DOCS / "sweep.png") as drawn:
        assert drawn.text["Description"] == expected.alt
    drawn, again = (DOCS / "sweep.png").read_bytes(), expected.png()
    assert Pixels(b64encode(drawn).decode()) == b64encode(again).decode()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run a sweep to its end; return its CSV."""
    folder = tmp_path_factory.mktemp("whole")
    finish(start(folder, 0))
    assert sorted(task for _, task in started(folder)) == stored(folder) == ALL_TASKS
    return (folder / "sweep.csv").read_text()


def test_two_sweeps_differ_in_seconds_only(tmp_path: Path, whole: str) -> None:
    finish(start(tmp_path, 0, "--only", "model_2", "model_0/mask"))
    first = re.sub(r"model_1.*\n", "", whole)
    second = (tmp_path / "sweep.csv").read_text()
    seconds = re.compile(r"[\d.]+(?=,3\.15\.0)")
    assert seconds.sub("", second) == seconds.sub("", first)
    assert second != first


def test_finished_sweep_trains_nothing(tmp_path: Path, whole: str) -> None:
    path = tmp_path / "sweep.csv"
    path.write_text(whole)
    out, _ = finish(start(tmp_path, 0))
    assert started(tmp_path) == []
    assert path.read_text() == whole
    assert "6 trainings, 6 of them" in out
    with Image.open(path.with_suffix(".png")) as drawn:
        assert "model 2, mask: median 0.101, 0.000 to 0.203" in drawn.text["Description"]


def test_resumed_sweep_trains_each_recipe_of_a_model_that_has_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipes = [
        Recipe(*name, epochs=2)
        for name in (("lstm", "as taught"), ("lstm", "mask"), ("gru", "mask"))
    ]
    for module in (command, table):
        monkeypatch.setattr(module, "RECIPES", recipes)
    path, left = tmp_path / "sweep.csv", []
    table.write(path, example("mask", seed=1))
    monkeypatch.setattr(cluster, "connect", lambda _: contextlib.nullcontext())
    monkeypatch.setattr(command, "run", lambda _, tasks, *__: left.extend(tasks))
    monkeypatch.setattr(command, "_report", lambda _: None)
    assert command.main(["--seeds", "2", "--out", str(path)]) == 0
    missing = {(recipe.name, seed) for recipe in recipes for seed in (2026, 1)} - {("lstm/mask", 1)}
    assert sorted((recipe.name, seed) for recipe, seed in left) == sorted(missing)


def test_failed_training_stops_no_other(
    tmp_path: Path, whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the last two trainings one was cut off, and one is missing: both are trained again."""
    *kept, _, _, _ = whole.splitlines(keepends=True)
    (tmp_path / "sweep.csv").write_text("".join(kept))
    monkeypatch.setenv("FAILS", "model_2 2026")
    _, err = finish(start(tmp_path, 0), code=1)
    first, *others, last = err.splitlines()
    assert re.fullmatch(r"0 of 2 trainings on \d+ workers", first)
    assert "2 of 2 trainings, the last one model_2/mask; about 0 min left" in others
    assert last == "model_2/mask, seed 2026: RuntimeError('no luck')"
    assert sorted(task for _, task in started(tmp_path)) == ["model_2 1", "model_2 2026"]
    assert stored(tmp_path) == [task for task in ALL_TASKS if task != "model_2 2026"]


@pytest.mark.ci
@pytest.mark.parametrize(("how", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_stopped_sweep_goes_on(tmp_path: Path, how: signal.Signals, code: int) -> None:
    process = start(tmp_path, 0.5)
    wait_until(lambda: len(stored(tmp_path)) >= 2)
    os.killpg(process.pid, how)
    _, err = finish(process, code)
    assert ("Stopped. What was finished is kept" in err) == (how == signal.SIGINT)
    kept = stored(tmp_path)
    assert len(kept) < 6
    finish(start(tmp_path, 0))
    assert stored(tmp_path) == ALL_TASKS
    count = Counter(task for _, task in started(tmp_path))
    assert [count[task] for task in kept] == [1] * len(kept)


def test_killed_worker_had_stored_trainings_that_nobody_repeats(tmp_path: Path) -> None:
    process = start(tmp_path, 0.7, "--workers", "1", "--only", "model_0", "model_1")
    wait_until(lambda: len(stored(tmp_path)) == 3)
    time.sleep(0.3)
    os.kill(started(tmp_path)[0][0], signal.SIGKILL)
    finish(process)
    tasks = [task for _, task in started(tmp_path)]
    assert len(stored(tmp_path)) == 4
    assert tasks.count(tasks[3]) == 2
    assert len(tasks) == 5


@pytest.mark.ci
def test_running_cluster_of_which_a_worker_dies(tmp_path: Path) -> None:
    with LocalCluster(n_workers=2, **cluster.LOCAL_CLUSTER) as running:
        process = start(tmp_path, 1, "--scheduler", running.scheduler_address)
        wait_until(lambda: len({pid for pid, _ in started(tmp_path)}) == 2)
        os.kill(started(tmp_path)[0][0], signal.SIGKILL)
        finish(process)
        assert running.scheduler_info["workers"]
    assert stored(tmp_path) == ALL_TASKS


NO_SCHEDULER = "No Dask scheduler answers at "


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "ltsm"], "no 'ltsm'"),
        (["--seeds", "0"], "--seeds is 0"),
        (["--seeds", "2027"], "--seeds is 2027"),
        (["--workers", "0"], "--workers is 0"),
        (["--out", "/dev/null/sweep.csv"], "/dev/null"),
        (["--scheduler", "tcp://127.0.0.1:1"], f"{NO_SCHEDULER}tcp://127.0.0.1:1"),
        (["--scheduler", "tcp://"], f"{NO_SCHEDULER}tcp://"),
    ],
)
def test_bad_arguments(
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture,
) -> None:
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    started = time.monotonic()
    assert command.main(["--out", str(tmp_path / "sweep.csv"), *arguments]) == 2
    err = capfd.readouterr().err
    assert says in err
    assert err.count("\n") == 1
    assert time.monotonic() - started < 5


def test_another_file_is_left_alone(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    path = tmp_path / "sweep.csv"
    path.write_text("a,b\n1,2\n")
    assert command.main(["--out", str(path)]) == 2
    assert "not the CSV of a sweep" in capfd.readouterr().err
    assert path.read_text() == "a,b\n1,2\n"
