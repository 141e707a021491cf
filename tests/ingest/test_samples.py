"""Real documents: what is read of them agrees with the list that came with them.

The folder of samples lies beside a checkout as ``shared/samples``, or where
``RAPPEL_SAMPLES`` says; without it these tests are skipped.
"""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

from rappel.ingest import document_json, read


def samples() -> Path | None:
    named = os.environ.get("RAPPEL_SAMPLES")
    beside = [folder / "shared" / "samples" for folder in Path(__file__).parents]
    found = [Path(named)] if named else beside
    return next((path for path in found if (path / "manifest.csv").is_file()), None)


FOLDER = samples()
needs_samples = pytest.mark.skipif(FOLDER is None, reason="no folder of samples")


def listed(*prefixes: str) -> list[dict[str, str]]:
    if FOLDER is None:
        return []
    with (FOLDER / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["file"].startswith(prefixes)]


def content(row: dict[str, str]) -> bytes:
    assert FOLDER is not None
    return (FOLDER / row["file"]).read_bytes()


def name(row: dict[str, str]) -> str:
    return Path(row["file"]).name


@needs_samples
def test_the_list_of_samples_is_not_empty() -> None:
    assert len(listed("mx-cfdi40/")) > 20
    assert len(listed("registers-format/erp_")) == 4


@pytest.mark.parametrize("row", listed("mx-cfdi40/", "mx-cfdi33/"), ids=name)
def test_a_cfdi_is_read_as_the_list_says(row: dict[str, str]) -> None:
    (document,) = read("a.xml", content(row))
    answer = document_json(document)
    wanted = {
        "scheme": "cfdi",
        "version": row["version"],
        "fiscal_key": row["invoice_id"].upper() or None,
        "number": row["number"] or None,
        "issuer": row["issuer_tax_id"].strip(),
        "receiver": row["receiver_tax_id"],
        "issued_at": row["date"],
        "currency": row["currency"],
        "subtotal": Decimal(row["subtotal"]),
        "discount": Decimal(row["discount"]),
        "tax": Decimal(row["tax"]),
        "charges": Decimal(row["freight_charges"]),
        "total": Decimal(row["total"]),
        "lines": int(row["lines"]),
        "lines_net": Decimal(row["lines_net"]),
        "kind": row["kind"],
        "related": row["related"],
    }
    figures = ("subtotal", "discount", "tax", "charges", "total")
    got = {
        **{key: answer[key] for key in wanted if key in answer},
        **{key: Decimal(answer[key]) for key in figures},
        "issuer": document.issuer.tax_id,
        "receiver": document.receiver.tax_id,
        "lines": len(document.lines),
        "lines_net": sum((line.net for line in document.lines), Decimal(0)),
        "related": " ".join(f"{one.code}:{one.fiscal_key}" for one in document.related),
    }
    assert got == wanted


SEALED_FOR_TESTS = {
    "cfdiutils__cfdi33-valid.xml",
    "cfdiutils__created-with-discounts-33.xml",
    "cfdiutils__cfdi40-valid.xml",
    "cfdiutils__created-cfdi40-pago20-valid.xml",
    "cfdiutils__created-with-discounts-40.xml",
}


@pytest.mark.parametrize("row", listed("mx-cfdi40/", "mx-cfdi33/"), ids=name)
def test_a_sample_is_accepted_if_stamped_and_its_arithmetic_holds(
    row: dict[str, str],
) -> None:
    """What a test authority sealed is refused; a real seal and chain make it B."""
    (document,) = read("a.xml", content(row))
    codes = {finding.code for finding in document.findings}
    assert ("arithmetic" in codes) == (row["arith_ok"] == "no")
    assert ("not_stamped" in codes) == (row["invoice_id"] == "")
    sound = row["arith_ok"] == "yes" and row["invoice_id"] != ""
    assert ("test_environment" in codes) == (name(row) in SEALED_FOR_TESTS)
    if name(row) in SEALED_FOR_TESTS:
        assert (document.verdict, document.evidence) == ("reject", "D")
        return
    assert document.verdict == ("accept" if sound else "hold")
    grade = "B" if name(row) == "cfdiutils__cfdi40-real.xml" else "C"
    assert document.evidence == (grade if sound else "D")


# The list counts each line of this UTF-16 file twice: it has three, a header and two.
COUNTED_TWICE = {"erp_sap_b1_ap_invoices.csv": 2}


@pytest.mark.parametrize("row", listed("registers-format/erp_"), ids=name)
def test_an_export_is_one_register_that_answers_for_every_row(
    row: dict[str, str],
) -> None:
    (document,) = read("a.csv", content(row))
    assert (document.scheme, document.kind) == ("table", row["kind"])
    assert document.verdict in {"accept", "hold"}
    rows = COUNTED_TWICE.get(name(row), int(row["lines"]))
    assert len(document.lines) == rows


@pytest.mark.parametrize("twice", COUNTED_TWICE)
def test_the_list_counts_a_wide_files_lines_twice(twice: str) -> None:
    for row in listed(f"registers-format/{twice}"):
        assert len(content(row).decode("utf-16").splitlines()) == 3
        assert int(row["lines"]) == 3 * 2


UNREAD = {"lib-cl-sii-python__DTE--76354771-K--33--170--cleaned-signature_xml.xml"}
SOUTHERN = {"br-nfe40/": "nfe", "cl-dte/": "dte", "gt-fel/": "fel"}


@pytest.mark.parametrize(
    "row", [row for row in listed(*SOUTHERN) if name(row) not in UNREAD], ids=name
)
def test_an_invoice_of_the_south_is_read_as_the_list_says(row: dict[str, str]) -> None:
    """The list's days have a zone, which a document's own local time has not.

    Its tax ids have the dashes of their country; ours have none.
    """
    (document,) = read("a.xml", content(row))
    answer = document_json(document)
    stated = ("number", "currency", "kind")
    figures = ("subtotal", "discount", "tax", "total", "charges")
    listed_as = (*figures[:-1], "freight_charges")
    assert answer["scheme"] == SOUTHERN[row["file"].partition("/")[0] + "/"]
    assert [answer[key] for key in stated] == [row[key] for key in stated]
    assert [Decimal(str(answer[key])) for key in figures] == [
        Decimal(row[key]) for key in listed_as
    ]
    assert answer["fiscal_key"] == row["invoice_id"]
    assert document.issuer.tax_id == row["issuer_tax_id"].replace("-", "")
    assert document.receiver.tax_id == row["receiver_tax_id"].replace("-", "")
    assert document.issued_at is not None
    assert document.issued_at.isoformat()[: len("2026-01-01")] == row["date"][:10]
    assert len(document.lines) == int(row["lines"])
    assert sum(line.net for line in document.lines) == Decimal(row["lines_net"])
    nobody = row["receiver_tax_id"] == "CF"
    altered = "changed-monto" in row["file"]  # neither signature nor stamp hold
    verdict = "reject" if altered else "hold" if nobody else "accept"
    assert document.verdict == verdict


# folders of what is read; test_ubl_samples and its neighbours have the others
READ = ("mx-cfdi40/", "mx-cfdi33/", "registers-format/", *SOUTHERN)
READ += ("co-dian-ubl21/", "pe-sunat-ubl/", "ubl-oasis/", "ubl-peppol/")
READ += ("cii-facturx/", "pdf-facturx/", "do-ecf/")
OTHERS = [
    row for row in listed("") if name(row) in UNREAD or not row["file"].startswith(READ)
]


@pytest.mark.parametrize("row", listed("do-ecf/"), ids=name)
def test_the_dummies_of_a_schema_are_refused(row: dict[str, str]) -> None:
    """The list has their figures; two of three are of 17 digits, which is no money.

    One of the two is a receipt for consumers besides, and its days are words.
    """
    (document,) = read("a", content(row))
    assert (document.scheme, document.verdict) == ("do", "reject")
    is_receipt = row["kind"] == "receipt"
    code = "consumer_receipt" if is_receipt else "bad_number"
    assert {item.code for item in document.findings} == {code}


@pytest.mark.parametrize("row", OTHERS, ids=name)
def test_what_is_not_read_is_refused_by_its_name(row: dict[str, str]) -> None:
    (document,) = read("a", content(row))
    assert document.verdict == "reject"
    assert document.findings[0].code in {
        "not_supported",
        "unknown_document",
        "not_well_formed",
        "missing_columns",
    }
