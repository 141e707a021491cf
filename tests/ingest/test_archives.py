"""Archives: each member answers, and no limit is trusted to a header."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from documents import cfdi_xml, xlsx_of, zip_members, zip_of
from ingest.test_reading import codes
from rappel.ingest import archive, read

if TYPE_CHECKING:
    import pytest


def test_each_member_of_an_archive_answers_in_order() -> None:
    body = zip_members(
        {
            "dir/a.xml": cfdi_xml(),
            "__MACOSX/dir/._a.xml": b"\0\1",
            "dir/.DS_Store": b"x",
            "empty.xml": b"",
            "folder/": b"",
            "b.xml": b"<broken",
            "../c.xml": cfdi_xml(kind="P"),
        }
    )
    documents = read("lot.zip", body)
    assert [one.file for one in documents] == [
        "lot.zip/dir/a.xml",
        "lot.zip/b.xml",
        "lot.zip/c.xml",
    ]
    assert [one.verdict for one in documents] == ["accept", "reject", "accept"]


def test_an_archive_within_an_archive_is_refused_alone() -> None:
    inner = zip_of(a__xml=cfdi_xml())
    documents = read("lot.zip", zip_of(x__zip=inner, b__xml=cfdi_xml()))
    assert [one.verdict for one in documents] == ["reject", "accept"]
    assert codes(documents) == ["archive_nested"]


def test_a_spreadsheet_within_an_archive_is_read() -> None:
    rows = [
        ["number", "date", "rfc", "moneda", "neto"],
        ["A1", "2026-07-01", "", "", 1],
    ]
    (document,) = read("lot.zip", zip_of(t__xlsx=xlsx_of(rows)))
    assert document.kind == "register"


def test_an_archive_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    body = zip_of(a__xml=cfdi_xml(), b__xml=cfdi_xml())
    size = len(cfdi_xml())
    for name, holds, breaks, code in (
        ("LARGEST", len(body), len(body) - 1, "file_too_large"),
        ("MEMBERS", 2, 1, "archive_count"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(archive, name, holds)
            assert codes(read("lot.zip", body)) == []
            patched.setattr(archive, name, breaks)
            assert codes(read("lot.zip", body)) == [code]
    for left, wanted in ((2 * size, []), (2 * size - 1, ["archive_size"])):
        monkeypatch.setattr(archive, "Budget", lambda left=left: archive_budget(left))
        documents = read("lot.zip", body)
        assert codes(documents) == wanted
        assert len(documents) == 2


def archive_budget(left: int) -> archive.Budget:
    budget = BUDGET()
    budget.left = left
    return budget


BUDGET = archive.Budget


def test_a_member_that_unpacks_a_hundredfold_is_refused() -> None:
    bomb = b" " * 7_000_000
    documents = read("lot.zip", zip_of(a__xml=bomb, b__xml=cfdi_xml()))
    assert codes(documents) == ["archive_ratio"]
    assert [one.verdict for one in documents] == ["reject", "accept"]


def test_a_member_packed_in_an_unusual_way_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as written:
        written.writestr("a.xml", cfdi_xml())
    assert codes(read("lot.zip", file.getvalue())) == ["archive_method"]


def test_a_damaged_archive_is_refused_and_a_damaged_member_alone() -> None:
    body = zip_of(a__xml=cfdi_xml())
    assert codes(read("lot.zip", body[:-30])) == ["archive_damaged"]
    place = body.index(b"a.xml") + 20
    damaged = body[:place] + b"\xff\xff\xff\xff" + body[place + 4 :]
    assert codes(read("lot.zip", damaged)) == ["archive_damaged"]


def test_a_locked_member_is_refused() -> None:
    body = bytearray(zip_of(a__xml=cfdi_xml()))
    body[body.index(b"PK\x01\x02") + 8] |= 1
    assert codes(read("lot.zip", bytes(body))) == ["archive_encrypted"]


def test_a_member_without_a_name_is_no_document() -> None:
    body = zip_of(x=cfdi_xml(), b__xml=cfdi_xml())
    start = body.index(b"PK\x01\x02")
    nameless = bytearray(body)
    nameless[start + 28] = 0  # the length of its name in the directory
    del nameless[start + 46]
    end = nameless.rindex(b"PK\x05\x06")
    nameless[end + 12] -= 1  # the size of the directory
    assert [one.file for one in read("lot.zip", bytes(nameless))] == ["lot.zip/b.xml"]
