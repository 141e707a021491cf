"""A second engine: one line after the other, in exact fractions, from the JSON.

Written from the rules and not from the engine, to disagree with it where one of the two
is wrong. Slow and plain on purpose; rounds with whole numbers only. Where the rules
leave room it reads them to the letter:

- a share is one of the member's purchases from every supplier, in percent; of nothing
  there is no part, and the share is zero;
- what is measured before a window (the previous one, twelve months) obeys the same
  terms as the window, also the days on which they are in force;
- a pool's measure, baseline and target are sums over all its members, also over those
  who bought nothing;
- a baseline is of part of a year when the member joined within the same window a year
  before, or later; prorated, it is scaled up to the whole window;
- a gate shuts the part of its own revision, and fixed amounts with the last one;
- a gate is reached at its figure whatever the tiers' boundary, and so is the measure
  that releases a holdback;
- with `retroactive` and `linear` the `plus` of the reached tier is paid, with the
  others that of each reached tier; with the measure `none` what is measured is shown
  as the amount, and fixed amounts need it above zero;
- promotions of one kind all act on the same refund, one not on the other's extra, and a
  stated addition is a percent of the payable inside it, before the cap;
- a cap of the measure or the payable pays as if nothing had been bought beyond it: of
  the measure at the tier that the capped one reaches, with the payable in proportion; a
  cap cuts nothing below zero; a guarantee may lift what a minimum or a gate refused;
- a tier's cap is of all that the tier gives, its `plus` too, of either sign;
- `reward` comes next after the cap; where a member's own part is capped it is paid on
  that part, at the pool's own proportion;
- a limit of a member of a larger pool acts on its part of the pool's rebate, after the
  division: one of the payable or the measure looks at its own;
- limits prorated by days go by the days in force in the whole window;
- a pool in which nobody bought and nothing was settled has no rows, not even for a
  guarantee; behind a closed gate no tier is reached;
- `less` takes the rounded rebate of the named programme, in the window of the same
  start, from the member's payable and not from the measure: as much of it as what
  counts for both is of what counts there, in each revision;
- a pool's increment is divided with its signs, also by that of who bought nothing;
- an increment is the window's; each revision has the part of it that its purchases are
  of all of them, the last one all of it where they come to nothing;
- an average rate is the plain mean of the official rates of the period's days;
- what is paid counts in the period of its invoice, once it is paid.

Not answered here: how a balance is spread over several windows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from core import naive_limits as limits
from core import naive_lines as lines
from core import naive_measures as measures
from core.naive_legs import Leg, buyers, differ, of_members, parts, settled
from core.naive_measures import Held
from core.naive_shares import rounded
from core.naive_tiers import reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.naive_case import Case, Row

Key = tuple[str, str, date]
NOTHING = Fraction(0)


@dataclass
class Rebate:
    """What one member has in one window."""

    volume: Fraction
    measure: Fraction
    threshold: Fraction | None
    earned: Fraction
    fee: Fraction
    holdback: Fraction
    settled_before: Fraction
    due: Fraction
    inbound: Fraction = NOTHING  # what the supplier pays for it


@dataclass
class Legs:
    """What the supplier owes and what the members get, in one window."""

    inbound: Fraction = NOTHING
    outbound: Fraction = NOTHING
    fee: Fraction = NOTHING


@dataclass
class Answer:
    """Everything that a case comes to."""

    rebates: dict[Key, Rebate] = field(default_factory=dict)
    legs: dict[tuple[str, date], Legs] = field(default_factory=dict)
    payable_now: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    carried: dict[str, limits.Carried] = field(
        default_factory=lambda: defaultdict(limits.Carried)
    )


def compute(case: Case) -> Answer:
    """Compute a case, programme by programme in their order."""
    answer = Answer()
    ordered = sorted(case.programmes, key=lambda one: one["order"])
    for code in dict.fromkeys(one["code"] for one in ordered):
        spans = [*of_programme(code, case)]
        stopped = {member for held in spans for member in measures.unrated(held)}
        for held in spans:
            held.stopped = stopped | {
                member
                for member in case.members
                if measures.parameters_missing(held, member)
            }
            one_window(held, answer)
    answered(case, answer)
    for (code, member), due in balances(answer).items():
        last = case.revisions(code)[-1]
        answer.payable_now[code, member] = limits.payable_now(last, due)
    return answer


def answered(case: Case, answer: Answer) -> None:
    """Forget the windows that were computed for what they leave alone."""
    known = {
        (one["code"], window.start)
        for one in case.programmes
        for window in lines.windows(one, case)
    }
    for key in [key for key in answer.rebates if (key[0], key[2]) not in known]:
        del answer.rebates[key]
    for at in [at for at in answer.legs if at not in known]:
        del answer.legs[at]


def of_programme(code: str, case: Case) -> Iterator[Held]:
    """Yield a programme's windows, the earliest first, with the revisions in each."""
    revisions = case.revisions(code)
    for window in lines.computed(revisions[0], case):
        mine = [one for one in revisions if lines.in_force(one, window)]
        if mine:
            yield Held(case, window, mine)


def pool_of(one: Row, code: str, case: Case) -> str:
    """Name the pool of a member; with its own tier, each is one."""
    if one["pool"] == "member" or one["allocation"] == "own_tier":
        return f"member {code}"
    if one["pool"] == "family":
        family = case.members[code]["family"]
        return f"family {family}" if family else f"member {code}"
    return "all"


def one_window(held: Held, answer: Answer) -> None:
    """Compute one window, pool by pool."""
    case, pools = held.case, dict[str, list[str]]()
    for member in case.members:
        part = lines.takes_part(held.last, member, case)
        before = settled(held, member) is not None
        if member not in held.stopped and (part or before):
            pool = pool_of(held.last, member, case)
            pools.setdefault(pool, []).append(member)
    known = buyers(held)
    for pool, members in pools.items():
        if any(m in known or settled(held, m) is not None for m in members):
            one_pool(held, pool, members, answer)


def one_pool(held: Held, pool: str, members: list[str], answer: Answer) -> None:
    """Rule: the supplier's leg by its terms, the members' by theirs if they have any.

    Who has no part in one of them has no row.
    """
    earned = {key: row.inbound for key, row in answer.rebates.items()}
    carried = answer.carried
    paid = parts(Leg(held, pool, members, carried["inbound"]), earned)
    theirs, had = held, paid
    if differ(held):
        theirs = of_members(held)
        had = parts(Leg(theirs, pool, members, carried["outbound"]), earned)
    if paid is None or had is None:
        return
    legs = answer.legs.setdefault((held.code, held.window.start), Legs())
    inside = [m for m in members if lines.takes_part(held.last, m, held.case)]
    measure = measures.measure(held, inside)
    opened = measures.gates_open(held, held.last, inside)
    for member, share in had.items():
        row = one_member(theirs, member, share, measure, opened=opened)
        row.inbound = paid[member]
        legs.inbound += row.inbound
        legs.fee += row.fee
        legs.outbound += row.earned - row.fee
        answer.rebates[held.code, member, held.window.start] = row


def one_member(
    held: Held, member: str, earned: Fraction, measure: Fraction, *, opened: bool
) -> Rebate:
    """Rule: fee and holdback are each rounded from what the member earned.

    Due = earned - fee - holdback - settled before.
    """
    one, unit = held.last, held.case.unit
    fee = rounded(earned * one["fee_percent"] / 100, one["rounding"], unit)
    kept = limits.held_back(held, measure)
    holdback = rounded(earned * kept, one["rounding"], unit)
    before = settled(held, member) or NOTHING
    tiers = reached(one, one["measure"], measure)
    window = (held.window.start, held.window.end)
    volume = measures.figures(held, member, window, None)
    by_unit = "quantity" in {one["measure"], one["growth_of"]}
    return Rebate(
        volume=volume[1 if by_unit else 0],
        measure=measure,
        threshold=tiers[-1]["from"] if tiers and opened else None,
        earned=earned,
        fee=fee,
        holdback=holdback,
        settled_before=before,
        due=earned - fee - holdback - before,
    )


def balances(answer: Answer) -> dict[tuple[str, str], Fraction]:
    """Add up what is due to each member under each programme."""
    found: dict[tuple[str, str], Fraction] = {}
    for (code, member, _), row in answer.rebates.items():
        found[code, member] = found.get((code, member), NOTHING) + row.due
    return found
