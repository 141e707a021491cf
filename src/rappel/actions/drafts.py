"""Drafts: the documents behind each line, and those that earned nothing.

Owns how documents stand on a statement, from what :mod:`rappel.actions.judgements` says
of them. Computes no rebate and numbers no statement (:mod:`rappel.actions.statements`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from rappel.actions.judgements import JUDGED, KEY, STOPPED
from rappel.actions.runs import days_of
from rappel.actions.terms import LOWEST
from rappel.actions.working import trimmed
from rappel.core.money import places
from rappel.core.statements import DocumentRow
from rappel.store import issued

if TYPE_CHECKING:
    from rappel.actions.judgements import Judgements
    from rappel.store.issued import Paper
    from rappel.store.rebates import Rebate
    from rappel.store.snapshots import Books

BELOW: Final = "evidence_below_minimum"
NOWHERE: Final = "no_programme"
LACKING: Final = ("no_rate", "no_original", "no_quantity", STOPPED)


def behind(about: Judgements, rebate: Rebate) -> tuple[DocumentRow, ...]:
    """Return the documents behind a rebate, and what of them did not count."""
    judged = _judged(about, rebate)
    counted = _counted(judged, rebate)
    rest = pl.concat(
        [judged.filter(pl.col("reason").is_not_null()), about.structural()]
    ).join(counted.select("document").unique(), on="document", how="semi")
    rows = pl.concat([counted, rest.filter(member=rebate.member_id)])
    return _rows(about, rows, rebate.currency)


def _judged(about: Judgements, rebate: Rebate) -> pl.DataFrame:
    """Return ``JUDGED`` rows of the member, as a rebate's own period settles them."""
    line, period = rebate.line, about.period
    if line.adjusts is not None:
        period = next(
            days_of(one) for one in about.books.closed if one.code == line.adjusts
        )
    return about.of(line.programme, period).filter(member=rebate.member_id)


def _counted(judged: pl.DataFrame, rebate: Rebate) -> pl.DataFrame:
    """Return the rows of what counted in a rebate's window."""
    window = pl.col("window") == rebate.line.window
    return judged.filter(pl.col("reason").is_null(), window)


def left_out(about: Judgements, member: int) -> tuple[DocumentRow, ...]:
    """Return the member's documents of the period that earned under no programme.

    Each has one row for each reason: what stopped it, its scheme's, its evidence, else
    what stopped a programme of its supplier, or the first reason that one gives. A
    return that counts in an adjustment, on the day of its invoice, has counted.
    """
    key = ("left out", about.period)
    if key not in about.asked:
        about.asked[key] = _left_out(about)
    return _rows(about, about.asked[key].filter(member=member), None)


def _left_out(about: Judgements) -> pl.DataFrame:
    """Return ``JUDGED`` rows of the documents of the period that earned nothing."""
    judged = pl.concat(
        [pl.DataFrame(schema=JUDGED)]
        + [about.of(code, about.period) for code in about.programmes]
    )
    told = (
        judged.filter(pl.col("reason").is_not_null())
        .sort(~pl.col("reason").is_in(LACKING), maintain_order=True)
        .group_by("document", maintain_order=True)
        .agg(judgement=pl.col("reason").first())
    )
    adjusted = [_counted(_judged(about, one), one) for one in about.adjusting]
    counted = pl.concat([judged.filter(pl.col("reason").is_null()), *adjusted])
    minimum = max((one.evidence_minimum for one in about.terms), default=LOWEST)
    weak = pl.when(pl.col("evidence") > minimum).then(pl.lit(BELOW))
    days = pl.col("date").is_between(
        about.period.start, about.period.end, closed="left"
    )
    return (
        about.books.purchases.filter(days, pl.col("member").is_in(about.members))
        .join(counted.select("document").unique().lazy(), on="document", how="anti")
        .join(_stopped(about.books).lazy(), on="document", how="left")
        .join(told.lazy(), on="document", how="left")
        .with_columns(
            reason=pl.coalesce("event", "reason", weak, "judgement", pl.lit(NOWHERE))
        )
        .group_by("member", "document", "reason")
        .agg(net=pl.col("amount").sum())
        .with_columns(window=None, amount=0, rate=None)
        .select(pl.col(name).cast(dtype) for name, dtype in JUDGED.items())
        .sort(KEY)
        .collect(engine="streaming")
    )


def _stopped(books: Books) -> pl.DataFrame:
    return pl.DataFrame(
        {"document": list(books.stopped), "event": list(books.stopped.values())},
        schema={"document": pl.Int64, "event": pl.String},
    )


def _rows(
    about: Judgements, rows: pl.DataFrame, currency: str | None
) -> tuple[DocumentRow, ...]:
    """Put the documents' own names to their rows, in the order of date and number."""
    papers = issued.papers(about.session, rows["document"].unique().to_list())
    made = [_row(papers[row["document"]], row, currency) for row in rows.to_dicts()]
    return tuple(
        sorted(
            made,
            key=lambda one: (
                one.invoice_date,
                one.number,
                one.document,
                one.reason or "",
            ),
        )
    )


def _row(paper: Paper, row: dict[str, Any], currency: str | None) -> DocumentRow:
    money = places(currency or paper.currency)
    rate = row["rate"] if currency not in {None, paper.currency} else None
    return DocumentRow(
        document=paper.ref,
        fiscal_key=paper.fiscal_key,
        number=paper.number,
        kind=paper.kind,
        invoice_date=paper.invoice_date,
        supplier=paper.supplier,
        currency=paper.currency,
        net=trimmed(row["net"], places(paper.currency)),
        rate=None if rate is None else trimmed(rate),
        amount=trimmed(row["amount"], money),
        evidence=paper.evidence,
        reason=row["reason"],
    )
