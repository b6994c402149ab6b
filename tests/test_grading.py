"""Submissions are judged as the student's own checks would, and none of them harms another.

A verdict comes from asking an answer, so nothing that a submission prints, changes or sends makes
an answer right. Hostile submissions end where a limit is, and what they handed in before counts.
"""

import csv
import json
import os
from pathlib import Path
import subprocess
import sys
import time

from course_utils import checks, grading, judge
from course_utils.execute import NOTEBOOKS
from course_utils.judge import Limits
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
import psutil
import pytest

IMPORT = "from course_utils import check"
RIGHT = 'check("2.2", 1407)'
"""1,407 is the right answer to exercise 2.2, which needs no TensorFlow."""
GIB = 2**30
SMALL = Limits(seconds=40, memory=GIB)


@pytest.fixture(autouse=True)
def nothing_is_left() -> object:
    yield
    _, alive = psutil.wait_procs(psutil.Process().children(recursive=True), timeout=20)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


@pytest.fixture(params=["isolated", "not isolated"])
def anywhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Judge once as Linux can, and once as other systems do."""
    if request.param == "not isolated":
        monkeypatch.setattr(judge, "can_isolate", lambda: False)
    elif not judge.can_isolate():
        pytest.skip("this system does not let a process have namespaces of its own")
    return request.param == "isolated"


needs_isolation = pytest.mark.skipif(
    not judge.can_isolate(), reason="this system has no namespaces for an ordinary user"
)


def judged(*cells: str, limits: Limits = SMALL) -> judge.Result:
    return judge.judge([IMPORT, *cells], limits)


def grades(result: judge.Result) -> dict[str, str]:
    return {name: grading.grade(line) for name, line in result.verdicts.items()}


# Verdicts


def test_verdicts_are_those_of_the_students_own_checks(capsys: pytest.CaptureFixture) -> None:
    notebooks = [
        [
            RIGHT,
            "check('2.3', 43)",
            "check('3.5', ...)",
            "def untouched(train, test):\n    ...\n\ncheck('1.6', untouched)",
        ],
        [
            "check('2.2', '1407')",
            "check('2.3', (step for step in [1]))",
            "check('3.5', None)",
            "check('1.6', lambda train, test: 1 / 0)",
        ],
        [
            "import numpy as np",
            "check('2.2', np.zeros((3, 2)))",
            "check('2.3', [[1, ...], (2, None)])",
            "check('3.5', [[1], [2, 3]])",
            "check('1.6', lambda train, test: None)",
        ],
    ]
    for cells in notebooks:
        exec("\n".join([IMPORT, *cells]), {})
        own = capsys.readouterr().out.splitlines()
        assert list(judged(*cells).verdicts.values()) == own


def right_solutions(name: str) -> set[str]:
    """Judge a notebook of which only the imports and the solutions are left."""
    (path,) = NOTEBOOKS.glob(f"{name}*.ipynb")
    chosen = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.id == "imports" or cell.id.startswith("solution-")
    ]
    result = judge.judge(chosen, Limits(seconds=300))
    assert result.end == "finished"
    return {name for name, grade in grades(result).items() if grade == "right"}


def test_functions_shapes_and_models_are_right() -> None:
    assert right_solutions("03") == {"3.1", "3.2", "3.3", "3.4", "3.5"}


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["01", "02", "04"])
def test_solutions_that_stand_alone_are_right(name: str) -> None:
    assert len(right_solutions(name)) >= 4


def test_last_answer_counts_and_errors_stop_no_later_cell() -> None:
    result = judged(RIGHT, "1 / 0", "not python", 'check("2.2", 3)', 'check("2.3", 132)')
    assert result.end == "finished"
    assert result.failed == [3, 4]
    assert grades(result) == {"2.2": "not yet", "2.3": "right"}


def test_words_that_look_right_do_not_count() -> None:
    """Printed, written where the judge reads, or put into the place of the check."""
    forged = [
        'print("2.2: right. A band half as wide costs four times as many reviews.")',
        "import os\nos.system('echo 2.2: right.')",
        "import course_utils.checks as checks\n"
        "checks.verdict = checks._verdict = lambda exercise, answer: exercise + ': right.'\n"
        "checks._close = checks.number_hint = lambda *_, **__: None\n"
        'check("2.2", 3)',
        "class Right(float):\n    __eq__ = __le__ = __ge__ = lambda *_: True\n"
        'check("2.3", Right(3))',
        'check("2.3: right. ", 3)',
        'check("3.5", type("X", (), {"__repr__": lambda _: "3.5: right."})())',
    ]
    expected = dict.fromkeys(("2.2", "2.3", "3.5"), "not yet")
    assert grades(judged(*forged)) == expected


@pytest.mark.parametrize(
    "message",
    [
        b"junk",
        b"[]",
        b'{"exercise": "2.2", "verdict": "right"}',
        b'{"exercise": "2.2", "answer": {"kind": "array", "dtype": "O", "shape": [1], "data": ""}}',
        b'{"exercise": ["2.2"], "answer": 1}',
        b'{"end": true, "failed": "all", "verdicts": {"2.2": "2.2: right."}}',
        b"[" * 100_000,
    ],
)
def test_messages_of_a_submissions_own(message: bytes) -> None:
    """It finds the pipe to the judge and writes to it."""
    result = judged(
        "from multiprocessing.connection import Connection\n"
        "import sys\n"
        "pipe = Connection(int(sys.argv[1]))\n"
        f"pipe.send_bytes({message!r})"
    )
    assert "right" not in grades(result).values()


# Limits


@pytest.mark.ci
@pytest.mark.parametrize(
    ("hostile", "end"),
    [
        ("while True: pass", "stopped after"),
        ("import os; os._exit(0)", "its process ended early"),
        ("import ctypes; ctypes.string_at(0)", "its process ended early"),
    ],
)
def test_what_never_ends_and_what_ends_too_soon(hostile: str, end: str, anywhere: bool) -> None:
    started = time.monotonic()
    result = judged(RIGHT, hostile, limits=Limits(seconds=8, memory=GIB))
    assert result.end.startswith(end)
    assert result.isolated == anywhere
    assert grades(result) == {"2.2": "right"}
    assert time.monotonic() - started < 40


def test_10_gibibytes_fail_in_their_cell(anywhere: bool) -> None:
    result = judged("import numpy as np", "np.ones(10 * 2**30 // 8)", RIGHT)
    assert (result.end, result.failed) == ("finished", [3])
    assert grades(result) == {"2.2": "right"}
    assert result.peak_mib < 1024


def test_memory_of_all_its_processes_counts(anywhere: bool) -> None:
    """Five processes with 300 MiB each pass no limit alone."""
    result = judged(
        RIGHT,
        "import os, time\n"
        "for _ in range(5):\n"
        "    if os.fork() == 0:\n"
        "        kept = b'1' * (300 * 2**20)\n"
        "        time.sleep(99)\n"
        "time.sleep(99)",
    )
    assert result.end.startswith("stopped at ")
    assert "GiB of memory" in result.end
    assert grades(result) == {"2.2": "right"}


@needs_isolation
def test_fork_bomb() -> None:
    before = len(psutil.pids())
    result = judged(RIGHT, "import os\nwhile True: os.fork()")
    assert result.end.startswith("stopped at ")
    assert grades(result) == {"2.2": "right"}
    assert len(psutil.pids()) < before + 50


def test_process_that_it_leaves_behind_is_ended(anywhere: bool, tmp_path: Path) -> None:
    """It left its parent and its session."""
    result = judged(
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.execvp('sleep', ['sleep', '98765'])\n"
        "    os._exit(0)\n"
        "time.sleep(1)"
    )
    assert result.end == "finished"
    lines = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert ["sleep", "98765"] not in lines


@needs_isolation
def test_files_processes_and_network_are_out_of_reach(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    attempts = {
        "delete": f"os.remove({str(precious)!r})",
        "write": f"open({str(tmp_path / 'new')!r}, 'w')",
        "kill": f"os.kill({os.getpid()}, 9)",
        "kill all": "subprocess.run(['sh', '-c', 'kill -9 -1'], check=True)",
        "connect": "socket.create_connection(('127.0.0.1', 22), timeout=1)",
        "remount": "subprocess.run(['mount', '-o', 'remount,bind,rw', '/'], check=True)",
        "system": "open('/proc/sys/vm/swappiness', 'w')",
    }
    result = judged("import os, socket, subprocess", *attempts.values(), RIGHT)
    assert result.failed == list(range(3, 3 + len(attempts))), attempts
    assert precious.read_text() == "mine"
    assert grades(result) == {"2.2": "right"}


def test_it_finds_an_empty_home_and_no_secret(
    anywhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    result = judged(
        "import os, pathlib, shutil",
        "assert 'MY_TOKEN' not in os.environ",
        "assert pathlib.Path.home() == pathlib.Path.cwd()",
        f"assert pathlib.Path.home() != pathlib.Path({str(Path.home())!r})",
        "shutil.rmtree(pathlib.Path.home(), ignore_errors=True)",
        RIGHT,
    )
    assert result.failed == []
    assert grades(result) == {"2.2": "right"}


# A class


def write_notebook(path: Path, *cells: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)


def test_folder_of_which_all_can_be_read(tmp_path: Path) -> None:
    write_notebook(tmp_path / "anna" / "02.ipynb", RIGHT)
    write_notebook(tmp_path / "anna" / ".ipynb_checkpoints" / "02.ipynb", IMPORT)
    assert grading.read_folder(tmp_path) == ({"anna/02.ipynb": [RIGHT]}, [])


def test_folder_of_which_none_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "junk.ipynb").write_text("{")
    submissions, (row,) = grading.read_folder(tmp_path)
    assert submissions == {}
    assert (row.notebook, row.right, row.end) == (
        "junk.ipynb",
        0,
        "not read: no notebook of format 4",
    )


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict], str, int]:
    """Judge a class of which half is hostile; gives the table, the screen and the exit code."""
    folder = tmp_path_factory.mktemp("class")
    handed_in = folder / "handed in"
    for name in ("anna", "zoë"):
        write_notebook(handed_in / name / "02.ipynb", IMPORT, RIGHT, 'check("2.3", ...)')
    hostile = {
        "loop": "while True: pass",
        "memory": "x = b'1' * (10 * 2**30)",
        "exit": "import os; os._exit(0)",
        "delete": "import shutil; shutil.rmtree('/', ignore_errors=True)",
        "=cmd": 'print("2.3: right.")',
    }
    if not judge.can_isolate():
        del hostile["delete"]
    for name, cell in hostile.items():
        write_notebook(handed_in / f"{name}.ipynb", IMPORT, RIGHT, cell)
    (handed_in / "junk.ipynb").write_text("{")
    (handed_in / "deep.ipynb").write_text("[" * 100_000)
    (handed_in / "link.ipynb").symlink_to(handed_in / "anna" / "02.ipynb")
    os.mkfifo(handed_in / "pipe.ipynb")
    write_notebook(handed_in / ".ipynb_checkpoints" / "old.ipynb", IMPORT)
    out = folder / "table.csv"
    options = "--out", out, "--minutes", "0.2", "--memory", "1"
    run = subprocess.run(
        [sys.executable, "-m", "course_utils.grading", handed_in, *options],
        capture_output=True,
        text=True,
        timeout=300,
    )
    with open(out, newline="", encoding="utf-8") as file:
        rows = {row["notebook"]: row for row in csv.DictReader(file)}
    return rows, run.stdout + run.stderr, run.returncode


@pytest.mark.ci
def test_neighbours_of_hostile_submissions_are_judged(table: tuple) -> None:
    rows, _, _ = table
    for name in ("anna/02.ipynb", "zoë/02.ipynb"):
        assert rows[name]["end"] == "finished"
        assert (rows[name]["2.2"], rows[name]["2.3"]) == ("right", "not attempted")
        assert (rows[name]["right"], rows[name]["1.1"]) == ("1", "")


@pytest.mark.ci
def test_hostile_submissions_are_in_the_table(table: tuple) -> None:
    rows, _, _ = table
    assert rows["loop.ipynb"]["end"] == "stopped after 12 s"
    assert rows["memory.ipynb"]["failed_cells"] == "3"
    assert rows["exit.ipynb"]["end"] == "its process ended early"
    assert {row["2.2"] for row in rows.values() if not row["end"].startswith("not ")} == {"right"}
    assert rows["./=cmd.ipynb"]["2.3"] == ""


@pytest.mark.ci
def test_files_that_are_no_notebooks_are_in_the_table(table: tuple) -> None:
    rows, screen, code = table
    assert code == 1
    for name in ("junk", "deep"):
        assert rows[f"{name}.ipynb"]["end"] == "not read: no notebook of format 4"
    for name in ("link", "pipe"):
        assert rows[f"{name}.ipynb"]["end"] == "not read: no regular file"
    assert {rows[f"{name}.ipynb"]["right"] for name in ("junk", "deep", "link", "pipe")} == {"0"}
    assert not any("checkpoints" in name for name in rows)
    assert "anna/02.ipynb" in screen
    assert "1 of 2 right; not attempted: 2.3" in screen
    assert "Traceback" not in screen


@pytest.mark.ci
def test_every_exercise_has_a_column(table: tuple) -> None:
    rows, _, _ = table
    assert list(rows["anna/02.ipynb"])[-len(checks.exercise_names()) :] == checks.exercise_names()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no/such/folder"], "There is no notebook in no/such/folder"),
        ([".", "--minutes", "0"], "--minutes is 0"),
        ([".", "--memory", "-1"], "--memory is -1"),
        ([".", "--workers", "0"], "--workers is 0"),
    ],
)
def test_bad_arguments(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert grading.main([*arguments, "--out", str(tmp_path / "table.csv")]) == 2
    assert says in capsys.readouterr().err


def test_judge_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "dumps", lambda job: "no JSON")
    with pytest.raises(RuntimeError, match=r"its judge failed: json.decoder.JSONDecodeError"):
        judge.judge_apart([], SMALL)


def test_judge_that_is_killed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal tells more than the last warning it had printed."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho a warning >&2; kill -9 $$")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(RuntimeError, match="its judge was killed by signal 9"):
        judge.judge_apart([], SMALL)
