"""Ceiba's quarter, played by the verbs: every document and every figure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from printing import printed
from rappel.actions.invoices import Received
from rappel.bundled import bundled
from rappel.cli.ending import differences, gather
from rappel.cli.story import Story, Teller
from rappel.core.access import SYSTEM
from rappel.store import documents

if TYPE_CHECKING:
    from rappel.store.base import Database

CEIBA = Story.of(bundled("stories") / "ceiba-2026-q1")


@dataclass
class Heard:
    """What the teller told: the answer to each upload, by its folder."""

    uploads: dict[str, Received] = field(default_factory=dict)

    def __call__(self, event: dict[str, Any], answer: object) -> None:
        """Keep the answer to an upload."""
        if isinstance(answer, Received):
            self.uploads[event["folder"]] = answer


def teller(db: Database, heard: Heard) -> Teller:
    """Return one who plays Ceiba's quarter with quick paper."""
    return Teller(db=db, story=CEIBA, workers=1, told=heard, render=printed)


def test_the_quarter_ends_with_every_figure_of_the_story(db: Database) -> None:
    playing = teller(db, heard := Heard())
    assert playing.found() is not None

    ending = gather(db, CEIBA, playing.play())

    assert list(differences(CEIBA, ending)) == []
    for expected in json.loads(CEIBA.read("expected/intake.json")):
        outcomes = heard.uploads[expected["upload"]].outcomes
        states = ["known" if one.known else one.state for one in outcomes]
        found = [(one.file, one.number) for one in outcomes]
        assert [(*each, state) for each, state in zip(found, states, strict=True)] == [
            (one["file"], one["number"], one["state"]) for one in expected["documents"]
        ], expected["upload"]
        for one, wanted in zip(outcomes, expected["documents"], strict=True):
            assert set(wanted["findings"]) <= {each.code for each in one.findings}


def test_a_story_told_again_changes_nothing(db: Database) -> None:
    playing = teller(db, Heard())
    playing.found()
    first = gather(db, CEIBA, playing.play())

    again = teller(db, heard := Heard())

    assert again.found() is None
    assert gather(db, CEIBA, again.play()) == first
    assert heard.uploads.keys() <= {"08-altavista"}  # the same file again, once more
    with db.reading(SYSTEM) as session:
        held = documents.list_documents(session, SYSTEM, state="held").items
    assert {one.findings[0].code for one in held} == {
        "receiver_not_yours",
        "supplier_unknown",
        "already_claimed",
    }
