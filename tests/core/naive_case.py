"""What a simulation's JSON says, in plain values: a part of the second engine.

Reads the published shape with its defaults; figures become fractions and days dates.
A credit note's figures are positive in the document and become negative here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = dict[str, Any]
Rates = dict[tuple[str, str, date], Fraction]

NO_CENTS = {"CLP", "PYG", "JPY", "KRW"}
PROGRAMME: Row = {
    "supplier": None,
    "in_force_from": None,
    "in_force_until": None,
    "measure": "amount",
    "measure_scope": None,
    "measure_over": "window",
    "growth_of": "amount",
    "share_of": None,
    "payable": "amount",
    "pool": "member",
    "segment": None,
    "reach": "retroactive",
    "boundary": "at_least",
    "accumulate": "quarter",
    "year_starts": "01-01",
    "scope": None,
    "gates": [],
    "counts": "issued",
    "less": [],
    "order": 1,
    "allocation": "payable",
    "cap": None,
    "minimum": None,
    "guarantee": None,
    "payout_minimum": None,
    "holdback": None,
    "fee_percent": Fraction(0),
    "outbound": None,
    "baseline": None,
    "targets": [],
    "returns": "document_date",
    "fx": "document_rate",
    "fx_rate": None,
    "rounding": "half_away_from_zero",
    "promotions": [],
}
PURCHASE: Row = {
    "quantity": Fraction(0),
    "category": None,
    "code": None,
    "kind": "invoice",
    "original": None,
    "paid": None,
    "currency": None,
    "rate": None,
}
MEMBER: Row = {
    "family": None,
    "segments": [],
    "country": None,
    "joined": None,
    "left": None,
}
DAYS = {
    "in_force_from",
    "in_force_until",
    "joined",
    "left",
    "date",
    "paid",
    "start",
    "end",
    "window",
}
WORDS = {
    "categories",
    "category",
    "code",
    "codes",
    "countries",
    "country",
    "document",
    "exclude_categories",
    "family",
    "less",
    "member",
    "members",
    "programme",
    "segment",
    "segments",
    "supplier",
    "year_starts",
}


@dataclass(frozen=True)
class Case:
    """The facts and the terms of a simulation."""

    currency: str
    start: date
    end: date
    members: dict[str, Row]
    programmes: list[Row]
    lines: list[Row]
    rates: Rates = field(default_factory=dict)
    settled: list[Row] = field(default_factory=list)
    baselines: dict[tuple[str, str], Fraction] = field(default_factory=dict)

    @property
    def unit(self) -> int:
        """How many minor units make one of the currency."""
        return 1 if self.currency in NO_CENTS else 100

    def revisions(self, code: str) -> list[Row]:
        """Return a programme's revisions, the earliest first."""
        mine = [one for one in self.programmes if one["code"] == code]
        return sorted(mine, key=lambda one: one["in_force_from"] or date.min)


def value(name: str, given: Any) -> Any:
    """Return what a field says: a day, an exact figure, or the word itself."""
    if isinstance(given, dict):
        return {inner: value(inner, said) for inner, said in given.items()}
    if isinstance(given, list):
        return [value(name, one) for one in given]
    if not isinstance(given, str) or name in WORDS:
        return given
    if name in DAYS:
        return date.fromisoformat(given)
    number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", given)
    return Fraction(given) if number else given


def filled(given: Mapping[str, Any], defaults: Row) -> Row:
    """Return a row with the defaults of what it leaves out."""
    return {**defaults, **{name: value(name, said) for name, said in given.items()}}


def purchase(given: Mapping[str, Any], currency: str) -> Row:
    """Return a purchase: a credit note subtracts, and the currency is stated."""
    row = filled(given, PURCHASE)
    sign = -1 if row["kind"] == "credit_note" else 1
    row["amount"] = sign * row["amount"]
    row["quantity"] = sign * (row["quantity"] or Fraction(0))
    row["currency"] = row["currency"] or currency
    return row


def read(given: Mapping[str, Any]) -> Case:
    """Read a simulation's JSON."""
    lines = [purchase(row, given["currency"]) for row in given["purchases"]]
    settled = [filled(row, {"window": None}) for row in given.get("settled", [])]
    named = [{"code": row["member"]} for row in (*lines, *settled)]
    members = {
        row["code"]: filled(row, MEMBER) for row in given.get("members") or named
    }
    return Case(
        currency=given["currency"],
        start=date.fromisoformat(given["period"]["start"]),
        end=date.fromisoformat(given["period"]["end"]),
        members=members,
        programmes=[filled(one, PROGRAMME) for one in given["programmes"]],
        lines=lines,
        rates={
            (row["from"], row["to"], date.fromisoformat(row["date"])): Fraction(
                row["rate"]
            )
            for row in given.get("rates", [])
        },
        settled=settled,
        baselines={
            (row["programme"], row["member"]): Fraction(row["measure"])
            for row in given.get("baselines", [])
        },
    )
