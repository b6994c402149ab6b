"""The house is as docs/architecture.md draws it: no circles, a short core, no unused name."""

import ast
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path
import re
import sys
import tomllib

import nbformat

from tools.paths import DOCS, ROOT, notebooks

PACKAGE = ROOT / "course_utils"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST, package: str = "") -> set[str]:
    """Return the dotted names that are imported in a file or a part of it, in functions, too."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


OFFERED = imported(parsed(PACKAGE / "__init__.pyi"), "course_utils")


def test_course_utils_imports_nothing_of_the_workshop(modules: dict[str, Path]) -> None:
    """Nor anything that the wheel does not require, but for IPython where it runs already."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {
        re.match(r"[\w-]+", line)[0].removesuffix("-cpu").replace("-", "_")
        for line in project["dependencies"] + project["optional-dependencies"]["tensorflow"]
    }
    allowed = {"course_utils", *sys.stdlib_module_names, *required}
    ours = {name: path for name, path in modules.items() if name.startswith("course_utils")}
    others = {
        (module, name)
        for module, path in ours.items()
        for name in {one.split(".")[0] for one in imported(parsed(path))} - allowed
    }
    assert others == {("course_utils.live", "IPython")}
    assert all(name.startswith("course_utils.") for name in OFFERED)


def test_no_two_modules_import_each_other(modules: dict[str, Path]) -> None:
    """Also not by way of others. What the stub names, course_utils itself imports when asked."""
    graph = {}
    for module, path in modules.items():
        tree = parsed(path)
        conditions = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
        for_types = [one for one in conditions if ast.unparse(one.test) == "TYPE_CHECKING"]
        names = imported(tree).difference(*map(imported, for_types))
        names |= OFFERED if module == "course_utils" else set()
        graph[module] = {one if one in modules else one.rpartition(".")[0] for one in names}
    TopologicalSorter(graph).prepare()


def test_picture_of_the_house_is_true(modules: dict[str, Path]) -> None:
    """It names each folder and module, and nothing that is not there.

    A line is a folder, then names of modules, then " — " and a description; a line that starts
    with blanks goes on with the folder. A name with a dot or slash is a file that is no module.
    """
    document = (DOCS / "architecture.md").read_text(encoding="utf-8")
    (picture,) = re.findall(r"^## The house\n.*?^```\w*\n(.*?)^```", document, re.M | re.S)
    folder, named = "", set()
    for line in picture.splitlines():
        words = line.partition("—")[0].split()
        if words and not line.startswith(" "):
            folder = words.pop(0)
            named.add(folder)
        named |= {folder + (word if re.search("[./]", word) else f"{word}.py") for word in words}
    there = {path.relative_to(ROOT) for path in modules.values()}
    files = {path.as_posix() for path in there if not path.name.startswith("__")}
    folders = {f"{path.parent.as_posix()}/" for path in there}
    assert (files | folders) - named == set()
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_core_is_read_in_an_hour() -> None:
    """1,350 lines, at the pace of a careful reader. What not everyone needs is in a side room."""
    texts = [path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py")]
    lines = sum(len(text.splitlines()) for text in texts)
    assert lines <= 1350


def test_every_name_is_imported_by_a_notebook() -> None:
    """But for the official test split, which needs a download."""
    offered = {name.rpartition(".")[2] for name in OFFERED}
    cells = [cell for path in notebooks() for cell in nbformat.read(path, as_version=4).cells]
    sources = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    used = {name.rpartition(".")[2] for name in imported(ast.parse(sources))}
    assert offered - used == {"load_imdb_test"}
