"""The one place that asks what time it is.

Everything further in takes ``now`` or ``today`` as an argument, so that a run can be
repeated as of a past moment; only the rim (web and terminal) comes here.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may
