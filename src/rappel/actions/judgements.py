"""Judgements: what each programme says of each document of a kept run.

Owns the same facts read again by the run's snapshot, and the programmes' word on them:
what counted, or why not. Everything obeys this: a document has one row for what counted
and one for each reason; amounts are signed and in the programme's currency, the
document's own figure is positive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.actions.evidence import facts_of
from rappel.actions.terms import settlements, terms_of
from rappel.core.contributions import contributions
from rappel.core.money import AMOUNT, LINE, RATE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from rappel.actions.stopped import Stop
    from rappel.actions.terms import Terms
    from rappel.core.period import Period
    from rappel.store.rebates import Rebate
    from rappel.store.snapshots import Books

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
    ``halted`` are programme and member where the run stopped, ``posted`` programme,
    member and window that it computed all the same; ``adjusting`` are its rebates that
    correct a closed period.
    """

    session: Session
    books: Books
    period: Period
    members: tuple[int, ...]
    terms: tuple[Terms, ...]
    halted: frozenset[tuple[str, int]]
    posted: frozenset[tuple[str, int, date]]
    adjusting: tuple[Rebate, ...]
    asked: dict[tuple[str, Period], pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def over(
        cls,
        session: Session,
        books: Books,
        period: Period,
        *,
        rebates: Iterable[Rebate],
        stops: Iterable[Stop] = (),
    ) -> Judgements:
        """Prepare to judge the documents of who has a rebate or was stopped.

        Reads nothing yet.
        """
        rebates, stops = tuple(rebates), tuple(stops)
        members = {one.member_id for one in rebates} | {one.member for one in stops}
        return cls(
            session,
            books,
            period,
            members=tuple(sorted(members)),
            terms=terms_of(books.revisions),
            halted=frozenset(
                (one.row.programme, one.member)
                for one in stops
                if one.row.adjusts is None
            ),
            posted=frozenset(
                (one.line.programme, one.member_id, one.line.window) for one in rebates
            ),
            adjusting=tuple(one for one in rebates if one.line.adjusts is not None),
        )

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
    """Sum what a programme says of each line by document, window and reason."""
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
        .select(pl.col(name).cast(dtype) for name, dtype in JUDGED.items())
        .collect(engine="streaming")
    )
    assert isinstance(found, pl.DataFrame)
    return _without_stopped(about, found, programme).sort(KEY)


def _without_stopped(
    about: Judgements, judged: pl.DataFrame, programme: str
) -> pl.DataFrame:
    """Say of what would have counted that its programme was not computed.

    Rule: what a programme lacks for a member stops it for that member, so that none of
    its documents counts.
    """
    computed = pl.DataFrame(
        [mine for code, *mine in about.posted if code == programme],
        schema={"member": pl.Int64(), "window": pl.Date()},
        orient="row",
    ).with_columns(computed=True)
    members = [member for code, member in about.halted if code == programme]
    stopped = (
        pl.col("member").is_in(members)
        & pl.col("reason").is_null()
        & pl.col("computed").is_null()
    )
    return (
        judged.join(computed, on=["member", "window"], how="left")
        .with_columns(
            reason=pl.when(stopped).then(pl.lit(STOPPED)).otherwise("reason"),
            amount=pl.when(stopped).then(0).otherwise("amount").cast(AMOUNT),
        )
        .drop("computed")
    )
