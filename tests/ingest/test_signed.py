"""What a signed document proves depends on what is signed, and on whose it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from brazilian import BUYER, NFE, SELLER, nfe_xml
from rappel.core.invoices import Document, Evidence, Party, Verdict
from rappel.ingest import read
from rappel.ingest.evidence import Source, Trust, proved
from sealing import AUTHORITY, ROOT, Holder, sealed
from signing import signed_xml

FIRM = Holder(name=f"LOJA LTDA:{SELLER}", by=AUTHORITY)
BRAZIL = Trust((ROOT.anchor("BR"), AUTHORITY.anchor("BR")))
INVOICE = (
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">'
    b"<total>118.00</total></Invoice>"
)


def note(by: Holder = FIRM, **changes: str | None) -> bytes:
    """Return a note signed as Brazil does: the infNFe by its id, SHA-1, in the NFe."""
    content = nfe_xml(**changes)  # type: ignore[arg-type]  # texts only
    root = etree.fromstring(content)
    (info,) = root.iter(f"{{{NFE}}}infNFe")
    into = "." if root.tag.endswith("}NFe") else f"{{{NFE}}}NFe"
    made = signed_xml(
        content, by, uri=f"#{info.get('Id')}", into=into, algorithm="sha1"
    )
    root = etree.fromstring(made)
    (digest,) = root.iter("{*}DigestValue")
    for protocol in root.iter(f"{{{NFE}}}infProt"):
        etree.SubElement(protocol, f"{{{NFE}}}digVal").text = digest.text
    return etree.tostring(root)


def told(content: bytes, trust: Trust = BRAZIL) -> tuple[str, str, list[str]]:
    (document,) = read("a.xml", content, trust=trust)
    codes = [one.code for one in document.findings]
    return document.verdict.value, document.evidence.value, codes


def of_peru(content: bytes, trust: Trust = BRAZIL) -> Document:
    """Return what is proven of a document of no reader of its own."""
    document = Document(
        file="a.xml",
        scheme="sunat",
        verdict=Verdict.ACCEPT,
        fiscal_key="20100066603-01-F001-1",
        issuer=Party(tax_id="20100066603"),
        issued_at=datetime(2026, 6, 30, 12),  # noqa: DTZ001  # local, as documents say
        evidence=Evidence.C,
    )
    return proved(document, Source(content, etree.fromstring(content)), trust)


def test_signed_chained_and_authorised_is_evidence_a() -> None:
    assert told(note()) == ("accept", "A", [])


def test_without_the_authoritys_answer_it_is_b() -> None:
    assert told(note(protocol=None))[1] == "B"


def test_an_answer_to_another_digest_is_none() -> None:
    content = note()
    start = content.index(b"digVal>") + 7
    other = content[:start] + b"AAAA" + content[start + 4 :]
    assert told(other)[1] == "B"


def test_of_an_authority_that_is_not_here_it_is_b_and_named() -> None:
    assert told(note(), Trust()) == ("accept", "B", ["chain_unknown"])
    mexican = Trust((ROOT.anchor(), AUTHORITY.anchor()))
    assert told(note(), mexican)[1:] == ("B", ["chain_unknown"])


def test_a_changed_figure_breaks_it_and_the_grade_is_that_of_no_signature() -> None:
    changed = note().replace(b"<vProd>100.00<", b"<vProd>100.01<")
    assert changed != note()
    assert told(changed) == ("accept", "C", ["signature_broken"])


def test_written_anew_with_blanks_it_is_c_and_says_so() -> None:
    root = etree.fromstring(note())
    etree.indent(root)
    assert told(etree.tostring(root)) == ("accept", "C", ["signature_broken"])


def test_a_certificate_that_its_holder_made_itself_proves_nothing() -> None:
    own = Holder(name=f"LOJA LTDA:{SELLER}")
    assert told(note(own)) == ("accept", "C", ["signature_of_nobody"])


def test_a_certificate_that_had_ended_proves_nothing() -> None:
    ended = datetime(2026, 6, 1, tzinfo=UTC)
    old = Holder(name=FIRM.name, by=AUTHORITY, end=ended)
    assert told(note(old))[1:] == ("C", ["signature_ended"])
    assert told(note(old), Trust())[1:] == ("C", ["signature_ended"])


def test_a_test_authority_vouches_for_no_purchase() -> None:
    trial = Trust((AUTHORITY.anchor("BR", trial=True),))
    assert told(note(), trial)[::2] == ("reject", ["test_environment"])


def test_a_chained_certificate_of_another_is_b_at_most() -> None:
    other = Holder(name=f"OUTRA LTDA:{BUYER}", by=AUTHORITY)
    assert told(note(other)) == ("accept", "B", ["signed_by_another"])


def test_a_branch_signs_with_the_certificate_of_its_firm() -> None:
    head = Holder(name=f"LOJA LTDA:{SELLER[:8]}000999", by=AUTHORITY)
    assert told(note(head))[1] == "A"


def test_the_signature_of_another_element_proves_nothing() -> None:
    content = nfe_xml().replace(b"</nfeProc>", b'<x Id="x1">1</x></nfeProc>')
    made = signed_xml(content, FIRM, uri="#x1", algorithm="sha1")
    assert told(made) == ("accept", "C", ["signature_elsewhere"])


def test_two_elements_with_the_signed_id_refuse_the_document() -> None:
    root = etree.fromstring(note())
    (info,) = root.iter(f"{{{NFE}}}infNFe")
    etree.SubElement(root, "hidden", Id=info.get("Id") or "")
    verdict, evidence, codes = told(etree.tostring(root))
    assert (verdict, evidence, codes[0]) == ("reject", "D", "ambiguous_id")


def test_a_true_note_hidden_beside_another_does_not_lend_it_its_signature() -> None:
    """The reader takes the one infNFe; a copy under any other name is not read."""
    root = etree.fromstring(note())
    (info,) = root.iter(f"{{{NFE}}}infNFe")
    copied = etree.fromstring(etree.tostring(info))
    copied.tag = f"{{{NFE}}}other"
    (product,) = (one for one in info.iter(f"{{{NFE}}}xProd"))
    product.text = "CAMBIADO"
    root.append(copied)
    assert told(etree.tostring(root))[::2] == ("reject", ["ambiguous_id"])


def test_every_note_of_a_lot_answers_for_its_own_signature() -> None:
    bare = [note(protocol=None, number=number) for number in (1, 2)]  # type: ignore[arg-type]
    opened = f'<enviNFe xmlns="{NFE}" versao="4.00">'.encode()
    lot = opened + b"".join(bare) + b"</enviNFe>"
    broken = lot.replace(b"<vProd>100.00<", b"<vProd>100.01<", 1)
    whole = [one.evidence.value for one in read("a.xml", lot, trust=BRAZIL)]
    changed = [one.evidence.value for one in read("a.xml", broken, trust=BRAZIL)]
    assert (whole, changed) == (["B", "B"], ["C", "B"])


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_a_whole_document_is_signed_in_any_encoding(encoding: str) -> None:
    root = etree.fromstring(signed_xml(INVOICE, FIRM))
    content = etree.tostring(root, xml_declaration=True, encoding=encoding)
    document = of_peru(content)
    grade = "B" if encoding != "UTF-16" else "C"  # nobody signs in UTF-16
    assert document.evidence == grade


def test_comments_that_the_reader_does_not_see_are_no_part_of_it() -> None:
    made = signed_xml(INVOICE, FIRM).replace(b"118.00", b"11<!-- -->8.00")
    assert of_peru(made).evidence == "B"


def test_a_cfdi_is_proven_by_its_seal_alone() -> None:
    assert told(sealed(), Trust())[2] == ["chain_unknown", "stamp_unchecked"]
