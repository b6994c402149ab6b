"""Whatever breaks below the kit, nothing is lost, no result is wrong, and one sentence says so.

The faults are real: a full disk is a small file system, a read-only home is mounted so, a network
that is gone is a namespace without one, and a killed process is killed by the kernel in the middle
of its write. Linux lets an ordinary user set these up; elsewhere the tests are skipped.
"""

from collections.abc import Callable
import hashlib
import os
from pathlib import Path
import shutil
import subprocess
import sys
import time

from course_utils import load_imdb
from course_utils.source import keras_files
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
import numpy as np
import pytest

from tools.paths import ROOT

PUBLISHED_IDS = "42d5691fa10f29587dee2648231eee7078113e75fc78e4ee405f8d339faa73b2"
"""Of all ids below 5000, as in test_imdb.py."""
REVIEWS, WORD_INDEX = keras_files.REVIEWS.name, keras_files.WORD_INDEX.name
STRANGE_FOLDER = "Übung 1 – für Zoë"

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount", "--net"]
needs_namespaces = pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode != 0,
    reason="this system does not let a process have a file system and a network of its own",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache folder."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(folder))
    return folder


def reviews_are_right() -> bool:
    ids = np.concatenate(load_imdb(num_words=5000)[0])
    return hashlib.sha256(ids.astype("<i4").tobytes()).hexdigest() == PUBLISHED_IDS


def run(
    *command: object, before: str = "", folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess:
    """Run a command in a namespace of its own; before: shell commands that break something."""
    return subprocess.run(
        [*NAMESPACE, "sh", "-ec", f'{before}\nexec "$@"', "sh", *map(str, command)],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def read_only(folder: Path) -> str:
    return f"mount --bind '{folder}' '{folder}'; mount -o remount,bind,ro '{folder}'"


# Disk and network

PRINT_HASH = """
import hashlib, sys, numpy
from course_utils import load_imdb
print(hashlib.sha256(numpy.concatenate(load_imdb(5000)[0]).tobytes()).hexdigest())
"""
QUICK_REBUILD = """
import os, sys
from pathlib import Path
from course_utils.source import rebuild
files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
rebuild.rebuild = lambda: files
"""
"""Its argument: a folder with the right files."""


@needs_namespaces
def test_disk_that_is_full(whole_cache: Path, folder: Path) -> None:
    """8 MB are left, 24 MB are wanted."""
    code = QUICK_REBUILD + PRINT_HASH + "print(*os.listdir(sys.argv[2]))"
    small = f"mount -t tmpfs -o size=8m tmpfs '{folder}'"
    full = run(sys.executable, "-c", code, whole_cache, folder, before=small)
    assert full.stdout.split() == [PUBLISHED_IDS, WORD_INDEX]
    assert "cannot be written (No space left on device)" in full.stderr
    assert "Set COURSE_UTILS_CACHE to a folder that you can write to." in full.stderr


@needs_namespaces
def test_home_that_is_read_only_without_a_network(tmp_path: Path) -> None:
    """From the text to the numbers, and from the notebooks to the students' copies."""
    home = tmp_path / STRANGE_FOLDER
    home.mkdir()
    places = {"HOME": str(home), "COURSE_UTILS_CACHE": "", "XDG_CACHE_HOME": ""}
    students = (
        "from pathlib import Path\n"
        "from tools.publish.student_copies import write_student_copies\n"
        "print(len(write_student_copies(Path(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", PRINT_HASH + students, tmp_path / "copies"]
    offline = run(*command, before=read_only(home), **places)
    assert offline.stdout.split()[-2:] == [PUBLISHED_IDS, "4"]
    assert "cannot be written (Read-only file system): all works" in offline.stderr
    assert offline.stderr.count("Warning") == 1
    assert list(home.iterdir()) == []


@needs_namespaces
def test_shared_cache_that_is_read_only(whole_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class reads one folder that no student can write to, and hears nothing of it."""
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(whole_cache))
    shared = run(sys.executable, "-c", PRINT_HASH, before=read_only(whole_cache))
    assert (shared.stdout.strip(), shared.stderr) == (PUBLISHED_IDS, "")


@pytest.mark.nightly
@needs_namespaces
def test_setup_without_an_index(tmp_path: Path) -> None:
    """It says what to do, and asks no index once it is done."""
    lock = Path(shutil.copy(ROOT / "requirements.lock", tmp_path)).read_text()
    setup = "sh", ROOT / "tools/setup.sh"
    first = run(*setup, folder=tmp_path, PIP_RETRIES="0", PYTHON=sys.executable)
    assert first.returncode == 1
    advice = "Once the package index can be reached and has these packages, run the same command"
    assert advice in first.stderr
    assert not (tmp_path / ".venv").exists()
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / ".venv/installed").write_text(f"{tmp_path.resolve()}\n{lock}")
    again = run(*setup, folder=tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


# Hostile files in the cache


def larger_than_memory(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**42)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("plant", [larger_than_memory, endless, os.mkfifo, link_to_itself])
@pytest.mark.usefixtures("quick_rebuild")
def test_hostile_file_in_the_cache(
    plant: Callable[[Path], None], folder: Path, whole_cache: Path
) -> None:
    """Nothing waits for it, and nobody reads it to its end."""
    path = folder / REVIEWS
    plant(path)
    started = time.monotonic()
    with pytest.warns(UserWarning, match="is not usable .* made again from the text"):
        assert reviews_are_right()
    assert time.monotonic() - started < 10
    assert not path.is_symlink()
    assert path.read_bytes() == (whole_cache / REVIEWS).read_bytes()


@pytest.mark.usefixtures("quick_rebuild")
def test_folder_in_the_place_of_a_cached_file(folder: Path) -> None:
    (folder / REVIEWS / "mine").mkdir(parents=True)
    with pytest.warns(UserWarning, match=r"it is no file|cannot be written \(Is a directory\)"):
        assert reviews_are_right()
    assert (folder / REVIEWS / "mine").is_dir()


# Many at once, and killed in the middle


def test_processes_build_the_cache_at_once(whole_cache: Path, tmp_path: Path) -> None:
    """All load in the same moment, when their input ends; the last step of a rebuild is a race."""
    empty = tmp_path / "new"
    wait = "import course_utils.imdb; print('ready', flush=True); sys.stdin.read()"
    code = QUICK_REBUILD + wait + PRINT_HASH
    command = [sys.executable, "-W", "error", "-c", code, str(whole_cache)]
    environment = {**os.environ, "COURSE_UTILS_CACHE": str(empty)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    builders = [subprocess.Popen(command, env=environment, **pipes) for _ in range(5)]
    assert [builder.stdout.readline() for builder in builders] == ["ready\n"] * 5
    for builder in builders:
        builder.stdin.close()
    assert [builder.stdout.read().strip() for builder in builders] == [PUBLISHED_IDS] * 5
    assert [builder.wait() for builder in builders] == [0] * 5
    assert {path.name for path in empty.iterdir()} == {REVIEWS, WORD_INDEX}


KILL_WHILE_WRITING = """
import os, resource, signal, sys
from pathlib import Path
from course_utils.recorded import Epoch
from course_utils.source import keras_files, trusted
import nbformat
from tools.grade import table as grades
from tools.paths import notebooks
from tools.publish.run import write_notebook
from tools.sweep import table as sweep

notebook = nbformat.read(notebooks()[0], 4)
content = Path(sys.argv[1], keras_files.REVIEWS.name).read_bytes()
writers = {
    "notebook": lambda path: write_notebook(notebook, path),
    "sweep": lambda path: sweep.write(path, [Epoch("lstm", "mask", *range(11))] * 500),
    "grades": lambda path: grades.write(path, [grades.not_judged("a", "b")] * 500),
    keras_files.REVIEWS.name: lambda path: trusted.write(keras_files.REVIEWS, content),
}
for name, write in writers.items():
    path = Path(os.environ["COURSE_UTILS_CACHE"], name)
    path.write_text("old")
    if child := os.fork():
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == -signal.SIGXFSZ, (path, status)
        assert path.read_text() == "old", path
    else:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, -1))
        write(path)
        os._exit(0)
"""
"""The kernel kills each writer as soon as a file of its own grows larger than 3000 bytes."""


@pytest.mark.usefixtures("quick_rebuild")
def test_killed_while_writing(whole_cache: Path, folder: Path) -> None:
    """What was there stays; a part that was left hurts nobody."""
    command = [sys.executable, "-c", KILL_WHILE_WRITING, str(whole_cache)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (folder / REVIEWS).unlink()
    assert reviews_are_right()
    assert (folder / REVIEWS).read_bytes() == (whole_cache / REVIEWS).read_bytes()


# Places and languages


IN_ANY_LANGUAGE = """
import asyncio, locale, sys
from pathlib import Path
from course_utils import encode_review, load_imdb
from tools.publish import contents, pages, run, student_copies

lesson, folder = map(Path, sys.argv[1:])
load_imdb()
notebook = asyncio.run(run.run_notebook(lesson, lambda line: None))
run.normalize(notebook, lesson.name)
run.write_notebook(notebook, folder / "stored.ipynb")
pages.write_page(notebook, folder / "page.html")
pages.write_index([contents.lesson_of(folder / "stored.ipynb")], folder / "index.html")
student_copies.write_student_copies(folder / "student")
print(encode_review("D\\u00e9j\\u00e0 vu: a caf\\u00e9 \\u2013 GREAT I").tolist())
print(locale.getpreferredencoding())
"""


@pytest.mark.nightly
def test_every_place_language_and_time_zone_gives_the_same_files(
    whole_cache: Path, tmp_path: Path
) -> None:
    """ASCII is the poorest encoding; Kiritimati is 14 hours ahead, Marquesas 9.5 behind."""
    code = new_code_cell("import time\nprint('schön', time.tzname[0] != '')")
    lesson = tmp_path / "01_lesson.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# 1 · Übung für Zoë"), code]), lesson)
    plain, strange = tmp_path / "plain", tmp_path / STRANGE_FOLDER
    shutil.copytree(whole_cache, plain / "cache")
    strange.mkdir()
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    def made_in(folder: Path, **environment: str) -> tuple[list[str], dict[str, str]]:
        """Do a bit of everything; returns the printed lines and the hash of each file."""
        command = [sys.executable, "-c", IN_ANY_LANGUAGE, lesson, folder]
        environment = {**os.environ, "COURSE_UTILS_CACHE": str(folder / "cache"), **environment}
        printed = subprocess.check_output(command, cwd=ROOT, env=environment, text=True)
        made = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
        return printed.splitlines(), {
            str(name): hashlib.sha256(content).hexdigest() for name, content in made.items()
        }

    (ids, encoding), files = made_in(plain, LC_ALL="C.UTF-8", TZ="Pacific/Marquesas")
    (other_ids, poorest), others = made_in(strange, **ascii_only, TZ="Pacific/Kiritimati")
    assert (encoding.lower(), poorest) == ("utf-8", "ANSI_X3.4-1968")
    assert len(files) > 8
    assert (other_ids, others) == (ids, files)


@pytest.mark.nightly
@needs_namespaces
def test_setup_on_a_full_disk(tmp_path: Path) -> None:
    """The disk has room for an empty environment at most; nothing of it is left."""
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    lock, setup = tmp_path / "requirements.lock", ROOT / "tools/setup.sh"
    small = f"mount -t tmpfs -o size=1m tmpfs '{tmp_path / 'small'}'; cd '{tmp_path / 'small'}'"
    (tmp_path / "small").mkdir()
    shell = f"cp '{lock}' .; sh '{setup}' >&2 || true; ls -A"
    full = run("sh", "-c", shell, before=small, PYTHON=sys.executable)
    assert full.stderr.endswith(
        "The disk is full: make 3 GB free, then run the same command again.\n"
    )
    assert full.stdout == "requirements.lock\n"
