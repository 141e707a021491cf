"""A signature in XML holds or it does not, and says what it covers."""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from ingest.test_samples import FOLDER
from rappel.ingest.evidence.canonical import faithful, place
from rappel.ingest.evidence.signatures import Signed, State, signatures
from sealing import ISSUER
from signing import DS, ENVELOPED, EXCLUSIVE, INCLUSIVE, signed_xml

WHOLE = (
    b'<a xmlns="urn:a" xmlns:p="urn:p"> <p:b n="2" m="1">caf\xc3\xa9 &amp;</p:b>'
    b"<!-- c --> <c>7.00</c>\n</a>"
)
PART = b'<a xmlns="urn:a"><b Id="x1"><c>7.00</c></b><d>free</d></a>'
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"


def one(content: bytes) -> Signed:
    (found,) = signatures(content, ())
    return found


def test_a_signature_over_the_whole_document_covers_its_root() -> None:
    found = one(signed_xml(WHOLE, ISSUER))
    assert (found.state, found.covers) == (State.HOLDS, ((),))
    assert found.certificate == ISSUER.certificate


def test_a_signature_over_an_id_covers_that_element_alone() -> None:
    found = one(signed_xml(PART, ISSUER, uri="#x1"))
    assert (found.state, found.covers) == (State.HOLDS, ((0,),))
    free = signed_xml(PART, ISSUER, uri="#x1").replace(b"free", b"dear")
    assert one(free).state is State.HOLDS


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("c14n", [INCLUSIVE, EXCLUSIVE])
@pytest.mark.parametrize(
    ("content", "uri"), [(WHOLE, ""), (PART, "#x1")], ids=["whole", "part"]
)
def test_each_algorithm_holds_and_one_changed_digit_breaks_it(
    content: bytes, uri: str, c14n: str, algorithm: str
) -> None:
    made = signed_xml(content, ISSUER, uri=uri, c14n=c14n, algorithm=algorithm)
    assert one(made).state is State.HOLDS
    assert one(made.replace(b"7.00", b"9.00")).state is State.BROKEN


@pytest.mark.parametrize(
    "form", [f"{INCLUSIVE}#WithComments", f"{EXCLUSIVE}WithComments"]
)
def test_comments_count_only_where_the_form_says_so(form: str) -> None:
    assert one(signed_xml(WHOLE, ISSUER)).state is State.HOLDS
    quiet = signed_xml(WHOLE, ISSUER).replace(b"<!-- c -->", b"<!-- d -->")
    assert one(quiet).state is State.HOLDS
    root = etree.fromstring(WHOLE)
    text = etree.tostring(
        root.getroottree(),
        method="c14n",
        exclusive="exc" in form,
        with_comments=True,
    )
    assert b"<!-- c -->" in text
    digest = base64.b64encode(sha256(text).digest()).decode()
    steps = (ENVELOPED, form)
    made = signed_xml(WHOLE, ISSUER, transforms=steps, digest=digest)
    assert one(made).state is State.HOLDS
    assert one(made.replace(b"<!-- c -->", b"<!-- d -->")).state is State.BROKEN


def test_order_of_attributes_is_nothing_and_white_space_is_something() -> None:
    made = signed_xml(WHOLE, ISSUER)
    assert one(made.replace(b'n="2" m="1"', b'm="1"  n="2"')).state is State.HOLDS
    assert one(made.replace(b"</c>\n", b"</c>")).state is State.BROKEN


def test_text_after_the_signature_stays_where_it_is() -> None:
    made = signed_xml(PART, ISSUER).replace(b"</Signature></a>", b"</Signature>!</a>")
    assert one(made).state is State.BROKEN
    content = b"<a><b>1</b>!</a>"
    root = etree.fromstring(signed_xml(content, ISSUER))
    signature = root[-1]
    root.insert(0, signature)  # with the text that was before it left behind
    signature.tail = None
    assert one(etree.tostring(root)).state is State.HOLDS


def test_two_elements_with_the_id_are_ambiguous_however_the_id_is_written() -> None:
    made = signed_xml(PART, ISSUER, uri="#x1")
    for name in (b"Id", b"ID", b"id", b"xml:id"):
        twice = made.replace(b"<d>", b"<d " + name + b'="x1">')
        found = one(twice)
        assert (found.state, found.name) == (State.AMBIGUOUS, "x1")


def test_an_id_that_nothing_has_breaks_it() -> None:
    made = signed_xml(PART, ISSUER, uri="#x1").replace(b' Id="x1"', b"")
    assert one(made).state is State.BROKEN


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("rsa-sha256", "rsa-md5", "rsa-md5"),
        ("xmlenc#sha256", "xmlenc#md5", "md5"),
        (f'{INCLUSIVE}"/></Transforms', 'urn:t"/></Transforms', "urn:t"),
        (f'{ENVELOPED}"', f'{XPATH}"', "xpath"),
        ('URI=""', 'URI="http://127.0.0.1/x"', "http"),
        (' URI=""', "", "Reference"),
        ("<KeyInfo>", "<KeyInfo/><KeyInfo xmlns='urn:k'>", "KeyInfo"),
    ],
)
def test_what_is_not_known_is_not_verified_and_named(
    old: str, new: str, name: str
) -> None:
    found = one(signed_xml(WHOLE, ISSUER, instead=(old, new)))
    assert found.state is State.UNSUPPORTED
    assert name in found.name.lower() or name in found.name


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("not(ancestor-or-self::ds:Signature)", State.HOLDS),
        (" not( ancestor-or-self::ds:Signature )\n", State.HOLDS),
        ("not(ancestor-or-self::ds:total)", State.UNSUPPORTED),
    ],
)
def test_a_path_that_cuts_signatures_out_is_known_and_no_other(
    path: str, state: State
) -> None:
    cut = f'{XPATH}"><XPath xmlns:ds="{DS}">{path}</XPath></Transform><Transform '
    given = (f'{ENVELOPED}"/><Transform ', cut)
    assert one(signed_xml(WHOLE, ISSUER, instead=given)).state is state


@pytest.mark.parametrize("gone", ["SignedInfo", "SignatureValue", "DigestValue"])
def test_a_part_that_is_missing_breaks_it(gone: str) -> None:
    root = etree.fromstring(signed_xml(WHOLE, ISSUER))
    (part,) = root.iter(f"{{{DS}}}{gone}")
    part.getparent().remove(part)
    assert one(etree.tostring(root)).state is State.BROKEN


def test_what_has_no_canonical_form_is_not_verified() -> None:
    made = signed_xml(PART, ISSUER)
    found = one(made.replace(b'xmlns="urn:a"', b'xmlns="urn:a" xmlns:q="q"'))
    assert (found.state, found.name) == (State.UNSUPPORTED, "C14N")


def test_names_may_have_letters_beyond_ascii() -> None:
    content = PART.replace(b"<c>", '<c año="1">'.encode())
    assert one(signed_xml(content, ISSUER, uri="#x1")).state is State.HOLDS


def test_too_many_references_are_not_followed() -> None:
    made = signed_xml(PART, ISSUER)
    start, end = made.index(b"<Reference"), made.index(b"</SignedInfo>")
    many = made[:start] + made[start:end] * 9 + made[end:]
    assert one(many).state is State.UNSUPPORTED


def test_only_the_first_signatures_are_looked_at() -> None:
    content = PART
    for _ in range(6):
        content = signed_xml(content, ISSUER)
    assert len(signatures(content, ())) == 4


def test_a_place_is_the_same_in_every_parse() -> None:
    content = b"<a><!-- 1 --><b/><?x?><c><d/></c></a>"
    bare = etree.fromstring(
        content, etree.XMLParser(remove_comments=True, remove_pis=True)
    )
    (deep,) = bare.iter("d")
    (same,) = faithful(content).iter("d")
    assert place(deep) == place(same) == (1, 0)


# As a second implementation (xmlsec 1.3.17) finds them.
HOLDING = {
    "lib-cl-sii-python__DTE--60910000-1--33--2336600.xml",
    "lib-cl-sii-python__DTE--76399752-9--33--25568--cleaned.xml",
    "ph-ubl__CreditNote.xml",
    "greenter__20600055519-01-F001-00000001.xml",
    "xsender__12345678912-01-F001-1.xml",
    "xsender__20603233591-03-B007-00000049.xml",
    "xsender__credit-note_signed.xml",
}


def with_signature() -> list[Path]:
    files = sorted(FOLDER.glob("*/*")) if FOLDER else []
    return [one for one in files if b"SignatureValue" in one.read_bytes()]


@pytest.mark.parametrize("file", with_signature(), ids=lambda file: Path(file).name)
def test_a_sample_holds_as_a_second_implementation_says(file: Path) -> None:
    found = signatures(file.read_bytes(), ())
    holds = [one for one in found if one.state is State.HOLDS]
    assert bool(holds) == (file.name in HOLDING)
