"""Whatever breaks below the kit, nothing is lost, no result is wrong, and one sentence says so.

The faults are real: a full disk is a small file system, a read-only home is mounted so, a network
that is gone is a namespace without one, and a killed process is killed by the kernel in the middle
of its write. Linux lets an ordinary user set these up; elsewhere the tests are skipped.
"""

from collections.abc import Callable
import hashlib
import os
from pathlib import Path
import pickle
import shutil
import signal
import subprocess
import sys
import time
import zipfile

from course_utils import cache, imdb, load_imdb
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
import numpy as np
import pytest

from tests.test_imdb import PUBLISHED_IDS

ROOT = Path(__file__).parent.parent
FILES = (imdb.REVIEWS_FILE, imdb.WORD_INDEX_FILE)
PRINT_HASH = """
import hashlib, sys, time, numpy
from pathlib import Path
from course_utils import load_imdb, rebuild
files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
rebuild.rebuild = lambda: files
time.sleep(max(0, float(sys.argv[2]) - time.time()))
print(hashlib.sha256(numpy.concatenate(load_imdb(5000)[0]).tobytes()).hexdigest())
"""
"""Its arguments: a folder with the right files, which take the place of a rebuild, and a time."""
STRANGE_FOLDER = "Übung 1 – für Zoë"

NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount", "--net"]
needs_namespaces = pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode != 0,
    reason="this system does not let a process have a file system and a network of its own",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty cache folder."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(folder))
    return folder


def reviews_are_right() -> bool:
    ids = np.concatenate(load_imdb(num_words=5000)[0])
    return hashlib.sha256(ids.astype("<i4").tobytes()).hexdigest() == PUBLISHED_IDS


def run(
    code: str, *arguments: str, before: str = "", **environment: str
) -> subprocess.CompletedProcess:
    """Run Python code in a namespace of its own; before: shell commands that break something."""
    broken = [*NAMESPACE, "sh", "-ec", f'{before}\nexec "$@"', "sh"]
    return subprocess.run(
        [*broken, sys.executable, "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


# Disk and network


@needs_namespaces
def test_disk_that_is_full(whole_cache: Path, folder: Path) -> None:
    """8 MB are left, 24 MB are wanted."""
    full = run(
        PRINT_HASH + "import os; print(os.listdir(sys.argv[3]), file=sys.stderr)",
        str(whole_cache),
        "0",
        str(folder),
        before=f"mount -t tmpfs -o size=8m tmpfs '{folder}'",
    )
    assert full.stdout.strip() == PUBLISHED_IDS
    assert "cannot be written (No space left on device)" in full.stderr
    assert "Set COURSE_UTILS_CACHE to a folder that you can write to." in full.stderr
    left = full.stderr.splitlines()[-1]
    assert left == f"['{imdb.WORD_INDEX_FILE.name}']"


@needs_namespaces
def test_home_that_is_read_only(whole_cache: Path, tmp_path: Path) -> None:
    home = tmp_path / STRANGE_FOLDER
    home.mkdir()
    read_only = run(
        PRINT_HASH,
        str(whole_cache),
        "0",
        before=f"mount --bind '{home}' '{home}'; mount -o remount,bind,ro '{home}'",
        HOME=str(home),
        COURSE_UTILS_CACHE="",
        XDG_CACHE_HOME="",
    )
    assert read_only.stdout.strip() == PUBLISHED_IDS
    assert "cannot be written (Read-only file system): all works" in read_only.stderr
    assert list(home.iterdir()) == []


@needs_namespaces
def test_shared_cache_that_is_read_only(whole_cache: Path, folder: Path) -> None:
    """A class reads one folder that no student can write to, and hears nothing of it."""
    shared = run(
        PRINT_HASH,
        str(folder),
        "0",
        before='mount --bind "$COURSE_UTILS_CACHE" "$COURSE_UTILS_CACHE"\n'
        'mount -o remount,bind,ro "$COURSE_UTILS_CACHE"',
        COURSE_UTILS_CACHE=str(whole_cache),
    )
    assert shared.stdout.strip() == PUBLISHED_IDS
    assert shared.stderr == ""


@needs_namespaces
def test_works_without_a_network(folder: Path, tmp_path: Path) -> None:
    """From the text to the cache, and from the notebooks to the students' copies."""
    code = (
        "import sys, pathlib\n"
        "from course_utils import load_imdb, student\n"
        "print(len(load_imdb()[0]))\n"
        "print(len(student.write_student_copies(pathlib.Path(sys.argv[1]))))\n"
    )
    offline = run(code, str(tmp_path / "copies"))
    assert (offline.stdout.split(), offline.stderr) == (["25000", "4"], "")


@pytest.mark.nightly
@needs_namespaces
def test_only_the_download_needs_a_network(tmp_path: Path) -> None:
    code = "from course_utils import load_imdb_test; load_imdb_test()"
    offline = run(code, KERAS_HOME=str(tmp_path))
    assert offline.returncode == 1
    sentence = offline.stderr.splitlines()[-1]
    assert sentence.startswith("ConnectionError: ")
    assert "connect to the internet and call again, or copy imdb.npz" in sentence


@needs_namespaces
def test_setup_asks_no_index_once_it_is_done(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    lock = (tmp_path / "requirements.lock").read_text()
    (tmp_path / ".venv/installed").write_text(f"{tmp_path.resolve()}\n{lock}")
    again = subprocess.run(
        [*NAMESPACE, "sh", "tools/setup.sh"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.nightly
@needs_namespaces
def test_setup_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    first = subprocess.run(
        [*NAMESPACE, "sh", "tools/setup.sh"],
        cwd=tmp_path,
        env={**os.environ, "PIP_RETRIES": "0", "PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert first.returncode == 1
    assert first.stderr.endswith(
        "Once the package index can be reached, run the same command again.\n"
    )
    assert not (tmp_path / ".venv/installed").exists()


# Hostile files in the cache


class Exploit:
    """Unpickling this leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple:
        return Path.touch, (self.trace,)


def pickled(path: Path, trace: Path) -> None:
    path.write_bytes(pickle.dumps(Exploit(trace)))


def object_array(path: Path, trace: Path) -> None:
    with open(path, "wb") as file:
        np.save(file, np.array([Exploit(trace)], dtype=object))


def zip_bomb(path: Path, trace: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("x_train.npy", bytes(300 * 2**20))


def wrong_shapes(path: Path, trace: Path) -> None:
    """As large as the right file, and numbers, too: 25,000 lengths of 2**31 - 1."""
    path.write_bytes(np.full(imdb.REVIEWS_FILE.size // 4, 2**31 - 1, "<i4").tobytes())


def larger_than_memory(path: Path, trace: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(2**42)


def endless(path: Path, trace: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe_without_a_writer(path: Path, trace: Path) -> None:
    os.mkfifo(path)


def link_to_itself(path: Path, trace: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    "plant",
    [
        pickled,
        object_array,
        zip_bomb,
        wrong_shapes,
        larger_than_memory,
        endless,
        pipe_without_a_writer,
        link_to_itself,
    ],
)
@pytest.mark.usefixtures("quick_rebuild")
def test_hostile_file_in_the_cache(
    plant: Callable[[Path, Path], None], folder: Path, whole_cache: Path, tmp_path: Path
) -> None:
    path, trace = folder / imdb.REVIEWS_FILE.name, tmp_path / "trace"
    plant(path, trace)
    started = time.monotonic()
    with pytest.warns(UserWarning, match="is not usable .* made again from the text"):
        assert reviews_are_right()
    assert time.monotonic() - started < 10
    assert not trace.exists()
    assert not path.is_symlink()
    assert path.read_bytes() == (whole_cache / path.name).read_bytes()


@pytest.mark.usefixtures("quick_rebuild")
def test_folder_in_the_place_of_a_cached_file(folder: Path) -> None:
    (folder / imdb.REVIEWS_FILE.name / "mine").mkdir(parents=True)
    with pytest.warns(UserWarning, match=r"it is no file|cannot be written \(Is a directory\)"):
        assert reviews_are_right()
    assert (folder / imdb.REVIEWS_FILE.name / "mine").is_dir()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_flipped_bit_is_noticed(file: cache.CachedFile, whole_cache: Path) -> None:
    content = bytearray((whole_cache / file.name).read_bytes())
    assert file.problem_with(content) is None
    places = np.random.default_rng(2026).integers(0, 8 * file.size, 40)
    for place in [0, 8 * file.size - 1, *places.tolist()]:
        content[place // 8] ^= 1 << place % 8
        assert file.problem_with(content) is not None, place
        content[place // 8] ^= 1 << place % 8


# Many at once, and killed in the middle


def test_ten_processes_build_the_cache_at_once(whole_cache: Path, tmp_path: Path) -> None:
    """All start to load in the same moment, and the last step of a rebuild is their race."""
    empty = tmp_path / "new"
    arguments = str(whole_cache), str(time.time() + 4)
    command = [sys.executable, "-W", "error", "-c", PRINT_HASH, *arguments]
    environment = {**os.environ, "COURSE_UTILS_CACHE": str(empty)}
    builders = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(10)
    ]
    printed = [builder.communicate()[0].decode().strip() for builder in builders]
    assert printed == [PUBLISHED_IDS] * 10
    assert sorted(path.name for path in empty.iterdir()) == sorted(file.name for file in FILES)


KILLED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
"""
"""A process that the kernel kills as soon as a file of its own grows larger than so many bytes."""


def kill_while_writing(code: str, most_bytes: int, *arguments: object) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED + code, str(most_bytes), *map(str, arguments)],
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGXFSZ, killed.stderr


WRITE_CACHE = """
from pathlib import Path
from course_utils import cache, imdb
file = {"imdb_train.int32": imdb.REVIEWS_FILE}.get(sys.argv[3], imdb.WORD_INDEX_FILE)
cache.write(file, Path(sys.argv[2], sys.argv[3]).read_bytes())
"""


@pytest.mark.parametrize("name", [file.name for file in FILES])
@pytest.mark.parametrize("written", [0, 1_000_001])
@pytest.mark.usefixtures("quick_rebuild")
def test_killed_while_writing_the_cache(
    name: str,
    written: int,
    whole_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was there stays, or nothing is there; a part that was left hurts nobody."""
    other = tmp_path / "other"
    monkeypatch.setenv("COURSE_UTILS_CACHE", str(other))
    kill_while_writing(WRITE_CACHE, written, whole_cache, name)
    assert not (other / name).exists()
    (other / name).write_bytes(b"old")
    kill_while_writing(WRITE_CACHE, written, whole_cache, name)
    assert (other / name).read_bytes() == b"old"
    (other / name).unlink()
    assert reviews_are_right()
    assert (other / imdb.REVIEWS_FILE.name).read_bytes() == (
        whole_cache / imdb.REVIEWS_FILE.name
    ).read_bytes()


WRITERS = {
    "notebook": (
        "import nbformat\n"
        "from pathlib import Path\n"
        "from course_utils.execute import write_notebook\n"
        "write_notebook(nbformat.read(sys.argv[2], 4), Path(sys.argv[3]))"
    ),
    "sweep": (
        "from pathlib import Path\nfrom course_utils import sweep\n"
        "sweep.write(Path(sys.argv[3]), [sweep.Row('lstm', 'mask', *range(11))] * 500)"
    ),
    "table of submissions": (
        "from pathlib import Path\nfrom course_utils import grading\n"
        "grading.write(Path(sys.argv[3]), [grading.not_judged('a', 'b')] * 500)"
    ),
}


@pytest.mark.parametrize("what", WRITERS)
def test_killed_while_writing(what: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("precious")
    source = ROOT / "notebooks/01_data_and_embeddings.ipynb"
    kill_while_writing(WRITERS[what], 3000, source, path)
    assert path.read_text() == "precious"


def test_kernel_that_is_killed(tmp_path: Path) -> None:
    """Too little memory ends so on Linux: SIGKILL, without a word."""
    import asyncio

    from course_utils import execute

    killing = new_code_cell("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    path = tmp_path / "01_lesson.ipynb"
    nbformat.write(new_notebook(cells=[killing]), path)
    with pytest.raises(execute.NotebookError, match=r"01_lesson.ipynb: its Python process died"):
        asyncio.run(execute.execute(path, lambda line: None))


# Places and languages


IN_ANY_LANGUAGE = """
import asyncio, hashlib, locale, sys
from pathlib import Path
import nbformat
from course_utils import execute, load_imdb, get_word_index, encode_review, student
from course_utils.publish import write_index, write_page

folder = Path(sys.argv[1])
load_imdb()
notebook = asyncio.run(execute.execute(folder / "01_lesson.ipynb", lambda line: None))
execute.normalize(notebook, "01_lesson.ipynb")
execute.write_notebook(notebook, folder / "stored.ipynb")
write_page(notebook, folder / "page.html")
write_index({"page.html": "1 \\u00b7 \\u00dcbung"}, folder / "index.html")
student.write_student_copies(folder / "student")
print(encode_review("D\\u00e9j\\u00e0 vu: a caf\\u00e9 \\u2013 GREAT I").tolist())
print(locale.getpreferredencoding())
"""
LESSON = [
    new_markdown_cell("# 1 · Übung für Zoë"),
    new_code_cell("import time\nprint('schön', time.tzname[0] != '')"),
]


def made_in(folder: Path, **environment: str) -> tuple[list[str], dict[str, str]]:
    """Do a bit of everything in a folder; gives the printed lines and the hash of each file."""
    folder.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=LESSON), folder / "01_lesson.ipynb")
    done = subprocess.run(
        [sys.executable, "-c", IN_ANY_LANGUAGE, str(folder)],
        env={**os.environ, "COURSE_UTILS_CACHE": str(folder / "cache"), **environment},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    hashes = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.*"))
        if path.name != "01_lesson.ipynb"
    }
    return done.stdout.decode().splitlines(), hashes


@pytest.mark.nightly
def test_every_place_language_and_time_zone_gives_the_same_files(
    whole_cache: Path, tmp_path: Path
) -> None:
    """ASCII is the poorest encoding; Kiritimati is 14 hours ahead, Marquesas 9.5 behind."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    shutil.copytree(whole_cache, tmp_path / "plain" / "cache")
    ids, files = made_in(tmp_path / "plain", LC_ALL="C.UTF-8", TZ="Pacific/Marquesas")
    assert ids[1].lower() == "utf-8"
    assert len(files) > 8
    other_ids, other_files = made_in(
        tmp_path / STRANGE_FOLDER, **ascii_only, TZ="Pacific/Kiritimati"
    )
    assert other_ids[1] == "ANSI_X3.4-1968"
    assert other_ids[0] == ids[0]
    assert other_files == files
