"""How a handler is declared: its address, who may call it, what it may answer.

Owns the two decorators that every handler of the API is made with. A read is a GET; an
act is a POST or DELETE that changes the books. Both run in a thread and carry their
roles in ``opt``, where the guard and the house's tests find them; what they may answer
besides success is documented from what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import delete, get, post

from rappel.web.auth import EVERYBODY
from rappel.web.openapi import described

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar.handlers import HTTPRouteHandler
    from litestar.types import AnyCallable

    from rappel.core.access import Role

CREATED: Final = 201
DONE: Final = 200
GONE: Final = 204


def reads(
    path: str,
    roles: frozenset[Role],
    *,
    finds: bool | None = None,
    answers: tuple[str, ...] = ("application/json",),
    example: object = None,
    **more: Any,
) -> Callable[[AnyCallable], HTTPRouteHandler]:
    """Declare a read.

    Args:
        path: of the handler, below its controller's.
        roles: who may call it.
        finds: whether it can answer 404; by default if its path has a parameter.
        answers: the media types of its answer.
        example: of its answer.
        more: what Litestar's own ``get`` takes.
    """
    refusals = [401, *_forbidden(roles), *_missing(path, finds=finds), 422]
    return get(
        path,
        sync_to_thread=True,
        opt={"roles": roles},
        operation_class=described(refusals, answers=answers, answer_example=example),
        **more,
    )


def acts(
    path: str,
    roles: frozenset[Role],
    *,
    status: int = CREATED,
    finds: bool | None = None,
    takes: str | None = None,
    given: object = None,
    example: object = None,
    **more: Any,
) -> Callable[[AnyCallable], HTTPRouteHandler]:
    """Declare an act; it may be refused because of the state of the books.

    Args:
        path: of the handler, below its controller's.
        roles: who may call it.
        status: of success.
        finds: whether it can answer 404; by default if its path has a parameter.
        takes: the media type of a body that is read as it comes.
        given: an example of the body.
        example: of the answer.
        more: what Litestar's own ``post`` and ``delete`` take.
    """
    refusals = [401, *_forbidden(roles), *_missing(path, finds=finds), 409, 413, 422]
    declare = delete if status == GONE else post
    return declare(
        path,
        sync_to_thread=True,
        status_code=status,
        opt={"roles": roles},
        operation_class=described(
            refusals, takes=takes, given=given, answer_example=example
        ),
        **more,
    )


def _forbidden(roles: frozenset[Role]) -> list[int]:
    return [] if roles == EVERYBODY else [403]


def _missing(path: str, *, finds: bool | None) -> list[int]:
    return [404] if ("{" in path if finds is None else finds) else []
