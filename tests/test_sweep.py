"""A sweep gives the same numbers wherever and however often it runs, and loses nothing.

Most tests need no training: a stand-in takes its place, which says in a log that it starts, waits,
and gives made-up numbers.
"""

from collections import Counter
from collections.abc import Iterator
import inspect
import json
import os
from pathlib import Path
import re
import signal
import socket
import subprocess
import sys
import time

from course_utils import sweep
from course_utils.execute import NOTEBOOKS
from course_utils.sweep import Recipe, Row
import nbformat
import numpy as np
from PIL import Image
import pytest

from tests.spread import output_text

HEADER = ",".join(Row._fields)
TWO = (Recipe("lstm", "as taught", epochs=2), Recipe("lstm", "mask", mask=True, epochs=2))
ROW = Row("lstm", "mask", 1, 1, 0.7, 0.5, 0.69, 0.52, 0.68, 0.54, 1.25, "3.15.0", "2.21.0")

STAND_IN = """
import os, signal, sys, time
from course_utils import sweep

LOG, SECONDS = sys.argv[1], float(sys.argv[2])

def train(recipe, seed):
    with open(LOG, "a") as log:
        print(os.getpid(), recipe.model, seed, file=log)
    if os.environ.get("FAILS") == f"{recipe.model} {seed}":
        raise RuntimeError("no luck")
    time.sleep(SECONDS)
    number = seed / 10_000
    return [
        sweep.Row(*recipe[:2], seed, epoch, *[number] * 6, time.monotonic(), "3.15.0", "2.21.0")
        for epoch in (1, 2)
    ]

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sweep.MODELS = {f"model_{i}": f"model {i}" for i in range(3)}
    sweep.RECIPES = tuple(sweep.Recipe(model, "cure", epochs=2) for model in sweep.MODELS)
    sweep.train_apart = train
    sys.exit(sweep.main(sys.argv[3:]))
"""


class Sweep:
    """A sweep of 3 recipes in a folder of its own, in which training is a stand-in."""

    def __init__(self, folder: Path) -> None:
        self.csv, self.log, self.script = (
            folder / name for name in ("sweep.csv", "log", "stand_in.py")
        )
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
        lines = self.csv.read_text().splitlines()[1:] if self.csv.exists() else []
        tasks = Counter(" ".join(np.array(line.split(","))[[0, 2]]) for line in lines)
        return sorted(task for task, rows in tasks.items() if rows == 2)


def finish(process: subprocess.Popen, code: int = 0) -> tuple[str, str]:
    """Wait for the end of a sweep; returns what it printed."""
    printed = process.communicate(timeout=60)
    assert process.returncode == code, printed
    return printed


ALL_TASKS = sorted(f"model_{i} {seed}" for i in range(3) for seed in (1, 2026))


@pytest.fixture
def stand_in(tmp_path: Path) -> Sweep:
    return Sweep(tmp_path)


def wait_until(what: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def without_seconds(rows: list[Row]) -> list[Row]:
    return [row._replace(seconds=0) for row in rows]


# --- one training


@pytest.fixture(scope="module")
def tiny() -> Recipe:
    return Recipe("simple_rnn", "tiny", reviews=128, maxlen=10, epochs=2)


@pytest.fixture(scope="module")
def trained(tiny: Recipe) -> list[Row]:
    return sweep.train(tiny, 7)


def test_training_depends_on_recipe_and_seed_alone(tiny: Recipe, trained: list[Row]) -> None:
    short = tiny._replace(epochs=1)
    other = sweep.train(short, 8)
    same = sweep.train(short, 7)
    assert other[0].loss != trained[0].loss
    assert without_seconds(same) == without_seconds(trained[:1])


def test_training_on_a_worker_is_the_same(
    tiny: Recipe, trained: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, script = tmp_path / "sweep.csv", tmp_path / "script.py"
    script.write_text(
        "from course_utils import sweep\n"
        "if __name__ == '__main__':\n"
        f"    sweep.RECIPES = (sweep.{tiny},)\n"
        "    sweep.seeds = lambda count: [7]\n"
        f"    sweep.main(['--workers', '1', '--out', {str(path)!r}])\n"
    )
    subprocess.run([sys.executable, script], check=True, capture_output=True)
    monkeypatch.setattr(sweep, "RECIPES", (tiny,))
    for on_worker, here in zip(sweep.load_sweep(path), trained, strict=True):
        assert on_worker[:4] == here[:4]
        assert on_worker[4:10] == pytest.approx(here[4:10], abs=1e-4)


def serve_with(commands: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Give what `train_apart` makes of a process that runs these shell commands instead."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n" + commands)
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    return sweep.train_apart(sweep.RECIPES[0], 1)


def test_training_is_not_slowed_down_by_dask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask sets a variable that has TensorFlow's memory given back to the system at each step."""
    monkeypatch.setenv("ROW", ", 0" * (len(ROW) - 1))
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


def test_training_ends_with_the_process_that_started_it(tiny: Recipe) -> None:
    serve = "from course_utils import sweep; sweep.serve_one()"
    long = json.dumps([tiny._replace(epochs=10_000), 7])
    done = subprocess.run(
        [sys.executable, "-c", serve, long], input=b"", capture_output=True, timeout=60
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_training_is_that_of_the_notebooks(tiny: Recipe, trained: list[Row]) -> None:
    from course_utils import build_simple_rnn, fit, lecture_split, load_imdb, pad_reviews, set_seed

    padded = pad_reviews(load_imdb(num_words=5000)[0], maxlen=10)
    (x, y), validation, test = lecture_split(padded, load_imdb()[1])
    set_seed(7)
    model = build_simple_rnn()
    history = fit(model, x[:128], y[:128], validation_data=validation, epochs=2).history
    for key in ("loss", "accuracy", "val_loss", "val_accuracy"):
        np.testing.assert_allclose([getattr(row, key) for row in trained], history[key], atol=1e-5)
    at_the_end = trained[-1].test_loss, trained[-1].test_accuracy
    np.testing.assert_allclose(at_the_end, model.evaluate(*test, verbose=0), atol=1e-5)
    assert [row.epoch for row in trained] == [1, 2]


@pytest.mark.parametrize(
    ("notebook", "cell_id", "model", "cure"),
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
    notebook: str, cell_id: str, model: str, cure: str
) -> None:
    """The recorded sweep and the stored table are from two programs that do the same."""
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    (cell,) = [cell for cell in cells if cell.id == cell_id]
    _, *table = output_text(cell).strip().splitlines()
    recorded = [row for row in sweep.load_sweep() if row[:3] == (model, cure, 2026)]
    assert len(table) > 1
    for line, row in zip(table, recorded, strict=False):
        epoch, *numbers = line.split()
        assert int(epoch) == row.epoch
        assert [float(number) for number in numbers] == pytest.approx(
            row[4:8], abs=cell.metadata.tolerance
        )


@pytest.mark.parametrize(("padding", "mask"), [("post", True), ("pre", False)])
def test_cures_are_those_of_the_notebooks(padding: str, mask: bool) -> None:
    from course_utils import build_simple_rnn, fit, lecture_split, load_imdb, pad_reviews, set_seed

    recipe = Recipe("simple_rnn", "", 64, maxlen=80, padding=padding, mask=mask, epochs=1)
    padded = pad_reviews(load_imdb(num_words=5000)[0], maxlen=80, padding=padding)
    (x, y), validation, _ = lecture_split(padded, load_imdb()[1])
    set_seed(7)
    model = build_simple_rnn(mask_padding=mask)
    history = fit(model, x[:64], y[:64], validation_data=validation, epochs=1).history
    (row,) = sweep.train(recipe, 7)
    for key in ("loss", "val_loss"):
        np.testing.assert_allclose(getattr(row, key), history[key], atol=1e-5)


@pytest.mark.parametrize("recipe", sweep.RECIPES, ids=lambda recipe: "/".join(recipe[:2]))
def test_recipe_has_a_builder(recipe: Recipe) -> None:
    from course_utils import models

    builder = inspect.signature(getattr(models, f"build_{recipe.model}"))
    assert not recipe.mask or "mask_padding" in builder.parameters


def test_more_data_shares_nothing_with_validation_and_test(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_utils import imdb

    positions = np.empty(25_000, dtype=object)
    for position in range(25_000):
        positions[position] = np.array([position], dtype=np.int32)
    monkeypatch.setattr(imdb, "load_imdb", lambda num_words: (positions, np.arange(25_000)))
    (x, y), (x_val, _), (x_test, _) = sweep._data(Recipe("lstm", "", reviews=5000, maxlen=1))
    assert x.shape == (5000, 1)
    assert np.array_equal(x[:, 0], y)
    assert np.array_equal(x[:1000, 0], np.arange(1000))
    parts = np.concatenate([x, x_val, x_test])
    assert len(np.unique(parts)) == len(parts) == 6000
    assert np.array_equal(sweep._data(Recipe("lstm", "", reviews=9, maxlen=1))[0][1], np.arange(9))


# --- the file


@pytest.fixture
def two_recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "RECIPES", TWO)


def example(cure: str = "mask", seed: int = 1) -> list[Row]:
    return [ROW._replace(cure=cure, seed=seed, epoch=e, test_accuracy=e / seed) for e in (1, 2)]


@pytest.mark.usefixtures("two_recipes")
def test_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "sweep.csv"
    sweep.write(path, [])
    for rows in (example(seed=10), example(seed=9), example("as taught")):
        sweep.append(path, rows)
    assert sweep.load_sweep(path) == example("as taught") + example(seed=9) + example(seed=10)


@pytest.mark.usefixtures("two_recipes")
def test_cut_off_training_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "sweep.csv"
    sweep.write(path, example(seed=1))
    whole = path.read_bytes()
    sweep.append(path, example(seed=2))
    both = path.read_bytes()
    for length in range(len(whole), len(both)):
        path.write_bytes(both[:length])
        assert sweep.load_sweep(path) == example(seed=1), both[:length]
    path.write_bytes(both)
    assert sweep.load_sweep(path) == example(seed=1) + example(seed=2)


@pytest.mark.usefixtures("two_recipes")
@pytest.mark.parametrize("content", ["a,b\n1,2\n", f"{HEADER}\nlstm,mask,one\n", f"{HEADER}\n1\n"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "sweep.csv"
    path.write_text(content)
    with pytest.raises(ValueError, match="not the CSV of a sweep"):
        sweep.load_sweep(path)
    assert sweep.main(["--out", str(path)]) == 2
    assert path.read_text() == content


def test_accuracies_are_those_of_one_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = example("as taught") + example(seed=1) + example(seed=2)
    monkeypatch.setattr(sweep, "load_sweep", lambda: rows)
    for epoch, expected in ((None, {1: 2, 2: 1}), (2, {1: 2, 2: 1}), (1, {1: 1, 2: 0.5})):
        assert sweep.sweep_accuracies("lstm", "mask", epoch) == expected


def test_cost_is_the_fastest_epoch_and_the_median_accuracy(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        row._replace(seconds=seed + 3 - row.epoch, test_accuracy=seed / 10)
        for seed in (1, 2, 6)
        for row in example(seed=seed)
    ]
    monkeypatch.setattr(sweep, "load_sweep", lambda: rows)
    assert sweep.sweep_cost("lstm", "mask") == (2, 0.2)
    with pytest.raises(ValueError, match="no gru/mask: it has lstm/mask"):
        sweep.sweep_cost("gru", "mask")


def test_accuracies_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "load_sweep", lambda: example())
    with pytest.raises(ValueError, match="no lstm/masks: it has lstm/mask"):
        sweep.sweep_accuracies("lstm", "masks")
    with pytest.raises(ValueError, match="epoch is 3: give a whole number from 1 to 2"):
        sweep.sweep_accuracies("lstm", "mask", 3)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run python -m course_utils"):
        sweep.load_sweep(tmp_path / "sweep.csv")


def test_summary_has_the_quartiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "RECIPES", TWO)
    rows = [
        ROW._replace(seed=seed, epoch=epoch, test_accuracy=seed / 10 if epoch == 2 else 0)
        for seed in (1, 2, 3, 4, 5)
        for epoch in (1, 2)
    ]
    assert summary_numbers(sweep.summary_text(rows)) == ["2", "5", "0.2000", "0.3000", "0.4000"]


def summary_numbers(text: str) -> list[str]:
    _, line = text.splitlines()
    return re.findall(r"[\d.]+", line)


# --- the cluster


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Run a sweep to its end; gives its CSV."""
    stand_in = Sweep(tmp_path_factory.mktemp("whole"))
    stand_in.run()
    assert sorted(task for _, task in stand_in.started()) == stand_in.stored() == ALL_TASKS
    return stand_in.csv.read_bytes()


def test_two_sweeps_differ_in_seconds_only(stand_in: Sweep, whole: bytes) -> None:
    seconds = re.compile(r"[\d.]+(?=,3\.15\.0)")
    first = whole.decode()
    stand_in.run("--only", "model_2", "model_0/cure")
    assert len(stand_in.stored()) == 4
    stand_in.run()
    second = stand_in.csv.read_text()
    assert seconds.sub("", second) == seconds.sub("", first)
    assert second != first


def test_finished_sweep_trains_nothing(stand_in: Sweep, whole: bytes) -> None:
    stand_in.csv.write_bytes(whole)
    out, _ = stand_in.run()
    assert stand_in.started() == []
    assert stand_in.csv.read_bytes() == whole
    assert "6 trainings, 6 of them" in out
    with Image.open(stand_in.csv.with_suffix(".png")) as drawn:
        assert "model 2, cure: median 0.10, 0.00 to 0.20" in drawn.text["Description"]


def test_stored_picture_is_that_of_the_stored_sweep() -> None:
    with Image.open(sweep.SWEEP.with_suffix(".png")) as drawn:
        assert drawn.text["Description"] == sweep.picture(sweep.load_sweep()).alt


def test_cut_off_training_is_trained_again(stand_in: Sweep, whole: bytes) -> None:
    stand_in.csv.write_bytes(whole[:-20])
    stand_in.run()
    assert stand_in.stored() == ALL_TASKS
    assert [task for _, task in stand_in.started()] == ["model_2 2026"]


@pytest.mark.ci
def test_killed_sweep_goes_on(stand_in: Sweep) -> None:
    process = stand_in.start(0.5)
    wait_until(lambda: len(stand_in.stored()) >= 2)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    stored = stand_in.stored()
    assert len(stored) < 6
    stand_in.run()
    assert stand_in.stored() == ALL_TASKS
    started = Counter(task for _, task in stand_in.started())
    assert [started[task] for task in stored] == [1] * len(stored)


@pytest.mark.ci
def test_killed_worker_loses_nothing(stand_in: Sweep) -> None:
    process = stand_in.start(0.5)
    wait_until(stand_in.started)
    killed, task = stand_in.started()[0]
    os.kill(killed, signal.SIGKILL)
    finish(process)
    assert stand_in.stored() == ALL_TASKS
    assert Counter(task for _, task in stand_in.started())[task] == 2
    assert killed not in {pid for pid, _ in stand_in.started()[2:]}


def test_killed_worker_had_stored_trainings_that_nobody_repeats(stand_in: Sweep) -> None:
    process = stand_in.start(1, "--workers", "1")
    wait_until(lambda: len(stand_in.stored()) == 3)
    time.sleep(0.3)
    os.kill(stand_in.started()[0][0], signal.SIGKILL)
    finish(process)
    assert stand_in.stored() == ALL_TASKS
    assert [task for _, task in stand_in.started()].count(stand_in.started()[3][1]) == 2
    assert len(stand_in.started()) == len(ALL_TASKS) + 1


@pytest.mark.ci
def test_ctrl_c(stand_in: Sweep) -> None:
    process = stand_in.start(0.5)
    wait_until(stand_in.stored)
    os.killpg(process.pid, signal.SIGINT)
    _, err = finish(process, code=130)
    assert "Stopped. What was finished is kept" in err
    assert len(stand_in.stored()) < 6
    stand_in.run()
    assert stand_in.stored() == ALL_TASKS


def test_file_of_what_is_printed_shows_each_training(stand_in: Sweep) -> None:
    _, err = stand_in.run()
    lines = err.splitlines()
    assert len(lines) == 1 + len(ALL_TASKS)
    assert re.fullmatch(r"0 of 6 trainings on \d+ workers", lines[0])
    assert re.fullmatch(
        r"6 of 6 trainings, the last one model_\d/cure; about 0 min left", lines[-1]
    )


def test_failed_training_stops_no_other(stand_in: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILS", "model_1 2026")
    _, err = stand_in.run(code=1)
    assert "model_1/cure, seed 2026: RuntimeError('no luck')" in err
    assert stand_in.stored() == [task for task in ALL_TASKS if task != "model_1 2026"]


def dask(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """Start a Dask scheduler on the loopback interface; gives its address."""
    file = tmp_path / "scheduler.json"
    here = "--host", "127.0.0.1", "--port", "0", "--no-dashboard"
    process = dask("scheduler", *here, "--scheduler-file", str(file))
    wait_until(file.exists)
    yield json.loads(file.read_text())["address"]
    process.terminate()
    process.wait()


@pytest.mark.ci
def test_running_cluster_of_which_a_worker_dies(stand_in: Sweep, scheduler: str) -> None:
    assert scheduler.startswith("tcp://127.0.0.1:")
    one_thread = "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"
    first, second = (dask("worker", scheduler, *one_thread) for _ in range(2))
    process = stand_in.start(1, "--scheduler", scheduler)
    wait_until(lambda: len({pid for pid, _ in stand_in.started()}) == 2)
    first.kill()
    finish(process)
    assert stand_in.stored() == ALL_TASKS
    assert {pid for pid, _ in stand_in.started()} == {first.pid, second.pid}
    assert second.poll() is None
    second.terminate()
    first.wait()
    second.wait()


def test_no_scheduler(stand_in: Sweep) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
        started = time.monotonic()
        _, err = stand_in.run("--scheduler", address, code=2)
    assert time.monotonic() - started < 20
    assert err.startswith(f"No Dask scheduler answers at {address}")
    assert err.count("\n") == 1


@pytest.mark.parametrize("address", ["nowhere", "tcp://", "http://127.0.0.1:1"])
def test_no_address(stand_in: Sweep, address: str) -> None:
    _, err = stand_in.run("--scheduler", address, code=2)
    assert err.startswith(f"No Dask scheduler answers at {address}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "ltsm"], "no 'ltsm'"),
        (["--only", "lstm", "lstm/masks"], "no 'lstm/masks'"),
        (["--seeds", "0"], "--seeds is 0"),
        (["--seeds", "2027"], "--seeds is 2027"),
        (["--workers", "0"], "--workers is 0"),
        (["--out", "no/such/folder.csv"], "no/such/folder.csv"),
    ],
)
def test_bad_arguments(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert sweep.main(["--out", str(tmp_path / "sweep.csv"), *arguments]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_course_utils_loads_no_dask() -> None:
    script = "import sys, course_utils.sweep; sys.exit('distributed' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
