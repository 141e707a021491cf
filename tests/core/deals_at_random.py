"""Random terms as the JSON of a programme, from the whole vocabulary.

Draws what goes together by the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from core.clauses_at_random import (
    CLAUSES,
    FIXED,
    IN_PERCENT,
    Draw,
    baseline,
    changed,
    tiers,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Row = dict[str, Any]
PLAIN = [{"from": "0", "percent": "1"}, {"from": "5000", "percent": "2.5"}]
GROWTH = ("growth_amount", "growth_percent")
MEASURES = ("amount",) * 5 + ("quantity",) * 2 + ("growth_amount", *IN_PERCENT, "none")
RATED = ("retroactive", "retroactive", "marginal", "marginal", "rolling", "stacked")


class Named(NamedTuple):
    """Who may be named in terms."""

    members: Sequence[str]
    suppliers: Sequence[str]


def revisions(
    random: Random, code: str, *, before: Sequence[Row], named: Named
) -> list[Row]:
    """Return a programme, sometimes in two revisions."""
    one = programme(random, code, named)
    if before and one["payable"] == "amount" and random.random() < 0.25:
        one = stacked_on(random, one, random.choice(before))
    if random.random() < 0.7:
        return [one]
    day = random.choice(["2026-02-01", "2026-02-14", "2026-04-01", "2025-10-10"])
    later = {**one, "tiers": tiers(random, one), "in_force_from": day}
    if random.random() < 0.4:
        later["scope"] = scope(random)
    later |= changed(Draw(random, later, named.members))
    first = {**one, "in_force_until": day}
    if (one["in_force_from"] or "") >= day:
        return [one]
    return [first, later]


def stacked_on(random: Random, one: Row, other: Row) -> Row:
    """Return the terms as coming after others, whose rebate is taken off."""
    same = {"accumulate": "quarter", "year_starts": "01-01", "counts": "issued"}
    copied = {name: other.get(name, usual) for name, usual in same.items()}
    copied["returns"] = other.get("returns", "document_date")
    for name in ("scope", "supplier"):
        if name in other and random.random() < 0.5:
            copied[name] = other[name]
    order = other.get("order", 1) + random.choice([0, 1])
    return {**one, **copied, "less": [other["code"]], "order": order}


def programme(random: Random, code: str, named: Named) -> Row:
    """Return terms, with one or two of the rarer clauses."""
    measure = random.choice(MEASURES)
    reach, payable = goes_with(random, measure)
    one: Row = {
        "code": code,
        "supplier": random.choice(["*", named.suppliers[0], [*named.suppliers]]),
        "measure": measure,
        "payable": payable,
        "pool": random.choice(["member", "member", "family", "segment", "group"]),
        "reach": reach,
        "boundary": random.choice(["at_least", "more_than"]),
        "accumulate": random.choice(
            ["month", "quarter", "quarter", "half", "year", "lifetime"]
        ),
        "year_starts": random.choice(["01-01", "01-01", "02-15"]),
        "scope": scope(random),
        "fee_percent": random.choice(["0", "10", "7.25"]),
        "returns": random.choice(
            ["document_date", "document_date", "excluded", "original_invoice"]
        ),
        "fx": random.choice(
            ["document_rate", "invoice_date", "period_end", "period_average", "fixed"]
        ),
        "rounding": random.choice(["half_away_from_zero", "half_even"]),
        "in_force_from": random.choice([None, None, None, "2026-01-10"]),
    }
    if one["fx"] == "fixed":
        one["fx_rate"] = {"EUR": "17.123456", "BRL": "3.5"}
    if one["pool"] == "segment":
        one["segment"] = "cctv"
    if measure in GROWTH or payable == "increment":
        one["baseline"] = baseline(random)
        one["growth_of"] = random.choice(["amount", "amount", "quantity"])
        if payable == "increment":
            one["growth_of"] = "amount"
    if measure == "share":
        one["share_of"] = random.choice([{}, {"categories": ["cctv", "access"]}])
    if measure == "target_percent":
        one["targets"] = [
            {"member": member, "amount": str(random.randrange(1, 9) * 2500)}
            for member in named.members
            if random.random() < 0.9
        ]
    if payable == "none" and one["pool"] != "member":
        one["allocation"] = "equal"
    one["tiers"] = tiers(random, one)
    for _ in range(random.choice([0, 0, 1, 1, 2, 3])):
        clause = random.choice(CLAUSES)
        one |= clause(Draw(random, one, named.members))
    return one


def goes_with(random: Random, measure: str) -> tuple[str, str]:
    """Return a reach and a payable that the measure goes with."""
    reaches: tuple[str, ...] = (*RATED, *RATED, *FIXED, "linear", "increment")
    if measure in IN_PERCENT:
        reaches = ("retroactive", "retroactive", *FIXED)
    elif measure == "growth_amount":
        reaches = ("retroactive", "marginal", *FIXED)
    elif measure == "none":
        reaches = ("retroactive", "highest_fixed")
    reach = random.choice(reaches)
    if reach in {*FIXED, "increment"}:
        return reach, random.choice(["amount", "none"])
    payables = ["amount"] * 5 + ["quantity", "quantity", "increment"]
    if measure in GROWTH:
        payables = ["amount", "increment"]
    return reach, random.choice(payables)


def scope(random: Random) -> Row:
    """Return a scope, most often of a few conditions."""
    return {
        "categories": random.choice([[], [], ["cctv"]]),
        "exclude_categories": random.choice([[], [], ["access"]]),
        "codes": random.choice([[], [], [], ["A", "B"]]),
        "segments": random.choice([[], [], [], ["cctv", "other"]]),
        "countries": random.choice([[], [], [], ["MX"]]),
    }
