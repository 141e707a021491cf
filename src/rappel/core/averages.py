"""Averages: terms by which what is measured, and not paid on, lowers what is earned.

Owns the warnings about slices that are paid at the average price, and about caps that
leave of one figure what is left of another. Looks at terms alone. Everything obeys
this: only what falls although no value of the table does is warned of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.findings import Finding
from rappel.core.money import plain
from rappel.core.terms import LimitOf, Measure, MeasureOver, Payable, Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.core.agreements import Programme
    from rappel.core.tier_values import Table

SAME: Final = frozenset(
    {
        (Measure.AMOUNT, Payable.AMOUNT),
        (Measure.QUANTITY, Payable.QUANTITY),
        (Measure.GROWTH_AMOUNT, Payable.INCREMENT),
    }
)


def is_apart(one: Programme) -> bool:
    """Whether other purchases, days or figures climb the tiers than are paid on."""
    other_days = one.measure_over is not MeasureOver.WINDOW
    other_lines = one.measure_scope not in {None, one.scope}
    return other_days or other_lines or (one.measure, one.payable) not in SAME


def thinning(table: Table) -> Iterator[Finding]:
    """Warn where the average price of all slices falls as more is measured.

    Rule: each slice is paid on payable x slice / measure. Where the payable stays, by
    its own scope or by a cap, a slice below the reached tier shrinks with every further
    purchase; the reached tier's grows by as much, unless it begins at nothing or has
    come to its own cap.
    """
    one = table.programme
    is_own = table.tiers is one.tiers  # the supplier's, which alone has limits
    is_cut = is_own and one.cap is not None and one.cap.of is LimitOf.PAYABLE
    if not (is_cut or is_apart(one)):
        return
    for place in range(1, len(table.tiers)):
        pays_below = any(tier.rate for tier in table.tiers[:place])
        is_capped = table.tiers[place].cap is not None
        marginal = table.reach is Reach.MARGINAL and is_capped
        if pays_below and (marginal or table.reach is Reach.ROLLING):
            threshold = plain(table.tiers[place].threshold)
            yield table.finding("falling_average", place, threshold=threshold)
            return


def cut_apart(one: Programme, at: str) -> Iterator[Finding]:
    """Warn of a cap on the measure that cuts something else in proportion."""
    cap, rated = one.cap, one.tiers[0].amount is None
    if cap is not None and cap.of is LimitOf.MEASURE and rated and is_apart(one):
        named = {"programme": one.code, "cap": plain(cap.amount)}
        yield Finding(code="falling_cut", column=f"{at}.cap", params=named)
