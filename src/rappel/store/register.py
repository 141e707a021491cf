"""The rows behind codes and tax ids, for the verbs that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from rappel.errors import NotFound
from rappel.store.base import add
from rappel.store.parties import (
    MemberRow,
    MemberTaxIdRow,
    SupplierRow,
    SupplierTaxIdRow,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def member(session: Session, code: str, *, lock: bool = False) -> MemberRow:
    """Return the row of a member, kept from other changes when it is to be locked.

    Raises:
        NotFound: there is none of that code.
    """
    query = sa.select(MemberRow).where(MemberRow.code == code)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound(f"There is no member {code}.")
    return row


def supplier(session: Session, code: str) -> SupplierRow:
    """Return the row of a supplier.

    Raises:
        NotFound: there is none of that code.
    """
    row = session.scalar(sa.select(SupplierRow).where(SupplierRow.code == code))
    if row is None:
        raise NotFound(f"There is no supplier {code}.")
    return row


def own_by_member(session: Session, owner: MemberRow, tax_id: str) -> None:
    """Give a member a tax id.

    Raises:
        Refused: a member has it.
    """
    row = MemberTaxIdRow(tax_id=tax_id, country=owner.country, member_id=owner.id)
    add(session, row, taken=f"The tax id {tax_id} is a member's already.")


def own_by_supplier(session: Session, owner: SupplierRow, tax_id: str) -> None:
    """Give a supplier a tax id.

    Raises:
        Refused: a supplier has it.
    """
    row = SupplierTaxIdRow(tax_id=tax_id, country=owner.country, supplier_id=owner.id)
    add(session, row, taken=f"The tax id {tax_id} is a supplier's already.")
