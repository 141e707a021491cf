"""Where the files lie that are no Python: templates, migrations, schemas, stories.

Owns the search; not what is in the folders. A wheel carries them as
``rappel/bundled/<name>``; a checkout has them beside ``pyproject.toml``.
"""

from __future__ import annotations

from pathlib import Path

from rappel.errors import Unavailable

IN_CHECKOUT = {
    "templates": "templates",
    "migrations": "migrations",
    "schemas": "docs/schemas",
    "stories": "fixtures",
}


def bundled(name: str) -> Path:
    """Return the folder called ``name``: templates, migrations, schemas, stories.

    Raises:
        Unavailable: the installation lacks it.
    """
    package = Path(__file__).parent
    installed = package / "bundled" / name
    if installed.is_dir():
        return installed
    checkout = package.parent.parent
    folder = checkout / IN_CHECKOUT[name]
    if (checkout / "pyproject.toml").is_file() and folder.is_dir():
        return folder
    raise Unavailable(
        f"The folder of {name} is missing from this installation of rappel.",
        code="incomplete_installation",
        repair="Install rappel again: pip install --force-reinstall rappel",
    )
