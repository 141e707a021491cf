"""Statements on paper: a statement in, HTML or PDF bytes out.

Owns the template, the style sheets, WeasyPrint, what the page may fetch and the data
embedded in it. Does not own what is shown (:mod:`rappel.paper.view`) nor where bytes
are kept.

Convention: same statement, same bytes: no clock, no address, no font of the machine.
A page fetches ``data:`` and our own shipped files and nothing else. WeasyPrint is not
safe in threads, so a renderer serves only the thread that made it; for many statements,
or in a server, use :func:`render_many`, which works in processes.
"""

from __future__ import annotations

import gc
import os
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rappel.bundled import bundled
from rappel.core.statement_json import statement_json
from rappel.paper.engine import Engine, weasyprint
from rappel.paper.view import view
from rappel.wording import fill, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.core.statements import Statement
    from rappel.paper.view import Sheet

VERSION: Final = "v1"
RENDERS_A_WORKER: Final = 500  # WeasyPrint leaks about 80 KiB a document


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(bundled("templates") / "statement" / VERSION),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["fill"] = lambda sentence, **params: fill(sentence, params)
    return pages


def html(statement: Statement) -> str:
    """Return the statement as one HTML document without its style sheet."""
    return _html(view(statement))


def _html(sheet: Sheet) -> str:
    template = _pages().get_template("statement.html")
    return template.render(s=sheet, lang=sheet.lang, _=translator(sheet.lang))


class Renderer:
    """Prints statements; made once per process and used in the thread that made it."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._engine: Engine | None = None

    def html(self, statement: Statement) -> str:
        """Return the statement as one HTML document without its style sheet."""
        return html(statement)

    def pdf(self, statement: Statement) -> bytes:
        """Return the statement as PDF/A-3a with its own data attached.

        Raises:
            Unavailable: Pango is missing; ``repair`` is the command to type.
            RuntimeError: called from another thread than the renderer's own.
        """
        if threading.get_ident() != self._thread:
            raise RuntimeError("a renderer serves the thread that made it, no other")
        if self._engine is None:
            self._engine = Engine(VERSION)
        sheet = view(statement)
        collecting = gc.isenabled()
        gc.disable()  # a fifth of the time of a long document
        try:
            return self._engine.print(
                _html(sheet),
                sheet=sheet,
                data=statement_json(statement),
                made_at=statement.issued_at,
            )
        finally:
            if collecting:
                gc.enable()


_mine: Final = threading.local()


def _print_one(statement: Statement) -> bytes:
    """Print in a worker, with the renderer that the worker keeps."""
    if not hasattr(_mine, "renderer"):
        _mine.renderer = Renderer()
    printed: bytes = _mine.renderer.pdf(statement)
    gc.collect()
    return printed


def _die_with_parent() -> None:
    """End this worker when the process that started it ends, however it ends.

    A killed parent closes no queue: its workers would wait for work for ever.
    """
    parent = parent_process()
    assert parent is not None, "a worker has a parent"

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


def render_many(
    statements: Sequence[Statement],
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[bytes]:
    """Print statements in ``workers`` fresh processes; answers in their order.

    ``progress`` is told how many are done, of how many, after each. The caller's main
    module must be importable, as for every spawned process.

    Raises:
        Unavailable: Pango is missing; nothing was started.
        BrokenProcessPool: a worker died; nothing is answered.
    """
    if not statements:
        return []
    weasyprint()  # fails here, in words, before any process starts
    tell = progress or (lambda _done, _all: None)
    with ProcessPoolExecutor(
        max_workers=min(workers, len(statements)),
        mp_context=get_context("spawn"),
        initializer=_die_with_parent,
        max_tasks_per_child=RENDERS_A_WORKER,
    ) as pool:
        jobs = [pool.submit(_print_one, statement) for statement in statements]
        for done, _job in enumerate(as_completed(jobs), 1):
            tell(done, len(jobs))
        return [job.result() for job in jobs]
