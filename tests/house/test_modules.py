"""Every module says what it is, and somebody needs it."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from house.source import (
    SRC,
    all_modules,
    modules,
    names_imported,
    our_modules,
    pyproject,
)

BY_NAME = re.compile(r'"(\w+):\w+"')  # the command line imports a verb when it is asked


def test_every_module_opens_with_what_it_owns() -> None:
    silent = [m.place for m in all_modules() if not ast.get_docstring(m.tree)]
    assert silent == []


def test_every_module_is_imported_somewhere() -> None:
    needed = {
        name
        for module in our_modules()
        for _, name in names_imported(module.tree)
        if not name.startswith(f"{module.name}.") or module.path.name == "__init__.py"
    }
    cli = (SRC / "rappel" / "cli" / "__init__.py").read_text()
    needed |= {f"rappel.cli.{name}" for name in BY_NAME.findall(cli)}
    needed |= {
        script.partition(":")[0]
        for script in pyproject()["project"]["scripts"].values()
    }
    needed |= set(re.findall(r'"(rappel(?:\.\w+)+)[:"]', all_text()))
    idle = [
        module.place
        for module in our_modules()
        if module.name not in needed
        and module.path.name not in {"__init__.py", "__main__.py"}
    ]
    assert idle == []


@pytest.mark.parametrize("ring", ["actions", "cli", "web"])
def test_a_ring_round_the_store_names_the_database_only_while_types_are_checked(
    ring: str,
) -> None:
    awake = [
        f"{module.place}:{statement.lineno}"
        for module in modules(SRC / "rappel" / ring)
        for statement, name in names_imported(without_type_checking(module.tree))
        if name.split(".")[0] in {"alembic", "psycopg", "sqlalchemy"}
    ]
    assert awake == []


def test_what_runs_needs_no_tool_of_development() -> None:
    makers = packages_distributions()
    stated = {
        re.split(r"[\[<>=~]", d)[0] for d in pyproject()["project"]["dependencies"]
    }
    borrowed = {
        f"{module.place}: {name}"
        for module in our_modules()
        for _, name in names_imported(without_type_checking(module.tree))
        if (top := name.split(".")[0]) not in {*sys.stdlib_module_names, "rappel"}
        and not {maker.lower().replace("_", "-") for maker in makers.get(top, ())}
        & stated
    }
    assert borrowed == set()


def test_the_core_is_forbidden_every_dependency_but_polars() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    core = next(c for c in contracts if c.get("source_modules") == ["rappel.core"])
    imported_as = {
        "python-calamine": "python_calamine",
        "python-stdnum": "stdnum",
        "fonttools": "fontTools",
    }
    for stated in pyproject()["project"]["dependencies"]:
        name = re.match(r"[\w-]+", stated)
        assert name is not None
        module = imported_as.get(name[0], name[0].replace("-", "_"))
        assert (module in core["forbidden_modules"]) == (module != "polars"), module


def all_text() -> str:
    return "\n".join(module.text for module in our_modules())


def without_type_checking(tree: ast.Module) -> ast.Module:
    kept = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return ast.Module(body=kept, type_ignores=[])
