"""Originals: the day of the invoice that a credit note corrects, as far as it is known.

Owns the query and its shape; the rule is the function ``original_day`` of the database:
what the credit note says itself, else the day of all the invoices that it names.
"""

from __future__ import annotations

from typing import Final

from rappel.core.frames import LINES, Shape

ORIGINALS: Final = Shape(
    "originals",
    {name: LINES.columns[name] for name in ("document", "original_date")},
    key=("document",),
)
ORIGINAL_ROWS: Final = """
select * from (
  select id, original_day(id, cast(:invoices as int8multirange)) as day from invoice
  where (originals <> '{}' or original_date is not null)
    and cast(:invoices as int8multirange) @> id
) as dated where day is not null order by id
"""
