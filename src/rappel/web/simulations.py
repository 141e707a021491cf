"""What-if: given terms over given purchases, by the real engine; stores nothing."""

from __future__ import annotations

from typing import Any, Final

from litestar import Controller
from litestar.params import JSONBody

from rappel.actions.simulations import simulate
from rappel.errors import RappelError
from rappel.web.auth import EVERYBODY
from rappel.web.given import Locale
from rappel.web.handlers import DONE, acts
from rappel.web.problems import written

CASES_MAX_BYTES: Final = 32 * 1024 * 1024
CASE: Final = {
    "currency": "MXN",
    "period": {"start": "2026-01-01", "end": "2026-04-01"},
    "members": [{"code": "norte"}],
    "programmes": [
        {
            "code": "andes-volumen",
            "supplier": "andes",
            "tiers": [
                {"from": "0", "percent": "0"},
                {"from": "100000", "percent": "2"},
            ],
        }
    ],
    "purchases": [
        {
            "member": "norte",
            "supplier": "andes",
            "date": "2026-02-11",
            "code": "CAM-1",
            "category": "cctv",
            "quantity": "10",
            "amount": "120000.00",
        }
    ],
}


class Simulations(Controller):
    """Terms over purchases, computed and forgotten."""

    path = "/v1/simulations"
    tags = ["Simulations"]

    @acts(
        "/",
        EVERYBODY,
        status=DONE,
        given=CASE,
        request_max_body_size=CASES_MAX_BYTES,
    )
    def simulate(
        self, data: JSONBody[dict[str, Any] | list[Any]], locale: Locale
    ) -> dict[str, Any] | list[Any]:
        """Compute a case, or an array of cases.

        A refused case of an array answers its problem in its place; a single one is
        refused with 422 and the path of each fault. The shape is that of
        `docs/schemas/simulation.schema.json`.
        """
        if isinstance(data, list):
            return [_computed(case, locale) for case in data]
        return simulate(data)


def _computed(case: Any, locale: str) -> dict[str, Any]:
    try:
        return simulate(case)
    except RappelError as error:
        return {"problem": written(error, locale)}
