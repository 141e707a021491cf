"""ZIP archives, read in memory and never unpacked to disk.

Owns the limits. Sizes are counted while reading, since headers lie. A member that
cannot be read is one refused document beside its neighbours; an archive that breaks a
limit of the whole is refused whole. Folders, empty files and what macOS adds to an
archive (``__MACOSX``, ``.DS_Store``) are no documents.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rappel.ingest.faults import UnreadableError
from rappel.ingest.sniff import Form, sniff
from rappel.ingest.texts import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST: Final = 50_000_000
MEMBERS: Final = 2_000
UNPACKED: Final = 200_000_000
RATIO: Final = 100
_CHUNK: Final = 65_536
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(slots=True)
class Budget:
    """How many bytes may still come out of an archive."""

    left: int = UNPACKED


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its bytes, or why there are none."""

    name: str
    content: bytes = b""
    fault: UnreadableError | None = None


def members(content: bytes) -> Iterator[Member]:
    """Yield the documents of an archive in its own order.

    Raises:
        UnreadableError: ``file_too_large``, ``archive_count``, ``archive_size`` or
            ``archive_damaged``, which concern the archive as a whole.
    """
    if len(content) > LARGEST:
        raise UnreadableError("file_too_large", limit="50 MB")
    budget = Budget()
    with opened(content) as archive:
        for entry in archive.infolist():
            if not _is_document(entry):
                continue
            name = _label(entry.filename)
            try:
                unpacked = unpack(archive, entry, budget)
            except UnreadableError as broken:
                if broken.finding.code == "archive_size":
                    raise
                yield Member(name, fault=broken)
                continue
            nested = sniff(unpacked) is Form.ZIP
            fault = UnreadableError("archive_nested") if nested else None
            yield Member(name, unpacked, fault)


def opened(content: bytes) -> zipfile.ZipFile:
    """Open an archive whose directory can be read and is not too long."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN:
        raise UnreadableError("archive_damaged") from None
    if len(archive.infolist()) > MEMBERS:
        raise UnreadableError("archive_count", limit=str(MEMBERS))
    return archive


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    """Return a member's bytes, counted while they come.

    Raises:
        UnreadableError: ``archive_encrypted``, ``archive_method``, ``archive_ratio``,
            ``archive_damaged``, or ``archive_size`` when the budget is spent.
    """
    if entry.flag_bits & _ENCRYPTED:
        raise UnreadableError("archive_encrypted")
    if entry.compress_type not in _METHODS:
        raise UnreadableError("archive_method")
    limit = RATIO * max(entry.compress_size, _CHUNK)
    parts, size = [], 0
    try:
        with archive.open(entry) as stream:
            while part := stream.read(_CHUNK):
                size += len(part)
                budget.left -= len(part)
                if budget.left < 0:
                    raise UnreadableError("archive_size", limit="200 MB")
                if size > limit:
                    raise UnreadableError("archive_ratio", limit=str(RATIO))
                parts.append(part)
    except _BROKEN:
        raise UnreadableError("archive_damaged") from None
    return b"".join(parts)


def _label(path: str) -> str:
    """Return a member's path to be shown; it is never opened."""
    parts = clean(path).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in {"", ".", ".."})


def _is_document(entry: zipfile.ZipInfo) -> bool:
    path = entry.filename.split("/")
    hidden = "__MACOSX" in path or path[-1] == ".DS_Store"
    return not (hidden or path[-1] == "" or entry.file_size == 0)
