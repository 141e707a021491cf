"""The story's figures computed naively, with exact fractions, from its own files.

Owns a second computation that shares nothing with the product's engine: programme by
programme, member by member, as the story's README does it in words. It knows only what
this story needs.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stories.reading_by_hand import Item, Paper
    from stories.story import Story

START: Final = date(2026, 1, 1)
END: Final = date(2026, 4, 1)
FREIGHT: Final = "78101800"


@dataclass(frozen=True)
class Row:
    """What a member has under a programme."""

    programme: str
    member: str
    currency: str
    volume: Fraction
    threshold: str | None
    percent: str | None
    earned: Fraction
    fee: Fraction

    @property
    def due(self) -> Fraction:
        """What is paid."""
        return self.earned - self.fee


@dataclass(frozen=True)
class Programme:
    """A programme with what its agreement says of it."""

    terms: Mapping[str, Any]
    supplier: str
    currency: str

    def tiers(self) -> list[tuple[Fraction, Fraction]]:
        """Return threshold and rate of each tier."""
        given = self.terms["tiers"]
        return [(Fraction(t["from"]), Fraction(t["percent"]) / 100) for t in given]

    def reached(self, measure: Fraction) -> int | None:
        """Return the place of the tier that a measure has reached."""
        more = self.terms["boundary"] == "more_than"
        places = [
            place
            for place, (threshold, _) in enumerate(self.tiers())
            if measure > threshold or (measure == threshold and not more)
        ]
        return places[-1] if places else None

    def earned(self, volume: Fraction) -> Fraction:
        """Return what a measure earns for itself, not rounded."""
        place = self.reached(volume)
        if place is None:
            return Fraction(0)
        tiers = self.tiers()
        if self.terms["reach"] == "retroactive":
            return volume * tiers[place][1]
        ends = [threshold for threshold, _ in tiers[1 : place + 1]] + [volume]
        slices = zip(tiers, ends, strict=False)
        return sum(((end - start) * rate for (start, rate), end in slices), Fraction(0))


def cents(value: Fraction) -> Fraction:
    """Round to two places, a half away from zero."""
    whole = int(abs(value) * 100 + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 100)


def rows(story: Story, papers: list[Paper]) -> list[Row]:
    """Return what every member earned in the quarter, in order of member."""
    found = [
        row
        for programme in programmes(story)
        for row in _of_programme(programme, volumes(story, programme, papers))
    ]
    return sorted(found, key=lambda row: (row.member, row.currency, row.programme))


def programmes(story: Story) -> Iterator[Programme]:
    """Yield every programme of the signed agreements."""
    for agreement in story.agreements():
        for terms in agreement["programmes"]:
            yield Programme(terms, agreement["supplier"], agreement["currency"])


def volumes(
    story: Story, programme: Programme, papers: list[Paper]
) -> dict[str, Fraction]:
    """Return each member's volume under a programme."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for paper, amount in contributions(story, programme, papers):
        found[paper.member] += amount
    return dict(found)


def contributions(
    story: Story, programme: Programme, papers: list[Paper]
) -> Iterator[tuple[Paper, Fraction]]:
    """Yield each document that counts for a programme, and for how much."""
    joined = {one["code"]: one["joined"] for one in story.world["members"]}
    for paper in papers:
        if paper.supplier != programme.supplier or not START <= paper.day < END:
            continue
        if paper.day.isoformat() < joined[paper.member]:
            continue
        nets = [item.net for item in paper.items if _counts(story, programme, item)]
        if nets:
            sign = -1 if paper.credit else 1
            yield paper, sign * sum(nets) * _rate(story, programme, paper)


def unmapped(
    story: Story, papers: list[Paper]
) -> dict[tuple[str, str], list[Fraction]]:
    """Return the nets of codes without a category, by supplier and code."""
    found: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for paper in papers:
        known = _categories(story, paper.supplier)
        for item in paper.items:
            if item.code not in known and _earns(item):
                found[paper.supplier, item.code].append(item.net)
    return dict(found)


def reason(item: Item) -> str | None:
    """Return why a row earns nothing whatever the agreement says."""
    if item.net == 0:
        return "free_goods"
    freight = item.class_code == FREIGHT or item.code == "FLETE"
    return "freight" if freight else None


def _earns(item: Item) -> bool:
    return reason(item) is None


def _counts(story: Story, programme: Programme, item: Item) -> bool:
    wanted = programme.terms.get("scope", {}).get("categories")
    category = _categories(story, programme.supplier).get(item.code)
    return _earns(item) and (wanted is None or category in wanted)


def _categories(story: Story, supplier: str) -> dict[str, str]:
    lines = story.text(f"catalogue/{supplier}.csv").splitlines()
    return {row["code"]: row["category"] for row in csv.DictReader(lines)}


def _rate(story: Story, programme: Programme, paper: Paper) -> Fraction:
    if paper.currency == programme.currency:
        return Fraction(1)
    if programme.terms["fx"] == "document_rate":
        assert paper.rate is not None
        return paper.rate
    wanted = (paper.currency, programme.currency, paper.day.isoformat())
    (rate,) = (
        row["rate"]
        for row in csv.DictReader(story.text("rates.csv").splitlines())
        if (row["from"], row["to"], row["date"]) == wanted
    )
    return Fraction(rate)


def _of_programme(programme: Programme, bought: dict[str, Fraction]) -> Iterator[Row]:
    group = programme.terms["pool"] == "group"
    total = sum(bought.values(), Fraction(0))
    shares = _shares(cents(programme.earned(total)), bought) if group else {}
    for member, volume in sorted(bought.items()):
        place = programme.reached(total if group else volume)
        tier = programme.terms["tiers"][place] if place is not None else {}
        earned = shares[member] if group else cents(programme.earned(volume))
        yield Row(
            programme=programme.terms["code"],
            member=member,
            currency=programme.currency,
            volume=volume,
            threshold=tier.get("from"),
            percent=tier.get("percent"),
            earned=earned,
            fee=cents(earned * Fraction(programme.terms["fee_percent"]) / 100),
        )


def _shares(total: Fraction, weights: dict[str, Fraction]) -> dict[str, Fraction]:
    """Divide by largest remainder: the odd cents go to the largest fractions."""
    whole = sum(weights.values())
    quotas = {member: total * 100 * one / whole for member, one in weights.items()}
    parts = {member: int(quota) for member, quota in quotas.items()}
    odd = int(total * 100) - sum(parts.values())
    by_fraction = sorted(quotas, key=lambda member: parts[member] - quotas[member])
    for member in by_fraction[:odd]:
        parts[member] += 1
    return {member: Fraction(part, 100) for member, part in parts.items()}


def text(value: Fraction) -> str:
    """Write a figure with two places, or with as many as it has beyond."""
    for places in (2, 4, 6):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}d}"
            sign = "-" if value < 0 else ""
            return f"{sign}{digits[:-places]}.{digits[-places:]}"
    raise ValueError(f"{value} has more than six places")


def numbers(story: Story, found: list[Row]) -> dict[tuple[str, str], str]:
    """Return the number of each statement: a series a chapter, by member, currency."""
    country = {one["code"]: one["country"] for one in story.world["members"]}
    (issue,) = (event for event in story.world["events"] if event["do"] == "issue")
    given: Counter[str] = Counter()
    answer = {}
    for member, currency in sorted({(row.member, row.currency) for row in found}):
        series = f"{country[member]}-{issue['at'].year}"
        given[series] += 1
        answer[member, currency] = f"{series}-{given[series]:04d}"
    return answer
