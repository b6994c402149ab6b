"""Which earlier cells a cell needs: those that made, or may have changed, what its code names."""

import ast
import builtins
from collections.abc import Iterator, Sequence
import symtable
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager


class Names(NamedTuple):
    """What a cell's code does with the names of a notebook."""

    binds: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()


def names_of(source: str) -> Names:
    """Return the names in a cell's code, which may hold magics; none if it does not parse."""
    try:
        code = TransformerManager().transform_cell(source)
        tree, table = ast.parse(code), symtable.symtable(code, "cell", "exec")
    except SyntaxError:
        return Names()
    symbols = table.get_symbols()
    imports = {symbol.get_name() for symbol in symbols if symbol.is_imported()}
    bound = {symbol.get_name() for symbol in symbols if symbol.is_assigned()}
    bound |= {symbol.get_name() for symbol in symbols if symbol.is_namespace()}
    return Names(*map(frozenset, (bound | imports, imports, _used(table), _changed(tree))))


def needed(earlier: Sequence[Names], code: Names) -> list[int]:
    """Return the positions of the cells that must have run before some code, in order.

    earlier: the names of all cells that stand before it.
    """
    imported = {name for cell in earlier for name in cell.imports}
    found, open_ends = set(), [(len(earlier), code)]
    while open_ends:
        position, names = open_ends.pop()
        for name in names.uses:
            for before in reversed(range(position)):
                cell = earlier[before]
                changed = name in cell.changes and name not in imported
                if (changed or name in cell.binds) and before not in found:
                    found.add(before)
                    open_ends.append((before, cell))
                if name in cell.binds:
                    break
    return sorted(found)


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names that code reads, also within its functions."""
    for symbol in table.get_symbols():
        outermost = table.get_type() == "module"
        if symbol.is_referenced() and (outermost or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _used(inner)


def _changed(tree: ast.AST) -> Iterator[str]:
    """Yield the names whose values code may change: by storing into them, or by a call.

    A call may change what it is a method of, and its first argument, as in fit(model, reviews).
    """
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name(function)) if hasattr(builtins, function):
                pass
            case ast.Call(function, arguments):
                parts = [function.value] if isinstance(function, ast.Attribute) else []
                for part in [*parts, *arguments[:1]]:
                    yield from _names(part)
            case ast.Subscript(value, ctx=ast.Store()) | ast.Attribute(value, ctx=ast.Store()):
                yield from _names(value)


def _names(tree: ast.AST) -> Iterator[str]:
    yield from (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
