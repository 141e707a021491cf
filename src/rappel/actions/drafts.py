"""Drafts: the documents behind each line, and those that earned nothing.

Owns the way from a kept run back to its documents: the same facts, read again by the
run's snapshot, say of each document what it counted for or why it did not. Computes no
rebate and numbers no statement (:mod:`rappel.actions.statements`). Everything obeys
this: a document has one row for what counted and one for each reason; amounts are
signed and in the programme's currency, the document's own figure is positive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from rappel.actions.runs import days_of, facts_of
from rappel.actions.terms import LOWEST, settlements, terms_of
from rappel.actions.working import trimmed
from rappel.core.contributions import contributions
from rappel.core.money import AMOUNT, LINE, RATE, places
from rappel.core.statements import DocumentRow
from rappel.store import issued

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from rappel.actions.terms import Terms
    from rappel.core.period import Period
    from rappel.store.issued import Paper
    from rappel.store.rebates import Rebate
    from rappel.store.snapshots import Books

BELOW: Final = "evidence_below_minimum"
NOWHERE: Final = "no_programme"
ELSEWHERE: Final = "other_supplier"
STOPPED: Final = "programme_stopped"
JUDGED: Final = {
    "member": pl.Int64(),
    "document": pl.Int64(),
    "window": pl.Date(),
    "reason": pl.String(),
    "amount": AMOUNT,
    "net": LINE,
    "rate": RATE,
}
KEY: Final = ("member", "document", "window", "reason")


@dataclass(frozen=True, slots=True)
class Judgements:
    """What each programme says of the documents of some members, asked once each.

    ``members`` limits what is answered; ``period`` is the one whose statement it is.
    """

    session: Session
    books: Books
    period: Period
    members: tuple[int, ...]
    terms: tuple[Terms, ...]
    asked: dict[tuple[str, Period], pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def over(
        cls, session: Session, books: Books, period: Period, members: Iterable[int]
    ) -> Judgements:
        """Prepare to judge the documents of ``members``; reads nothing yet."""
        terms = terms_of(books.revisions)
        return cls(session, books, period, tuple(sorted(set(members))), terms)

    @property
    def programmes(self) -> tuple[str, ...]:
        """The codes of every programme, each once, in the order of its agreement."""
        codes = (each.code for one in self.terms for each in one.programmes)
        return tuple(dict.fromkeys(codes))

    def of(self, programme: str, period: Period) -> pl.DataFrame:
        """Return ``JUDGED`` rows of one programme, as it settles ``period``."""
        key = (programme, period)
        if key not in self.asked:
            terms = next(
                one
                for one in self.terms
                if any(each.code == programme for each in one.programmes)
            )
            self.asked[key] = _judged(self, terms, programme, period)
        return self.asked[key]

    def structural(self) -> pl.DataFrame:
        """Return ``JUDGED`` rows of lines that are out by their scheme."""
        key = ("", self.period)
        if key not in self.asked:
            mine = pl.col("member").is_in(self.members)
            self.asked[key] = (
                self.books.purchases.filter(mine, pl.col("reason").is_not_null())
                .group_by("member", "document", "reason")
                .agg(net=pl.col("amount").sum())
                .with_columns(window=None, amount=0, rate=None)
                .select(pl.col(name).cast(dtype) for name, dtype in JUDGED.items())
                .sort(KEY)
                .collect(engine="streaming")
            )
        return self.asked[key]


def _judged(
    about: Judgements, terms: Terms, programme: str, period: Period
) -> pl.DataFrame:
    """Sum what a programme says of each line by document, window and reason.

    Rule: a missing exchange rate stops the programme for that member, so that none of
    its documents counts.
    """
    settled = next(
        one
        for one in settlements(terms, period)
        if any(each.code == programme for each in one.programmes)
    )
    said = contributions(
        facts_of(about.books, terms),
        settled.programmes,
        period=settled.period,
        programme=programme,
        member=about.members[0] if len(about.members) == 1 else None,
    )
    figures = about.books.purchases.select("line", net="amount")
    stops = pl.col("reason").is_in(["no_rate", "no_original"]).any().over("member")
    stopped = stops & pl.col("reason").is_null()
    found = (
        said.filter(
            pl.col("member").is_in(about.members),
            pl.col("reason").is_null() | (pl.col("reason") != ELSEWHERE),
        )
        .join(figures, on="line")
        .group_by(KEY)
        .agg(
            pl.col("amount").fill_null(0).sum(),
            pl.col("net").sum(),
            pl.col("rate").max(),
        )
        .with_columns(
            reason=pl.when(stopped).then(pl.lit(STOPPED)).otherwise("reason"),
            amount=pl.when(stopped).then(0).otherwise("amount"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in JUDGED.items())
        .sort(KEY)
        .collect(engine="streaming")
    )
    assert isinstance(found, pl.DataFrame)
    return found


def behind(about: Judgements, rebate: Rebate) -> tuple[DocumentRow, ...]:
    """Return the documents behind a rebate, and what of them did not count."""
    line = rebate.line
    period = about.period
    if line.adjusts is not None:
        period = next(
            days_of(one) for one in about.books.closed if one.code == line.adjusts
        )
    judged = about.of(line.programme, period).filter(member=rebate.member_id)
    counted = judged.filter(pl.col("reason").is_null(), pl.col("window") == line.window)
    rest = pl.concat(
        [judged.filter(pl.col("reason").is_not_null()), about.structural()]
    ).join(counted.select("document").unique(), on="document", how="semi")
    rows = pl.concat([counted, rest.filter(member=rebate.member_id)])
    return _rows(about, rows, rebate.currency)


def left_out(about: Judgements, member: int) -> tuple[DocumentRow, ...]:
    """Return the member's documents of the period that earned under no programme.

    Each has one row for each reason: what stopped it, its scheme's, its evidence, else
    the first that a programme of its supplier gives.
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
        .group_by("document", maintain_order=True)
        .agg(judgement=pl.col("reason").first())
    )
    counted = judged.filter(pl.col("reason").is_null()).select("document").unique()
    minimum = max((one.evidence_minimum for one in about.terms), default=LOWEST)
    weak = pl.when(pl.col("evidence") > minimum).then(pl.lit(BELOW))
    days = pl.col("date").is_between(
        about.period.start, about.period.end, closed="left"
    )
    return (
        about.books.purchases.filter(days, pl.col("member").is_in(about.members))
        .join(counted.lazy(), on="document", how="anti")
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
