"""A purchase abroad is converted at the rate of its programme's policy, or stopped."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from deals import QUARTER, column, computed, deal, facts, only, tiers
from rappel.core.contributions import contributions
from rappel.core.terms import Fx

if TYPE_CHECKING:
    from rappel.core.agreements import Programme

ONE = tiers(("0", "1"))
ABROAD = """
date       | currency | amount | rate | rate_currency
2026-02-11 | USD      | 1000   | 18.5 | MXN
2026-03-02 | USD      | 100    | 17   | MXN
2026-03-03 | MXN      | 7      |      |
"""
RATES = """
from | to  | date       | rate
USD  | MXN | 2026-02-11 | 18.123456
USD  | MXN | 2026-03-02 | 17.5
USD  | MXN | 2026-03-31 | 20
"""


@pytest.mark.parametrize(
    ("terms", "volume"),
    [
        ({"fx": Fx.DOCUMENT_RATE}, "20207"),
        ({"fx": Fx.INVOICE_DATE}, "19880.456"),
        ({"fx": Fx.PERIOD_END}, "22007"),
        ({"fx": Fx.FIXED, "fx_rate": tiers(("0", "18"))[0].percent}, "19807"),
    ],
)
def test_each_policy_converts_at_its_own_rate(
    terms: dict[str, object], volume: str
) -> None:
    given = deal(tiers=ONE, **terms)
    assert column(computed(ABROAD, given, rates=RATES).rebates, "volume") == [volume]
    said = contributions(
        facts(ABROAD, rates=RATES), [given], period=QUARTER, programme="deal"
    ).sort("line")
    lines = said.collect()
    assert column(lines.select(pl.col("amount").sum()), "amount") == [volume]
    assert [rate is None for rate in lines["rate"]] == [False, False, True]


TWO = """
member | supplier | date       | currency | amount
1      | 1        | 2026-02-12 | USD      | 1000
2      | 1        | 2026-02-13 | EUR      | 10
2      | 2        | 2026-02-13 | USD      | 1
3      | 1        | 2026-02-13 | MXN      | 5
"""


def fixed(**terms: object) -> Programme:
    return deal(tiers=ONE, fx=Fx.FIXED, **terms)


def test_a_fixed_rate_is_that_of_its_own_currency() -> None:
    rates = {"USD": Decimal(18), "EUR": Decimal(20)}
    computation = computed(TWO, fixed(fx_rates=rates))
    assert column(computation.rebates, "volume") == ["18000", "218", "5"]
    said = contributions(
        facts(TWO), [fixed(fx_rates=rates)], period=QUARTER, programme="deal"
    )
    assert column(said.sort("line").collect(), "amount") == ["18000", "200", "18", "5"]


def test_a_currency_without_a_fixed_rate_stops_the_programme_for_its_member() -> None:
    dollars = fixed(fx_rates={"USD": Decimal(18)})
    computation = computed(TWO, dollars)
    assert column(computation.rebates, "volume") == ["18000", "5"]
    (finding,) = computation.findings
    assert (finding.code, finding.params["member"], finding.params["currency"]) == (
        "no_fixed_rate",
        "sur",
        "EUR",
    )
    said = contributions(facts(TWO), [dollars], period=QUARTER, programme="deal")
    reasons = said.sort("line").collect()["reason"].to_list()
    assert reasons == [None, "no_rate", None, None]


def test_a_rate_that_names_no_currency_is_of_the_only_one_there_is() -> None:
    unnamed = {"fx_rate": Decimal(18)}
    of_all = computed(TWO, fixed(**unnamed))
    assert column(of_all.rebates, "volume") == ["5"]
    assert [one.code for one in of_all.findings] == ["no_fixed_rate"] * 3
    of_bravo = computed(TWO, fixed(suppliers=("bravo",), **unnamed))
    assert column(of_bravo.rebates, "volume") == ["18"]


def test_programmes_of_two_currencies_are_computed_together() -> None:
    pesos = deal("pesos", tiers=ONE, fx=Fx.INVOICE_DATE)
    dollars = deal("usd", tiers=ONE, fx=Fx.INVOICE_DATE, currency="USD")
    rates = RATES + "MXN | USD | 2026-03-03 | 0.05"
    rebates = computed(ABROAD, pesos, dollars, rates=rates).rebates
    assert rebates["currency"].to_list() == ["MXN", "USD"]
    assert column(rebates, "volume") == ["19880.456", "1100.35"]


def test_a_missing_rate_stops_that_programme_for_that_member_only() -> None:
    lines = """
    member | date       | currency | amount
    1      | 2026-02-12 | USD      | 1000
    1      | 2026-02-13 | MXN      | 500
    2      | 2026-02-13 | MXN      | 300
    """
    given = deal(tiers=ONE, fx=Fx.INVOICE_DATE)
    computation = computed(lines, given, deal("euros", currency="EUR"), rates=RATES)
    assert computation.rebates.select("programme", "member").rows() == [("deal", 2)]
    finding = computation.findings[0]
    assert finding.code == "no_rate"
    assert finding.params["member"] == "norte"
    assert finding.params["amount"] == "1000.00"
    assert len(computation.findings) == 4
    said = contributions(
        facts(lines, rates=RATES), [given], period=QUARTER, programme="deal"
    )
    assert said.sort("line").collect()["reason"].to_list() == ["no_rate", None, None]


def test_a_document_rate_to_another_currency_is_no_rate() -> None:
    lines = "currency | amount | rate | rate_currency\nUSD | 1000 | 0.9 | EUR"
    assert only(computed(lines, deal()).findings).code == "no_rate"


def test_the_average_is_that_of_the_days_of_the_period_that_have_a_rate() -> None:
    rates = """
    from | to  | date       | rate
    USD  | MXN | 2025-12-31 | 90
    USD  | MXN | 2026-01-01 | 17
    USD  | MXN | 2026-02-10 | 17
    USD  | MXN | 2026-03-31 | 18
    USD  | MXN | 2026-04-01 | 90
    """
    lines = "currency | amount\nUSD | 300\nMXN | 1\nEUR | 5"
    terms = deal(fx=Fx.PERIOD_AVERAGE)
    computation = computed(lines.replace("EUR | 5", "USD | 0"), terms, rates=rates)
    assert column(computation.rebates, "volume") == ["5201"]  # at 17 and a third
    assert column(computed(lines, terms, rates=rates).stopped, "currency") == ["EUR"]
