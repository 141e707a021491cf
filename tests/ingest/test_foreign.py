"""A foreigner's own tax id: beside the number that Mexico gives to every foreigner."""

from __future__ import annotations

from documents import cfdi_xml
from rappel import ingest


def read(*, own: str) -> ingest.Document:
    """Read an invoice to a foreigner whose own id is ``own``."""
    xml = cfdi_xml(member="XEXX010101000")
    marked = f'Rfc="XEXX010101000" NumRegIdTrib="{own}"'
    content = xml.replace(b'Rfc="XEXX010101000"', marked.encode())
    return ingest.read("a.xml", content)[0]


def test_a_foreigner_is_known_by_its_own_tax_id() -> None:
    document = read(own="900.735.184-6")

    assert document.receiver.tax_id == "XEXX010101000"
    assert document.receiver.foreign_id == "9007351846"
    assert document.receiver.identity == "9007351846"
    assert "party_is_nobody" not in {each.code for each in document.findings}


def test_a_foreigner_without_one_is_nobody() -> None:
    document = read(own="")

    assert document.receiver.identity == "XEXX010101000"
    assert "party_is_nobody" in {each.code for each in document.findings}
