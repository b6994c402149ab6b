"""The project's own files agree with each other."""

from collections import Counter
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tomllib

import nbformat
import pytest
import yaml

from tools import doctor
from tools.paths import ROOT, notebooks

LOCK = (ROOT / "requirements.lock").read_text()
AUDIT_LOCK = (ROOT / "tools/audit.lock").read_text()
TORCH_LOCK = (ROOT / "tools/bench/torch.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SETUP = (ROOT / "tools/setup.sh").read_text()
WORKFLOW = (ROOT / ".github/workflows/ci.yml").read_text()
PYTHONS = yaml.safe_load(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]["python"]


def make(*arguments: str, **variables: str) -> str:
    """Return what make prints."""
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env={**os.environ, **variables}, text=True)


GROUPS, EXTRAS = PROJECT["dependency-groups"], PROJECT["project"]["optional-dependencies"]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (LOCK, PROJECT["project"]["dependencies"] + EXTRAS["tensorflow"] + GROUPS["dev"]),
        (AUDIT_LOCK, GROUPS["audit"]),
        (TORCH_LOCK, GROUPS["bench"]),
    ],
    ids=["requirements.lock", "audit.lock", "torch.lock"],
)
def test_every_requirement_is_locked_with_hashes(lock: str, wanted: list[str]) -> None:
    """A lock names no index: everyone takes their own."""
    _, *locked = re.split(r"\n(?=[a-z0-9])", lock)
    for requirement in wanted:
        name = re.match(r"[\w-]+", requirement).group().replace("_", "-")
        assert any(entry.startswith(f"{name}==") for entry in locked), name
    assert [entry for entry in locked if "--hash=sha256:" not in entry] == []
    assert "://" not in lock


def test_whatever_make_installs_is_locked() -> None:
    """With hashes: into .venv, and into the environment that `make audit` looks things up with."""
    *installs, lookup = make("--dry-run", "--old-file=setup", "audit").splitlines()
    assert lookup.startswith("build/audit/bin/pip-audit")
    words = re.findall(r"(\S+) -r \S+\.lock", "\n".join([SETUP, *installs]))
    assert words == ["--require-hashes"] * 4


def test_tensorflow_that_is_there_is_left_alone() -> None:
    """`pip install .` beside one for GPUs would put the CPU's files over it: it is an extra."""
    assert [name for name in PROJECT["project"]["dependencies"] if "tensorflow" in name] == []
    assert {re.match(r"[\w-]+", line)[0] for line in EXTRAS["tensorflow"]} == {
        "tensorflow",
        "tensorflow-cpu",
    }


def test_workflow_runs_only_what_was_read() -> None:
    """An action's tag can be moved, its digest cannot; and no step finds the token in the clone."""
    jobs = yaml.safe_load(WORKFLOW)["jobs"].values()
    steps = [step for job in jobs for step in job["steps"] if "uses" in step]
    assert len(steps) == 5
    for step in steps:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"])
        if "checkout" in step["uses"]:
            assert step["with"]["persist-credentials"] is False


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_checkout_ends_lines_as_a_shell_and_a_hash_need_them(tmp_path: Path) -> None:
    """Also where Git is set to write lines that end as on Windows."""
    names = [
        ".ci/run", ".gitattributes", "Makefile", "postBuild", "requirements.lock", "docs/sweep.png",
        "course_utils/films.csv", "tools/setup.sh", "tools/grade/isolate.sh",
    ]  # fmt: skip
    names += [path.relative_to(ROOT).as_posix() for path in notebooks()]
    source, clone = tmp_path / "source", tmp_path / "clone"
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    as_on_windows = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    for command in (["init", "-q"], ["add", "--all", "--force"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *command], cwd=source, check=True)
    subprocess.run([*git, *as_on_windows, "clone", "-q", source, clone], check=True)
    changed = [name for name in names if (clone / name).read_bytes() != (ROOT / name).read_bytes()]
    assert changed == []


@pytest.mark.parametrize(("user", "code", "said"), [(0, 1, True), (0, 2, False), (7, 1, False)])
def test_root_is_told_how_to_start_jupyterlab(
    user: int, code: int, said: bool, tmp_path: Path
) -> None:
    """After JupyterLab refused, which ends with 1, and not after another failure."""
    for name, line in (("id", f"echo {user}"), ("python", f"exit {code}")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["make", "--old-file=setup", "lab", "VENV_PYTHON=python"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert ("-m jupyterlab --allow-root work" in done.stderr) == said


def test_environment_installs_the_lock() -> None:
    """And nothing else: conda brings Python and pip, the lock all packages."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, *rest = environment["dependencies"]
    assert rest == ["pip", {"pip": ["-r requirements.lock"]}]
    assert python.removeprefix("python=") in PYTHONS


def test_one_range_of_pythons() -> None:
    """The package asks for the Pythons that setup looks for, doctor accepts and CI tries."""
    (major, oldest), (_, newest) = doctor.OLDEST, doctor.NEWEST
    required = PROJECT["project"]["requires-python"]
    assert required == f">={major}.{oldest},<{major}.{newest + 1}"
    assert [f"{major}.{minor}" for minor in range(oldest, newest + 1)] == PYTHONS
    looked_for = f"{doctor.OLDEST} <= sys.version_info[:2] <= {doctor.NEWEST}"
    assert looked_for in (ROOT / "tools/setup.sh").read_text()


def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split()
    lines = [line.split() for line in make("help").splitlines()]
    assert [words[1] for words in lines] == targets
    assert min(map(len, lines)) > 4


def test_make_has_python_keep_the_claims() -> None:
    """With PYTHONOPTIMIZE, Python would leave out the assert statements of the notebooks."""
    target = "variable:\n\t@echo $${PYTHONOPTIMIZE-unset}"
    assert make(f"--eval={target}", "variable", PYTHONOPTIMIZE="1") == "unset\n"


def test_what_make_test_leaves_out_is_run_by_another_target() -> None:
    """And CI runs that: `make test-ci` with each change, `make nightly` every night."""
    options = PROJECT["tool"]["pytest"]["ini_options"]["addopts"]
    assert "-m 'not nightly and not ci'" in options
    assert '-m "ci and not nightly" tests' in make("--dry-run", "test-ci")
    assert '-m "nightly or properties" tests' in make("--dry-run", "nightly")
    runs = (ROOT / ".ci/run").read_text() + WORKFLOW
    for command in ("make test\n", "make test-ci\n", "- run: .ci/run\n", "- run: make nightly\n"):
        assert command in runs


def test_make_test_compares_every_cell_of_every_notebook() -> None:
    """What `make test` runs is asked what it collects, tests left out."""
    _, arguments = make("--dry-run", "test").strip().rsplit(" -m pytest ", 1)
    only = "--collect-only", "-q", "-n0", f"--ignore={ROOT / 'tests'}"
    command = [sys.executable, "-m", "pytest", *arguments.split(), *only]
    collected = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    expected = {
        path.name: sum(cell.cell_type == "code" for cell in nbformat.read(path, 4).cells)
        for path in notebooks()
    }
    assert Counter(re.findall(r"^notebooks/(.+)::Cell \d+$", collected, re.MULTILINE)) == expected


def test_make_test_checks_the_style_first() -> None:
    style, _ = make("--dry-run", "test").rsplit(" -m pytest ", 1)
    assert "-m ruff check course_utils tools tests notebooks" in style
    assert "-m ruff format --check course_utils tools tests notebooks" in style


def test_ci_runs_all_tests_with_a_browser(tmp_path: Path) -> None:
    """Run with a `make` that only says how it was called: a test of pages may not be skipped."""
    for name in ("make", "chromium", "firefox-esr"):
        (tmp_path / name).write_text('#!/bin/sh\necho "$@" with a browser $BROWSER_TESTS\n')
        (tmp_path / name).chmod(0o755)
    variables = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "BROWSER_TESTS": ""}
    printed = subprocess.check_output(["bash", ROOT / ".ci/run"], env=variables, text=True)
    assert printed.splitlines() == [
        "test with a browser required",
        "test-ci with a browser required",
    ]


def test_docstrings_name_sections_that_exist(modules: dict[str, Path]) -> None:
    texts = [path.read_text(encoding="utf-8") for path in modules.values()]
    named = set(re.findall(r'Introduced in notebook (\d), "([^"]+)"', "".join(texts)))
    assert len(named) > 15
    for number, heading in named:
        text = notebooks()[int(number) - 1].read_text(encoding="utf-8")
        assert f'"## {heading}' in text, (number, heading)
