"""What-if: given terms over given purchases, by the real engine; stores nothing."""

from __future__ import annotations

from typing import Any

from litestar import Controller, post
from litestar.params import JSONBody

from rappel.actions.simulations import simulate, simulate_all
from rappel.web.auth import EVERYBODY

CASES_MAX_BYTES = 32 * 1024 * 1024


class Simulations(Controller):
    """Terms over purchases, computed and forgotten."""

    path = "/v1/simulations"
    tags = ["Simulations"]

    @post(
        "/",
        sync_to_thread=True,
        status_code=200,
        request_max_body_size=CASES_MAX_BYTES,
        opt={"roles": EVERYBODY},
    )
    def simulate(
        self, data: JSONBody[dict[str, Any] | list[Any]]
    ) -> dict[str, Any] | list[Any]:
        """Compute a case, or an array of cases.

        A refused case of an array answers its problem in its place; a single one is
        refused with 422 and the path of each fault. The shape is that of
        `docs/schemas/simulation.schema.json`.
        """
        return simulate_all(data) if isinstance(data, list) else simulate(data)
