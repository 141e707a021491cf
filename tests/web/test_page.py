"""The page of the API: from our own files alone, under a policy that it keeps."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from rappel.bundled import bundled

if TYPE_CHECKING:
    from web.calling import Api

FILES = ("docs.html", "docs.js", "docs.css", "rappel.svg")
OURS = "http://www.w3.org/2000/svg"  # a name, not an address


class Seen(HTMLParser):
    """What a page fetches, and what it holds that a strict policy forbids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: list[str] = []
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        for name, value in attrs:
            if name in {"src", "href"} and value:
                self.fetched.append(value)
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        if self._open in {"script", "style"} and data.strip():
            self.inline.append(self._open)

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._open = ""


def test_the_page_fetches_from_here_alone_and_everything_is_there(
    reading: Api,
) -> None:
    page = reading.get(None, "/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    fetched = [one for one in Seen(page.text).fetched if not one.startswith("#")]
    assert len(fetched) >= 4
    for address in fetched:
        assert re.match(r"/(?!/)", address), address
        assert reading.get(None, address).status_code == 200, address


def test_the_page_keeps_a_policy_without_anything_inline(reading: Api) -> None:
    page = reading.get(None, "/docs")
    policy = page.headers["content-security-policy"]
    assert Seen(page.text).inline == []
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_the_page_names_an_address_elsewhere(name: str) -> None:
    text = (bundled("templates") / "web" / name).read_text()
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text.replace(OURS, "")) == []


def test_the_script_makes_no_markup_of_what_it_shows() -> None:
    script = (bundled("templates") / "web" / "docs.js").read_text()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "write("):
        assert way not in script
    assert "localStorage" not in script
    assert "cookie" not in script


def test_the_page_is_light() -> None:
    folder = bundled("templates") / "web"
    assert sum((folder / name).stat().st_size for name in FILES) < 60_000


@pytest.mark.parametrize(
    "path",
    ["/docs", "/docs/openapi.json", "/assets/docs.js", "/health/live", "/v1/members"],
)
def test_every_answer_carries_the_safe_headers(reading: Api, path: str) -> None:
    headers = reading.get("administrator", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../pyproject.toml",
        "/assets/%2e%2e/statement.html",
        "/assets/..%2flocale%2fes.po",
        "/assets//etc/passwd",
    ],
)
def test_nothing_outside_the_folder_is_served(reading: Api, path: str) -> None:
    assert reading.get(None, path).status_code == 404
