"""The project's own files agree with each other."""

import os
from pathlib import Path
import re
import subprocess
import tomllib

import yaml

from tools import doctor
from tools.paths import ROOT, notebooks

LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
WORKFLOW = (ROOT / ".github/workflows/ci.yml").read_text()
PYTHONS = yaml.safe_load(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]["python"]


def make(*arguments: str, **variables: str) -> str:
    """Return what make prints."""
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.check_output(command, cwd=ROOT, env={**os.environ, **variables}, text=True)


def test_every_requirement_is_locked_with_hashes() -> None:
    """The lock names no index: everyone takes their own."""
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    _, *locked = re.split(r"\n(?=[a-z0-9])", LOCK)
    for requirement in wanted:
        name = re.match(r"[\w-]+", requirement).group().replace("_", "-")
        assert any(entry.startswith(f"{name}==") for entry in locked), name
    assert [entry for entry in locked if "--hash=sha256:" not in entry] == []
    assert "://" not in LOCK


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
    assert "-m ci tests" in make("--dry-run", "test-ci")
    assert '-m "nightly or properties" tests' in make("--dry-run", "nightly")
    runs = (ROOT / ".ci/run").read_text() + WORKFLOW
    for command in ("make test\n", "make test-ci\n", "- run: .ci/run\n", "- run: make nightly\n"):
        assert command in runs


def test_docstrings_name_sections_that_exist(modules: dict[str, Path]) -> None:
    texts = [path.read_text(encoding="utf-8") for path in modules.values()]
    named = set(re.findall(r'Introduced in notebook (\d), "([^"]+)"', "".join(texts)))
    assert len(named) > 15
    for number, heading in named:
        text = notebooks()[int(number) - 1].read_text(encoding="utf-8")
        assert f'"## {heading}' in text, (number, heading)
