"""Whether the house stands: for whatever watches it."""

from __future__ import annotations

import logging
from typing import Final

from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec

from rappel.errors import Unavailable
from rappel.store.schema import answers
from rappel.web.auth import PUBLIC
from rappel.web.given import Books
from rappel.web.openapi import PROBLEM, Problem, described
from rappel.web.shapes import Shown

UNAVAILABLE: Final = ResponseSpec(  # also names the shape that all refusals have
    Problem, media_type=PROBLEM, generate_examples=False
)
log = logging.getLogger("rappel.web")


class HealthShown(Shown):
    """The state of the house."""

    status: str


class Health(Controller):
    """Alive, and ready."""

    path = "/health"
    tags = ["Health"]
    security = [{}]

    @get(
        "/live",
        sync_to_thread=False,
        opt={"roles": PUBLIC},
        operation_class=described([]),
    )
    def live(self) -> HealthShown:
        """Answer as long as the process does."""
        return HealthShown(status="live")

    @get(
        "/ready",
        sync_to_thread=True,
        opt={"roles": PUBLIC},
        responses={503: UNAVAILABLE},
        operation_class=described([503]),
    )
    def ready(self, db: Books) -> HealthShown:
        """Answer when the database does.

        Anybody may ask, so why it does not is for the log.
        """
        try:
            answers(db)
        except Unavailable as error:
            log.warning("not ready: %s", error)
            raise Unavailable("The database does not answer.") from error
        return HealthShown(status="ready")
