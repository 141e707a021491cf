"""``python -m rappel``."""

from __future__ import annotations

from rappel.cli import main

if __name__ == "__main__":
    main()
