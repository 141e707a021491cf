"""Remembered: values that were worked out, kept in memory for who asks again.

Owns which of them are kept and for how long. Derived, and never a source of truth: what
is asked for is named by rows that never change, so that nothing here can be out of
date; what is not kept is worked out again.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values by name; the longest unused go first."""

    def __init__(self, room: int, size: Callable[[Value], int]) -> None:
        """Keep nothing yet, and never more than ``room``, in bytes."""
        self._room = room
        self._size = size
        self._held = 0
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def of(self, name: Hashable, work: Callable[[], Value]) -> Value:
        """Return what is kept under a name, or work it out and keep it."""
        with self._lock:
            if name in self._values:
                self._values.move_to_end(name)
                return self._values[name]
        value = work()
        self._keep(name, value)
        return value

    def _keep(self, name: Hashable, value: Value) -> None:
        with self._lock:
            before = self._values.pop(name, None)
            self._held += self._size(value)
            self._held -= 0 if before is None else self._size(before)
            self._values[name] = value
            while self._held > self._room:
                _, gone = self._values.popitem(last=False)
                self._held -= self._size(gone)
