"""What is divided is divided whole, by largest remainder: in a function, in frames."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rappel.core.money import AMOUNT, divide_up, divided_up
from table import table


def test_three_equal_parts_of_a_hundred_keep_the_odd_cent() -> None:
    third = Decimal("33.33")
    parts = divide_up(Decimal(100), [third] * 3, ["c", "a", "b"], 2)
    assert parts == (third, Decimal("33.34"), third)


def test_the_odd_cent_goes_to_the_largest_fraction_then_weight_then_code() -> None:
    weights = [Decimal(text) for text in ("60000", "30000", "15000")]
    parts = divide_up(Decimal("3150.01"), weights, ["a", "b", "c"], 2)
    assert [str(part) for part in parts] == ["1800.01", "900.00", "450.00"]
    parts = divide_up(Decimal("0.01"), [Decimal(1), Decimal(1)], ["b", "a"], 2)
    assert [str(part) for part in parts] == ["0.00", "0.01"]
    parts = divide_up(Decimal("0.02"), [Decimal(1), Decimal(3)], ["a", "b"], 2)
    assert [str(part) for part in parts] == ["0.00", "0.02"]


def test_a_weight_below_zero_takes_from_the_others() -> None:
    parts = divide_up(Decimal(90), [Decimal(100), Decimal(-10)], ["a", "b"], 2)
    assert parts == (Decimal(100), Decimal(-10))


def test_a_negative_total_is_divided_as_its_mirror() -> None:
    weights = [Decimal(2), Decimal(1)]
    up = divide_up(Decimal("10.00"), weights, ["a", "b"], 2)
    down = divide_up(Decimal("-10.00"), [-w for w in weights], ["a", "b"], 2)
    assert down == tuple(-part for part in up)


def test_nothing_is_divided_by_weights_that_sum_to_zero() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        divide_up(Decimal(1), [Decimal(1), Decimal(-1)], ["a", "b"], 2)
    with pytest.raises(ValueError, match="sum to zero"):
        divide_up(Decimal(1), [], [], 2)


def test_more_digits_than_python_s_own_are_divided_to_the_cent() -> None:
    total = Decimal("123456789012345678901234567890.13")
    parts = divide_up(total, [Decimal(1), Decimal(1)], ["a", "b"], 2)
    assert parts == (
        Decimal("61728394506172839450617283945.07"),
        Decimal("61728394506172839450617283945.06"),
    )


def test_weights_of_more_digits_than_python_s_own_are_kept_whole() -> None:
    weights = [Decimal(10**30 + 4), Decimal(10**30 - 4)]
    parts = divide_up(Decimal(2 * 10**30), weights, ["a", "b"], 0)
    assert parts == tuple(weights)


@pytest.mark.parametrize("weights", [("1E+3", "2E+4"), ("0.1", "2"), ("1", "2E+1")])
def test_weights_are_figures_in_whatever_way_they_are_written(
    weights: tuple[str, str],
) -> None:
    parts = divide_up(Decimal(21), [Decimal(w) for w in weights], ["a", "b"], 2)
    assert parts == (Decimal(1), Decimal(20))


WEIGHTS = st.lists(
    st.tuples(st.integers(-(10**9), 10**12), st.sampled_from([0, 2, 6, 12])),
    min_size=1,
    max_size=6,
).map(lambda pairs: [Decimal(n).scaleb(-places) for n, places in pairs])


@given(
    st.lists(
        st.tuples(st.integers(-(10**7), 10**7), WEIGHTS, st.sampled_from([0, 2])),
        max_size=4,
    )
)
def test_the_frame_divides_as_the_function_and_both_sum_to_the_whole(
    pools: list[tuple[int, list[Decimal], int]],
) -> None:
    rows = []
    for pool, (units, weights, decimals) in enumerate(pools):
        if sum(map(Fraction, weights)) == 0:
            continue
        total = Decimal(units).scaleb(-decimals)
        codes = [f"m{(7 * i) % 10}" for i in range(len(weights))]
        parts = divide_up(total, weights, codes, decimals)
        assert sum(parts) == total
        rows += [
            (pool, decimals, total, *one)
            for one in zip(weights, codes, parts, strict=True)
        ]
    frame = pl.DataFrame(
        rows,
        schema=SHAPE | {"expected": AMOUNT},
        orient="row",
    )
    divided = divided_up(frame, total="total", weight="weight", by=["pool"], tie="code")
    assert divided["part"].to_list() == divided["expected"].to_list()


SHAPE = {
    "pool": pl.Int64(),
    "decimals": pl.Int64(),
    "total": AMOUNT,
    "weight": AMOUNT,
    "code": pl.String(),
}


def of_table(text: str) -> pl.DataFrame:
    frame = table(text, SHAPE)
    return divided_up(frame, total="total", weight="weight", by=["pool"], tie="code")


def test_each_pool_is_divided_by_itself_and_comes_back_sorted() -> None:
    # 1: 2.5 cents each, the odd one to the first code. 2: 1.5 and 0.5, to the larger
    # weight. 3: below one, by weights below zero. 4: no cents, 14/3 and 7/3.
    # 5: two thirds of a cent each, to the first two codes.
    divided = of_table("""
        pool | decimals | total | weight   | code
        4    | 0        | 7     | 1        | b
        2    | 2        | 0.02  | 1        | a
        3    | 2        | 0.50  | -3       | a
        1    | 2        | -0.05 | 1        | b
        2    | 2        | 0.02  | 3        | b
        4    | 0        | 7     | 2        | a
        1    | 2        | -0.05 | 1        | a
        3    | 2        | 0.50  | -7       | b
        5    | 2        | 0.02  | 1        | c
        5    | 2        | 0.02  | 1        | b
        5    | 2        | 0.02  | 1        | a
    """)
    assert divided.columns == [*SHAPE, "part"]
    assert divided.schema["part"] == AMOUNT
    assert divided.select("pool", "code").rows() == [
        *((pool, code) for pool in (1, 2, 3, 4) for code in "ab"),
        *((5, code) for code in "abc"),
    ]
    expected = [
        "-0.03",
        "-0.02",
        "0",
        "0.02",
        "0.15",
        "0.35",
        "5",
        "2",
        "0.01",
        "0.01",
        "0",
    ]
    assert divided["part"].to_list() == [Decimal(text) for text in expected]


def test_the_parts_of_nothing_are_nothing() -> None:
    divided = of_table("""
        pool | decimals | total | weight | code
        1    | 2        | 0     | 1      | a
        1    | 2        | 0     | 2      | b
    """)
    assert divided["part"].to_list() == [0, 0]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (("10000000000", "20000000000"), ("3333333333.33", "6666666666.67")),
        (("0.000001", "0.000003"), ("2500000000", "7500000000")),
        (("0.5", "0.7"), ("4166666666.67", "5833333333.33")),
    ],
)
def test_ten_thousand_millions_have_room_beside_their_weights(
    weights: tuple[str, str], expected: tuple[str, str]
) -> None:
    rows = "\n".join(
        f"1 | 2 | 10000000000 | {weight} | {code}"
        for weight, code in zip(weights, "ab", strict=True)
    )
    divided = of_table(f"pool | decimals | total | weight | code\n{rows}")
    assert divided["part"].to_list() == [Decimal(text) for text in expected]


def test_weights_of_eighteen_places_are_whole_at_eighteen() -> None:
    divided = of_table("""
        pool | decimals | total | weight               | code
        1    | 2        | 0.03  | 0.000000000000000001 | a
        1    | 2        | 0.03  | 0.000000000000000002 | b
    """)
    assert divided["part"].to_list() == [Decimal("0.01"), Decimal("0.02")]
