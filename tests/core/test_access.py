"""Who asks, and what of the catalogue of findings everybody relies on."""

from __future__ import annotations

import pytest

from rappel.core.access import SYSTEM, Role, Viewer
from rappel.core.findings import CATALOGUE, Finding, Severity


@pytest.mark.parametrize(
    ("role", "administers"),
    [
        (Role.ADMINISTRATOR, True),
        (Role.SYSTEM, True),
        (Role.MEMBER, False),
        (Role.SUPPLIER, False),
    ],
)
def test_only_administrators_and_the_system_change_the_books(
    role: Role, *, administers: bool
) -> None:
    assert Viewer(role=role).administers is administers


def test_the_system_is_nobodys_person() -> None:
    assert (SYSTEM.person, SYSTEM.member, SYSTEM.supplier) == (None, None, None)


def test_a_finding_is_as_severe_as_its_code() -> None:
    assert Finding(code="title_row").severity is Severity.INFO
    assert Finding(code="arithmetic").severity is CATALOGUE["arithmetic"].severity
