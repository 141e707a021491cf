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
    """What limits carry from window to window: by programme, pool and limit."""

    sums: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)


def inside(held: Held, promotion: Row, members: Sequence[str]) -> Fraction:
    """Return the payable inside a promotion's window and scope."""
    days = (held.window.start, held.window.end)
    payables = []
    for one, line in counted(held, days, None):
        day = lines.day_of(one, line)
        if (
            line["member"] in members
            and day is not None
            and promotion["start"] <= day < promotion["end"]
            and lines.in_scope(promotion.get("scope"), line, held.case)
        ):
            amount = lines.converted(one, line, held.case) or NOTHING
            payables.append(line["quantity"] if by_unit(one) else amount)
    return total(payables)


def by_unit(one: Row) -> bool:
    """Whether rates are paid on quantities."""
    return bool(one["payable"] == "quantity")


def extra(
    held: Held,
    members: Sequence[str],
    refund: Fraction,
    payable: Fraction,
    *,
    after_cap: bool,
) -> Fraction:
    """Rule: extra = refund at the average rate on the payable inside x (by - 1).

    A stated addition is so many percent of the payable inside. `rate` and additions
    act before the cap, `reward` after it; all of one kind act on the same refund.
    """
    found = NOTHING
    for promotion in held.last["promotions"]:
        reward = promotion.get("multiplies") == "reward"
        if reward != after_cap:
            continue
        part = inside(held, promotion, members)
        if promotion.get("adds"):
            found += part * promotion["adds"]["percent"] / 100
        elif payable:
            found += refund * part / payable * (promotion["by"] - 1)
    return found


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


def cut(held: Held, of: str, given: Fraction) -> Fraction:
    """Rule: a cap of measure or payable counts it up to the amount only."""
    cap = held.last["cap"]
    if not cap or cap["of"] != of:
        return given
    return min(given, amount_of(held, cap))


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
