"""A printed statement is closed to the outside, and printing fails in words."""

from __future__ import annotations

import importlib
import threading
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from paper.samples import line, statement
from rappel.errors import Malformed, Unavailable
from rappel.paper import engine
from rappel.paper.attached import embedded_data
from rappel.paper.engine import Engine
from rappel.paper.statement import Renderer, _print_one, html, render_many
from rappel.paper.view import view

if TYPE_CHECKING:
    from rappel.core.statements import Statement

from paper.reading import flat, pages

ENTRY = (
    "<link rel=attachment href=file:///etc/passwd><script>alert(1)</script>{{ 7*7 }}"
)


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
        for n, locale in ((20, "es-MX"), (1, "pt-BR"), (2, "en"))
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
