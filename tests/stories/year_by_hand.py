"""A year settled quarter by quarter, naively, with exact fractions, from its files.

Owns a second computation of a story whose volume adds up over the year and is paid each
quarter: revisions, promotions, a group's pool, what is carried. It shares nothing with
the product's engine and knows only what such a story needs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from stories.by_hand import cents
from stories.reading_by_hand import intake
from stories.year_terms import ZERO, counting, programmes, revisions, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stories.reading_by_hand import Paper
    from stories.story import Story
    from stories.year_terms import Bought, Revision


@dataclass(frozen=True)
class Part:
    """What the purchases under one revision earn, and what a promotion adds."""

    revision: int
    payable: Fraction
    threshold: str | None
    percent: str | None
    amount: Fraction
    promoted: Fraction = ZERO
    extra: Fraction = ZERO


@dataclass(frozen=True)
class Line:
    """What a statement says of one programme, for the year so far."""

    programme: str
    member: str
    volume: Fraction
    threshold: str | None
    percent: str | None
    earned: Fraction
    fee: Fraction
    parts: tuple[Part, ...] = ()
    settled_before: Fraction = ZERO
    brought_forward: Fraction = ZERO
    payable_now: Fraction = ZERO

    @property
    def due(self) -> Fraction:
        """What this quarter adds."""
        return self.earned - self.fee - self.settled_before

    @property
    def carried(self) -> Fraction:
        """What stays in the balance."""
        return self.brought_forward + self.due - self.payable_now


@dataclass(frozen=True)
class Pool:
    """The group's programme for the year so far."""

    programme: str
    measure: Fraction
    parts: tuple[Part, ...]
    tables: tuple[Fraction, ...]
    earned: Fraction


@dataclass(frozen=True)
class Quarter:
    """A closed quarter, in order of member and programme."""

    period: str
    lines: tuple[Line, ...]
    pools: tuple[Pool, ...]


def year(story: Story) -> list[Quarter]:
    """Settle every quarter of the story that is closed, one after the other."""
    posted: dict[tuple[str, str], list[Line]] = defaultdict(list)
    found = []
    for event in story.world["events"]:
        if event["do"] == "close":
            until = _end(story, event["period"])
            papers = intake(story, event["at"]).counting
            lines, pools = whole(story, papers, until)
            settled = [_settled(story, one, posted, until) for one in lines]
            for line in settled:
                posted[line.programme, line.member].append(line)
            found.append(Quarter(event["period"], tuple(settled), tuple(pools)))
    return found


def whole(
    story: Story, papers: list[Paper], until: date
) -> tuple[list[Line], list[Pool]]:
    """Return what the year up to a day has earned in all, whatever was settled."""
    lines: list[Line] = []
    pools: list[Pool] = []
    for code in programmes(story):
        found = revisions(story, code)
        bought = [b for b in counting(story, papers, found[0].terms) if b.day < until]
        if found[0].terms["pool"] == "group":
            pool, parts = _of_group(code, found, bought, until)
            pools.append(pool)
            lines += parts
        else:
            lines += _of_members(code, found, bought, until)
    return sorted(lines, key=lambda line: (line.member, line.programme)), pools


def divided(amount: Fraction, weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Divide by largest remainder; ties to the larger weight, then to the code."""
    whole_weight = sum(weights.values())
    quotas = {code: amount * 100 * one / whole_weight for code, one in weights.items()}
    parts = {code: int(quota) for code, quota in quotas.items()}
    odd = int(amount * 100) - sum(parts.values())
    order = sorted(quotas, key=lambda c: (parts[c] - quotas[c], -weights[c], c))
    for code in order[:odd]:
        parts[code] += 1
    return {code: Fraction(part, 100) for code, part in parts.items()}


def _of_members(
    code: str, found: list[Revision], bought: list[Bought], until: date
) -> Iterator[Line]:
    for member in sorted({one.member for one in bought}):
        own = [one for one in bought if one.member == member]
        volume = total(own)
        parts = tuple(_part(one, own, volume) for one in found if one.start < until)
        earned = cents(sum((part.amount + part.extra for part in parts), ZERO))
        yield _line(code, member, volume, found=found, parts=parts, earned=earned)


def _part(revision: Revision, own: list[Bought], measure: Fraction) -> Part:
    tier, mine = revision.tier(measure), revision.of(own)
    rate = Fraction(tier["percent"]) / 100 if tier else ZERO
    promoted, extra = ZERO, ZERO
    for one in revision.terms.get("promotions", []):
        start, end = date.fromisoformat(one["start"]), date.fromisoformat(one["end"])
        inside = [
            line
            for line in mine
            if start <= line.day < end and line.category in one["scope"]["categories"]
        ]
        promoted += total(inside)
        extra += total(inside) * rate * (Fraction(one["by"]) - 1)
    return Part(
        revision=revision.number,
        payable=total(mine),
        threshold=tier.get("from"),
        percent=tier.get("percent"),
        amount=total(mine) * rate,
        promoted=promoted,
        extra=extra,
    )


def _of_group(
    code: str, found: list[Revision], bought: list[Bought], until: date
) -> tuple[Pool, list[Line]]:
    measure = total(bought)
    active = [one for one in found if one.start < until]
    tables = tuple(one.slices(measure) for one in active)
    parts = tuple(
        replace(
            _part(one, bought, measure),
            amount=total(one.of(bought)) * table / measure,
        )
        for one, table in zip(active, tables, strict=True)
    )
    earned = cents(sum((part.amount for part in parts), ZERO))
    weights: dict[str, Fraction] = defaultdict(Fraction)
    for one in bought:
        weights[one.member] += one.amount
    lines = [
        _line(code, member, weights[member], found=active, parts=parts, earned=share)
        for member, share in sorted(divided(earned, weights).items())
    ]
    return Pool(code, measure, parts, tables, earned), lines


def _line(
    code: str,
    member: str,
    volume: Fraction,
    *,
    found: list[Revision],
    parts: tuple[Part, ...],
    earned: Fraction,
) -> Line:
    last = parts[-1]
    percent = Fraction(found[len(parts) - 1].terms["fee_percent"])
    return Line(
        programme=code,
        member=member,
        volume=volume,
        threshold=last.threshold,
        percent=last.percent,
        earned=earned,
        fee=cents(earned * percent / 100),
        parts=parts,
    )


def _settled(
    story: Story,
    line: Line,
    posted: Mapping[tuple[str, str], list[Line]],
    until: date,
) -> Line:
    before = posted.get((line.programme, line.member), [])
    settled = sum((one.due for one in before), ZERO)
    brought = settled - sum((one.payable_now for one in before), ZERO)
    found = replace(line, settled_before=settled, brought_forward=brought)
    (*_, terms) = (r for r in revisions(story, line.programme) if r.start < until)
    minimum = Fraction(terms.terms.get("payout_minimum", "0"))
    balance = brought + found.due
    paid = balance > 0 and balance >= minimum
    return replace(found, payable_now=balance if paid else ZERO)


def _end(story: Story, period: str) -> date:
    (opened,) = (
        event
        for event in story.world["events"]
        if event["do"] == "open" and event["period"] == period
    )
    return date.fromisoformat(opened["ends"])
