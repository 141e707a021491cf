"""WeasyPrint, held at arm's length: HTML in, PDF/A-3a and PDF/UA-1 bytes out.

Owns the import of WeasyPrint (late, so that all else works without Pango), the fonts,
the parsed style sheets and the fetcher. Knows nothing of statements but the size of
their paper and the words of their margins.

Convention: whatever is fetched is ``data:`` or one of :func:`assets`, held in memory;
any other address stops the print.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from rappel.bundled import bundled
from rappel.errors import Unavailable
from rappel.paper.claims import claim
from rappel.paper.text import WEIGHTS
from rappel.wording import translator

if TYPE_CHECKING:
    from datetime import datetime

    from rappel.paper.view import Sheet

BASE: Final = "rappel:/"
FONT: Final = f"{BASE}fonts/"
ATTACHMENT: Final = "statement.json"
LINUX: Final = (
    "apt-get install -y --no-install-recommends "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
MAC: Final = "brew install pango"


def repair() -> str:
    """Return the command that brings Pango to this machine."""
    return MAC if sys.platform == "darwin" else LINUX


def weasyprint() -> Any:
    """Import WeasyPrint; raise ``Unavailable`` with the command that brings Pango."""
    try:
        return importlib.import_module("weasyprint")
    except OSError as error:
        raise Unavailable(
            "PDFs cannot be made: the Pango library is missing on this machine.",
            code="pango_missing",
            repair=repair(),
        ) from error


def assets() -> dict[str, bytes]:
    """Read what a page may fetch by address: the shipped fonts."""
    fonts = bundled("templates") / "fonts"
    names = [f"inter-{weight}.ttf" for weight in WEIGHTS]
    return {f"{FONT}{name}": (fonts / name).read_bytes() for name in names}


def fetcher() -> Any:
    """Make the fetcher that knows ``data:`` and our assets and refuses the rest."""
    urls = importlib.import_module("weasyprint.urls")
    held = assets()

    class OnlyOurs(urls.URLFetcher):  # type: ignore[misc, name-defined]  # late, untyped
        """Answers from memory."""

        def __init__(self) -> None:
            super().__init__(
                allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True
            )

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in held:
                kind = {"Content-Type": "font/ttf"}
                return urls.URLFetcherResponse(url, held[url], kind)
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise urls.FatalURLFetchingError(f"a page may not fetch {url[:80]}")

    return OnlyOurs()


class Engine:
    """One WeasyPrint set-up: fonts and sheets read once, used for every page."""

    def __init__(self, version: str) -> None:
        self.lib = weasyprint()
        fonts = importlib.import_module("weasyprint.text.fonts")
        self.fetcher = fetcher()
        self.fonts = fonts.FontConfiguration()
        sheet = bundled("templates") / "statement" / version / "statement.css"
        self.look = self._css(f"{_faces()}{sheet.read_text('utf-8')}")
        self.margins: dict[tuple[str, str], Any] = {}

    def print(
        self, html: str, *, sheet: Sheet, data: bytes, made_at: datetime
    ) -> bytes:
        """Print a page with ``data`` attached, everything dated ``made_at``.

        Raises:
            RuntimeError: the page asks for an address that is not ours.
        """
        refused = importlib.import_module("weasyprint.urls").FatalURLFetchingError
        try:
            with warnings.catch_warnings():
                # WeasyPrint 70 leaves the closing of its colour profile to Python
                warnings.filterwarnings("ignore", "unclosed file .*sRGB2014")
                return self._print(html, sheet=sheet, data=data, made_at=made_at)
        except refused as error:  # it is no Exception: nobody else would catch it
            raise RuntimeError(str(error)) from error

    def _print(
        self, html: str, *, sheet: Sheet, data: bytes, made_at: datetime
    ) -> bytes:
        document = self.lib.HTML(
            string=html, base_url=BASE, url_fetcher=self.fetcher, media_type="print"
        )
        attached = self.lib.Attachment(
            file_obj=BytesIO(data),
            name=ATTACHMENT,
            description=sheet.number,
            created=made_at,
            modified=made_at,
            relationship="Data",
            url_fetcher=self.fetcher,
        )
        printed: bytes = document.write_pdf(
            stylesheets=[self.look, self._margins(sheet.lang, sheet.paper)],
            font_config=self.fonts,
            attachments=[attached],
            pdf_variant="pdf/a-3a",
            finisher=claim,
        )
        return printed

    def _css(self, text: str) -> Any:
        return self.lib.CSS(
            string=text,
            base_url=BASE,
            url_fetcher=self.fetcher,
            font_config=self.fonts,
        )

    def _margins(self, lang: str, paper: str) -> Any:
        """Return the sheet of paper size and margin words, parsed once for each."""
        key = (lang, paper)
        if key not in self.margins:
            say = translator(lang)
            page, of = say("Page"), say("of")
            notice = say("Informative document, not a fiscal receipt.")
            self.margins[key] = self._css(
                f"@page {{ size: {paper};"
                f" @bottom-left {{ content: {_quoted(notice)} }}"
                f" @bottom-right {{ content: {_quoted(page)} ' ' counter(page)"
                f" ' ' {_quoted(of)} ' ' counter(pages) }} }}"
            )
        return self.margins[key]


def _faces() -> str:
    return "".join(
        f"@font-face {{ font-family: 'Rappel Sans'; font-weight: {weight};"
        f" src: url({FONT}inter-{weight}.ttf) }}\n"
        for weight in WEIGHTS
    )


def _quoted(text: str) -> str:
    """Write a CSS string: nothing in ``text`` can end it."""
    inner = "".join(
        char if char.isalnum() or char in " .,:" else f"\\{ord(char):06x} "
        for char in text
    )
    return f'"{inner}"'
