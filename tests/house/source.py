"""The house's own source, read as text and as syntax trees."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
CORE = SRC / "rappel" / "core"
REFRESH = "refresh it with: .venv/bin/python tests/house/document.py"


@dataclass(frozen=True)
class Module:
    """A Python file: where it is, what it says, and how Python reads it."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def name(self) -> str:
        """The dotted name, for a file under ``src``."""
        parts = self.path.relative_to(SRC).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__")


@cache
def modules(folder: Path) -> tuple[Module, ...]:
    found = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text()
        found.append(Module(path, text, ast.parse(text)))
    return tuple(found)


def our_modules() -> tuple[Module, ...]:
    return modules(SRC)


def all_modules() -> Iterator[Module]:
    for folder in ("src", "tests", "migrations"):
        yield from modules(ROOT / folder)


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def names_imported(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each import with the dotted names that it may mean."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"
