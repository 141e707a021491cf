"""Agreements as their documents, the suppliers' catalogue, the exchange rates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, RawBody

from rappel.actions import agreements, catalogue, rates
from rappel.core.access import Viewer
from rappel.core.money import InexactError, exact
from rappel.errors import Fault, Malformed
from rappel.store import agreements as stored
from rappel.store.base import Database
from rappel.web.auth import ADMINISTRATOR
from rappel.web.shapes import Given, Listing, Shown, listing


class AgreementShown(Shown):
    """An agreement: its programmes, and how often its terms were signed."""

    agreement: str
    currency: str
    programmes: list[str]
    revisions: int


class SignedShown(Shown):
    """A revision that was signed."""

    agreement: str
    revision: int
    programmes: list[str]


class ItemGiven(Given):
    """A supplier's code, and what it is."""

    code: str
    category: str
    unit: str | None = None


class ItemsGiven(Given):
    """Codes of one supplier."""

    items: list[ItemGiven]


class RateGiven(Given, rename={"from_currency": "from", "to_currency": "to"}):
    """Units of ``to`` for 1 of ``from`` on a day, and who published it."""

    from_currency: str
    to_currency: str
    date: date
    rate: str
    source: str


class RatesGiven(Given):
    """Exchange rates."""

    rates: list[RateGiven]


class CountShown(Shown):
    """How many rows were added; those that were there already add nothing."""

    added: int


def agreement_shown(one: stored.Agreement) -> AgreementShown:
    """Write an agreement."""
    return AgreementShown(
        agreement=one.code,
        currency=one.currency,
        programmes=list(one.programmes),
        revisions=one.revisions,
    )


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


class Agreements(Controller):
    """What consortium and suppliers signed."""

    path = "/v1/agreements"
    tags = ["Agreements"]

    @get("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def list_agreements(
        self,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[int] = 50,
    ) -> Listing[AgreementShown]:
        """List agreements."""
        with db.reading(viewer) as session:
            found = stored.list_agreements(session, viewer, cursor=cursor, limit=limit)
        return listing(found, agreement_shown)

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def sign(
        self,
        body: RawBody,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
        because: FromQuery[str] = "",
    ) -> SignedShown:
        """Sign the agreement document (TOML) of the body: the next revision of it."""
        signed = agreements.sign(db, viewer, bytes(body), because=because, now=now)
        return SignedShown(
            agreement=signed.agreement,
            revision=signed.revision,
            programmes=list(signed.programmes),
        )

    @get("/{agreement:str}", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def show_agreement(
        self,
        agreement: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
    ) -> AgreementShown:
        """Show an agreement."""
        with db.reading(viewer) as session:
            return agreement_shown(stored.agreement(session, viewer, agreement))

    @get("/{agreement:str}/document", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def export(
        self,
        agreement: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        revision: FromQuery[int | None] = None,
    ) -> Response[str]:
        """Export the document as it was signed: the newest, or that of a revision."""
        text = agreements.export(db, viewer, agreement, revision)
        return Response(text, media_type="application/toml; charset=utf-8")


class Catalogues(Controller):
    """What the suppliers' codes are."""

    path = "/v1/suppliers/{supplier:str}/catalogue"
    tags = ["Catalogue"]

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def map_codes(
        self,
        supplier: FromPath[str],
        data: JSONBody[ItemsGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> CountShown:
        """Say what codes are; the newest word on a code holds."""
        items = [
            catalogue.Item(code=one.code, category=one.category, unit=one.unit)
            for one in data.items
        ]
        added = catalogue.map_codes(db, viewer, supplier=supplier, items=items, now=now)
        return CountShown(added=added)

    @post("/file", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def load_codes(
        self,
        supplier: FromPath[str],
        body: RawBody,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> CountShown:
        """Load codes from the CSV of the body: code, category, unit."""
        items = catalogue.items_from_csv(bytes(body))
        added = catalogue.map_codes(db, viewer, supplier=supplier, items=items, now=now)
        return CountShown(added=added)


class Rates(Controller):
    """Exchange rates, each with its source and date."""

    path = "/v1/rates"
    tags = ["Rates"]

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def record(
        self,
        data: JSONBody[RatesGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> CountShown:
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
        return CountShown(added=rates.record(db, viewer, given, now=now))

    @post("/file", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def load_rates(
        self,
        body: RawBody,
        source: FromQuery[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> CountShown:
        """Load rates from the CSV of the body: from, to, date, rate."""
        given = rates.rates_from_csv(bytes(body), source)
        return CountShown(added=rates.record(db, viewer, given, now=now))
