"""What a student did is kept: through restarts, kills, damage, and beside a second notebook."""

from collections.abc import Callable, Iterator
import os
from pathlib import Path
import shutil
import subprocess
import sys

from course_utils import check, guess, hint
from course_utils.exercises import notes
from course_utils.exercises.check import exercise_names, hand_answers_to, verdict
from course_utils.exercises.notes import VARIABLE, Note, all_notes, note, noted
from jupyter_client import KernelManager
import pytest

from tools.paths import ROOT

Execute = Callable[[str], tuple[str, list[dict]]]


def python(code: str, folder: Path) -> str:
    """Run code in a new process in a folder, as a notebook's kernel would; return its output."""
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-c", code]
    return subprocess.check_output(command, cwd=folder, env=environment, text=True)


def test_notes_lie_beside_the_notebook_and_outlive_the_process(tmp_path: Path) -> None:
    """Also where a cell has changed the folder."""
    (tmp_path / "elsewhere").mkdir()
    away = "import os; os.chdir('elsewhere')\n"
    start = "from course_utils import check, guess, hint\n"
    python(f"{start}{away}guess('2.1', -3); check('2.2', 1407); hint('2.4')", tmp_path)
    (left,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == tmp_path / ".course_notes.jsonl"
    told = python(f"{start}from course_utils import truth\nhint('2.4'); truth('2.1', -9)", tmp_path)
    assert "2.4, hint 2 of 3" in told
    assert "-3 (power of ten)" in told


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Callable[[], tuple[KernelManager, Execute]]]:
    """Return a function that starts a kernel in one and the same folder."""
    managers = []

    def start() -> tuple[KernelManager, Execute]:
        manager = KernelManager(kernel_name="python3")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment.pop(VARIABLE)
        manager.start_kernel(cwd=str(tmp_path), env=environment)
        managers.append(manager)
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=60)

        def execute(code: str) -> tuple[str, list[dict]]:
            shown = []

            def keep(message: dict) -> None:
                content = message["content"]
                shown.append(content.get("text") or content.get("data", {}).get("text/plain", ""))

            reply = client.execute_interactive(code, output_hook=keep, timeout=60)["content"]
            assert reply["status"] == "ok", reply
            return "".join(shown), reply["payload"]

        return manager, execute

    yield start
    for manager in managers:
        manager.shutdown_kernel(now=True)


def test_kernel_is_killed_between_guess_and_truth(
    kernel: Callable[[], tuple[KernelManager, Execute]], tmp_path: Path
) -> None:
    """And a solution comes in a cell of its own, after an attempt that an earlier kernel saw."""
    manager, execute = kernel()
    execute("from course_utils import *\nguess('2.1', -3)\ncheck('2.2', 7)")
    assert execute("solution('2.1')")[1] == []
    manager.shutdown_kernel(now=True)
    _, execute = kernel()
    told, _ = execute("from course_utils import *\ntruth('2.1', -9)")
    assert "-3 (power of ten)" in told
    assert "-9 (power of ten)" in told
    _, (cell,) = execute("solution('2.2')")
    assert cell["source"] == "set_next_input"
    assert not cell["replace"]
    scope = {"np": __import__("numpy"), "check": lambda *answer: scope.update(answer=answer)}
    exec(cell["text"], scope)
    assert scope["answer"] == ("2.2", 1407)


def test_two_notebooks_at_once_lose_nothing(path: Path) -> None:
    """Four processes that write as fast as they can: each note is there, and whole."""
    code = "from course_utils.exercises.notes import note, KINDS; import sys\n"
    code += "for number in range(150): note('try', sys.argv[1], number)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(name)], env=environment)
        for name in range(4)
    ]
    assert [writer.wait() for writer in writers] == [0] * 4
    for name in range(4):
        assert noted("try", str(name)) == list(range(150))
    assert list(path.parent.iterdir()) == [path]


def test_same_note_is_kept_once(path: Path) -> None:
    """Who runs a notebook every day does not fill the disk."""
    for _ in range(9):
        note("check", "2.2", False)
        note("guess", "2.1", 3)
    assert all_notes() == [Note("check", "2.2", False), Note("guess", "2.1", 3)]


DAMAGED = [
    b'["check", "2.1", tr',
    b"\x00\xff\x80 no text",
    b'{"check": true}',
    b'["check", "2.1", "yes"]',
    b'["guess", 2, 3]',
    b'[["guess"], "2.1", 3]',
    b'["check", "2.1"]',
    b'["another kind", "2.1", 1]',
    b"[" * 100_000,
    b"null",
    b'["try", "m", true]',
    b'["try", "m", 5001]',
    b'["try", "m", -1]',
    b'["hint", "1.1", -9]',
    b'["hint", "1.1", 0]',
    b'["hint", "1.1", 4]',
    b'["guess", "2.1", false]',
    b'["truth", "2.1", NaN]',
    b'["guess", "2.1", -Infinity]',
    b'["guess", "2.1", 1e999]',
    b'["truth", "2.1", ' + b"9" * 400 + b"]",
]


@pytest.mark.parametrize("line", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_file_costs_one_line_and_gets_one_sentence(
    line: bytes, path: Path, capsys: pytest.CaptureFixture
) -> None:
    note("check", "2.2", True)
    path.write_bytes(path.read_bytes() + b"\n" + line)
    content = path.read_bytes()
    note("check", "2.3", True)
    assert all_notes() == [Note("check", "2.2", True), Note("check", "2.3", True)]
    (aside,) = set(path.parent.iterdir()) - {path}
    assert aside.read_bytes() == content
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "1 of its lines cannot be read. The other 1 count on" in said
    assert aside.name in said


def test_line_that_a_kill_cut_off_does_not_spoil_the_next(path: Path) -> None:
    note("check", "2.2", True)
    path.write_bytes(path.read_bytes() + b'\n["check", "2.3", t')
    notes._append(path, [Note("check", "2.4", True)])
    assert all_notes() == [Note("check", "2.2", True), Note("check", "2.4", True)]


def test_without_a_place_to_write_all_works_after_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """The folder is no folder: so even root cannot write into it."""
    (tmp_path / "file").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file" / "notes.jsonl"))
    monkeypatch.setattr(notes, "_said", set())
    monkeypatch.setattr(notes, "_in_memory", [])
    guess("2.1", -3)
    hint("2.4")
    hint("2.4")
    said = capsys.readouterr().out
    assert said.count("Your notes cannot be kept in") == 1
    assert "(Not a directory): all works, but is forgotten when the kernel stops." in said
    assert "2.4, hint 2 of 3" in said
    assert noted("guess", "2.1") == [-3]


def test_only_attempts_leave_a_note(path: Path, capsys: pytest.CaptureFixture) -> None:
    """An untouched exercise leaves none, nor one that is handed in or judged by the grading."""
    handed = []
    for name in exercise_names():
        check(name, ...)
    hand_answers_to(lambda *answer: handed.append(answer))
    try:
        check("2.2", 1407)
    finally:
        hand_answers_to(None)
    verdict("2.2", 1407)
    assert handed == [("2.2", 1407)]
    assert not path.exists()
    check("2.2", 1)
    check("2.2", 1407)
    assert noted("check", "2.2") == [False, True]


def test_runs_that_are_stored_or_compared_keep_no_notes(tmp_path: Path) -> None:
    """With the variable empty, as `make test` and `make outputs` set it."""
    assert os.environ[VARIABLE] == ""
    code = "from course_utils import *\nguess('2.1', -3); check('2.2', 7); truth('2.1', -9)"
    (tmp_path / ".course_notes.jsonl").write_text('["guess", "2.1", -4]')
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    told = subprocess.check_output(command, cwd=tmp_path, env=environment, text=True)
    assert "-3 (power of ten)" in told
    assert [path.name for path in tmp_path.iterdir()] == [".course_notes.jsonl"]
    assert (tmp_path / ".course_notes.jsonl").read_text() == '["guess", "2.1", -4]'


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_git_leaves_notes_and_copies_alone(tmp_path: Path) -> None:
    names = ["notebooks/.course_notes.jsonl", "notebooks/.course_notes.damaged-1a.jsonl"]
    names += ["work/01_data_and_embeddings.ipynb", "work/.course_notes.jsonl"]
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    command = ["git", "check-ignore", *names]
    assert subprocess.check_output(command, cwd=tmp_path, text=True).split() == names
