"""Ranges: sets of row ids, as PostgreSQL multiranges written as text.

Owns the arithmetic of such sets; knows nothing of what is in the rows. Everything obeys
this: ``{[1,5),[7,8)}`` is 1, 2, 3, 4 and 7; equal sets are equal texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl
import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NONE: Final = "{}"
BEYOND: Final = """
select coalesce(range_agg(int8range(i.id, i.id, '[]')), '{}')::text
from unnest('{(,)}'::int8multirange - cast(:known as int8multirange)) as gap
join invoice i on i.id >= coalesce(lower(gap), 0)
  and i.id < coalesce(upper(gap), 9223372036854775807)
"""


def ids_of(invoices: str) -> pl.Series:
    """List the ids of a multirange: ``{[1,3),[7,8)}`` is 1, 2, 7."""
    bounds = [int(number) for number in re.findall(r"\d+", invoices)]
    spans = zip(bounds[::2], bounds[1::2], strict=True)
    return pl.Series(
        "id", [i for start, end in spans for i in range(start, end)], pl.Int64
    )


def beyond(session: Session, sets: list[str]) -> str:
    """Return the ids of the invoices that are committed and in none of ``sets``."""
    found = session.scalar(sa.text(BEYOND), {"known": union(session, sets)})
    assert isinstance(found, str)
    return found


def union(session: Session, sets: list[str]) -> str:
    """Return the ids that are in any of ``sets``."""
    found = session.scalar(
        sa.text(
            "select coalesce(range_agg(s), '{}')::text"
            " from unnest(cast(:sets as int8multirange[])) as s"
        ),
        {"sets": sets},
    )
    assert isinstance(found, str)
    return found


def without(session: Session, invoices: str, sets: list[str]) -> str:
    """Return ``invoices`` less every one of ``sets``."""
    found = session.scalar(
        sa.text(
            "select (cast(:all as int8multirange)"
            " - cast(:some as int8multirange))::text"
        ),
        {"all": invoices, "some": union(session, sets)},
    )
    assert isinstance(found, str)
    return found


def pieces(session: Session, invoices: str, *, size: int) -> list[str]:
    """Divide ``invoices`` into sets of ``size`` at most, in the order of their ids."""
    if invoices == NONE:
        return []
    rows = session.scalars(
        sa.text(
            "select range_agg(int8range(id, id, '[]'))::text from ("
            " select i.id, (row_number() over (order by i.id) - 1) / :size as piece"
            " from unnest(cast(:invoices as int8multirange)) as r"
            " join invoice i on i.id >= lower(r) and i.id < upper(r)"
            ") as numbered group by piece order by piece"
        ),
        {"invoices": invoices, "size": size},
    )
    return [row for row in rows if row is not None]
