"""Views that see the same are looked at once, and nothing that differs is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from deals import QUARTER, column, computed, deal, tiers
from rappel.core import alike, views
from rappel.core.agreements import Promotion, Scope
from rappel.core.period import Unit
from rappel.core.programmes import chained
from rappel.core.terms import (
    Counts,
    Fx,
    Measure,
    Multiplies,
    Payable,
    Pool,
    Reach,
    Returns,
)

if TYPE_CHECKING:
    from rappel.core.agreements import Programme

ONE = tiers(("0", "1"))
SPRING = Promotion(
    code="spring",
    start=date(2026, 2, 1),
    end=date(2026, 3, 1),
    multiplies=Multiplies.RATE,
    by=Decimal(2),
)


def firsts(*given: Programme) -> list[tuple[int, ...]]:
    """Return each view with the first one that sees the same."""
    return alike.firsts(views.views(chained(given), QUARTER)).sort("v").rows()


@pytest.mark.parametrize(
    "terms",
    [
        {"reach": Reach.MARGINAL},
        {"pool": Pool.GROUP},
        {"fee_percent": Decimal(5)},
        {"within": (Scope(),)},
        {"in_force_from": date(2026, 1, 1)},
        {"segment": "access"},
        {"accumulate": Unit.YEAR},  # its first quarter
    ],
)
def test_what_says_nothing_of_lines_leaves_views_alike(terms: dict[str, Any]) -> None:
    assert firsts(deal("one"), deal("other", **terms)) == [(0, 0), (1, 0)]


@pytest.mark.parametrize(
    "terms",
    [
        {"suppliers": ("andes",)},
        {"scope": Scope(codes=("A",))},
        {"within": (Scope(countries=("MX",)),)},
        {"pool": Pool.SEGMENT, "segment": "access"},
        {"returns": Returns.EXCLUDED},
        {"counts": Counts.PAID},
        {"currency": "USD"},
        {"fx": Fx.PERIOD_END},
        {"fx": Fx.FIXED, "fx_rate": Decimal(2)},
        {"fx": Fx.FIXED, "fx_rates": {"USD": Decimal(2)}},
        {"in_force_from": date(2026, 1, 2)},
        {"in_force_until": date(2026, 3, 31)},
        {"accumulate": Unit.MONTH},
        {"payable": Payable.QUANTITY},
    ],
)
def test_whatever_says_what_counts_keeps_views_apart(terms: dict[str, Any]) -> None:
    assert firsts(deal("one"), deal("other", **terms)) == [(0, 0), (1, 1)]


def test_rates_that_differ_and_rates_in_another_order() -> None:
    one = {"USD": Decimal(2), "EUR": Decimal(3)}
    same = dict(reversed(one.items()))
    other = {"USD": Decimal(2), "EUR": Decimal(4)}
    given = [
        deal(f"p{n}", fx=Fx.FIXED, fx_rates=rates)
        for n, rates in enumerate((one, same, other))
    ]
    assert firsts(*given) == [(0, 0), (1, 0), (2, 2)]


def test_shares_of_all_purchases_are_of_one_whole() -> None:
    share = {"measure": Measure.SHARE, "tiers": ONE}
    andes = deal("andes", suppliers=("andes",), **share)
    bravo = deal("bravo", suppliers=("bravo",), **share)
    assert firsts(andes, bravo) == [(0, 0), (1, 1), (2, 2), (3, 2)]


def test_a_view_without_days_stands_for_nobody() -> None:
    summer = deal("summer", in_force_from=date(2026, 6, 1))
    assert firsts(summer, deal("deal")) == [(1, 1)]


def test_each_of_those_alike_has_its_own_volumes_and_its_own_stops() -> None:
    lines = """
    member | supplier | currency | amount
    1      | 1        | MXN      | 100
    1      | 2        | MXN      | 10
    2      | 1        | MXN      | 200
    2      | 2        | USD      | 1
    """
    share = {"measure": Measure.SHARE, "tiers": ONE, "fx": Fx.PERIOD_END}
    given = [
        deal("a", suppliers=("andes",), **share),
        deal("b", suppliers=("andes",), **share),
        deal("c", suppliers=("andes",), tiers=ONE, fx=Fx.PERIOD_END),
        deal("d", tiers=ONE, fx=Fx.PERIOD_END, promotions=(SPRING,)),
    ]
    found = computed(lines, *given)
    rebates = found.rebates.select("programme", "member").rows()
    assert rebates == [("a", 1), ("b", 1), ("c", 1), ("c", 2), ("d", 1)]
    stopped = found.stopped.select("programme", "member", "reason").rows()
    assert stopped == [(code, 2, "no_rate") for code in ("a", "b", "d")]
    assert found.volumes.select("programme", "supplier", "member").rows() == [
        ("a", 1, 1),
        ("b", 1, 1),
        ("c", 1, 1),
        ("c", 1, 2),
        ("d", 1, 1),
        ("d", 2, 1),
    ]
    assert column(found.volumes, "amount") == ["100", "100", "100", "200", "100", "10"]
    apart = [computed(lines, one) for one in given]
    for place, one in enumerate(given):
        mine = found.rebates.filter(programme=one.code)
        assert mine.equals(apart[place].rebates)
