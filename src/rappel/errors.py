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
