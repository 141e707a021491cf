"""Rows of a table, each in its role, with the marks that the whole file decides.

Owns what is told by looking at more than one row: whether a point parts thousands,
whether the day comes first, which row only names the supplier of the rows below and
which is a total. What the cells of a row mean belongs to :mod:`rappel.ingest.cells`;
which rows make one invoice to :mod:`rappel.ingest.grouping`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.invoices import Line
from rappel.ingest import marks
from rappel.ingest.cells import Reading, Role, Row
from rappel.ingest.columns import ColumnMap, normal_heading, words
from rappel.ingest.texts import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.ingest.table import Table
    from rappel.ingest.xlsx import Cell

FIGURES: Final = words(
    "quantity | price | gross | discount | net_foreign | net | tax | total | rate"
)
DAYS: Final = ("issued_at", "original_date", "paid_on")
_NAMING: Final = ("issued_at", "number", "fiscal_key")
_TOTALS: Final = tuple(
    f"{word} "
    for word in words(
        "total | totals | totales | totais | subtotal | suma | gran total | grand total"
    )
)


def rows_of(table: Table, given: ColumnMap) -> list[Row]:
    """Return every row but the header, in order, each with its own findings."""
    places = table.layout.places
    by_group = not {"supplier_tax_id", "supplier_name"} & places.keys()
    mark = given.decimal_mark or marks.decimal_mark(_column_texts(table, FIGURES))
    order = given.date_order or marks.date_order(_column_texts(table, DAYS))
    rows = [
        _aside(position, number, cells, Role.TITLE)
        for position, (number, cells) in enumerate(table.titles, start=1)
    ]
    supplier = given.defaults.get("supplier_name")
    for position, (number, cells) in enumerate(table.rows, start=len(rows) + 1):
        role = _role(cells, table, by_group=by_group)
        if role is not Role.DATA:
            rows.append(_aside(position, number, cells, role))
            supplier = rows[-1].line.description if role is Role.GROUP else supplier
            continue
        reading = Reading(table, given, number, cells, mark=mark, order=order)
        rows.append(reading.row(position, supplier))
    return rows


def _aside(position: int, number: int, cells: Sequence[Cell], role: Role) -> Row:
    """Return a row that is no purchase: its text, and what it is instead."""
    text = clean(" ".join(str(cell) for cell in cells if cell))
    line = Line(position=position, description=text, qualifies=False)
    return Row(number=number, role=role, line=line)


def _column_texts(table: Table, names: Sequence[str]) -> list[str]:
    places = [
        table.layout.places[name] for name in names if name in table.layout.places
    ]
    found = (
        cells[place]
        for _, cells in table.rows
        for place in places
        if place < len(cells)
    )
    return [cell for cell in found if isinstance(cell, str)]


def _role(cells: Sequence[Cell], table: Table, *, by_group: bool) -> Role:
    places = table.layout.places
    filled = {place for place, cell in enumerate(cells) if str(cell).strip()}
    named = filled & {places[name] for name in _NAMING if name in places}
    first = normal_heading(str(cells[min(filled)]))
    if not named and f"{first} ".startswith(_TOTALS):
        return Role.TOTAL
    telling = {places[name] for name in (*FIGURES, "issued_at") if name in places}
    if len(filled) > 1 or filled & telling:
        return Role.DATA
    return Role.GROUP if by_group else Role.NOTE
