"""Stated baselines: what growth is measured from, each with its source.

Owns the checks and the adding; the newest row of a programme, member and window holds,
and the one before stays in the books. Everything obeys this: a baseline names a window
of a programme that compares with one, so that none is stated that nothing reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rappel.actions import inputs
from rappel.actions.permission import must_administer
from rappel.actions.rates import day_of, figure_of, is_exact
from rappel.actions.terms import terms_of
from rappel.core.money import DECIMALS
from rappel.core.period import Unit, unit_of
from rappel.errors import Fault
from rappel.store import audit
from rappel.store import baselines as stored
from rappel.store.baselines import BaselineRow
from rappel.store.snapshots import signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.agreements import Programme
    from rappel.store.base import Database

COLUMNS: Final = ("programme", "member", "window", "measure", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a member bought before the window of a programme that starts on ``window``.

    ``measure`` is an amount in the agreement's currency, or pieces where these grow;
    ``source`` says where it stands, and ``source_date`` of which day that is.
    """

    programme: str
    member: str
    window: date
    measure: Decimal
    source: str
    source_date: date


@dataclass(frozen=True, slots=True)
class _Known:
    """The ids of programmes and members by code, and the terms by programme."""

    programmes: Mapping[str, int]
    members: Mapping[str, int]
    terms: Mapping[str, list[Programme]]


def record(
    db: Database, viewer: Viewer, baselines: Iterable[Baseline], *, now: datetime
) -> int:
    """Add baselines to the books; return how many of them say something new.

    Of two for the same programme, member and window the last holds.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: with a fault for each baseline that cannot be, at most 20.
    """
    must_administer(viewer)
    given = tuple(baselines)
    with db.writing(viewer) as session:
        known = _known(session)
        faults = [
            replace(fault, field=f"baselines[{place}].{fault.field}")
            for place, one in enumerate(given)
            for fault in _faults(one, known)
        ]
        inputs.must_hold(*faults[: inputs.FAULTS])
        return _add(session, viewer, given, known, now=now)


def load(
    db: Database, viewer: Viewer, content: bytes, source: str, *, now: datetime
) -> int:
    """Add the baselines of a CSV; return how many of them say something new.

    Its columns are ``programme``, ``member``, ``window`` (its first day), ``measure``
    and ``date`` (of the source).

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: with a fault for each cell that cannot be, at most 20, naming row
            and column; nothing is added.
    """
    must_administer(viewer)
    with db.writing(viewer) as session:
        known = _known(session)

        def read(cells: dict[str, str]) -> Baseline:
            return _read(cells, source, known)

        inputs.must_hold(inputs.text("source", source))
        given = inputs.table_of(content, COLUMNS, read)
        return _add(session, viewer, given, known, now=now)


def _read(cells: Mapping[str, str], source: str, known: _Known) -> Baseline:
    window = day_of("window", cells["window"])
    day = day_of("date", cells["date"])
    measure = figure_of("measure", cells["measure"])
    unread = [one for one in (window, measure, day) if isinstance(one, Fault)]
    one = Baseline(
        programme=cells["programme"],
        member=cells["member"],
        window=window if isinstance(window, date) else date.min,
        measure=measure if isinstance(measure, Decimal) else Decimal(0),
        source=source,
        source_date=day if isinstance(day, date) else date.min,
    )
    told = {fault.field for fault in unread}
    judged = [fault for fault in _faults(one, known) if fault.field not in told]
    inputs.must_hold(*judged, *unread)
    return one


def _known(session: Session) -> _Known:
    programmes, members = stored.ids_of(session)
    terms: dict[str, list[Programme]] = {}
    for agreement in terms_of(signed(session)):
        for one in agreement.programmes:
            terms.setdefault(one.code, []).append(one)
    return _Known(programmes, members, terms)


def _faults(one: Baseline, known: _Known) -> Iterator[Fault]:
    terms = known.terms.get(one.programme)
    if terms is None:
        message = f"There is no programme {one.programme[:70]!r}."
        yield inputs.fault("programme", message, "Name one of a signed agreement.")
    elif not any(each.needs_baseline for each in terms):
        message = f"{one.programme} compares nothing with a baseline."
        repair = "State one of a programme on growth, or that pays an increment."
        yield inputs.fault("programme", message, repair)
    elif one.window not in (starts := _starts(one.window, terms)):
        message = f"No window of {one.programme} starts on {one.window}."
        days = " or ".join(str(day) for day in sorted(starts))
        repair = f"Give its first day: {days}." if days else "Give its first day."
        yield inputs.fault("window", message, repair)
    if one.member not in known.members:
        message = f"There is no member {one.member[:70]!r}."
        yield inputs.fault("member", message, "Name a member by its code.")
    if not (is_exact(one.measure) and one.measure >= 0):
        message = f"A baseline is not below zero and has at most {DECIMALS} decimals."
        yield inputs.fault("measure", message, "Correct it.")
    if (fault := inputs.text("source", one.source)) is not None:
        yield fault


def _starts(day: date, terms: Iterable[Programme]) -> set[date]:
    """Return the first days of the windows that hold ``day``: none at time's ends."""
    try:
        return {
            (one.since or date.min)
            if one.accumulate is Unit.LIFETIME
            else unit_of(day, one.accumulate, one.year_starts).start
            for one in terms
            if one.needs_baseline
        }
    except ValueError:
        return set()


def _add(
    session: Session,
    viewer: Viewer,
    given: tuple[Baseline, ...],
    known: _Known,
    *,
    now: datetime,
) -> int:
    wanted = {
        (one.programme, one.member, one.window): (
            one.measure,
            one.source,
            one.source_date,
        )
        for one in given
    }
    holds = stored.newest(session)
    changed = {key: it for key, it in wanted.items() if holds.get(key) != it}
    session.add_all(
        BaselineRow(
            programme_id=known.programmes[programme],
            member_id=known.members[member],
            window_start=window,
            measure=measure,
            source=source,
            source_date=day,
            received_at=now,
        )
        for (programme, member, window), (measure, source, day) in changed.items()
    )
    sources = ", ".join(sorted({one.source for one in given}))
    detail = {"given": len(given), "changed": len(changed)}
    audit.note(session, viewer, "baselines.record", sources, detail, at=now)
    return len(changed)
