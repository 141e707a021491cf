"""Rebates with their working, and the volumes they were earned on."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from litestar import Controller, Request, Response
from litestar.params import FromPath, FromQuery

from rappel.actions import explaining, rebates
from rappel.core.money import plain
from rappel.store import rebates as computed
from rappel.web.auth import EVERYBODY, MEMBER
from rappel.web.given import Asking, Books, Locale, Now
from rappel.web.handlers import reads
from rappel.web.lines import line_shown
from rappel.web.pools import PoolShown, pool_shown
from rappel.web.shapes import Cursor, Limit, Listing, Money, Shown, listing, money
from rappel.wording import translator

JSON: Final = "application/json"
TEXT: Final = "text/plain"


class RebateShown(Shown):
    """What a member earned under a programme in a window.

    ``line`` is the statement's own line: volume, measure, tier, slices, working, next
    tier. A step of the working says its ``text`` in the caller's language, with what
    fills it in ``params``. A figure of the group that may not be disclosed is null.
    """

    rebate: str
    period: str
    member: str
    programme: str
    earned: Money
    due: Money
    line: dict[str, Any]


class ExplanationShown(Shown):
    """An amount down to its documents, which stand under ``rebate.line``.

    ``run`` and ``snapshot`` say which facts it was computed from; ``pool`` is both legs
    of its programme's window, null to who does not administer.
    """

    rebate: RebateShown
    run: str
    snapshot: str
    pool: PoolShown | None


class VolumeShown(Shown):
    """What a member bought that counted for a programme, in a month.

    Where it was found after its period was closed, ``adjusts`` names that period, and
    the figures are the difference to what was told before; else it is null.
    """

    programme: str
    supplier: str
    member: str
    month: date
    volume: Money
    quantity: str
    lines: int
    adjusts: str | None


def rebate_shown(one: computed.Rebate, locale: str) -> RebateShown:
    """Write a rebate, its working in the caller's language."""
    return RebateShown(
        rebate=one.ref,
        period=one.period,
        member=one.member,
        programme=one.line.programme,
        earned=money(one.line.earned, one.currency),
        due=money(one.line.due, one.currency),
        line=line_shown(one.line, locale),
    )


def volume_shown(one: computed.Volume) -> VolumeShown:
    """Write a volume."""
    return VolumeShown(
        programme=one.programme,
        supplier=one.supplier,
        member=one.member,
        month=one.month,
        volume=money(one.amount, one.currency),
        quantity=plain(one.quantity),
        lines=one.lines,
        adjusts=one.adjusts,
    )


class Rebates(Controller):
    """What was earned."""

    path = "/v1/rebates"
    tags = ["Rebates"]

    @reads("/", MEMBER)
    def list_rebates(
        self,
        db: Books,
        viewer: Asking,
        locale: Locale,
        period: FromQuery[str | None] = None,
        member: FromQuery[str | None] = None,
        programme: FromQuery[str | None] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[RebateShown]:
        """List rebates of closed periods."""
        with db.reading(viewer) as session:
            found = computed.list_rebates(
                session,
                viewer,
                period=period,
                member=member,
                programme=programme,
                cursor=cursor,
                limit=limit,
            )
        return listing(found, lambda one: rebate_shown(one, locale))

    @reads("/{rebate:str}", MEMBER)
    def show_rebate(
        self,
        rebate: FromPath[str],
        db: Books,
        viewer: Asking,
        locale: Locale,
    ) -> RebateShown:
        """Show a rebate."""
        with db.reading(viewer) as session:
            return rebate_shown(computed.rebate_of(session, viewer, rebate), locale)

    @reads("/{rebate:str}/explain", MEMBER, answers=(JSON, TEXT))
    def explain_rebate(
        self,
        request: Request[Any, Any, Any],
        rebate: FromPath[str],
        db: Books,
        viewer: Asking,
        locale: Locale,
    ) -> Response[ExplanationShown | str]:
        """Open an amount down to its documents: as JSON, or as text if asked for."""
        explanation = rebates.explain(db, viewer, rebate)
        if TEXT in request.headers.get("accept", ""):
            text = explaining.explanation_text(explanation, translator(locale))
            return Response(text, media_type=TEXT)
        pool = explanation.pool
        return Response(
            ExplanationShown(
                rebate=rebate_shown(explanation.rebate, locale),
                run=explanation.run,
                snapshot=explanation.snapshot,
                pool=None if pool is None else pool_shown(pool),
            )
        )


class Volumes(Controller):
    """What was bought."""

    path = "/v1/volumes"
    tags = ["Volumes"]

    @reads("/", EVERYBODY)
    def list_volumes(
        self,
        period: FromQuery[str],
        db: Books,
        viewer: Asking,
        now: Now,
    ) -> Listing[VolumeShown]:
        """List a period's volumes by programme, member and month.

        A member sees its own; a supplier those of its programmes, by member. What was
        found later of closed periods is among them, under its own month.
        """
        found = rebates.volumes(db, viewer, period, now=now)
        return Listing(data=[volume_shown(one) for one in found])
