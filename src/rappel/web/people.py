"""Chapters, people, and the keys they show."""

from __future__ import annotations

from datetime import datetime

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from rappel.actions import keys, parties
from rappel.core.access import Viewer
from rappel.store import consortium, people
from rappel.store.base import Database
from rappel.web.auth import ADMINISTRATOR, EVERYBODY
from rappel.web.shapes import Given, Listing, Shown, listing


class ChapterGiven(Given):
    """The consortium's part in a country; ``locale`` is that of its statements."""

    country: str
    name: str
    currency: str
    locale: str


class ChapterShown(Shown):
    """The consortium's part in a country."""

    country: str
    name: str
    currency: str
    locale: str


class PersonShown(Shown):
    """Who acts, and as what."""

    person: int
    name: str
    email: str | None
    role: str
    member: str | None
    supplier: str | None


class PersonGiven(Given):
    """A person to add: of a member or a supplier for these two roles."""

    name: str
    role: str
    email: str | None = None
    member: str | None = None
    supplier: str | None = None


class KeyGiven(Given):
    """Whose key to make, and what it is for."""

    person: int
    note: str = ""


class KeyShown(Shown):
    """A new key: the only time that it can be seen."""

    ref: str
    key: str


def chapter_shown(one: consortium.Chapter) -> ChapterShown:
    """Write a chapter."""
    return ChapterShown(
        country=one.country, name=one.name, currency=one.currency, locale=one.locale
    )


def person_shown(one: people.Person) -> PersonShown:
    """Write a person."""
    return PersonShown(
        person=one.id,
        name=one.name,
        email=one.email,
        role=one.role,
        member=one.member,
        supplier=one.supplier,
    )


class Chapters(Controller):
    """The consortium's countries."""

    path = "/v1/chapters"
    tags = ["Chapters"]

    @get("/", sync_to_thread=True, opt={"roles": EVERYBODY})
    def list_chapters(
        self, db: NamedDependency[Database], viewer: NamedDependency[Viewer]
    ) -> Listing[ChapterShown]:
        """List the chapters; there are few, so they stand on one page."""
        with db.reading(viewer) as session:
            found = consortium.list_chapters(session, viewer)
        return Listing(data=[chapter_shown(one) for one in found])

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def open_chapter(
        self,
        data: JSONBody[ChapterGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> ChapterShown:
        """Open a chapter."""
        parties.open_chapter(
            db,
            viewer,
            country=data.country,
            name=data.name,
            currency=data.currency,
            locale=data.locale,
            now=now,
        )
        return ChapterShown(
            country=data.country,
            name=data.name,
            currency=data.currency,
            locale=data.locale,
        )


class People(Controller):
    """Who acts, in one of three roles."""

    path = "/v1/people"
    tags = ["People"]

    @get("/", sync_to_thread=True, opt={"roles": EVERYBODY})
    def list_people(
        self,
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[int] = 50,
    ) -> Listing[PersonShown]:
        """List people: all, or the one who asks."""
        with db.reading(viewer) as session:
            found = people.list_people(session, viewer, cursor=cursor, limit=limit)
        return listing(found, person_shown)

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def add_person(
        self,
        data: JSONBody[PersonGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> PersonShown:
        """Add a person."""
        person = parties.add_person(
            db,
            viewer,
            name=data.name,
            email=data.email,
            role=data.role,
            member=data.member,
            supplier=data.supplier,
            now=now,
        )
        with db.reading(viewer) as session:
            return person_shown(people.person(session, viewer, person))


class Keys(Controller):
    """The keys that people's programs show."""

    path = "/v1/keys"
    tags = ["Keys"]

    @post("/", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def create_key(
        self,
        data: JSONBody[KeyGiven],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> KeyShown:
        """Make a key; it is shown this once."""
        made = keys.create(db, viewer, person=data.person, note=data.note, now=now)
        return KeyShown(ref=made.ref, key=made.key)

    @delete("/{ref:str}", sync_to_thread=True, opt={"roles": ADMINISTRATOR})
    def revoke_key(
        self,
        ref: FromPath[str],
        db: NamedDependency[Database],
        viewer: NamedDependency[Viewer],
        now: NamedDependency[datetime],
    ) -> None:
        """Revoke a key."""
        keys.revoke(db, viewer, ref, now=now)
