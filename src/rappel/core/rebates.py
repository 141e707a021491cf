"""Rebates: what the volumes of a period earn, under every programme at once.

Owns the order of the business: qualified → bought → earned → shares → due. The parts
live in :mod:`eligibility`, :mod:`volumes`, :mod:`tiers` and :mod:`shares`. Everything
obeys this: rounded once per programme, window and pool; what was settled before is
subtracted, never recomputed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from rappel.core.agreements import Programme
    from rappel.core.findings import Finding
    from rappel.core.frames import Facts
    from rappel.core.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """The result of a run: frames of the shapes of :mod:`rappel.core.frames`."""

    rebates: pl.DataFrame
    slices: pl.DataFrame
    pools: pl.DataFrame
    volumes: pl.DataFrame
    unmapped: pl.DataFrame
    stopped: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def compute(
    facts: Facts, programmes: Sequence[Programme], *, period: Period
) -> Computation:
    """Compute what ``programmes`` earn until ``period.end``.

    Amounts are in each programme's own currency. Every frame is sorted by its key.
    """
    raise NotImplementedError


def contributions(
    facts: Facts,
    programmes: Sequence[Programme],
    *,
    period: Period,
    programme: str,
    member: int | None = None,
) -> pl.LazyFrame:
    """Say of each line whether it counts for ``programme``, or the reason it does not.

    ``CONTRIBUTIONS``, lazily: the lines behind an amount, or of every member.
    """
    raise NotImplementedError
