"""Whom a deployment believes: certificates of authorities and certifiers, as a value.

Owns the way from a certificate up to an authority that is believed, at the time of a
document. Where the certificates come from is not its business: a bundle of data, or the
administrators. Nothing that a document brings with it is ever believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from rappel.ingest.evidence.certificates import Certificate

DEEPEST: Final = 5


@dataclass(frozen=True, slots=True)
class Anchor:
    """A certificate that is believed for the documents of one country.

    ``trial`` marks the authorities of a test environment: what they vouch for is no
    document of any purchase.
    """

    certificate: Certificate
    country: str
    trial: bool = False


class Link(StrEnum):
    """How far up a certificate is believed."""

    CHAINED = "chained"
    UNKNOWN = "unknown"  # of an authority that is not here
    FORGED = "forged"  # names an authority that is here and did not sign it
    SELF_MADE = "self_made"  # nobody vouches for it but itself
    ENDED = "ended"  # it, or who vouches for it, was not valid at that time
    TRIAL = "trial"  # of the test environment


@dataclass(frozen=True)
class Trust:
    """The anchors of a deployment."""

    anchors: tuple[Anchor, ...] = ()

    def plus(self, *anchors: Anchor) -> Trust:
        """Return this trust and more anchors, each certificate once."""
        merged = {
            (one.certificate.der, one.country): one for one in (*anchors, *self.anchors)
        }
        return Trust(tuple(merged.values()))

    def numbered(self, number: str, country: str) -> Certificate | None:
        """Return the certificate of a country that has this serial number."""
        return self._numbered.get((country, number))

    def link(self, leaf: Certificate, country: str | None, on: datetime) -> Link:
        """Return how a certificate of a country's document is believed at its time.

        Documents of no one country (``None``) take the authorities of any.

        Rule: every certificate on the way up had to be valid then. An authority that is
        here is believed by itself; if who issued it is here too, that has to hold.
        """
        above = self._above(leaf, country)
        if not above:
            if leaf.is_self_made:
                return Link.SELF_MADE
            named = self._by_subject.get(leaf.fields.issuer, ())
            if any(country in {None, one.country} for one in named):
                return Link.FORGED
            return Link.UNKNOWN if leaf.held_on(on) else Link.ENDED
        if not leaf.held_on(on):
            return Link.TRIAL if above[0].trial else Link.ENDED
        found = [self._up(one, on, DEEPEST) for one in above]
        return min(found, key=_BEST.index)

    def _up(self, anchor: Anchor, on: datetime, steps: int) -> Link:
        if anchor.trial:
            return Link.TRIAL
        held = anchor.certificate
        if not held.held_on(on):
            return Link.ENDED
        if held.is_self_made:
            return Link.CHAINED
        above = self._above(held, anchor.country)
        if not above:
            return Link.CHAINED
        if not steps:
            return Link.UNKNOWN
        return min((self._up(one, on, steps - 1) for one in above), key=_BEST.index)

    def _above(self, below: Certificate, country: str | None) -> list[Anchor]:
        """Return who issued a certificate; authorities share names, not keys."""
        return [
            one
            for one in self._by_subject.get(below.fields.issuer, ())
            if country in {None, one.country} and one.certificate.has_issued(below)
        ]

    @cached_property
    def _by_subject(self) -> dict[bytes, tuple[Anchor, ...]]:
        found: dict[bytes, tuple[Anchor, ...]] = {}
        for one in self.anchors:
            name = one.certificate.fields.subject
            found[name] = (*found.get(name, ()), one)
        return found

    @cached_property
    def _numbered(self) -> dict[tuple[str, str], Certificate]:
        return {
            (one.country, one.certificate.number): one.certificate
            for one in self.anchors
        }


_BEST: Final = (Link.CHAINED, Link.TRIAL, Link.ENDED, Link.UNKNOWN)
