"""The annex: one row a document, as printed.

Owns how a document of a statement reads in a list, and the sum under the list. Does not
own which documents are listed (:mod:`rappel.paper.view`).

Convention: a converted figure shows every decimal it has, and a column as many as its
longest figure, so that points align and the column adds up exactly. A credit note's
net is printed negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rappel.paper.figures import BLANK, DASH, places_of
from rappel.paper.text import NUMBER, clean
from rappel.paper.words import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rappel.core.statements import DocumentRow
    from rappel.paper.words import Words

EXACT: Final = 8  # most places in columns that are not rounded
KEY: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of the annex; ``amount`` is what it counted for."""

    day: str
    number: str
    key: str
    supplier: str
    net: str
    rate: str
    amount: str
    reason: str
    negative: bool


def widest(words: Words, values: Iterable[Decimal]) -> int:
    """Count the places that every figure of a column needs, so that points align."""
    return max((places_of(v, words.places, EXACT) for v in values), default=0)


def exact_total(words: Words, rows: tuple[DocumentRow, ...]) -> str:
    """Write what the documents of a list counted for, together."""
    places = widest(words, (row.amount for row in rows))
    return words.form.number(
        sum((row.amount for row in rows), Decimal(0)), places, places
    )


def papers(words: Words, rows: tuple[DocumentRow, ...]) -> tuple[Paper, ...]:
    """Write the documents of a list."""
    places = widest(words, (row.amount for row in rows))
    return tuple(_paper(words, row, places) for row in rows)


def _paper(words: Words, row: DocumentRow, places: int) -> Paper:
    kind = KINDS.get(row.kind)
    number = clean(row.number, NUMBER)
    sign = -1 if row.kind == "credit_note" else 1
    net = words.form.number(sign * row.net, words.places)
    return Paper(
        day=words.form.short_day(row.invoice_date),
        number=f"{number} ({words.say(kind)})" if kind else number,
        key=clean(row.fiscal_key or DASH, KEY),
        supplier=clean(row.supplier, NUMBER),
        net=f"{net}{BLANK}{clean(row.currency, 3)}",
        rate="" if row.rate is None else words.form.number(row.rate),
        amount=words.form.number(row.amount, places, places),
        reason=words.reason(row.reason) if row.reason else "",
        negative=row.amount < 0,
    )
