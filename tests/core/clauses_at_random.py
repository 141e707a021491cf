"""Random tiers and the rarer clauses of terms: a part of the random books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Row = dict[str, Any]
IN_PERCENT = ("growth_percent", "share", "target_percent")
FIXED = ("highest_fixed", "each_fixed")


@dataclass
class Draw:
    """What a clause is drawn for."""

    random: Random
    one: Row
    codes: Sequence[str]


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
    if one["reach"] != "linear" and random.random() < 0.06:
        row["cap"] = random.choice(["5", "90", "400"])
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
        "part_year": random.choice(["refuse", "zero", "skip", "prorate"]),
    }


def limit(draw: Draw, amounts: Sequence[str], of: str) -> Row:
    """Return a limit of the pool, or of each member's part."""
    alone = draw.one["pool"] == "member"
    row = {
        "of": of,
        "amount": draw.random.choice(amounts),
        "per": "member" if alone else draw.random.choice(["pool", "member"]),
    }
    if of == "measure" and draw.one["measure"] not in {"amount", "quantity"}:
        row["per"] = "member" if alone else "pool"
    return row


def cap(draw: Draw) -> Row:
    of = draw.random.choice(["earned", "earned", "earned", "payable", "measure"])
    if of == "measure" and draw.one["measure"] not in {"amount", "quantity"}:
        of = "payable"
    if of == "payable" and draw.one["payable"] == "none":
        of = "earned"
    row = limit(draw, ["80", "300.55", "6000"], of)
    if draw.random.random() < 0.3 and draw.one["accumulate"] != "lifetime":
        row["prorate"] = "days"
    return {"cap": row} | carried(draw, row)


def carried(draw: Draw, row: Row) -> Row:
    """Let a limit carry at times, from windows before the period too."""
    if draw.random.random() < 0.6:
        return {}
    row["carry"] = True
    before = draw.random.choice([draw.one["in_force_from"], "2025-07-10"])
    return {"in_force_from": before}


def minimum(draw: Draw) -> Row:
    of = draw.random.choice(["earned", "payable", "measure"])
    if of == "measure" and draw.one["measure"] == "none":
        return {}
    amounts = ["50", "5000"] if of == "earned" else ["100", "5000", "9500"]
    return {"minimum": limit(draw, amounts, of)}


def guarantee(draw: Draw) -> Row:
    if draw.one["accumulate"] == "lifetime":
        return {}
    row = limit(draw, ["90", "700"], "earned")
    if draw.random.random() < 0.3:
        row["prorate"] = "days"
    return {"guarantee": row} | carried(draw, row)


def gate(draw: Draw) -> Row:
    figures = {"amount": "5000", "quantity": "30", "share": "40"}
    grows = {"growth_amount": "1000", "growth_percent": "20"}
    if draw.one.get("measure_over", "window") == "window":
        figures |= grows
    measure = draw.random.choice([*figures])
    inner = draw.random.choice([None, {"categories": ["cctv"]}])
    gates = [{"measure": measure, "from": figures[measure], "scope": inner}]
    if measure in grows and "baseline" not in draw.one:
        return {"gates": gates, "baseline": baseline(draw.random)}
    return {"gates": gates}


def changed(draw: Draw) -> Row:
    """Return what a later revision says of gates, most often the same."""
    said = draw.random.choice(["same", "same", "none", "other"])
    if said == "none" and not draw.one.get("baseline"):
        return {"gates": []}
    return gate(draw) if said == "other" else {}


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
    if draw.one["payable"] not in {"amount", "quantity"}:
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
    some = draw.random.sample(draw.codes, draw.random.randint(1, len(draw.codes)))
    fixed = {code: str(draw.random.randint(1, 60)) for code in some}
    return {"allocation": draw.random.choice(["equal", "own_tier", {"fixed": fixed}])}


def outbound(draw: Draw) -> Row:
    """Return terms of the members' own, of another reach at times."""
    reaches = (draw.one["reach"], "retroactive")
    if draw.one["reach"] in {*FIXED, "increment"}:
        reaches = (draw.one["reach"], *FIXED)
    reach = draw.random.choice(reaches)
    return {
        "outbound": {
            "tiers": tiers(draw.random, {**draw.one, "reach": reach}),
            "reach": reach,
            "boundary": draw.random.choice(["at_least", "more_than"]),
        }
    }


def measured_otherwise(_: Draw) -> Row:
    return {"measure_scope": {"categories": ["cctv", "access"]}}


def measured_over(draw: Draw) -> Row:
    if draw.one["accumulate"] == "lifetime" or draw.one.get("baseline"):
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
