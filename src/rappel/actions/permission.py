"""Whose verb it is: asked before anything else, so that a refusal changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rappel.errors import NotAllowed

if TYPE_CHECKING:
    from rappel.core.access import Viewer


def must_administer(viewer: Viewer) -> None:
    """Let only administrators and the system pass.

    Raises:
        NotAllowed: the viewer is somebody else.
    """
    if not viewer.administers:
        raise NotAllowed("This is for the consortium's administrators.")
