"""Column maps: what a person says of a layout, and every fault in it at once."""

from __future__ import annotations

import pytest

from rappel.errors import Malformed
from rappel.ingest import ColumnMap, column_map
from rappel.ingest.columns import HEADINGS, normal_heading, propose

WHOLE = b"""
date_order = "dmy"
decimal_mark = ","
delimiter = ";"
header_row = 3
sign = "as_marked"
sheet = "Compras"
[columns]
number = "Doc"
net = "Valor"
[defaults]
currency = "MXN"
supplier_tax_id = "EKU9003173C9"
"""


def test_a_map_says_what_the_headings_leave_open() -> None:
    assert column_map(WHOLE) == ColumnMap(
        date_order="dmy",
        decimal_mark=",",
        delimiter=";",
        header_row=3,
        sign="as_marked",
        sheet="Compras",
        columns={"number": "Doc", "net": "Valor"},
        defaults={"currency": "MXN", "supplier_tax_id": "EKU9003173C9"},
    )


def test_an_empty_map_leaves_all_to_the_file() -> None:
    assert column_map(b"") == ColumnMap()


@pytest.mark.parametrize("content", [b"date_order = ", b"\xff\xfe"])
def test_what_is_no_toml_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed, match="no TOML"):
        column_map(content)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('datum = "dmy"', "datum"),
        ('date_order = "dym"', "date_order"),
        ("decimal_mark = 1", "decimal_mark"),
        ('delimiter = "::"', "delimiter"),
        ('sign = "minus"', "sign"),
        ("sheet = 2", "sheet"),
        ("header_row = 0", "header_row"),
        ('header_row = "1"', "header_row"),
        ("header_row = true", "header_row"),
        ('columns = "net"', "columns"),
        ('columns = {nett = "Neto"}', "columns.nett"),
        ("columns = {net = 4}", "columns.net"),
        ('defaults = {total = "1"}', "defaults.total"),
    ],
)
def test_a_fault_is_named_by_its_path(line: str, path: str) -> None:
    with pytest.raises(Malformed) as refused:
        column_map(line.encode())
    assert [fault.field for fault in refused.value.faults] == [path]
    assert all(fault.repair for fault in refused.value.faults)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Malformed) as refused:
        column_map(b'sign = "x"\nheader_row = 0\n[columns]\nfoo = "x"\n')
    paths = [fault.field for fault in refused.value.faults]
    assert paths == ["columns.foo", "header_row", "sign"]


def test_a_known_heading_stands_for_one_field_and_is_written_as_it_is_compared() -> (
    None
):
    known = [heading for headings in HEADINGS.values() for heading in headings]
    assert len(known) == len(set(known))
    assert [normal_heading(heading) for heading in known] == known


@pytest.mark.parametrize(
    ("heading", "normal"),
    [
        ("Razón Social", "razon social"),
        ("Memo/Description", "memo description"),
        ("  FECHA_DOC ", "fecha doc"),
        ("Nº", "no"),
    ],
)
def test_headings_are_compared_without_accents_case_and_punctuation(
    heading: str, normal: str | None
) -> None:
    assert normal_heading(heading) == normal


def test_the_earlier_of_two_known_headings_wins() -> None:
    layout = propose(1, ["DocNum", "NumAtCard", "Fecha"], ColumnMap())
    assert layout.heading("number") == "NumAtCard"
    assert layout.heading("issued_at") == "Fecha"
    assert layout.heading("net") is None


def test_a_map_wins_over_known_headings_and_can_say_there_is_none() -> None:
    given = ColumnMap(columns={"number": "docnum", "issued_at": "", "net": "Monto"})
    layout = propose(1, ["DocNum", "NumAtCard", "Fecha"], given)
    assert layout.heading("number") == "DocNum"
    assert layout.heading("issued_at") is None
    assert layout.absent == ("Monto",)


def test_a_heading_that_comes_twice_is_told() -> None:
    layout = propose(1, ["Fecha", "fecha", "Neto"], ColumnMap())
    assert layout.twice == ("Fecha",)
