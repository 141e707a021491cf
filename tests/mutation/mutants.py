"""Mutants: a module of the core with one small fault each.

Owns which faults are made and how one is named; runs nothing. The operators are
mutmut's; one is ours: a call taken out of a chain, which is how a query loses a step.
Everything obeys this: what could only raise is not made (a name or an argument of
``None``, a column that is not there, a module for what its function answers), nor is
what no run reads (docstrings, annotations, imports, the options of a dataclass); a
fault at a module's own level is made like any other.
"""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper
from mutmut.mutation import mutators

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OPERATORS = [
    (kind, operator)
    for kind, operator in mutators.mutation_operators
    if operator
    not in {
        mutators.operator_assignment,
        mutators.operator_arg_removal,
        mutators.operator_dict_arguments,
        mutators.operator_string,
    }
]
UNREAD = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)


@dataclass(frozen=True)
class Mutant:
    """One fault: where, the lines before and after it, and the module's whole text."""

    module: str
    function: str
    before: str
    after: str
    text: str

    @property
    def row(self) -> str:
        """Its place and what it does, as a row of the document begins."""
        cells = (f"{self.module}.{self.function}", self.before, self.after)
        return "| " + " | ".join(f"`{cell}`" for cell in map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    return text.replace("|", r"\|") or " "


def mutants(module: str, text: str) -> Iterator[Mutant]:
    """Yield every mutant of a module's text once, in the order of the text."""
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    visitor = _Visitor(text, wrapper)
    wrapper.module.visit(visitor)
    seen = {text}
    for function, mutated in visitor.found:
        if mutated in seen or not _compiles(mutated):
            continue
        seen.add(mutated)
        before, after = _differing(text, mutated)
        yield Mutant(module, function, before, after, mutated)


class _Visitor(cst.CSTVisitor):
    def __init__(self, text: str, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self.text = text.encode()
        self.imported = _imported(text)
        self.tree = wrapper.module
        self.spans = wrapper.resolve(ByteSpanPositionProvider)
        self.inside: list[str] = []
        self.found: list[tuple[str, str]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, UNREAD) or _is_docstring(node) or _is_for_types(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.inside.append(node.name.value)
        place = ".".join(self.inside) or "its own level"
        for new in _replacements(node, self.imported):
            self.found.append((place, self.replaced(node, new)))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self.inside.pop()

    def replaced(self, node: cst.CSTNode, new: cst.CSTNode) -> str:
        """Return the text with ``new`` where ``node`` is, whose parentheses stay."""
        if getattr(node, "lpar", ()) and getattr(new, "lpar", ()) == node.lpar:
            new = new.with_changes(lpar=(), rpar=())
        span = self.spans[node]
        end = span.start + span.length
        code = self.tree.code_for_node(new).encode()
        return (self.text[: span.start] + code + self.text[end:]).decode()


def _imported(text: str) -> frozenset[str]:
    """Return the names that a module has from others."""
    return frozenset(
        alias.asname or alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def _replacements(node: cst.CSTNode, imported: frozenset[str]) -> Iterable[cst.CSTNode]:
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            yield from operator(node)
    if isinstance(node, cst.Call):
        yield from _with_an_argument_less(node)
        if not _is_call_of(imported, node):
            yield from _out_of_the_chain(node)


def _with_an_argument_less(node: cst.Call) -> Iterator[cst.Call]:
    if len(node.args) > 1:
        for i in range(len(node.args)):
            yield node.with_changes(args=[*node.args[:i], *node.args[i + 1 :]])


def _out_of_the_chain(node: cst.Call) -> Iterator[cst.BaseExpression]:
    """Yield what a method is called on, as if it had not been called."""
    if isinstance(node.func, cst.Attribute):
        yield node.func.value


def _is_call_of(imported: frozenset[str], node: cst.Call) -> bool:
    """Whether it calls what an imported name has: no step of a chain."""
    func = node.func
    return (
        isinstance(func, cst.Attribute)
        and isinstance(func.value, cst.Name)
        and func.value.value in imported
    )


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(
        node.value, cst.SimpleString | cst.ConcatenatedString
    )


def _is_for_types(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.If) and (
        isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"
    )


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _differing(text: str, mutated: str) -> tuple[str, str]:
    """Return the lines that differ, each side as one line."""
    old, new = ([line.strip() for line in one.splitlines()] for one in (text, mutated))
    lines = list(difflib.ndiff(old, new))
    before, after = (
        " ".join(line[2:] for line in lines if line[:2] == sign)
        for sign in ("- ", "+ ")
    )
    return before, after
