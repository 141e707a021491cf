"""A file and a function that one person can hold in the head."""

from __future__ import annotations

import ast

from house.source import all_modules

LONGEST_FILE = 300
LONGEST_FUNCTION = 60


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {module.place: module.text.count("\n") for module in all_modules()}
    assert {p: n for p, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    lengths = {
        f"{module.place}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for module in all_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {p: n for p, n in lengths.items() if n > LONGEST_FUNCTION} == {}
