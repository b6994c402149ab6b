"""Which cells of a notebook train nothing, and need nothing that was trained before.

They are what an emulated processor runs: data, hand-made layers, gradients of untrained models.
"""

import ast
from collections.abc import Iterator
import copy
import symtable

import nbformat

TRAINED_ALL_THE_SAME = {"train-baseline"}
"""Short enough to be emulated: the averaged embedding of notebook 1."""
OF_ALL_CELLS = {"progress", "my_guesses"}
"""Functions that give out what all cells before did."""


def chosen_cells(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a copy of a notebook with the code cells that train nothing and need nothing trained.

    What a cell left out gives, or trains, is missing until another cell gives it.
    """
    chosen = copy.deepcopy(notebook)
    missing: set[str] = set()
    kept = []
    for cell in chosen.cells:
        if cell.cell_type != "code":
            continue
        needs, gives = needs_and_gives(cell.source)
        trained = set() if cell.id in TRAINED_ALL_THE_SAME else trained_models(cell.source)
        if trained or needs & (missing | OF_ALL_CELLS):
            missing |= gives | trained
        else:
            missing -= gives
            kept.append(cell)
    chosen.cells = kept
    return chosen


def trained_models(source: str) -> set[str]:
    """Return the names that stand for what `fit` trains, as a function or as a method.

    Where it is trained in a loop, the names of what the loop goes through are among them.
    """
    trained, tree = set(), ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="fit"), args=[model, *_]):
                trained.add(ast.unparse(model))
            case ast.Call(func=ast.Attribute(value=model, attr="fit")):
                trained.add(ast.unparse(model))
    for node in ast.walk(tree):
        match node:
            case ast.For(target=model, iter=models) | ast.comprehension(target=model, iter=models):
                if ast.unparse(model) in trained:
                    trained |= {one.id for one in ast.walk(models) if isinstance(one, ast.Name)}
    return trained


def needs_and_gives(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell reads before it gives them a value, and those that it gives."""
    needs: set[str] = set()
    gives: set[str] = set()
    for statement in ast.parse(source).body:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        given = {
            one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()
        }
        own = set() if isinstance(statement, ast.Assign | ast.AugAssign) else given
        needs |= set(read_names(table)) - gives - own
        gives |= given
    return needs, gives


def read_names(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names of the whole notebook that a piece of code reads, in functions too."""
    for one in table.get_symbols():
        if one.is_referenced() and (table.get_type() == "module" or one.is_global()):
            yield one.get_name()
    for inner in table.get_children():
        yield from read_names(inner)
