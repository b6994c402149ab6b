"""Submissions are judged as the student's own checks would, and none of them harms another."""

import csv
from itertools import chain, repeat
import json
from multiprocessing.connection import Pipe
from operator import itemgetter
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import threading
from typing import Any
from unittest.mock import Mock

from course_utils import build_lstm
from course_utils.exercises.check import exercise_names, verdict
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
import numpy as np
import psutil
import pytest

from tools.grade import candidate, judge, wire
from tools.grade.command import main
from tools.grade.isolation import Limits
from tools.grade.table import grade, read_folder
from tools.paths import ROOT, notebooks

IMPORT = "from course_utils import check"
RIGHT = 'check("2.2", 1407)'
"""1,407 is the right answer to exercise 2.2, which needs no TensorFlow."""
EARLY = "its process ended early"
GIB = 2**30
SMALL = Limits(seconds=40, memory=GIB)


@pytest.fixture(autouse=True)
def nothing_is_left() -> object:
    before = set(psutil.Process().children(recursive=True))
    yield
    new = set(psutil.Process().children(recursive=True)) - before
    _, alive = psutil.wait_procs(new, timeout=20)
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
    return {name: grade(line) for name, line in result.verdicts.items()}


def across(exercise: str, answer: Any) -> str:
    """Return the verdict on an answer that stays on the other side of a pipe."""
    ours, theirs = Pipe()

    def hand_in() -> None:
        with theirs:
            wire.receive(theirs)
            candidate._hand_in(theirs, exercise, answer)
            wire.send(theirs, {"end": True, "failed": []})

    thread = threading.Thread(target=hand_in)
    thread.start()
    with ours:
        end, _, verdicts = judge._converse(ours, {})
    thread.join()
    assert end == "finished"
    return verdicts[exercise]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("1.6", lambda train, test: ...),
        ("1.6", lambda train, test: None),
        ("1.6", lambda train, test: [len]),
        ("1.6", lambda train, test: 1 / 0),
        ("2.2", 1407),
        ("2.2", np.zeros((3, 2))),
        ("2.3", (step for step in [1])),
        ("2.3", [[1, ...], (2, None)]),
        ("2.5", build_lstm()),
        ("3.1", [(64, 500, 32), (64, 500, 50), (64, 20), (64, 1)]),
        ("3.3", build_lstm()),
        ("3.5", ...),
        ("3.5", [[1], [2, 3]]),
        ("4.6", lambda model, ids: model(np.tril(np.tile(ids, (len(ids), 1))))),
    ],
)
def test_verdicts_are_those_of_the_students_own_checks(exercise: str, answer: Any) -> None:
    assert across(exercise, answer) == verdict(exercise, answer)


@pytest.mark.parametrize(
    ("number", "least"),
    [
        pytest.param(3, 5, marks=pytest.mark.ci),
        *(pytest.param(number, 4, marks=pytest.mark.nightly) for number in (1, 2, 4)),
    ],
)
def test_solutions_that_stand_alone_are_right(number: int, least: int) -> None:
    """Judge a notebook of which only the imports and the solutions are left."""
    cells = nbformat.read(notebooks()[number - 1], as_version=4).cells
    chosen = [cell.source for cell in cells if cell.id.startswith(("imports", "solution-"))]
    result = judge.judge(chosen, Limits(seconds=300))
    assert result.end == "finished"
    assert list(grades(result).values()).count("right") >= least


def test_last_answer_counts_and_errors_stop_no_later_cell() -> None:
    result = judged(RIGHT, "1 / 0", "not python", 'check("2.2", 3)', 'check("2.3", 132)')
    assert (result.end, result.failed) == ("finished", [3, 4])
    assert grades(result) == {"2.2": "not yet", "2.3": "right"}


def test_words_that_look_right_do_not_count() -> None:
    """Printed, written where the judge reads, or put into the place of the check."""
    forged = [
        'print("2.2: right. A band half as wide costs four times as many reviews.")',
        "import os\nos.system('echo 2.2: right.')",
        "from course_utils.exercises import check as checks, judging, notebook_2\n"
        "checks.verdict = checks._verdict = lambda exercise, answer: exercise + ': right.'\n"
        "judging._close = notebook_2.number_hint = lambda *_, **__: None\n"
        'check("2.2", 3)',
        "class Right(float):\n    __eq__ = __le__ = __ge__ = lambda *_: True\n"
        'check("2.3", Right(3))',
        'check("2.3: right. ", 3)',
        'check("3.5", type("X", (), {"__repr__": lambda _: "3.5: right."})())',
        "checks.hand_answers_to(None)\n" + RIGHT.replace("2.2", "2.1"),
    ]
    expected = dict.fromkeys(("2.2", "2.3", "3.5"), "not yet")
    assert grades(judged(*forged)) == expected


MODEL_IN = '{"exercise": "3.3", "answer": {"kind": "model"}}'
OUTPUT = json.dumps({"result": wire.pack(np.zeros((200, 1)))})


@pytest.mark.parametrize(
    ("messages", "end"),
    [
        (["junk"], "broke off"),
        (['{"exercise": "2.2", "verdict": "right"}'], EARLY),
        (['{"exercise": "2.2", "answer": {"kind": "array", "dtype": "O"}}'], "broke off"),
        (['{"exercise": "2.2", "answer": {"kind": "right"}}'], "broke off"),
        ([MODEL_IN, '{"result": 1e999}'], EARLY),
        ([MODEL_IN, OUTPUT, '{"result": [["SimpleRNN", 1e999], 3]}'], EARLY),
        ([MODEL_IN, OUTPUT, '{"result": {"kind": "model"}}'], EARLY),
        (['{"end": true, "failed": "all", "verdicts": {"2.2": "2.2: right."}}'], "finished"),
        (['{"end": true, "failed": 3}'], "broke off"),
    ],
    ids=lambda value: str(value)[:70],
)
def test_messages_of_a_submissions_own(messages: list[str], end: str) -> None:
    """It can find the pipe to the judge and write to it, whatever it is asked."""
    pipe = Mock(recv_bytes=Mock(side_effect=chain(messages, repeat(EOFError))))
    said, failed, verdicts = judge._converse(pipe, {})
    assert (said.split(":")[0], failed) == (end, [])
    assert not any(": right." in line for line in verdicts.values())


FIVE_WITH_300_MIB = """
import os, time
for _ in range(5):
    if os.fork() == 0:
        kept = b"1" * (300 * 2**20)
        time.sleep(99)
time.sleep(99)
"""


@pytest.mark.parametrize(
    ("hostile", "seconds", "end"),
    [
        pytest.param(FIVE_WITH_300_MIB, 40, r"stopped at \d\.\d GiB of memory", id="memory"),
        pytest.param("while True: pass", 8, "stopped after 8 s", marks=pytest.mark.ci),
        pytest.param("import ctypes; ctypes.string_at(0)", 40, EARLY, marks=pytest.mark.ci),
    ],
)
def test_what_was_handed_in_before_a_limit_counts(
    hostile: str, seconds: float, end: str, anywhere: bool
) -> None:
    """Five processes with 300 MiB each pass no limit alone; 10 GiB at once fail in their cell."""
    cells = "import numpy as np", "np.ones(10 * 2**30 // 8)", RIGHT, hostile
    result = judged(*cells, limits=Limits(seconds, memory=GIB))
    assert re.fullmatch(end, result.end)
    assert result.isolated == anywhere
    assert grades(result) == {"2.2": "right"}
    assert result.seconds < 40


@needs_isolation
def test_fork_bomb() -> None:
    before = len(psutil.pids())
    result = judged(RIGHT, "import os\nwhile True: os.fork()")
    assert result.end.startswith("stopped at ")
    assert grades(result) == {"2.2": "right"}
    assert len(psutil.pids()) < before + 50


LEAVES_ITS_SESSION = """
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "98765"])
    os._exit(0)
os.wait()
"""


def test_process_that_it_leaves_behind_is_ended(anywhere: bool) -> None:
    assert judged(LEAVES_ITS_SESSION).end == "finished"
    lines = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert ["sleep", "98765"] not in lines


@needs_isolation
def test_files_processes_and_network_are_out_of_reach(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    attempts = [
        f"os.remove({str(precious)!r})",
        f"open({str(tmp_path / 'new')!r}, 'w')",
        f"os.kill({os.getpid()}, 9)",
        "subprocess.run(['sh', '-c', 'kill -9 -1'], check=True)",
        "socket.create_connection(('127.0.0.1', 22), timeout=1)",
        "subprocess.run(['mount', '-o', 'remount,bind,rw', '/'], check=True)",
        "open('/proc/sys/vm/swappiness', 'w')",
    ]
    result = judged("import os, socket, subprocess", *attempts, RIGHT)
    assert result.failed == list(range(3, 3 + len(attempts)))
    assert precious.read_text() == "mine"
    assert grades(result) == {"2.2": "right"}


def test_it_finds_an_empty_home_and_no_secret(
    anywhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", "/given")
    result = judged(
        "import os, pathlib, shutil",
        "assert 'MY_TOKEN' not in os.environ",
        f"assert os.environ['PYTHONPATH'] == {f'{ROOT}:/given'!r}",
        "assert pathlib.Path.home() == pathlib.Path.cwd()",
        f"assert pathlib.Path.home() != pathlib.Path({str(Path.home())!r})",
        "shutil.rmtree(pathlib.Path.home(), ignore_errors=True)",
        RIGHT,
    )
    assert result.failed == []
    assert 0 < result.peak_mib < 1024
    assert grades(result) == {"2.2": "right"}


def write_notebook(path: Path, *cells: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)


def test_reading_a_folder(tmp_path: Path) -> None:
    write_notebook(tmp_path / "anna" / "02.ipynb", RIGHT)
    write_notebook(tmp_path / "anna" / ".ipynb_checkpoints" / "02.ipynb", IMPORT)
    (tmp_path / "deep.ipynb").write_text("[" * 100_000)
    (tmp_path / "junk.ipynb").write_text("{")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "anna" / "02.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    submissions, rows = read_folder(tmp_path)
    assert submissions == {"anna/02.ipynb": [RIGHT]}
    no_notebook, no_file = "no notebook of format 4", "no regular file"
    reasons = {"deep": no_notebook, "junk": no_notebook, "link": no_file, "pipe": no_file}
    assert [row[:3] for row in rows] == [
        (f"{name}.ipynb", f"not read: {reason}", 0) for name, reason in reasons.items()
    ]


@pytest.mark.ci
def test_class_of_which_half_is_hostile(tmp_path: Path) -> None:
    folder, out = tmp_path / "handed in", tmp_path / "table.csv"
    write_notebook(folder / "anna" / "02.ipynb", IMPORT, RIGHT, 'check("2.3", ...)')
    write_notebook(folder / "zoë" / "02.ipynb", IMPORT, RIGHT, 'check("2.3", ...)')
    write_notebook(folder / "loop.ipynb", IMPORT, RIGHT, "while True: pass")
    write_notebook(folder / "exit.ipynb", IMPORT, RIGHT, "import os; os._exit(0)")
    write_notebook(folder / "=cmd.ipynb", IMPORT, RIGHT, "1 / 0")
    (folder / "junk.ipynb").write_text("{")

    command = [sys.executable, "-m", "tools.grade", folder, "--out", out]
    command += ["--minutes", "0.2", "--memory", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert run.returncode == 1
    assert "anna/02.ipynb" in run.stdout
    assert "1 of 2 right; not attempted: 2.3" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    with open(out, newline="", encoding="utf-8") as file:
        rows = {row["notebook"]: row for row in csv.DictReader(file)}
    columns = itemgetter("end", "right", "failed_cells", "2.2", "2.3")
    assert {name: columns(row) for name, row in rows.items()} == {
        "anna/02.ipynb": ("finished", "1", "", "right", "not attempted"),
        "zoë/02.ipynb": ("finished", "1", "", "right", "not attempted"),
        "loop.ipynb": ("stopped after 12 s", "1", "", "right", ""),
        "exit.ipynb": (EARLY, "1", "", "right", ""),
        "./=cmd.ipynb": ("finished", "1", "3", "right", ""),
        "junk.ipynb": ("not read: no notebook of format 4", "0", "", "", ""),
    }
    assert list(rows["anna/02.ipynb"])[-len(exercise_names()) :] == exercise_names()


def test_bad_arguments(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    for arguments, says in [
        (["no/such/folder"], "There is no notebook in no/such/folder"),
        ([".", "--minutes", "0"], "--minutes is 0"),
        ([".", "--memory", "-1"], "--memory is -1"),
    ]:
        assert main([*arguments, "--out", str(tmp_path / "table.csv")]) == 2
        assert says in capsys.readouterr().err


def test_judge_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="its judge failed: exit code 1"):
        judge.judge_apart([], SMALL)
