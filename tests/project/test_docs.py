"""Every command in the documents exists and can be read, and every link leads somewhere.

A `make` target is expanded, a module is asked for its options, a shell line is parsed.
"""

import base64
from functools import cache
from importlib.util import find_spec
import os
from pathlib import Path
import re
import shlex
import subprocess
import sys
import tomllib

import nbformat
import pytest
import yaml

from tools.paths import DOCS, ROOT, notebooks
from tools.verify import tables

DOCUMENTS = [*ROOT.glob("*.md"), *DOCS.glob("*.md")]
ELSEWHERE = {"conda", "sudo", "pip"}
"""Programs that are not part of the kit; their lines are only parsed."""
BIN = ".venv/bin/"


def block_lines(text: str) -> list[str]:
    """List the lines of indented blocks, comments taken off, joined where a line goes on."""
    blocks = re.findall(r"(?:(?<=\n\n)|(?<=\n\n\n))((?: {4,}\S.*\n)+)", text)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := line.split(" #")[0].strip())]


def inline_commands(text: str) -> list[str]:
    """List the commands in the text, in `...`."""
    starts = r"make |python -m |pytest |pip install "
    return re.findall(rf"`((?:\.venv/bin/)?(?:{starts})[^`…]+)…?`", re.sub(r"\n(?=\S)", " ", text))


def commands_of(path: Path) -> dict[str, None]:
    """Return each command of a document once, in its order."""
    text = path.read_text(encoding="utf-8")
    return dict.fromkeys([*block_lines(text), *inline_commands(text)])


COMMANDS = [(path, command) for path in DOCUMENTS for command in commands_of(path)]


def test_commands_are_found() -> None:
    """The first of the README, a longer one, and one in the text."""
    found = {command for _, command in COMMANDS}
    assert {"make run", "make test", "make check-submissions DIR=submissions"} <= found
    assert ".venv/bin/python -m tools.bench.memory" in found
    assert len(found) > 30


@pytest.mark.parametrize(
    ("path", "command"), COMMANDS, ids=[f"{path.name}: {command}" for path, command in COMMANDS]
)
def test_command_can_be_run(path: Path, command: str) -> None:
    words = shlex.split(command.replace("\\Scripts\\", "/bin/").replace("tcp://…", "tcp://a:1"))
    program = words[0].removeprefix(BIN)
    if program == "make":
        expanded = subprocess.run(
            ["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True, text=True
        )
        assert expanded.returncode == 0, expanded.stderr
    elif program in ("python", "pytest") or Path(program).name.startswith(("jupyter", "nbd")):
        assert program in ("python", "pytest") or find_program(program)
        check_module(words[1:])
    else:
        assert Path(program).name in ELSEWHERE, f"{command} in {path.name}"
        parsed = subprocess.run(["sh", "-n", "-c", command], capture_output=True, text=True)
        assert parsed.returncode == 0, parsed.stderr


def find_program(name: str) -> bool:
    return os.access(Path(sys.executable).with_name(Path(name).name), os.X_OK)


def check_module(words: list[str]) -> None:
    """Check that `-m MODULE --option ...` names a module that runs, if ours with these options."""
    if words[:1] != ["-m"]:
        return
    module, options = words[1], [word for word in words[2:] if word.startswith("--")]
    found = find_spec(module)
    assert found, module
    if found.submodule_search_locations:
        assert find_spec(f"{module}.__main__"), module
    if module.startswith("tools"):
        for option in options:
            assert option.split("=")[0] in help_of(module), option


@cache
def help_of(module: str) -> str:
    command = [sys.executable, "-m", module, "--help"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert "://" in target or (path.parent / target).exists(), target


def test_files_that_are_named_exist(modules: dict[str, Path]) -> None:
    """A document may leave out the folders in front: `publish/run.py`, then `pages.py`."""
    ours = [*modules.values(), *(ROOT / "tests").rglob("*.py")]
    for path in DOCUMENTS:
        for name in re.findall(r"`([\w/]+\.py)", path.read_text(encoding="utf-8")):
            assert any(f"/{file.as_posix()}".endswith(f"/{name}") for file in ours), (path, name)


def test_messages_that_the_documents_explain_are_said(modules: dict[str, Path]) -> None:
    """Each symptom in the table stands, as far as it is quoted, in the source."""
    table = (DOCS / "instructors.md").read_text(encoding="utf-8").split("| symptom")[1]
    sources = [*modules.values(), ROOT / "tools/setup.sh"]
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    quoted = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(quoted) >= 5
    for symptom in quoted:
        for part in symptom.split(" … "):
            assert part in source, symptom


def stored_pictures() -> set[bytes]:
    """Return the pictures that the notebooks hold."""
    cells = [cell for path in notebooks() for cell in nbformat.read(path, as_version=4).cells]
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return {base64.b64decode(data["image/png"]) for data in shown if "image/png" in data}


def test_readme_shows_what_is_stored() -> None:
    """A notebook's new outputs and a longer sweep reach the table and the pictures."""
    text = tables.README.read_text(encoding="utf-8")
    assert tables.readme(text) == text
    pictures = re.findall(r"\]\((docs/\w+\.png)\)", text)
    assert pictures
    assert {(ROOT / picture).read_bytes() for picture in pictures} <= stored_pictures()
    assert text.count("\n| LSTM, mask | 1,000 | 0.") == 1
    assert "old" not in tables.readme("<!-- results -->\nold\n<!-- /results -->")


def test_tables_of_the_tests_show_what_is_stored() -> None:
    """A new measurement, another claim, a digit of the sweep: all of it reaches the tables."""
    text = tables.CHECKS.read_text(encoding="utf-8")
    assert tables.checks(text) == text
    for start in ("| 02 | fit-mask | 0 |", "| 04, claim-masked | ", "| LSTM, mask | 10 | "):
        assert text.count(start) == 1


def test_citation_can_be_read() -> None:
    """It gives this version, and credits the lecture and the data."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["version"] == project["version"]
    credited = {one["authors"][0]["family-names"] for one in citation["references"]}
    assert credited == {"Maas", "Chapaneri"}


def test_binder_can_run_its_script() -> None:
    script = ROOT / "postBuild"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)]).returncode == 0
