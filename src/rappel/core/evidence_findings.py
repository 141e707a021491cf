"""Findings of evidence: what seals, stamps and signatures do not prove.

Owns codes, severities and sentences, as data; :mod:`rappel.core.findings` makes the
catalogue of them.
"""

from __future__ import annotations

from typing import Final

# code → severity, message, repair
EVIDENCE: Final = {
    "seal_invalid": (
        "error",
        "The seal does not hold: the document was altered after it was sealed.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "seal_unknown_complement": (
        "error",
        "The seal cannot be verified: it covers {name}, which is not known here.",
        "Compare it with the supplier's own copy, then release it with a reason.",
    ),
    "chain_untrusted": (
        "error",
        "{holder} made the certificate of the seal itself; no authority did.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "chain_broken": (
        "error",
        "{holder}'s certificate names {authority}, which did not sign it.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "chain_unknown": (
        "warning",
        "{holder}'s certificate is of an authority not known here: {authority}.",
        "An administrator can add the authority's certificate.",
    ),
    "certificate_ended": (
        "error",
        "The certificate of {holder}, of {authority}, was not valid on that day.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "certificate_of_another": (
        "error",
        "The document is sealed by {holder}, who is not its issuer.",
        "Check with the supplier who seals for it, then release it with a reason.",
    ),
    "stamp_invalid": (
        "error",
        "The stamp does not hold: it is of another document, or was altered.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "stamp_unchecked": (
        "info",
        "The certificate {number} of the certifier {certifier} is not known here.",
        "An administrator can add the certifier's certificate.",
    ),
    "document_altered": (
        "error",
        "The signature does not hold, nor does what the document says of itself.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "key_digit": (
        "error",
        "The check digit of the fiscal key does not hold.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "key_issuer": (
        "error",
        "The fiscal key is of another issuer than the document.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "key_date": (
        "error",
        "The fiscal key is of another date than the document.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "key_number": (
        "error",
        "The fiscal key is of another number than the document.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "key_stamp": (
        "error",
        "The electronic stamp of the folio does not hold: it is of another document.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "signature_broken": (
        "warning",
        "The signature does not hold: the document was written anew or altered.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "signature_elsewhere": (
        "warning",
        "What is signed is not the part of the document that bills.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "signature_unsupported": (
        "info",
        "The signature cannot be verified here, for {name}.",
        "Nothing to do: the document proves as much as one without signature.",
    ),
    "signature_of_nobody": (
        "warning",
        "No authority vouches for the certificate of the signature, {holder}'s.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "signature_ended": (
        "warning",
        "The certificate of the signature, {holder}'s, was not valid on that day.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "signed_by_another": (
        "info",
        "{holder}, who signed it, is not named by the issuer's tax id.",
        "Nothing to do if the supplier lets others sign for it.",
    ),
}
