"""Laws of UBL and CII: how it is written changes nothing that is read."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from random import Random, SystemRandom
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cii_documents import cii_xml, trade_allowance, zugferd_1
from ingest.test_attached import answer_xml, attached, escaped
from ingest.test_fuzz import answers, changed
from rappel.ingest import read
from ubl_documents import (
    OTHER_CUFE,
    Item,
    allowance,
    dian_xml,
    priced,
    reference,
    response,
    sunat_xml,
    ubl_xml,
)

if TYPE_CHECKING:
    from rappel.core.invoices import Document, Line

AFTER = allowance("10.00") + allowance("5.00", charge=True)
ITEMS = (Item(net="33.33"), Item(code="B-2", net="66.67"), Item(code="FLETE"))
CREDITED = response("1") + reference("SETP1", key=OTHER_CUFE, date="2026-01-31")
SEEDS = {
    "peppol": ubl_xml(*ITEMS, after=AFTER, added="-5.00"),
    "peppol credit note": ubl_xml(*ITEMS, name="CreditNote", type_code="381"),
    "dian": dian_xml(*ITEMS, after=AFTER, added="-5.00"),
    "dian credit note": dian_xml(*ITEMS, name="CreditNote", before=CREDITED),
    "sunat": sunat_xml(*ITEMS, Item(net="9.00", inside=priced("02")), added="-9.00"),
    "sunat 2.0": sunat_xml(*ITEMS, version="2.0"),
}


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def of_other_prefixes(content: bytes) -> bytes:
    root = etree.fromstring(content)
    names = {f"p{place}": uri for place, uri in enumerate(set(root.nsmap.values()))}
    other = etree.Element(root.tag, root.attrib, nsmap=names)
    other.extend(root)
    etree.cleanup_namespaces(other, top_nsmap=names)
    return etree.tostring(other)


def spread_out(content: bytes) -> bytes:
    return content.replace(b"><", b">\n \t<").replace(b"<cbc:ID>", b"<cbc:ID>\r\n  ")


def of_other_order(content: bytes) -> bytes:
    """Turn the children of a document round, its lines apart: they have an order."""
    root = etree.fromstring(content)
    lines = [child for child in root if child.tag.endswith("Line")]
    others = [child for child in root if child not in lines]
    root[:] = [*reversed(others), *lines]
    return etree.tostring(root)


def in_utf_16(content: bytes) -> bytes:
    return content.decode().replace('"UTF-8"', '"UTF-16"', 1).encode("utf-16")


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize(
    "written", [of_other_prefixes, spread_out, of_other_order, in_utf_16]
)
def test_prefixes_blanks_order_and_encoding_change_nothing(
    name: str, written: object
) -> None:
    assert callable(written)
    assert one(written(SEEDS[name])) == one(SEEDS[name])


NOTE = {"name": "CreditNote", "type_code": "381"}


def cii_note(*items: Item, after: str, added: str, **note: str) -> bytes:
    cut = trade_allowance(added.removeprefix("-"))
    code = note.get("type_code", "380")
    assert after
    return cii_xml(*items, settled=cut, added=added, type_code=code)


@pytest.mark.parametrize("make", [ubl_xml, dian_xml, sunat_xml, cii_note])
@given(
    nets=st.lists(
        st.decimals("0.01", "9999", places=2).map(str), min_size=1, max_size=6
    ),
    cut=st.sampled_from(["0.00", "0.01", "7.77"]),
)
@settings(max_examples=40, deadline=None)
def test_an_invoice_and_its_full_credit_note_are_nothing(
    make: object, nets: list[str], cut: str
) -> None:
    assert callable(make)
    items = [Item(code=f"P{place}", net=net) for place, net in enumerate(nets)]
    said = {"after": allowance(cut), "added": f"-{cut}"}
    invoice = one(make(*items, **said))
    note = one(make(*items, **said, **NOTE))
    assert note.kind == "credit_note"
    assert note.base == invoice.base
    assert [figures(line) for line in note.lines] == [
        figures(line) for line in invoice.lines
    ]
    whole = sum(map(Decimal, nets), Decimal(0))
    if Decimal(cut) <= whole:
        assert invoice.base == whole - Decimal(cut)


def figures(line: Line) -> Line:
    return replace(line, unit=None)


WRAPPED = {
    "cii": cii_xml(*ITEMS),
    "zugferd 1": zugferd_1(cii_xml(*ITEMS)),
    "attached": attached(escaped(SEEDS["dian"])),
    "answer": answer_xml(),
}
CHANGED = SEEDS | WRAPPED


@pytest.mark.parametrize("name", CHANGED)
def test_a_document_changed_by_chance_is_answered(name: str) -> None:
    dice = Random(2026)
    for _ in range(60):
        answers(changed(CHANGED[name], dice))


@pytest.mark.full
@pytest.mark.parametrize("name", CHANGED)
def test_a_document_changed_for_seconds_is_answered(name: str) -> None:
    """The ten seeds are of three readers, which have more than 20 seconds in all."""
    seed = SystemRandom().randrange(10**9)
    dice, end, slowest = Random(seed), time.monotonic() + 7, 0.0
    while time.monotonic() < end:
        content, start = changed(CHANGED[name], dice), time.monotonic()
        try:
            answers(content)
        except Exception as fault:
            raise AssertionError(f"seed {seed}, {content!r}") from fault
        slowest = max(slowest, time.monotonic() - start)
    assert slowest < 2


@pytest.mark.parametrize("name", WRAPPED)
@pytest.mark.parametrize("written", [of_other_prefixes, in_utf_16])
def test_prefixes_and_encoding_change_nothing_of_others(
    name: str, written: object
) -> None:
    assert callable(written)
    assert one(written(WRAPPED[name])) == one(WRAPPED[name])
