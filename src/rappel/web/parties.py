"""Members and suppliers, with their tax ids."""

from __future__ import annotations

from datetime import date
from typing import Final

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Raw

from rappel.actions import parties
from rappel.store import parties as stored
from rappel.web.auth import ADMINISTRATOR, EVERYBODY
from rappel.web.given import Acting, Asking, Books, Now
from rappel.web.handlers import DONE, acts, reads
from rappel.web.idempotency import body_of
from rappel.web.shapes import Cursor, Given, Limit, Listing, Shown, listing

MEMBER_EXAMPLE: Final = {
    "code": "norte",
    "name": "Integradora Norte, S.A. de C.V.",
    "country": "MX",
    "tax_ids": ["XIA190128J61"],
    "joined": "2025-01-01",
}
SUPPLIER_EXAMPLE: Final = {
    "code": "andes",
    "name": "Andes Seguridad, S.A. de C.V.",
    "country": "MX",
    "tax_ids": ["EKU9003173C9"],
}
TAX_ID_EXAMPLE: Final = {"tax_id": "XIQB891116QE4"}


class MemberShown(Shown):
    """A member; a supplier is told its code and name alone."""

    code: str
    name: str
    country: str | None
    address: str
    family: str | None
    segments: list[str]
    joined: date | None
    left_on: date | None
    locale: str | None
    tax_ids: list[str]


class MemberGiven(Given):
    """A member to admit; its purchases count from ``joined``."""

    code: str
    name: str
    country: str
    tax_ids: list[str]
    address: str = ""
    family: str | None = None
    segments: list[str] = []
    joined: date | None = None
    locale: str | None = None


class TaxIdGiven(Given):
    """A further tax id; what was held for it is judged again."""

    tax_id: str


class LeavingGiven(Given):
    """The first day on which a member's purchases no longer count."""

    left_on: date


class SupplierShown(Shown):
    """A preferred vendor."""

    code: str
    name: str
    country: str
    tax_ids: list[str]


class SupplierGiven(Given):
    """A supplier to add."""

    code: str
    name: str
    country: str
    tax_ids: list[str]


def member_shown(one: stored.Member) -> MemberShown:
    """Write a member."""
    return MemberShown(
        code=one.code,
        name=one.name,
        country=one.country,
        address=one.address,
        family=one.family,
        segments=list(one.segments),
        joined=one.joined,
        left_on=one.left_on,
        locale=one.locale,
        tax_ids=list(one.tax_ids),
    )


def supplier_shown(one: stored.Supplier) -> SupplierShown:
    """Write a supplier."""
    return SupplierShown(
        code=one.code, name=one.name, country=one.country, tax_ids=list(one.tax_ids)
    )


class Members(Controller):
    """The integrators."""

    path = "/v1/members"
    tags = ["Members"]

    @reads("/", EVERYBODY)
    def list_members(
        self,
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[MemberShown]:
        """List members: all, itself, or those that buy from the supplier."""
        with db.reading(viewer) as session:
            found = stored.list_members(session, viewer, cursor=cursor, limit=limit)
        return listing(found, member_shown)

    @reads("/{member:str}", EVERYBODY)
    def show_member(
        self,
        member: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> MemberShown:
        """Show a member."""
        with db.reading(viewer) as session:
            return member_shown(stored.member(session, viewer, member))

    @acts("/", ADMINISTRATOR, given=MEMBER_EXAMPLE)
    def admit_member(
        self,
        data: JSONBody[MemberGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[MemberShown | Raw]:
        """Admit a member."""

        def act() -> MemberShown:
            parties.admit(
                db,
                viewer,
                code=data.code,
                name=data.name,
                country=data.country,
                tax_ids=data.tax_ids,
                address=data.address,
                family=data.family,
                segments=data.segments,
                joined=data.joined,
                locale=data.locale,
                now=now,
            )
            with db.reading(viewer) as session:
                return member_shown(stored.member(session, viewer, data.code))

        return once(act, body_of(data))

    @acts("/{member:str}/tax-ids", ADMINISTRATOR, given=TAX_ID_EXAMPLE)
    def add_member_tax_id(
        self,
        member: FromPath[str],
        data: JSONBody[TaxIdGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[MemberShown | Raw]:
        """Add a tax id to a member; what was held for it is judged again."""

        def act() -> MemberShown:
            parties.add_tax_id(db, viewer, member=member, tax_id=data.tax_id, now=now)
            with db.reading(viewer) as session:
                return member_shown(stored.member(session, viewer, member))

        return once(act, body_of(data))

    @acts(
        "/{member:str}/leaving",
        ADMINISTRATOR,
        status=DONE,
        given={"left_on": "2026-07-01"},
    )
    def let_member_go(
        self,
        member: FromPath[str],
        data: JSONBody[LeavingGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[MemberShown | Raw]:
        """Let a member go: its purchases count until the day before."""

        def act() -> MemberShown:
            parties.let_go(db, viewer, member=member, left_on=data.left_on, now=now)
            with db.reading(viewer) as session:
                return member_shown(stored.member(session, viewer, member))

        return once(act, body_of(data), status=DONE)


class Suppliers(Controller):
    """The preferred vendors."""

    path = "/v1/suppliers"
    tags = ["Suppliers"]

    @reads("/", EVERYBODY)
    def list_suppliers(
        self,
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[SupplierShown]:
        """List suppliers: all, or the supplier itself."""
        with db.reading(viewer) as session:
            found = stored.list_suppliers(session, viewer, cursor=cursor, limit=limit)
        return listing(found, supplier_shown)

    @reads("/{supplier:str}", EVERYBODY)
    def show_supplier(
        self,
        supplier: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> SupplierShown:
        """Show a supplier."""
        with db.reading(viewer) as session:
            return supplier_shown(stored.supplier(session, viewer, supplier))

    @acts("/", ADMINISTRATOR, given=SUPPLIER_EXAMPLE)
    def add_supplier(
        self,
        data: JSONBody[SupplierGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[SupplierShown | Raw]:
        """Add a supplier."""

        def act() -> SupplierShown:
            parties.add_supplier(
                db,
                viewer,
                code=data.code,
                name=data.name,
                country=data.country,
                tax_ids=data.tax_ids,
                now=now,
            )
            with db.reading(viewer) as session:
                return supplier_shown(stored.supplier(session, viewer, data.code))

        return once(act, body_of(data))

    @acts("/{supplier:str}/tax-ids", ADMINISTRATOR, given=TAX_ID_EXAMPLE)
    def add_supplier_tax_id(
        self,
        supplier: FromPath[str],
        data: JSONBody[TaxIdGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[SupplierShown | Raw]:
        """Add a tax id to a supplier; what was held for it is judged again."""

        def act() -> SupplierShown:
            parties.add_supplier_tax_id(
                db, viewer, supplier=supplier, tax_id=data.tax_id, now=now
            )
            with db.reading(viewer) as session:
                return supplier_shown(stored.supplier(session, viewer, supplier))

        return once(act, body_of(data))
