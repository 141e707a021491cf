"""Balances: from what is due to what is paid now, and what is carried forward.

Owns the last step of the business, after ``due``: the balance of one member under one
programme over all periods. Everything obeys this: a balance below zero, or below the
payout minimum, is not paid and not lost; ``payable_now + carried`` of some rows is
their ``due`` and what was brought forward, to the cent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO = Decimal(0)


class Payment(NamedTuple):
    """What one row makes payable now, and what it leaves in the balance."""

    brought: Decimal
    payable_now: Decimal
    carried: Decimal


def pay(
    dues: Sequence[Decimal], *, brought: Decimal, minimum: Decimal | None
) -> tuple[Payment, ...]:
    """Pay the rows of one member, programme and run, or carry all of them.

    Rule: the balance is what was brought forward plus every row's due. It is paid when
    it is above zero and has reached ``minimum``; the first row bears what was brought
    forward, so that each row says where its money went.
    """
    balance = brought + sum(dues, ZERO)
    paid = balance > 0 and (minimum is None or balance >= minimum)
    payments = []
    for position, due in enumerate(dues):
        before = brought if position == 0 else ZERO
        amount = before + due
        nothing = amount - amount  # zero with as many decimals
        payments.append(
            Payment(before, amount, nothing)
            if paid
            else Payment(before, nothing, amount)
        )
    return tuple(payments)
