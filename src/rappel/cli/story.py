"""Playing a story: a world of parties, and what they do in order of time.

Owns the reading of ``world.toml`` and the carrying out of its events by the verbs, as
the people who did them, at the moments they did. A story that was interrupted goes on
where it stopped: each verb's audit entry bears the moment of its event, so what is in
the audit has happened.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from rappel import ingest
from rappel.actions import (
    agreements,
    catalogue,
    invoices,
    parties,
    periods,
    rates,
    rebates,
    setup,
    statements,
)
from rappel.core.access import SYSTEM, Role, Viewer
from rappel.errors import Refused
from rappel.paper.statement import render_many
from rappel.store import audit, consortium, people
from rappel.store import parties as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rappel.actions.invoices import Received
    from rappel.actions.keys import NewKey
    from rappel.actions.rebates import Preview
    from rappel.actions.statements import Render
    from rappel.store.base import Database

BEFORE: Final = timedelta(hours=1)  # the parties are there before anything happens
STEP: Final = timedelta(seconds=1)

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A folder of files, and the world that says who sends them and when."""

    folder: Path
    world: Mapping[str, Any]

    @classmethod
    def of(cls, folder: Path) -> Story:
        """Read a story's world."""
        return cls(
            folder=folder, world=tomllib.loads((folder / "world.toml").read_text())
        )

    @property
    def events(self) -> list[Event]:
        """What happens, in order of time."""
        return list(self.world["events"])

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods that are closed in it, in order of time."""
        closing = (one for one in self.events if one["do"] == "close")
        return tuple(one["period"] for one in closing)

    @property
    def start(self) -> datetime:
        """The moment from which the parties are entered."""
        first: datetime = self.events[0]["at"]
        return first - BEFORE

    def read(self, name: str) -> bytes:
        """Return the bytes of one of its files."""
        return (self.folder / name).read_bytes()


@dataclass(slots=True)
class Teller:
    """Plays a story into the books.

    ``told`` hears of each event and what its verb answered: ``None`` when it had
    happened before.
    """

    db: Database
    story: Story
    workers: int
    told: Callable[[Event, object], None]
    render: Render = render_many

    def found(self) -> NewKey | None:
        """Enter consortium, chapters, members, suppliers and people, once.

        Returns the administrator's key, only when it is made now.
        """
        key = self._initialise()
        done = self._done()
        for number, (act, given) in enumerate(self._entries(), start=1):
            at = self.story.start + number * STEP
            if at not in done:
                act(self.db, SYSTEM, **given, now=at)
        return key

    def play(self) -> Preview:
        """Carry out every event that has not happened yet.

        The last one asks what the next period would say; that is the answer.
        """
        done = self._done()
        viewers = self._viewers()
        *events, last = self.story.events
        for event in events:
            answer = None
            if event["at"] not in done:
                answer = getattr(self, f"_{event['do']}")(viewers[event["by"]], event)
            self.told(event, answer)
        asking = viewers[last["by"]]
        return rebates.preview(self.db, asking, last["period"], now=last["at"])

    def _initialise(self) -> NewKey | None:
        told, administrator = (
            self.story.world["consortium"],
            self.story.world["administrator"],
        )
        if self._done():
            self._must_be_its_books(told["name"])
            return None
        wanted = ("name", "tax_id", "country", "address", "currency", "locale")
        return setup.initialise(
            self.db,
            **{name: told[name] for name in wanted},
            administrator=administrator["name"],
            email=administrator["email"],
            now=self.story.start,
        )

    def _must_be_its_books(self, name: str) -> None:
        """Refuse books in which another story was played."""
        with self.db.reading(SYSTEM) as session:
            found = consortium.consortium(session, SYSTEM).name
        if found != name:
            raise Refused(
                f"These are the books of another story, that of {found}.",
                code="other_story",
                repair="Choose another folder: --out DIR",
            )

    def _entries(self) -> list[tuple[Callable[..., Any], dict[str, Any]]]:
        world = self.story.world
        entries: list[tuple[Callable[..., Any], dict[str, Any]]] = [
            (parties.open_chapter, dict(chapter)) for chapter in world["chapters"]
        ]
        for member in world["members"]:
            given = {
                name: value for name, value in member.items() if name != "postcode"
            }
            given["joined"] = date.fromisoformat(member["joined"])
            entries.append((parties.admit, given))
        for supplier in world["suppliers"]:
            wanted = ("code", "name", "country", "tax_ids")
            entries.append(
                (parties.add_supplier, {name: supplier[name] for name in wanted})
            )
        for person in world["people"]:
            given = {name: value for name, value in person.items() if name != "code"}
            entries.append((parties.add_person, given))
        return entries

    def _done(self) -> set[datetime]:
        with self.db.reading(SYSTEM) as session:
            return audit.moments(session)

    def _viewers(self) -> dict[str, Viewer]:
        with self.db.reading(SYSTEM) as session:
            found = people.list_people(session, SYSTEM, limit=500).items
            members = stored.list_members(session, SYSTEM, limit=500).items
            suppliers = stored.list_suppliers(session, SYSTEM, limit=500).items
        member_ids = {one.code: one.id for one in members}
        supplier_ids = {one.code: one.id for one in suppliers}
        by_name = {
            one.name: Viewer(
                role=Role(one.role),
                person=one.id,
                member=member_ids.get(one.member or ""),
                supplier=supplier_ids.get(one.supplier or ""),
            )
            for one in found
        }
        told = [self.story.world["administrator"], *self.story.world["people"]]
        return {person["code"]: by_name[person["name"]] for person in told}

    def _open(self, viewer: Viewer, event: Event) -> None:
        periods.open_period(
            self.db,
            viewer,
            code=event["period"],
            starts=date.fromisoformat(event["starts"]),
            ends=date.fromisoformat(event["ends"]),
            now=event["at"],
        )

    def _catalogue(self, viewer: Viewer, event: Event) -> None:
        items = catalogue.items_from_csv(self.story.read(event["file"]))
        catalogue.map_codes(
            self.db, viewer, supplier=event["supplier"], items=items, now=event["at"]
        )

    def _rates(self, viewer: Viewer, event: Event) -> None:
        found = rates.rates_from_csv(self.story.read(event["file"]), event["source"])
        rates.record(self.db, viewer, found, now=event["at"])

    def _sign(self, viewer: Viewer, event: Event) -> None:
        document = self.story.read(event["file"])
        agreements.sign(
            self.db, viewer, document, because=event["because"], now=event["at"]
        )

    def _upload(self, viewer: Viewer, event: Event) -> Received:
        folder = self.story.folder / "uploads" / event["folder"]
        files = [
            invoices.Incoming(file.name, file.read_bytes())
            for file in sorted(folder.iterdir())
        ]
        mapped = event.get("columns")
        columns = ingest.column_map(self.story.read(mapped)) if mapped else None
        return invoices.receive(
            self.db,
            viewer,
            files,
            member=event.get("member"),
            columns=columns,
            now=event["at"],
        )

    def _add_tax_id(self, viewer: Viewer, event: Event) -> None:
        parties.add_tax_id(
            self.db,
            viewer,
            member=event["member"],
            tax_id=event["tax_id"],
            now=event["at"],
        )

    def _let_go(self, viewer: Viewer, event: Event) -> None:
        parties.let_go(
            self.db,
            viewer,
            member=event["member"],
            left_on=date.fromisoformat(event["left_on"]),
            now=event["at"],
        )

    def _close(self, viewer: Viewer, event: Event) -> None:
        periods.close(self.db, viewer, event["period"], now=event["at"])

    def _issue(self, viewer: Viewer, event: Event) -> None:
        statements.issue(
            self.db,
            viewer,
            event["period"],
            now=event["at"],
            workers=self.workers,
            render=self.render,
        )
