"""Accruals: to date, at the end, received; by the tier that is reached or projected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from deals import column, computed, deal
from rappel.core.accruals import ACCRUALS, EARLIER, PACES, Policy, accruals
from rappel.core.frames import REBATES
from rappel.core.period import Unit
from table import table

if TYPE_CHECKING:
    import polars as pl

    from rappel.core.agreements import Programme

DAYS = "programme | window     | elapsed | days\ndeal      | 2026-01-01 | 30 | 90"


def stated(
    now: str,
    then: str | None = None,
    *terms: Programme,
    policy: Policy = Policy.PROJECTED,
    earlier: str | None = None,
    days: str | None = DAYS,
    **others: str,
) -> pl.DataFrame:
    """Return the accruals of purchases and of those that they lead to."""
    given = terms or (deal(),)
    return accruals(
        computed(now, *given, **others).rebates,
        computed(then or now, *given, **others).rebates,
        table(days, PACES.columns) if days else PACES.empty(),
        table(earlier, EARLIER.columns) if earlier else EARLIER.empty(),
        policy=policy,
    )


def row(frame: pl.DataFrame) -> dict[str, str]:
    """Return the figures of the one row there is."""
    (found,) = frame.rows(named=True)
    names = [*ACCRUALS.columns][4:]
    return {name: column(frame, name)[0] for name in names if found}


def test_the_reached_tier_expects_what_is_earned_and_has_accrued_all_of_it() -> None:
    found = row(stated("amount\n100000", "amount\n300000", policy=Policy.REACHED))
    assert found == {
        "earned": "2000",
        "expected": "2000",
        "accrued": "2000",
        "received": "0",
        "outstanding": "2000",
        "earlier": "0",
        "change": "2000",
    }


def test_the_projected_tier_accrues_by_the_days_elapsed() -> None:
    """300,000 at the end earn 10,500; a third of the days has passed."""
    found = row(stated("amount\n100000", "amount\n300000"))
    assert (found["earned"], found["expected"]) == ("2000", "10500")
    assert (found["accrued"], found["outstanding"]) == ("3500", "3500")


def test_what_accrues_is_rounded_once_to_the_minor_unit() -> None:
    """100,000.25 earn 2,000.01 (2,000.005); a third of it is 666.67."""
    assert row(stated("amount\n100000.25"))["accrued"] == "666.67"


def test_a_currency_without_a_minor_unit_accrues_whole() -> None:
    terms = deal(currency="CLP")
    lines = "amount | currency\n100000 | CLP"
    assert row(stated(lines, None, terms))["accrued"] == "667"


def test_a_window_that_is_over_has_accrued_all() -> None:
    found = row(stated("amount\n100000", days=None))
    assert (found["expected"], found["accrued"]) == ("2000", "2000")


def test_figures_are_net_of_the_fee_and_of_what_was_received() -> None:
    settled = "programme | member | window | amount\ndeal | 1 | 2026-01-01 | 700"
    terms = deal(fee_percent=Decimal(10))
    found = row(
        stated("amount\n100000", None, terms, policy=Policy.REACHED, settled=settled)
    )
    assert (found["earned"], found["received"]) == ("1800", "700")
    assert found["outstanding"] == "1100"


def test_the_change_is_the_difference_to_an_earlier_accrual() -> None:
    earlier = """
    programme | member | window     | currency | outstanding
    deal      | 1      | 2026-01-01 | MXN      | 1500
    gone      | 2      | 2026-01-01 | MXN      | 40
    """
    frame = stated("amount\n100000", policy=Policy.REACHED, earlier=earlier)
    assert column(frame, "programme") == ["deal", "gone"]
    assert column(frame, "earlier") == ["1500", "40"]
    assert column(frame, "change") == ["500", "-40"]
    assert column(frame, "outstanding") == ["2000", "0"]


def test_a_row_that_no_projection_knows_expects_what_it_has_earned() -> None:
    now = computed("amount\n100000").rebates
    frame = accruals(
        now,
        REBATES.empty(),
        PACES.empty(),
        EARLIER.empty(),
        policy=Policy.PROJECTED,
    )
    assert row(frame)["expected"] == "2000"


@pytest.mark.parametrize("policy", [*Policy])
def test_nothing_accrues_of_nothing(policy: Policy) -> None:
    nothing = REBATES.empty()
    frame = accruals(nothing, nothing, PACES.empty(), EARLIER.empty(), policy=policy)
    assert frame.is_empty()
    assert frame.schema == ACCRUALS.empty().schema


def test_each_window_has_its_own_pace() -> None:
    days = """
    programme | window     | elapsed | days
    deal      | 2026-02-01 | 14      | 28
    """
    lines = """
    date       | amount
    2026-01-10 | 100000
    2026-02-10 | 100000
    """
    frame = stated(lines, None, deal(accumulate=Unit.MONTH), days=days)
    assert frame["window"].to_list() == [date(2026, 1, 1), date(2026, 2, 1)]
    assert column(frame, "accrued") == ["2000", "1000"]
