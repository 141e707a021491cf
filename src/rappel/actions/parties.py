"""The register: chapters opened, members admitted and let go, suppliers, people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rappel.actions import agreements, inputs
from rappel.actions.documents import judge_again
from rappel.actions.permission import must_administer
from rappel.core.access import Role
from rappel.errors import Refused
from rappel.store import audit, register
from rappel.store.base import add
from rappel.store.parties import (
    ChapterRow,
    MemberRow,
    PersonRow,
    SupplierRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.errors import Fault
    from rappel.store.base import Database


def open_chapter(
    db: Database,
    viewer: Viewer,
    *,
    country: str,
    name: str,
    currency: str,
    locale: str,
    now: datetime,
) -> None:
    """Open the consortium's chapter of a country.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: with a fault for each value that cannot be.
        Refused: the country has its chapter.
    """
    must_administer(viewer)
    inputs.must_hold(
        inputs.country("country", country),
        inputs.text("name", name),
        inputs.currency("currency", currency),
        inputs.locale("locale", locale),
    )
    row = ChapterRow(country=country, name=name, currency=currency, locale=locale)
    with db.writing(viewer) as session:
        add(session, row, taken=f"{country} has its chapter.")
        detail = {"name": name, "currency": currency, "locale": locale}
        audit.note(session, viewer, "chapters.open", country, detail, at=now)


def admit(
    db: Database,
    viewer: Viewer,
    *,
    code: str,
    name: str,
    country: str,
    tax_ids: Sequence[str],
    address: str = "",
    family: str | None = None,
    segments: Sequence[str] = (),
    joined: date | None = None,
    locale: str | None = None,
    now: datetime,
) -> int:
    """Admit a member; return its row id. What was held for want of it is judged again.

    Its purchases count from ``joined``, or from ever.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: with a fault for each value that cannot be.
        Refused: the country has no chapter; the code or a tax id is somebody's.
    """
    must_administer(viewer)
    inputs.must_hold(
        inputs.code("code", code),
        inputs.text("name", name),
        inputs.country("country", country),
        inputs.text("address", address, empty=True),
        inputs.code("family", family) if family is not None else None,
        *(inputs.code(f"segments[{n}]", one) for n, one in enumerate(segments)),
        inputs.locale("locale", locale) if locale is not None else None,
    )
    own = inputs.tax_ids("tax_ids", tax_ids)
    with db.writing(viewer) as session:
        if session.get(ChapterRow, country) is None:
            raise Refused(
                f"There is no chapter for {country} yet.",
                code="no_chapter",
                repair="Open it first.",
            )
        row = MemberRow(
            code=code,
            name=name,
            country=country,
            address=address,
            family=family,
            segments=list(dict.fromkeys(segments)),
            joined=joined,
            locale=locale,
            created_at=now,
        )
        add(session, row, taken=f"There is a member {code} already.")
        for tax_id in own:
            register.own_by_member(session, row, tax_id)
        judged = _judge_again(session, viewer, own, now=now)
        detail = {"name": name, "tax_ids": own, "joined": joined, "judged": judged}
        audit.note(session, viewer, "members.admit", code, detail, at=now)
    return row.id


def let_go(
    db: Database, viewer: Viewer, *, member: str, left_on: date, now: datetime
) -> None:
    """Let a member go: its purchases count until the day before ``left_on``.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such member.
        Malformed: it would leave before it joined.
        Refused: it has left already.
    """
    must_administer(viewer)
    with db.writing(viewer) as session:
        row = register.member(session, member, lock=True)
        if row.left_on is not None:
            raise Refused(f"{member} left on {row.left_on}.", code="has_left")
        if row.joined is not None and left_on <= row.joined:
            message = f"{member} joined on {row.joined}, not before {left_on}."
            inputs.must_hold(inputs.fault("left_on", message, "Give a later day."))
        row.left_on = left_on
        audit.note(
            session, viewer, "members.let_go", member, {"left_on": left_on}, at=now
        )


def add_tax_id(
    db: Database, viewer: Viewer, *, member: str, tax_id: str, now: datetime
) -> None:
    """Add a tax id to a member; what was held for want of it is judged again.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such member.
        Malformed: it is nobody's tax id.
        Refused: a member has it.
    """
    must_administer(viewer)
    (own,) = inputs.tax_ids("tax_id", [tax_id])
    with db.writing(viewer) as session:
        register.own_by_member(session, register.member(session, member), own)
        judged = _judge_again(session, viewer, [own], now=now)
        detail = {"tax_id": own, "judged": judged}
        audit.note(session, viewer, "members.add_tax_id", member, detail, at=now)


def add_supplier(
    db: Database,
    viewer: Viewer,
    *,
    code: str,
    name: str,
    country: str,
    tax_ids: Sequence[str],
    now: datetime,
) -> int:
    """Add a supplier; return its row id. What was held for want of it is judged again.

    Programmes of all preferred suppliers take it in.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: with a fault for each value that cannot be.
        Refused: the code or a tax id is somebody's.
    """
    must_administer(viewer)
    inputs.must_hold(
        inputs.code("code", code),
        inputs.text("name", name),
        inputs.country("country", country),
    )
    own = inputs.tax_ids("tax_ids", tax_ids)
    with db.writing(viewer) as session:
        row = SupplierRow(code=code, name=name, country=country, created_at=now)
        add(session, row, taken=f"There is a supplier {code} already.")
        for tax_id in own:
            register.own_by_supplier(session, row, tax_id)
        agreements.take_in(session, row.id)
        judged = _judge_again(session, viewer, own, now=now)
        detail = {"name": name, "tax_ids": own, "judged": judged}
        audit.note(session, viewer, "suppliers.add", code, detail, at=now)
    return row.id


def add_supplier_tax_id(
    db: Database, viewer: Viewer, *, supplier: str, tax_id: str, now: datetime
) -> None:
    """Add a tax id to a supplier; what was held for want of it is judged again.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such supplier.
        Malformed: it is nobody's tax id.
        Refused: a supplier has it.
    """
    must_administer(viewer)
    (own,) = inputs.tax_ids("tax_id", [tax_id])
    with db.writing(viewer) as session:
        register.own_by_supplier(session, register.supplier(session, supplier), own)
        judged = _judge_again(session, viewer, [own], now=now)
        detail = {"tax_id": own, "judged": judged}
        audit.note(session, viewer, "suppliers.add_tax_id", supplier, detail, at=now)


def add_person(
    db: Database,
    viewer: Viewer,
    *,
    name: str,
    email: str | None = None,
    role: str,
    member: str | None = None,
    supplier: str | None = None,
    now: datetime,
) -> int:
    """Add a person in one role; return its number, for which keys are made.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such member or supplier.
        Malformed: with a fault for each value that cannot be, also when the role does
            not go with the member or supplier.
    """
    must_administer(viewer)
    inputs.must_hold(
        inputs.text("name", name),
        inputs.email("email", email),
        _belongs(role, member, supplier),
    )
    with db.writing(viewer) as session:
        row = PersonRow(
            name=name,
            email=email,
            role=role,
            member_id=register.member(session, member).id if member else None,
            supplier_id=register.supplier(session, supplier).id if supplier else None,
            created_at=now,
        )
        add(session, row, taken="This person is there.")
        detail = {"role": role, "member": member, "supplier": supplier}
        audit.note(session, viewer, "people.add", str(row.id), detail, at=now)
    return row.id


def _belongs(role: str, member: str | None, supplier: str | None) -> Fault | None:
    belongs = {
        Role.ADMINISTRATOR.value: (False, False),
        Role.MEMBER.value: (True, False),
        Role.SUPPLIER.value: (False, True),
    }
    if belongs.get(role) == (bool(member), bool(supplier)):
        return None
    return inputs.fault(
        "role",
        f"The role {role[:20]!r} does not go with this member and supplier.",
        "Name the member for the role member, the supplier for the role supplier,"
        " neither for an administrator.",
    )


def _judge_again(
    session: Session, viewer: Viewer, tax_ids: Sequence[str], *, now: datetime
) -> int:
    return sum(judge_again(session, viewer, tax_id=one, now=now) for one in tax_ids)
