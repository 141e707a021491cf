"""A statement on paper: true to its figures, and the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from paper.reading import flat, pages
from paper.samples import line, statement
from rappel.core.statement_json import statement_from_json, statement_json
from rappel.paper.attached import embedded_data
from rappel.paper.view import view

if TYPE_CHECKING:
    from rappel.paper.statement import Renderer

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("locale", "country", "total", "earned"),
    [
        ("es-MX", "MX", "$12,809.97", "14,788.85"),
        ("pt-BR", "BR", "$ 12.809,97", "14.788,85"),
        ("en", "US", "$12,809.97", "14,788.85"),
        ("es-CO", "CO", "$ 12.809,97", "14.788,85"),
    ],
)
def test_the_first_page_says_the_total_and_how_it_comes_about(
    renderer: Renderer, locale: str, country: str, total: str, earned: str
) -> None:
    issued = statement(locale=locale, country=country)
    assert issued.total == Decimal("12809.97")
    first = pages(renderer.pdf(issued))[0].replace("\u00a0", " ")
    assert total in first
    assert earned in first
    assert "MX-2026-000041" in first
    assert "2026-Q3" in first
    assert issued.consortium.name in first
    assert issued.member.name in first
    assert "IUM010101AB1" in first
    assert "SEN980312KJ4" in first


def test_every_counted_document_is_in_the_annex_with_its_amount(
    renderer: Renderer,
) -> None:
    issued = statement()
    text = flat(renderer.pdf(issued))
    for row in issued.lines[0].documents:
        assert row.fiscal_key
        assert row.fiscal_key in text
        figure = f"{abs(row.amount):,.6f}"
        assert (f"\u2212{figure}" if row.amount < 0 else figure) in text
    assert f"{issued.lines[0].volume:,.6f}" in text


def test_a_left_out_document_says_why_in_words(renderer: Renderer) -> None:
    text = flat(renderer.pdf(statement(locale="en")))
    assert "Documents that counted under no programme" in text
    assert "No programme covers it." in text
    assert "late" in text  # a code without words is said itself


def test_the_reconciliation_adds_up_also_when_something_is_carried() -> None:
    rich = line(40)
    poor = replace(line(2), payable_now=Decimal(0))  # due -500.00, carried
    sums = view(statement(rich, poor)).sums
    figures = [
        Decimal(text.replace(",", "").replace("\u2212", "-") or 0)
        for text in (sums.earned, sums.fee, sums.holdback, sums.settled_before)
    ]
    due = Decimal(sums.due.replace(",", ""))
    assert sum(figures) == due
    carried = Decimal(sums.carried.replace(",", "").replace("\u2212", "-"))
    assert due + carried == statement(rich, poor).total
    assert not sums.brought_forward


def test_a_statement_that_does_not_add_up_is_never_shown() -> None:
    right = statement()
    with pytest.raises(ValueError, match="its total"):
        view(replace(right, total=right.total + Decimal("0.01")))
    wrong = replace(right.lines[0], fee=right.lines[0].fee + Decimal("0.01"))
    with pytest.raises(ValueError, match="andes-volumen"):
        view(replace(right, lines=(wrong,)))


def test_what_was_brought_forward_is_shown_when_there_is_some() -> None:
    more = replace(line(40), payable_now=Decimal("12909.97"))
    assert view(statement(more)).sums.brought_forward == "100.00"


def test_the_same_statement_gives_the_same_bytes(
    renderer: Renderer, usual: bytes
) -> None:
    renderer.pdf(statement(line(3), locale="pt-BR", country="BR"))
    assert renderer.pdf(statement()) == usual


def test_another_process_with_another_hash_seed_gives_the_same_bytes(
    usual: bytes,
) -> None:
    program = (
        "import hashlib; from samples import statement;"
        "from rappel.paper.statement import Renderer;"
        "print(hashlib.sha256(Renderer().pdf(statement())).hexdigest())"
    )
    mine = hashlib.sha256(usual).hexdigest()
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"},
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == mine


def test_a_machine_without_any_font_prints_the_same_bytes(
    usual: bytes, tmp_path: Path
) -> None:
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    program = (
        "import sys; from samples import statement;"
        "from rappel.paper.statement import Renderer;"
        "sys.stdout.buffer.write(Renderer().pdf(statement()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "FONTCONFIG_FILE": str(bare)},
        cwd=HERE,
        capture_output=True,
        check=True,
    )
    assert said.stdout == usual


def test_only_the_shipped_fonts_are_in_the_file(usual: bytes) -> None:
    found = {
        str(font["/BaseFont"])
        for page in PdfReader(BytesIO(usual)).pages
        for font in (item.get_object() for item in page["/Resources"]["/Font"].values())
    }
    assert found
    assert all("Rappel" in name or "Inter" in name for name in found), found


def test_the_statement_comes_back_out_of_its_pdf(renderer: Renderer) -> None:
    issued = statement(line(40, reach="marginal"))
    data = embedded_data(renderer.pdf(issued))
    assert data == statement_json(issued)
    assert statement_from_json(data) == issued


def test_the_page_prints_the_hash_of_the_attached_data(usual: bytes) -> None:
    assert hashlib.sha256(embedded_data(usual)).hexdigest() in flat(usual)


def test_the_file_claims_to_be_archival_and_accessible(usual: bytes) -> None:
    root = PdfReader(BytesIO(usual)).trailer["/Root"]
    metadata = root["/Metadata"].get_data()
    assert b'pdfaid:part="3"' in metadata
    assert b'pdfaid:conformance="A"' in metadata
    assert b"<pdfuaid:part>1<" in metadata
    assert len(root["/AF"]) == 1
    assert str(root["/AF"][0].get_object()["/AFRelationship"]) == "/Data"
    assert str(root["/Lang"]) == "es"


def test_the_first_row_of_a_table_is_repeated_on_every_page(
    long: bytes,
) -> None:
    printed = pages(long)
    listing = [text for text in printed if "A-1" in text and "-1F0B-" in text]
    assert len(listing) > 3
    assert all("Fiscal key" in text for text in listing)


def test_two_hundred_documents_take_eight_pages_at_most(long: bytes) -> None:
    assert len(pages(long)) <= 8


def test_every_page_says_its_number_and_what_it_is(long: bytes) -> None:
    printed = pages(long)
    for number, text in enumerate(printed, 1):
        assert f"Page {number} of {len(printed)}" in text
        assert "MX-2026-000041" in text
        assert "Informative document, not a fiscal receipt." in text


@pytest.mark.parametrize(("count", "most"), [(1, 2), (40, 4)])
def test_a_statement_is_no_longer_than_it_needs(
    renderer: Renderer, count: int, most: int
) -> None:
    assert len(pages(renderer.pdf(statement(line(count))))) <= most


@pytest.mark.parametrize(
    ("locale", "country", "height"),
    [
        ("es-MX", "MX", 792),
        ("pt-BR", "BR", 842),
        ("es-PE", "", 842),
        ("es-MX", "", 792),
    ],
)
def test_the_paper_is_that_of_the_country(
    renderer: Renderer, locale: str, country: str, height: int
) -> None:
    printed = renderer.pdf(statement(line(1), locale=locale, country=country))
    assert round(PdfReader(BytesIO(printed)).pages[0].mediabox.height) == height


def test_a_provisional_statement_says_so_on_every_page(renderer: Renderer) -> None:
    final = statement(line(3), locale="en")
    draft = replace(final, provisional=True)
    assert all("PROVISIONAL" in text for text in pages(renderer.pdf(draft)))
    assert "PROVISIONAL" not in flat(renderer.pdf(final))


def test_a_statement_of_nothing_says_that_nothing_is_payable(
    renderer: Renderer,
) -> None:
    empty = replace(statement(locale="en", out=0), lines=(), total=Decimal("0.00"))
    text = flat(renderer.pdf(empty))
    assert "Nothing is payable now" in text
    assert "$0.00" in text
