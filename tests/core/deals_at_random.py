"""Random terms as the JSON of a programme, from the whole vocabulary.

Draws what goes together by the rules; what the rules leave open is not drawn: limits
per member of a pool, increments under two revisions, the members' own terms under
limits or promotions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Row = dict[str, Any]
PLAIN = [{"from": "0", "percent": "1"}, {"from": "5000", "percent": "2.5"}]
IN_PERCENT = ("growth_percent", "share", "target_percent")
GROWTH = ("growth_amount", "growth_percent")
MEASURES = ("amount",) * 5 + ("quantity",) * 2 + ("growth_amount", *IN_PERCENT, "none")
RATED = ("retroactive", "retroactive", "marginal", "marginal", "rolling", "stacked")
FIXED = ("highest_fixed", "each_fixed")


@dataclass
class Draw:
    """What a clause is drawn for."""

    random: Random
    one: Row
    codes: Sequence[str]


class Named(NamedTuple):
    """Who may be named in terms."""

    members: Sequence[str]
    suppliers: Sequence[str]


def revisions(
    random: Random, code: str, *, before: Sequence[Row], named: Named
) -> list[Row]:
    """Return a programme, sometimes in two revisions."""
    one = programme(random, code, named)
    earlier = [
        other["code"] for other in before if other.get("payable") == one["payable"]
    ]
    if earlier and one["payable"] == "amount" and random.random() < 0.2:
        other = next(row for row in before if row["code"] == earlier[-1])
        return [stacked_on(one, other)]
    if random.random() < 0.7 or one["payable"] == "increment":
        return [one]
    day = random.choice(["2026-02-01", "2026-02-14", "2026-04-01", "2025-10-10"])
    later = {**one, "tiers": tiers(random, one), "in_force_from": day}
    first = {**one, "in_force_until": day}
    if (one["in_force_from"] or "") >= day:
        return [one]
    return [first, later]


def stacked_on(one: Row, other: Row) -> Row:
    """Return the terms as coming after others, whose rebate is taken off."""
    same = ("scope", "supplier", "accumulate", "year_starts", "in_force_from")
    order = other.get("order", 1) + 1
    copied = {name: other[name] for name in same if name in other}
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
        one["fx_rate"] = "17.123456"
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
    payables = ["amount", "amount", "amount", "quantity"]
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


def tiers(random: Random, one: Row) -> list[Row]:
    """Return a table of the kind of value that the programme pays."""
    step = 5000
    if one["measure"] in IN_PERCENT:
        step = 25
    elif one["measure"] == "quantity" or one.get("growth_of") == "quantity":
        step = 20
    places = sorted(random.sample(range(6), random.randint(1, 4)))
    return [tier(random, one, place * step, step) for place in places]


def tier(random: Random, one: Row, threshold: int, step: int) -> Row:
    """Return a tier, with `plus` or a cap of its own at times."""
    value = f"{random.randrange(15)}.{random.randrange(100):02d}"
    row: Row = {"from": str(threshold)}
    if one["reach"] == "increment":
        return (
            row
            | {"amount": value, "every": str(step // random.choice([2, 5]))}
            | ({"cap": "20"} if random.random() < 0.3 else {})
        )
    if one["reach"] in FIXED:
        return row | {"amount": value}
    name = "per_unit" if one["payable"] == "quantity" else "percent"
    plus = {"plus": "100"} if random.random() < 0.2 else {}
    return row | {name: value} | plus


def baseline(random: Random) -> Row:
    """Return where a baseline comes from, and what its absence means."""
    return {
        "source": "books-of-2025",
        "none": random.choice(["refuse", "skip", "zero"]),
        "zero": random.choice(["refuse", "skip", "zero"]),
        "part_year": "zero",
    }


def limit(draw: Draw, amounts: Sequence[str], of: str) -> Row:
    """Return a limit of the pool."""
    return {
        "of": of,
        "amount": draw.random.choice(amounts),
        "per": "member" if draw.one["pool"] == "member" else "pool",
    }


def cap(draw: Draw) -> Row:
    of = draw.random.choice(["earned", "earned", "earned", "payable", "measure"])
    if of != "earned" and draw.one["measure"] not in {"amount", "quantity"}:
        of = "earned"
    row = limit(draw, ["80", "300.55", "6000"], of)
    if draw.random.random() < 0.3 and of == "earned":
        row["carry"] = True
    if draw.random.random() < 0.3 and draw.one["accumulate"] != "lifetime":
        row["prorate"] = "days"
    return {"cap": row}


def minimum(draw: Draw) -> Row:
    of = draw.random.choice(["earned", "payable", "measure"])
    if of == "measure" and draw.one["measure"] == "none":
        return {}
    amounts = ["50", "5000"] if of == "earned" else ["100", "5000", "9500"]
    return {"minimum": limit(draw, amounts, of)}


def guarantee(draw: Draw) -> Row:
    if (
        draw.one["accumulate"] == "lifetime"
        or draw.one.get("gates")
        or draw.one.get("outbound")
    ):
        return {}
    row = limit(draw, ["90", "700"], "earned")
    if draw.random.random() < 0.4:
        row["carry"] = True
    if draw.random.random() < 0.3:
        row["prorate"] = "days"
    return {"guarantee": row}


def gate(draw: Draw) -> Row:
    measure = draw.random.choice(["amount", "quantity", "share"])
    figure = {"amount": "5000", "quantity": "30", "share": "40"}[measure]
    if draw.one.get("guarantee"):
        return {}
    inner = draw.random.choice([None, {"categories": ["cctv"]}])
    return {"gates": [{"measure": measure, "from": figure, "scope": inner}]}


def holdback(draw: Draw) -> Row:
    release: Any = draw.random.choice(["window_end", {"from": "5000"}])
    if draw.one["measure"] == "none":
        release = "window_end"
    return {
        "holdback": {"percent": draw.random.choice(["25", "12.5"]), "release": release}
    }


def payout(draw: Draw) -> Row:
    return {"payout_minimum": draw.random.choice(["50", "1000"])}


def promotion(draw: Draw) -> Row:
    if draw.one["payable"] not in {"amount", "quantity"} or draw.one.get("outbound"):
        return {}
    acts: Row = {
        "multiplies": draw.random.choice(["rate", "reward"]),
        "by": draw.random.choice(["2", "1.5", "0.5"]),
    }
    if draw.one["payable"] == "amount" and draw.random.random() < 0.3:
        acts = {"adds": {"percent": "1.25"}}
    row = {
        "code": f"x{len(draw.one.get('promotions', ()))}",
        "start": draw.random.choice(["2026-01-15", "2026-02-01"]),
        "end": draw.random.choice(["2026-03-01", "2026-05-01"]),
        "scope": draw.random.choice([None, {"codes": ["A"]}]),
        "order": len(draw.one.get("promotions", ())) + 1,
        **acts,
    }
    return {"promotions": [*draw.one.get("promotions", ()), row]}


def allocation(draw: Draw) -> Row:
    if draw.one["pool"] == "member":
        return {}
    fixed = {code: str(draw.random.randint(1, 60)) for code in draw.codes}
    return {"allocation": draw.random.choice(["equal", "own_tier", {"fixed": fixed}])}


def outbound(draw: Draw) -> Row:
    rarer = ("cap", "minimum", "guarantee", "promotions", "gates")
    if any(draw.one.get(name) for name in rarer):
        return {}
    own = {"tiers": tiers(draw.random, draw.one), "reach": draw.one["reach"]}
    return {"outbound": own | {"boundary": draw.one["boundary"]}, "fee_percent": "0"}


def measured_otherwise(_: Draw) -> Row:
    return {"measure_scope": {"categories": ["cctv", "access"]}}


def measured_over(draw: Draw) -> Row:
    if draw.one["accumulate"] == "lifetime":
        return {}
    return {
        "measure_over": draw.random.choice(["previous", "rolling_12"]),
        "in_force_from": None,
    }


def when_paid(_: Draw) -> Row:
    return {"counts": "paid"}


CLAUSES = (
    cap,
    cap,
    minimum,
    guarantee,
    gate,
    holdback,
    payout,
    promotion,
    promotion,
    allocation,
    outbound,
    measured_otherwise,
    measured_over,
    when_paid,
)
