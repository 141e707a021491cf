"""Causes: what made a line correct a closed period, in words.

Owns which of a run's news stand on which line. Rule: an adjustment names the period and
the documents that caused it; of other members it says only that theirs changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.period import Period
from rappel.core.statements import Cause
from rappel.core.terms import Counts, Measure, Pool
from rappel.store import issued, news

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from rappel.actions.judgements import Judgements
    from rappel.actions.terms import Terms
    from rappel.core.agreements import Programme
    from rappel.core.statements import DocumentRow, StatementLine
    from rappel.store.issued import Paper
    from rappel.store.news import News
    from rappel.store.runs import KeptRun

CAME: Final = (
    "Document {number} of {date}, {supplier}, came after the period was closed."
)
EVENTS: Final = {
    "replaced": (
        "Document {number} of {date}, {supplier}, was replaced and no longer counts."
    ),
    "cancelled": (
        "Document {number} of {date}, {supplier}, was cancelled and no longer counts."
    ),
    "withdrawn": (
        "Document {number} of {date}, {supplier}, was withdrawn and no longer counts."
    ),
    "released": (
        "Document {number} of {date}, {supplier}, was released and counts again."
    ),
    "paid": "Document {number} of {date}, {supplier}, was paid and counts now.",
    "unpaid": (
        "Document {number} of {date}, {supplier}, is not paid and no longer counts."
    ),
}
OTHERS: Final = "What other members of the pool bought changed."
TERMS: Final = "Revision {revision} of the terms {agreement} was signed."
BASELINE: Final = "A baseline was stated or corrected, in {source} of {date}."
BASELINES: Final = "Baselines of other members of the pool changed."
RATES: Final = "An exchange rate came or was corrected."
CATALOGUE: Final = "The catalogue says something else of a product that was bought."
MEMBER: Final = "What is known of the member changed: its days, country or groups."
ELSEWHERE: Final = "Another window or programme that it builds on changed."
EVERY: Final = "*"
GONE: Final = ("replaced", "cancelled", "withdrawn", "unpaid")
PAYMENTS: Final = ("paid", "unpaid")


@dataclass(frozen=True, slots=True)
class Causes:
    """The news of a run beside its facts, asked for each line that corrects."""

    session: Session
    news: News | None
    purchases: pl.LazyFrame
    terms: tuple[Terms, ...]

    @classmethod
    def of(cls, about: Judgements, run: KeptRun) -> Causes:
        """Read the news of a kept run; the viewer of the session is the system."""
        found = news.of(about.session, run)
        return cls(about.session, found, about.books.purchases, about.terms)

    def behind(
        self, line: StatementLine, member: int, documents: tuple[DocumentRow, ...]
    ) -> tuple[Cause, ...]:
        """Return what caused a line; nothing where it corrects no closed period.

        ``line`` is as it was kept, its suppliers by their codes; ``documents`` are
        those behind it.
        """
        if line.adjusts is None or self.news is None:
            return ()
        counted = {one.document for one in documents if one.reason is None}
        found = (
            *self._documents(self.news, line, member, counted),
            *self._baselines(self.news, line, member),
            *self._other_facts(self.news, line, member),
        )
        return found or (Cause(code="elsewhere", text=ELSEWHERE, params={}),)

    def _documents(
        self, news: News, line: StatementLine, member: int, counted: set[str]
    ) -> Iterator[Cause]:
        """Yield the member's own documents, and that there are others' in its pool.

        What counts anew is named where it counts, or where the terms look at more than
        what is paid.
        """
        window, codes = _window(line), line.supplier.split(", ")
        terms = self._terms(line.programme)
        untold = () if any(one.counts is Counts.PAID for one in terms) else PAYMENTS
        heard = [
            one
            for one in news.documents
            if (one.supplier in codes or EVERY in codes)
            and any(day in window for day in one.days)
            and one.event not in untold
        ]
        events = {one.invoice: one.event for one in heard if one.member == member}
        papers = issued.papers(self.session, sorted(events))
        wide = any(_looks_beyond(one) for one in terms)
        for invoice, paper in sorted(papers.items(), key=_place):
            event = events[invoice]
            if wide or event in GONE or paper.ref in counted:
                yield _of(paper, event)
        changed = {who for who, one in news.members.items() if one.in_(window)}
        others = {one.member for one in heard} | changed
        if line.pool != Pool.MEMBER.value and others - {member}:
            yield Cause(code="others", text=OTHERS, params={})
        if member in changed:
            yield Cause(code="member", text=MEMBER, params={})

    def _baselines(
        self, news: News, line: StatementLine, member: int
    ) -> Iterator[Cause]:
        """Yield the member's own baseline, and that there are others' in its pool."""
        asked = (line.programme, line.window)
        stated = [one for one in news.baselines if (one[0], one[2]) == asked]
        for one in stated:
            if one.member == member:
                params = {"source": one.source, "date": one.date.isoformat()}
                yield Cause(code="baseline", text=BASELINE, params=params)
        others = {one.member for one in stated} - {member}
        if line.pool != Pool.MEMBER.value and others:
            yield Cause(code="baselines", text=BASELINES, params={})

    def _other_facts(
        self, news: News, line: StatementLine, member: int
    ) -> Iterator[Cause]:
        """Yield new terms, rates and words of the catalogue that the line looks at."""
        window, agreement = _window(line), self._agreement(line.programme)
        for one in news.revisions:
            if one.agreement == agreement and (one.since or window.start) < window.end:
                params = {"agreement": one.agreement, "revision": str(one.number)}
                yield Cause(code="terms", text=TERMS, params=params)
        mine = pl.col("member") == member
        bought = self.purchases.filter(
            pl.col("date").is_between(window.start, window.end, closed="left"),
            mine if line.pool == Pool.MEMBER.value else pl.lit(value=True),
        )
        own = self._terms(line.programme)[0].currency
        if any(day in window for day in news.rates) and _some(
            bought.filter(pl.col("currency") != own)
        ):
            yield Cause(code="rates", text=RATES, params={})
        if _some(bought.join(news.items.lazy(), on=["supplier", "code"], how="semi")):
            yield Cause(code="catalogue", text=CATALOGUE, params={})

    def _terms(self, programme: str) -> list[Programme]:
        given = (one for each in self.terms for one in each.programmes)
        return [one for one in given if one.code == programme]

    def _agreement(self, programme: str) -> str | None:
        return next(
            (
                terms.agreement
                for terms in self.terms
                if any(one.code == programme for one in terms.programmes)
            ),
            None,
        )


def _looks_beyond(one: Programme) -> bool:
    """Whether what is not paid on may change what a programme pays."""
    own = one.measure_scope in {None, one.scope}
    return bool(one.gates) or one.measure is Measure.SHARE or not own


def _window(line: StatementLine) -> Period:
    return Period(line.window, line.window_end)


def _some(rows: pl.LazyFrame) -> bool:
    return bool(rows.head(1).select(pl.len()).collect().item())


def _of(paper: Paper, event: str | None) -> Cause:
    return Cause(
        code=event or "came",
        text=EVENTS[event] if event else CAME,
        params={
            "number": paper.number,
            "date": paper.invoice_date.isoformat(),
            "supplier": paper.supplier,
            "document": paper.ref,
        },
    )


def _place(item: tuple[int, Paper]) -> tuple[str, str, str]:
    paper = item[1]
    return paper.invoice_date.isoformat(), paper.number, paper.ref
