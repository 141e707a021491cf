"""Parts: the lines of the books as Parquet, a cache that may be deleted at any time.

PostgreSQL is the only truth. Owns the files under :attr:`Database.cache`: made from
committed rows when a run first needs them, trusted by their SHA-256, made again when
they are missing or bad, merged when they are many and small. What no good part holds is
read from the tables. Owns no rule of what counts: a line that is out by its document's
structure is here too, with its ``reason``.

Everything obeys this: parts hold ids and no names, only the system and administrators
read them, an invoice's lines are in one part only, and sets of invoices are PostgreSQL
multiranges written as text (``{[1,5),[7,8)}``).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl
import sqlalchemy as sa
from psycopg import sql

from rappel.core.frames import Shape
from rappel.core.money import LINE, QUANTITY, RATE
from rappel.errors import NotAllowed
from rappel.store import ranges

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer

PIECE: Final = 50_000  # invoices in a part, at most
SMALL: Final = 100_000  # rows below which a part is worth merging
MANY: Final = 8  # small parts that are left alone
MAKING, READING = 7_201, 7_202  # advisory locks: one maker; readers before the sweep

PURCHASES: Final = Shape(
    "purchases",
    {
        "line": pl.Int64(),
        "document": pl.Int64(),
        "member": pl.Int64(),
        "supplier": pl.Int64(),
        "code": pl.String(),
        "date": pl.Date(),
        "kind": pl.String(),
        "currency": pl.String(),
        "amount": LINE,
        "quantity": QUANTITY,
        "rate": RATE,
        "rate_currency": pl.String(),
        "evidence": pl.String(),
        "reason": pl.String(),  # why it is out by its scheme; null when it may count
    },
    key=("line",),
)
ROWS: Final = """
    copy (
        select l.id, l.invoice_id, l.member_id, l.supplier_id, l.code, i.invoice_date,
               i.kind, i.currency, l.net, l.quantity, i.rate, i.rate_currency,
               i.evidence,
               case when not l.qualifies then coalesce(l.reason, 'not_qualifying') end
        from unnest({invoices}::int8multirange) as r
        join invoice i on i.id >= lower(r) and i.id < upper(r)
        join line l on l.invoice_id = i.id
        order by l.id
    ) to stdout (format csv, null '\\N')
"""


class Part(NamedTuple):
    """A row of the cache: which invoices, and how to know the file again."""

    sha256: bytes
    invoices: str
    rows: int
    content_hash: bytes


def folder_of(cache: Path) -> Path:
    """Return the folder of the parts, made when it is missing."""
    folder = cache / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def canonical(session: Session, invoices: str) -> bytes:
    """Return the lines of ``invoices`` as PostgreSQL writes them, in key order.

    These bytes do not change with the version of Polars: their SHA-256 is a part's
    ``content_hash``.
    """
    connection = session.connection().connection.driver_connection
    assert connection is not None
    statement = sql.SQL(ROWS).format(invoices=sql.Literal(invoices))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(copy)


def frame_of(content: bytes) -> pl.DataFrame:
    """Read canonical rows as ``PURCHASES``, exactly: the tables hold six places."""
    if not content:
        return PURCHASES.empty()
    text = pl.read_csv(
        BytesIO(content),
        has_header=False,
        schema=dict.fromkeys(PURCHASES.columns, pl.String()),
        null_values="\\N",
        empty_string_is_null=False,
    )
    others = {
        name: dtype for name, dtype in PURCHASES.columns.items() if name != "date"
    }
    return text.with_columns(
        pl.col("date").str.to_date("%Y-%m-%d"),
        *(pl.col(name).cast(dtype) for name, dtype in others.items()),
    )


def lines(session: Session, viewer: Viewer, cache: Path, invoices: str) -> pl.LazyFrame:
    """Scan the lines of ``invoices`` as ``PURCHASES``, in no order.

    Raises:
        NotAllowed: the viewer is neither the system nor an administrator.
    """
    if not viewer.administers:
        raise NotAllowed("Only runs and administrators read the lines of all members.")
    session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(READING)))
    folder = cache / "parts"
    found, covered = [], []
    for part, shared in _overlapping(session, invoices):
        if sound(folder, part):
            scan = pl.scan_parquet(path_of(folder, part.sha256))
            if shared != part.invoices:
                scan = scan.filter(
                    pl.col("document").is_in(ranges.ids_of(shared).implode())
                )
            found.append(scan)
            covered.append(part.invoices)
    rest = ranges.without(session, invoices, covered)
    if rest != ranges.NONE or not found:
        found.append(frame_of(canonical(session, rest)).lazy())
    return pl.concat(found)


def prepare(session: Session, cache: Path) -> None:
    """Make the parts that are missing or bad, and merge those that are many and small.

    Runs in a writing transaction of the system, one at a time. Its files are of use
    once it is committed; those that it leaves without a row are swept by a later one.
    """
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(MAKING)))
    folder = folder_of(cache)
    kept = []
    for part in all_parts(session):
        if sound(folder, part):
            kept.append(part)
        else:
            _forget(session, part)
    missing = ranges.beyond(session, [part.invoices for part in kept])
    kept += [
        _make(session, folder, piece)
        for piece in ranges.pieces(session, missing, size=PIECE)
    ]
    small = [part for part in kept if part.rows < SMALL]
    if len(small) > MANY:
        for part in small:
            _forget(session, part)
        _make(session, folder, ranges.union(session, [part.invoices for part in small]))
    _sweep(session, folder)


def all_parts(session: Session) -> list[Part]:
    """Return every part, in the order of its invoices."""
    rows = session.execute(
        sa.text(
            "select sha256, invoices::text, rows, content_hash from part"
            " order by lower(invoices)"
        )
    )
    return [Part(*row) for row in rows]


def path_of(folder: Path, sha256: bytes) -> Path:
    """Return where the file with these bytes lies."""
    return folder / f"{sha256.hex()}.parquet"


def sound(folder: Path, part: Part) -> bool:
    """Say whether the part's file is there and has the bytes it was written with."""
    try:
        with path_of(folder, part.sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == part.sha256
    except FileNotFoundError:
        return False


def agrees(cache: Path, part: Part, rows: bytes) -> bool:
    """Say whether a part's file, if it is there and sound, holds these very rows."""
    folder = cache / "parts"
    if not sound(folder, part):
        return True  # it is never read: the next run makes it again
    return pl.read_parquet(path_of(folder, part.sha256)).equals(frame_of(rows))


def _make(session: Session, folder: Path, invoices: str) -> Part:
    """Write the part of ``invoices``: file, then folder, then row."""
    content = canonical(session, invoices)
    frame = frame_of(content)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            frame.write_parquet(file, metadata={"invoices": invoices})
            file.flush()
            os.fsync(file.fileno())
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        temporary.rename(path_of(folder, digest))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(folder)
    part = Part(digest, invoices, frame.height, hashlib.sha256(content).digest())
    session.execute(
        sa.text(
            "insert into part (sha256, invoices, rows, content_hash) values"
            " (:sha256, cast(:invoices as int8multirange), :rows, :content_hash)"
            " on conflict do nothing"
        ),
        part._asdict(),
    )
    return part


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget(session: Session, part: Part) -> None:
    session.execute(
        sa.text("delete from part where sha256 = :sha256"), {"sha256": part.sha256}
    )


def _sweep(session: Session, folder: Path) -> None:
    """Remove the files that have no row, unless somebody is reading."""
    if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(READING))):
        return
    known = {path_of(folder, part.sha256) for part in all_parts(session)}
    for path in set(folder.iterdir()) - known:
        path.unlink(missing_ok=True)


def _overlapping(session: Session, invoices: str) -> list[tuple[Part, str]]:
    """Return the parts that hold some of ``invoices``, each with which of them."""
    rows = session.execute(
        sa.text(
            "select sha256, invoices::text, rows, content_hash,"
            " (invoices * cast(:wanted as int8multirange))::text from part"
            " where invoices && cast(:wanted as int8multirange)"
            " order by lower(invoices)"
        ),
        {"wanted": invoices},
    )
    return [(Part(*row[:4]), row[4]) for row in rows]
