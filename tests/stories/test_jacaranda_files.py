"""The story of a year is whole: its files agree with one another and its README."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from stdnum.mx import rfc

from stories import jacaranda
from stories.by_hand import cents, text
from stories.jacaranda import JACARANDA
from stories.reading_by_hand import intake
from stories.year_terms import counting, total

if TYPE_CHECKING:
    from types import ModuleType

    from stories.reading_by_hand import Paper

MINUS: Final = "\u2212"
TIMES: Final = "\u00d7"
NUMBER: Final = rf"[({MINUS}]?\d[\d,]*(?:\.\d+)?(?: %)?\)?"
SUM: Final = rf"{NUMBER}(?: [{TIMES}+/{MINUS}] {NUMBER})*"
CHAIN: Final = re.compile(rf"{SUM}(?: [=≈] {SUM})+")
ROUNDED: Final = re.compile(rf"({NUMBER}), rounded ({NUMBER})")
FIGURES: Final = (
    "earned",
    "fee",
    "settled_before",
    "due",
    "brought_forward",
    "payable_now",
    "carried",
)


def written(amount: str) -> str:
    """Write a figure as the README does: 12,345.67, with a minus sign of its own."""
    whole, _, places = amount.lstrip("-").partition(".")
    sign = MINUS if amount.startswith("-") else ""
    return f"{sign}{int(whole):,}" + (f".{places}" if places else "")


def value(formula: str) -> Fraction:
    """Work out a formula of the README, exactly."""
    plain = formula.replace(",", "").replace(" %", "/100").replace(MINUS, "-")
    exact = re.sub(r"\d+(?:\.\d+)?", r"Fraction('\g<0>')", plain.replace(TIMES, "*"))
    found = eval(exact, {"Fraction": Fraction})
    assert isinstance(found, Fraction)
    return found


def papers() -> list[Paper]:
    return intake(JACARANDA, JACARANDA.world["events"][-1]["at"]).papers


def uploads() -> list[dict[str, Any]]:
    return [one for one in JACARANDA.world["events"] if one["do"] == "upload"]


def writer() -> ModuleType:
    path = JACARANDA.folder / "write.py"
    spec = importlib.util.spec_from_file_location("jacaranda_write", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.path.copy()
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


def test_the_uploads_are_what_the_ledger_writes() -> None:
    folder = JACARANDA.folder / "uploads"
    there = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert there == writer().uploads()


def test_every_folder_of_uploads_is_sent_once_in_order_of_time() -> None:
    folders = [event["folder"] for event in uploads()]
    there = (JACARANDA.folder / "uploads").iterdir()
    assert folders == sorted(path.name for path in there)
    times = [event["at"] for event in JACARANDA.world["events"]]
    assert times == sorted(set(times))


def test_no_document_is_sent_before_its_day() -> None:
    sent = {event["folder"]: event["at"].date() for event in uploads()}
    assert all(paper.day <= sent[paper.upload] for paper in papers())


def test_all_33_documents_are_e_invoices_of_their_senders() -> None:
    found = papers()
    assert len({paper.key for paper in found}) == len(found) == 33
    assert {paper.state for paper in found} == {"accepted"}
    assert not any(paper.table for paper in found)
    assert [paper.number for paper in found if paper.credit] == ["FT1159", "FT1502"]
    assert [paper.number for paper in found if paper.currency == "USD"] == ["FT1309"]


def test_every_tax_id_has_its_check_digit() -> None:
    world = JACARANDA.world
    parties = [*world["members"], *world["suppliers"]]
    tax_ids = [tax_id for party in parties for tax_id in party["tax_ids"]]
    for tax_id in [*tax_ids, world["consortium"]["tax_id"]]:
        assert rfc.validate(tax_id, validate_check_digits=True) == tax_id
    assert len(set(tax_ids)) == len(tax_ids) == 5


def test_every_code_is_in_the_catalogue() -> None:
    lines = JACARANDA.text("catalogue/faro.csv").splitlines()
    known = {row["code"] for row in csv.DictReader(lines)}
    assert {item.code for paper in papers() for item in paper.items} == known


def test_every_sum_in_the_readme_is_right() -> None:
    chains = CHAIN.findall(JACARANDA.readme)
    for sign in (" = ", " ≈ "):
        checked = sum(chain.count(sign) for chain in chains)
        assert checked == JACARANDA.readme.count(sign)
    assert len(chains) > 50
    for chain in chains:
        first, *others = re.split(" ([=≈]) ", chain)
        for sign, other in zip(others[::2], others[1::2], strict=True):
            off = abs(value(first) - value(other))
            assert off <= (Fraction("0.000001") if sign == "≈" else 0), chain


def test_what_the_readme_rounds_is_rounded_right() -> None:
    found = ROUNDED.findall(JACARANDA.readme)
    assert len(found) == 5
    for exact, rounded in found:
        assert cents(value(exact)) == value(rounded), exact


def test_the_readme_states_every_statement() -> None:
    for name in ("q1", "q2", "q3", "q4"):
        for statement in JACARANDA.expected(name):
            head = f"**{statement['number']}** · {statement['member']}\n"
            assert JACARANDA.readme.count(head) == 1
            section = JACARANDA.readme.partition(head)[2].partition("\n\n**")[0]
            for line in statement["lines"]:
                cells = [
                    line["programme"],
                    written(line["volume"]),
                    written(line["threshold"]),
                    f"{line['value']['percent']} %",
                    *(written(line[figure]) for figure in FIGURES),
                ]
                assert f"| {' | '.join(cells)} |" in section
            assert f"**{written(statement['total'])}** |" in section


def test_what_a_statement_pays_is_the_sum_of_its_lines() -> None:
    for name in ("q1", "q2", "q3", "q4"):
        for statement in JACARANDA.expected(name):
            lines = statement["lines"]
            payable = sum(Fraction(line["payable_now"]) for line in lines)
            assert payable == Fraction(statement["total"]), statement["number"]
            for line in lines:
                earned, fee, settled, due, brought, paid, carried = (
                    Fraction(line[figure]) for figure in FIGURES
                )
                assert due == earned - fee - settled
                assert paid + carried == due + brought


def test_the_readme_states_every_document_with_what_it_adds() -> None:
    terms = JACARANDA.agreements()[0]["programmes"][0]
    rows = {
        row.split(" | ")[0].removeprefix("| "): row
        for row in JACARANDA.readme.splitlines()
        if re.match(r"\| FT\d+ \| ", row)
    }
    assert len(rows) == 33
    for paper in papers():
        amount = written(text(total(counting(JACARANDA, [paper], terms))))
        assert f" | {amount} | " in rows[paper.number], paper.number


def test_the_readme_divides_the_group_as_it_is_divided() -> None:
    group = JACARANDA.readme.partition("## The whole group")[2].partition("\n## ")[0]
    parts = group.split("\n### ")[1:]
    for section, quarter in zip(parts, jacaranda.quarters(), strict=True):
        for line in quarter.lines:
            if line.programme == "faro-group":
                figures = (line.earned, line.fee, line.settled_before, line.due)
                cells = " | ".join(written(text(figure)) for figure in figures)
                assert f"| {line.member} | {written(text(line.volume))} | " in section
                assert f" | {cells} |\n" in section
        assert f"{written(text(quarter.pools[0].measure))}" in section


def test_the_readme_states_the_year() -> None:
    for programme in JACARANDA.expected("year")["programmes"]:
        for one in programme["members"]:
            cells = [
                programme["programme"],
                one["member"],
                *(written(one[name]) for name in ("earned", "fee", "net")),
                *(written(due) for due in one["due"]),
                *(written(one[name]) for name in ("sum_of_due", "sum_of_paid")),
                written(one["carried"]),
            ]
            assert f"| {' | '.join(cells)} |" in JACARANDA.readme


def test_the_readme_states_every_pool() -> None:
    for pool in JACARANDA.expected("pools"):
        names = ("measure", "inbound", "outbound", "fee")
        cells = [pool["period"][5:], pool["programme"]]
        cells += [written(pool[name]) for name in names]
        assert f"| {' | '.join(cells)} |" in JACARANDA.readme


def test_the_story_shows_what_a_year_can_bring() -> None:
    periods = [quarter.period for quarter in jacaranda.quarters()]
    assert [period[5:] for period in periods] == ["Q1", "Q2", "Q3", "Q4"]
    acts = [event["do"] for event in JACARANDA.world["events"]]
    assert {act: acts.count(act) for act in ("sign", "close", "issue", "let_go")} == {
        "sign": 2,
        "close": 4,
        "issue": 4,
        "let_go": 1,
    }
