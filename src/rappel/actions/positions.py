"""Positions: where every programme stands in an open period, and would stand if.

Owns the computing of stored facts as they are, or as a question changes them; stores
nothing, and is what the outlook, the what-ifs and the accruals read. Everything obeys
this: it runs as the system on facts of one moment, with the engine of closing;
programmes that the period does not pay yet are computed too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.actions.evidence import facts_of
from rappel.actions.postings import postings
from rappel.actions.runs import warm
from rappel.actions.terms import settlements, terms_of, together
from rappel.core import reduction, views
from rappel.core.access import SYSTEM, Role
from rappel.core.agreements import EVERY
from rappel.core.frames import CATALOGUE, LINES
from rappel.core.period import Period
from rappel.core.rebates import compute
from rappel.errors import NotAllowed, Refused
from rappel.store import runs, snapshots
from rappel.store.reductions import KEPT
from rappel.store.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from rappel.actions.postings import Posting
    from rappel.actions.terms import Settlement, Terms
    from rappel.core.access import Viewer
    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts
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

    ``numbers`` are those of the revisions by row id; ``name`` says of which facts, if
    they are those of the books as they are.
    """

    programmes: tuple[Programme, ...]
    period: Period
    numbers: Mapping[int, int]
    facts: Facts
    name: tuple[str, ...] | None
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
            stated=self.facts.baselines,
        )

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
    reduce = KEPT.of(_name(found, terms), facts.lines, facts.catalogue)
    return replace(facts, kept=reduction.Kept(facts.lines, reduce))


def _name(found: Desk, terms: Terms) -> tuple[str, ...]:
    return (*found.lines, terms.evidence_minimum)


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
    found: Desk,
    change: Callable[[Facts, Settlement], Facts] = as_they_are,
    *,
    supplier: str | None = None,
) -> tuple[Position, ...]:
    """Compute every programme, on the facts as they are or as they are changed.

    Only the agreements that look at purchases from a ``supplier``, if it is given.
    """
    agreed = [
        one
        for one in terms_of(found.books.revisions)
        if supplier is None or _reads(one, supplier, found.period)
    ]
    answered = []
    for terms in together(agreed):
        facts = facts_kept(found, terms)
        for one in settlements(terms, found.period):
            given = change(facts, one)
            name = (*_name(found, terms), found.snapshot.hex())
            named = name if given is facts else None
            position = Position(
                programmes=one.programmes,
                period=one.period,
                numbers=terms.numbers,
                facts=given,
                name=named,
                computation=computed(named, given, one.programmes, one.period),
            )
            answered.append(position)
    return tuple(answered)


def computed(
    name: tuple[str, ...] | None,
    facts: Facts,
    programmes: Sequence[Programme],
    period: Period,
) -> Computation:
    """Compute programmes, or find what they came to when it was asked before.

    ``name`` says of which facts of the books, in all that a run reads; without one
    nothing is kept. A programme's code stands for all its revisions.
    """
    work = partial(compute, facts, programmes, period=period)
    if name is None:
        return work()
    codes = tuple(one.code for one in programmes)
    return COMPUTED.of((name, codes, period), work)


def _size(computation: Computation) -> int:
    frames = (getattr(computation, one.name) for one in fields(computation))
    return sum(
        int(one.estimated_size()) for one in frames if isinstance(one, pl.DataFrame)
    )


ROOM: Final = 128_000_000  # bytes of computations that are kept at most
COMPUTED: Final = Remembered(ROOM, _size)
"""What positions came to, in this process."""


def _reads(terms: Terms, supplier: str, period: Period) -> bool:
    """Say whether a programme looks at purchases from a supplier at all."""
    return any(
        one.suppliers == EVERY or supplier in one.suppliers
        for settled in settlements(terms, period)
        for one in views.views(settled.programmes, settled.period).programmes
    )
