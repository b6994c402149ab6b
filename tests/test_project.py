"""The project's own files agree with each other."""

import os
from pathlib import Path
import re
import subprocess
import tomllib

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text()


def test_every_requirement_is_locked_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    locked = re.split(r"\n(?=[a-z0-9])", LOCK)
    for requirement in wanted:
        name = re.match(r"[\w-]+", requirement).group().replace("_", "-")
        assert any(entry.startswith(f"{name}==") for entry in locked), name
    for entry in locked[1:]:
        assert "--hash=sha256:" in entry, entry


def test_lock_names_no_index() -> None:
    assert "://" not in LOCK


def test_lock_serves_all_systems() -> None:
    assert "tensorflow-cpu==" in LOCK
    assert re.search(r"^tensorflow==.* ; platform_machine != 'x86_64'", LOCK, re.MULTILINE)


def test_environment_installs_the_lock() -> None:
    lines = (ROOT / "environment.yml").read_text().splitlines()
    assert "      - -r requirements.lock" in lines
    assert "  - python=3.12" in lines


def test_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split()
    printed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert [line.split()[1] for line in printed.splitlines()] == targets
    for line in printed.splitlines():
        assert len(line.split()) > 4


def test_make_has_python_keep_the_claims() -> None:
    """With PYTHONOPTIMIZE, Python would leave out the assert statements of the notebooks."""
    target = "variable:\n\t@echo $${PYTHONOPTIMIZE-unset}"
    command = ["make", "--no-print-directory", f"--eval={target}", "variable"]
    environment = {**os.environ, "PYTHONOPTIMIZE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout == "unset\n"


def test_docstrings_name_sections_that_exist() -> None:
    named = [
        (number, heading)
        for module in (ROOT / "course_utils").glob("*.py")
        for number, heading in re.findall(
            r'Introduced in notebook (\d), "([^"]+)"', module.read_text(encoding="utf-8")
        )
    ]
    assert len(named) > 15
    for number, heading in named:
        (path,) = (ROOT / "notebooks").glob(f"0{number}_*.ipynb")
        assert f'"## {heading}' in path.read_text(encoding="utf-8"), (number, heading)


def test_readme_names_only_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for readme in (ROOT / "README.md", ROOT / "tests" / "README.md"):
        for target in re.findall(r"`?make ([a-z-]+)\b", readme.read_text()):
            assert f"\n{target}:" in makefile, target
