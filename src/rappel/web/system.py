"""Whether the house stands: for whatever watches it."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency

from rappel.store.base import Database
from rappel.store.schema import answers
from rappel.web.auth import PUBLIC
from rappel.web.shapes import Shown


class HealthShown(Shown):
    """The state of the house."""

    status: str


class Health(Controller):
    """Alive, and ready."""

    path = "/health"
    tags = ["Health"]
    security = []

    @get("/live", sync_to_thread=False, opt={"roles": PUBLIC})
    def live(self) -> HealthShown:
        """Answer as long as the process does."""
        return HealthShown(status="live")

    @get("/ready", sync_to_thread=True, opt={"roles": PUBLIC})
    def ready(self, db: NamedDependency[Database]) -> HealthShown:
        """Answer when the database does."""
        answers(db)
        return HealthShown(status="ready")
