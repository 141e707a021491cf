"""Terms: what the signed documents say, for a run.

Owns the way from revisions to programmes with their days in force, and which of them a
period pays. Everything obeys this: nothing but the document as it was signed says what
holds; a revision ends when the next one of its agreement comes into force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rappel.core.period import Period, Unit, unit_of
from rappel.ingest.terms import agreement_from_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rappel.core.agreements import Agreement, Programme
    from rappel.store.snapshots import Signed

LOWEST: Final = "D"
DOCUMENTS: Final = 1000  # signed documents that a process remembers having read
Window = tuple[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The programmes of one agreement over all its revisions, or of several.

    ``evidence_minimum`` is the worst grade that counts; ``numbers`` are those of the
    revisions by their row ids.
    """

    agreement: str
    evidence_minimum: str
    programmes: tuple[Programme, ...]
    numbers: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Programmes that settle the same days; ``pays`` when it is their time."""

    programmes: tuple[Programme, ...]
    period: Period
    pays: bool

    @property
    def windows(self) -> set[Window]:
        """The windows that are settled, by programme and first day."""
        return {
            (one.code, window.start)
            for one in self.programmes
            for window in one.windows(self.period)
        }


def terms_of(revisions: Sequence[Signed]) -> tuple[Terms, ...]:
    """Read the signed documents again, agreement by agreement."""
    agreements: dict[str, list[Signed]] = {}
    for revision in revisions:
        agreements.setdefault(revision.agreement, []).append(revision)
    return tuple(_terms(code, rows) for code, rows in sorted(agreements.items()))


def together(found: Iterable[Terms]) -> tuple[Terms, ...]:
    """Put agreements together whose evidence counts alike: one run computes them.

    Rule: a programme's code is its own in all the books, and nothing that it is paid on
    depends on a programme of another agreement.
    """
    by_evidence: dict[str, list[Terms]] = {}
    for one in found:
        by_evidence.setdefault(one.evidence_minimum, []).append(one)
    return tuple(
        Terms(
            agreement=", ".join(one.agreement for one in several),
            evidence_minimum=minimum,
            programmes=tuple(one for terms in several for one in terms.programmes),
            numbers={
                row_id: number
                for terms in several
                for row_id, number in terms.numbers.items()
            },
        )
        for minimum, several in sorted(by_evidence.items())
    )


def settlements(terms: Terms, period: Period) -> tuple[Settlement, ...]:
    """Say which programmes a period pays, and the days that each of them settles.

    Rule: how often a programme is paid is not over which window its volume adds up. One
    that settles by the year is paid by the period that ends with the year, for every
    window of that year; by the others it is computed and not paid. The last revision's
    word holds.
    """
    last = {one.code: one for one in terms.programmes}
    days = {code: _settled(one, period) for code, one in last.items()}
    return tuple(
        Settlement(
            programmes=tuple(one for one in terms.programmes if days[one.code] == key),
            period=key[0],
            pays=key[1],
        )
        for key in sorted(set(days.values()))
    )


def _settled(programme: Programme, period: Period) -> tuple[Period, bool]:
    """Return the days that a programme settles in ``period``, and whether it pays."""
    if not programme.settles_on(period.end):
        return period, False
    if programme.settle is Unit.LIFETIME:
        return period, True
    last_day = period.end - timedelta(days=1)
    unit = unit_of(last_day, programme.settle, programme.year_starts)
    return Period(min(unit.start, period.start), period.end), True


def _terms(code: str, revisions: list[Signed]) -> Terms:
    ordered = sorted(revisions, key=lambda one: one.in_force_from or date.min)
    first: dict[str, date | None] = {}
    programmes: list[Programme] = []
    minimum = LOWEST
    for revision, following in zip(ordered, [*ordered[1:], None], strict=True):
        agreement = _read(revision.document)
        minimum = agreement.evidence_minimum or LOWEST
        until = _earlier(
            revision.in_force_until, following.in_force_from if following else None
        )
        for programme in agreement.programmes:
            first.setdefault(programme.code, revision.in_force_from)
            in_force = replace(
                programme,
                revision=revision.id,
                in_force_from=revision.in_force_from,
                in_force_until=until,
                since=first[programme.code],
            )
            programmes.append(in_force)
    return Terms(
        agreement=code,
        evidence_minimum=minimum,
        programmes=tuple(programmes),
        numbers={one.id: one.number for one in revisions},
    )


@lru_cache(maxsize=DOCUMENTS)
def _read(document: str) -> Agreement:
    """Read a document as it was signed; the same bytes say the same."""
    return agreement_from_toml(document)


def _earlier(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
