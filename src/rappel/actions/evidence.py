"""Evidence: the facts of the books that count under an agreement's rules.

Owns which of a snapshot's lines an agreement is computed on, and what they say of the
invoice they correct and of its payment where the terms ask. Computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from rappel.core.frames import LINES, Facts
from rappel.core.terms import Counts, Returns
from rappel.store.payments import with_payments

if TYPE_CHECKING:
    from rappel.actions.terms import Terms
    from rappel.store.snapshots import Books


def facts_of(books: Books, terms: Terms) -> Facts:
    """Return the facts that count under an agreement's rules of evidence.

    Rule: a line of some amount and no pieces states no quantity.
    """
    counting = books.purchases.filter(
        pl.col("reason").is_null(),
        pl.col("evidence") <= terms.evidence_minimum,
        ~pl.col("document").is_in(
            pl.Series(list(books.stopped), dtype=pl.Int64).implode()
        ),
    )
    names = [name for name in LINES.columns if name not in LINES.optional]
    unstated = (pl.col("quantity") == 0) & (pl.col("amount") != 0)
    stated = pl.when(~unstated).then("quantity")
    lines = counting.select(names).with_columns(quantity=stated)
    by_payment = any(one.counts is Counts.PAID for one in terms.programmes)
    moved = any(one.returns is Returns.ORIGINAL_INVOICE for one in terms.programmes)
    if by_payment or moved:
        lines = lines.join(books.originals.lazy(), on="document", how="left")
    if by_payment:
        lines = with_payments(lines, books.paid)
    return Facts(
        lines=lines,
        members=books.members,
        suppliers=books.suppliers,
        rates=books.rates,
        baselines=books.baselines,
        settled=books.settled,
        catalogue=books.catalogue,
    )
