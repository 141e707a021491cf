"""The two cases that simulations are tested with: every field, and the fewest."""

from __future__ import annotations

import copy
from typing import Any

CASE: dict[str, Any] = {
    "currency": "MXN",
    "period": {"start": "2026-01-01", "end": "2026-04-01"},
    "members": [
        {
            "code": "norte",
            "family": None,
            "segments": ["cctv"],
            "country": "MX",
            "joined": None,
            "left": None,
        },
        {"code": "sur"},
    ],
    "programmes": [
        {
            "code": "andes-volumen",
            "supplier": "andes",
            "payer": None,
            "in_force_from": None,
            "in_force_until": None,
            "measure": "amount",
            "measure_scope": None,
            "measure_over": "window",
            "growth_of": "amount",
            "share_of": None,
            "payable": "amount",
            "pool": "member",
            "segment": None,
            "reach": "retroactive",
            "boundary": "at_least",
            "tiers": [
                {"from": "0", "percent": "0"},
                {"from": "100000", "percent": "2"},
                {"from": "250000", "percent": "3.5"},
            ],
            "accumulate": "quarter",
            "settle": "quarter",
            "year_starts": "01-01",
            "scope": {
                "categories": [],
                "exclude_categories": [],
                "codes": [],
                "members": [],
                "segments": [],
                "countries": [],
            },
            "gates": [],
            "counts": "issued",
            "less": [],
            "order": 1,
            "allocation": "payable",
            "cap": None,
            "minimum": None,
            "guarantee": None,
            "payout_minimum": None,
            "holdback": None,
            "fee_percent": "0",
            "outbound": None,
            "baseline": None,
            "targets": [],
            "returns": "document_date",
            "fx": "document_rate",
            "fx_rate": None,
            "rounding": "half_away_from_zero",
            "promotions": [],
        }
    ],
    "purchases": [
        {
            "member": "norte",
            "supplier": "andes",
            "date": "2026-02-11",
            "amount": "148000.00",
            "quantity": "10",
            "category": "cctv",
            "code": "CAM-1",
            "kind": "invoice",
            "document": "A-1042",
            "original": None,
            "paid": None,
            "currency": "MXN",
            "rate": None,
        }
    ],
    "rates": [{"from": "USD", "to": "MXN", "date": "2026-02-11", "rate": "18.50"}],
    "settled": [
        {
            "programme": "andes-volumen",
            "member": "norte",
            "window": None,
            "amount": "10.00",
        }
    ],
    "baselines": [{"programme": "andes-volumen", "member": "norte", "measure": "0"}],
}
TIERS = [{"from": "0", "percent": "1"}, {"from": "1000", "percent": "2"}]
SHORT: dict[str, Any] = {
    "currency": "MXN",
    "period": CASE["period"],
    "programmes": [{"code": "p", "supplier": "*", "tiers": TIERS}],
    "purchases": [
        {"member": "a", "supplier": "s", "date": "2026-01-01", "amount": "600.005"},
        {"member": "b", "supplier": "s", "date": "2026-03-31", "amount": "400"},
    ],
}


def case(**changes: Any) -> dict[str, Any]:
    """Return the full case with some of its parts replaced."""
    return {**copy.deepcopy(CASE), **changes}


def short(terms: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return the shortest case, its programme changed by ``terms``."""
    given = {**copy.deepcopy(SHORT), **changes}
    given["programmes"][0].update(terms or {})
    return given
