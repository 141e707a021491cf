"""Certificates: whom the consortium believes beside the authorities of the release.

Owns the verbs of administrators and the trust that uploads are read with. Rule: a
certifier's own certificate is believed only if it chains to an authority that is
believed already; an authority is believed on the administrator's word, which is noted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.actions import inputs
from rappel.actions.permission import must_administer
from rappel.errors import Malformed, NotFound, Refused
from rappel.ingest.evidence import Anchor, Link, Trust, bundled, certificate
from rappel.store import audit, trusted
from rappel.store.base import add
from rappel.store.trusted import TrustedRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.ingest.evidence import Certificate
    from rappel.store.base import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A certificate that is believed, as people know it; ``source`` says since whom."""

    fingerprint: str
    country: str
    holder: str
    authority: str
    number: str
    starts: datetime
    ends: datetime
    is_authority: bool
    is_trial: bool
    source: str


def trust(session: Session, viewer: Viewer) -> Trust:
    """Return whom documents are believed by: the release's and administrators'.

    Raises:
        NotFound: the viewer does not administer.
    """
    return bundled().plus(*_added(session, viewer))


def list_trusted(session: Session, viewer: Viewer) -> tuple[Shown, ...]:
    """Return every certificate that is believed, the release's first.

    Raises:
        NotFound: the viewer does not administer.
    """
    added = _added(session, viewer)
    because = {
        one.fingerprint: one.because for one in trusted.believed(session, viewer)
    }
    own = [_shown(one, "release") for one in bundled().anchors]
    more = [_shown(one, because[one.certificate.fingerprint]) for one in added]
    return (*own, *more)


def believe(
    db: Database,
    viewer: Viewer,
    content: bytes,
    *,
    country: str,
    because: str,
    now: datetime,
) -> Shown:
    """Believe a certificate, in DER or PEM, for the documents of a country.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: it is no certificate, or there is no such country or no reason.
        Refused: it is believed already, or it is no authority's and chains to none.
    """
    must_administer(viewer)
    inputs.must_hold(
        inputs.text("because", because), inputs.country("country", country)
    )
    found = certificate(content)
    if found is None:
        raise Malformed(
            "This is no certificate.",
            code="no_certificate",
            repair="Give the .cer file of an authority or a certifier, DER or PEM.",
        )
    with db.writing(viewer) as session:
        known = trust(session, viewer)
        _must_be_new(known, found, country)
        row = _row(found, country, because, viewer, believed=True, now=now)
        add(session, row, taken="That certificate is believed already.")
        detail = _detail([Anchor(found, country)], because)
        audit.note(session, viewer, "trust.add", found.fingerprint, detail, at=now)
    return _shown(Anchor(found, country), because)


def disbelieve(
    db: Database, viewer: Viewer, fingerprint: str, *, because: str, now: datetime
) -> int:
    """Take back that a certificate is believed; return for how many countries.

    What was read before keeps its grade.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: no reason is given.
        NotFound: administrators believe no such certificate.
    """
    must_administer(viewer)
    inputs.must_hold(inputs.text("because", because))
    with db.writing(viewer) as session:
        held = [
            one
            for one in _added(session, viewer)
            if one.certificate.fingerprint == fingerprint.strip().lower()
        ]
        if not held:
            raise NotFound(f"No certificate {fingerprint} was added here.")
        for one in held:
            found, country = one.certificate, one.country
            row = _row(found, country, because, viewer, believed=False, now=now)
            add(session, row, taken="That certificate is believed already.")
        detail = _detail(held, because)
        audit.note(session, viewer, "trust.remove", found.fingerprint, detail, at=now)
    return len(held)


def _must_be_new(known: Trust, found: Certificate, country: str) -> None:
    if any(
        one.certificate == found and one.country == country for one in known.anchors
    ):
        raise Refused("This certificate is believed already.", code="already_trusted")
    if found.fields.is_authority:
        return
    if known.link(found, country, found.fields.not_before) is not Link.CHAINED:
        raise Refused(
            f"No authority that is believed vouches for it: {found.authority}.",
            code="chain_unknown",
            repair="Add the certificate of the authority first.",
        )


def _added(session: Session, viewer: Viewer) -> list[Anchor]:
    return [
        Anchor(found, one.country)
        for one in trusted.believed(session, viewer)
        if (found := certificate(one.der)) is not None
    ]


def _row(
    found: Certificate,
    country: str,
    because: str,
    viewer: Viewer,
    *,
    believed: bool,
    now: datetime,
) -> TrustedRow:
    return TrustedRow(
        country=country,
        fingerprint=found.fingerprint,
        der=found.der,
        believed=believed,
        because=because,
        person_id=viewer.person,
        at=now,
    )


def _detail(held: list[Anchor], because: str) -> dict[str, object]:
    holder = held[0].certificate.holder
    countries = [one.country for one in held]
    return {"countries": countries, "holder": holder, "because": because}


def _shown(one: Anchor, source: str) -> Shown:
    found = one.certificate
    return Shown(
        fingerprint=found.fingerprint,
        country=one.country,
        holder=found.holder,
        authority=found.authority,
        number=found.number if found.number.isdigit() else found.fields.serial.hex(),
        starts=found.fields.not_before,
        ends=found.fields.not_after,
        is_authority=found.fields.is_authority,
        is_trial=one.trial,
        source=source,
    )
