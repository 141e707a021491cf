"""Papers beside invoices: none is a purchase, and some end one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rappel.ingest import read
from rappel.ingest.beside import NO_PURCHASES, PERU, VOIDED
from ubl_documents import RUC, UBL

if TYPE_CHECKING:
    from rappel.core.invoices import Document

SAC = f"{PERU}:SunatAggregateComponents-1"


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def paper(root: tuple[str, str], inside: str = "", number: str = "T001-7") -> bytes:
    namespace, name = root
    return (
        f'<r:{name} xmlns:r="{namespace}" '
        f'xmlns:cac="{UBL}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{UBL}:CommonBasicComponents-2" xmlns:sac="{SAC}">'
        f"<cbc:UBLVersionID>2.1</cbc:UBLVersionID>{inside}<cbc:ID>{number}</cbc:ID>"
        f"<cbc:IssueDate>2026-02-11</cbc:IssueDate></r:{name}>"
    ).encode()


@pytest.mark.parametrize("root", NO_PURCHASES, ids=lambda root: root[1])
def test_a_paper_that_bills_nothing_says_so(root: tuple[str, str]) -> None:
    document = one(paper(root))
    assert (document.kind, document.base, document.number) == ("other", 0, "T001-7")
    assert (document.verdict, codes(document)) == ("accept", ["carries_no_volume"])
    assert document.scheme == ("sunat" if root[0].startswith(PERU) else "ubl")


def test_a_delivery_is_perus_by_its_series_and_customization() -> None:
    said = "<cbc:CustomizationID>2.0</cbc:CustomizationID>"
    assert one(paper(NO_PURCHASES[0], said)).scheme == "sunat"
    assert one(paper(NO_PURCHASES[0], said, number="2026/7")).scheme == "ubl"


@pytest.mark.parametrize("gone", [b"cbc:ID", b"cbc:IssueDate"])
def test_one_that_says_not_even_what_it_is_is_refused(gone: bytes) -> None:
    content = paper(NO_PURCHASES[0]).replace(gone + b">", gone + b"X>")
    document = one(content)
    assert (document.verdict, codes(document)) == ("reject", ["missing_field"])


OLD = "<cbc:CustomerAssignedAccountID>{}</cbc:CustomerAssignedAccountID>"
NEW = "<cac:Party><cac:PartyIdentification><cbc:ID>{}</cbc:ID>"
NEW += "</cac:PartyIdentification></cac:Party>"


def voided(*numbers: str, party: str = OLD) -> bytes:
    lines = "".join(
        "<sac:VoidedDocumentsLine><cbc:DocumentTypeCode>01</cbc:DocumentTypeCode>"
        "<sac:DocumentSerialID>F001</sac:DocumentSerialID><sac:DocumentNumberID>"
        f"{number}</sac:DocumentNumberID></sac:VoidedDocumentsLine>"
        for number in numbers
    )
    issuer = f"<cac:AccountingSupplierParty>{party.format(RUC)}"
    return paper(VOIDED, f"{issuer}</cac:AccountingSupplierParty>{lines}", "RA-1")


@pytest.mark.parametrize("party", [OLD, NEW])
def test_what_a_supplier_voids_waits_for_the_authoritys_answer(party: str) -> None:
    document = one(voided("7", "00000008", party=party))
    assert (document.scheme, document.kind) == ("sunat", "cancellation")
    assert (document.issuer.tax_id, document.base) == (RUC, 0)
    assert [(one.relation, one.fiscal_key) for one in document.related] == [
        ("cancels", f"{RUC}-01-F001-7"),
        ("cancels", f"{RUC}-01-F001-8"),
    ]
    assert document.verdict == "hold"
    assert codes(document) == ["not_acknowledged", "carries_no_volume"]


def test_one_that_voids_nothing_is_refused() -> None:
    document = one(voided())
    assert (document.verdict, codes(document)[0]) == ("reject", "missing_field")


def test_without_its_supplier_it_names_no_key() -> None:
    (related,) = one(voided("7", party="")).related
    assert related.fiscal_key == "F001-7"
