"""The benchmarks compare like with like, judge their goals, and lose nothing of their history."""

from datetime import date
import json
import os
from pathlib import Path
import platform
import sys

from course_utils import build_lstm, load_imdb, set_seed
import numpy as np
import pytest

from tools.bench import __main__ as command
from tools.bench import course, data, history, lecture, side_keras, training
from tools.bench.goals import GOALS, Measure, measured
from tools.bench.harness import DifferentWork, Work, compare, require_same_work, timed
from tools.bench.history import Run, keep, on_record, table
from tools.bench.place import this_run
from tools.machines.kernels import MachineError
from tools.processes import hidden_modules
from tools.publish import duration
from tools.publish.duration import Duration
from tools.records import RecordError

IDS = np.arange(6).reshape(2, 3)


def work(seconds: float = 1.0, units: int = 1, **changed: object) -> Work:
    facts = {"updates": 16, "padded ids": IDS, "prediction": [0.5, 0.25]}
    return Work(seconds, units, facts | changed)


def test_equal_work_is_accepted() -> None:
    require_same_work(work(), work(prediction=[0.50004, 0.25]))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (work(), work(updates=17)),
        (work(), work(**{"padded ids": np.arange(6)})),
        (work(), work(**{"padded ids": IDS[::-1]})),
        (work(), work(prediction=[0.501, 0.25])),
        (work(), work(prediction=[0.5, np.nan])),
        (work(), work(more=1)),
        (Work(1, 1, {}), Work(1, 1, {})),
    ],
)
def test_different_work_is_refused(ours: Work, theirs: Work) -> None:
    with pytest.raises(DifferentWork):
        require_same_work(ours, theirs)


def test_work_that_differs_in_a_later_pair_is_refused() -> None:
    updates = iter([16, 16, 15])
    with pytest.raises(DifferentWork, match="updates: 16 against 15"):
        compare("Keras", work, lambda: work(updates=next(updates)), repeats=3)


def test_ratio_is_per_unit_and_pair_by_pair() -> None:
    mine, other = iter([9.0, 1.0, 2.0, 4.0]), iter([9.0, 6.0, 8.0, 12.0])
    sides = (lambda: work(next(mine))), (lambda: work(next(other), units=2))
    measure = compare("load", *sides, repeats=3)
    assert measure == Measure("load", 2.0, 1.5, 3.0, ours=2.0, theirs=4.0)
    assert "2 × (1.5 to 3)   at least 30 ×: missed by 93.3%   2 s : 4 s" in measure.line()


@pytest.mark.parametrize(
    ("name", "values", "verdict", "missed"),
    [
        ("load", [29, 30, 31], "met", False),
        ("load", [27, 27, 30], "missed by 10.0%, not each time", False),
        ("load", [27, 27, 29.9], "missed by 10.0%", True),
        ("import", [20, 50, 90], "met", False),
        ("import", [50, 60, 90], "missed by 20.0%, not each time", False),
        ("import", [51, 60, 90], "missed by 20.0%", True),
        ("course", [1.6], "missed by 6.7%", True),
        ("Keras, our settings", [0.5], "", False),
    ],
)
def test_median_is_judged_and_noise_alone_fails_no_one(
    name: str, values: list[float], verdict: str, missed: bool
) -> None:
    measure = measured(name, values)
    assert (measure.verdict(), measure.missed()) == (verdict, missed)


def test_goals_are_those_that_were_promised() -> None:
    """To be slower than this, one has to say so here, too."""
    promised = {name: str(GOALS[name]) for name in GOALS}
    assert promised["import"] == "at most 50 ms"
    assert promised["load"] == "at least 30 ×"
    assert promised["pad"] == promised["Keras"] == "at least 3 ×"
    assert promised["PyTorch, our batches"] == "at least 1 ×"
    assert promised["course"] == "at most 1.5 ×"


def test_epochs_that_are_left_out_count_as_much_as_those_after_the_first() -> None:
    """Three of fifty run: 47 of 2 s, 1 s or 3 s are added to the script's 100 s."""
    assert lecture.EPOCHS == 50
    measure = course.compared(388.0, 100.0, [9.0, 1.0, 2.0, 3.0])
    assert measure.median == pytest.approx(388 / (100 + 46 * 2))
    assert measure.lowest == pytest.approx(388 / (100 + 46 * 3))
    assert measure.highest == pytest.approx(388 / (100 + 46 * 1))
    assert (measure.ours, measure.theirs) == (388, pytest.approx(192))


RUN = Run("2026-11-01", "A, B", "x86-64, AVX2", 2, "3.11.9", "2.21.0", "2.15.0", 0.1)
MEASURES = [Measure("import", 20.5, 19, 30), Measure("load", 36, 33, 39, 2e-6, 7.1e-5)]


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let runs be kept in an empty history."""
    path = tmp_path / "history.csv"
    path.write_text(f"{','.join(history.FIELDS)}\n")
    monkeypatch.setattr(history, "HISTORY", path)
    return path


def test_history_is_read_as_it_was_written(record: Path) -> None:
    assert table() == "No run is kept yet.\n"
    keep(RUN, MEASURES)
    assert on_record() == {RUN: MEASURES}
    before = record.read_text()
    keep(RUN, MEASURES)
    assert record.read_text() == before


def test_later_run_of_the_same_date_and_processor_takes_the_place_of_the_earlier(
    record: Path,
) -> None:
    """Whatever else differs; other days and other processors stay."""
    others = [RUN._replace(date="2026-10-31"), RUN._replace(cores=4), RUN._replace(family="ARM")]
    for run in (*others, RUN):
        keep(run, MEASURES)
    later = RUN._replace(busy=0.3, python="3.12.1", torch="")
    keep(later, MEASURES[:1])
    assert on_record() == {later: MEASURES[:1]} | dict.fromkeys(others, MEASURES)


def test_table_shows_the_newest_run_of_each_processor(record: Path) -> None:
    for run in (RUN, RUN._replace(date="2026-10-31", torch="1"), RUN._replace(processor="C")):
        keep(run, MEASURES)
    first, second = table().split("\n\n**")
    head = "**A, B** (x86-64, AVX2), 2 cores, 2026-11-01; Python 3.11.9, TensorFlow 2.21.0"
    assert first.startswith(f"{head}, PyTorch 2.15.0. Others kept 0.1 cores busy.\n\n")
    row = "`keras.datasets.imdb.load_data` | 2 µs | 71 µs | 36 × (33 to 39) | at least 30 × | met |"
    assert first.count(row) == 1
    assert "|  |  |  | 20.5 ms (19 to 30) | at most 50 ms | met |" in first
    assert second.startswith("C**")


@pytest.mark.parametrize("lost", [1, 2, 12, 60])
def test_history_that_is_cut_off_is_refused_in_one_sentence(record: Path, lost: int) -> None:
    """Also where only the end of its last number, or the end of its line, is missing."""
    keep(RUN, MEASURES)
    record.write_text(record.read_text()[:-lost])
    with pytest.raises(RecordError, match=r"^[^\n]*history.csv, line 3, is cut off or damaged: \w"):
        on_record()
    cut = record.read_text()
    with pytest.raises(RecordError):
        keep(RUN, MEASURES)
    assert record.read_text() == cut


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("date,", "day,", 1), ("load", "lead", 3), (",36,", ",,", 3), (",36,", ",3x,", 3)],
)
def test_history_that_is_damaged_is_refused(record: Path, old: str, new: str, line: int) -> None:
    keep(RUN, MEASURES)
    record.write_text(record.read_text().replace(old, new, 1))
    with pytest.raises(RecordError, match=f"line {line},"):
        on_record()


def test_empty_history_is_refused(record: Path) -> None:
    record.write_text("")
    with pytest.raises(RecordError, match="line 1,"):
        on_record()


@pytest.fixture
def bench(record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the command measure made-up numbers on a quiet machine without PyTorch."""

    def no_torch(folder: Path) -> Path:
        raise MachineError("PyTorch cannot be had: no network")

    monkeypatch.setattr(command, "BUILD", tmp_path)
    monkeypatch.setattr(command, "busy_cores", lambda: 0.2)
    monkeypatch.setattr(training, "install_torch", no_torch)
    monkeypatch.setattr(command, "course", lambda run: [measured("course", [run.seconds / 300])])
    monkeypatch.setattr(command.tables, "write", lambda: None)
    parts = {"start": "import", "load_cold": "text to cache", "load": "load", "pad": "pad"}
    good = {"import": 21.0, "text to cache": 4.0, "load": 36.0, "pad": 4.0}
    for part, name in parts.items():
        monkeypatch.setattr(data, part, lambda name=name: [measured(name, [good[name]])])
    monkeypatch.setattr(training, "train", lambda torch: [measured("Keras", [3.2])])
    return monkeypatch


def test_run_is_judged_and_kept(
    bench: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    duration.keep(tmp_path, 390.0, 0.1)
    assert command.main() == 0
    ((run, measures),) = on_record().items()
    assert run == this_run("", 0.2)
    assert [one.name for one in measures][-2:] == ["Keras", "course"]
    assert measures[-1].median == 1.3
    said = capsys.readouterr().out
    assert "Without PyTorch. PyTorch cannot be had: no network" in said
    assert "Missed: no goal. Not measured: " in said
    bench.setattr(training, "train", lambda torch: [measured("Keras", [2.5, 2.9])])
    assert command.main() == 1
    assert "Missed: Keras." in capsys.readouterr().out
    assert len(on_record()) == 1


@pytest.mark.parametrize(("day", "busy"), [("2026-01-01", 0.0), (None, 0.6)])
def test_course_that_ran_on_another_day_or_among_others_is_left_out(
    bench: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture,
    day: str | None,
    busy: float,
) -> None:
    run = Duration(day or date.today().isoformat(), 390.0, busy)
    (tmp_path / duration.NAME).write_text(json.dumps(run._asdict()))
    assert command.main() == 0
    assert "course" not in [one.name for one in next(iter(on_record().values()))]
    assert "Without the course, which has not run here today" in capsys.readouterr().out


def test_run_among_others_is_judged_and_not_kept(
    bench: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    bench.setattr(command, "busy_cores", lambda: 1.4)
    assert command.main() == 0
    assert on_record() == {}
    assert "Not kept: others kept 1.4 cores busy when it began or ended." in capsys.readouterr().out


def test_run_in_which_the_sides_differ_is_not_kept(
    bench: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def differ(torch: Path | None) -> list[Measure]:
        raise DifferentWork("updates: 16 against 15")

    bench.setattr(training, "train", differ)
    assert command.main() == 2
    assert on_record() == {}
    assert capsys.readouterr().err == "Nothing is kept of this run. updates: 16 against 15\n"


def test_damaged_history_is_refused_before_anything_is_measured(
    bench: pytest.MonkeyPatch, record: Path, capsys: pytest.CaptureFixture
) -> None:
    record.write_text("date\n")
    bench.setattr(data, "start", lambda: pytest.fail("measured"))
    assert command.main() == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_run_names_its_processor_and_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    run = this_run("2.15.0", 0.0)
    assert run.processor
    assert platform.node() not in repr(run)
    assert run.python == platform.python_version()


def test_timing_leaves_the_facts_out() -> None:
    spent = timed(lambda: 3, 1, lambda result: {"result": sum(range(10**6)) * 0 + result})
    assert spent.facts == {"result": 3}
    assert spent.seconds < 1e-3


def test_stand_in_for_keras_file_holds_keras_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Lists of ranks without start ids, positive reviews first, as on Keras' server."""
    stored: dict[str, np.ndarray] = {}
    monkeypatch.setattr(np, "savez_compressed", lambda path, **parts: stored.update(parts))
    data.write_keras_file(tmp_path / "imdb.npz")
    assert sorted(stored) == ["x_test", "x_train", "y_test", "y_train"]
    assert all(map(len, stored.values()))
    assert stored["y_train"].tolist() == [1] * 12_500 + [0] * 12_500
    review, position = load_imdb()[0][20], data.keras_order()[20]
    assert stored["x_train"][position] == [number - 3 for number in review.tolist()[1:]]


def test_side_that_stops_is_named() -> None:
    """With a clear sentence, whether it stops before it is asked or after."""
    for code in ("pass", "input()"):
        stops = [sys.executable, "-c", code]
        with (
            training.process(stops, os.environ) as side,
            pytest.raises(training.SideError, match="stopped: run it alone"),
        ):
            side()


def test_side_finds_the_modules_of_python() -> None:
    """PyTorch's is run as a script, and so looks beside itself first."""
    assert hidden_modules(training.HERE) == []


def test_training_sides_do_the_same_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Padded reviews and LengthBatches: the same weights, words and updates."""
    monkeypatch.setattr(training, "STEPS", 2)
    task = np.load(training.write_task(tmp_path / "task.npz"))
    set_seed(2026)
    for number, weights in enumerate(build_lstm(mask_padding=True).get_weights()):
        assert np.array_equal(task[f"weights_{number}"], weights)
    sides = []
    for kind in ("padded", "batches"):
        arguments, words = side_keras.prepare(task, kind)
        sides.append(side_keras.epoch(side_keras.build(task), arguments, {"words": words}))
    facts = [json.dumps(side["facts"]) for side in sides]
    assert facts[0] == facts[1]
    assert [side["units"] for side in sides] == [1, 1]
    assert sides[0]["seconds"] > 0
    assert sorted(task["deal"]) == list(range(len(task["labels"])))
