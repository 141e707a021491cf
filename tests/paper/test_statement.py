"""A statement on paper: true to its figures, the same bytes, closed to the outside."""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import subprocess
import sys
import threading
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from paper.samples import line, statement
from rappel.core.statement_json import statement_from_json, statement_json
from rappel.errors import Malformed, Unavailable
from rappel.paper import engine
from rappel.paper.attached import embedded_data
from rappel.paper.engine import Engine
from rappel.paper.statement import Renderer, _print_one, html, render_many
from rappel.paper.view import view

if TYPE_CHECKING:
    from rappel.core.statements import Statement

HERE = Path(__file__).parent
ENTRY = (
    "<link rel=attachment href=file:///etc/passwd><script>alert(1)</script>{{ 7*7 }}"
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture(scope="module")
def long(renderer: Renderer) -> bytes:
    return renderer.pdf(statement(line(200), locale="en"))


@pytest.fixture(scope="module")
def usual(renderer: Renderer) -> bytes:
    return renderer.pdf(statement())


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def flat(pdf: bytes) -> str:
    return " ".join(" ".join(pages(pdf)).split())


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
    for seed in ("1", "77"):
        said = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
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
    draft = replace(statement(locale="en"), provisional=True)
    assert all("PROVISIONAL" in text for text in pages(renderer.pdf(draft)))
    assert "PROVISIONAL" not in flat(renderer.pdf(statement(locale="en")))


def test_a_statement_of_nothing_says_that_nothing_is_payable(
    renderer: Renderer,
) -> None:
    empty = replace(statement(locale="en", out=0), lines=(), total=Decimal("0.00"))
    text = flat(renderer.pdf(empty))
    assert "Nothing is payable now" in text
    assert "$0.00" in text


def hostile() -> Statement:
    bad = statement(replace(line(2), name=ENTRY, supplier=ENTRY, programme=ENTRY))
    rows = tuple(
        replace(row, number=ENTRY, supplier=ENTRY, fiscal_key=ENTRY, reason=ENTRY)
        for row in bad.left_out
    )
    who = replace(
        bad.member,
        name="ACME \u202e00.001$\u202c\x00 SA \ud800",
        code=ENTRY,
        tax_ids=(ENTRY,),
        lines=("\U0001f4a9 " + "x" * 100_000, '"><img src=http://127.0.0.1:9/x>'),
    )
    return replace(bad, left_out=rows, member=who, period=ENTRY, run=ENTRY)


def test_hostile_text_is_printed_as_text_and_reaches_nothing() -> None:
    page = html(replace(hostile(), member=statement().member))
    assert "<script" not in page
    assert "<link" not in page
    assert "&lt;link rel=attachment href=file" in page
    assert "{{ 7*7 }}" in page


def test_a_hostile_statement_prints_with_its_own_data_and_nothing_else(
    renderer: Renderer,
) -> None:
    bad = hostile()
    bad = replace(bad, member=replace(bad.member, name="ACME \u202e00.001$\u202c\x00"))
    printed = renderer.pdf(bad)
    assert b"root:x:" not in printed
    assert list(PdfReader(BytesIO(printed)).attachments) == ["statement.json"]
    text = flat(printed)
    assert "ACME 00.001$" in text
    assert "\u202e" not in text
    assert len(pages(printed)) <= 4


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/",
        "rappel:/fonts/../../etc/passwd",
        "rappel:/fonts/other.ttf",
        "relative.css",
    ],
)
def test_a_page_that_fetches_anything_else_is_not_printed(address: str) -> None:
    page = f"<link rel=stylesheet href='{address}'><p>x</p>"
    with pytest.raises(RuntimeError, match="may not fetch"):
        _print(Engine("v1"), page)


def test_a_page_may_carry_an_image_inside_itself() -> None:
    gif = "R0lGODlhAQABAAAAACwAAAAAAQABAAA="
    printed = _print(
        Engine("v1"), f"<img alt='' src='data:image/gif;base64,{gif}'><p>x</p>"
    )
    assert printed.startswith(b"%PDF-")


def _print(machine: Engine, page: str) -> bytes:
    issued = statement()
    return machine.print(page, sheet=view(issued), data=b"{}", made_at=issued.issued_at)


def test_a_renderer_refuses_another_thread(renderer: Renderer) -> None:
    caught: list[BaseException] = []

    def misuse() -> None:
        try:
            renderer.pdf(statement(line(1)))
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=misuse)
    thread.start()
    thread.join()
    assert "thread" in str(caught[0])


@pytest.mark.parametrize(
    ("platform", "command"), [("linux", "apt-get install"), ("darwin", "brew install")]
)
def test_without_pango_the_one_command_to_type_is_said(
    monkeypatch: pytest.MonkeyPatch, platform: str, command: str
) -> None:
    real = importlib.import_module

    def without(name: str, package: str | None = None) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, package)

    monkeypatch.setattr(engine.importlib, "import_module", without)
    monkeypatch.setattr(engine.sys, "platform", platform)
    with pytest.raises(Unavailable) as missing:
        Renderer().pdf(statement(line(1)))
    assert missing.value.code == "pango_missing"
    assert missing.value.repair.startswith(command)
    with pytest.raises(Unavailable):
        render_many([statement(line(1))])
    assert "MX-2026-000041" in Renderer().html(statement(line(1)))  # no Pango for it


def test_garbage_collection_is_left_as_it_was(renderer: Renderer) -> None:
    gc = importlib.import_module("gc")
    renderer.pdf(statement(line(1)))
    assert gc.isenabled()
    gc.disable()
    try:
        renderer.pdf(statement(line(1)))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_many_are_printed_in_their_order_and_progress_is_told(
    renderer: Renderer,
) -> None:
    several = [
        replace(statement(line(n), locale=locale), number=f"N-{n}")
        for n, locale in ((30, "es-MX"), (1, "pt-BR"), (2, "en"))
    ]
    told: list[tuple[int, int]] = []
    printed = render_many(several, 2, lambda done, whole: told.append((done, whole)))
    assert printed == [renderer.pdf(one) for one in several]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_worker_keeps_its_renderer(renderer: Renderer) -> None:
    issued = statement(line(1))
    assert _print_one(issued) == _print_one(issued) == renderer.pdf(issued)


def test_none_to_print_is_none_printed() -> None:
    assert render_many([]) == []


def test_a_file_that_is_no_statement_of_ours_is_refused_in_words() -> None:
    blank = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(blank)
    for content in (b"", b"hello", b"%PDF-1.7\n%%EOF", blank.getvalue()):
        with pytest.raises(Malformed) as refused:
            embedded_data(content)
        assert refused.value.code == "bad_statement"


def test_colours_that_carry_text_contrast_enough() -> None:
    css = importlib.import_module("rappel.bundled").bundled("templates")
    sheet = (css / "statement" / "v1" / "statement.css").read_text()
    colours = set(re.findall(r"[{; ]color: (#[0-9a-f]{6})", sheet))
    grounds = {"#ffffff", *re.findall(r"\.(?:z|current) { background: (#\w{6})", sheet)}
    assert len(colours) >= 3
    assert len(grounds) == 3
    for colour in colours:
        for ground in grounds:
            assert _contrast(colour, ground) >= 4.9, (colour, ground)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [
        p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_text_is_smaller_than_the_eye_allows() -> None:
    css = importlib.import_module("rappel.bundled").bundled("templates")
    sheet = (css / "statement" / "v1" / "statement.css").read_text()
    sizes = re.findall(r"(?:font-size: |font: \d+ )([\d.]+)pt", sheet)
    assert len(sizes) > 10
    assert min(map(float, sizes)) >= 6.7
