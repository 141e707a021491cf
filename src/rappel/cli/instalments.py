"""A window and its instalments: what it came to, and what each statement paid of it.

Owns the adding up of statement lines over the periods that settled one window; reads
nothing. Everything obeys this: what was due in all is what was earned less the fee, to
the cent, and what was paid and what is carried make up what was due.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rappel.core.money import places, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]

ZERO: Final = Decimal(0)
STATED: Final = ("volume", "earned", "fee", "carried")
"""Of the whole window, so that the last line says it."""


def instalments(statements: Sequence[Row], periods: Sequence[str]) -> Row:
    """Return each programme's windows with their members, and the sums of all.

    ``statements`` are rows of ``statements.json``. The sums of all are left out where
    they would mix currencies.
    """
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for statement in statements:
        told = {name: statement[name] for name in ("member", "period", "currency")}
        for line in statement["lines"]:
            key = (line["programme"], line["window"], statement["currency"])
            found[key].append(line | told)
    programmes = [
        {"programme": programme, "window": window, "currency": currency}
        | _programme(lines, periods, places(currency))
        for (programme, window, currency), lines in sorted(found.items())
    ]
    currencies = {one["currency"] for one in programmes}
    if len(currencies) != 1:
        return {"programmes": programmes}
    money = places(currencies.pop())
    return {
        "programmes": programmes,
        "due": _sum((due for one in programmes for due in one["due"]), money),
        "paid": _sum((one["paid"] for one in programmes), money),
        "carried": _sum((one["carried"] for one in programmes), money),
    }


def _programme(lines: Sequence[Row], periods: Sequence[str], money: int) -> Row:
    members = [
        _member([one for one in lines if one["member"] == member], periods, money)
        for member in sorted({one["member"] for one in lines})
    ]
    return {
        "members": members,
        **{
            name: _sum((one[name] for one in members), money)
            for name in (*STATED, "net")
        },
        "due": [
            _sum((one["due"][place] for one in members), money)
            for place, _ in enumerate(periods)
        ],
        "paid": _sum((one["sum_of_paid"] for one in members), money),
    }


def _member(lines: Sequence[Row], periods: Sequence[str], money: int) -> Row:
    last = max(lines, key=lambda one: periods.index(one["period"]))
    due = _by_period(lines, "due", periods, money)
    paid = _by_period(lines, "payable_now", periods, money)
    net = Decimal(last["earned"]) - Decimal(last["fee"])
    return {
        "member": last["member"],
        **{name: last[name] for name in STATED},
        "net": plain(net, money),
        "due": due,
        "sum_of_due": _sum(due, money),
        "paid": paid,
        "sum_of_paid": _sum(paid, money),
    }


def _by_period(
    lines: Sequence[Row], name: str, periods: Sequence[str], money: int
) -> list[str]:
    return [
        _sum((one[name] for one in lines if one["period"] == period), money)
        for period in periods
    ]


def _sum(figures: Iterable[str], money: int) -> str:
    return plain(sum(map(Decimal, figures), ZERO), money)
