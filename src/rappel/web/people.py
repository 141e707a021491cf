"""Chapters, people, and the keys they show."""

from __future__ import annotations

from datetime import datetime

from litestar import Controller, Response
from litestar.params import FromPath, JSONBody
from msgspec import Raw

from rappel.actions import keys, parties
from rappel.store import consortium, people
from rappel.store import keys as stored
from rappel.web.auth import ADMINISTRATOR, EVERYBODY
from rappel.web.given import Acting, Asking, Books, Now
from rappel.web.handlers import GONE, acts, reads
from rappel.web.idempotency import body_of
from rappel.web.shapes import Cursor, Given, Limit, Listing, Shown, listing


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


class KeyListed(Shown):
    """What may be known of a key once it was shown."""

    ref: str
    person: int
    note: str
    created_at: datetime
    revoked_at: datetime | None


def key_listed(one: stored.Key) -> KeyListed:
    """Write what is known of a key."""
    return KeyListed(
        ref=one.ref,
        person=one.person,
        note=one.note,
        created_at=one.created_at,
        revoked_at=one.revoked_at,
    )


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

    @reads("/", EVERYBODY)
    def list_chapters(self, db: Books, viewer: Asking) -> Listing[ChapterShown]:
        """List the chapters; there are few, so they stand on one page."""
        with db.reading(viewer) as session:
            found = consortium.list_chapters(session, viewer)
        return Listing(data=[chapter_shown(one) for one in found])

    @acts(
        "/",
        ADMINISTRATOR,
        given={
            "country": "MX",
            "name": "Capítulo México",
            "currency": "MXN",
            "locale": "es-MX",
        },
    )
    def open_chapter(
        self,
        data: JSONBody[ChapterGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[ChapterShown | Raw]:
        """Open a chapter."""

        def act() -> ChapterShown:
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

        return once(act, body_of(data))


class People(Controller):
    """Who acts, in one of three roles."""

    path = "/v1/people"
    tags = ["People"]

    @reads("/", EVERYBODY)
    def list_people(
        self,
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[PersonShown]:
        """List people: all, or the one who asks."""
        with db.reading(viewer) as session:
            found = people.list_people(session, viewer, cursor=cursor, limit=limit)
        return listing(found, person_shown)

    @acts(
        "/",
        ADMINISTRATOR,
        finds=True,
        given={
            "name": "Nina Ortiz",
            "role": "member",
            "email": "nina@norte.example",
            "member": "norte",
        },
    )
    def add_person(
        self,
        data: JSONBody[PersonGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[PersonShown | Raw]:
        """Add a person."""

        def act() -> PersonShown:
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

        return once(act, body_of(data))


class Keys(Controller):
    """The keys that people's programs show."""

    path = "/v1/keys"
    tags = ["Keys"]

    @reads("/", ADMINISTRATOR)
    def list_keys(
        self,
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[KeyListed]:
        """List the keys, the newest first; what is secret of them is not kept."""
        with db.reading(viewer) as session:
            found = stored.list_keys(session, viewer, cursor=cursor, limit=limit)
        return listing(found, key_listed)

    @acts(
        "/",
        ADMINISTRATOR,
        finds=True,
        given={"person": 2, "note": "nightly upload"},
    )
    def create_key(
        self,
        data: JSONBody[KeyGiven],
        db: Books,
        viewer: Asking,
        now: Now,
    ) -> KeyShown:
        """Make a key; it is shown this once.

        An Idempotency-Key has no use here: no answer that holds a key is kept.
        """
        made = keys.create(db, viewer, person=data.person, note=data.note, now=now)
        return KeyShown(ref=made.ref, key=made.key)

    @acts("/{ref:str}", ADMINISTRATOR, status=GONE)
    def revoke_key(
        self,
        ref: FromPath[str],
        db: Books,
        viewer: Asking,
        now: Now,
    ) -> None:
        """Revoke a key."""
        keys.revoke(db, viewer, ref, now=now)
