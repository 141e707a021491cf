"""Pools: a programme's window as a whole, as administrators are shown it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rappel.web.shapes import Money, Shown, money

if TYPE_CHECKING:
    from rappel.store.rebates import Legs, PoolFigures


class LegsShown(Shown):
    """Both legs, the fee, and what stays between."""

    inbound: Money
    outbound: Money
    fee: Money
    difference: Money


class PoolShown(LegsShown):
    """A programme's window as a whole: both legs, and what stays between.

    Figures are the window's until the end of the period. ``before`` is what earlier
    periods kept of it, ``change`` what this one adds. ``adjusts`` is the closed period
    that it corrects, null of the period's own windows.
    """

    programme: str
    window: date
    adjusts: str | None
    measure: str
    contributors: int
    before: LegsShown
    change: LegsShown


def pool_shown(one: PoolFigures) -> PoolShown:
    """Write a pool."""
    return PoolShown(
        programme=one.programme,
        window=one.window,
        adjusts=one.adjusts,
        measure=money(one.measure, one.currency).amount,
        contributors=one.contributors,
        inbound=money(one.inbound, one.currency),
        outbound=money(one.outbound, one.currency),
        fee=money(one.fee, one.currency),
        difference=money(one.difference, one.currency),
        before=_legs(one.before, one.currency),
        change=_legs(one.change, one.currency),
    )


def _legs(one: Legs, currency: str) -> LegsShown:
    return LegsShown(
        inbound=money(one.inbound, currency),
        outbound=money(one.outbound, currency),
        fee=money(one.fee, currency),
        difference=money(one.difference, currency),
    )
