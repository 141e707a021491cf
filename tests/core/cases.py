"""Random cases for laws: what is changed in one, and what the engine answers.

Cases are those of :mod:`core.books`: every measure, reach, pool and clause that is
computed, with several currencies, returns, revisions, joiners and leavers.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

from core.books import book_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, str, str]


def case_of(seed: int) -> Row:
    """Return the random case of a seed."""
    return book_of(seed).case


def with_purchases(case: Row, purchases: Sequence[Row]) -> Row:
    return {**case, "purchases": [*purchases]}


def with_terms(case: Row, change: Callable[[Row], Row]) -> Row:
    """Return the case with other terms."""
    return {**case, "programmes": [change(one) for one in case["programmes"]]}


def is_bought(purchase: Mapping[str, Any]) -> bool:
    return purchase["kind"] != "credit_note"


def figures(answer: Row) -> tuple[list[Row], list[Row]]:
    """Return what a change that means nothing must not touch: rebates and pools."""
    return answer["rebates"], answer["pools"]


def earned_of(answer: Row) -> dict[str, Decimal]:
    """Return what each programme pays in all."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in answer["rebates"]:
        if row["leg"] == "outbound":
            sums[row["programme"]] += Decimal(row["earned"])
    return sums


def net(row: Row) -> Decimal:
    """Return what has been settled once a row is paid."""
    earned, fee, held = (Decimal(row[n]) for n in ("earned", "fee", "holdback"))
    return earned - fee - held


def key_of(row: Row) -> Key:
    return row["programme"], row["member"], row["window"]


def settled(posted: Mapping[Key, Decimal]) -> list[Row]:
    """Write what was posted before as a case has it."""
    return [
        {"programme": code, "member": member, "window": window, "amount": f"{sum_:f}"}
        for (code, member, window), sum_ in posted.items()
    ]


def shuffled(rows: Sequence[Row], seed: int) -> list[Row]:
    mixed = [*rows]
    Random(seed).shuffle(mixed)
    return mixed


def parted(purchase: Row, random: Random) -> list[Row]:
    """Split a purchase in two documents, its amount and its quantity."""
    halves = []
    amount, quantity = Decimal(purchase["amount"]), Decimal(purchase["quantity"])
    some = (amount * random.randrange(101) / 100).quantize(Decimal("0.01"))
    few = Decimal(random.randrange(int(quantity) + 1))
    for part, units in ((some, few), (amount - some, quantity - few)):
        halves.append({**purchase, "amount": f"{part:f}", "quantity": f"{units:f}"})
    return halves
