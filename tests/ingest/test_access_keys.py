"""A fiscal key that repeats its document has to say the same as it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from brazilian import SELLER, access_key, nfe_xml
from ingest.test_samples import FOLDER
from rappel.core.invoices import Document, Party, Verdict
from rappel.ingest import read
from rappel.ingest.evidence.access_keys import (
    check_digit,
    disagreements,
    remainder,
    stamp_holds,
)
from sealing import AUTHORITY, Holder
from signing import signed_xml

NO_KEY = "<RSAPK><M>AA==</M><E>AA==</E></RSAPK>"
NOTHING = etree.fromstring(b"<a/>")
# Built from the parts that each authority's manual gives, the digit worked out by hand
# in the tests of the digit below.
SRI = "3006202601" + "1790012345001" + "2" + "001002000000123" + "12345678" + "1"
CDC = "01" + "80012345" + "0" + "001" + "002" + "0000123" + "2" + "20260630" + "1"
COSTA_RICA = "506" + "300626" + "003101123456" + "00100001010000000123" + "1" + "1" * 8


def document(scheme: str, key: str, tax_id: str, number: str) -> Document:
    return Document(
        file="a.xml",
        scheme=scheme,
        verdict=Verdict.ACCEPT,
        fiscal_key=key,
        number=number,
        issuer=Party(tax_id=tax_id),
        issued_at=datetime(2026, 6, 30, 23, 30),  # noqa: DTZ001  # local, as it is said
    )


def of_ecuador() -> Document:
    key = SRI + check_digit(SRI, 7, ten=1)
    return document("sri", key, "1790012345001", "001-002-000000123")


def of_paraguay() -> Document:
    body = CDC + "123456789"
    key = body + check_digit(body, 11, ten=0)
    return document("py", key, "80012345-0", "001-002-0000123")


def of_costa_rica() -> Document:
    return document("cr", COSTA_RICA, "3101123456", "00100001010000000123")


def of_brazil() -> Document:
    return document("nfe", access_key(), SELLER, "1/1687")


ALL = [of_brazil(), of_ecuador(), of_paraguay(), of_costa_rica()]


@pytest.mark.parametrize("whole", ALL, ids=lambda one: one.scheme)
def test_a_key_that_repeats_its_document_disagrees_in_nothing(whole: Document) -> None:
    assert disagreements(whole, NOTHING) == ()


@pytest.mark.parametrize("whole", ALL, ids=lambda one: one.scheme)
@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("issuer", {"issuer": Party(tax_id="99999999")}),
        ("date", {"issued_at": datetime(2026, 7, 1)}),  # noqa: DTZ001  # local
        ("number", {"number": "7-8-9"}),
    ],
)
def test_each_part_that_differs_is_named(
    whole: Document, part: str, changes: dict[str, object]
) -> None:
    if part == "number":
        count = {"nfe": "7/8", "cr": "9"}.get(whole.scheme, "7-8-9")
        changes = {"number": count}
    other = replace(whole, **changes)  # type: ignore[arg-type]  # one field of several
    assert disagreements(other, NOTHING) == (part,)


@pytest.mark.parametrize("whole", ALL, ids=lambda one: one.scheme)
def test_what_a_document_does_not_say_cannot_differ(whole: Document) -> None:
    silent = replace(whole, issuer=Party(), issued_at=None, number=None)
    assert disagreements(silent, NOTHING) == ()
    assert disagreements(replace(whole, number="A"), NOTHING) == ()
    assert disagreements(replace(whole, fiscal_key=None), NOTHING) == ()
    assert disagreements(replace(whole, scheme="ubl"), NOTHING) == ()


@pytest.mark.parametrize("whole", ALL[:3], ids=lambda one: one.scheme)
@given(place=st.integers(0, 42), step=st.integers(1, 9))
def test_one_changed_digit_of_a_key_is_seen(
    whole: Document, place: int, step: int
) -> None:
    assume((whole.scheme, place) != ("py", 33))  # weighs 11 there: nothing
    key = whole.fiscal_key or ""
    other = str((int(key[place]) + step) % 10)
    changed = key[:place] + other + key[place + 1 :]
    assert disagreements(replace(whole, fiscal_key=changed), NOTHING)


@pytest.mark.parametrize(
    ("body", "last", "ten", "digit"),
    [
        # 1·9+2·8+3·7+4·6+5·5+6·4+7·3+8·2 = 156 = 14·11 + 2 → 9
        ("12345678", 9, 0, "9"),
        ("0", 9, 0, "0"),  # nothing is left: 11 → 0
        ("6", 9, 0, "0"),  # 12 is 11 and 1, so ten, which Brazil writes 0
        ("6", 7, 1, "1"),  # and Ecuador 1
        ("5", 7, 1, "1"),  # 10, and 1 to 11 by itself
    ],
)
def test_the_digit_as_worked_by_hand(
    body: str, last: int, ten: int, digit: str
) -> None:
    assert check_digit(body, last, ten=ten) == digit


def test_letters_weigh_from_the_digit_nought_on() -> None:
    assert remainder("A", 9) == 17 * 2 % 11
    assert remainder("A0", 9) == 17 * 3 % 11


def told(content: bytes) -> tuple[str, str, list[str]]:
    (found,) = read("a.xml", content)
    codes = [one.code for one in found.findings]
    return found.verdict.value, found.evidence.value, codes


def test_a_note_whose_key_differs_is_held_and_proves_nothing() -> None:
    content = nfe_xml(number=1687).replace(b"<nNF>1687<", b"<nNF>1688<")
    assert told(content) == ("hold", "D", ["key_number"])


def test_with_a_broken_signature_besides_it_is_refused() -> None:
    firm = Holder(name="LOJA", by=AUTHORITY)
    content = nfe_xml(protocol=None)
    signed = signed_xml(content, firm, uri=f"#NFe{access_key()}", algorithm="sha1")
    assert told(signed) == ("accept", "B", ["chain_unknown"])
    changed = signed.replace(b"<nNF>1687<", b"<nNF>1688<")
    codes = ["document_altered", "key_number", "signature_broken"]
    assert told(changed) == ("reject", "D", codes)
    total = signed.replace(b"<vNF>100.00<", b"<vNF>900.00<")
    assert told(total)[::2] == (
        "reject",
        ["document_altered", "signature_broken", "arithmetic"],
    )


def test_a_document_without_the_stamp_of_chile_says_nothing_of_it() -> None:
    assert stamp_holds(NOTHING) is None


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<DD/>",
        "<DD/><FRMT>AAAA</FRMT>",
        f"<DD><CAF><DA>{NO_KEY}</DA></CAF></DD><FRMT>AAAA</FRMT>",
    ],
)
def test_a_stamp_that_is_not_whole_does_not_hold(inside: str) -> None:
    root = etree.fromstring(f"<DTE><TED>{inside}</TED></DTE>")
    assert stamp_holds(root) is False


@pytest.mark.skipif(FOLDER is None, reason="no folder of samples")
def test_the_stamps_of_the_samples_hold_but_for_the_one_that_was_altered() -> None:
    assert FOLDER is not None
    roots = {
        file.name: etree.fromstring(file.read_bytes())
        for file in sorted(FOLDER.glob("cl-dte/*.xml"))
    }
    held = {name: stamp_holds(root) for name, root in roots.items()}
    assert [name for name, holds in held.items() if holds is False] == [
        "lib-cl-sii-python__DTE--76354771-K--33--170--cleaned-mod-changed-monto.xml"
    ]
    assert list(held.values()).count(True) > 3
