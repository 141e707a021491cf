"""Stopped: the programmes that a run could not compute for a member, and why.

Owns what a kept run's findings say to one member, as rows of its statement. Computes
nothing: the run's findings are the only word on what was stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.actions.terms import settlements, terms_of
from rappel.core.observations import of_member, stops
from rappel.core.statements import StoppedRow
from rappel.store.readings import findings_from

if TYPE_CHECKING:
    from rappel.core.agreements import Programme
    from rappel.core.findings import Finding
    from rappel.core.period import Period
    from rappel.store.runs import KeptRun
    from rappel.store.snapshots import Books


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A row of a member's statement; ``currency`` says on which of its statements.

    ``pays`` is whether the period would have paid the programme.
    """

    member: int
    currency: str
    pays: bool
    row: StoppedRow


def stopped(run: KeptRun, books: Books, period: Period) -> tuple[Stop, ...]:
    """Return what a run stopped, by member and in the order of its findings."""
    members = books.members.select("code", "member").sort("code")
    given, paying = _programmes(books, period)
    found = stops(findings_from(run.findings))
    return tuple(
        Stop(
            member=member,
            currency=given[one.params["programme"]].currency,
            pays=one.params["programme"] in paying or "period" in one.params,
            row=_row(one, given[one.params["programme"]]),
        )
        for code, member in members.iter_rows()
        for one in of_member(found, code)
    )


def _programmes(books: Books, period: Period) -> tuple[dict[str, Programme], set[str]]:
    """Return the programmes by code, and the codes of those that the period pays."""
    agreements = terms_of(books.revisions)
    given = {one.code: one for terms in agreements for one in terms.programmes}
    paying = {
        one.code
        for terms in agreements
        for settled in settlements(terms, period)
        for one in settled.programmes
        if settled.pays
    }
    return given, paying


def _row(finding: Finding, programme: Programme) -> StoppedRow:
    return StoppedRow(
        programme=programme.code,
        supplier=", ".join(programme.suppliers),
        reason=finding.code,
        params=dict(finding.params),
        adjusts=finding.params.get("period"),
    )
