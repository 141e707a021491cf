"""Observations: what a computation found that somebody must look at.

Owns the findings of the engine; computes nothing. Members and suppliers are named by
their codes, amounts are in the currency of the purchases.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from rappel.core.findings import Finding
from rappel.core.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


GROUPS: Final = {"no_weights": "amount"}  # what a whole pool earned


def stops(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those that stop a programme for a member: they name both."""
    return tuple(one for one in findings if {"programme", "member"} <= set(one.params))


def of_member(findings: Iterable[Finding], member: str) -> tuple[Finding, ...]:
    """Return what the member with this code is told: the findings that name it.

    Rule: what others bought or earned is not told, so a figure of the whole pool is
    left out.
    """
    return tuple(
        replace(
            one,
            params={
                name: text
                for name, text in one.params.items()
                if name != GROUPS.get(one.code)
            },
        )
        for one in findings
        if one.params.get("member") == member
    )


def _finding(kind: str, row: Mapping[str, Any], **named: str) -> Finding:
    figures = {
        "currency": str(row["currency"]),
        "amount": plain(row["amount"], 2),
        "lines": str(row["lines"]),
    }
    return Finding(code=kind, params={**named, **figures})
