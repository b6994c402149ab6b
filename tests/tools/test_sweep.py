"""A sweep computes the same numbers wherever and however often it runs, and loses nothing.

Most tests need no training: a stand-in takes its place, which says in a log that it starts, waits,
and returns made-up numbers.
"""

from collections import Counter
from collections.abc import Callable
import csv
import inspect
import json
import os
from pathlib import Path
import re
import signal
import subprocess
import sys
import time

from course_utils import fit, imdb, models, pad_reviews, set_seed
from course_utils.recorded import Epoch, read_epochs
from distributed import LocalCluster
import nbformat
import numpy as np
from PIL import Image
import pytest

from tools import cluster
from tools.paths import DOCS, NOTEBOOKS
from tools.sweep import command, table, training
from tools.sweep.recipes import RECIPES, Recipe
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


class Sweep:
    """A sweep of 3 recipes in a folder of its own, in which training is a stand-in."""

    def __init__(self, folder: Path) -> None:
        self.csv, self.log = folder / "sweep.csv", folder / "log"
        self.script = folder / "stand_in.py"
        self.script.write_text(STAND_IN)

    def start(self, seconds: float, *arguments: str) -> subprocess.Popen:
        """Start a sweep over two seeds: six trainings that take so many seconds each."""
        options = "--out", self.csv, "--seeds", "2", *arguments
        return subprocess.Popen(
            [sys.executable, self.script, self.log, str(seconds), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """Run such a sweep to its end without waiting; returns what it printed."""
        return finish(self.start(0, *arguments), code)

    def started(self) -> list[tuple[int, str]]:
        """List the process and the task of every training that was started."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(int(pid), task) for pid, task in (line.split(" ", 1) for line in lines)]

    def stored(self) -> list[str]:
        """List the tasks whose two rows are in the CSV."""
        lines = self.csv.read_text().splitlines() if self.csv.exists() else []
        tasks = Counter(f"{model} {seed}" for model, _, seed, *_ in csv.reader(lines))
        return sorted(task for task, rows in tasks.items() if rows == 2)


def finish(process: subprocess.Popen, code: int = 0) -> tuple[str, str]:
    """Wait for the end of a sweep; returns what it printed."""
    printed = process.communicate(timeout=60)
    assert process.returncode == code, printed
    return printed


@pytest.fixture
def stand_in(tmp_path: Path) -> Sweep:
    return Sweep(tmp_path)


def wait_until(what: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


# --- one training


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
    recipe = Recipe("simple_rnn", "", 64, maxlen=80, padding="pre", mask=True, epochs=1)
    assert_as_in_a_notebook(training.train(recipe, 8), recipe, 8)
    reviews, _ = imdb.load_imdb(num_words=5000)
    parts = slice(64), slice(1000, 1500), slice(-500, None)
    for (x, _), part in zip(training._data(recipe), parts, strict=True):
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


def serve_with(commands: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Epoch]:
    """Return what `train_apart` makes of a process that runs these shell commands instead."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n" + commands)
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    return training.train_apart(RECIPES[0], 1)


def test_training_is_not_slowed_down_by_dask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask sets a variable that has TensorFlow's memory given back to the system at each step."""
    monkeypatch.setenv("ROW", ", 0" * (len(EPOCH) - 1))
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "65536")
    prints = 'echo [[\\"${MALLOC_TRIM_THRESHOLD_-unset}\\"$ROW]]'
    (row,) = serve_with(prints, tmp_path, monkeypatch)
    assert row.model == "unset"


@pytest.mark.parametrize(
    ("commands", "says"),
    [
        ("echo a warning >&2; kill -9 $$", "killed by signal 9"),
        ("echo Traceback >&2; echo MemoryError >&2; exit 1", "failed: MemoryError"),
        ("exit 3", "failed: exit code 3"),
    ],
)
def test_training_that_died_says_how(
    commands: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full memory ends a process with a signal, not with a line."""
    with pytest.raises(RuntimeError, match=says):
        serve_with(commands, tmp_path, monkeypatch)


def test_training_ends_with_the_process_that_started_it() -> None:
    command = "-m", "tools.sweep.training", json.dumps([TINY._replace(epochs=10_000), 7])
    done = subprocess.run([sys.executable, *command], input=b"", capture_output=True, timeout=60)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("notebook", "cell_id", "model", "change"),
    [
        ("02_simple_rnn", "fit-2-epochs", "simple_rnn", "as taught"),
        ("02_simple_rnn", "fit-mask", "simple_rnn", "mask"),
        ("03_stacked_rnn", "fit-3-epochs", "stacked_rnn", "as taught"),
        ("04_lstm_and_deep_lstm", "fit-lstm", "lstm", "as taught"),
        ("04_lstm_and_deep_lstm", "fit-deep-lstm", "deep_lstm", "as taught"),
        ("04_lstm_and_deep_lstm", "fit-masked", "lstm", "mask"),
    ],
)
def test_seed_2026_is_the_notebooks_training(
    notebook: str, cell_id: str, model: str, change: str
) -> None:
    """The recorded sweep and the stored table are from two programs that do the same."""
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    (cell,) = [cell for cell in cells if cell.id == cell_id]
    _, *lines = output_text(cell).strip().splitlines()
    recorded = [row for row in table.load_sweep() if row[:3] == (model, change, 2026)]
    assert len(lines) > 1
    for line, row in zip(lines, recorded, strict=False):
        epoch, *numbers = map(float, line.split())
        assert epoch == row.epoch
        assert numbers == pytest.approx(row[4:8], abs=cell.metadata.tolerance)


def test_recipes_have_builders() -> None:
    for recipe in RECIPES:
        builder = inspect.signature(getattr(models, f"build_{recipe.model}"))
        assert not recipe.mask or "mask_padding" in builder.parameters


def test_more_data_shares_nothing_with_validation_and_test(monkeypatch: pytest.MonkeyPatch) -> None:
    positions = np.empty(25_000, dtype=object)
    for position in range(25_000):
        positions[position] = np.array([position], dtype=np.int32)
    monkeypatch.setattr(imdb, "load_imdb", lambda num_words: (positions, np.arange(25_000)))
    (x, y), (x_val, _), (x_test, _) = training._data(Recipe("lstm", "", reviews=5000, maxlen=1))
    assert x.shape == (5000, 1)
    assert np.array_equal(x[:, 0], y)
    assert np.array_equal(x[:1000, 0], np.arange(1000))
    parts = np.concatenate([x, x_val, x_test])
    assert len(np.unique(parts)) == len(parts) == 6000
    (_, few), *_ = training._data(Recipe("lstm", "", reviews=9, maxlen=1))
    assert np.array_equal(few, np.arange(9))


# --- the file


@pytest.fixture
def two_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    recipes = (Recipe("lstm", "as taught", epochs=2), Recipe("lstm", "mask", epochs=2))
    monkeypatch.setattr(table, "RECIPES", recipes)


def example(change: str = "mask", seed: int = 1) -> list[Epoch]:
    return [EPOCH._replace(change=change, seed=seed, epoch=e, test_accuracy=e / 10) for e in (1, 2)]


@pytest.mark.usefixtures("two_epochs")
def test_file_holds_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "sweep.csv"
    table.write(path, [])
    for rows in (example(seed=10), example(seed=9), example("as taught")):
        table.append(path, rows)
    assert table.load_sweep(path) == example("as taught") + example(seed=9) + example(seed=10)


@pytest.mark.usefixtures("two_epochs")
def test_cut_off_training_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sweep.csv"
    table.write(path, example(seed=1))
    whole = path.read_bytes()
    table.append(path, example(seed=2))
    both = path.read_bytes()
    for length in range(len(whole), len(both)):
        path.write_bytes(both[:length])
        assert table.load_sweep(path) == example(seed=1), both[:length]
    path.write_bytes(both)
    assert table.load_sweep(path) == example(seed=1) + example(seed=2)


@pytest.mark.usefixtures("two_epochs")
def test_summary_has_the_quartiles() -> None:
    rows = [
        EPOCH._replace(seed=seed, epoch=epoch, test_accuracy=seed / 10 if epoch == 2 else 0)
        for seed in (1, 2, 3, 4, 5)
        for epoch in (1, 2)
    ]
    _, line = table.summary_text(rows).splitlines()
    assert re.findall(r"[\d.]+", line) == ["2", "5", "0.2000", "0.3000", "0.4000"]


def test_stored_picture_is_that_of_the_stored_sweep() -> None:
    expected = table.picture(table.final_accuracies(table.load_sweep())).alt
    with Image.open(DOCS / "sweep.png") as drawn:
        assert drawn.text["Description"] == expected


# --- the cluster


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run a sweep to its end; returns its CSV."""
    stand_in = Sweep(tmp_path_factory.mktemp("whole"))
    stand_in.run()
    assert sorted(task for _, task in stand_in.started()) == stand_in.stored() == ALL_TASKS
    return stand_in.csv.read_text()


def test_two_sweeps_differ_in_seconds_only(stand_in: Sweep, whole: str) -> None:
    stand_in.run("--only", "model_2", "model_0/mask")
    first = re.sub(r"model_1.*\n", "", whole)
    second = stand_in.csv.read_text()
    seconds = re.compile(r"[\d.]+(?=,3\.15\.0)")
    assert seconds.sub("", second) == seconds.sub("", first)
    assert second != first


def test_finished_sweep_trains_nothing(stand_in: Sweep, whole: str) -> None:
    stand_in.csv.write_text(whole)
    out, _ = stand_in.run()
    assert stand_in.started() == []
    assert stand_in.csv.read_text() == whole
    assert "6 trainings, 6 of them" in out
    with Image.open(stand_in.csv.with_suffix(".png")) as drawn:
        assert "model 2, mask: median 0.10, 0.00 to 0.20" in drawn.text["Description"]


def test_failed_training_stops_no_other(
    stand_in: Sweep, whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the last two trainings one was cut off, and one is missing: both are trained again."""
    *kept, _, _, _ = whole.splitlines(keepends=True)
    stand_in.csv.write_text("".join(kept))
    monkeypatch.setenv("FAILS", "model_2 2026")
    _, err = stand_in.run(code=1)
    first, *others, last = err.splitlines()
    assert re.fullmatch(r"0 of 2 trainings on \d+ workers", first)
    assert "2 of 2 trainings, the last one model_2/mask; about 0 min left" in others
    assert last == "model_2/mask, seed 2026: RuntimeError('no luck')"
    assert sorted(task for _, task in stand_in.started()) == ["model_2 1", "model_2 2026"]
    assert stand_in.stored() == [task for task in ALL_TASKS if task != "model_2 2026"]


@pytest.mark.ci
@pytest.mark.parametrize(("how", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_stopped_sweep_goes_on(stand_in: Sweep, how: signal.Signals, code: int) -> None:
    process = stand_in.start(0.5)
    wait_until(lambda: len(stand_in.stored()) >= 2)
    os.killpg(process.pid, how)
    _, err = finish(process, code)
    assert ("Stopped. What was finished is kept" in err) == (how == signal.SIGINT)
    stored = stand_in.stored()
    assert len(stored) < 6
    stand_in.run()
    assert stand_in.stored() == ALL_TASKS
    started = Counter(task for _, task in stand_in.started())
    assert [started[task] for task in stored] == [1] * len(stored)


def test_killed_worker_had_stored_trainings_that_nobody_repeats(stand_in: Sweep) -> None:
    process = stand_in.start(0.7, "--workers", "1", "--only", "model_0", "model_1")
    wait_until(lambda: len(stand_in.stored()) == 3)
    time.sleep(0.3)
    os.kill(stand_in.started()[0][0], signal.SIGKILL)
    finish(process)
    tasks = [task for _, task in stand_in.started()]
    assert len(stand_in.stored()) == 4
    assert tasks.count(tasks[3]) == 2
    assert len(tasks) == 5


@pytest.mark.ci
def test_running_cluster_of_which_a_worker_dies(stand_in: Sweep) -> None:
    with LocalCluster(n_workers=2, **cluster.LOCAL_CLUSTER) as running:
        process = stand_in.start(1, "--scheduler", running.scheduler_address)
        wait_until(lambda: len({pid for pid, _ in stand_in.started()}) == 2)
        os.kill(stand_in.started()[0][0], signal.SIGKILL)
        finish(process)
        assert running.scheduler_info["workers"]
    assert stand_in.stored() == ALL_TASKS


# --- the command line


def refusal(capfd: pytest.CaptureFixture, *arguments: str) -> str:
    """Return the one line with which the command refuses its arguments."""
    assert command.main([*arguments]) == 2
    err = capfd.readouterr().err
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "ltsm"], "no 'ltsm'"),
        (["--only", "lstm", "lstm/masks"], "no 'lstm/masks'"),
        (["--seeds", "0"], "--seeds is 0"),
        (["--seeds", "2027"], "--seeds is 2027"),
        (["--workers", "0"], "--workers is 0"),
        (["--out", "/dev/null/sweep.csv"], "/dev/null"),
    ],
)
def test_bad_arguments(
    arguments: list[str], says: str, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    assert says in refusal(capfd, "--out", str(tmp_path / "sweep.csv"), *arguments)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "nowhere", "tcp://", "http://127.0.0.1:1"]
)
def test_no_scheduler(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    started = time.monotonic()
    err = refusal(capfd, "--scheduler", address, "--out", str(tmp_path / "sweep.csv"))
    assert err.startswith(f"No Dask scheduler answers at {address}")
    assert time.monotonic() - started < 5


def test_another_file_is_left_alone(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    path = tmp_path / "sweep.csv"
    path.write_text("a,b\n1,2\n")
    assert "not the CSV of a sweep" in refusal(capfd, "--out", str(path))
    assert path.read_text() == "a,b\n1,2\n"
