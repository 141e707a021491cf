"""Findings of uploads: what can be wrong or odd in files, archives and tables.

Owns codes, severities and sentences, as data; :mod:`rappel.core.findings` makes the
catalogue of them.
"""

from __future__ import annotations

from typing import Final

# code → severity, message, repair
UPLOADS: Final = {
    "empty_file": (
        "error",
        "The file is empty.",
        "Choose the file again.",
    ),
    "file_too_large": (
        "error",
        "The file is larger than {limit}.",
        "Split it and upload the parts.",
    ),
    "unknown_document": (
        "error",
        "This is no document we know: {name}.",
        "Upload e-invoices, CSV or XLSX tables, or a ZIP of them.",
    ),
    "not_supported": (
        "error",
        "{name} is recognised but not read yet.",
        "Upload these purchases as a table.",
    ),
    "rows_limit": (
        "error",
        "There are more than {limit} lines.",
        "Split it and upload the parts.",
    ),
    "columns_limit": (
        "error",
        "There are more than {limit} columns.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "line_arithmetic": (
        "error",
        "Quantity, price and discount do not come to {value}.",
        "Correct the row, or map the column that holds the net after discount.",
    ),
    "currency_not_stated": (
        "warning",
        "The table has no column for the currency.",
        "Name a currency in the column map; its invoices are held without one.",
    ),
    "no_foreign_amount": (
        "error",
        "The row is in a foreign currency and states only the converted amount.",
        "Export the amount in the document's own currency.",
    ),
    "archive_damaged": (
        "error",
        "The archive is damaged.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_encrypted": (
        "error",
        "This member of the archive is locked with a password.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_method": (
        "error",
        "This member of the archive is packed in a way that is not read here.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_nested": (
        "error",
        "There is an archive within the archive.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "archive_count": (
        "error",
        "The archive has more than {limit} members.",
        "Split it and upload the parts.",
    ),
    "archive_size": (
        "error",
        "The archive unpacks to more than {limit}.",
        "Split it and upload the parts.",
    ),
    "archive_ratio": (
        "error",
        "This member unpacks to more than {limit} times its size.",
        "Make a plain ZIP of the files, or upload them without one.",
    ),
    "pdf_damaged": (
        "error",
        "The PDF is damaged.",
        "Ask the supplier for the PDF as it was issued, or for its XML.",
    ),
    "pdf_locked": (
        "error",
        "The PDF is locked with a password.",
        "Ask the supplier for the XML of the invoice.",
    ),
    "pdf_too_costly": (
        "error",
        "Opening the PDF takes more memory or time than an invoice needs.",
        "Ask the supplier for the XML of the invoice.",
    ),
    "pdf_without_xml": (
        "error",
        "There is no e-invoice in the PDF, and a page is not read like one.",
        "Ask the supplier for the XML of the invoice.",
    ),
    "ambiguous_attachment": (
        "error",
        "There are several XML files in the PDF, and only one can be the invoice.",
        "Take the right one out of the PDF and upload it alone.",
    ),
    "spreadsheet_damaged": (
        "error",
        "The spreadsheet is damaged.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "no_sheet": (
        "error",
        "The spreadsheet has no visible sheet with rows. {name}",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "sheets_ignored": (
        "info",
        "Sheet {name} was read; not read: {others}.",
        "Name another sheet in the column map if it is the wrong one.",
    ),
    "csv_nul": (
        "error",
        "The text holds NUL bytes.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "csv_quotes": (
        "error",
        "The quotes of this row do not close, so that rows would be lost.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "csv_field_too_long": (
        "error",
        "A cell of this row is longer than {limit} characters.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "encoding_ambiguous": (
        "error",
        "The file says it is UTF-8 and is not; it was read as Windows-1252.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "missing_columns": (
        "error",
        "No column was found for {missing}. The headings are: {headings}.",
        "Name the columns in a column map, or rename the headings.",
    ),
    "column_twice": (
        "error",
        "These headings come more than once: {headings}.",
        "Rename one of them.",
    ),
    "empty_table": (
        "error",
        "The table has no rows below its header.",
        "Save the sheet again as XLSX or as CSV in UTF-8.",
    ),
    "missing_value": (
        "error",
        "{field} is empty in this row.",
        "Correct the cell and upload the table again.",
    ),
    "no_number": (
        "error",
        (
            "Without a document number or a fiscal key a purchase cannot be told from "
            "another."
        ),
        "Say it in the column map of this layout; it is asked once.",
    ),
    "no_supplier_tax_id": (
        "error",
        "The supplier is named without a tax id.",
        "Say it in the column map of a table; of an e-invoice, ask for one with it.",
    ),
    "date_ambiguous": (
        "error",
        "{value}: day and month could be exchanged.",
        "Say it in the column map of this layout; it is asked once.",
    ),
    "decimal_mark_ambiguous": (
        "error",
        "{value}: the mark could be for thousands or for decimals.",
        "Say it in the column map of this layout; it is asked once.",
    ),
    "rows_disagree": (
        "error",
        "The rows of this invoice disagree about {names}.",
        "Correct the cell and upload the table again.",
    ),
    "paid_before_issued": (
        "error",
        "{value} in {field} is before the day of the invoice, {date}.",
        "Correct one of the two; of an advance give the day of the invoice.",
    ),
    "cancelled_row": (
        "info",
        "{number} is cancelled and does not count.",
        "Nothing to do.",
    ),
    "title_row": (
        "info",
        "{lines} row(s) stand above the headings and do not count.",
        "Nothing to do.",
    ),
    "group_row": (
        "info",
        "{lines} row(s) only name the supplier of the rows below.",
        "Nothing to do.",
    ),
    "total_row": (
        "info",
        "{lines} row(s) are totals and do not count.",
        "Nothing to do.",
    ),
    "note_row": (
        "info",
        "{lines} row(s) hold a single cell and do not count.",
        "Nothing to do if that is what the lines are.",
    ),
    "findings_left_off": (
        "warning",
        "There are {count} more findings in this file.",
        "Correct those shown first and upload it again.",
    ),
}
