"""Proposals: what terms mean, before they are signed and beside those that were."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from rappel.actions import agreements, proposals
from rappel.actions.proposals import check, check_json, told
from rappel.core.findings import Finding
from rappel.errors import Malformed, NotAllowed, NotFound
from rappel.paper.figures import BLANK
from world import AGREEMENT, small_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = AGREEMENT.replace("2026-01-01", "2026-05-01").replace('"2"', '"2.5"')
GROUP = AGREEMENT.replace('"andes"', '"andes-group"').replace(
    'supplier = "andes-group"', 'supplier = "andes"'
)


@pytest.fixture
def world(db: Database) -> World:
    return small_world(db, NOW)


def put(db: Database, world: World, text: str) -> None:
    agreements.sign(db, world.administrator, text.encode(), now=NOW)


def test_a_check_says_what_the_terms_mean_in_words_and_figures() -> None:
    checked = check(AGREEMENT.encode())
    (meaning,) = checked.programmes
    assert (checked.agreement.code, meaning.code) == ("andes", "andes-volumen")
    assert meaning.examples.refused is None
    earned = {row["bought"]: row["earned"] for row in meaning.examples.rows}
    assert earned == {
        "99999.99": "0.00",
        "100000.00": "2000.00",
        "249999.99": "5000.00",
        "250000.00": "8750.00",
        "500000.00": "17500.00",
    }
    assert [one.code for one in checked.findings] == ["tier_cliff", "tier_cliff"]


def test_a_check_is_told_in_the_language_of_who_asks() -> None:
    checked = check(AGREEMENT.encode())
    spanish = check_json(checked, "es-MX")
    assert spanish["programmes"][0]["sentences"][0].startswith("Sobre las compras")
    assert "100,000" in spanish["findings"][0]["message"]
    assert spanish["findings"][0]["field"] == "programmes[0].tiers[1]"
    brazilian = check_json(checked, "pt-BR")
    assert "98.000,00" in brazilian["findings"][0]["message"]
    assert json.loads(msgspec.json.encode(brazilian)) == brazilian


def test_a_check_gives_the_terms_back_as_the_fields_of_a_document() -> None:
    fields = check_json(check(AGREEMENT.encode()), "en")["agreement"]
    assert fields["programmes"][0]["tiers"][1] == {"from": "100000", "percent": "2"}


def test_a_code_that_looks_like_a_figure_stays_a_code() -> None:
    named = Finding(
        code="programmes_overlap", params={"programme": "2026", "other": "2025"}
    )
    message = told(named, "es-MX")["message"].replace(BLANK, " ")
    assert message.startswith("2026 y 2025 pagan")


def test_a_document_with_faults_is_refused_with_each_path() -> None:
    with pytest.raises(Malformed) as refused:
        check(AGREEMENT.replace('"250000"', '"100000"').encode())
    assert [one.field for one in refused.value.faults] == [
        "programmes[0].tiers[2].from"
    ]


def test_a_signed_agreement_is_described_in_any_revision(
    db: Database, world: World
) -> None:
    put(db, world, LATER)
    last = proposals.describe(db, world.administrator, "andes")
    first = proposals.describe(db, world.administrator, "andes", 1)
    figures = [
        str(one.agreement.programmes[0].tiers[1].percent) for one in (first, last)
    ]
    assert figures == ["2", "2.5"]


def test_revisions_stand_side_by_side(db: Database, world: World) -> None:
    put(db, world, LATER)
    found = proposals.compare(db, world.administrator, "andes", 1, 2)
    assert {(one.path, one.before, one.after) for one in found.changes} == {
        ("in_force_from", "2026-01-01", "2026-05-01")
    }
    (ladder,) = found.ladders
    changed = [step for step in ladder.steps if step.before != step.after]
    assert [str(step.threshold) for step in changed] == ["100000"]
    with pytest.raises(NotFound):
        proposals.compare(db, world.administrator, "andes", 1, 3)


def test_another_agreement_that_pays_the_same_purchases_is_named(
    db: Database, world: World
) -> None:
    group = GROUP.replace("andes-volumen", "andes-grupo")
    found = proposals.warnings(db, world.administrator, group.encode())
    assert [one.code for one in found] == [
        "tier_cliff",
        "tier_cliff",
        "programmes_overlap",
    ]
    assert found[-1].params == {"programme": "andes-grupo", "other": "andes-volumen"}
    bravo = group.replace('supplier = "andes"', 'supplier = "bravo"')
    alone = proposals.warnings(db, world.administrator, bravo.encode())
    assert "programmes_overlap" not in [one.code for one in alone]


def test_the_terms_of_another_agreement_are_those_signed_last(
    db: Database, world: World
) -> None:
    put(db, world, LATER.replace("[[", "in_force_until = 2026-12-01\n\n[["))
    after = GROUP.replace("andes-volumen", "x").replace("2026-01-01", "2026-12-01")
    found = proposals.warnings(db, world.administrator, after.encode())
    assert "programmes_overlap" not in [one.code for one in found]


def test_an_agreement_is_not_beside_itself(db: Database, world: World) -> None:
    assert proposals.others(db, world.administrator, "andes") == ()


@pytest.mark.parametrize(
    "ask",
    [
        lambda db, viewer: proposals.describe(db, viewer, "andes"),
        lambda db, viewer: proposals.compare(db, viewer, "andes", 1, 1),
        lambda db, viewer: proposals.others(db, viewer, "andes"),
        lambda db, viewer: proposals.warnings(db, viewer, AGREEMENT.encode()),
    ],
)
def test_terms_of_suppliers_are_an_administrators_to_see(
    db: Database, world: World, ask: Callable[[Database, object], object]
) -> None:
    for viewer in (world.norte, world.andes):
        with pytest.raises(NotAllowed):
            ask(db, viewer)
