"""Terms: agreements and programmes from documents to values, and back.

Owns the reading of TOML and of JSON fields into :mod:`rappel.core.agreements`. The
shape is checked, then what the fields mean together and what the engine computes
(:mod:`rappel.ingest.checking`); every fault is told at once. Figures are text; a field
that is left out or null has its default.
"""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rappel.core.agreements import EVERY, Agreement, Programme
from rappel.errors import Fault, Malformed
from rappel.ingest import fields
from rappel.ingest.checking import Checked, checked
from rappel.ingest.limiting import untold
from rappel.ingest.scales import scaled
from rappel.ingest.schemas import faults_of
from rappel.ingest.soundness import unsound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ABOVE: Final = (
    "code",
    "supplier",
    "currency",
    "in_force_from",
    "in_force_until",
    "evidence_minimum",
)
INHERITED: Final = ("supplier", "in_force_from", "in_force_until")
ALONE: Final = "programmes[0]."
STAND_INS: Final = {"supplier": EVERY[0], "currency": "USD"}
"""What misshapen fields are taken for while the rest of a document is checked."""


def agreement_from_toml(text: bytes | str) -> Agreement:
    """Read an agreement document.

    Raises:
        Malformed: it is no TOML, has another shape, contradicts itself, or says what
            is not computed yet; with every fault and its path.

    """
    try:
        read = tomllib.loads(text if isinstance(text, str) else text.decode())
    except ValueError as error:
        fault = Fault(
            code="bad_toml",
            message=f"This is not TOML that can be read: {error}.",
            repair="Correct the file.",
        )
        raise Malformed(
            "The agreement cannot be read.", code="bad_toml", faults=(fault,)
        ) from error
    return agreement_from_fields(read)


def agreement_from_fields(document: Mapping[str, Any]) -> Agreement:
    """Read an agreement from its fields; a lone programme may stand without a list.

    Raises:
        Malformed: as :func:`agreement_from_toml`.

    """
    alone = ALONE if "programmes" not in document else ""
    given = _dated(_listed(document) if alone else dict(document))
    shape = faults_of("agreement", given)
    known = _known(given, shape)
    above = {name: known.get(name) for name in INHERITED}
    programmes, faults = checked(
        given,
        shape,
        read=lambda _, one: programme_of(
            {**above, **_stated(one)}, currency=known["currency"]
        ),
        judge=lambda ones: (*judged(ones), *untold(ones)),
    )
    refuse("agreement", faults, alone=alone)
    return Agreement(
        code=given["code"],
        supplier=given["supplier"],
        currency=given["currency"],
        programmes=programmes,
        in_force_from=fields.day(given.get("in_force_from")),
        in_force_until=fields.day(given.get("in_force_until")),
        evidence_minimum=given.get("evidence_minimum"),
    )


def agreement_to_fields(agreement: Agreement) -> dict[str, Any]:
    """Write an agreement as the fields of its document, defaults left out."""
    written: dict[str, Any] = {
        "code": agreement.code,
        "supplier": agreement.supplier,
        "currency": agreement.currency,
        "in_force_from": fields.written(agreement.in_force_from),
        "in_force_until": fields.written(agreement.in_force_until),
        "evidence_minimum": agreement.evidence_minimum,
    }
    written["programmes"] = [
        {
            name: value
            for name, value in programme_to_fields(one).items()
            if name not in INHERITED or value != written[name]
        }
        for one in agreement.programmes
    ]
    return _stated(written)


def programme_of(
    given: Mapping[str, Any], *, currency: str, revision: int | None = None
) -> Programme:
    """Make a programme of fields whose shape has been checked."""
    stated = scaled(_stated(given))
    supplier = stated.pop("supplier", ())
    stated["suppliers"] = (supplier,) if isinstance(supplier, str) else tuple(supplier)
    allocation = stated.pop("allocation", None)
    if isinstance(allocation, dict):
        stated["shares"] = allocation["fixed"]
        stated["allocation"] = "fixed"
    elif allocation:
        stated["allocation"] = allocation
    if isinstance(stated.get("fx_rate"), dict):
        stated["fx_rates"] = stated.pop("fx_rate")
    read = {name: fields.READ[name](value) for name, value in stated.items()}
    return Programme(currency=currency, revision=revision, **read)


def programme_to_fields(programme: Programme) -> dict[str, Any]:
    """Write a programme as the fields of its document, defaults left out."""
    bare = Programme(
        code=programme.code, suppliers=EVERY, currency=programme.currency, tiers=()
    )
    written = {
        name: fields.written(getattr(programme, name))
        for name in fields.READ
        if getattr(programme, name) != getattr(bare, name) or name == "code"
    }
    suppliers = written.pop("suppliers", list(EVERY))
    written["supplier"] = suppliers[0] if len(suppliers) == 1 else suppliers
    if "shares" in written:
        written["allocation"] = {"fixed": written.pop("shares")}
    if "fx_rates" in written:
        written["fx_rate"] = written.pop("fx_rates")
    return written


def programmes_of(case: Mapping[str, Any], misshapen: Sequence[Fault]) -> Checked:
    """Read the programmes of a case, ``misshapen`` being the faults of its shape."""
    known = _known(case, misshapen)
    return checked(
        case,
        misshapen,
        read=lambda place, one: programme_of(
            one, currency=known["currency"], revision=place + 1
        ),
        judge=judged,
    )


def judged(programmes: Sequence[Programme]) -> tuple[Fault, ...]:
    """Return what contradicts itself."""
    return unsound(programmes)


def refuse(what: str, faults: Sequence[Fault], *, alone: str = "") -> None:
    """Raise everything that is wrong with a document, if anything is.

    ``alone`` is a path to leave out where the document does not have it.
    """
    if not faults:
        return
    lifted = tuple(_lifted(fault, alone) for fault in faults)
    first = lifted[0]
    more = f" (and {len(lifted) - 1} more)" if len(lifted) > 1 else ""
    place = f"{first.field}: " if first.field else ""
    raise Malformed(
        f"The {what} is refused: {place}{first.message}{more}",
        repair="Correct every place named; docs/terms.md explains the fields.",
        faults=lifted,
    )


def _lifted(fault: Fault, alone: str) -> Fault:
    return Fault(
        code=fault.code,
        message=fault.message,
        repair=fault.repair,
        field=(fault.field or "").removeprefix(alone),
    )


def _listed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give a document that is one programme the list that it does without."""
    above = {name: value for name, value in document.items() if name in ABOVE}
    below = {name: value for name, value in document.items() if name not in ABOVE}
    code = {"code": document["code"]} if "code" in document else {}
    return {**above, "programmes": [{**code, **below}]}


def _dated(value: Any) -> Any:
    """Write TOML's own days as text, all the way down."""
    if isinstance(value, dict):
        return {name: _dated(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_dated(one) for one in value]
    return value.isoformat() if type(value) is date else value


def _known(given: Mapping[str, Any], misshapen: Sequence[Fault]) -> dict[str, Any]:
    """Return a document's own fields, with stand-ins for those that are misshapen."""
    wrong = {fault.field for fault in misshapen}
    return STAND_INS | {
        name: given[name]
        for name in (*INHERITED, *STAND_INS)
        if name not in wrong and name in given
    }


def _stated(given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is null: it has its default."""
    return {name: value for name, value in given.items() if value is not None}
