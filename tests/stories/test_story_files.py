"""The fixture story is whole: its files agree with one another and with its README."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import sys
import zipfile
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from stdnum.br import cnpj
from stdnum.co import nit
from stdnum.gt import nit as nit_of_guatemala
from stdnum.mx import rfc

from stories import by_hand
from stories.reading_by_hand import Paper, intake
from stories.story import ceiba

if TYPE_CHECKING:
    from types import ModuleType

STORY: Final = ceiba()
MINUS: Final = "\u2212"
ORIGINALS: Final = 74
COUNTRIES: Final = 4


def papers() -> list[Paper]:
    return intake(STORY, datetime(2026, 12, 1, tzinfo=UTC)).papers


def uploads() -> list[dict[str, Any]]:
    return [event for event in STORY.world["events"] if event["do"] == "upload"]


def written(amount: str) -> str:
    """Write a figure as the README does: 12,345.67, with a minus sign of its own."""
    whole, _, places = amount.lstrip("-").partition(".")
    sign = MINUS if amount.startswith("-") else ""
    return f"{sign}{int(whole):,}" + (f".{places}" if places else "")


def writer() -> ModuleType:
    path = STORY.folder / "write.py"
    spec = importlib.util.spec_from_file_location("ceiba_write", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.path.copy()
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_uploads_are_what_the_ledger_writes() -> None:
    folder = STORY.folder / "uploads"
    there = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    made = writer().uploads()
    assert sorted(there) == sorted(made)
    for name, content in made.items():
        if name.endswith(".xlsx"):  # its compression differs between versions of zlib
            assert unpacked(there[name]) == unpacked(content), name
        else:
            assert there[name] == content, name


def test_every_folder_of_uploads_is_sent_once_in_order_of_time() -> None:
    folders = [event["folder"] for event in uploads()]
    assert folders == sorted(path.name for path in (STORY.folder / "uploads").iterdir())
    times = [event["at"] for event in STORY.world["events"]]
    assert times == sorted(times)


def test_the_consortium_is_large_enough_to_be_one() -> None:
    world = STORY.world
    assert len(world["members"]) == 8
    assert len({member["country"] for member in world["members"]}) == COUNTRIES
    assert len(world["suppliers"]) == 3
    assert {agreement["currency"] for agreement in STORY.agreements()} == {"MXN", "USD"}


def test_most_of_at_least_60_documents_are_e_invoices() -> None:
    numbers = {paper.number: paper.table for paper in papers() if paper.number}
    e_invoices = {p.number for p in papers() if p.number and not p.table}
    assert len(numbers) == ORIGINALS >= 60
    assert len(e_invoices) == 54 > len(numbers) / 2
    assert f"{ORIGINALS} invoices and credit notes" in STORY.readme


def test_a_fiscal_key_belongs_to_one_number() -> None:
    keys = {(paper.number, paper.key) for paper in papers() if paper.key}
    assert max(Counter(key for _, key in keys).values()) == 1
    assert max(Counter(number for number, _ in keys).values()) == 1


def test_every_tax_id_has_the_check_digit_of_its_country() -> None:
    world = STORY.world
    mexican = [
        world["consortium"]["tax_id"],
        *(s["tax_id"] for s in world["strangers"]),
    ]
    of_country: dict[str, list[str]] = {"MX": mexican, "CO": [], "GT": [], "BR": []}
    for party in [*world["members"], *world["suppliers"]]:
        of_country[party["country"]] += party["tax_ids"]
    for tax_id in of_country["MX"]:
        assert rfc.validate(tax_id, validate_check_digits=True) == tax_id
    assert all(nit.is_valid(tax_id) for tax_id in of_country["CO"])
    assert all(nit_of_guatemala.is_valid(tax_id) for tax_id in of_country["GT"])
    assert all(cnpj.is_valid(tax_id) for tax_id in of_country["BR"])
    every = [tax_id for tax_ids in of_country.values() for tax_id in tax_ids]
    assert len(every) == len(set(every)) == 14


def test_all_codes_but_one_are_in_their_suppliers_catalogue() -> None:
    known = {
        row["code"]
        for supplier in STORY.world["suppliers"]
        for row in csv.DictReader(
            STORY.text(f"catalogue/{supplier['code']}.csv").splitlines()
        )
    }
    products = csv.DictReader(STORY.text("products.csv").splitlines())
    assert {row["code"] for row in products} - known == {"AV-CORP2", "DX-UPS3", "FLETE"}


def test_no_member_reaches_the_group_tier_alone() -> None:
    (group,) = (
        one for one in by_hand.programmes(STORY) if one.terms["pool"] == "group"
    )
    volumes = by_hand.volumes(STORY, group, papers_that_count())
    lowest = group.tiers()[0][0]
    assert max(volumes.values()) < lowest
    assert sum(volumes.values()) > 2 * lowest


def papers_that_count() -> list[Paper]:
    (close,) = (e["at"] for e in STORY.world["events"] if e["do"] == "close")
    return intake(STORY, close).counting


def test_members_stand_on_both_sides_of_a_threshold_of_each_kind() -> None:
    lines = {
        (line["programme"], statement["member"]): (line["volume"], line["threshold"])
        for statement in STORY.expected("statements")
        for line in statement["lines"]
    }
    assert lines["andes-volume", "boreal"] == ("249999.99", "100000")
    assert lines["andes-volume", "altavista"] == ("250000.00", "250000")
    assert lines["cumbre-dollars", "cobalto"] == ("10000.00", "0")
    assert lines["cumbre-dollars", "guadua"] == ("10000.01", "10000")


def test_the_readme_states_every_statement() -> None:
    for statement in STORY.expected("statements"):
        head = (
            f"**{statement['number']}** · {statement['member']} · "
            f"{statement['currency']}\n"
        )
        assert STORY.readme.count(head) == 1
        section = STORY.readme.partition(head)[2].partition("\n\n**")[0]
        for line in statement["lines"]:
            cells = [
                line["programme"],
                written(line["volume"]),
                written(line["threshold"]),
                f"{line['value']['percent']} %",
                *(written(line[name]) for name in ("earned", "fee", "due")),
            ]
            assert f"| {' | '.join(cells)} |" in section
        assert f"**{written(statement['total'])}** |" in section


def test_the_lines_of_a_statement_sum_to_its_total() -> None:
    for statement in STORY.expected("statements"):
        due = sum(Fraction(line["due"]) for line in statement["lines"])
        assert due == Fraction(statement["total"]), statement["number"]


def test_the_readme_states_every_document_that_counts() -> None:
    counting = papers_that_count()
    cells: dict[str, list[str]] = {}
    for programme in by_hand.programmes(STORY):
        for paper, amount in by_hand.contributions(STORY, programme, counting):
            cells.setdefault(paper.number, []).append(written(by_hand.text(amount)))
    rows = {
        row.split(" | ")[0].removeprefix("| "): row
        for row in STORY.readme.splitlines()
        if re.match(r"\| [A-Z]{2}\d+ \| ", row)
    }
    assert len(cells) == 69
    for number, amounts in cells.items():
        assert rows[number].endswith(f"| {' | '.join(amounts)} |") or rows[
            number
        ].endswith(f"| {amounts[0]} | 0.00 |"), number


def test_the_readme_states_every_pool() -> None:
    for pool in STORY.expected("pools"):
        cells = [
            pool["programme"],
            str(pool["contributors"]),
            f"{pool['currency']} {written(pool['measure'])}",
            *(written(pool[name]) for name in ("inbound", "outbound", "fee")),
        ]
        assert f"| {' | '.join(cells)} |" in STORY.readme


def test_the_readme_counts_the_documents_of_every_upload() -> None:
    sent = Counter(paper.upload for paper in papers())
    stated = dict(re.findall(r"^\| (\d\d-\w+) \| (\d+)", STORY.readme, re.MULTILINE))
    assert {upload: str(count) for upload, count in sent.items()} == stated


def test_the_readme_works_out_the_late_adjustment() -> None:
    (late,) = STORY.expected("late")
    section = STORY.readme.partition("## The late invoice")[2].partition("\n## ")[0]
    for name in ("volume", "earned", "fee", "settled_before", "due"):
        assert written(late[name]) in section
    assert late["documents"][0] in section
