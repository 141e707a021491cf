"""What is due, what is paid now and what is carried, row by row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rappel.core.balances import pay


def paid(
    *dues: str, brought: str = "0", minimum: str | None = None
) -> tuple[list[str], list[str]]:
    """Return what the rows make payable now, and what they carry."""
    rows = pay(
        [Decimal(due) for due in dues],
        brought=Decimal(brought),
        minimum=None if minimum is None else Decimal(minimum),
    )
    return [str(row.payable_now) for row in rows], [str(row.carried) for row in rows]


def test_what_is_due_is_paid() -> None:
    assert paid("10.00", "5.00") == (["10.00", "5.00"], ["0.00", "0.00"])


def test_an_adjustment_below_zero_is_set_off() -> None:
    assert paid("-4.00", "10.00") == (["-4.00", "10.00"], ["0.00", "0.00"])


def test_a_balance_below_zero_pays_nothing_and_is_carried() -> None:
    assert paid("-10.00", "4.00") == (["0.00", "0.00"], ["-10.00", "4.00"])


def test_what_was_brought_forward_is_set_off_in_the_first_row() -> None:
    assert paid("10.00", "1.00", brought="-4.00") == (
        ["6.00", "1.00"],
        ["0.00", "0.00"],
    )
    assert paid("10.00", brought="-10.01") == (["0.00"], ["-0.01"])


@pytest.mark.parametrize(("due", "payable"), [("100.00", "100.00"), ("99.99", "0.00")])
def test_the_payout_minimum_is_paid_when_it_is_reached(due: str, payable: str) -> None:
    assert paid(due, minimum="100")[0] == [payable]


def test_a_balance_of_nothing_pays_nothing() -> None:
    assert paid("5.00", "-5.00") == (["0.00", "0.00"], ["5.00", "-5.00"])


def test_no_row_is_lost() -> None:
    rows = pay(
        [Decimal("-3.10"), Decimal("2.05")], brought=Decimal("1.00"), minimum=None
    )
    assert sum(row.payable_now + row.carried for row in rows) == Decimal("-0.05")
    assert sum(row.brought for row in rows) == Decimal("1.00")
    assert pay([], brought=Decimal(0), minimum=None) == ()
