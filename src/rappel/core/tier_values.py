"""Tier values: what the figures of a tier table say that people rarely mean.

Owns the table that the linter looks at, and the warnings about its figures alone:
percents that look like fractions, values that fall, rates that are more than all of it.
Everything obeys this: a finding's ``column`` is the path in the document.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from rappel.core.findings import Finding
from rappel.core.money import HUNDRED, plain
from rappel.core.terms import Boundary, Measure, Reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rappel.core.agreements import Programme, Tier

VALUES: Final = ("percent", "per_unit", "amount", "plus")
ADDED_UP: Final = frozenset({Reach.STACKED, Reach.ROLLING})
LEAST: Final = {
    Measure.GROWTH_PERCENT: Decimal(1),
    Measure.SHARE: Decimal(1),
    Measure.TARGET_PERCENT: Decimal(2),  # 1.2 is written for 120 % of a target
}
"""Below which a table whose thresholds are percents is asked about."""


class Table(NamedTuple):
    """A tier table of a programme and where it stands in the document."""

    at: str
    programme: Programme
    tiers: Sequence[Tier]
    reach: Reach
    boundary: Boundary

    def finding(self, code: str, tier: int, **params: str) -> Finding:
        """Return a finding about a tier."""
        named = {"programme": self.programme.code, "tier": str(tier + 1)}
        return Finding(code=code, column=f"{self.at}[{tier}]", params=named | params)


def fractions(table: Table) -> Iterator[Finding]:
    """Ask about a table whose percents are all below 1."""
    percents = [tier.percent for tier in table.tiers if tier.percent is not None]
    highest = max(percents, default=Decimal(0))
    if 0 < highest < 1:
        yield table.finding(
            "percent_fraction",
            percents.index(highest),
            percent=plain(highest),
            hundredfold=plain(highest.scaleb(2)),
        )


def fractional_thresholds(table: Table) -> Iterator[Finding]:
    """Ask about thresholds in percent that look like fractions."""
    highest = table.tiers[-1].threshold
    if 0 < highest < LEAST.get(table.programme.measure, 0):
        yield table.finding(
            "threshold_fraction",
            len(table.tiers) - 1,
            threshold=plain(highest),
            hundredfold=plain(highest.scaleb(2)),
        )


def falling(table: Table) -> Iterator[Finding]:
    """Warn of a tier that gives less than the one before it."""
    for place, (lower, upper) in enumerate(pairwise(table.tiers), start=1):
        for name in VALUES:
            before, value = getattr(lower, name), getattr(upper, name)
            if (value or 0) < (before or 0):
                yield table.finding(
                    "falling_value",
                    place,
                    threshold=plain(upper.threshold),
                    field=name,
                    value=plain(value or Decimal(0)),
                    before=plain(before),
                )


def beyond_whole(table: Table) -> Iterator[Finding]:
    """Warn of rates that are paid together and are more than what they are paid on."""
    together = sum((tier.percent or Decimal(0) for tier in table.tiers), Decimal(0))
    if table.reach in ADDED_UP and together > HUNDRED:
        last = len(table.tiers) - 1
        yield table.finding("rates_beyond_whole", last, percent=plain(together))
