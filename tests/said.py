"""Terms that say every word of the vocabulary, for tests of sentences.

Owns one deal a word: what only goes with another word is given beside it. Some could
not be signed together with the rest; each can be said.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

from deals import deal, tiers
from rappel.core.agreements import (
    Baseline,
    Gate,
    Holdback,
    Limit,
    Outbound,
    Promotion,
    Scope,
    Target,
    Tier,
)
from rappel.core.money import Rounding
from rappel.core.period import Unit, YearStart
from rappel.core.terms import (
    AllocationBy,
    BaselinePolicy,
    Boundary,
    Counts,
    Fx,
    GrowthOf,
    LimitOf,
    LimitPer,
    Measure,
    MeasureOver,
    Multiplies,
    Payable,
    Pool,
    Reach,
    Returns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.core.agreements import Programme

AMOUNTS = tiers(("0", "500"), ("1000", "900.5"), value="amount")
STEPS = (Tier(threshold=Decimal(0), amount=Decimal(5), every=Decimal(100)),)
PER_UNIT = tiers(("10", "5"), value="per_unit")
FIXED = (Reach.HIGHEST_FIXED, Reach.EACH_FIXED)
SCOPE = Scope(
    categories=("cctv", "access"),
    exclude_categories=("cables",),
    codes=("CAM-1",),
    members=("norte",),
    segments=("gold",),
    countries=("MX",),
)


def table_of(reach: Reach) -> tuple[Tier, ...]:
    if reach is Reach.INCREMENT:
        return STEPS
    return AMOUNTS if reach in FIXED else deal().tiers


def words() -> Iterator[dict[str, Any]]:
    """Yield terms for every word of a field."""
    simple = {
        "measure": Measure,
        "measure_over": MeasureOver,
        "boundary": Boundary,
        "counts": Counts,
        "returns": Returns,
        "accumulate": Unit,
        "settle": Unit,
        "rounding": Rounding,
    }
    for name, kind in simple.items():
        yield from ({name: word} for word in kind)
    yield from ({"reach": reach, "tiers": table_of(reach)} for reach in Reach)
    for measure, of in product(Measure, GrowthOf):
        yield {"measure": measure, "growth_of": of}
    for payable in Payable:
        table = PER_UNIT if payable is Payable.QUANTITY else deal().tiers
        yield {"payable": payable, "tiers": table}
    for pool in Pool:
        yield {"pool": pool, "segment": "gold" if pool is Pool.SEGMENT else None}
    for way in AllocationBy:
        fixed = {"norte": Decimal(60)} if way is AllocationBy.FIXED else {}
        yield {"pool": Pool.GROUP, "allocation": way, "shares": fixed}
    yield {"pool": Pool.GROUP, "payable": Payable.NONE}
    for fx in Fx:
        yield {"fx": fx, "fx_rate": Decimal("18.5") if fx is Fx.FIXED else None}
    yield {"fx": Fx.FIXED, "fx_rates": {"USD": Decimal("18.5"), "EUR": Decimal(20)}}


def parts() -> Iterator[dict[str, Any]]:
    """Yield terms for what is given beside the words."""
    for name, of, per in product(("cap", "minimum", "guarantee"), LimitOf, LimitPer):
        yield {name: Limit(of=of, amount=Decimal(5000), per=per)}
    yield {"cap": Limit(of=LimitOf.EARNED, amount=Decimal(9), carry=True)}
    yield {"minimum": Limit(of=LimitOf.EARNED, amount=Decimal(9), prorate="days")}
    pieces = Limit(of=LimitOf.PAYABLE, amount=Decimal(9))
    yield {"cap": pieces, "payable": Payable.QUANTITY, "tiers": PER_UNIT}
    for measure, scope in product(set(Measure) - {Measure.NONE}, (Scope(), SCOPE)):
        yield {"gates": (Gate(measure=measure, threshold=Decimal(7), scope=scope),)}
    for release in (None, Decimal(90)):
        yield {"holdback": Holdback(percent=Decimal(25), release_from=release)}
    for policy in BaselinePolicy:
        given = Baseline(source="2025", none=policy, zero=policy, part_year=policy)
        yield {"measure": Measure.GROWTH_PERCENT, "baseline": given}
    for multiplies, scope in product((*Multiplies, None), (Scope(), SCOPE)):
        adds = {"adds": Decimal(1)} if multiplies is None else {"by": Decimal(2)}
        promotion = Promotion(
            code="verano",
            start=date(2026, 6, 1),
            end=date(2026, 7, 1),
            scope=scope,
            multiplies=multiplies,
            **adds,
        )
        yield {"promotions": (promotion,)}
    own = Outbound(tiers=tiers(("0", "1")), boundary=Boundary.MORE_THAN)
    yield {"outbound": own, "payer": "andes", "payout_minimum": Decimal(300)}
    yield {"outbound": own, "cap": pieces}
    yield {"less": ("other", "third"), "order": 2}
    yield {"suppliers": ("andes", "bravo"), "scope": SCOPE}
    yield {"measure_scope": SCOPE, "share_of": SCOPE, "measure": Measure.SHARE}
    yield {"measure_scope": Scope()}
    yield {"fee_percent": Decimal("12.5"), "year_starts": YearStart(7, 1)}
    target = Target(member="norte", amount=Decimal(9))
    yield {"targets": (target,), "measure": Measure.TARGET_PERCENT}
    for start, end in product((None, date(2026, 1, 1)), (None, date(2027, 1, 1))):
        yield {"in_force_from": start, "in_force_until": end}
    plus = Tier(
        threshold=Decimal(1), percent=Decimal(2), plus=Decimal(10), cap=Decimal(99)
    )
    yield {"tiers": (plus,)}


def every_deal() -> tuple[Programme, ...]:
    """Return deals that say every word there is."""
    return tuple(deal(**terms) for terms in (*words(), *parts()))
