"""``rappel serve``: the API, on this machine unless told otherwise.

The server's worker is a process of its own that opens the books by the address it is
given in its environment; this process keeps the embedded database alive meanwhile.
"""

from __future__ import annotations

import os
import socket

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from rappel.actions import setup
from rappel.cli import output
from rappel.cli.opening import address
from rappel.settings import Settings, current

APPLICATION = "rappel.web.app:serving"


@click.command()
@click.option("--host", default=None, help="Else the setting RAPPEL_HOST.")
@click.option("--port", type=int, default=None, help="Else RAPPEL_PORT; 0 takes any.")
def serve(*, host: str | None, port: int | None) -> None:
    """Serve the API until interrupted."""
    settings = current()
    with address(settings) as url:
        setup.check_schema(url)
        os.environ["DATABASE_URL"] = url
        where = host or settings.host
        number = (settings.port if port is None else port) or free_port(where)
        output.note(f"http://{where}:{number}/docs")
        server(where, number, settings).serve()


def server(host: str, port: int, settings: Settings) -> MPServer:
    """Make the server: one worker, no more request threads than connections."""
    return MPServer(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=1,
        websockets=False,
        log_level=LogLevels(settings.log_level),
        log_access=False,
    )


def free_port(host: str) -> int:
    """Return a port of ``host`` that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        found: int = probe.getsockname()[1]
    return found
