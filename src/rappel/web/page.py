"""The page on which the API is read and tried, from our own files.

Owns its address, its files (``templates/web``) and what a browser may do on it: no
script or style stands in the page itself and nothing is fetched from elsewhere, so the
strictest policy holds. The document it shows is the one at ``/docs/openapi.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import MediaType, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Tag
from litestar.static_files import create_static_files_router

from rappel.bundled import bundled
from rappel.web.auth import PUBLIC
from rappel.web.openapi import COMPONENTS

if TYPE_CHECKING:
    from litestar import Request
    from litestar.handlers import HTTPRouteHandler
    from litestar.routes import BaseRoute
    from litestar.types import ControllerRouterHandler, Method
    from litestar.types.internal_types import PathParameterDefinition

PATH: Final = "/docs"
ASSETS: Final = "/assets"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TAGS: Final = {
    "Health": "For whatever watches the house; needs no key.",
    "Chapters": "The consortium's countries.",
    "Members": "The integrators.",
    "Suppliers": "The preferred vendors.",
    "People": "Who acts, in one of three roles.",
    "Keys": "What people's programs show.",
    "Agreements": "What consortium and suppliers signed, as TOML documents.",
    "Catalogue": "What the suppliers' codes are.",
    "Rates": "Exchange rates, each with its source and date.",
    "Baselines": "What growth is measured from where it is stated, with its source.",
    "Uploads": "What was sent: e-invoices, tables, archives of them.",
    "Documents": "What was read in the uploads, held documents among them.",
    "Invoices": "The documents that count, with their lines.",
    "Volumes": "What was bought that counts, by programme, member and month.",
    "Periods": "Opened, closed once, issued once.",
    "Rebates": "What was earned, with its working.",
    "Statements": "What was issued, as JSON and as PDF.",
    "Outlook": "What is ahead: the next tier, the pace, what-ifs.",
    "Accruals": "What is earned and not yet paid, as finance states and keeps it.",
    "Simulations": "Terms over purchases, computed and forgotten.",
}
DESCRIPTION: Final = """\
Rebates of a buyers' consortium, from e-invoices to statements that anybody can
recompute. Amounts, quantities and rates are strings; intervals are half-open; a list
is `data` and `next_cursor`; what is not yours is not found. Errors are problem
documents (RFC 9457) in the language of `Accept-Language`.
"""


class Page(OpenAPIRenderPlugin):
    """The page at the address of the description; it reads the document itself."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)
        self.html = (bundled("templates") / "web" / "docs.html").read_bytes()

    def render(
        self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]
    ) -> bytes:
        """Return the page; it is the same for everybody."""
        del request, openapi_schema
        return self.html


class Documents(Router):
    """The page and the document; anything else below is not found, as everywhere.

    Litestar would add an HTML page of its own for that.
    """

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:
        """Register what is ours."""
        if getattr(value, "handler_name", "") == "handle_schema_path_not_found":
            return []
        return super().register(value)


def operation_id(
    handler: HTTPRouteHandler,
    _method: Method,
    _path: list[str | PathParameterDefinition],
) -> str:
    """Name an operation as its handler: each name is there once."""
    return handler.handler_name


def description() -> OpenAPIConfig:
    """Return how the API is described and where."""
    return OpenAPIConfig(
        title="Rappel",
        version="1",
        description=DESCRIPTION,
        use_handler_docstrings=True,
        components=COMPONENTS,
        security=[{"key": []}],
        tags=[Tag(name=name, description=said) for name, said in TAGS.items()],
        operation_id_creator=operation_id,
        openapi_router=Documents(
            PATH, route_handlers=[], include_in_schema=False, opt={"roles": PUBLIC}
        ),
        render_plugins=[Page()],
    )


def handlers() -> list[ControllerRouterHandler]:
    """Return the routes of the page's own files."""
    return [
        create_static_files_router(
            path=ASSETS,
            directories=[bundled("templates") / "web"],
            include_in_schema=False,
            opt={"roles": PUBLIC},
        )
    ]
