"""A PDF is read by the one XML in it, in a process that can do little harm."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zlib
from random import Random, SystemRandom
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, StreamObject

from cii_documents import cii_xml, pdf_of
from documents import cfdi_xml, zip_of
from ingest.test_fuzz import answers, changed
from rappel.ingest import pdf, pdf_child, read, xml

if TYPE_CHECKING:
    from pathlib import Path

    from rappel.core.invoices import Document

PNG = b"\x89PNG\r\n\x1a\n"


def one(content: bytes) -> Document:
    (document,) = read("a.pdf", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_the_invoice_is_read_from_its_attachment() -> None:
    (bare,) = read("a.pdf", cii_xml())
    assert one(pdf_of(PNG, cii_xml())) == bare
    assert one(b"\n\n" + pdf_of(cfdi_xml())).scheme == "cfdi"


def test_it_may_come_in_an_archive() -> None:
    (document,) = read("a.zip", zip_of(a__pdf=pdf_of(cii_xml())))
    assert (document.file, document.verdict) == ("a.zip/a.pdf", "accept")


@pytest.mark.parametrize("body", [b"\xef\xbb\xbf", b" \r\n", b""])
def test_an_attachment_is_known_by_its_first_bytes(body: bytes) -> None:
    assert one(pdf_of(body + cii_xml())).scheme == "cii"
    wide = cii_xml().decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16")
    assert one(pdf_of(wide)).scheme == "cii"


def test_two_of_them_wait_for_a_person() -> None:
    document = one(pdf_of(cii_xml(), cii_xml(number="F-2"), cii_xml()))
    assert (document.verdict, document.base) == ("hold", 0)
    assert codes(document) == ["ambiguous_attachment"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdf_of(), "pdf_without_xml"),
        (pdf_of(PNG), "pdf_without_xml"),
        (pdf_of(cii_xml(), password="secret"), "pdf_locked"),
        (b"%PDF-1.7 and no more", "pdf_damaged"),
        (pdf_of(b"<!DOCTYPE a><a/>"), "dtd_forbidden"),
        (pdf_of(b"<a>"), "not_well_formed"),
        (pdf_of(b"<a/>"), "unknown_document"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, code: str) -> None:
    document = one(content)
    assert (document.verdict, document.scheme) == ("reject", "unknown")
    assert codes(document) == [code]


def test_one_that_is_locked_against_changes_alone_is_read() -> None:
    assert one(pdf_of(cii_xml(), password="", owner="secret")).scheme == "cii"


def test_a_pdf_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf_of(cii_xml())
    monkeypatch.setattr(pdf, "LARGEST", len(content))
    assert codes(one(content)) == []
    assert codes(one(content + b" ")) == ["file_too_large"]


def test_an_xml_in_a_pdf_has_the_limit_of_any_xml() -> None:
    largest = b"<a>" + b" " * (xml.LARGEST - 7) + b"</a>"
    assert codes(one(pdf_of(largest))) == ["unknown_document"]
    assert codes(one(pdf_of(b" " + largest))) == ["file_too_large"]


def bomb(unpacked: int) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    file = writer.add_attachment("a.xml", b"<a/>")
    packer = zlib.compressobj(9)
    chunk = b"<" + b" " * 999_999
    packed = b"".join(packer.compress(chunk) for _ in range(unpacked // 1_000_000))
    stream = StreamObject()
    stream._data = packed + packer.flush()
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    assert not isinstance(stream, DecodedStreamObject)
    reference = writer._add_object(stream)
    file.pdf_object["/EF"][NameObject("/F")] = reference
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_one_that_unpacks_to_very_much_costs_too_much() -> None:
    content = bomb(600_000_000)
    assert len(content) < 2_000_000
    assert codes(one(content)) == ["pdf_too_costly"]


@pytest.mark.parametrize(
    "program",
    ["import time\ntime.sleep(60)", "raise SystemExit(1)", "import os\nos.abort()"],
)
def test_a_child_that_does_not_answer_is_stopped(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(pdf, "CHILD", child)
    monkeypatch.setattr(pdf, "SECONDS", 2)
    assert codes(one(pdf_of(cii_xml()))) == ["pdf_too_costly"]


@pytest.mark.parametrize(
    ("program", "most"),
    [
        ("b = bytearray(600_000_000)", "MemoryError"),
        ("while True: pass", "CPU"),
        (
            "import os; os.write(os.open('w', os.O_CREAT | os.O_RDWR), b'x')",
            "too large",
        ),
    ],
)
def test_the_child_has_little_memory_little_time_and_writes_nothing(
    program: str, most: str, tmp_path: Path
) -> None:
    text = pdf.CHILD.read_text().replace("SECONDS = 10", "SECONDS = 1")
    child = tmp_path / "child.py"
    child.write_text(text.replace("    json.dump(", f"    {program}\n    json.dump("))
    done = subprocess.run(
        [sys.executable, "-I", str(child)],
        input=b"",
        capture_output=True,
        cwd=tmp_path,
        check=False,
        timeout=60,
    )
    told = done.stderr.decode() + ("CPU" if done.returncode in {-9, -24} else "")
    assert done.returncode != 0
    assert most in told


def test_the_child_knows_nothing_of_rappel_and_no_frames() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-X", "importtime", str(pdf.CHILD)],
        input=pdf_of(cii_xml()),
        capture_output=True,
        check=True,
    )
    modules = {
        line.rpartition("|")[2].strip() for line in done.stderr.decode().split("\n")
    }
    assert "pypdf" in modules
    assert {name.partition(".")[0] for name in modules} & {"rappel", "polars"} == set()


def test_a_pdf_changed_by_chance_is_answered() -> None:
    content, dice = pdf_of(PNG, cii_xml()), Random(2026)
    for _ in range(100):
        said = pdf_child.answer(changed(content, dice))
        assert said["state"] in {"read", "locked", "damaged", "costly"}


@pytest.mark.full
def test_a_pdf_changed_for_20_seconds_is_answered() -> None:
    content, end = pdf_of(PNG, cii_xml()), time.monotonic() + 20
    dice = SystemRandom()
    while time.monotonic() < end:
        answers(changed(content, Random(dice.randrange(10**9))))


def test_what_the_child_answers_is_what_the_parent_knows() -> None:
    states = {
        pdf_child.answer(content)["state"]
        for content in (pdf_of(cii_xml()), pdf_of(password="x"), b"%PDF")
    }
    assert states == {"read", "locked", "damaged"}
