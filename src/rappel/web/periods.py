"""Periods: opened, closed once, issued once; and what is due as of now."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec
from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Raw

from rappel.actions import periods as verbs
from rappel.actions import rebates, statements
from rappel.actions.keeping import RunSummary
from rappel.settings import current
from rappel.store import rebates as computed
from rappel.store import runs as stored
from rappel.store.readings import findings_from
from rappel.web.auth import ADMINISTRATOR, EVERYBODY, MEMBER
from rappel.web.given import Acting, Asking, Books, Locale, Now
from rappel.web.handlers import DONE, acts, reads
from rappel.web.idempotency import body_of
from rappel.web.pools import PoolShown, pool_shown
from rappel.web.rebates import RebateShown, rebate_shown
from rappel.web.shapes import (
    FindingShown,
    Given,
    Listing,
    Money,
    Shown,
    findings_shown,
    money,
)
from rappel.web.statements import IssuedShown, issued_shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rappel.core.findings import Finding


class RunFindingShown(FindingShown):
    """Something that a run found; ``params`` are what its sentences name."""

    params: dict[str, str]


class PeriodShown(Shown):
    """A period; ``ends`` is the first day after it."""

    period: str
    starts: date
    ends: date
    state: str
    closed_at: datetime | None
    issued_at: datetime | None


class PeriodGiven(Given):
    """A period to open; ``ends`` is the first day after it."""

    period: str
    starts: date
    ends: date


class ClosingGiven(Given):
    """How to close; ``early`` also before the period's last day is over (UTC)."""

    early: bool = False


class RunShown(Shown):
    """What closing did: the hash of the facts it read, and of what it found."""

    period: str
    run: str
    snapshot: str
    result: str
    rebates: int
    adjustments: int
    members: int
    due: list[Money]
    findings: list[RunFindingShown]


class PreviewShown(Shown):
    """What closing now would do; nothing is stored."""

    period: str
    as_of: datetime
    snapshot: str
    payable: list[Money]
    rebates: list[RebateShown]
    findings: list[RunFindingShown]


def period_shown(one: stored.PeriodState) -> PeriodShown:
    """Write a period."""
    return PeriodShown(
        period=one.code,
        starts=one.starts,
        ends=one.ends,
        state=one.state,
        closed_at=one.closed_at,
        issued_at=one.issued_at,
    )


def run_findings_shown(
    findings: Iterable[Finding], locale: str
) -> list[RunFindingShown]:
    """Write what a run found in the caller's language."""
    findings = tuple(findings)
    return [
        RunFindingShown(**msgspec.structs.asdict(shown), params=dict(one.params))
        for one, shown in zip(findings, findings_shown(findings, locale), strict=True)
    ]


def run_shown(one: RunSummary, locale: str) -> RunShown:
    """Write what closing did."""
    return RunShown(
        period=one.period,
        run=one.run,
        snapshot=one.snapshot,
        result=one.result,
        rebates=one.rebates,
        adjustments=one.adjustments,
        members=one.members,
        due=[money(amount, name) for name, amount in sorted(one.due.items())],
        findings=run_findings_shown(findings_from(one.findings), locale),
    )


class Periods(Controller):
    """The consortium's periods."""

    path = "/v1/periods"
    tags = ["Periods"]

    @reads("/", EVERYBODY)
    def list_periods(self, db: Books, viewer: Asking) -> Listing[PeriodShown]:
        """List the periods, all on one page."""
        with db.reading(viewer) as session:
            found = stored.list_periods(session, viewer)
        return Listing(data=[period_shown(one) for one in found])

    @reads("/{period:str}", EVERYBODY)
    def show_period(
        self,
        period: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> PeriodShown:
        """Show a period."""
        with db.reading(viewer) as session:
            return period_shown(stored.period_state(session, viewer, period))

    @acts(
        "/",
        ADMINISTRATOR,
        given={"period": "2026-Q1", "starts": "2026-01-01", "ends": "2026-04-01"},
    )
    def open_period(
        self,
        data: JSONBody[PeriodGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[PeriodShown | Raw]:
        """Open a period: `ends` is the first day after it."""

        def act() -> PeriodShown:
            return period_shown(
                verbs.open_period(
                    db,
                    viewer,
                    code=data.period,
                    starts=data.starts,
                    ends=data.ends,
                    now=now,
                )
            )

        return once(act, body_of(data))

    @reads("/{period:str}/preview", MEMBER)
    def preview_period(
        self,
        period: FromPath[str],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
    ) -> PreviewShown:
        """Compute what closing now would find, by the same engine; store nothing.

        A member sees its own part, and the findings that name it.
        """
        found = rebates.preview(db, viewer, period, now=now)
        return PreviewShown(
            period=period,
            as_of=found.as_of,
            snapshot=found.snapshot,
            payable=[money(amount, name) for name, amount in found.payable.items()],
            rebates=[rebate_shown(one, locale) for one in found.rebates],
            findings=run_findings_shown(found.findings, locale),
        )

    @acts("/{period:str}/close", ADMINISTRATOR, status=DONE, given={"early": False})
    def close_period(
        self,
        period: FromPath[str],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
        locale: Locale,
        data: JSONBody[ClosingGiven | None] = None,
    ) -> Response[RunShown | Raw]:
        """Close the period: compute what it earned, for ever.

        What closing would do is asked by its preview. A period that is not over yet is
        refused, unless the body says that it is meant: `{"early": true}`.
        """
        given = data or ClosingGiven()

        def act() -> RunShown:
            closed = verbs.close(db, viewer, period, now=now, early=given.early)
            return run_shown(closed, locale)

        return once(act, body_of(given), status=DONE)

    @acts("/{period:str}/issue", ADMINISTRATOR, status=DONE)
    def issue_statements(
        self,
        period: FromPath[str],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[Listing[IssuedShown] | Raw]:
        """Issue the statements of a closed period; again answers the same ones."""

        def act() -> Listing[IssuedShown]:
            found = statements.issue(
                db, viewer, period, now=now, workers=current().pdf_workers
            )
            return Listing(data=[issued_shown(one) for one in found])

        return once(act, status=DONE)

    @reads("/{period:str}/pools", ADMINISTRATOR)
    def list_pools(
        self,
        period: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> Listing[PoolShown]:
        """List the group's figures and the claims on the suppliers.

        They are those of the period's own windows as it was closed, and of windows of
        closed periods that it adjusts, which they name. Each says what earlier periods
        kept of its window, and the difference.
        """
        with db.reading(viewer) as session:
            found = computed.pools_of(session, viewer, period)
        return Listing(data=[pool_shown(one) for one in found])
