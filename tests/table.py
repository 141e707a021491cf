"""A test's frame, written as a table that a reader can check.

Owns the reading of pipe tables into frames of a declared shape; knows no rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping


def table(
    text: str, schema: Mapping[str, pl.DataType | type[pl.DataType]]
) -> pl.DataFrame:
    """Read a pipe table; its columns are among ``schema``'s, the others are null.

    An empty cell is null; a cell of a list is words with spaces between them.
    """
    head, *rows = (line.split("|") for line in text.strip().splitlines())
    names = [name.strip() for name in head]
    assert set(names) <= set(schema), set(names) - set(schema)
    cells = [[cell.strip() or None for cell in row] for row in rows]
    strings = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    return strings.select(
        _read(name, dtype) if name in names else pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
    )


def _read(name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    cell = pl.col(name)
    if isinstance(dtype, pl.List):
        return cell.str.split(" ").fill_null([])
    if dtype == pl.Date:
        return cell.str.to_date()
    return cell.cast(dtype)
