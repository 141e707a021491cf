"""What is published by others: the suppliers' catalogues and the exchange rates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody, QueryParameter, RawBody
from msgspec import Raw

from rappel.actions import catalogue, rates
from rappel.core.money import InexactError, exact, plain
from rappel.errors import Fault, Malformed
from rappel.store import published as stored
from rappel.web.auth import ADMINISTRATOR
from rappel.web.given import Acting, Asking, Books, Now
from rappel.web.handlers import acts, reads
from rappel.web.idempotency import body_of
from rappel.web.shapes import Cursor, Given, Limit, Listing, Shown, listing

CSV: Final = "text/csv"
NAMES: Final = {"from_currency": "from", "to_currency": "to"}


class ItemGiven(Given):
    """A supplier's code, and what it is."""

    code: str
    category: str
    unit: str | None = None


class ItemsGiven(Given):
    """Codes of one supplier."""

    items: list[ItemGiven]


class ItemShown(Shown):
    """A supplier's code as it holds now."""

    code: str
    category: str
    unit: str | None
    received_at: datetime


class RateGiven(Given, rename=NAMES):
    """Units of ``to`` for 1 of ``from`` on a day, and who published it."""

    from_currency: str
    to_currency: str
    date: date
    rate: str
    source: str


class RatesGiven(Given):
    """Exchange rates."""

    rates: list[RateGiven]


class RateShown(Shown, rename=NAMES):
    """A rate as it holds now."""

    from_currency: str
    to_currency: str
    date: date
    rate: str
    source: str
    received_at: datetime


class CountShown(Shown):
    """How many rows were added; those that were there already add nothing."""

    added: int


def figure(field: str, text: str) -> Decimal:
    """Read a figure of a request, or refuse it with its path."""
    try:
        return exact(text)
    except InexactError as error:
        fault = Fault(
            code="bad_number",
            message=f"{error}.",
            repair="Write it as a plain decimal with at most six places.",
            field=field,
        )
        raise Malformed(
            "A figure cannot be read.", code="bad_number", faults=(fault,)
        ) from error


def item_shown(one: stored.Item) -> ItemShown:
    """Write a supplier's code."""
    return ItemShown(
        code=one.code,
        category=one.category,
        unit=one.unit,
        received_at=one.received_at,
    )


def rate_shown(one: stored.Rate) -> RateShown:
    """Write a rate."""
    return RateShown(
        from_currency=one.from_currency,
        to_currency=one.to_currency,
        date=one.rate_date,
        rate=plain(one.rate),
        source=one.source,
        received_at=one.received_at,
    )


class Catalogues(Controller):
    """What the suppliers' codes are."""

    path = "/v1/suppliers/{supplier:str}/catalogue"
    tags = ["Catalogue"]

    @reads("/", ADMINISTRATOR, finds=True)
    def list_codes(
        self,
        supplier: FromPath[str],
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[ItemShown]:
        """List a supplier's codes, each as it holds now."""
        with db.reading(viewer) as session:
            found = stored.list_items(
                session, viewer, supplier, cursor=cursor, limit=limit
            )
        return listing(found, item_shown)

    @acts(
        "/",
        ADMINISTRATOR,
        finds=True,
        given={"items": [{"code": "CAM-1", "category": "cctv", "unit": "pieza"}]},
    )
    def map_codes(
        self,
        supplier: FromPath[str],
        data: JSONBody[ItemsGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[CountShown | Raw]:
        """Say what codes are; the newest word on a code holds."""
        items = [
            catalogue.Item(code=one.code, category=one.category, unit=one.unit)
            for one in data.items
        ]

        def act() -> CountShown:
            added = catalogue.map_codes(
                db, viewer, supplier=supplier, items=items, now=now
            )
            return CountShown(added=added)

        return once(act, body_of(data))

    @acts(
        "/file",
        ADMINISTRATOR,
        finds=True,
        takes=CSV,
        given="code,category,unit\nCAM-1,cctv,pieza\n",
    )
    def load_codes(
        self,
        supplier: FromPath[str],
        body: RawBody,
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[CountShown | Raw]:
        """Load codes from the CSV of the body: code, category, unit."""

        def act() -> CountShown:
            items = catalogue.items_from_csv(bytes(body))
            added = catalogue.map_codes(
                db, viewer, supplier=supplier, items=items, now=now
            )
            return CountShown(added=added)

        return once(act, bytes(body))


class Rates(Controller):
    """Exchange rates, each with its source and date."""

    path = "/v1/rates"
    tags = ["Rates"]

    @reads("/", ADMINISTRATOR)
    def list_rates(
        self,
        db: Books,
        viewer: Asking,
        from_currency: Annotated[str | None, QueryParameter(name="from")] = None,
        to_currency: Annotated[str | None, QueryParameter(name="to")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[RateShown]:
        """List the rates as they hold now, by currencies and day."""
        with db.reading(viewer) as session:
            found = stored.list_rates(
                session,
                viewer,
                from_currency=from_currency,
                to_currency=to_currency,
                cursor=cursor,
                limit=limit,
            )
        return listing(found, rate_shown)

    @acts(
        "/",
        ADMINISTRATOR,
        given={
            "rates": [
                {
                    "from": "USD",
                    "to": "MXN",
                    "date": "2026-02-11",
                    "rate": "18.50",
                    "source": "Banxico FIX",
                }
            ]
        },
    )
    def record_rates(
        self,
        data: JSONBody[RatesGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[CountShown | Raw]:
        """Record rates; the newest word on a day holds."""
        given = [
            rates.Rate(
                from_currency=one.from_currency,
                to_currency=one.to_currency,
                rate_date=one.date,
                rate=figure(f"rates[{place}].rate", one.rate),
                source=one.source,
            )
            for place, one in enumerate(data.rates)
        ]

        def act() -> CountShown:
            return CountShown(added=rates.record(db, viewer, given, now=now))

        return once(act, body_of(data))

    @acts(
        "/file",
        ADMINISTRATOR,
        takes=CSV,
        given="from,to,date,rate\nUSD,MXN,2026-02-11,18.50\n",
    )
    def load_rates(
        self,
        body: RawBody,
        source: Annotated[str, QueryParameter(description="Who published them.")],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[CountShown | Raw]:
        """Load rates from the CSV of the body: from, to, date, rate."""

        def act() -> CountShown:
            given = rates.rates_from_csv(bytes(body), source)
            return CountShown(added=rates.record(db, viewer, given, now=now))

        return once(act, bytes(body))
