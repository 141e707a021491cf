"""The statement as JSON bytes, and back: one encoding for page, API and proof.

Owns the canonical encoding: UTF-8, keys sorted, no spaces, ``Decimal`` as a plain
string with its own places, days and times in ISO 8601, ``null`` for what is unknown.
The same statement gives the same bytes, so their SHA-256 can be printed and compared.
Does not own the statement (:mod:`rappel.core.statements`) nor where the bytes are kept.

Reading trusts nothing: an unknown, missing, doubled or mistyped field, a number that
is not a string, or a file that is no JSON is refused with its path. Fields added to
the statement later carry defaults, so older bytes stay readable.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, NoReturn, get_args, get_origin
from typing import get_type_hints as hints_of

from rappel.core.statements import Statement, StatementLine
from rappel.errors import Fault, Malformed

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA: Final = "rappel.statement/1"
FIGURE: Final = re.compile(r"-?[0-9]{1,38}(\.[0-9]{1,38})?", re.ASCII)
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def statement_json(statement: Statement) -> bytes:
    """Encode a statement canonically; raise ``ValueError`` on a figure not finite."""
    content = {"schema": SCHEMA, **_plain_fields(statement)}
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode()


def statement_from_json(content: bytes) -> Statement:
    """Decode what :func:`statement_json` wrote; raise ``Malformed`` on anything else.

    ``statement_json(statement_from_json(b)) == b`` for every ``b`` it wrote.
    """
    try:
        read = json.loads(
            content,
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise _refusal("", "this is not the JSON of a statement") from error
    if not isinstance(read, dict) or read.pop("schema", None) != SCHEMA:
        raise _refusal("schema", f"the schema must be {SCHEMA}")
    decoded = _decode(Statement, read, "")
    assert isinstance(decoded, Statement)
    return decoded


def line_fields(line: StatementLine) -> dict[str, object]:
    """Turn a line into what JSON can hold, as in :func:`statement_json`."""
    return _plain_fields(line)


def line_from_fields(content: object) -> StatementLine:
    """Read what :func:`line_fields` made; raise ``Malformed`` on anything else."""
    decoded = _decode(StatementLine, content, "")
    assert isinstance(decoded, StatementLine)
    return decoded


def _plain_fields(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}


def _plain(value: object) -> object:
    """Turn a value of the statement into what JSON can hold."""
    if isinstance(value, Decimal):
        return _figure(value)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return _plain_fields(value)
    assert value is None or isinstance(value, str | int)
    return value


def _figure(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"a statement holds finite figures, not {value}")
    return format(abs(value) if value.is_zero() else value, "f")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build an object, refusing a key written twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is written twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"figures are strings, not {text}")


def _refusal(path: str, message: str) -> Malformed:
    repair = "Use the statement.json of a statement as it was issued, unchanged."
    fault = Fault(code="bad_statement", message=message, repair=repair, field=path)
    place = f" at {path}" if path else ""
    return Malformed(
        detail=f"Not a statement{place}: {message}.",
        code="bad_statement",
        repair=repair,
        faults=(fault,),
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Types of a dataclass's fields; ``date`` and ``datetime`` are named there only."""
    return hints_of(kind, localns={"date": date, "datetime": datetime})


def _decode(kind: Any, value: object, path: str) -> object:
    """Read ``value`` as ``kind``: a field's type, one of those the statement uses."""
    origin = get_origin(kind)
    if origin is UnionType:
        inner = next(arg for arg in get_args(kind) if arg is not NoneType)
        return None if value is None else _decode(inner, value, path)
    if origin is tuple:
        items = _expect(list, value, path)
        inner = get_args(kind)[0]
        return tuple(
            _decode(inner, item, f"{path}[{i}]") for i, item in enumerate(items)
        )
    if origin is dict:
        pairs = _expect(dict, value, path)
        return {key: _text(item, f"{path}.{key}") for key, item in pairs.items()}
    if is_dataclass(kind):
        return _decode_fields(kind, value, path)
    return SCALARS[kind](value, path)


def _decode_fields(kind: Any, value: object, path: str) -> object:
    given = _expect(dict, value, path)
    known = {item.name: item for item in fields(kind)}
    dot = f"{path}." if path else ""
    for name in given:
        if name not in known:
            raise _refusal(f"{dot}{name}", "there is no such field")
    hints = _hints(kind)
    found = {}
    for name, item in known.items():
        if name in given:
            found[name] = _decode(hints[name], given[name], f"{dot}{name}")
        elif _required(item):
            raise _refusal(f"{dot}{name}", "this field is missing")
    return kind(**found)


def _required(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _expect(kind: type, value: object, path: str) -> Any:
    """Return ``value`` when it is exactly of ``kind``: a ``bool`` is no ``int``."""
    if type(value) is not kind:
        found = type(value).__name__
        raise _refusal(path, f"expected {kind.__name__}, found {found}")
    return value


def _text(value: object, path: str) -> str:
    text: str = _expect(str, value, path)
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise _refusal(path, "this text is no valid Unicode")
    return text


def _decimal(value: object, path: str) -> Decimal:
    text = _expect(str, value, path)
    if not FIGURE.fullmatch(text):
        raise _refusal(path, "expected a figure such as 1234.56")
    return Decimal(text)


def _day(value: object, path: str) -> date:
    text = _expect(str, value, path)
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _refusal(path, "expected a day such as 2026-09-30")


def _moment(value: object, path: str) -> datetime:
    text = _expect(str, value, path)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise _refusal(path, "expected a time such as 2026-10-05T10:00:00") from error


SCALARS: Final[dict[type, Callable[[object, str], object]]] = {
    str: _text,
    int: lambda value, path: _expect(int, value, path),
    bool: lambda value, path: _expect(bool, value, path),
    Decimal: _decimal,
    date: _day,
    datetime: _moment,
}
