"""The bare aggregation in DuckDB and PostgreSQL, which the engine stands beside too.

Each sums net and quantity by member, supplier, category, code, month and currency, and
keeps the result where it is. PostgreSQL is one of our own; its lines are copied in
before, and the copying is told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import duckdb
import polars as pl
import psycopg

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS: Final = {
    "member": "bigint",
    "supplier": "bigint",
    "category": "text",
    "code": "text",
    "date": "date",
    "currency": "text",
    "amount": "numeric(38, 6)",
    "quantity": "numeric(38, 6)",
}
BATCH: Final = 1_000_000
SUMS: Final = """
select member, supplier, category, code, date_trunc('month', date) as month,
       currency, sum(amount) as amount, sum(quantity) as quantity
from {source} group by 1, 2, 3, 4, 5, 6
"""


def in_duckdb(file: Path) -> None:
    """Sum with DuckDB into a table in memory."""
    query = SUMS.format(source=f"read_parquet('{file}')")
    with duckdb.connect() as connection:
        connection.execute(f"create table sums as {query}")


def copy_in(url: str, file: Path) -> None:
    """Copy the lines of a file into PostgreSQL."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop table if exists bench_line")
        connection.execute(f"create unlogged table bench_line ({columns})")
        with connection.cursor().copy("copy bench_line from stdin (format csv)") as to:
            for start in range(0, height(file), BATCH):
                scan = pl.scan_parquet(file).slice(start, BATCH).select(list(COLUMNS))
                to.write(scan.collect().write_csv(include_header=False).encode())
        connection.execute("vacuum analyze bench_line")


def height(file: Path) -> int:
    """Count the lines of a file."""
    counted = pl.scan_parquet(file).select(pl.len()).collect().item()
    return int(counted)


def in_postgresql(url: str) -> None:
    """Sum with PostgreSQL into a table, with memory to hash in."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set work_mem = '1GB'")
        query = SUMS.format(source="bench_line")
        connection.execute(f"create temporary table sums as {query}")
