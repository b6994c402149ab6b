"""Every command in the documents exists and can be read, and every link leads somewhere.

A `make` target is expanded, a module is asked for its options, a shell line is parsed.
"""

import base64
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
ELSEWHERE = {"sudo", "pip"}
"""Programs that are not part of the kit; their lines are only parsed."""


def block_lines(text: str) -> list[str]:
    """List the lines of indented blocks, comments taken off, joined where a line goes on."""
    blocks = re.findall(r"(?:(?<=\n\n)|(?<=\n\n\n))((?: {4,}\S.*\n)+)", text)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := line.split(" #")[0].strip())]


def inline_commands(text: str) -> list[str]:
    """List the commands in the text, in `...`."""
    starts = r"make |python -m |pytest |pip install "
    return re.findall(rf"`((?:\.venv/bin/)?(?:{starts})[^`…]+)…?`", re.sub(r"\n(?=\S)", " ", text))


TEXTS = [path.read_text(encoding="utf-8") for path in DOCUMENTS]
COMMANDS = sorted({found for text in TEXTS for found in block_lines(text) + inline_commands(text)})


def test_commands_are_found() -> None:
    """The first of the README, a longer one, and one in the text."""
    assert {"make run", "make test", "make check-submissions DIR=submissions"} <= set(COMMANDS)
    assert ".venv/bin/python -m tools.bench.memory" in COMMANDS
    assert len(COMMANDS) > 30


@pytest.mark.parametrize("command", COMMANDS)
def test_command_can_be_run(command: str) -> None:
    words = shlex.split(command.replace("\\Scripts\\", "/bin/").replace("tcp://…", "tcp://a:1"))
    program = Path(words[0]).name
    if program == "make":
        subprocess.run(["make", "--dry-run", *words[1:]], cwd=ROOT, check=True)
    elif program in ("python", "pytest") or program.startswith(("jupyter", "nbd")):
        assert os.access(Path(sys.executable).with_name(program), os.X_OK)
        check_module(words[1:])
    else:
        assert program in ELSEWHERE
        subprocess.run(["sh", "-n", "-c", command], check=True)


def check_module(words: list[str]) -> None:
    """Check that `-m MODULE --option ...` names a module that runs, if ours with these options."""
    if words[:1] != ["-m"]:
        return
    module, options = words[1], [word for word in words[2:] if word.startswith("--")]
    found = find_spec(module)
    assert found, module
    if found.submodule_search_locations:
        assert find_spec(f"{module}.__main__"), module
    if options and module.startswith("tools"):
        command = [sys.executable, "-m", module, "--help"]
        shown = subprocess.check_output(command, cwd=ROOT, text=True)
        assert [option for option in options if option.split("=")[0] not in shown] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert "://" in target or (path.parent / target).exists(), target


def test_files_that_are_named_exist(modules: dict[str, Path]) -> None:
    """A document may leave out the folders in front: `publish/run.py`, then `pages.py`."""
    ours = [f"/{path.as_posix()}" for path in (*modules.values(), *(ROOT / "tests").rglob("*.py"))]
    for name in re.findall(r"`([\w/]+\.py)", "".join(TEXTS)):
        assert any(file.endswith(f"/{name}") for file in ours), name


def test_messages_that_the_documents_explain_are_said(modules: dict[str, Path]) -> None:
    """Each symptom in the table stands, as far as it is quoted, in the source."""
    table = (DOCS / "instructors.md").read_text(encoding="utf-8").split("| symptom")[1]
    sources = [*modules.values(), ROOT / "tools/setup.sh"]
    source = "".join(path.read_text(encoding="utf-8") for path in sources)
    quoted = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(quoted) >= 5
    parts = [part for symptom in quoted for part in symptom.split(" … ")]
    assert [part for part in parts if part not in source] == []


def test_readme_shows_what_is_stored() -> None:
    """A notebook's new outputs and a longer sweep reach the table and the pictures."""
    text = tables.README.read_text(encoding="utf-8")
    assert tables.readme(text) == text
    cells = [cell for path in notebooks() for cell in nbformat.read(path, as_version=4).cells]
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    stored = {base64.b64decode(data["image/png"]) for data in shown if "image/png" in data}
    pictures = re.findall(r"\]\((docs/\w+\.png)\)", text)
    assert pictures
    assert {(ROOT / picture).read_bytes() for picture in pictures} <= stored
    assert text.count("\n| LSTM, mask | 1,000 | 0.") == 1
    assert "old" not in tables.readme("<!-- results -->\nold\n<!-- /results -->")


def test_tables_of_the_tests_show_what_is_stored() -> None:
    """A new measurement, another claim, a digit of the sweep: all of it reaches the tables."""
    text = tables.CHECKS.read_text(encoding="utf-8")
    assert tables.checks(text) == text
    for start in ("| 02 | rows-moved | 0 |", "| 04, claim-cost | ", "| LSTM, mask | 10 | "):
        assert text.count(start) == 1


def test_speed_table_shows_what_is_kept() -> None:
    """A new run of `make bench` reaches the document."""
    text = tables.SPEED.read_text(encoding="utf-8")
    assert tables.speed(text) == text
    assert "old" not in tables.speed("<!-- speed -->\nold\n<!-- /speed -->")


def test_citation_can_be_read() -> None:
    """It gives this version, and credits the lecture and the data."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"]
    credited = {one["authors"][0]["family-names"] for one in citation["references"]}
    assert credited == {"Maas", "Chapaneri"}


def test_binder_can_run_its_script() -> None:
    script = ROOT / "postBuild"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)]).returncode == 0
