"""What a story's year is made of: terms in revisions, and the lines that count.

Owns the reading of the story's agreements, catalogue and leavers; shares nothing with
the product. It knows only what a story of one supplier in pesos needs: retroactive and
marginal tiers, the document's own rate.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stories.reading_by_hand import Paper
    from stories.story import Story

ZERO: Final = Fraction(0)


@dataclass(frozen=True)
class Bought:
    """One line of a document that counts: a credit note's amount is negative."""

    number: str
    member: str
    day: date
    category: str
    amount: Fraction


@dataclass(frozen=True)
class Revision:
    """A programme's terms on the days from ``start`` until before ``end``."""

    number: int
    start: date
    end: date
    terms: Mapping[str, Any]

    def of(self, bought: Iterable[Bought]) -> list[Bought]:
        """Return what was bought while these terms were in force."""
        return [one for one in bought if self.start <= one.day < self.end]

    def tiers(self) -> list[tuple[Fraction, Fraction]]:
        """Return threshold and rate of each tier."""
        given = self.terms["tiers"]
        return [(Fraction(t["from"]), Fraction(t["percent"]) / 100) for t in given]

    def tier(self, measure: Fraction) -> dict[str, str]:
        """Return the tier that a measure reaches here, as it is written, or nothing."""
        reached = [t for t in self.terms["tiers"] if Fraction(t["from"]) <= measure]
        return reached[-1] if reached else {}

    def slices(self, measure: Fraction) -> Fraction:
        """Return what a measure earns slice by slice."""
        tiers = self.tiers()
        ends = [threshold for threshold, _ in tiers[1:]] + [measure]
        return sum(
            (
                max(min(end, measure) - start, ZERO) * rate
                for (start, rate), end in zip(tiers, ends, strict=True)
            ),
            ZERO,
        )


def programmes(story: Story) -> list[str]:
    """Return the codes of the story's programmes."""
    signed = story.agreements()
    return sorted({terms["code"] for one in signed for terms in one["programmes"]})


def revisions(story: Story, code: str) -> list[Revision]:
    """Return a programme's terms, each until the next one's first day."""
    signed = sorted(story.agreements(), key=lambda one: one["in_force_from"])
    starts = [date.fromisoformat(one["in_force_from"]) for one in signed]
    last = date.fromisoformat(signed[-1]["in_force_until"])
    spans = zip(signed, starts, [*starts[1:], last], strict=True)
    return [
        Revision(number, start, end, terms)
        for number, (one, start, end) in enumerate(spans, start=1)
        for terms in one["programmes"]
        if terms["code"] == code
    ]


def counting(
    story: Story, papers: list[Paper], terms: Mapping[str, Any]
) -> Iterator[Bought]:
    """Yield each line that counts: its category in scope, its member not yet gone."""
    left = {
        event["member"]: date.fromisoformat(event["left_on"])
        for event in story.world["events"]
        if event["do"] == "let_go"
    }
    categories = {
        row["code"]: row["category"]
        for row in csv.DictReader(story.text("catalogue/faro.csv").splitlines())
    }
    for paper in papers:
        if paper.day >= left.get(paper.member, date.max):
            continue
        rate = Fraction(1) if paper.currency == "MXN" else paper.rate
        assert rate is not None
        for item in paper.items:
            category = categories[item.code]
            if category in terms["scope"]["categories"]:
                amount = item.net * rate * (-1 if paper.credit else 1)
                yield Bought(paper.number, paper.member, paper.day, category, amount)


def total(bought: Iterable[Bought]) -> Fraction:
    """Return what some lines come to."""
    return sum((one.amount for one in bought), ZERO)
