"""Promotions, caps, minimums, guarantees, holdbacks: a part of the second engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from core import naive_lines as lines
from core.naive_measures import Held, counted
from core.naive_tiers import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.naive_case import Row

NOTHING = Fraction(0)


@dataclass
class Carried:
    """What limits of one leg carry: by programme, pool or member, and limit."""

    sums: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)


def alone(held: Held) -> bool:
    """Whether each member is a pool of its own."""
    return held.last["pool"] == "member" or held.last["allocation"] == "own_tier"


def on_pool(held: Held, limit: Row) -> bool:
    """Rule: `per` pool limits a pool before its division, `member` each part after."""
    return alone(held) or limit.get("per") == "pool"


def only(held: Held, *, pools: bool) -> Held:
    """Return the window with the limits of pools alone, or of members alone."""
    named = ("cap", "minimum", "guarantee")
    kept = {
        name: limit
        for name in named
        for limit in [held.last[name]]
        if limit and on_pool(held, limit) == pools
    }
    last = {**held.last, **dict.fromkeys(named), **kept}
    return Held(held.case, held.window, [*held.revisions[:-1], last], held.stopped)


def of_members(held: Held) -> Held:
    """Return the window with the limits of members alone."""
    return only(held, pools=False)


def of_pools(held: Held) -> Held:
    """Return the window with the limits of pools alone."""
    return only(held, pools=True)


def caps_members(held: Held) -> bool:
    """Whether a cap acts on each member's part, and so before what is rewarded."""
    cap = held.last["cap"]
    return bool(cap) and not on_pool(held, cap)


def inside(held: Held, one: Row, promotion: Row, members: Sequence[str]) -> Fraction:
    """Return a revision's payable inside a promotion's window and scope."""
    days = (held.window.start, held.window.end)
    payables = []
    for revision, line in counted(held, days, None):
        day = lines.day_of(one, line)
        if (
            revision is one
            and line["member"] in members
            and day is not None
            and promotion["start"] <= day < promotion["end"]
            and lines.in_scope(promotion.get("scope"), line, held.case)
        ):
            amount = lines.converted(one, line, held.case) or NOTHING
            by_unit = one["payable"] == "quantity"
            payables.append(line["quantity"] if by_unit else amount)
    return total(payables)


def before_cap(
    held: Held,
    one: Row,
    members: Sequence[str],
    refund: Fraction,
    payable: tuple[Fraction, Fraction],
) -> Fraction:
    """Rule: extra = refund at the average rate on the payable inside x (by - 1).

    A stated addition is so many percent of the payable inside. Both are of a revision's
    own, and all act on the same refund. `payable` is the revision's and the part of it
    that a cap leaves: it leaves as much of what is inside.
    """
    found, (uncut, kept) = NOTHING, payable
    for promotion in one["promotions"]:
        part = inside(held, one, promotion, members)
        if promotion.get("adds"):
            found += part * kept * promotion["adds"]["percent"] / 100
        elif promotion["multiplies"] == "rate" and uncut:
            found += refund * part / uncut * (promotion["by"] - 1)
    return found


def rewarded(
    held: Held,
    members: Sequence[str],
    refunds: Sequence[Fraction],
    payables: Sequence[Fraction],
) -> list[Fraction]:
    """Rule: `reward` acts after the cap, at the average rate of its own revision.

    Answers parts of what the pool earns: a cap cuts each revision by the same part.
    """
    whole = total(refunds)
    return [
        inside(held, one, promotion, members)
        / payable
        * (promotion["by"] - 1)
        * (refund / whole)
        for one, refund, payable in zip(held.revisions, refunds, payables, strict=True)
        for promotion in one["promotions"]
        if promotion.get("multiplies") == "reward" and payable and whole
    ]


def amount_of(held: Held, limit: Row) -> Fraction:
    """Rule: a limit prorated by days is that of the days in force in the window."""
    given: Fraction = limit["amount"]
    if limit.get("prorate") != "days":
        return given
    window = held.window
    whole = (window.whole - window.start).days
    revisions = held.case.revisions(held.code)
    held_on = sum(
        any(
            lines.in_force(one, lines.Window(day, day + timedelta(days=1), day))
            for one in revisions
        )
        for day in (window.start + timedelta(days=n) for n in range(whole))
    )
    return given * held_on / whole


def cut(
    held: Held, measure: Fraction, payable: Fraction, whose: str, carried: Carried
) -> tuple[Fraction, Fraction]:
    """Rule: a cap of measure or payable counts it up to the amount only.

    Answers the measure that counts, and the part of the payable that does.
    """
    cap = held.last["cap"]
    if not cap or cap["of"] == "earned":
        return measure, Fraction(1)
    value = measure if cap["of"] == "measure" else payable
    key = (held.code, whose, "cap")
    room = amount_of(held, cap) + carried.sums.get(key, NOTHING)
    kept = min(value, room)
    if cap.get("carry"):
        carried.sums[key] = room - kept
    part = kept / value if value > room else Fraction(1)
    return (kept if cap["of"] == "measure" else measure), part


def capped(held: Held, earned: Fraction, pool: str, carried: Carried) -> Fraction:
    """Rule: no more than the cap is earned; carried, unused room stays."""
    cap = held.last["cap"]
    if not cap or cap["of"] != "earned":
        return earned
    key = (held.code, pool, "cap")
    room = amount_of(held, cap) + carried.sums.get(key, NOTHING)
    kept = min(earned, room)
    if cap.get("carry"):
        carried.sums[key] = room - kept
    return kept


def below_minimum(
    held: Held, measure: Fraction, payable: Fraction, earned: Fraction
) -> bool:
    """Rule: the minimum is a gate, below which nothing is earned."""
    minimum = held.last["minimum"]
    if not minimum:
        return False
    looked_at = {"measure": measure, "payable": payable, "earned": earned}
    return looked_at[minimum["of"]] < amount_of(held, minimum)


def guaranteed(held: Held, earned: Fraction, pool: str, carried: Carried) -> Fraction:
    """Rule: a guarantee acts only when its window ends.

    Carried, what an earlier window earned above it counts towards the next.
    """
    given = held.last["guarantee"]
    if not given or not held.window.ended:
        return earned
    key = (held.code, pool, "guarantee")
    before = carried.sums.get(key, NOTHING)
    promised = amount_of(held, given)
    paid = max(earned, promised - before)
    if given.get("carry"):
        carried.sums[key] = before + paid - promised
    return paid


def held_back(held: Held, measure: Fraction) -> Fraction:
    """Rule: the part held back is paid at the window's end, or from a measure on."""
    holdback = held.last["holdback"]
    if not holdback:
        return NOTHING
    release = holdback.get("release") or "window_end"
    if isinstance(release, dict):
        released = measure >= release["from"]
    else:
        released = held.window.ended
    return NOTHING if released else Fraction(holdback["percent"]) / 100


def payable_now(one: Row, due: Fraction) -> Fraction:
    """Rule: nothing below zero or below the payout minimum; the rest is carried."""
    least = one["payout_minimum"] or NOTHING
    return due if due > 0 and due >= least else NOTHING
