"""What a seal survives, and what it never survives; and the data that tell."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from documents import Concept, cfdi_xml
from ingest.test_samples import FOLDER
from rappel.errors import Unavailable
from rappel.ingest import read
from rappel.ingest.evidence import bundled, sat
from rappel.ingest.evidence.certificates import certificate, decoded
from rappel.ingest.evidence.trust import Link
from rappel.ingest.figures import local_day
from sealing import TRUST, sealed

if TYPE_CHECKING:
    from pathlib import Path

    from lxml.etree import _Element as Element

WHOLE = sealed(
    cfdi_xml(
        Concept(quantity="3", price="19.90", discount="1.15"),
        Concept(code="NVR-16", price="4200.00"),
        currency="USD",
        rate="18.5012",
        related=[("04", "33333333-3333-4333-8333-333333333333")],
        local_tax="12.50",
    )
)
VALUES = re.compile(rb' ([\w:]+)="([^"]*)"')
# With another number the certifier is one that is not here. The certificate itself is
# nothing that the seal covers: changed, it is of an authority that is not here.
UNCHECKED = {b"NoCertificadoSAT", b"Certificado"}


def digits(*, of_certificates: bool = False) -> list[int]:
    """Return the place of each digit of the values, or of those of certificates."""
    return [
        place
        for name, start, end in (
            (one[1], one.start(2), one.end(2)) for one in VALUES.finditer(WHOLE)
        )
        for place in range(start, end)
        if not name.startswith(b"xmlns")
        and WHOLE[place : place + 1].isdigit()
        and (name in UNCHECKED) == of_certificates
    ]


def test_the_document_is_a_before_anything_is_changed() -> None:
    (document,) = read("a.xml", WHOLE, trust=TRUST)
    assert document.evidence == "A"
    assert len(digits()) > 300


@settings(max_examples=300)
@given(place=st.sampled_from(digits()), step=st.integers(1, 9))
def test_no_digit_of_a_sealed_document_can_be_changed(place: int, step: int) -> None:
    other = b"%d" % ((int(WHOLE[place : place + 1]) + step) % 10)
    changed = WHOLE[:place] + other + WHOLE[place + 1 :]
    (document,) = read("a.xml", changed, trust=TRUST)
    assert document.evidence not in {"A", "B"}


@given(place=st.sampled_from(digits(of_certificates=True)), step=st.integers(1, 9))
def test_with_another_certificate_it_is_no_a_and_says_the_same(
    place: int, step: int
) -> None:
    other = b"%d" % ((int(WHOLE[place : place + 1]) + step) % 10)
    changed = WHOLE[:place] + other + WHOLE[place + 1 :]
    (whole,) = read("a.xml", WHOLE, trust=TRUST)
    (document,) = read("a.xml", changed, trust=TRUST)
    assert document.evidence != "A"
    assert document.findings
    assert (document.lines, document.total) == (whole.lines, whole.total)


@pytest.mark.full
def test_not_one_digit_of_all_can_be_raised() -> None:
    for place in digits():
        other = b"%d" % ((int(WHOLE[place : place + 1]) + 1) % 10)
        changed = WHOLE[:place] + other + WHOLE[place + 1 :]
        (document,) = read("a.xml", changed, trust=TRUST)
        assert document.evidence not in {"A", "B"}, changed[place - 40 : place + 9]


@given(order=st.randoms(use_true_random=False), blanks=st.text(" \n\t", max_size=3))
def test_order_of_attributes_prefixes_and_blanks_leave_the_seal(
    order: object, blanks: str
) -> None:
    root = etree.fromstring(WHOLE)
    for element in root.iter(etree.Element):
        pairs = list(element.attrib.items())
        order.shuffle(pairs)  # type: ignore[attr-defined]  # Hypothesis's own Random
        element.attrib.clear()
        for name, value in pairs:
            element.set(name, value)
        element.tail = blanks if element is not root else None
    text = etree.tostring(root, encoding="unicode")
    text = text.replace("cfdi:", "x:").replace("xmlns:cfdi=", "xmlns:x=")
    (document,) = read("a.xml", text.encode(), trust=TRUST)
    assert (document.evidence, document.findings) == ("A", ())


def test_what_is_bundled_is_what_was_taken_and_nothing_else() -> None:
    listed = sat.manifest()
    there = {
        path.relative_to(sat.FOLDER).as_posix()
        for path in sat.FOLDER.rglob("*")
        if path.is_file()
    }
    assert there == {*listed, "manifest.json"}
    for one in listed.values():
        assert one.content()
        assert one.source
        assert one.taken_on >= "2026-11-22"


def test_a_bundled_file_that_was_changed_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "sat"
    shutil.copytree(sat.FOLDER, copy)
    one = sat.manifest()["certificates/AC5_SAT.cer"]
    monkeypatch.setattr(sat, "FOLDER", copy)
    assert one.content()
    (copy / one.path).write_bytes(b"another")
    with pytest.raises(Unavailable) as caught:
        one.content()
    assert caught.value.code == "incomplete_installation"


def test_the_manifest_says_for_every_file_where_it_comes_from() -> None:
    listed = json.loads((sat.FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert all(
        {"path", "use", "source", "taken_on", "sha256"} <= {*one}
        for one in listed["files"]
    )


@pytest.mark.parametrize(("namespace", "version"), sat.SHEETS)
def test_every_stylesheet_compiles_with_all_that_it_includes(
    namespace: str, version: str
) -> None:
    sheet = sat.sheet(namespace, version)
    assert sheet is not None
    assert namespace in sheet.namespaces
    assert sat.sheet(namespace, "9.9") is None


def test_a_stylesheet_sees_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<secret>41</secret>", encoding="utf-8")
    sheet = f"""<xsl:stylesheet version="1.0"
      xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:output method="text"/>
      <xsl:template match="/"><xsl:value-of
        select="document('{secret.as_uri()}')/secret"/></xsl:template>
      </xsl:stylesheet>"""
    made = sat.compiled(etree.fromstring(sheet.encode()))
    assert sat.Sheet(made, frozenset()).string(etree.fromstring(b"<a/>")) in {None, b""}


def test_a_stylesheet_includes_nothing_that_is_not_listed() -> None:
    with pytest.raises(Unavailable):
        sat.Includes().take("../../../../etc/passwd")


def test_the_authorities_are_known_and_those_of_tests_are_marked() -> None:
    names = {(one.certificate.holder, one.trial) for one in bundled().anchors}
    assert ("AUTORIDAD CERTIFICADORA", False) in names
    assert ("AC UAT", True) in names
    assert all(one.certificate.fields.is_authority for one in bundled().anchors)


def real() -> list[Element]:
    files = sorted(FOLDER.glob("mx-cfdi[34]*/*.xml")) if FOLDER else []
    roots = [
        etree.fromstring(file.read_bytes())
        for file in files
        if b' Certificado="MI' in file.read_bytes()
    ]
    return [root for root in roots if root.get("Sello")]


@pytest.mark.skipif(FOLDER is None, reason="no folder of samples")
def test_every_sealed_sample_verifies_and_all_but_one_chain() -> None:
    """One old test authority, A.C. 1 de pruebas, is published nowhere any more.

    Its certificate had ended when it sealed, so that the end is what is told.
    """
    links = []
    for root in real():
        held = certificate((root.get("Certificado") or "").encode())
        seal = decoded(root.get("Sello") or "")
        sheet = sat.sheet(etree.QName(root).namespace or "", root.get("Version") or "")
        assert held
        assert seal
        assert sheet
        assert held.has_signed(sheet.string(root) or b"", seal, "sha256")
        links.append(bundled().link(held, "MX", local_day(root.get("Fecha") or "")))
    assert len(links) >= 7
    assert links.count(Link.ENDED) == 1
    assert {*links} == {Link.CHAINED, Link.TRIAL, Link.ENDED}
