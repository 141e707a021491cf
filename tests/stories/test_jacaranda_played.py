"""Jacaranda's year, played by the verbs: four quarters closed and issued in turn.

Played once for all of these tests, which only read the books it leaves.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from printing import printed
from rappel.actions import rebates, statements
from rappel.actions.invoices import Received
from rappel.actions.verify import verify, verify_statement
from rappel.bundled import bundled
from rappel.cli.ending import Ending, differences, gather
from rappel.cli.story import Story, Teller
from rappel.core.access import SYSTEM
from rappel.core.statement_json import line_fields, statement_from_json
from rappel.paper.attached import embedded_data
from rappel.store import rebates as stored
from rappel.store.base import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.actions.rebates import Explanation, Preview
    from rappel.core.statements import StatementLine
    from rappel.store.base import Database
    from rappel.store.embedded import Server

JACARANDA = Story.of(bundled("stories") / "jacaranda-2026")
ZERO = Decimal(0)
PERCENTS = ({"0.5", "1", "1.5"}, {"0.6", "1.2", "2"})  # of faro-group's revisions


@dataclass(frozen=True)
class Played:
    """The books after the year, what they came to, and what each upload answered."""

    db: Database
    ending: Ending
    preview: Preview
    uploads: dict[str, Received]

    def explained(self, period: str) -> list[Explanation]:
        """Explain every rebate of a period."""
        with self.db.reading(SYSTEM) as session:
            found = stored.rebates_of(session, SYSTEM, period)
        return [rebates.explain(self.db, SYSTEM, one.ref) for one in found]


@pytest.fixture(scope="module")
def played(
    cluster: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    """Play the year into a database of its own."""
    cluster.create_database("jacaranda", template=template)
    db = connect(
        cluster.url(database="jacaranda"), cache=tmp_path_factory.mktemp("parts")
    )
    uploads: dict[str, Received] = {}

    def told(event: dict[str, Any], answer: object) -> None:
        if isinstance(answer, Received):
            uploads[event["folder"]] = answer

    teller = Teller(db=db, story=JACARANDA, workers=1, told=told, render=printed)
    teller.found()
    preview = teller.play()
    yield Played(db, gather(db, JACARANDA, preview), preview, uploads)
    db.dispose()
    cluster.drop_database("jacaranda")


def expected(name: str) -> Any:
    return json.loads(JACARANDA.read(f"expected/{name}.json"))


def figures(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_the_year_ends_with_every_figure_of_the_story(played: Played) -> None:
    assert JACARANDA.periods == ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
    assert list(differences(JACARANDA, played.ending)) == []
    assert len(played.ending.statements) == 16
    assert played.preview.rebates == (), "nothing is left over for the next year"


def test_every_document_has_the_state_and_the_findings_of_the_story(
    played: Played,
) -> None:
    for upload in expected("intake"):
        outcomes = played.uploads[upload["upload"]].outcomes
        assert [(one.file, one.number, one.state) for one in outcomes] == [
            (one["file"], one["number"], one["state"]) for one in upload["documents"]
        ]
        for one, wanted in zip(outcomes, upload["documents"], strict=True):
            assert set(wanted["findings"]) <= {each.code for each in one.findings}


def test_the_instalments_add_up_to_the_whole_to_the_cent(played: Played) -> None:
    for programme in played.ending.year["programmes"]:
        for member in programme["members"]:
            due, paid = figures(*member["due"]), figures(*member["paid"])
            net = Decimal(member["earned"]) - Decimal(member["fee"])
            assert sum(due) == net
            assert sum(paid) + Decimal(member["carried"]) == net
        whole = [one for one in played.ending.pools if one["period"] == "2026-Q4"]
        (pool,) = [one for one in whole if one["programme"] == programme["programme"]]
        assert sum(figures(*programme["due"])) == Decimal(pool["outbound"])
        assert Decimal(pool["outbound"]) + Decimal(pool["fee"]) == Decimal(
            pool["inbound"]
        )


def test_every_line_is_explained_down_to_its_documents(played: Played) -> None:
    for period in JACARANDA.periods:
        for found in played.explained(period):
            line = found.rebate.line
            steps = {one.step: one.amount for one in line.working}
            counted = [one for one in found.documents if one.reason is None]
            assert sum((one.amount for one in counted), ZERO) == line.volume
            exact = sum((one.amount for one in line.slices), ZERO)
            assert steps["exact"] == exact
            assert abs(exact + steps.get("promotion", ZERO) - line.earned) < Decimal(
                "0.01"
            )
            assert steps["due"] == line.earned - line.fee - line.settled_before
            assert all(one.fiscal_key for one in found.documents)


def test_a_statement_carries_the_same_lines_as_the_explanations(
    played: Played,
) -> None:
    lines: dict[str, dict[tuple[str, str], StatementLine]] = defaultdict(dict)
    for period in JACARANDA.periods:
        for found in played.explained(period):
            key = (found.rebate.member, found.rebate.line.programme)
            lines[period][key] = found.rebate.line
    for row in played.ending.statements:
        pdf = statements.pdf_of(played.db, SYSTEM, row["number"])
        assert verify_statement(pdf, db=played.db) == ()
        statement = statement_from_json(embedded_data(pdf))
        assert statement.total == Decimal(row["total"])
        for one in statement.lines:
            explained = lines[row["period"]][row["member"], one.programme]
            told, kept = line_fields(one), line_fields(explained)
            named = {"supplier"}  # by its name on paper, by its code in the books
            assert {name: told[name] for name in told.keys() - named} == {
                name: kept[name] for name in kept.keys() - named
            }


def test_each_revision_pays_its_part_at_the_tier_of_the_story(played: Played) -> None:
    found = {
        (period, one.rebate.member): one.rebate.line
        for period in JACARANDA.periods
        for one in played.explained(period)
        if one.rebate.line.programme == "faro-year"
    }
    for wanted in expected("working")["members"]:
        line = found[wanted["period"], wanted["member"]]
        parts = [
            (one.payable, one.threshold, one.value.percent, one.amount)
            for one in line.slices
        ]
        assert parts == [
            tuple(
                figures(one["payable"], one["threshold"], one["percent"], one["amount"])
            )
            for one in wanted["parts"]
        ]
        promoted = [one for one in line.working if one.step == "promotion"]
        assert [
            (one.params["code"], Decimal(one.params["payable"]), one.amount)
            for one in promoted
        ] == [
            (one["code"], *figures(one["payable"], one["amount"]))
            for one in wanted["promotions"]
        ]


def test_the_groups_parts_are_divided_and_its_measure_is_told_to_nobody(
    played: Played,
) -> None:
    for wanted in expected("working")["group"]:
        lines = [
            one.rebate.line
            for one in played.explained(wanted["period"])
            if one.rebate.line.programme == "faro-group"
        ]
        assert {line.measure for line in lines} == {None}
        slices = [part for line in lines for part in line.slices]
        for part, percents in zip(wanted["parts"], PERCENTS, strict=False):
            mine = [one for one in slices if str(one.value.percent) in percents]
            payable = sum((one.payable for one in mine), ZERO)
            base = Decimal(part["payable"])
            first = Decimal(1000000) / Decimal(wanted["measure"])
            assert abs(payable - base * (1 - first)) < Decimal("1e-9")
            earned = sum((one.amount for one in mine), ZERO)
            table = Decimal(part["table"]) / Decimal(wanted["measure"])
            assert abs(earned - base * table) < Decimal("1e-9")
        assert sum(line.earned for line in lines) == Decimal(wanted["earned"])


def test_the_books_verify(played: Played) -> None:
    assert verify(played.db) == ()
