"""Every published case that was collected: computed, written out, or left out why."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Final

from core import test_oracles, test_oracles_limits
from core.published import cases

PEERS: Final = 185
OF_THE_TRADE: Final = 32
TABLES: Final = ("tiers", "wrong", "instalments")
PARTS: Final = "abcd"

WRITTEN_OUT: Final = {
    "test_the_other_two_methods_of_a_peer_are_reaches_of_their_own": (),
    "test_growth_is_paid_on_the_whole_or_on_the_increment": ("D08",),
    "test_a_peer_pays_on_what_is_beyond_a_target": ("oir-target-hit",),
    "test_so_many_free_for_every_whole_hundred": ("P08",),
    "test_a_started_package_is_no_step": (
        "fp-package-25",
        "fp-package-up-250",
        "fp-package100-150",
        "fp-package100-99",
        "fp-package100-101",
        "fpdoc-package-4500",
        "om-package-5",
        "kb-missing-401",
        "au-grad-bu-15",
    ),
    "test_a_pool_reaches_what_its_members_do_not": ("D01",),
    "test_a_part_of_a_pool_is_paid_at_the_average_price_which_is_never_rounded": (
        "P29",
    ),
    "test_the_exchange_policy_alone_decides_a_tier": ("D10",),
    "test_two_thousand_more_return_a_thousand_and_forty": ("D12",),
    "test_a_late_unit_is_paid_under_its_own_period": ("om-late",),
    "test_the_order_of_stacked_deals_changes_their_total": ("P05a", "P05b", "P05c"),
    "test_two_offers_cascade_or_stand_side_by_side": ("P34",),
    "test_a_cap_of_a_year_is_prorated_for_thirty_days": ("P30",),
    "test_a_guarantee_that_is_carried_tops_up_less_after_a_good_quarter": ("P06",),
    "test_a_guarantee_tops_up_only_on_the_last_run": ("om-late-min",),
    "test_a_raised_rate_pays_the_difference_for_what_was_settled": ("D21",),
}
"""Cases that need more than one table and its totals, by the test that has them."""

STARTED: Final = "a started package counts whole there; a step is whole or none here"
BY_DOCUMENT: Final = "a fixed sum, minimum or maximum of each document is not in terms"
LOYALTY: Final = "points and levels are not the engine's yet"
LEFT_OUT: Final = {
    "fp-package100-2": STARTED,
    "fp-package-up-50": STARTED,
    "lago-package-free10": STARTED,
    "kb-all-blocks-5325": STARTED,
    "kb-all-blocks-unlimited": STARTED,
    "kb-top-blocks-101001": STARTED,
    "om-delta-package-within": STARTED,
    "om-delta-package-cross": STARTED,
    "om-delta-package-jump": STARTED,
    "om-delta-package-down-same": STARTED,
    "au-grad-bu-20": "units are not rounded to packs before a tier is chosen",
    "au-grad-bu-1": "units are not rounded to packs before a tier is chosen",
    "au-grad-bu-neg15": "units are not rounded to packs before a tier is chosen",
    "au-vol-bu-1500": "units are not rounded to packs before a tier is chosen",
    "au-vol-bu-99500": "units are not rounded to packs before a tier is chosen",
    "au-grad-neg-100-False": "a negative total keeps its sign here; it is not set to 0",
    "lago-pct-nofree": BY_DOCUMENT,
    "lago-pct-freeevents": BY_DOCUMENT,
    "lago-txn-minmax": BY_DOCUMENT,
    "lago-txn-minmax-fixed": BY_DOCUMENT,
    "oir-flat-annual-monthly": "a yearly sum in twelfths; a sum here is its window's",
    "oir-flat-1200": "a yearly sum in twelfths; a sum here is its window's",
    "oir-flat-600": "a yearly sum in twelfths; a sum here is its window's",
    "oir-residual-two-parts": "money received is not the engine's",
    "tsr-13.33": "a discount on a price list is not a rebate",
    "P36": "97,500 needs a table that its source does not print",
    "erp-level-0-15000": LOYALTY,
    "erp-level-4000-500": LOYALTY,
    "erp-level-8000-3000": LOYALTY,
    "ol-level-40": LOYALTY,
    "erp-issue33550-196000": LOYALTY,
    "erp-issue33550-20000": LOYALTY,
    "ol-base": LOYALTY,
    "ol-exclude-label": LOYALTY,
    "ol-include-label": LOYALTY,
    "ol-exclude-label-delivery": LOYALTY,
    "ol-two-rules": LOYALTY,
    "ol-mult-zero-both": LOYALTY,
    "ol-stop-on-last": LOYALTY,
    "ol-return-half": LOYALTY,
}
"""Cases that the engine does not compute, and why."""


def in_tables() -> set[str]:
    """Return the ids of the tables, the parts of a case as one."""
    ids = {case.id.partition("#")[0] for name in TABLES for case in cases(name)}
    return {name.rstrip(PARTS) if name[0] == "P" else name for name in ids}


def test_every_collected_case_is_computed_or_left_out_with_its_reason() -> None:
    written = set(chain.from_iterable(WRITTEN_OUT.values()))
    alone = {"P05a", "P05b", "P05c"}
    places = [in_tables(), written - alone, {*LEFT_OUT}, alone]
    twice = [name for name, n in Counter(chain.from_iterable(places)).items() if n > 1]
    assert twice == []
    assert sum(len(place) for place in places) == PEERS + OF_THE_TRADE


def test_every_case_that_is_written_out_has_its_test() -> None:
    tests = {**vars(test_oracles), **vars(test_oracles_limits)}
    assert [name for name in WRITTEN_OUT if name not in tests] == []
