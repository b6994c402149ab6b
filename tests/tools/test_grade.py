"""Submissions are judged as the student's own checks would, and none of them harms another."""

from ast import literal_eval
from collections.abc import Callable
import csv
from itertools import chain, repeat
import json
from operator import itemgetter
import os
from pathlib import Path
import re
import shutil
import socket
import subprocess
import sys
import time
from typing import Any
from unittest.mock import Mock

from course_utils import build_lstm, build_simple_rnn
from course_utils.exercises import check as checks
from course_utils.exercises.challenge import challenge_reviews
from course_utils.exercises.check import Verdict, exercise_names
from jupyter_client.manager import start_new_kernel
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
import numpy as np
import psutil
import pytest

from tests.exercises.test_mistakes import nested, three_with
from tools.grade import judge, wire
from tools.grade.command import main
from tools.grade.isolation import Limits, can_isolate
from tools.grade.table import read_folder
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


CAN_ISOLATE = can_isolate()
needs_isolation = pytest.mark.skipif(
    not CAN_ISOLATE, reason="this system has no namespaces for an ordinary user"
)


@pytest.fixture(params=[pytest.param(True, marks=needs_isolation, id="isolated"), False])
def anywhere(request: pytest.FixtureRequest) -> bool:
    """Judge once as Linux can, and once as other systems do."""
    return request.param


def judged(*cells: str, limits: Limits = SMALL, isolated: bool = CAN_ISOLATE) -> judge.Result:
    return judge.judge([IMPORT, *cells], limits, isolated)


def grades(result: judge.Result) -> dict[str, str]:
    return {name: found.status for name, found in result.verdicts.items()}


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
        ("2.6", (1.0, -12.48)),
        ("2.q5", "c"),
        ("2.q5", "a"),
        ("3.2", build_lstm()),
        ("3.1", [(64, 500, 32), (64, 500, 50), (64, 20), (64, 1)]),
        ("3.3", build_lstm()),
        ("3.5", ...),
        ("3.5", [[1], [2, 3]]),
        ("2.1", lambda d, n: d * n + n * n),
        ("2.5", build_simple_rnn()),
        ("3.3", nested()),
        ("3.3", three_with(activation="linear")),
        ("3.3", three_with(sequences=(False, False, False))),
        ("4.6", lambda model, ids: model(np.tril(np.tile(ids, (len(ids), 1))))),
        ("4.6", lambda model, ids: model(ids)),
    ],
)
def test_verdicts_are_those_of_the_students_own_checks(
    across: Callable[[str, Any], Verdict], exercise: str, answer: Any
) -> None:
    assert across(exercise, answer) == checks.judged(exercise, answer)


def test_what_is_asked_of_a_model_is_answered_across_the_pipe(
    across: Callable[[str, Any], Verdict],
) -> None:
    assert across("3.3", nested()).status == "right"
    assert "takes the tanh" in across("3.3", three_with(activation="linear")).text


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
    result = judge.judge(chosen, Limits(seconds=300), CAN_ISOLATE)
    assert result.end == "finished"
    assert list(grades(result).values()).count("right") >= least


def test_last_answer_counts_and_errors_stop_no_later_cell() -> None:
    cells = "%matplotlib inline", RIGHT, "1 / 0", "not python", 'check("2.2", 3)'
    result = judged(*cells, 'check("2.3", 21)')
    assert (result.end, result.failed) == ("finished", [4, 5])
    assert grades(result) == {"2.2": "not yet", "2.3": "right"}


def test_last_model_that_can_be_asked_counts_in_the_challenge() -> None:
    """The judge has the reviews and their labels; the model gets only what it must read."""
    models = ["lambda ids: ids[:, 2] % 2", "lambda ids: ids[:, 1] % 2", "lambda ids: 3", "..."]
    cells = "from course_utils import submit", *(f"submit({model})" for model in models)
    result = judged(*cells, limits=Limits(seconds=200, memory=3 * GIB))
    reviews, labels = challenge_reviews()
    assert (result.end, result.failed, result.verdicts) == ("finished", [], {})
    assert result.challenge == np.sum(reviews[:, 1] % 2 == labels)


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
        (['{"end": true, "failed": "all", "verdicts": {"2.2": "2.2: right."}}'], judge.NO_ANSWER),
        (['{"end": true, "failed": 3}'], "broke off"),
    ],
    ids=lambda value: str(value)[:70],
)
def test_messages_of_a_submissions_own(messages: list[str], end: str) -> None:
    """It can find the pipe to the judge and write to it, whatever it is asked."""
    pipe = Mock(recv_bytes=Mock(side_effect=chain(["{}"], messages, repeat(EOFError))))
    said, failed, verdicts, _ = judge._converse(pipe, {"cells": []})
    assert (said.split(":")[0], failed) == (end, [])
    assert not any(found.status == "right" for found in verdicts.values())


def test_only_cells_that_there_are_can_have_failed() -> None:
    """Eight million numbers would make a table that nothing can read."""
    failed = json.dumps({"end": True, "failed": [2, 2, 2.5, -1, 3, None, "1", *range(9, 10**5)]})
    pipe = Mock(recv_bytes=Mock(side_effect=["{}", failed]))
    assert judge._converse(pipe, {"cells": ["", "", ""]})[1] == [2, 3]


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
    result = judged(*cells, limits=Limits(seconds, memory=GIB), isolated=anywhere)
    assert re.fullmatch(end, result.end)
    assert result.isolated == anywhere
    assert grades(result) == {"2.2": "right"}
    assert result.seconds < 40


MEMFD = """
import os, time
for _ in range(8):
    kept = os.memfd_create("out of sight")
    for _ in range(19):
        os.write(kept, bytes(10 * 2**20))
time.sleep(99)
"""
LOOKS_AWAY = """
import mmap, time
kept = mmap.mmap(-1, 1500 * 2**20)
for start in range(0, len(kept), 2**20):
    kept[start : start + 2**20] = bytes(2**20)
    kept.madvise(mmap.MADV_DONTNEED)
time.sleep(99)
"""
FORKS_THAT_SHARE = """
import os, time
kept = bytes(1) * (200 * 2**20)
children = [os.fork() for _ in range(3)]
time.sleep(1)
"""


@pytest.mark.ci
@pytest.mark.parametrize("hostile", [MEMFD, LOOKS_AWAY], ids=["memfd", "looks away"])
def test_shared_memory_counts(hostile: str, anywhere: bool) -> None:
    result = judged(RIGHT, hostile, limits=Limits(60, GIB // 2), isolated=anywhere)
    assert re.fullmatch(r"stopped at \d\.\d GiB of memory", result.end)
    assert grades(result) == {"2.2": "right"}


def test_pages_that_forks_share_count_once(anywhere: bool) -> None:
    result = judged(RIGHT, FORKS_THAT_SHARE, limits=Limits(60, GIB // 2), isolated=anywhere)
    assert result.end == judge.FINISHED
    assert 200 < result.peak_mib < 400


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
    assert judged(LEAVES_ITS_SESSION, isolated=anywhere).end == judge.NO_ANSWER
    lines = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert ["sleep", "98765"] not in lines


@needs_isolation
def test_who_kills_all_processes_kills_its_own() -> None:
    result = judged(RIGHT, "import os\nos.system('kill -9 -1')")
    assert (result.end, grades(result)) == (EARLY, {"2.2": "right"})


ENDLESS = 'import os\nos.execvp("sleep", ["sleep", "98766"])'


def test_killed_judge_leaves_no_candidate(anywhere: bool) -> None:
    def lines() -> list[list[str]]:
        return [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]

    def wait(there: bool) -> None:
        end = time.monotonic() + 60
        while (["sleep", "98766"] in lines()) != there:
            assert time.monotonic() < end
            time.sleep(0.1)

    command = [sys.executable, "-m", "tools.grade.judge"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True) as process:
        process.stdin.write(json.dumps([[ENDLESS], SMALL, anywhere]))
        process.stdin.close()
        wait(there=True)
        process.kill()
    wait(there=False)


def test_judge_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "SECONDS_TO_JUDGE", 0)
    with pytest.raises(RuntimeError, match=r"its judge was stopped after 0\.1 s"):
        judge.judge_apart([], Limits(seconds=0.1), CAN_ISOLATE)


def test_no_isolation_no_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was decided for the run is not decided anew when it fails for a submission."""
    monkeypatch.setattr(judge, "isolate", lambda folder, command: ["false"])
    result = judged(f"open({str(tmp_path / 'ran')!r}, 'w')", RIGHT, isolated=True)
    assert (result.end, result.verdicts) == (judge.NOT_STARTED, {})
    assert list(tmp_path.iterdir()) == []


HIDES_A_MOUNT = """
mount -t tmpfs tmpfs "$1" && mkdir "$1/below" && mount -t tmpfs tmpfs "$1/below" &&
mount -t tmpfs tmpfs "$1" && exec "$2" -c "$3"
"""


@needs_isolation
def test_mount_out_of_reach_does_not_turn_isolation_off(tmp_path: Path) -> None:
    code = "from tools.grade.isolation import can_isolate\nassert can_isolate()"
    script = ["sh", "-c", HIDES_A_MOUNT, "sh", str(tmp_path), sys.executable, code]
    subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", *script], cwd=ROOT, check=True
    )


@needs_isolation
def test_files_processes_and_network_are_out_of_reach(tmp_path: Path) -> None:
    precious, daemon = tmp_path / "precious", str(tmp_path / "socket")
    precious.write_text("mine")
    os.mkfifo(tmp_path / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(daemon)
    listening.listen()
    attempts = [
        f"socket.socket(socket.AF_UNIX).connect({daemon!r})",
        f"open({str(tmp_path / 'pipe')!r}, 'r+b', buffering=0)",
        f"open({str(precious)!r})",
        "open('/etc/passwd', 'r+')",
        "os.chmod('/dev/null', 0)",
        "subprocess.run(['unshare', '--user', 'true'], check=True)",
        "subprocess.run(['ipcmk', '--shmem', '4096'], check=True)",
        "open('/dev/shm/large', 'wb').write(bytes(600 * 2**20))",
        f"os.remove({str(precious)!r})",
        f"open({str(tmp_path / 'new')!r}, 'w')",
        f"os.kill({os.getpid()}, 9)",
        "socket.create_connection(('127.0.0.1', 22), timeout=1)",
        "subprocess.run(['mount', '-o', 'remount,bind,rw', '/'], check=True)",
        "open('/proc/sys/vm/swappiness', 'w')",
    ]
    result = judged("import os, socket, subprocess", *attempts, RIGHT)
    listening.close()
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
        isolated=anywhere,
    )
    assert result.failed == []
    assert 0 < result.peak_mib < 1024
    assert grades(result) == {"2.2": "right"}


def write_notebook(path: Path, *cells: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)


def test_every_file_has_a_row_or_is_left_out(tmp_path: Path) -> None:
    write_notebook(tmp_path / "anna" / "02.ipynb", RIGHT)
    marked = b"\xef\xbb\xbf" + (tmp_path / "anna" / "02.ipynb").read_bytes()
    (tmp_path / "anna" / "MARKED.IPYNB").write_bytes(marked)
    for path in ("anna/.ipynb_checkpoints/02.ipynb", "__MACOSX/._02.ipynb", ".DS_Store"):
        write_notebook(tmp_path / path, IMPORT)
    for name in ("anna.ipynb.json", "02.ipynb.txt", "class.zip", "essay.pdf", "notes"):
        write_notebook(tmp_path / name, RIGHT)
    (tmp_path / "deep.ipynb").write_text("[" * 100_000)
    (tmp_path / "empty.ipynb").touch()
    (tmp_path / "junk.ipynb").write_text("{")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "anna" / "02.ipynb")
    (tmp_path / "linked").symlink_to(tmp_path / "anna")
    os.mkfifo(tmp_path / "pipe.ipynb")
    submissions, rows, left_out = read_folder(tmp_path)
    assert submissions == {"anna/02.ipynb": [RIGHT], "anna/MARKED.IPYNB": [RIGHT]}
    name, no_file = "its name does not end in .ipynb", "no regular file"
    no_notebook = "no notebook of format 4"
    assert {row.notebook: row.end.removeprefix("not read: ") for row in rows} == {
        "./02.ipynb.txt": name,
        "./anna.ipynb.json": name,
        "./class.zip": "an archive: unpack it first",
        "deep.ipynb": no_notebook,
        "empty.ipynb": "an empty file",
        "./essay.pdf": name,
        "junk.ipynb": no_notebook,
        "link.ipynb": no_file,
        "./linked": no_file,
        "./notes": name,
        "pipe.ipynb": no_file,
    }
    assert left_out == [".DS_Store", "__MACOSX/._02.ipynb", "anna/.ipynb_checkpoints/02.ipynb"]


READ = """
import pathlib, sys
from tools.grade.table import read_folder
submissions, rows, _ = read_folder(pathlib.Path(sys.argv[1]))
print(*submissions, *(f"{row.notebook} {row.end}" for row in rows), sep="|")
"""


@pytest.mark.skipif(not shutil.which("setpriv"), reason="root reads what it may not")
def test_what_cannot_be_opened_has_a_row_and_refuses_nobody(tmp_path: Path) -> None:
    write_notebook(tmp_path / "anna.ipynb", RIGHT)
    write_notebook(tmp_path / "file.ipynb", RIGHT)
    write_notebook(tmp_path / "closed" / "02.ipynb", RIGHT)
    write_notebook(tmp_path / "listed" / "02.ipynb", RIGHT)
    for name, mode in {"file.ipynb": 0, "closed": 0, "listed": 0o400}.items():
        (tmp_path / name).chmod(mode)
    powerless = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    command = [*powerless, sys.executable, "-c", READ, tmp_path]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in ("closed", "listed"):
        (tmp_path / name).chmod(0o700)
    assert run.stdout.strip().split("|") == [
        "anna.ipynb",
        "./closed not read: the folder cannot be opened",
        "file.ipynb not read: Permission denied",
        "listed/02.ipynb not read: Permission denied",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_look_alike_are_two_students(tmp_path: Path) -> None:
    """An archive with old file names is unpacked to bytes that are no text here."""
    names = [b"M\x81ller.ipynb", b"M\x94ller.ipynb", b"M\\x81ller.ipynb", b"M?ller.ipynb"]
    names += ["M\u200bller.ipynb".encode(), "M\u200cller.ipynb".encode(), b"M\tller.ipynb"]
    for name in names:
        write_notebook(tmp_path / os.fsdecode(name), RIGHT)
    submissions, rows, _ = read_folder(tmp_path)
    assert (len(submissions), rows) == (len(names), [])
    assert {r"M\x81ller.ipynb", r"M\x94ller.ipynb", r"M\\x81ller.ipynb"} < set(submissions)
    assert all(name.isprintable() for name in submissions)


CELLS = {
    "alias": "%alias show echo",
    "alias_magic": "%alias_magic t time",
    "autoreload": "%load_ext autoreload\n%autoreload 2",
    "bookmark": "%bookmark here",
    "cat": "%cat /etc/hostname",
    "cd": "%cd .",
    "code_wrap": "%code_wrap --list",
    "conda": None,
    "config": "%config InlineBackend.figure_format = 'retina'",
    "debug": None,
    "edit": None,
    "env": "%env COLOUR=red",
    "exit": None,
    "less": "%less /etc/passwd",
    "load": "%load /etc/hostname",
    "logstart": "%logstart -q",
    "man": "%man ls",
    "matplotlib": "%matplotlib inline",
    "micromamba": None,
    "mamba": None,
    "more": "%more /etc/passwd",
    "notebook": "%notebook out.ipynb",
    "pastebin": None,
    "pfile": "import os\n%pfile os",
    "pip": "%pip --version",
    "psearch": "%psearch os*",
    "qtconsole": None,
    "quit": None,
    "reset": "%reset -f",
    "reset_selective": "%reset_selective -f nothing",
    "run": "%%writefile other.py\n1",
    "set_env": "%set_env COLOUR red",
    "store": "%load_ext storemagic\n%store",
    "sx": "%sx ls",
    "system": "%system ls",
    "timeit": "%timeit -n1 -r1 1",
    "uv": None,
}
"""A use of each magic that means nothing when it stands alone; None: it waits, leaves or calls."""
MORE_CELLS = [
    "!ls",
    "files = !ls\nfiles[0]",
    "print?",
    "In[1], _",
    "a b",
    "1 / 0",
    "import asyncio\nawait asyncio.sleep(0)",
    "asyncio.get_running_loop()",
    "await asyncio.create_task(asyncio.sleep(0))",
    "asyncio.run(asyncio.sleep(0))",
    "from IPython.display import clear_output, display\ndisplay(1, display_id='a').update(2)",
    "clear_output(wait=True)",
    "get_ipython().kernel",
    "%run other.py",
    "%matplotlib nonsense",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "assert 'inline' in plt.get_backend()",
]


@pytest.mark.nightly
def test_what_works_in_a_kernel_works_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each magic that a kernel knows, and what else is no Python, in a real kernel and in ours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    manager, kernel = start_new_kernel()
    try:
        ask = "{kind: [*names] for kind, names in get_ipython().magics_manager.magics.items()}"
        reply = kernel.execute_interactive("", user_expressions={"magics": ask})
        known = literal_eval(reply["content"]["user_expressions"]["magics"]["data"]["text/plain"])
        cells = [
            f"%%{name}\n1" if kind == "cell" and name not in known["line"] else f"%{name}"
            for kind in ("line", "cell")
            for name in known[kind]
            if name not in CELLS
        ]
        cells += [cell for cell in CELLS.values() if cell] + MORE_CELLS
        replies = [
            kernel.execute_interactive(
                cell, allow_stdin=False, output_hook=lambda _: None, timeout=60
            )
            for cell in cells
        ]
    finally:
        kernel.stop_channels()
        manager.shutdown_kernel(now=True)
    expected = [
        number
        for number, reply in enumerate(replies, start=1)
        if reply["content"]["status"] != "ok"
    ]
    assert len(cells) > 100
    result = judge.judge(cells, Limits(seconds=120), CAN_ISOLATE)
    assert [cells[number - 1] for number in result.failed if number not in expected] == []
    assert result.end == judge.NO_ANSWER


@pytest.mark.ci
def test_class_of_which_half_is_hostile(tmp_path: Path) -> None:
    folder, out = tmp_path / "handed in", tmp_path / "table.csv"
    write_notebook(folder / "anna" / "02.ipynb", IMPORT, RIGHT, 'check("2.3", ...)')
    write_notebook(folder / "zoë" / "02.ipynb", IMPORT, RIGHT, 'check("2.3", ...)')
    write_notebook(folder / "loop.ipynb", IMPORT, RIGHT, "while True: pass")
    write_notebook(folder / "exit.ipynb", IMPORT, RIGHT, "import os; os._exit(0)")
    write_notebook(folder / "=cmd.ipynb", IMPORT, RIGHT, "1 / 0")
    write_notebook(folder / "silent.ipynb", IMPORT)
    (folder / "junk.ipynb").write_text("{")
    (folder / ".DS_Store").touch()

    command = [sys.executable, "-m", "tools.grade", folder, "--out", out]
    command += ["--minutes", "0.2", "--memory", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert run.returncode == 1
    assert "anna/02.ipynb" in run.stdout
    assert "1 of 2 right; not attempted: 2.3" in run.stdout
    assert ".DS_Store: left out" in run.stdout
    assert "4 of 7 files were not judged to their end" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    with open(out, newline="", encoding="utf-8-sig") as file:
        rows = {row["notebook"]: row for row in csv.DictReader(file)}
    columns = itemgetter("end", "right", "failed_cells", "exercise 2.2", "exercise 2.3")
    assert {name: columns(row) for name, row in rows.items()} == {
        "anna/02.ipynb": ("finished", "1", "", "right", "not attempted"),
        "zoë/02.ipynb": ("finished", "1", "", "right", "not attempted"),
        "loop.ipynb": ("stopped after 12 s", "1", "", "right", ""),
        "exit.ipynb": (EARLY, "1", "", "right", ""),
        "./=cmd.ipynb": ("finished", "1", "3", "right", ""),
        "silent.ipynb": (judge.NO_ANSWER, "0", "", "", ""),
        "junk.ipynb": ("not read: no notebook of format 4", "0", "", "", ""),
    }
    columns = [f"exercise {name}" for name in exercise_names()]
    assert list(rows["anna/02.ipynb"])[-len(columns) :] == columns


def test_bad_arguments(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    for arguments, says in [
        (["no/such/folder"], "There is no notebook in no/such/folder"),
        ([".", "--points", "no/such/file"], "No such file or directory: 'no/such/file'"),
        ([".", "--minutes", "0"], "--minutes is 0"),
        ([".", "--memory", "-1"], "--memory is -1"),
    ]:
        assert main([*arguments, "--out", str(tmp_path / "table.csv")]) == 2
        assert says in capsys.readouterr().err


def test_judge_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="its judge failed: exit code 1"):
        judge.judge_apart([], SMALL, CAN_ISOLATE)
