"""Other Pythons and processors run the notebooks' cells, and what came of it is counted truly."""

import ast
from collections.abc import Iterator
from datetime import date
import json
from pathlib import Path
import shutil
import sys
import tempfile

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output
import pytest

from tools.machines import emulated, emulation, kernels, outcomes, report, score
from tools.machines.kernels import HERE, Kind, Machine, MachineError, kind_of, write_kernel
from tools.machines.outcomes import Outcome, keep, kept, on_record, run, state_of
from tools.machines.selection import TRAINED_ALL_THE_SAME, chosen_cells
from tools.machines.updates import MODELS, updates_notebook
from tools.paths import BUILD, notebooks
from tools.records import RecordError
from tools.verify import tables
from tools.verify.runs import RunError, without_settings

KIND = Kind("x86-64, AVX2", "3.11")
RUN = Outcome("2026-11-01", *KIND, "1 thread", "03", "all", "abc", 9, 2, 1, 60, "fit")


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let runs be kept in an empty folder."""
    path = tmp_path / "runs.csv"
    path.write_text(",".join(Outcome._fields) + "\n")
    monkeypatch.setattr(outcomes, "RUNS", path)
    monkeypatch.setattr(tables, "write", lambda: None)
    return path


def notebook_of(**sources: str) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell(source, id=name) for name, source in sources.items()])


def chosen(**sources: str) -> list[str]:
    return [cell.id for cell in chosen_cells(notebook_of(**sources)).cells]


def test_what_trains_and_what_needs_it_is_left_out() -> None:
    """Until another cell gives the name anew; a function's own names are no one else's."""
    assert chosen(
        build="model = build()",
        size="print(model.count_params())",
        train="history = fit(model, x).history",
        look="plot(history)",
        test="print(model.evaluate(x))",
        inside="def f():\n    return model",
        uses_it="f()",
        own="def g(history):\n    return history + 1",
        anew="model = build()\nhistory = None",
        fine="print(model, history)",
    ) == ["build", "size", "own", "anew", "fine"]


def test_models_trained_in_a_loop_are_trained() -> None:
    sources = {"a": "one, two = f(), f()", "b": "[fit(each, x) for each in (one, two)]"}
    assert chosen(**sources, c="print(two)", d="print(x)") == ["a", "d"]
    assert chosen(a="m = f()", b="for each in [m]:\n    each.fit(x)", c="print(m)") == ["a"]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem[:2])
def test_most_cells_of_each_notebook_are_chosen(path: Path) -> None:
    """None calls `fit`, but the averaged embedding's; data and hand-made layers are in."""
    whole = nbformat.read(path, 4)
    cells = {cell.id: cell.source for cell in chosen_cells(whole).cells}
    codes = [cell.id for cell in whole.cells if cell.cell_type == "code"]
    assert len(codes) > len(cells) > 0.7 * len(codes)
    assert [name for name, source in cells.items() if calls_fit(source)] == [
        name for name in TRAINED_ALL_THE_SAME if name in codes
    ]
    in_02 = ["numpy-layer", "bptt", "bptt-equals-tensorflow"]
    wanted = {"01": ["load", "film-split-code", "evaluate-baseline"], "02": in_02}
    wanted |= {"03": ["data", "return-sequences-code"], "04": ["tasks", "numpy-layer", "evidence"]}
    assert {*wanted[path.stem[:2]]} <= {*cells}


def calls_fit(source: str) -> bool:
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return any("fit" in (getattr(one, "id", ""), getattr(one, "attr", "")) for one in calls)


def test_updates_of_each_model_with_and_without_a_mask() -> None:
    _, *cells = updates_notebook().cells
    assert len(cells) == 2 * len(MODELS)
    assert all(cell.metadata.tolerance <= 0.0001 for cell in cells)
    assert sum("mask_padding=True" in cell.source for cell in cells) == len(MODELS)


def printing(source: str, printed: str, number: int, **metadata: float) -> nbformat.NotebookNode:
    outputs = [new_output("stream", name="stdout", text=f"{printed}\n")]
    more = {"outputs": outputs, "metadata": metadata, "execution_count": number}
    return new_code_cell(source, id=f"cell-{number}", **more)


@pytest.fixture
def small_notebook() -> Iterator[Path]:
    """A notebook with a cell that is identical, one within its tolerance, and one that fails."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        cells = [
            printing("print(1 + 1)", "2", 1),
            printing("print(0.521)", "0.520", 2, tolerance=0.01),
            printing("print(4)", "3", 3),
        ]
        path = Path(folder, "05_small.ipynb")
        nbformat.write(new_notebook(cells=cells), path)
        yield path


def test_cells_are_run_by_the_machine_and_counted(small_notebook: Path, tmp_path: Path) -> None:
    """The machine is a script that says it was started, and becomes this Python."""
    started = tmp_path / "started"
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho $KIND > {started}\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    machine = Machine("stand-in", [str(python)])
    outcome = run(small_notebook, machine, KIND, "a setting", {"KIND": "set"}, "all")
    assert outcome[1:6] == (*KIND, "a setting", "05", "all")
    assert (outcome.identical, outcome.within, outcome.failed) == (1, 1, 1)
    assert outcome.names == "cell-3"
    assert started.read_text() == "set\n"
    shutil.rmtree(kernels.FOLDER / "jupyter/kernels/stand-in")


def test_a_check_that_dies_is_no_run(small_notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report of an earlier one is not taken for its own."""
    arguments = (small_notebook, Machine("stand-in", []), KIND, "a setting", {}, "all")
    outcomes.REPORTS.mkdir(parents=True, exist_ok=True)
    (outcomes.REPORTS / "stand-in-05-all-a setting.xml").write_text("<testsuites/>")
    monkeypatch.setattr(outcomes, "run_pytest", lambda *_: None)
    with pytest.raises(RunError, match="died over 05_small"):
        run(*arguments)
    shutil.rmtree(kernels.FOLDER / "jupyter/kernels/stand-in")


def test_cells_after_one_that_takes_too_long_fail_like_others(
    small_notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nbval expects them to fail; and a shell's options for pytest leave none out."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x")
    monkeypatch.setattr(outcomes, "CELL_TIMEOUT", 1)
    notebook = nbformat.read(small_notebook, 4)
    notebook.cells[0].source = "import time\ntime.sleep(60)"
    nbformat.write(notebook, small_notebook)
    outcome = run(small_notebook, HERE, KIND, "a setting", {}, "all")
    assert (outcome.identical, outcome.within, outcome.names) == (0, 1, "cell-1 cell-3")


def test_cells_that_are_missing_in_a_report_are_no_run(
    small_notebook: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.xml"
    report.write_text("<testsuites><testcase name='Cell 0'/></testsuites>")
    with pytest.raises(RunError, match=r"Of 05_small\.ipynb 1 of 3 cells were checked"):
        outcomes.read_report(report, small_notebook)


def test_settings_of_a_shell_are_no_setting_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor may it take the asserts away, or options to pytest; where the cache lies is its own."""
    gone = {"TF_ENABLE_ONEDNN_OPTS", "OMP_NUM_THREADS", "PYTEST_ADDOPTS", "PYTHONOPTIMIZE"}
    for name in [*gone, "COURSE_UTILS_CACHE"]:
        monkeypatch.setenv(name, "1")
    kept = {*without_settings()}
    assert "COURSE_UTILS_CACHE" in kept
    assert not gone & kept
    assert not {one for setting in score.SETTINGS.values() for one in setting} & kept


def test_a_later_run_replaces_an_earlier_one_of_the_same(record: Path) -> None:
    assert on_record() == []
    keep(RUN)
    keep(RUN._replace(notebook="01"))
    keep(RUN._replace(date="2026-12-01", failed=0))
    assert [one.notebook for one in on_record()] == ["01", "03"]
    assert on_record()[1] == RUN._replace(date="2026-12-01", failed=0)


@pytest.mark.parametrize("cut", [1, 4, 60])
def test_runs_that_are_cut_off_are_refused(
    record: Path, capsys: pytest.CaptureFixture, cut: int
) -> None:
    """Before anything is run or fetched, in one sentence; and nothing is written over."""
    keep(RUN)
    record.write_text(record.read_text()[:-cut])
    for main, arguments in ((score.main, []), (emulated.main, ["arm"])):
        assert main(arguments) == 2
        assert "runs.csv, line 2, is cut off or damaged" in capsys.readouterr().err
    with pytest.raises(RecordError):
        keep(RUN)


def test_without_a_run_there_is_nothing_to_show() -> None:
    assert report.score([]) == report.table([]) == "No run is kept yet.\n"


def test_a_run_is_done_if_all_is_as_it_was(
    record: Path, small_notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(RUN._replace(notebook="05", state=state_of(nbformat.read(small_notebook, 4))))
    assert kept(small_notebook, KIND, "1 thread", "all") is None  # a cell failed
    keep(on_record()[0]._replace(failed=0))
    assert kept(small_notebook, KIND, "1 thread", "all")
    with monkeypatch.context() as other:
        other.setattr(outcomes, "packages", lambda: "another course_utils")
        assert kept(small_notebook, KIND, "1 thread", "all") is None
    assert kept(small_notebook, KIND, "1 thread", "chosen") is None
    keep(RUN._replace(notebook="05", state="of other outputs"))
    assert kept(small_notebook, KIND, "1 thread", "all") is None


def test_state_follows_code_outputs_and_tolerances_and_no_texts(small_notebook: Path) -> None:
    notebook = nbformat.read(small_notebook, 4)
    cell, before = notebook.cells[1], state_of(notebook)
    cell.metadata.slideshow = {"minutes": 2}
    assert state_of(notebook) == before
    states = {before}
    cell.metadata.tolerance = 0.02
    states.add(state_of(notebook))
    cell.metadata.tags = ["chaotic"]
    states.add(state_of(notebook))
    cell.outputs[0].text = "0.530\n"
    states.add(state_of(notebook))
    cell.source = "print(0.522)"
    assert len(states | {state_of(notebook)}) == 5


def test_score_says_what_the_runs_say() -> None:
    """Three runs, one of them of chosen cells; only whole notebooks can be identical throughout."""
    other = RUN._replace(python="3.13", setting="as installed", within=0, failed=0, names="")
    arm = other._replace(family="aarch64, emulated", python="3.12", cells="chosen", identical=2000)
    said = report.score([RUN, other, arm])
    for part in (
        "Of 2,021 cells in 3 runs (",
        "2 families of processors, 1 only emulated",
        "2 settings, Python 3.11 to 3.13",
        "2,018 came out identical, 2 within their tolerance, 1 failed; 1 of 2 whole",
    ):
        assert part in said
    shown = report.table([RUN, other, arm])
    assert "| x86-64, AVX2 | 3.11 | 1 thread | 03 | 9 | 2 | 1 | 2026-11-01 |" in shown
    assert "Failed: 03 (x86-64, AVX2, Python 3.11, 1 thread): `fit`." in shown
    assert "0 of the 3 runs of the course's notebooks are of today's code" in shown
    now = arm._replace(state=state_of(chosen_cells(nbformat.read(notebooks()[2], 4))))
    assert "No cell failed. 1 of the 1 runs" in report.table([now])
    avx2 = RUN._replace(family="x86-64, AVX2, emulated")
    assert "1 family of processors, 0 only emulated" in report.score([RUN, avx2])
    assert "0 of the 0 runs of the course's notebooks" in report.table(
        [RUN._replace(notebook="updates")]
    )


def test_thirty_runs_under_seven_settings_on_three_pythons_are_planned() -> None:
    """The settings of the tolerances are among them, and none is another by a second name."""
    plan = list(score.planned(score.parse([])))
    assert len({*plan}) == len(plan) >= 30
    assert len({setting for _, setting, _ in plan}) >= 7
    assert len({json.dumps(one) for one in score.SETTINGS.values()}) == len(score.SETTINGS)
    assert {version for version, _, _ in plan} == {"3.11", "3.12", "3.13"}
    assert {path for _, _, path in plan} == {*notebooks()}


def test_what_is_done_is_not_run_again(
    record: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """A failed cell is kept, named, and makes the command fail, each time until it is mended."""
    asked = []

    def stand_in(path: Path, machine: Machine, kind: Kind, *rest: object) -> Outcome:
        asked.append(path.stem)
        state, failed = state_of(nbformat.read(path, 4)), int(len(asked) < 3)
        return RUN._replace(notebook=path.stem[:2], setting=rest[0], state=state, failed=failed)

    monkeypatch.setattr(outcomes, "run", stand_in)
    monkeypatch.setattr(score, "kind_of", lambda machine: KIND)
    monkeypatch.setattr(score, "other_python", lambda version: HERE)
    arguments = ["--notebooks", "03", "--pythons", "3.11", "--settings", "1 thread"]
    monkeypatch.setattr(score, "this_python", lambda: "3.11")
    assert score.main(arguments) == 1
    assert "1 failed    60 s  fit" in capsys.readouterr().out
    assert [score.main(arguments) for _ in range(3)] == [1, 0, 0]
    assert asked == 3 * ["03_stacked_rnn"]


def test_settings_are_tried_with_this_python_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """They are refused with another, not run as installed."""
    monkeypatch.setattr(score, "this_python", lambda: "3.11")
    plan = list(score.planned(score.parse(["--settings", "oneDNN", "--notebooks", "03"])))
    assert [one[:2] for one in plan] == [("3.11", "oneDNN")]
    with pytest.raises(SystemExit):
        score.parse(["--settings", "oneDNN", "--pythons", "3.13"])
    assert "settings are tried with Python 3.11" in capsys.readouterr().err


def test_this_machine_says_what_it_is() -> None:
    kind = kind_of(HERE)
    assert kind.python == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert "emulated" not in kind.family
    assert kind_of(Machine("there", [sys.executable], emulated=True)).family.endswith(", emulated")


def test_a_python_that_does_not_run_is_named() -> None:
    with pytest.raises(MachineError, match=r"'none' fails: .*no such option"):
        kind_of(Machine("none", ["sh", "-c", "echo no such option >&2; exit 1"]))
    with pytest.raises(MachineError, match=r"Python 2\.7 cannot be had: "):
        kernels.uv("Python 2.7", "venv", "--offline", "--python", "/nowhere/python2.7", "/nowhere")


def test_kernel_finds_the_project_and_its_packages() -> None:
    folder = write_kernel(Machine("there", ["qemu", "python"], "/packages"))
    spec = json.loads((folder / "kernels/there/kernel.json").read_text())
    assert spec["argv"] == ["qemu", "python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    assert spec["env"]["PYTHONPATH"].endswith(":/packages")
    shutil.rmtree(folder / "kernels/there")


def test_packages_of_an_earlier_lock_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of an emulated processor, too; what only the earlier lock had is gone."""
    lock, wheels, installed = tmp_path / "lock", tmp_path / "wheels", []
    monkeypatch.setattr(kernels, "LOCK", lock)
    monkeypatch.setattr(emulation, "FOLDER", tmp_path)
    monkeypatch.setattr(emulation, "WHEELS", wheels)

    def stand_in(*_: str) -> None:
        wheels.mkdir()
        installed.append(lock.read_text())

    monkeypatch.setattr(emulation, "uv", stand_in)
    for text in ("keras==1", "keras==1", "keras==2"):
        lock.write_text(text)
        emulation.fetch_wheels()
        (wheels / text).touch()
    assert installed == ["keras==1", "keras==2"]
    assert [path.name for path in wheels.iterdir()] == ["keras==2"]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("apt-get", "apt-get is missing: run this on Debian"),
        ("dpkg", "dpkg is missing: run this on Debian"),
        ("keyring", "install Debian's debian-archive-keyring"),
        ("room", "1.0 GB are free here: make it 5 GB"),
        ("amd64", "This machine is arm64"),
    ],
)
def test_what_emulation_lacks_is_said(
    missing: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """Before anything is fetched, in one sentence, with exit code 2."""
    keyring = tmp_path / "keyring"
    keyring.touch()
    found = {"apt-get": "/bin/apt-get", "dpkg": "/bin/dpkg"} | {missing: None}
    free = 1e9 if missing == "room" else 9e9
    architecture = "arm64\n" if missing == "amd64" else "amd64\n"
    monkeypatch.setattr(emulation, "FOLDER", tmp_path / "arm")
    monkeypatch.setattr(
        emulation, "KEYRING", tmp_path / "none" if missing == "keyring" else keyring
    )
    monkeypatch.setattr(emulation.shutil, "which", found.get)
    monkeypatch.setattr(
        emulation.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, free)
    )
    monkeypatch.setattr(emulation.subprocess, "check_output", lambda *_, **__: architecture)
    monkeypatch.setattr(emulation, "run_step", lambda *_: pytest.fail("something was fetched"))
    assert emulated.main(["arm"]) == 2
    assert said in capsys.readouterr().err


def test_emulated_runs_are_of_today(
    record: Path, small_notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A night's run is not skipped because of an earlier night's."""
    today, asked = date.today().isoformat(), []

    def stand_in(path: Path, *_: object) -> Outcome:
        asked.append(path)
        state = state_of(nbformat.read(path, 4))
        return RUN._replace(
            date=today,
            setting="as installed",
            notebook="05",
            cells="chosen",
            state=state,
            failed=0,
        )

    monkeypatch.setattr(emulated, "emulated", lambda name: Machine(name, []))
    monkeypatch.setattr(emulated, "kind_of", lambda machine: KIND)
    monkeypatch.setattr(emulated, "written", lambda: [small_notebook])
    monkeypatch.setattr(outcomes, "run", stand_in)
    assert [emulated.main([]), emulated.main([])] == [0, 0]
    assert asked == [small_notebook]
    keep(on_record()[0]._replace(date="2026-11-01"))
    assert emulated.main([]) == 0
    assert len(asked) == 2
