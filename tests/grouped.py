"""The groups that programmes ask for, in the first quarter of 2026."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from deals import QUARTER, column, facts
from rappel.core import reduction, views
from rappel.core.programmes import chained

if TYPE_CHECKING:
    from rappel.core.agreements import Programme

DAYS = ("joined", "left")


def groups(lines: str, *given: Programme, **others: Any) -> pl.DataFrame:
    """Return the groups that programmes ask for; nobody joins or leaves."""
    known = facts(lines, **others)
    always = known.members.with_columns(pl.lit(None, pl.Date).alias(d) for d in DAYS)
    known = replace(known, members=always)
    seen = views.views(chained(given), QUARTER)
    by = reduction.asked(seen, known, until=QUARTER.end)
    return reduction.reduced(known.lines, known.catalogue, by)


def told(frame: pl.DataFrame, *names: str) -> set[tuple[Any, ...]]:
    """Return some columns of each row; no two rows may be alike."""
    rows = list(zip(*(column(frame, name) for name in names), strict=True))
    assert len(set(rows)) == len(rows)
    return set(rows)
