"""Ahead: where one member stands in one programme, said in figures and sentences.

Owns the row of the outlook and its advice; computes nothing of its own. Everything
obeys this: what the disclosure gate withholds is not told by a projection either;
sentences are English templates, translated at the rim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rappel.actions.working import trimmed
from rappel.core.money import places, plain
from rappel.core.pace import pays_for_itself, shown
from rappel.core.statements import Step
from rappel.core.terms import Measure, MeasureOver, Pool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from rappel.actions.postings import Posting
    from rappel.core.agreements import Programme
    from rappel.core.pace import Pace
    from rappel.core.statements import NextTier, StatementLine

BOUGHT: Final = {Measure.AMOUNT, Measure.QUANTITY}
RETURNS: Final = "{missing} {currency} more returns {worth} {currency}."
RETURNS_UNITS: Final = "{missing} units more return {worth} {currency}."
CHEAPER: Final = (
    "Buying {missing} {currency} more costs less than buying nothing: it returns "
    "{worth} {currency}."
)
GROUP: Final = (
    "{missing} {currency} more, bought by anybody of the pool, returns {worth} "
    "{currency} to this member."
)
GROUP_UNITS: Final = (
    "{missing} units more, bought by anybody of the pool, return {worth} {currency} to "
    "this member."
)
ON_THE_DAY: Final = "At this pace the tier from {threshold} is reached on {date}."
NOT_BY_THEN: Final = "At this pace the tier from {threshold} is not reached in time."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Where a member stands in a programme's window, and where it is going.

    ``measure``, ``next``, ``reached_on`` and what is projected of them are ``None``
    where the gate withholds the group's figure; ``next`` also on the last tier, and all
    that needs a pace where the window does not run today. ``advice`` are sentences with
    their filling.
    """

    programme: str
    member: str
    currency: str
    measured: str
    window: date
    window_end: date
    volume: Decimal
    measure: Decimal | None
    threshold: Decimal | None
    earned: Decimal
    next: NextTier | None
    days: int | None
    days_left: int | None
    volume_a_day: Decimal | None
    projected_volume: Decimal | None
    projected_measure: Decimal | None
    projected_threshold: Decimal | None
    projected_earned: Decimal | None
    reached_on: date | None
    advice: tuple[Step, ...]


def ahead_of(
    posting: Posting,
    programme: Programme,
    member: str,
    running: Pace | None,
    then: Mapping[str, Any],
) -> Ahead:
    """Make the row of a posting.

    Args:
        posting: as the member may see it.
        programme: its terms, of the last revision.
        member: its code.
        running: the pace of the window that runs today, if one does.
        then: the row of REBATES that the pace leads to.
    """
    line = posting.line
    pace = running if running and running.window.start == line.window else None
    money = places(posting.currency)
    hidden = line.measure is None or pace is None
    day = _day(line, programme, pace)
    return Ahead(
        programme=line.programme,
        member=member,
        currency=posting.currency,
        measured=line.measured,
        window=line.window,
        window_end=line.window_end,
        volume=line.volume,
        measure=line.measure,
        threshold=line.threshold,
        earned=line.earned,
        next=line.next,
        days=pace.days if pace else None,
        days_left=pace.left if pace else None,
        volume_a_day=shown(pace.a_day(line.volume), money) if pace else None,
        projected_volume=shown(pace.projected(line.volume), money) if pace else None,
        projected_measure=None if hidden else _figure(then["measure"]),
        projected_threshold=None if hidden else _figure(then["threshold"]),
        projected_earned=None if hidden else trimmed(then["earned"], money),
        reached_on=day,
        advice=advice(line, programme, posting.currency, day, goes_on=pace is not None),
    )


def advice(
    line: StatementLine,
    programme: Programme,
    currency: str,
    day: date | None,
    *,
    goes_on: bool,
) -> tuple[Step, ...]:
    """Say what the next tier is worth, and when the pace reaches it.

    Nothing where the missing figure is not something to buy.
    """
    ahead = line.next
    if ahead is None or not _to_buy(programme):
        return ()
    money = places(currency)
    units = line.measured == "quantity"
    filling = {
        "missing": plain(ahead.missing, 0 if units else money),
        "worth": plain(ahead.worth, money),
        "threshold": plain(ahead.threshold),
        "currency": currency,
    }
    said = []
    if ahead.worth > 0:
        text = _returns(ahead, own=programme.shared is Pool.MEMBER, units=units)
        said.append(Step(step="worth", amount=ahead.worth, text=text, params=filling))
    if goes_on:
        given = filling | ({"date": day.isoformat()} if day else {})
        text = ON_THE_DAY if day else NOT_BY_THEN
        said.append(
            Step(step="pace", amount=ahead.missing, text=text, params=given),
        )
    return tuple(said)


def _returns(ahead: NextTier, *, own: bool, units: bool) -> str:
    if not own:
        return GROUP_UNITS if units else GROUP
    if units:
        return RETURNS_UNITS
    return CHEAPER if pays_for_itself(ahead.missing, ahead.worth) else RETURNS


def _to_buy(programme: Programme) -> bool:
    """Say whether the measure is what is bought in the window itself."""
    return programme.measure in BOUGHT and programme.measure_over is MeasureOver.WINDOW


def _day(line: StatementLine, programme: Programme, pace: Pace | None) -> date | None:
    if pace is None or line.next is None or line.measure is None:
        return None
    if not _to_buy(programme):
        return None
    return pace.reaches(line.measure, line.next.threshold)


def _figure(value: Decimal | None) -> Decimal | None:
    return None if value is None else trimmed(value)
