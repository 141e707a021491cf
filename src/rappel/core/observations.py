"""Observations: what a computation found that somebody must look at.

Owns the findings of the engine; computes nothing. Members and suppliers are named by
their codes, amounts are in the currency of the purchases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rappel.core.findings import Finding
from rappel.core.money import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from rappel.core.frames import Facts


def of(
    stopped: pl.DataFrame, unmapped: pl.DataFrame, facts: Facts
) -> tuple[Finding, ...]:
    """Return a finding for each row of ``STOPPED`` and ``UNMAPPED``, in their order."""
    members = dict(facts.members.select("member", "code").iter_rows())
    suppliers = dict(facts.suppliers.select("supplier", "code").iter_rows())
    return (
        *(
            _finding(
                row["reason"],
                row,
                programme=row["programme"],
                member=members[row["member"]],
                date=row["date"].isoformat(),
            )
            for row in stopped.iter_rows(named=True)
        ),
        *(
            _finding(
                "unmapped_code",
                row,
                supplier=suppliers[row["supplier"]],
                code=row["code"] or "",
            )
            for row in unmapped.iter_rows(named=True)
        ),
    )


def _finding(kind: str, row: Mapping[str, Any], **named: str) -> Finding:
    figures = {
        "currency": str(row["currency"]),
        "amount": plain(row["amount"], 2),
        "lines": str(row["lines"]),
    }
    return Finding(code=kind, params={**named, **figures})
