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
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import polars as pl

from rappel.actions.claims import CLAIMS, adjusted, claims, untold
from rappel.actions.evidence import facts_of
from rappel.actions.late import late, months_of
from rappel.actions.postings import paid, place_of, postings, window_of
from rappel.actions.terms import settlements, terms_of
from rappel.actions.working import trimmed
from rappel.core.access import SYSTEM
from rappel.core.frames import POOLS, STOPPED, VOLUMES
from rappel.core.observations import stops
from rappel.core.period import Period
from rappel.core.rebates import compute
from rappel.core.statement_json import line_fields
from rappel.store import parts, snapshots
from rappel.store.readings import stored_findings
from rappel.store.rebates import volumes_told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from rappel.actions.postings import Posting
    from rappel.actions.terms import Settlement, Terms, Window
    from rappel.core.findings import Finding
    from rappel.core.rebates import Computation
    from rappel.store.base import Database
    from rappel.store.periods import PeriodRow
    from rappel.store.runs import PeriodState
    from rappel.store.snapshots import Books, Closed, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run computed. ``volumes`` have a ``currency``.

    ``pools`` (:data:`rappel.actions.claims.CLAIMS`) are both legs of each window that
    it pays or corrects. ``findings`` are as they are stored: code, place, parameters.
    """

    snapshot: Snapshot
    postings: tuple[Posting, ...]
    pools: pl.DataFrame
    volumes: pl.DataFrame
    findings: tuple[dict[str, Any], ...]

    @property
    def sha256(self) -> bytes:
        """The hash of its canonical rows: the same facts always give the same one."""
        names = POOLS.columns if self.snapshot.pools is None else CLAIMS.columns
        content = {
            "postings": [_posting(one) for one in self.postings],
            "pools": _rows(self.pools.select(*names)),
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
    now = [
        (terms, one, _compute(books, terms, one))
        for terms in agreements
        for one in settlements(terms, period)
    ]
    found: list[Posting] = []
    seen: set[Window] = set()
    for terms, one, computation in now:
        if one.pays:
            found += postings(
                computation,
                one.programmes,
                period=one.period,
                numbers=terms.numbers,
                stated=books.baselines,
            )
            seen |= one.windows
    again = [_again(books, agreements, closed, seen) for closed in snapshot.closed]
    found += [row for one in again for row in one.postings]
    programmes = [one for terms in agreements for one in terms.programmes]
    currencies = {one.code: one.currency for one in programmes}
    return Result(
        snapshot=snapshot,
        postings=paid(
            found,
            brought=_balances(books),
            minimums={one.code: one.payout_minimum for one in programmes},
        ),
        pools=pl.concat(
            [
                CLAIMS.empty(),
                *(claims(found.pools, books) for _, one, found in now if one.pays),
                *(frame for one in again for frame in one.claims),
            ]
        ).sort(CLAIMS.key),
        volumes=pl.concat(
            [
                _volumes([found.volumes for *_, found in now], currencies, period),
                *_late(session, again, currencies, period),
            ]
        ).sort(VOLUMES.key),
        findings=tuple(
            stored_findings(
                [
                    *(each for *_, found in now for each in found.findings),
                    *(each for one in again for each in one.findings),
                ]
            )
        ),
    )


NOBODY: Final = STOPPED.empty().select("programme", "member")


class _Again(NamedTuple):
    """What a closed period owes now, and what keeps it from being computed."""

    period: Period
    postings: list[Posting]
    claims: list[pl.DataFrame]
    findings: list[Finding]
    volumes: list[pl.DataFrame]
    stopped: list[pl.DataFrame]


def _again(
    books: Books, agreements: Sequence[Terms], closed: Closed, seen: set[Window]
) -> _Again:
    """Compute the windows of a closed period again, and keep what now differs.

    ``seen`` are the windows that are answered for already; those of this one are added.
    A window that several closed periods paid is computed as the last of them sees it,
    once. A finding that stops a programme names the closed period.
    """
    found = _Again(days_of(closed), [], [], [], [], [])
    for terms in agreements:
        for one in settlements(terms, found.period):
            computation = _compute(books, terms, one)
            found.volumes.append(computation.volumes)
            found.stopped.append(computation.stopped.select("programme", "member"))
            due = one.windows - seen
            if not (one.pays and due):
                continue
            rows = postings(
                computation,
                one.programmes,
                period=one.period,
                numbers=terms.numbers,
                stated=books.baselines,
                adjusts=closed,
            )
            new = untold(computation, books)
            kept = [
                row
                for row in rows
                if window_of(row) in due and (row.line.due or place_of(row) in new)
            ]
            found.postings.extend(kept)
            posted = {window_of(row) for row in kept}
            found.claims.append(
                adjusted(computation, books, closed, due=due, posted=posted)
            )
            found.findings.extend(
                replace(each, params={**each.params, "period": closed.code})
                for each in stops(computation.findings)
                if each.params["programme"] in {code for code, _ in due}
            )
            seen |= due
    return found


def _late(
    session: Session,
    again: Sequence[_Again],
    currencies: dict[str, str],
    period: Period,
) -> list[pl.DataFrame]:
    """Return the late volumes of each closed period that was computed again."""
    told = volumes_told(session, period.start) if again else None
    return [
        late(
            _volumes(one.volumes, currencies, one.period),
            told.filter(months_of(one.period)),
            pl.concat([NOBODY, *one.stopped]).unique(),
        ).filter(~months_of(period))
        for one in again
        if told is not None
    ]


def days_of(closed: Closed) -> Period:
    """Return the days of a period that was closed before."""
    return Period(date.fromisoformat(closed.starts), date.fromisoformat(closed.ends))


def _compute(books: Books, terms: Terms, settlement: Settlement) -> Computation:
    facts = facts_of(books, terms)
    return compute(facts, settlement.programmes, period=settlement.period)


def _balances(books: Books) -> dict[tuple[str, int], Decimal]:
    return {
        (row["programme"], row["member"]): trimmed(row["amount"])
        for row in books.balances.iter_rows(named=True)
    }


def _volumes(
    frames: list[pl.DataFrame], currencies: dict[str, str], period: Period
) -> pl.DataFrame:
    """Keep the period's own months, each with its programme's currency."""
    return (
        pl.concat([VOLUMES.empty(), *frames])
        .filter(months_of(period))
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
