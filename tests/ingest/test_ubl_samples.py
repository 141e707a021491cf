"""Real documents of UBL: what is read of them agrees with the list beside them.

The list was made by a simpler reader. It differs in what it does not know or says in
another form, and here it is not followed:

- it gives no fiscal key where there is none in the document, and the UUID of two OASIS
  examples; a key is made here for SUNAT and for UBL without a country;
- it names UBL 2.1 where a document names no version, with a question mark;
- tax ids are in normal form here (``175 269 2355`` is ``1752692355``, ``-`` is none);
- a supplier with two ids is known by that for VAT, not by its tax office's number;
- what a document points to is told once, by its key, not by each of its names;
- the charges of the OASIS debit note stand in its sums alone, and are read there;
- lines of UBL that a document contradicts are held by the same checks as the list's,
  but a document that is refused is not asked whether its arithmetic holds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ingest.test_samples import content, listed, name
from rappel.ingest import read
from rappel.ingest.texts import tax_id

if TYPE_CHECKING:
    from rappel.core.invoices import Document

FOLDERS = {
    "co-dian-ubl21/": "dian",
    "pe-sunat-ubl/": "sunat",
    "ubl-oasis/": "ubl",
    "ubl-peppol/": "ubl",
}
ROWS = [row for folder in FOLDERS for row in listed(folder)]
INVOICES = [row for row in ROWS if row["verdict"] == "extracted"]
ISSUERS = {"corpus__EN16931_Gutschrift.ubl.xml": "DE123456789"}
CHARGES = {"ubl__UBL-DebitNote-2.1-Example.xml": "100"}


def one(row: dict[str, str]) -> Document:
    (document,) = read("a.xml", content(row))
    return document


@pytest.mark.parametrize("row", INVOICES, ids=name)
def test_a_document_is_read_as_the_list_says(row: dict[str, str]) -> None:
    document = one(row)
    folder = f"{row['file'].partition('/')[0]}/"
    version = row["version"] if not row["version"].endswith("?") else None
    wanted = {
        "scheme": FOLDERS[folder],
        "version": version,
        "number": row["number"],
        "issuer": ISSUERS.get(name(row), tax_id(row["issuer_tax_id"])) or None,
        "receiver": tax_id(row["receiver_tax_id"]) or None,
        "date": row["date"],
        "currency": row["currency"],
        "kind": row["kind"],
        "lines": int(row["lines"]),
        "environment": "test" if "test" in row["note"] else "production",
    }
    assert document.issued_at is not None
    got = {
        **{key: getattr(document, key) for key in wanted if hasattr(document, key)},
        "issuer": document.issuer.tax_id,
        "receiver": document.receiver.tax_id,
        "date": document.issued_at.date().isoformat(),
        "lines": len(document.lines),
    }
    assert got == wanted


@pytest.mark.parametrize("row", INVOICES, ids=name)
def test_its_figures_are_those_of_the_list(row: dict[str, str]) -> None:
    document = one(row)
    wanted = {
        "subtotal": Decimal(row["subtotal"]),
        "discount": Decimal(row["discount"]),
        "tax": Decimal(row["tax"]),
        "charges": Decimal(CHARGES.get(name(row), row["freight_charges"])),
        "total": Decimal(row["total"]),
    }
    assert {key: getattr(document, key) for key in wanted} == wanted
    gross = sum((line.gross for line in document.lines), Decimal(0))
    assert gross == Decimal(row["lines_net"])


@pytest.mark.parametrize("row", INVOICES, ids=name)
def test_its_verdict_is_that_of_its_kind_and_its_sums(row: dict[str, str]) -> None:
    document = one(row)
    codes = {finding.code for finding in document.findings}
    refused = codes & {"test_environment", "consumer_receipt"}
    held = codes & {"buyer_issued", "no_supplier_tax_id"}
    assert bool(refused) == ("test" in row["note"] or document.number[:1] == "B")
    if refused:
        assert document.verdict == "reject"
        return
    assert ("arithmetic" in codes) == (row["arith_ok"] == "no")
    sound = row["arith_ok"] == "yes" and not held
    assert document.verdict == ("accept" if sound else "hold")
    assert document.evidence == ("D" if "arithmetic" in codes else "C") or held


@pytest.mark.parametrize("row", listed("co-dian-ubl21/"), ids=name)
def test_the_key_of_colombia_stands_in_the_document(row: dict[str, str]) -> None:
    document = one(row)
    assert document.fiscal_key == row["invoice_id"]
    figures = document.subtotal - document.discount + document.tax + document.charges
    assert figures == document.total
    keys = {one.fiscal_key for one in document.related}
    assert keys <= {part.rpartition(":")[2] for part in row["related"].split(";")}


@pytest.mark.parametrize("row", listed("pe-sunat-ubl/"), ids=name)
def test_the_key_of_peru_is_made_of_its_number(row: dict[str, str]) -> None:
    document = one(row)
    if row["verdict"] != "extracted":
        return
    series, _, count = row["number"].partition("-")
    assert document.fiscal_key is not None
    issuer, kind, *number = document.fiscal_key.split("-")
    assert (issuer, number) == (row["issuer_tax_id"], [series, str(int(count))])
    assert kind in {"01", "03", "07"}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["verdict"] != "extracted"], ids=name
)
def test_what_is_no_invoice_says_what_it_is(row: dict[str, str]) -> None:
    document = one(row)
    assert document.base == 0
    assert document.findings[0].code in {"unknown_document", "carries_no_volume"}
    if document.verdict == "accept":
        (related,) = document.related
        assert related.relation == "answers"
