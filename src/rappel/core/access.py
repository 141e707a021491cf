"""Who asks: the viewer that goes into every query.

Owns the roles and the questions asked of them. Knows nothing of keys or sessions
(:mod:`rappel.store.keys`) nor of the database's walls, which enforce the same again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the consortium."""

    ADMINISTRATOR = "administrator"  # closes, issues, signs; sees the whole consortium
    MEMBER = "member"  # uploads and sees its own
    SUPPLIER = "supplier"  # sees the volumes of its own programmes by member
    SYSTEM = "system"  # runs, jobs and the terminal; never made from a key


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person as the one asking; ``member`` and ``supplier`` are row ids."""

    role: Role
    person: int | None = None
    member: int | None = None
    supplier: int | None = None

    @property
    def administers(self) -> bool:
        """Whether the viewer may change the consortium's books."""
        return self.role in {Role.ADMINISTRATOR, Role.SYSTEM}


SYSTEM = Viewer(role=Role.SYSTEM)
