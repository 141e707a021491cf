"""Members and suppliers, with their tax ids."""

from __future__ import annotations

from datetime import date, datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from rappel.actions import parties
from rappel.core.access import Viewer
from rappel.store import parties as stored
from rappel.store.base import Database
from rappel.web.auth import ADMINISTRATOR, EVERYBODY
from rappel.web.shapes import Given, Listing, Shown, listing


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

    @get("/", sync_to_thread=True, opt={"roles": EVERYBODY})
    def list_members(
        self,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[int] = 50,
    ) -> Listing[MemberShown]:
        """List members: all, itself, or those that buy from the supplier."""
        with db.reading(viewer) as session:
            found = stored.list_members(session, viewer, cursor=cursor, limit=limit)
        return listing(found, member_shown)

    @get("/{member:str}", sync_to_thread=True, opt={"roles": EVERYBODY})
    def show_member(
        self,
        member: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
    ) -> MemberShown:
        """Show a member."""
        with db.reading(viewer) as session:
            return member_shown(stored.member(session, viewer, member))

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def admit_member(
        self,
        data: JSONBody[MemberGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> MemberShown:
        """Admit a member."""
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

    @post("/{member:str}/tax-ids", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def add_member_tax_id(
        self,
        member: FromPath[str],
        data: JSONBody[TaxIdGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> MemberShown:
        """Add a tax id to a member; what was held for it is judged again."""
        parties.add_tax_id(db, viewer, member=member, tax_id=data.tax_id, now=now)
        with db.reading(viewer) as session:
            return member_shown(stored.member(session, viewer, member))

    @post("/{member:str}/leaving", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def let_member_go(
        self,
        member: FromPath[str],
        data: JSONBody[LeavingGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> MemberShown:
        """Let a member go: its purchases count until the day before."""
        parties.let_go(db, viewer, member=member, left_on=data.left_on, now=now)
        with db.reading(viewer) as session:
            return member_shown(stored.member(session, viewer, member))


class Suppliers(Controller):
    """The preferred vendors."""

    path = "/v1/suppliers"
    tags = ["Suppliers"]

    @get("/", sync_to_thread=True, opt={"roles": EVERYBODY})
    def list_suppliers(
        self,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[int] = 50,
    ) -> Listing[SupplierShown]:
        """List suppliers: all, or the supplier itself."""
        with db.reading(viewer) as session:
            found = stored.list_suppliers(session, viewer, cursor=cursor, limit=limit)
        return listing(found, supplier_shown)

    @get("/{supplier:str}", sync_to_thread=True, opt={"roles": EVERYBODY})
    def show_supplier(
        self,
        supplier: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
    ) -> SupplierShown:
        """Show a supplier."""
        with db.reading(viewer) as session:
            return supplier_shown(stored.supplier(session, viewer, supplier))

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def add_supplier(
        self,
        data: JSONBody[SupplierGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> SupplierShown:
        """Add a supplier."""
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

    @post("/{supplier:str}/tax-ids", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def add_supplier_tax_id(
        self,
        supplier: FromPath[str],
        data: JSONBody[TaxIdGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> SupplierShown:
        """Add a tax id to a supplier; what was held for it is judged again."""
        parties.add_supplier_tax_id(
            db, viewer, supplier=supplier, tax_id=data.tax_id, now=now
        )
        with db.reading(viewer) as session:
            return supplier_shown(stored.supplier(session, viewer, supplier))
