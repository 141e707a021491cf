"""A real PostgreSQL of our own, in a folder, for those who have no server.

Owns its making, starting, recovery and stopping; not the tables in it. It listens on
a socket in a folder that only its owner may enter, never on a port. It lives exactly
as long as the :class:`Server` that opened it, whatever ends that process; a second
owner of one folder is refused. Production sets ``DATABASE_URL`` and needs none of it.

Convention: ``folder`` holds ``data`` (PostgreSQL's own), ``password``, ``lock``,
``server.log`` and, where its path is short enough, ``socket``.
"""

from __future__ import annotations

from rappel.store.embedded.server import Server, running

__all__ = ["Server", "running"]
