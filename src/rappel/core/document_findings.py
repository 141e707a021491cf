"""Findings of documents: what a reader can find wrong or odd in an e-invoice.

Owns codes, severities and sentences, as data; :mod:`rappel.core.findings` makes the
catalogue of them. Tables use many of the same codes.
"""

from __future__ import annotations

from typing import Final

# code → severity, message, repair
DOCUMENTS: Final = {
    "encoding_not_allowed": (
        "error",
        "The text is not in an encoding that is read here: {encoding}.",
        "Save it in UTF-8.",
    ),
    "not_well_formed": (
        "error",
        "The XML is broken: {reason}.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "dtd_forbidden": (
        "error",
        "The XML declares a document type, which no e-invoice needs.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "ambiguous_id": (
        "error",
        "The document has {name} more than once, and only one can count.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "test_environment": (
        "error",
        "The document is of the authority's test environment: it bills nothing.",
        "Ask the supplier for the invoice itself.",
    ),
    "consumer_receipt": (
        "error",
        "{name} is a receipt for consumers and no invoice between firms.",
        "Ask the supplier for an invoice to the member's own tax id.",
    ),
    "not_authorised": (
        "error",
        "{field}: the authority answered {value}, so the document is not in force.",
        "Ask the supplier for the document as it was authorised.",
    ),
    "nesting": (
        "error",
        "{name} is wrapped more often than any sender wraps a document.",
        "Take the document out of its envelopes and upload it alone.",
    ),
    "nothing_inside": (
        "error",
        "{name} is an envelope without a document in it.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "missing_field": (
        "error",
        "{field} is missing.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "bad_number": (
        "error",
        "{field}: {value} is no figure that can be read.",
        "Write digits and one decimal mark, without exponent.",
    ),
    "too_many_places": (
        "error",
        "{field}: {value} has more than 6 decimals.",
        "Write it with at most 6 decimals; nothing is rounded here.",
    ),
    "bad_date": (
        "error",
        "{field}: {value} is no date that can be read.",
        "Write it as 2026-07-31, the year with four digits.",
    ),
    "bad_tax_id": (
        "error",
        "{value} is no tax id: only plain letters and digits can stand in it.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "tax_id_check_digit": (
        "warning",
        "The check digit of tax id {value} does not hold.",
        "Compare it with the supplier's tax certificate.",
    ),
    "party_is_nobody": (
        "error",
        "{value} stands for the general public and not for a member or a supplier.",
        "Ask the supplier for an invoice to the member's own tax id.",
    ),
    "bad_fiscal_key": (
        "error",
        "{value} is no fiscal key.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "not_stamped": (
        "error",
        "The CFDI has no stamp (TimbreFiscalDigital), therefore no fiscal key.",
        (
            "Ask the supplier for the stamped XML, or have an administrator release it "
            "with a reason."
        ),
    ),
    "arithmetic": (
        "error",
        "{name} is stated as {stated} and comes to {computed}.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "buyer_issued": (
        "error",
        "The buyer itself issued this document; its supplier has not signed it.",
        "An administrator can release it with a reason.",
    ),
    "no_receiver_tax_id": (
        "error",
        "The document does not give the buyer's tax id, and could be anybody's.",
        "Ask the supplier for an invoice to the member's own tax id.",
    ),
    "no_replaced": (
        "error",
        "The document corrects another one and does not say which.",
        "Ask the supplier for its number; both would count otherwise.",
    ),
    "not_acknowledged": (
        "error",
        "The supplier voids documents, and the authority's answer is not part of it.",
        "An administrator can release it with a reason, once the authority agreed.",
    ),
    "no_lines": (
        "error",
        "The document states its sums and no lines, and only lines can count.",
        "Ask the supplier for the invoice with its lines, or upload them as a table.",
    ),
    "currency_mixed": (
        "error",
        "{field} is in another currency than the document, {value}.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "negative_invoice": (
        "error",
        "The document has figures below zero.",
        "If it is a credit note it has to be marked as one.",
    ),
    "unknown_kind": (
        "error",
        "{value} is no kind of document we know.",
        "An administrator can release it with a reason.",
    ),
    "no_currency": (
        "error",
        "The document names no currency.",
        "Name a currency in the table or in the column map.",
    ),
    "unknown_currency": (
        "error",
        "{value} is no currency we know.",
        "Write its ISO code, such as MXN.",
    ),
    "no_document_rate": (
        "warning",
        "The document is in {currency} and states no exchange rate.",
        "Agreements that use the document's rate will need one.",
    ),
    "carries_no_volume": (
        "info",
        "A document of this kind carries no volume; its base is 0.",
        "Nothing to do.",
    ),
    "no_sale": (
        "info",
        "{lines} line(s) are gifts, samples or loans, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "billed_before": (
        "info",
        "{lines} line(s) deliver what was billed before, {amount}, and do not count.",
        "Nothing to do: the invoice of the sale counts.",
    ),
    "free_goods": (
        "info",
        "{lines} line(s) are free goods and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "freight": (
        "info",
        "{lines} line(s) are freight, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "insurance": (
        "info",
        "{lines} line(s) are insurance, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "financing": (
        "info",
        "{lines} line(s) are financing, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "charge": (
        "info",
        "{lines} line(s) are charges and no goods, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "payment_terms": (
        "info",
        "The note changes when is paid and not what: {lines} line(s) do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "tip": (
        "info",
        "{lines} line(s) are tips, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "advance": (
        "info",
        (
            "{lines} line(s) are an advance, {amount} net; the goods count when they "
            "are invoiced."
        ),
        "Nothing to do if that is what the lines are.",
    ),
    "price_rebate": (
        "warning",
        (
            "The credit note pays {amount} back as a rebate and returns no goods; it "
            "does not lower the volume."
        ),
        (
            "If goods were returned, ask for a credit note with relation 03 or with the"
            " goods' own keys."
        ),
    ),
}
