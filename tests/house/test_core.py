"""The core counts exactly, asks no clock, and divides in one place."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

import pytest

from house.source import CORE, Module, modules, names_imported

if TYPE_CHECKING:
    from collections.abc import Callable

FLOATING = {"float", "Float32", "Float64", "mean", "median", "quantile", "std", "var"}
CLOCKS = {"time", "now", "today", "utcnow", "monotonic", "perf_counter"}
ROWS = {"iter_rows", "iter_slices", "map_elements", "map_rows", "rows_by_key"}
MAY_LOOP = {"observations.py"}  # a finding is a value: one for each row it speaks of
MAY_DIVIDE = {"money.py"}
MAY_IMPORT = {"polars", "rappel.core", "rappel.errors"}


def floats(node: ast.AST) -> bool:
    literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
    return literal or called(node) in FLOATING


def clocks(node: ast.AST) -> bool:
    return called(node) in CLOCKS


def rows(node: ast.AST) -> bool:
    return called(node) in ROWS


def divides(node: ast.AST) -> bool:
    division = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(
        node.op, ast.Div
    )
    return division or called(node) == "truediv"


def called(node: ast.AST) -> str | None:
    """Name what ``node`` mentions, if it is a name or an attribute."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def all_but(files: set[str]) -> tuple[Module, ...]:
    return tuple(module for module in modules(CORE) if module.path.name not in files)


def places(
    fault: Callable[[ast.AST], bool], among: tuple[Module, ...] | None = None
) -> list[str]:
    return [
        f"{module.place}:{node.lineno}"
        for module in among or modules(CORE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.expr | ast.stmt) and fault(node)
    ]


def test_no_float_is_near_the_money() -> None:
    assert places(floats) == []


def test_today_is_an_argument() -> None:
    assert places(clocks) == []


def test_no_loop_runs_over_rows() -> None:
    assert places(rows, all_but(MAY_LOOP)) == []


def test_only_money_divides_for_a_quotient_cannot_be_exact() -> None:
    assert places(divides, all_but(MAY_DIVIDE)) == []


def test_the_core_imports_python_polars_and_itself() -> None:
    strangers = [
        f"{module.place}:{statement.lineno} {name}"
        for module in modules(CORE)
        for statement, name in names_imported(module.tree)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not any(name == own or name.startswith(f"{own}.") for own in MAY_IMPORT)
    ]
    assert strangers == []


@pytest.mark.parametrize(
    ("fault", "guilty", "innocent"),
    [
        (floats, "share = total * 0.5", "share = total * Decimal('0.5')"),
        (floats, "kind = pl.Float64", "kind = pl.Decimal(38, 18)"),
        (floats, "frame.select(pl.col('net').mean())", "pl.col('net').sum()"),
        (clocks, "day = date.today()", "day = date(2026, 1, 1)"),
        (rows, "frame.iter_rows()", "frame.select('net')"),
        (divides, "share = part / whole", "units = part // whole"),
        (divides, "share /= whole", "share -= whole"),
    ],
)
def test_each_rule_sees_what_it_forbids_and_nothing_else(
    fault: Callable[[ast.AST], bool], guilty: str, innocent: str
) -> None:
    assert any(fault(node) for node in ast.walk(ast.parse(guilty)))
    assert not any(fault(node) for node in ast.walk(ast.parse(innocent)))
