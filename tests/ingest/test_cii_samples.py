"""Real documents of CII: what is read of them agrees with the list beside them.

The list was made by a simpler reader. It differs where it knows less:

- it gives no key, and a version of two letters for what one namespace is for;
- a number that the seller gave its customer is no tax id here;
- a payment valuation (204) is no kind we know, and waits for a person;
- the example of ZUGFeRD 1 says that it is a test, and is refused for it;
- an invoice without lines is held.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.test_samples import content, listed, name
from rappel.ingest import read
from rappel.ingest.texts import tax_id

ROWS = listed("cii-facturx/")
ELEKTRON = "python-drafthorse__zugferd_2p3_EN16931_Elektron.xml"
VERDICTS = {
    "factur-x__factur-x-minimum.xml": ("hold", "no_lines"),
    "factur-x__zugferd-comfort.xml": ("reject", "test_environment"),
    ELEKTRON: ("hold", "unknown_kind"),
}


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_document_is_read_as_the_list_says(row: dict[str, str]) -> None:
    (document,) = read("a.xml", content(row))
    odd = name(row) == ELEKTRON
    assert document.scheme == "cii"
    assert (document.number, document.currency) == (row["number"], row["currency"])
    assert document.issuer.tax_id == row["issuer_tax_id"]
    assert document.receiver.tax_id == (None if odd else tax_id(row["receiver_tax_id"]))
    assert document.issued_at is not None
    assert document.issued_at.date().isoformat() == row["date"]
    assert document.kind == ("other" if odd else row["kind"])
    assert len(document.lines) == int(row["lines"])
    key = f"{row['issuer_tax_id']}:{row['number']}:{row['date'][:4]}"
    assert document.fiscal_key == (f"{key}:other" if odd else key)


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_its_figures_are_those_of_the_list(row: dict[str, str]) -> None:
    (document,) = read("a.xml", content(row))
    wanted = {
        "subtotal": Decimal(row["subtotal"]),
        "discount": Decimal(row["discount"]),
        "tax": Decimal(row["tax"]),
        "charges": Decimal(row["freight_charges"]),
        "total": Decimal(row["total"]),
    }
    assert {key: getattr(document, key) for key in wanted} == wanted
    gross = sum((line.gross for line in document.lines), Decimal(0))
    assert gross == Decimal(row["lines_net"])


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_its_verdict_is_that_of_what_it_is(row: dict[str, str]) -> None:
    (document,) = read("a.xml", content(row))
    verdict, code = VERDICTS.get(name(row), ("accept", None))
    found = {finding.code for finding in document.findings}
    assert document.verdict == verdict
    assert found == set() if code is None else code in found


@pytest.mark.parametrize("row", listed("pdf-facturx/"), ids=name)
def test_a_pdf_is_refused_for_the_encoding_of_its_xml(row: dict[str, str]) -> None:
    (document,) = read("a.pdf", content(row))
    (finding,) = document.findings
    assert (document.verdict, finding.code) == ("reject", "encoding_not_allowed")
    assert "encoding" in row["note"]
