"""Every operation of the API: a change of it shows here."""

from __future__ import annotations

from typing import Final

OPERATIONS: Final = """\
get /health/live live
get /health/ready ready
get /v1/accruals show_accruals
post /v1/accruals take_accrual
get /v1/accruals/taken list_accruals
get /v1/accruals/taken/{accrual} show_accrual
get /v1/accruals/taken/{accrual}/lines list_accrual_lines
get /v1/agreements list_agreements
post /v1/agreements sign_agreement
post /v1/agreements/check check_agreement
get /v1/agreements/{agreement} show_agreement
get /v1/agreements/{agreement}/compare compare_revisions
get /v1/agreements/{agreement}/document export_agreement
get /v1/agreements/{agreement}/meaning describe_agreement
get /v1/baselines list_baselines
post /v1/baselines record_baselines
post /v1/baselines/file load_baselines
get /v1/chapters list_chapters
post /v1/chapters open_chapter
get /v1/documents list_documents
get /v1/documents/{document} show_document
get /v1/documents/{document}/original download_original
post /v1/documents/{document}/reassign reassign_document
post /v1/documents/{document}/refuse refuse_document
post /v1/documents/{document}/release release_document
get /v1/invoices list_invoices
get /v1/invoices/{invoice} show_invoice
post /v1/invoices/{invoice}/payments pay_invoice
post /v1/invoices/{invoice}/withdraw withdraw_invoice
get /v1/keys list_keys
post /v1/keys create_key
delete /v1/keys/{ref} revoke_key
get /v1/members list_members
post /v1/members admit_member
get /v1/members/{member} show_member
post /v1/members/{member}/leaving let_member_go
post /v1/members/{member}/tax-ids add_member_tax_id
get /v1/outlook show_outlook
get /v1/people list_people
post /v1/people add_person
get /v1/periods list_periods
post /v1/periods open_period
get /v1/periods/{period} show_period
post /v1/periods/{period}/close close_period
post /v1/periods/{period}/issue issue_statements
get /v1/periods/{period}/pools list_pools
get /v1/periods/{period}/preview preview_period
get /v1/rates list_rates
post /v1/rates record_rates
post /v1/rates/file load_rates
get /v1/rebates list_rebates
get /v1/rebates/{rebate} show_rebate
get /v1/rebates/{rebate}/explain explain_rebate
post /v1/simulations simulate
get /v1/statements list_statements
get /v1/statements/{number} show_statement
get /v1/statements/{number}/pdf download_statement
get /v1/suppliers list_suppliers
post /v1/suppliers add_supplier
get /v1/suppliers/{supplier} show_supplier
get /v1/suppliers/{supplier}/catalogue list_codes
post /v1/suppliers/{supplier}/catalogue map_codes
post /v1/suppliers/{supplier}/catalogue/file load_codes
post /v1/suppliers/{supplier}/tax-ids add_supplier_tax_id
get /v1/uploads list_uploads
post /v1/uploads upload
get /v1/uploads/{upload} show_upload
get /v1/volumes list_volumes
get /v1/what-if/purchase suppose_purchase
post /v1/what-if/terms suppose_terms
"""
