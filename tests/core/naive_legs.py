"""One leg of a pool: from its tiers to its members' parts; of the second engine.

The supplier's leg is the programme's own terms, the members' the same with the tiers,
reach and boundary of `outbound` and without promotions and limits: those are what the
supplier grants. The order: tiers with their caps → promotions of the rate → cap →
promotions of the reward → minimum → guarantee → rounding → parts, and then the limits
of each member's part in the same order, each rounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core import naive_limits as limits
from core import naive_lines as lines
from core import naive_measures as measures
from core.naive_measures import Held
from core.naive_shares import divided, rounded
from core.naive_tiers import given, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.naive_case import Row

NOTHING = Fraction(0)
PLAIN = {"reach": "retroactive", "boundary": "at_least"}
GRANTED = {"cap": None, "minimum": None, "guarantee": None, "promotions": []}


@dataclass
class Leg:
    """A leg of one pool in one window, and what its limits left of earlier ones."""

    held: Held
    pool: str
    members: Sequence[str]
    carried: limits.Carried = field(default_factory=limits.Carried)

    @property
    def inside(self) -> list[str]:
        """Who takes part: members of the segment, where there is one."""
        case, last = self.held.case, self.held.last
        return [m for m in self.members if lines.takes_part(last, m, case)]


@dataclass
class Paid:
    """What the rates of a pool are paid on, by revision and member."""

    parts: list[dict[str, Fraction]]

    def of(self, member: str) -> Fraction:
        """What a member's rates are paid on."""
        return total(part.get(member, NOTHING) for part in self.parts)

    @property
    def sums(self) -> list[Fraction]:
        """What the pool's rates are paid on, by revision."""
        return [total(part.values()) for part in self.parts]


def theirs(one: Row) -> Row:
    """Rule: the members' own terms, where they have some, else the supplier's."""
    return {**one, **GRANTED, **PLAIN, **one["outbound"]} if one["outbound"] else one


def of_members(held: Held) -> Held:
    """Return the window under the terms that the members are paid by."""
    own = {id(one): theirs(one) for one in held.case.programmes}
    case = replace(held.case, programmes=[*own.values()])
    revisions = [own[id(one)] for one in held.revisions]
    return Held(case, held.window, revisions, held.stopped)


def differ(held: Held) -> bool:
    """Whether the members are paid otherwise than the supplier pays."""
    return any(one["outbound"] for one in held.revisions)


def paid_on(
    held: Held,
    members: Sequence[str],
    earned: Mapping[tuple[str, str, date], Fraction],
) -> Paid:
    """Rule: from the payable is taken what the programmes in `less` have earned.

    `earned` is what the supplier pays for each member. A pool that fell short of its
    baselines has no increment.
    """
    parts = [
        {member: measures.payable(held, one, member) for member in members}
        for one in held.revisions
    ]
    if held.last["payable"] == "increment" and total(Paid(parts).sums) < 0:
        return Paid([dict.fromkeys(members, NOTHING) for _ in parts])
    for one, part in zip(held.revisions, parts, strict=True):
        for member in members:
            part[member] -= total(
                deducted(held, one, code, member, earned) for code in one["less"]
            )
    return Paid(parts)


def deducted(
    held: Held,
    one: Row,
    code: str,
    member: str,
    earned: Mapping[tuple[str, str, date], Fraction],
) -> Fraction:
    """Rule: what another programme earned on what counts for both, at its average.

    What somebody earned there on other purchases, or on none, is not taken off.
    """
    days = (held.window.start, held.window.end)
    other = Held(held.case, held.window, held.case.revisions(code))
    whole = common = NOTHING
    for revision, line in measures.counted(other, days, None):
        if line["member"] != member:
            continue
        amount = lines.converted(revision, line, held.case) or NOTHING
        whole += amount
        if (
            lines.sold_by(one, line)
            and lines.bought(one, line, *days, held.case)
            and lines.in_scope(one["scope"], line, held.case)
        ):
            common += amount
    theirs = earned.get((code, member, held.window.start), NOTHING)
    return theirs * common / whole if whole else NOTHING


def buyers(held: Held) -> set[str]:
    """Name who has a qualifying line in the window."""
    days = (held.window.start, held.window.end)
    return {line["member"] for _, line in measures.counted(held, days, None)}


def refunded(
    leg: Leg,
    measure: Fraction,
    paid: Sequence[Fraction],
    part: Fraction,
    opened: Sequence[bool],
) -> list[Fraction]:
    """Return what each revision pays, with what its promotions of the rate add.

    Rule: each part takes the rate of the revision in force on its day.

    The tier is the one that the whole measure reaches there; fixed amounts are those
    of the revision at the window's end; each revision's promotions count what was
    bought while it was in force. `part` is what a cap leaves of what each is paid on,
    and a revision with a gate that is not reached pays nothing.
    """
    held, found = leg.held, []
    for one, uncut, is_open in zip(held.revisions, paid, opened, strict=True):
        if not is_open:
            found.append(NOTHING)
            continue
        last = one is held.last
        exact = given(one, one["measure"], measure, uncut * part, last=last)
        more = limits.before_cap(held, one, leg.members, exact, (uncut, part))
        found.append(exact + more)
    return found


def pooled(
    leg: Leg, measure: Fraction, paid: Paid, *, opened: Sequence[bool]
) -> Fraction:
    """Rule: tiers, promotions of the rate, cap, of the reward, minimum, guarantee."""
    held, whole = limits.of_pools(leg.held), total(paid.sums)
    counts, part = limits.cut(held, measure, whole, leg.pool, leg.carried)
    refunds = refunded(leg, counts, paid.sums, part, opened)
    earned = limits.capped(held, total(refunds), leg.pool, leg.carried)
    if not limits.caps_members(leg.held):
        more = limits.rewarded(leg.held, leg.members, refunds, paid.sums)
        earned += earned * total(more)
    if limits.below_minimum(held, measure, whole, earned):
        earned = NOTHING
    return limits.guaranteed(held, earned, leg.pool, leg.carried)


def parts(
    leg: Leg, earned: Mapping[tuple[str, str, date], Fraction]
) -> dict[str, Fraction] | None:
    """Return what each member has of what its pool earns; nothing without weights."""
    held, one, unit = leg.held, leg.held.last, leg.held.case.unit
    measure = measures.measure(held, leg.inside)
    paid = paid_on(held, leg.inside, earned)
    opened = [measures.gates_open(held, each, leg.inside) for each in held.revisions]
    amount = pooled(leg, measure, paid, opened=opened)
    whole = rounded(amount, one["rounding"], unit)
    found = divided(whole, weights(held, leg.inside, paid), unit)
    if found is None:
        return None
    bought = buyers(held)
    shown = {
        m: NOTHING for m in leg.members if m in bought or settled(held, m) is not None
    } | found
    return {
        member: of_member(leg, member, part, paid, opened)
        for member, part in shown.items()
    }


def of_member(
    leg: Leg, member: str, part: Fraction, paid: Paid, opened: Sequence[bool]
) -> Fraction:
    """Rule: a limit per member acts on its part of a larger pool, and is rounded."""
    held, unit = leg.held, leg.held.case.unit
    if limits.alone(held):
        return part
    how = held.last["rounding"]
    own, measure = paid.of(member), measures.measure(held, [member])
    mine = limits.of_members(held)
    _, left = limits.cut(mine, measure, own, member, leg.carried)
    part = rounded(part * left, how, unit)
    part = rounded(limits.capped(mine, part, member, leg.carried), how, unit)
    if limits.caps_members(held):
        whole = measures.measure(held, leg.inside)
        refunds = refunded(leg, whole, paid.sums, Fraction(1), opened)
        more = limits.rewarded(held, leg.members, refunds, paid.sums)
        part += total(rounded(part * one, how, unit) for one in more)
    if limits.below_minimum(mine, measure, own, part):
        part = NOTHING
    return rounded(limits.guaranteed(mine, part, member, leg.carried), how, unit)


def weights(held: Held, members: Sequence[str], paid: Paid) -> dict[str, Fraction]:
    """Rule: by payable, equal among who bought, or in stated parts."""
    by, bought = held.last["allocation"], buyers(held)
    if isinstance(by, dict):
        stated = {m: by["fixed"][m] for m in members if m in by["fixed"]}
        return stated and {
            m: stated.get(m, NOTHING) for m in members if m in {*stated, *bought}
        }
    if by == "equal":
        return {m: Fraction(1) for m in members if m in bought}
    return {m: paid.of(m) for m in members if m in bought or paid.of(m)}


def settled(held: Held, member: str) -> Fraction | None:
    """Rule: what was settled names the window's start, or means the last window."""
    starts = [window.start for window in lines.windows(held.last, held.case)]
    rows = [
        row["amount"]
        for row in held.case.settled
        if (row["programme"], row["member"]) == (held.code, member)
        and (row["window"] or starts[-1]) == held.window.start
    ]
    return total(rows) if rows else None
