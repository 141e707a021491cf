"""What climbs the tiers and what rates are paid on: a part of the second engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from core import naive_lines as lines
from core.naive_tiers import total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.naive_case import Case, Row

GROWTH = {"growth_amount", "growth_percent"}
NOTHING = Fraction(0)
Figures = tuple[Fraction, Fraction]


@dataclass
class Held:
    """One window of one programme: its revisions, and who is left out of it."""

    case: Case
    window: lines.Window
    revisions: list[Row]
    stopped: set[str] = field(default_factory=set)

    @property
    def last(self) -> Row:
        """The revision in force at the window's end."""
        return self.revisions[-1]

    def asking(self, need: str) -> Row:
        """Return the last revision that needs something, else the last of all."""
        return ([one for one in self.revisions if need in needs(one)] or [self.last])[
            -1
        ]

    @property
    def code(self) -> str:
        """The programme's code."""
        return str(self.last["code"])


def running(held: Held) -> tuple[date, date]:
    """Rule: the measure runs over the window, the one before, or twelve months."""
    window, over = held.window, held.last["measure_over"]
    if over == "rolling_12":
        return lines.months_on(window.end, -12), window.end
    if over == "previous":
        months = lines.MONTHS[held.last["accumulate"]]
        return lines.months_on(window.start, -months), window.start
    return window.start, window.end


def counted(
    held: Held, days: tuple[date, date], scope: Row | str | None
) -> Iterator[tuple[Row, Row]]:
    """Yield the purchases from the programme's suppliers, each with its revision.

    `scope` is asked for in the place of the revision's own; a word names the field of
    the revision that does so.
    """
    for one in held.case.revisions(held.code):
        instead = one[scope] if isinstance(scope, str) else scope
        asked = one["scope"] if instead is None else instead
        for line in held.case.lines:
            if (
                lines.sold_by(one, line)
                and lines.bought(one, line, *days, held.case)
                and lines.in_scope(asked, line, held.case)
            ):
                yield one, line


def figures(
    held: Held, member: str, days: tuple[date, date], scope: Row | str | None
) -> Figures:
    """Add up amount and quantity of what counts; a missing rate counts nothing."""
    mine = [
        (one, line)
        for one, line in counted(held, days, scope)
        if line["member"] == member
    ]
    amounts = [lines.converted(one, line, held.case) for one, line in mine]
    return (
        total(amount for amount in amounts if amount is not None),
        total(line["quantity"] for _, line in mine),
    )


def wallet(held: Held, days: tuple[date, date]) -> Iterator[tuple[Row, Row]]:
    """Rule: a share is one of the purchases from every supplier, in `share_of`."""
    for one in held.case.revisions(held.code):
        for line in held.case.lines:
            if lines.bought(one, line, *days, held.case) and lines.in_scope(
                one["share_of"], line, held.case
            ):
                yield one, line


def baseline(held: Held, member: str) -> Fraction | None:
    """Rule: without a baseline, with one of zero or of a part, the policy holds.

    `zero` takes a baseline of zero; refused and skipped members have no row.
    """
    given = held.case.baselines.get((held.code, member))
    policies = held.asking("baseline")["baseline"] or {}
    if given is None:
        return NOTHING if policies.get("none") == "zero" else None
    whole, part = days_before(held, member)
    if part < whole:
        policy = policies.get("part_year")
        if policy == "prorate" and part:
            return given * whole / part
        return NOTHING if policy == "zero" else None
    if given == 0 and policies.get("zero") != "zero":
        return None
    return given


def days_before(held: Held, member: str) -> tuple[int, int]:
    """Count the days of the window a year before, and the member's among them."""
    window, joined = held.window, held.case.members[member]["joined"]
    if joined is None or held.last["accumulate"] == "lifetime":
        return 1, 1
    start, end = (
        lines.months_on(window.start, -12),
        lines.months_on(window.whole, -12),
    )
    since = min(max(start, joined), end)
    return (end - start).days, (end - since).days


def target(one: Row, member: str) -> Fraction | None:
    """Return what a member is to reach."""
    named = [row["amount"] for row in one["targets"] if row["member"] == member]
    return named[0] if named else None


def needs(one: Row) -> set[str]:
    """Name what the terms need of every member."""
    words = {one["measure"], *(gate["measure"] for gate in one["gates"])}
    found = {"target"} if "target_percent" in words else set()
    growing = words & GROWTH or one["payable"] == "increment"
    return found | ({"baseline"} if growing else set())


def parameters_missing(held: Held, member: str) -> bool:
    """Rule: a mode without its parameters stops that programme for that member."""
    if not lines.takes_part(held.last, member, held.case):
        return False
    needed = {need for one in held.revisions for need in needs(one)}
    return ("baseline" in needed and baseline(held, member) is None) or (
        "target" in needed and target(held.asking("target"), member) is None
    )


def unrated(held: Held) -> set[str]:
    """Rule: a missing rate stops the programme for that member."""
    one, days = held.last, (held.window.start, held.window.end)
    asked: list[tuple[tuple[date, date], Row | str | None]] = [(days, None)]
    asked.append((running(held), "measure_scope"))
    asked += [
        (days, gate.get("scope")) for each in held.revisions for gate in each["gates"]
    ]
    lists = [counted(held, within, scope) for within, scope in asked]
    if one["measure"] == "share":
        lists.append(wallet(held, running(held)))
    if any(gate["measure"] == "share" for r in held.revisions for gate in r["gates"]):
        lists.append(wallet(held, days))
    return {
        line["member"]
        for bought in lists
        for revision, line in bought
        if lines.converted(revision, line, held.case) is None
    }


def measured(
    held: Held,
    word: str,
    members: Sequence[str],
    days: tuple[date, date],
    scope: Row | str | None,
) -> Fraction:
    """Rule: the measure of a pool is taken of all its members together."""
    sums = [figures(held, member, days, scope) for member in members]
    amount, quantity = (total(one[which] for one in sums) for which in (0, 1))
    grown = quantity if held.last["growth_of"] == "quantity" else amount
    if word == "quantity":
        return quantity
    if word == "share":
        bought = [row for row in wallet(held, days) if row[1]["member"] in members]
        every = [lines.converted(*row, held.case) or NOTHING for row in bought]
        return percent(amount, total(every))
    if word == "target_percent":
        aiming = held.asking("target")
        goals = [target(aiming, member) or NOTHING for member in members]
        return percent(amount, total(goals))
    if word in GROWTH:
        before = total(baseline(held, member) or NOTHING for member in members)
        rise = grown - before
        return rise if word == "growth_amount" else percent(rise, before)
    return amount


def percent(part: Fraction, whole: Fraction) -> Fraction:
    """Rule: growth and shares are in percent; of nothing there is no part."""
    return part / whole * 100 if whole > 0 else NOTHING


def measure(held: Held, members: Sequence[str]) -> Fraction:
    """Return what climbs the tiers of a pool."""
    return measured(held, held.last["measure"], members, running(held), "measure_scope")


def gates_open(held: Held, one: Row, members: Sequence[str]) -> bool:
    """Rule: a gate's measure must be reached before a revision's part earns anything.

    It looks at the whole window; what counts there is said by the terms of each day.
    """
    days = (held.window.start, held.window.end)
    return all(
        measured(held, gate["measure"], members, days, gate.get("scope"))
        >= gate["from"]
        for gate in one["gates"]
    )


def payable(held: Held, one: Row, member: str) -> Fraction:
    """Rule: the payable is the member's own, over the scope, by revision."""
    days = (held.window.start, held.window.end)
    amount = quantity = NOTHING
    for revision, line in counted(held, days, None):
        if revision is one and line["member"] == member:
            amount += lines.converted(one, line, held.case) or NOTHING
            quantity += line["quantity"]
    if one["payable"] == "increment":
        before = baseline(held, member) or NOTHING
        everything, _ = figures(held, member, days, None)
        if everything:
            return amount - before * amount / everything
        return amount - (before if one is held.last else NOTHING)
    return {"amount": amount, "quantity": quantity}.get(one["payable"], NOTHING)
