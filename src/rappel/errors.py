"""Everything that can be refused, drawn once.

RappelError
├── NotFound          404  also when it exists and is not yours to see
├── NotAllowed        403  a verb that is not your role's
├── Unauthenticated   401  no key, or one that is not in force
├── Refused           409  the books are not in a state for it
├── Malformed         422  the input is wrong; carries every fault with its place
└── Unavailable       503  a part of the house is missing (Pango, the database)

A problem of the *data* is a finding (:mod:`rappel.core.findings`); these are problems
of the *request*. Each is mapped to HTTP in ``web/problems.py`` and to an exit code in
``cli.py``, nowhere else. ``code`` is stable; the text comes from the catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in an input: what, where, and what to do about it.

    ``field`` is a path such as ``programmes[0].tiers[1].from``; ``row`` and ``column``
    are those of a table, counted from 1.
    """

    code: str
    message: str
    repair: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None


@dataclass
class RappelError(Exception):
    """The root: a stable code, a plain sentence, and the faults when there are any."""

    detail: str
    code: str = "error"
    repair: str = ""
    faults: tuple[Fault, ...] = field(default=())
    status = 500

    def __str__(self) -> str:
        """Return the sentence."""
        return self.detail


@dataclass
class NotFound(RappelError):
    """There is no such thing, or it is not the viewer's to see: the same answer."""

    code: str = "not_found"
    status = 404


@dataclass
class NotAllowed(RappelError):
    """The verb belongs to another role."""

    code: str = "not_allowed"
    status = 403


@dataclass
class Unauthenticated(RappelError):
    """No key, or a key that is unknown or revoked."""

    code: str = "unauthenticated"
    status = 401


@dataclass
class Refused(RappelError):
    """The books are not in a state for it, for example a period already closed."""

    code: str = "refused"
    status = 409


@dataclass
class Malformed(RappelError):
    """The input is wrong; ``faults`` names each place."""

    code: str = "malformed"
    status = 422


@dataclass
class Unavailable(RappelError):
    """Something the house needs is missing; ``repair`` is the command to type."""

    code: str = "unavailable"
    status = 503


TITLES = {
    "not_found": "Not found",
    "not_allowed": "Not allowed",
    "unauthenticated": "Not authenticated",
    "not_supported": "Not supported yet",
    "malformed": "Malformed input",
    "refused": "Refused",
    "unavailable": "Unavailable",
}


def as_problem(
    error: RappelError, translate: Callable[[str], str] = str
) -> dict[str, object]:
    """Write a refusal as a problem document (RFC 9457).

    ``errors`` lists every fault with its place; the members of a fault that do not
    apply are left out. ``code`` repeats the end of ``type`` for those who read codes.
    """
    faults = [
        {
            "code": fault.code,
            "message": translate(fault.message),
            "repair": translate(fault.repair),
        }
        | {
            name: place
            for name in ("file", "row", "column", "field")
            if (place := getattr(fault, name)) is not None
        }
        for fault in error.faults
    ]
    problem: dict[str, object] = {
        "type": f"urn:rappel:problem:{error.code}",
        "title": translate(TITLES.get(error.code, error.code.replace("_", " "))),
        "status": error.status,
        "detail": translate(error.detail),
        "code": error.code,
    }
    if error.repair:
        problem["repair"] = translate(error.repair)
    if faults:
        problem["errors"] = faults
    return problem
