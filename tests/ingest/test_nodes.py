"""Fields of elements: what is missing, wrong or there twice is told by its path."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from lxml import etree

from rappel.ingest.faults import UnreadableError
from rappel.ingest.nodes import NAMESPACES, Branch

TEXT = f"""<a:Invoice xmlns:a="urn:a" xmlns:b="{NAMESPACES["cbc"]}"
  xmlns:c="{NAMESPACES["cac"]}">
  <b:ID> A-1 </b:ID><b:IssueDate>2026-02-11</b:IssueDate>
  <a:At>2026-02-11T23:30:00.125-06:00</a:At><a:Wrong>2026-02-30</a:Wrong>
  <c:Line><b:ID>1</b:ID><c:Price><b:Amount unit="PZA">1.50</b:Amount></c:Price></c:Line>
  <c:Line><b:ID>2</b:ID><c:Price><b:Amount>1e3</b:Amount></c:Price></c:Line>
  <b:Twice>1</b:Twice><b:Twice>2</b:Twice><b:Mixed>1<b:ID>9</b:ID>2</b:Mixed><b:No/>
</a:Invoice>"""


@pytest.fixture
def root() -> Branch:
    return Branch(etree.fromstring(TEXT), "Invoice", [])


def said(root: Branch) -> list[tuple[str, str | None]]:
    return [(item.code, item.column) for item in root.notes]


def test_a_value_is_the_text_of_an_element_whatever_its_prefix(root: Branch) -> None:
    assert root.text("cbc:ID") == "A-1"
    assert [line.text("cbc:ID") for line in root.children("cac:Line")] == ["1", "2"]
    first = root.children("cac:Line")[0]
    assert first.amount("cac:Price/cbc:Amount") == Decimal("1.50")
    amount = first.down("cac:Price/cbc:Amount")
    assert amount is not None
    assert amount.attribute("unit") == "PZA"


def test_every_text_at_a_path_is_told_and_no_empty_one(root: Branch) -> None:
    assert root.texts("cac:Line/cbc:ID") == ["1", "2"]
    assert [one.own() for one in root.each("cac:Line/cbc:ID")] == ["1", "2"]
    assert root.texts("cbc:No") == []
    assert root.texts("cac:None/cbc:ID") == []


def test_what_is_absent_or_empty_is_none(root: Branch) -> None:
    assert root.text("cbc:No") is None
    assert root.text("cac:None/cbc:ID") is None
    assert root.amount("cbc:None") is None
    assert root.down("cac:None/cac:Deeper") is None
    assert said(root) == []


def test_what_has_to_be_there_is_noted_with_its_path(root: Branch) -> None:
    assert root.need("cac:Party/cbc:Name") == ""
    assert root.children("cac:Line")[1].need_amount("cac:Price/cbc:Amount") == 0
    assert root.need_day("cbc:None") is None
    assert said(root) == [
        ("missing_field", "Invoice/Party/Name"),
        ("bad_number", "Invoice/Line[2]/Price/Amount"),
        ("missing_field", "Invoice/None"),
    ]


def test_a_day_is_its_own_local_time_and_no_zone_moves_it(root: Branch) -> None:
    assert root.need_day("cbc:IssueDate") == datetime(2026, 2, 11)  # noqa: DTZ001
    night = datetime(2026, 2, 11, 23, 30)  # noqa: DTZ001
    assert root.need_day("At") == night
    assert root.need_day("Wrong") is None
    assert root.need_day("cbc:ID") is None
    assert [code for code, _ in said(root)] == ["bad_date", "bad_date"]


def test_what_may_be_there_once_is_refused_when_it_is_there_twice(
    root: Branch,
) -> None:
    with pytest.raises(UnreadableError) as refused:
        root.text("cbc:Twice")
    assert refused.value.finding.code == "ambiguous_id"


def test_text_between_elements_is_no_value(root: Branch) -> None:
    assert root.text("cbc:Mixed") is None
