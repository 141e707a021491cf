"""Positions: where every programme stands in an open period, and would stand if.

Owns the computing of stored facts as they are, or as a question changes them; stores
nothing, and is what the outlook, the what-ifs and the accruals read. Everything obeys
this: it runs as the system on facts of one moment, with the engine of closing;
programmes that the period does not pay yet are computed too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.actions.evidence import facts_of
from rappel.actions.postings import postings
from rappel.actions.runs import warm
from rappel.actions.terms import settlements, terms_of
from rappel.core import pace, reduction, views
from rappel.core.access import SYSTEM, Role
from rappel.core.accruals import PACES
from rappel.core.frames import CATALOGUE, LINES, REBATES
from rappel.core.period import Period
from rappel.core.rebates import compute
from rappel.errors import NotAllowed, Refused
from rappel.store import runs, snapshots
from rappel.store.reductions import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from rappel.actions.postings import Posting
    from rappel.actions.terms import Settlement, Terms
    from rappel.core.access import Viewer
    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts
    from rappel.core.pace import Pace
    from rappel.core.rebates import Computation
    from rappel.core.reduction import Reduction
    from rappel.store.base import Database
    from rappel.store.snapshots import Books, Snapshot

TRIED: Final = "\x00what-if"  # a code that no document can carry
OPEN: Final = ("open", "closing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An open period with the facts of one moment; parties by row id and code.

    ``snapshot`` is the hash of the facts; ``lines`` names the lines and the catalogue:
    equal ones are the same rows.
    """

    period: Period
    books: Books
    snapshot: bytes
    lines: tuple[str, ...]
    members: Mapping[int, str]
    suppliers: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Programmes that settle the same days, and what they earn.

    ``numbers`` are those of the revisions by row id.
    """

    programmes: tuple[Programme, ...]
    period: Period
    numbers: Mapping[int, int]
    facts: Facts
    computation: Computation

    def postings(self, member: int | None = None) -> list[Posting]:
        """Return its rows as lines, the group's figures behind the gate.

        Those of one ``member`` alone, if it is given.
        """
        computation = self.computation
        if member is not None:
            mine = pl.col("member") == member
            computation = replace(
                computation,
                rebates=computation.rebates.filter(mine),
                slices=computation.slices.filter(mine),
                steps=computation.steps.filter(mine),
            )
        return postings(
            computation,
            self.programmes,
            period=self.period,
            numbers=self.numbers,
        )

    def on(self, facts: Facts) -> Position:
        """Return where the same programmes stand on other facts."""
        computation = compute(facts, self.programmes, period=self.period)
        return replace(self, facts=facts, computation=computation)

    def reads(self, supplier: int) -> bool:
        """Say whether a programme looks at purchases from a supplier at all."""
        seen = views.views(self.programmes, self.period)
        by = reduction.asked(seen, self.facts, until=self.period.end)
        return by.suppliers is None or supplier in by.suppliers

    def windows(self) -> dict[str, tuple[Period, ...]]:
        """Return each programme's windows, by its last revision's word."""
        return {one.code: one.windows(self.period) for one in self.programmes}


def must_be_told(viewer: Viewer) -> None:
    """Refuse a supplier: what members earn is not its to see."""
    if viewer.role is Role.SUPPLIER:
        raise NotAllowed("A supplier sees volumes, not rebates.")


def opened(db: Database, period: str) -> Desk:
    """Read the facts of an open period.

    Raises:
        NotFound: there is no such period.
        Refused: it is closed: its figures are kept and do not change.
    """
    with db.reading(SYSTEM) as session:
        found = runs.period_state(session, SYSTEM, period)
    if found.state not in OPEN:
        raise Refused(
            f"The period {period!r} is {found.state}: its figures do not change.",
            code="already_closed",
            repair="Ask for its rebates.",
        )
    return desk(db, Period(found.starts, found.ends), but=found.id)


def desk(db: Database, period: Period, *, but: int) -> Desk:
    """Read the facts of some days; what the period of the row ``but`` posted is out."""
    warm(db)
    with db.reading(SYSTEM) as session:
        snapshot = snapshots.pin(
            session, period=but, starts=period.start, ends=period.end
        )
        books = snapshots.load(session, SYSTEM, db.cache, snapshot)
    return Desk(
        period=period,
        books=books,
        snapshot=snapshot.sha256,
        lines=(
            str(db.engine.url),
            str(db.cache),
            snapshot.invoices,
            snapshot.events,
            snapshot.payments,
            snapshot.catalogue,
        ),
        members=_codes(snapshot, "member"),
        suppliers=_codes(snapshot, "supplier"),
    )


def _codes(snapshot: Snapshot, kind: str) -> dict[int, str]:
    rows = snapshot.members if kind == "member" else snapshot.suppliers
    return {row[kind]: row["code"] for row in rows}


def facts_kept(found: Desk, terms: Terms) -> Facts:
    """Return the facts that count, whose reductions are kept for the next question."""
    facts = facts_of(found.books, terms)
    name = (*found.lines, terms.evidence_minimum)
    reduce = KEPT.of(name, facts.lines, facts.catalogue)
    return replace(facts, kept=reduction.Kept(facts.lines, reduce))


def as_they_are(facts: Facts, _settlement: Settlement) -> Facts:
    """Change nothing."""
    return facts


def until(day: date) -> Callable[[Facts, Settlement], Facts]:
    """Return the change that leaves out what is dated after a day."""

    def cut(facts: Facts, _settlement: Settlement) -> Facts:
        return replace(facts, lines=facts.lines.filter(pl.col("date") <= day))

    return cut


def with_line(facts: Facts, line: Mapping[str, object], category: str | None) -> Facts:
    """Return the facts with one more line, paid, whose code is its category's."""
    names = facts.lines.collect_schema().names()
    shape = {name: LINES.columns[name] for name in names}
    told = {"paid": line["date"], **line}
    given = {name: told.get(name) for name in names}
    more = pl.DataFrame([given], schema=shape, orient="row").lazy()
    item = (line["supplier"], TRIED, category, None)
    named = CATALOGUE.of([item])
    known = facts.catalogue if facts.catalogue is not None else CATALOGUE.empty()
    lines = pl.concat([facts.lines, more])

    def reduce(by: Reduction) -> pl.DataFrame:
        tried = reduction.reduced(more, named, by)
        return pl.concat([reduction.of(facts, by), tried])

    return replace(
        facts,
        lines=lines,
        catalogue=pl.concat([known, named]),
        kept=reduction.Kept(lines, reduce),
    )


def only(facts: Facts, mine: pl.Expr) -> Facts:
    """Return the facts of one member."""
    lines = facts.lines.filter(mine)

    def reduce(by: Reduction) -> pl.DataFrame:
        return reduction.of(facts, by).filter(mine)

    return replace(
        facts,
        lines=lines,
        members=facts.members.filter(mine),
        kept=reduction.Kept(lines, reduce),
    )


def positions(
    found: Desk, change: Callable[[Facts, Settlement], Facts] = as_they_are
) -> tuple[Position, ...]:
    """Compute every programme, on the facts as they are or as they are changed."""
    answered = []
    for terms in terms_of(found.books.revisions):
        facts = facts_kept(found, terms)
        for one in settlements(terms, found.period):
            given = change(facts, one)
            position = Position(
                programmes=one.programmes,
                period=one.period,
                numbers=terms.numbers,
                facts=given,
                computation=compute(given, one.programmes, period=one.period),
            )
            answered.append(position)
    return tuple(answered)


def going_on(now: Iterable[Position], today: date) -> pl.DataFrame:
    """Return the REBATES of the windows' ends, if all goes on as until today.

    Windows that do not run today are as they are.
    """
    frames = [REBATES.empty()]
    for position in now:
        groups: dict[Pace | None, list[str]] = {}
        for code, windows in position.windows().items():
            groups.setdefault(pace.current(windows, today), []).append(code)
        for given, codes in groups.items():
            rows = position.computation.rebates
            if given is not None:
                rows = _projected(position, given).rebates
            frames.append(rows.filter(pl.col("programme").is_in(codes)))
    return pl.concat(frames)


def _projected(position: Position, given: Pace) -> Computation:
    """Compute a position again, its window's purchases grown to the window's end."""
    facts = position.facts
    grown = replace(facts, lines=pace.going_on(facts.lines, given))
    return position.on(grown).computation


def paces(now: Iterable[Position], today: date) -> pl.DataFrame:
    """Return PACES of the windows that run today."""
    return PACES.of(
        [
            (code, given.window.start, given.elapsed, given.days)
            for position in now
            for code, windows in position.windows().items()
            if (given := pace.current(windows, today)) is not None
        ]
    )
