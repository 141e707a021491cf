"""Agreements for tests: one that is right but for what is given, and its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rappel.errors import Malformed
from rappel.ingest.terms import agreement_from_fields, agreement_from_toml

if TYPE_CHECKING:
    from collections.abc import Callable


def faults(document: str | dict[str, Any]) -> dict[str | None, str]:
    """Return the codes of what is refused, by path."""
    read: Callable[[Any], object] = (
        agreement_from_toml if isinstance(document, str) else agreement_from_fields
    )
    with pytest.raises(Malformed) as refused:
        read(document)
    assert all(fault.message and fault.field for fault in refused.value.faults)
    return {fault.field: fault.code for fault in refused.value.faults}


def agreement(**programme: Any) -> dict[str, Any]:
    """Return a document of one programme that is right but for what is given."""
    tiers = [{"from": "0", "percent": "1"}, {"from": "100", "percent": "2"}]
    return {
        "code": "andes-2026",
        "supplier": "andes",
        "currency": "MXN",
        "programmes": [{"code": "p", "tiers": tiers, **programme}],
    }


def found(**programme: Any) -> dict[str | None, str]:
    """Return what is refused of a programme, by path inside it."""
    at = "programmes[0]."
    codes = faults(agreement(**programme))
    return {(field or "").removeprefix(at): code for field, code in codes.items()}
