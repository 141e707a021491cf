"""What a handler may ask for, by name: the books, who asks, the moment, the language.

Owns the annotations alone; :mod:`rappel.web.app` says where each comes from. None is
part of the request, so none is checked as one.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from rappel.core.access import Viewer
from rappel.store.base import Database
from rappel.web.idempotency import Once

Books: TypeAlias = NamedDependency[SkipValidation[Database]]
Asking: TypeAlias = NamedDependency[SkipValidation[Viewer]]
Now: TypeAlias = NamedDependency[SkipValidation[datetime]]
Locale: TypeAlias = NamedDependency[SkipValidation[str]]
Acting: TypeAlias = NamedDependency[SkipValidation[Once]]
