"""Runs: one computation of a period over a pinned snapshot.

Owns what a run is: pin, load, compute under every agreement in force, correct the
periods closed before, and the hash of the result. Stores nothing: closing keeps a run
(:mod:`rappel.actions.periods`), a preview shows it, the verification repeats it.
Everything obeys this: the same snapshot gives the same result, and what a closed period
paid never changes: the difference to everything posted is paid here, and names it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from rappel.actions.postings import paid, postings
from rappel.actions.working import trimmed
from rappel.core.access import SYSTEM
from rappel.core.frames import LINES, POOLS, VOLUMES, Facts
from rappel.core.period import Period
from rappel.core.rebates import compute
from rappel.core.statement_json import line_fields
from rappel.ingest.terms import agreement_from_toml
from rappel.store import parts, snapshots
from rappel.store.readings import stored_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from rappel.actions.postings import Posting
    from rappel.core.agreements import Programme
    from rappel.core.rebates import Computation
    from rappel.store.base import Database
    from rappel.store.periods import PeriodRow
    from rappel.store.runs import PeriodState
    from rappel.store.snapshots import Books, Closed, Signed, Snapshot

LOWEST: Final = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The programmes of one agreement over all its revisions.

    ``evidence_minimum`` is the worst grade that counts; ``numbers`` are those of the
    revisions by their row ids.
    """

    agreement: str
    evidence_minimum: str
    programmes: tuple[Programme, ...]
    numbers: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run computed. ``pools`` and ``volumes`` have a ``currency``.

    ``findings`` are as they are stored: code, place, parameters.
    """

    snapshot: Snapshot
    postings: tuple[Posting, ...]
    pools: pl.DataFrame
    volumes: pl.DataFrame
    findings: tuple[dict[str, Any], ...]

    @property
    def sha256(self) -> bytes:
        """The hash of its canonical rows: the same facts always give the same one."""
        content = {
            "postings": [_posting(one) for one in self.postings],
            "pools": _rows(self.pools),
            "volumes": _rows(self.volumes),
            "findings": self.findings,
        }
        text = json.dumps(
            content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).digest()


def warm(db: Database) -> None:
    """Make the parts that a run needs; a cache that cannot be written is no error.

    A run without them reads the tables instead: slower, and the same.
    """
    try:
        with db.writing(SYSTEM) as session:
            parts.prepare(session, db.cache)
    except OSError:
        return


def run(session: Session, db: Database, period: PeriodRow | PeriodState) -> Result:
    """Pin all that is committed now and compute ``period`` from it."""
    snapshot = snapshots.pin(
        session, period=period.id, starts=period.starts, ends=period.ends
    )
    return replay(session, db, snapshot, Period(period.starts, period.ends))


def replay(
    session: Session, db: Database, snapshot: Snapshot, period: Period
) -> Result:
    """Compute ``period`` from a snapshot, today's or one pinned long ago."""
    books = snapshots.load(session, SYSTEM, db.cache, snapshot)
    agreements = terms_of(books.revisions)
    now = [(one, _compute(books, one, period)) for one in agreements]
    found: list[Posting] = []
    seen: set[tuple[str, date]] = set()
    for terms, computation in now:
        found += postings(
            computation, terms.programmes, period=period, numbers=terms.numbers
        )
        seen |= windows_of(terms, period)
    for closed in snapshot.closed:
        found += _adjustments(books, agreements, closed, seen)
    programmes = [one for terms in agreements for one in terms.programmes]
    currencies = {one.code: one.currency for one in programmes}
    return Result(
        snapshot=snapshot,
        postings=paid(
            found,
            brought=_balances(books),
            minimums={one.code: one.payout_minimum for one in programmes},
        ),
        pools=_together([one.pools for _, one in now], POOLS.empty()),
        volumes=_volumes([one.volumes for _, one in now], currencies, period),
        findings=tuple(
            stored_findings(finding for _, one in now for finding in one.findings)
        ),
    )


def terms_of(revisions: Sequence[Signed]) -> tuple[Terms, ...]:
    """Read the signed documents again, agreement by agreement.

    Rule: a revision ends when the next one of its agreement comes into force; every
    programme carries the row id of its revision.
    """
    agreements: dict[str, list[Signed]] = {}
    for revision in revisions:
        agreements.setdefault(revision.agreement, []).append(revision)
    return tuple(_terms(code, rows) for code, rows in sorted(agreements.items()))


def _terms(code: str, revisions: list[Signed]) -> Terms:
    ordered = sorted(revisions, key=lambda one: one.in_force_from or date.min)
    programmes: list[Programme] = []
    minimum = LOWEST
    for revision, following in zip(ordered, [*ordered[1:], None], strict=True):
        agreement = agreement_from_toml(revision.document)
        minimum = agreement.evidence_minimum or LOWEST
        until = _earlier(
            revision.in_force_until, following.in_force_from if following else None
        )
        programmes += [
            replace(
                programme,
                revision=revision.id,
                in_force_from=revision.in_force_from,
                in_force_until=until,
            )
            for programme in agreement.programmes
        ]
    return Terms(
        agreement=code,
        evidence_minimum=minimum,
        programmes=tuple(programmes),
        numbers={one.id: one.number for one in revisions},
    )


def _earlier(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def facts_of(books: Books, terms: Terms) -> Facts:
    """Return the facts that count under an agreement's rules of evidence."""
    counting = books.purchases.filter(
        pl.col("reason").is_null(),
        pl.col("evidence") <= terms.evidence_minimum,
        ~pl.col("document").is_in(
            pl.Series(list(books.stopped), dtype=pl.Int64).implode()
        ),
    )
    names = [name for name in LINES.columns if name not in LINES.optional]
    return Facts(
        lines=counting.select(names),
        members=books.members,
        suppliers=books.suppliers,
        rates=books.rates,
        settled=books.settled,
        catalogue=books.catalogue,
    )


def windows_of(terms: Terms, period: Period) -> set[tuple[str, date]]:
    """Return the windows that an agreement settles in ``period``, by programme."""
    return {
        (one.code, window.start)
        for one in terms.programmes
        if one.settles_on(period.end)
        for window in one.windows(period)
    }


def _compute(books: Books, terms: Terms, period: Period) -> Computation:
    return compute(facts_of(books, terms), terms.programmes, period=period)


def _adjustments(
    books: Books,
    agreements: Sequence[Terms],
    closed: Closed,
    seen: set[tuple[str, date]],
) -> list[Posting]:
    """Compute a closed period's windows again, and keep what now differs.

    ``seen`` are the windows already answered for by this period or a later closed one;
    it grows by those of ``closed``.
    """
    period = Period(date.fromisoformat(closed.starts), date.fromisoformat(closed.ends))
    found: list[Posting] = []
    for terms in agreements:
        due = windows_of(terms, period) - seen
        if not due:
            continue
        rows = postings(
            _compute(books, terms, period),
            terms.programmes,
            period=period,
            numbers=terms.numbers,
            adjusts=closed,
        )
        found += [
            row
            for row in rows
            if (row.line.programme, row.line.window) in due and row.line.due
        ]
        seen |= due
    return found


def _balances(books: Books) -> dict[tuple[str, int], Decimal]:
    return {
        (row["programme"], row["member"]): trimmed(row["amount"])
        for row in books.balances.iter_rows(named=True)
    }


def _together(frames: list[pl.DataFrame], empty: pl.DataFrame) -> pl.DataFrame:
    """Put the agreements' frames under each other, in the order of their keys."""
    return pl.concat([empty, *frames]).sort("programme", "window")


def _volumes(
    frames: list[pl.DataFrame], currencies: dict[str, str], period: Period
) -> pl.DataFrame:
    """Keep the period's own months, each with its programme's currency."""
    months = pl.col("month").is_between(
        period.start.replace(day=1), period.end, closed="left"
    )
    return (
        pl.concat([VOLUMES.empty(), *frames])
        .filter(months)
        .with_columns(
            currency=pl.col("programme").replace_strict(
                currencies, default=None, return_dtype=pl.String
            )
        )
        .sort(VOLUMES.key)
    )


def _posting(one: Posting) -> dict[str, Any]:
    return {
        "member": one.member,
        "revision": one.revision,
        "currency": one.currency,
        "line": line_fields(one.line),
    }


def _rows(frame: pl.DataFrame) -> list[dict[str, str]]:
    return [
        {
            name: str(trimmed(value) if isinstance(value, Decimal) else value)
            for name, value in row.items()
        }
        for row in frame.iter_rows(named=True)
    ]
