"""Composing: a statement put together from what its period's run kept.

Owns who gets a statement, and all that stands on it. Computes nothing, prints nothing
and keeps nothing (:mod:`rappel.actions.statements`). A statement is due ``DUE_DAYS``
after the day of its issue.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from rappel.actions.causes import Causes
from rappel.actions.drafts import behind, left_out
from rappel.actions.judgements import Judgements
from rappel.actions.stopped import stopped
from rappel.core.access import SYSTEM
from rappel.core.money import places
from rappel.core.period import Period
from rappel.core.statements import Address, Statement, total_of
from rappel.store import issued, rebates, runs, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.stopped import Stop
    from rappel.core.statements import StoppedRow
    from rappel.store.base import Database
    from rappel.store.issued import Addressee
    from rappel.store.rebates import Rebate
    from rappel.store.runs import KeptRun

DUE_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A statement before it is kept, with its place in its series."""

    series: str
    serial: int
    member: int
    statement: Statement


class Group(NamedTuple):
    """What stands on one statement: a member's rows in one currency."""

    member: int
    currency: str
    rows: tuple[Rebate, ...]
    stopped: tuple[StoppedRow, ...]


def compose(
    session: Session, db: Database, period: str, now: datetime
) -> tuple[Draft, ...]:
    """Put the period's statements together, with the numbers that come next.

    Raises:
        NotFound: the period has no run yet.
    """
    run = runs.kept_run(session, period)
    posted = rebates.rebates_of(session, SYSTEM, period)
    snapshot = snapshots.Snapshot.of(run.snapshot)
    books = snapshots.load(session, SYSTEM, db.cache, snapshot)
    days = Period(run.period.starts, run.period.ends)
    stops = stopped(run, books, days)
    about = Judgements.over(session, books, days, rebates=posted, stops=stops)
    causes = Causes.of(about, run)
    people = issued.addressees(session, about.members)
    serials: dict[str, int] = {}
    composed = []
    for group in _groups(posted, stops, people):
        member = people[group.member]
        series = f"{member.country}-{now.year}"
        if series not in serials:
            serials[series] = issued.last_number(session, series)
        serials[series] += 1
        number = f"{series}-{serials[series]:04d}"
        composed.append(
            Draft(
                series=series,
                serial=serials[series],
                member=member.id,
                statement=_statement(
                    about, causes, run, member, group, number=number, now=now
                ),
            )
        )
    return tuple(composed)


def _groups(
    posted: Iterable[Rebate], stops: Iterable[Stop], people: Mapping[int, Addressee]
) -> Iterator[Group]:
    """Yield what stands on each statement, in the order of member and currency."""
    rows: dict[tuple[int, str], list[Rebate]] = defaultdict(list)
    lacking: dict[tuple[int, str], list[StoppedRow]] = defaultdict(list)
    for one in posted:
        rows[one.member_id, one.currency].append(one)
    for stop in stops:
        if stop.pays:
            lacking[stop.member, stop.currency].append(stop.row)
    for key in sorted(
        rows.keys() | lacking.keys(), key=lambda key: (people[key[0]].code, key[1])
    ):
        yield Group(*key, rows=tuple(rows[key]), stopped=tuple(lacking[key]))


def _statement(
    about: Judgements,
    causes: Causes,
    run: KeptRun,
    member: Addressee,
    group: Group,
    *,
    number: str,
    now: datetime,
) -> Statement:
    names = issued.supplier_names(about.session)

    def named(codes: str) -> str:
        return ", ".join(names.get(code, code) for code in codes.split(", "))

    lines = tuple(
        replace(
            row.line,
            supplier=named(row.line.supplier),
            documents=documents,
            because=causes.behind(row.line, row.member_id, documents),
        )
        for row, documents in ((one, behind(about, one)) for one in group.rows)
    )
    consortium = issued.issuer(about.session)
    return Statement(
        number=number,
        period=run.period.code,
        period_start=run.period.starts,
        period_end=run.period.ends,
        currency=group.currency,
        places=places(group.currency),
        locale=member.locale,
        issued_at=now,
        due_on=now.date() + timedelta(days=DUE_DAYS),
        consortium=Address(
            code="",
            name=consortium.name,
            tax_ids=(consortium.tax_id,),
            country=consortium.country,
            lines=tuple(consortium.address.splitlines()),
        ),
        member=Address(
            code=member.code,
            name=member.name,
            tax_ids=member.tax_ids,
            country=member.country,
            lines=tuple(member.address.splitlines()),
        ),
        lines=lines,
        left_out=left_out(about, member.id),
        total=total_of(lines),
        snapshot=run.snapshot_hash.hex(),
        run=run.ref,
        stopped=tuple(
            replace(row, supplier=named(row.supplier)) for row in group.stopped
        ),
    )
