"""Whom documents are believed by is the administrators' word, and has its trail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from purchases import ANDES, NORTE, Founded, cfdi, found
from rappel.actions.invoices import Incoming
from rappel.actions.trusting import believe, disbelieve, list_trusted, trust
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.ingest.evidence import bundled
from rappel.store.audit import AuditRow
from sealing import AUTHORITY, PAC, ROOT, Holder, sealed
from sending import send

if TYPE_CHECKING:
    from rappel.core.access import Viewer
    from rappel.store.base import Database

NOW = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


def add(db: Database, viewer: Viewer, holder: Holder, country: str = "MX") -> None:
    believe(db, viewer, holder.der, country=country, because="sat.gob.mx", now=NOW)


def upload(db: Database, here: Founded, name: str) -> tuple[str, str]:
    """Send a sealed invoice; return its grade and what was found on it."""
    seller = Holder(name="ANDES", tax_id=ANDES, by=AUTHORITY)
    plain = cfdi(name, issuer=ANDES, receiver=NORTE)
    content = sealed(plain.content, by=seller, at="2026-02-11T10:21:00")
    received = send(db, here.at_norte, Incoming(f"{name}.xml", content))
    (outcome,) = received.outcomes
    with db.reading(SYSTEM) as session:
        grade = session.scalar(
            sa.text("select evidence from invoice order by id desc limit 1")
        )
    return str(grade), ",".join(one.code for one in outcome.findings)


def test_without_a_word_the_releases_authorities_are_believed(db: Database) -> None:
    with db.reading(SYSTEM) as session:
        assert trust(session, SYSTEM).anchors == bundled().anchors
        shown = list_trusted(session, SYSTEM)
    assert {one.source for one in shown} == {"release"}
    assert [one.is_trial for one in shown].count(True) == 6


def test_an_upload_is_graded_by_whom_is_believed_when_it_comes(
    db: Database, here: Founded
) -> None:
    assert upload(db, here, "A1") == ("B", "chain_unknown,stamp_unchecked")
    add(db, here.administrator, AUTHORITY)
    assert upload(db, here, "A2") == ("B", "stamp_unchecked")
    add(db, here.administrator, PAC)
    assert upload(db, here, "A3") == ("A", "")
    taken = AUTHORITY.certificate.fingerprint
    disbelieve(db, here.administrator, taken, because="revoked", now=NOW)
    assert upload(db, here, "A4") == ("B", "chain_unknown,chain_unknown")
    add(db, here.administrator, AUTHORITY)
    assert upload(db, here, "A5") == ("A", "")


def test_a_certificate_is_shown_with_who_issued_it_and_why_it_is_believed(
    db: Database, here: Founded
) -> None:
    add(db, here.administrator, AUTHORITY)
    with db.reading(here.administrator) as session:
        one = list_trusted(session, here.administrator)[-1]
    assert (one.holder, one.authority) == ("AC DE PRUEBA", "RAIZ DE PRUEBA")
    assert (one.country, one.source, one.is_authority) == ("MX", "sat.gob.mx", True)
    assert (one.number, one.ends.year) == ("0002", 2028)


def test_each_word_is_in_the_trail(db: Database, here: Founded) -> None:
    add(db, here.administrator, ROOT)
    disbelieve(
        db,
        here.administrator,
        ROOT.certificate.fingerprint.upper(),
        because="it was for a trial",
        now=NOW,
    )
    with db.reading(SYSTEM) as session:
        found = session.scalars(sa.select(AuditRow).order_by(AuditRow.id)).all()
        trail = [(row.verb, row.subject, row.detail) for row in found]
    assert [one[:2] for one in trail[-2:]] == [
        ("trust.add", ROOT.certificate.fingerprint),
        ("trust.remove", ROOT.certificate.fingerprint),
    ]
    assert trail[-1][2] == {
        "countries": ["MX"],
        "holder": "RAIZ DE PRUEBA",
        "because": "it was for a trial",
    }


def test_a_certifier_needs_its_authority_first(db: Database, here: Founded) -> None:
    with pytest.raises(Refused, match="AC DE PRUEBA") as refusal:
        add(db, here.administrator, PAC)
    assert refusal.value.code == "chain_unknown"
    add(db, here.administrator, AUTHORITY)
    with pytest.raises(Refused):  # Mexico's authority is no authority of Brazil
        add(db, here.administrator, PAC, "BR")
    add(db, here.administrator, PAC)


def test_a_certificate_is_believed_once(db: Database, here: Founded) -> None:
    add(db, here.administrator, AUTHORITY)
    with pytest.raises(Refused) as refusal:
        add(db, here.administrator, AUTHORITY)
    assert refusal.value.code == "already_trusted"
    add(db, here.administrator, AUTHORITY, "BR")
    for known in bundled().anchors[:1]:
        with pytest.raises(Refused):
            believe(
                db, SYSTEM, known.certificate.der, country="MX", because="x", now=NOW
            )


def test_only_certificates_with_a_country_and_a_reason_are_taken(
    db: Database, here: Founded
) -> None:
    with pytest.raises(Malformed) as refusal:
        believe(db, SYSTEM, b"none", country="MX", because="x", now=NOW)
    assert refusal.value.code == "no_certificate"
    for country, because in (("MX", " "), ("Mexico", "x")):
        with pytest.raises(Malformed):
            believe(
                db,
                here.administrator,
                ROOT.der,
                country=country,
                because=because,
                now=NOW,
            )


def test_what_was_never_added_cannot_be_taken_back(db: Database, here: Founded) -> None:
    own = bundled().anchors[0].certificate.fingerprint
    for fingerprint in (own, "00"):
        with pytest.raises(NotFound):
            disbelieve(db, here.administrator, fingerprint, because="x", now=NOW)


def test_members_and_suppliers_say_and_see_nothing_of_it(
    db: Database, here: Founded
) -> None:
    for viewer in (here.at_norte, here.at_andes):
        with pytest.raises(NotAllowed):
            add(db, viewer, ROOT)
        with pytest.raises(NotAllowed):
            disbelieve(db, viewer, "00", because="x", now=NOW)
        with db.reading(viewer) as session, pytest.raises(NotFound):
            list_trusted(session, viewer)
