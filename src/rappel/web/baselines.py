"""Stated baselines: what growth is measured from, each with its source."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from litestar import Controller, Response
from litestar.params import FromQuery, JSONBody, QueryParameter, RawBody
from msgspec import Raw

from rappel.actions import baselines
from rappel.core.money import plain
from rappel.store import baselines as stored
from rappel.web.auth import ADMINISTRATOR, MEMBER
from rappel.web.given import Acting, Asking, Books, Now
from rappel.web.handlers import acts, reads
from rappel.web.idempotency import body_of
from rappel.web.published import CSV, CountShown, figure
from rappel.web.shapes import Cursor, Given, Limit, Listing, Shown, listing


class BaselineGiven(Given):
    """What a member bought before a window, and where that stands."""

    programme: str
    member: str
    window: date
    measure: str
    source: str
    date: date


class BaselinesGiven(Given):
    """Baselines."""

    baselines: list[BaselineGiven]


class BaselineShown(Shown):
    """A baseline as it holds now."""

    programme: str
    member: str
    window: date
    measure: str
    source: str
    date: date
    received_at: datetime


def baseline_shown(one: stored.Baseline) -> BaselineShown:
    """Write a baseline."""
    return BaselineShown(
        programme=one.programme,
        member=one.member,
        window=one.window,
        measure=plain(one.measure),
        source=one.source,
        date=one.source_date,
        received_at=one.received_at,
    )


class Baselines(Controller):
    """What growth is measured from where it is stated."""

    path = "/v1/baselines"
    tags = ["Baselines"]

    @reads("/", MEMBER)
    def list_baselines(
        self,
        db: Books,
        viewer: Asking,
        programme: FromQuery[str | None] = None,
        member: FromQuery[str | None] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[BaselineShown]:
        """List the baselines as they hold now, by programme, member and window."""
        with db.reading(viewer) as session:
            found = stored.list_baselines(
                session,
                viewer,
                programme=programme,
                member=member,
                cursor=cursor,
                limit=limit,
            )
        return listing(found, baseline_shown)

    @acts(
        "/",
        ADMINISTRATOR,
        given={
            "baselines": [
                {
                    "programme": "andes-growth",
                    "member": "norte",
                    "window": "2026-01-01",
                    "measure": "1200000.00",
                    "source": "Letter of Andes",
                    "date": "2026-01-15",
                }
            ]
        },
    )
    def record_baselines(
        self,
        data: JSONBody[BaselinesGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[CountShown | Raw]:
        """State baselines; the newest word on a window holds."""
        given = [
            baselines.Baseline(
                programme=one.programme,
                member=one.member,
                window=one.window,
                measure=figure(f"baselines[{place}].measure", one.measure),
                source=one.source,
                source_date=one.date,
            )
            for place, one in enumerate(data.baselines)
        ]

        def act() -> CountShown:
            return CountShown(added=baselines.record(db, viewer, given, now=now))

        return once(act, body_of(data))

    @acts(
        "/file",
        ADMINISTRATOR,
        takes=CSV,
        given="programme,member,window,measure,date\n"
        "andes-growth,norte,2026-01-01,1200000.00,2026-01-15\n",
    )
    def load_baselines(
        self,
        body: RawBody,
        source: Annotated[str, QueryParameter(description="Where they stand.")],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[CountShown | Raw]:
        """Load baselines from a CSV: programme, member, window, measure, date."""

        def act() -> CountShown:
            added = baselines.load(db, viewer, bytes(body), source, now=now)
            return CountShown(added=added)

        return once(act, bytes(body))
