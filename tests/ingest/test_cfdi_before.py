"""CFDI 3.3 and 3.2: the same purchase is read of them as of version 4.0."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents import OTHER, Concept, cfdi_before, cfdi_xml
from rappel.ingest import read

LINES = (Concept(quantity="2", discount="5.00"), Concept(code="FLETE"))


@pytest.mark.parametrize("version", ["3.3", "3.2"])
@pytest.mark.parametrize("kind", ["I", "E", "T"])
def test_the_same_purchase_is_read_of_every_version(version: str, kind: str) -> None:
    related = [("03", OTHER)] if kind == "E" else []
    now = cfdi_xml(*LINES, kind=kind, discount="10.00", related=related)
    before = cfdi_before(now, version)
    assert before != now
    (document,), (old,) = read("a.xml", now), read("a.xml", before)
    assert old == replace(document, version=version)
    assert (old.verdict, old.evidence) == ("accept", "C")


@pytest.mark.parametrize("said", [None, "Pesos", "M.N.", "MXN"])
def test_version_3_2_says_pesos_by_many_names_or_by_none(said: str | None) -> None:
    written = cfdi_before(cfdi_xml(changes={"Moneda": said}), "3.2")
    (document,) = read("a.xml", written)
    assert (document.currency, document.verdict) == ("MXN", "accept")


def test_a_foreign_currency_needs_its_rate_in_version_3_2_too() -> None:
    written = cfdi_before(cfdi_xml(currency="USD"), "3.2")
    (document,) = read("a.xml", written)
    assert [(item.code, item.column) for item in document.findings] == [
        ("no_document_rate", "Comprobante@TipoCambio")
    ]


def test_a_missing_field_is_named_as_the_document_writes_it() -> None:
    written = cfdi_before(cfdi_xml(changes={"Fecha": None}), "3.2")
    (document,) = read("a.xml", written)
    assert [item.column for item in document.findings] == ["Comprobante@fecha"]


@pytest.mark.parametrize("version", ["4.0", "3.1"])
def test_a_version_of_another_namespace_is_refused(version: str) -> None:
    (document,) = read("a.xml", cfdi_before(cfdi_xml(), version))
    assert [item.code for item in document.findings] == ["not_supported"]
