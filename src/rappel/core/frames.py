"""Frames: the declared shapes of the tables that cross a ring.

Owns names, dtypes and keys; computes nothing. Money is ``LINE`` (6 places) where facts
enter and ``AMOUNT`` (18 places) from qualifying onwards. A frame that breaks its shape
is our own mistake and fails at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

import polars as pl

from rappel.core.money import AMOUNT, LINE, QUANTITY, RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rappel.core.reduction import Kept

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a frame, in order, and those that tell its rows apart."""

    name: str
    columns: Mapping[str, pl.DataType | type[pl.DataType]]
    key: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()

    def check(self, frame: Frame) -> Frame:
        """Return the frame's columns of this shape; raise when it has another.

        Raises:
            TypeError: a column is missing or has another dtype.
            ValueError: two rows have one key (checked on a frame in memory).

        """
        found = frame.collect_schema()
        wrong = [
            f"{name}: {found.get(name)} instead of {dtype}"
            for name, dtype in self.columns.items()
            if found.get(name) != dtype
            and not (name in self.optional and name not in found)
        ]
        if wrong:
            raise TypeError(f"{self.name}: {'; '.join(wrong)}")
        if isinstance(frame, pl.DataFrame) and self.key:
            repeated = frame.select(pl.struct(self.key).is_duplicated().any()).item()
            if repeated:
                raise ValueError(f"{self.name}: two rows with one {self.key}")
        return frame.select([name for name in self.columns if name in found])

    def of(
        self, rows: Iterable[Mapping[str, object] | Sequence[object]]
    ) -> pl.DataFrame:
        """Make a frame of this shape from rows."""
        return pl.DataFrame(list(rows), schema=dict(self.columns), orient="row")

    def empty(self) -> pl.DataFrame:
        """Make a frame of this shape without rows."""
        return pl.DataFrame(schema=dict(self.columns))


LINES: Final = Shape(
    "lines",
    {
        "line": pl.Int64(),
        "document": pl.Int64(),
        "member": pl.Int64(),
        "supplier": pl.Int64(),
        "code": pl.String(),
        "category": pl.String(),
        "date": pl.Date(),
        "kind": pl.String(),  # invoice, debit_note or credit_note
        "currency": pl.String(),
        "amount": LINE,  # never negative, a credit note's too
        "quantity": QUANTITY,  # null where the line states none
        "rate": RATE,  # units of rate_currency per 1 of currency, as the document says
        "rate_currency": pl.String(),
        "original_date": pl.Date(),  # of the invoice that a credit note corrects
        "paid": pl.Date(),  # when it was paid; null while it is not
    },
    optional=frozenset({"category", "original_date", "paid"}),
)
MEMBERS: Final = Shape(
    "members",
    {
        "member": pl.Int64(),
        "code": pl.String(),
        "family": pl.String(),
        "country": pl.String(),
        "segments": pl.List(pl.String()),
        "joined": pl.Date(),
        "left": pl.Date(),
    },
    key=("member",),
)
SUPPLIERS: Final = Shape(
    "suppliers", {"supplier": pl.Int64(), "code": pl.String()}, key=("supplier",)
)
CATALOGUE: Final = Shape(
    "catalogue",
    {
        "supplier": pl.Int64(),
        "code": pl.String(),
        "category": pl.String(),
        "unit": pl.String(),
    },
    key=("supplier", "code"),
)
RATES: Final = Shape(
    "rates",
    {"from": pl.String(), "to": pl.String(), "date": pl.Date(), "rate": RATE},
    key=("from", "to", "date"),
)
SETTLED: Final = Shape(
    "settled",
    {
        "programme": pl.String(),
        "member": pl.Int64(),
        "window": pl.Date(),
        "amount": AMOUNT,  # net of fee and holdback, all postings summed
    },
    key=("programme", "member", "window"),
)
BASELINES: Final = Shape(
    "baselines",
    {"programme": pl.String(), "member": pl.Int64(), "measure": AMOUNT}
    | {"window": pl.Date()},  # its first day; null: of every window
    key=("programme", "member", "window"),
)
REBATES: Final = Shape(
    "rebates",
    {
        "programme": pl.String(),
        "revision": pl.Int64(),  # the one in force at the window's end
        "member": pl.Int64(),
        "window": pl.Date(),  # its first day
        "currency": pl.String(),
        "volume": AMOUNT,  # the member's own part of the measure
        "measure": AMOUNT,  # the pool's
        "payable": AMOUNT,  # the member's own
        "threshold": AMOUNT,  # of the tier reached; null when none is
        "percent": RATE,
        "per_unit": RATE,
        "amount": AMOUNT,  # the tier's fixed amount
        "plus": AMOUNT,
        "exact": AMOUNT,  # the member's own, before rounding
        "pool_exact": AMOUNT,
        "pool_earned": AMOUNT,  # the pool's, rounded
        "pool_payable": AMOUNT,
        "contributors": pl.Int64(),  # members in the pool with a qualifying line
        "earned": AMOUNT,
        "fee": AMOUNT,
        "holdback": AMOUNT,
        "settled_before": AMOUNT,
        "due": AMOUNT,
        "payable_now": AMOUNT,
        "carried": AMOUNT,
        "next_threshold": AMOUNT,  # null on the last tier
        "next_missing": AMOUNT,
        "next_worth": AMOUNT,
    },
    key=("programme", "member", "window"),
)
SLICES: Final = Shape(
    "slices",
    {
        "programme": pl.String(),
        "revision": pl.Int64(),
        "member": pl.Int64(),
        "window": pl.Date(),
        "position": pl.Int64(),  # from 1, in the order of the tiers
        "threshold": AMOUNT,
        "measure": AMOUNT,  # the part of the pool's measure in this slice
        "payable": AMOUNT,
        "percent": RATE,
        "per_unit": RATE,
        "fixed": AMOUNT,  # the tier's own amount, plus included
        "amount": AMOUNT,  # what the slice earns, unrounded
    },
    key=("programme", "revision", "member", "window", "position"),
)
STEPS: Final = Shape(
    "steps",
    {
        "programme": pl.String(),
        "member": pl.Int64(),
        "window": pl.Date(),
        "position": pl.Int64(),  # from 3000 on a member's part is changed, not a pool's
        "step": pl.String(),  # less, tier_cap, promotion, cap, minimum, guarantee
        "of": pl.String(),  # what a limit looks at, or what a promotion changes
        "code": pl.String(),  # the promotion, or the programme that is deducted
        "figure": AMOUNT,  # the limit, or what a promotion multiplies by or adds
        "payable": AMOUNT,  # the pool's payable that a promotion counts
        "amount": AMOUNT,  # the member's part of what it changes
    },
    key=("programme", "member", "window", "position", "code"),
)
POOLS: Final = Shape(
    "pools",
    {
        "programme": pl.String(),
        "window": pl.Date(),
        "currency": pl.String(),
        "measure": AMOUNT,
        "contributors": pl.Int64(),
        "largest": AMOUNT,  # the largest contributor's part of the measure
        "inbound": AMOUNT,
        "outbound": AMOUNT,
        "fee": AMOUNT,
        "difference": AMOUNT,  # what the consortium keeps: inbound - outbound
    },
    key=("programme", "window"),
)
INBOUND: Final = Shape(
    "inbound",
    {
        "programme": pl.String(),  # one whose members have terms of their own
        "window": pl.Date(),
        "position": pl.Int64(),
        "step": pl.String(),  # exact, or one of the steps above
        "of": pl.String(),
        "code": pl.String(),
        "figure": AMOUNT,  # pools may differ in what a limit is
        "amount": AMOUNT,  # of all pools together
    },
    key=("programme", "window", "position", "step", "of", "code", "figure"),
)
VOLUMES: Final = Shape(
    "volumes",
    {
        "programme": pl.String(),
        "supplier": pl.Int64(),
        "member": pl.Int64(),
        "month": pl.Date(),
        "amount": AMOUNT,  # net of credit notes, in the agreement's currency
        "quantity": AMOUNT,
        "lines": pl.Int64(),
    },
    key=("programme", "supplier", "member", "month"),
)
UNMAPPED: Final = Shape(
    "unmapped",
    {
        "supplier": pl.Int64(),
        "code": pl.String(),
        "currency": pl.String(),
        "amount": AMOUNT,
        "lines": pl.Int64(),
    },
    key=("supplier", "code", "currency"),
)
STOPPED: Final = Shape(
    "stopped",
    {
        "programme": pl.String(),
        "member": pl.Int64(),
        "reason": pl.String(),  # a code of the findings' catalogue
        "currency": pl.String(),
        "date": pl.Date(),  # the first of its days
        "amount": AMOUNT,  # in its own currency
        "lines": pl.Int64(),
    },
    key=("programme", "member", "reason", "currency"),
)
CONTRIBUTIONS: Final = Shape(
    "contributions",
    {
        "line": pl.Int64(),
        "document": pl.Int64(),
        "member": pl.Int64(),
        "supplier": pl.Int64(),
        "date": pl.Date(),
        "window": pl.Date(),  # null when it does not qualify
        "reason": pl.String(),  # null when it qualifies
        "amount": AMOUNT,  # signed, in the agreement's currency; null with a reason
        "quantity": AMOUNT,  # signed
        "rate": RATE,  # the exchange rate used; null when none was
    },
    key=("line",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a run reads: lines (a Parquet scan, or a small frame) and who is who."""

    lines: pl.LazyFrame
    members: pl.DataFrame
    suppliers: pl.DataFrame
    rates: pl.DataFrame = field(default_factory=RATES.empty)
    settled: pl.DataFrame = field(default_factory=SETTLED.empty)
    baselines: pl.DataFrame = field(default_factory=BASELINES.empty)
    catalogue: pl.DataFrame | None = None  # of categories that the lines do not carry
    kept: Kept | None = None
