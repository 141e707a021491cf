"""What can be wrong or odd in data: a value, never an exception.

Owns the shape of a finding and the catalogue of codes. A code is stable; its message
and repair are English templates here, translated by the catalogues at the rim and
filled from ``params``. Each ring adds its codes to the catalogue below, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # what it concerns does not count
    WARNING = "warning"  # it counts, and somebody should look
    INFO = "info"  # worth knowing


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means: its severity, and its two sentences in English."""

    severity: Severity
    message: str
    repair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: a code of the catalogue, its place, and what fills the text."""

    code: str
    row: int | None = None
    column: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The catalogue's entry; a code outside it is our own mistake."""
        return CATALOGUE[self.code]

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.kind.severity


CATALOGUE: Final[dict[str, Kind]] = {
    # why a document earned nothing
    "evidence_below_minimum": Kind(
        Severity.WARNING,
        "The agreement asks for better evidence than this document gives.",
        "Upload the e-invoice itself in the place of a table.",
    ),
    "programme_stopped": Kind(
        Severity.ERROR,
        "The programme was not computed: another document lacks an exchange rate.",
        "Load the missing rate; the next run pays the difference.",
    ),
    "not_qualifying": Kind(
        Severity.INFO,
        "By its structure this line is no purchase that earns.",
        "Nothing is to be done.",
    ),
    # what readers find in files
    "empty_file": Kind(
        Severity.ERROR,
        "The file is empty.",
        "Choose the file again.",
    ),
    "file_too_large": Kind(
        Severity.ERROR,
        "The file is larger than {limit}.",
        "Split it and upload the parts.",
    ),
    "unknown_document": Kind(
        Severity.ERROR,
        "This is no document we know: {name}.",
        "Upload e-invoices, CSV or XLSX tables, or a ZIP of them.",
    ),
    "not_supported": Kind(
        Severity.ERROR,
        "{name} is recognised but not read yet.",
        "Upload these purchases as a table.",
    ),
    "encoding_not_allowed": Kind(
        Severity.ERROR,
        "The text is not in an encoding that is read here: {encoding}.",
        "Save it in UTF-8.",
    ),
    "not_well_formed": Kind(
        Severity.ERROR,
        "The XML is broken: {reason}.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "dtd_forbidden": Kind(
        Severity.ERROR,
        "The XML declares a document type, which no e-invoice needs.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "ambiguous_id": Kind(
        Severity.ERROR,
        "The document has {name} more than once, and only one can count.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "rows_limit": Kind(
        Severity.ERROR,
        "There are more than {limit} lines.",
        "Split it and upload the parts.",
    ),
    "columns_limit": Kind(
        Severity.ERROR,
        "There are more than {limit} columns.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "missing_field": Kind(
        Severity.ERROR,
        "{field} is missing.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "bad_number": Kind(
        Severity.ERROR,
        "{field}: {value} is no figure that can be read.",
        "Write digits and one decimal mark, without exponent.",
    ),
    "too_many_places": Kind(
        Severity.ERROR,
        "{field}: {value} has more than 6 decimals.",
        "Write it with at most 6 decimals; nothing is rounded here.",
    ),
    "bad_date": Kind(
        Severity.ERROR,
        "{field}: {value} is no date that can be read.",
        "Write it as 2026-07-31, the year with four digits.",
    ),
    "bad_tax_id": Kind(
        Severity.ERROR,
        "{value} is no tax id: only plain letters and digits can stand in it.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "tax_id_check_digit": Kind(
        Severity.WARNING,
        "The check digit of tax id {value} does not hold.",
        "Compare it with the supplier's tax certificate.",
    ),
    "party_is_nobody": Kind(
        Severity.ERROR,
        "{value} stands for the general public and not for a member or a supplier.",
        "Ask the supplier for an invoice to the member's own tax id.",
    ),
    "bad_fiscal_key": Kind(
        Severity.ERROR,
        "{value} is no fiscal key.",
        "Ask the supplier for the XML as it was issued.",
    ),
    "not_stamped": Kind(
        Severity.ERROR,
        "The CFDI has no stamp (TimbreFiscalDigital), therefore no fiscal key.",
        (
            "Ask the supplier for the stamped XML, or have an administrator release it "
            "with a reason."
        ),
    ),
    "arithmetic": Kind(
        Severity.ERROR,
        "{name} is stated as {stated} and comes to {computed}.",
        "Check the document with the supplier; if it is wrong, ask for a new one.",
    ),
    "line_arithmetic": Kind(
        Severity.ERROR,
        "Quantity, price and discount do not come to {value}.",
        "Correct the row, or map the column that holds the net after discount.",
    ),
    "negative_invoice": Kind(
        Severity.ERROR,
        "The document has figures below zero.",
        "If it is a credit note it has to be marked as one.",
    ),
    "unknown_kind": Kind(
        Severity.ERROR,
        "{value} is no kind of document we know.",
        "An administrator can release it with a reason.",
    ),
    "no_currency": Kind(
        Severity.ERROR,
        "The document names no currency.",
        "Name a currency in the table or in the column map.",
    ),
    "currency_not_stated": Kind(
        Severity.WARNING,
        "The table has no column for the currency.",
        "Name a currency in the column map; its invoices are held without one.",
    ),
    "unknown_currency": Kind(
        Severity.ERROR,
        "{value} is no currency we know.",
        "Write its ISO code, such as MXN.",
    ),
    "no_document_rate": Kind(
        Severity.WARNING,
        "The document is in {currency} and states no exchange rate.",
        "Agreements that use the document's rate will need one.",
    ),
    "no_foreign_amount": Kind(
        Severity.ERROR,
        "The row is in a foreign currency and states only the converted amount.",
        "Export the amount in the document's own currency.",
    ),
    "carries_no_volume": Kind(
        Severity.INFO,
        "A document of this kind carries no volume; its base is 0.",
        "Nothing to do.",
    ),
    "free_goods": Kind(
        Severity.INFO,
        "{lines} line(s) are free goods and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "freight": Kind(
        Severity.INFO,
        "{lines} line(s) are freight, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "insurance": Kind(
        Severity.INFO,
        "{lines} line(s) are insurance, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "financing": Kind(
        Severity.INFO,
        "{lines} line(s) are financing, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "tip": Kind(
        Severity.INFO,
        "{lines} line(s) are tips, {amount} net, and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "advance": Kind(
        Severity.INFO,
        (
            "{lines} line(s) are an advance, {amount} net; the goods count when they "
            "are invoiced."
        ),
        "Nothing to do if that is what the lines are.",
    ),
    "price_rebate": Kind(
        Severity.WARNING,
        (
            "The credit note pays {amount} back as a rebate and returns no goods; it "
            "does not lower the volume."
        ),
        (
            "If goods were returned, ask for a credit note with relation 03 or with the"
            " goods' own keys."
        ),
    ),
    "archive_damaged": Kind(
        Severity.ERROR,
        "The archive is damaged.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_encrypted": Kind(
        Severity.ERROR,
        "This member of the archive is locked with a password.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_method": Kind(
        Severity.ERROR,
        "This member of the archive is packed in a way that is not read here.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_nested": Kind(
        Severity.ERROR,
        "There is an archive within the archive.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_count": Kind(
        Severity.ERROR,
        "The archive has more than {limit} members.",
        "Split it and upload the parts.",
    ),
    "archive_size": Kind(
        Severity.ERROR,
        "The archive unpacks to more than {limit}.",
        "Split it and upload the parts.",
    ),
    "archive_ratio": Kind(
        Severity.ERROR,
        "This member unpacks to more than {limit} times its size.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "spreadsheet_damaged": Kind(
        Severity.ERROR,
        "The spreadsheet is damaged.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "no_sheet": Kind(
        Severity.ERROR,
        "The spreadsheet has no visible sheet with rows. {name}",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "sheets_ignored": Kind(
        Severity.INFO,
        "Sheet {name} was read; not read: {others}.",
        "Name another sheet in the column map if it is the wrong one.",
    ),
    "csv_nul": Kind(
        Severity.ERROR,
        "The text holds NUL bytes.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "csv_quotes": Kind(
        Severity.ERROR,
        "The quotes of this row do not close, so that rows would be lost.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "csv_field_too_long": Kind(
        Severity.ERROR,
        "A cell of this row is longer than {limit} characters.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "encoding_ambiguous": Kind(
        Severity.ERROR,
        "The file says it is UTF-8 and is not; it was read as Windows-1252.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "missing_columns": Kind(
        Severity.ERROR,
        "No column was found for {missing}. The headings are: {headings}.",
        "Name the columns in a column map, or rename the headings.",
    ),
    "column_twice": Kind(
        Severity.ERROR,
        "These headings come more than once: {headings}.",
        "Rename one of them.",
    ),
    "empty_table": Kind(
        Severity.ERROR,
        "The table has no rows below its header.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "missing_value": Kind(
        Severity.ERROR,
        "{field} is empty in this row.",
        "Correct the cell and upload the table again.",
    ),
    "no_number": Kind(
        Severity.ERROR,
        (
            "Without a document number or a fiscal key a purchase cannot be told from "
            "another."
        ),
        "Say it in the column map of this layout; it is asked once.",
    ),
    "no_supplier_tax_id": Kind(
        Severity.ERROR,
        "The supplier is named without a tax id.",
        "Say it in the column map of this layout; it is asked once.",
    ),
    "date_ambiguous": Kind(
        Severity.ERROR,
        "{value}: day and month could be exchanged.",
        "Say it in the column map of this layout; it is asked once.",
    ),
    "decimal_mark_ambiguous": Kind(
        Severity.ERROR,
        "{value}: the mark could be for thousands or for decimals.",
        "Say it in the column map of this layout; it is asked once.",
    ),
    "rows_disagree": Kind(
        Severity.ERROR,
        "The rows of this invoice disagree about {names}.",
        "Correct the cell and upload the table again.",
    ),
    "cancelled_row": Kind(
        Severity.INFO,
        "{number} is cancelled and does not count.",
        "Nothing to do.",
    ),
    "group_row": Kind(
        Severity.INFO,
        "{lines} row(s) only name the supplier of the rows below.",
        "Nothing to do.",
    ),
    "total_row": Kind(
        Severity.INFO,
        "{lines} row(s) are totals and do not count.",
        "Nothing to do.",
    ),
    "note_row": Kind(
        Severity.INFO,
        "{lines} row(s) hold a single cell and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "findings_left_off": Kind(
        Severity.WARNING,
        "There are {count} more findings in this file.",
        "Correct those shown first and upload it again.",
    ),
    # end of readers
    # what a computation found
    "no_rate": Kind(
        Severity.ERROR,
        "There is no exchange rate from {currency} for {amount} {currency} in {lines} "
        "lines of {member} since {date}: {programme} is not computed for this member.",
        "Load the rate of that day, or correct the documents, and run again.",
    ),
    "no_weights": Kind(
        Severity.ERROR,
        "The {amount} {currency} that {programme} earned from {date} cannot be "
        "divided: its members' purchases sum to zero, so {member} has no part.",
        "Divide it equally or by fixed parts in the agreement's next revision.",
    ),
    "unmapped_code": Kind(
        Severity.WARNING,
        "The code {code} of {supplier} has no category: {amount} {currency} in {lines} "
        "lines cannot count for programmes that ask for one.",
        "Map the code in the supplier's catalogue.",
    ),
    "outside_every_window": Kind(
        Severity.WARNING,
        "The purchase of {date} by {member} lies in no window that the period settles.",
        "Check the date, or simulate the period it belongs to.",
    ),
    # what intake found, beside the readers
    "receiver_not_member": Kind(
        Severity.ERROR,
        "The receiver's tax id {tax_id} is no member's.",
        "Ask an administrator to add the tax id or to reassign the document.",
    ),
    "receiver_not_yours": Kind(
        Severity.ERROR,
        "The document was billed to another tax id, {tax_id}.",
        "Upload your own purchases; if this one is yours, ask an administrator.",
    ),
    "receiver_not_stated": Kind(
        Severity.ERROR,
        "The document does not say who bought.",
        "Upload it for a member, or map the column of the receiver's tax id.",
    ),
    "supplier_unknown": Kind(
        Severity.ERROR,
        "The issuer {name} with tax id {tax_id} is no supplier with an agreement.",
        "If it is one, ask an administrator to add the tax id; else remove the "
        "document.",
    ),
    "document_incomplete": Kind(
        Severity.ERROR,
        "The document lacks what a purchase needs: {what}.",
        "Upload a complete document.",
    ),
    "already_claimed": Kind(
        Severity.ERROR,
        "This purchase cannot be counted here: it is in the books already.",
        "An administrator must look at it.",
    ),
    "replaces_not_yours": Kind(
        Severity.ERROR,
        "It replaces or cancels a document that is not among the same purchases.",
        "An administrator must look at it.",
    ),
    "known_already": Kind(
        Severity.INFO,
        "The same purchase is in the books already: {invoice}.",
        "Nothing to do: it counts once.",
    ),
    "late_invoice": Kind(
        Severity.WARNING,
        "The period {period} is closed to this date: it is late.",
        "Nothing to do: it will be an adjustment in the next open period.",
    ),
    "replaced_already": Kind(
        Severity.WARNING,
        "A later or better document replaces this one: it does not count.",
        "Nothing to do if the other document is right.",
    ),
    "cancelled_already": Kind(
        Severity.WARNING,
        "The supplier cancelled this document: it does not count.",
        "Nothing to do if the cancellation is right.",
    ),
    # end of intake
}
