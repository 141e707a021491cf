"""The API's description and its interactive page, served from our own files.

Owns nothing of the routes: Litestar reads those. The page's scripts come from the
``swagger-ui-bundle`` package on this machine; nothing is fetched from elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import swagger_ui_bundle
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router

from rappel.web.auth import PUBLIC

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

ASSETS: Final = "/assets/swagger"

CONFIG: Final = OpenAPIConfig(
    title="Rappel",
    version="1",
    description=(
        "Rebates of a buyers' consortium, from e-invoices to statements that anybody"
        " can recompute. Amounts, quantities and rates are strings; intervals are"
        " half-open; what is not yours is not found."
    ),
    path="/docs",
    use_handler_docstrings=True,
    components=Components(
        security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}
    ),
    security=[{"key": []}],
    render_plugins=[
        SwaggerRenderPlugin(
            path="/",
            js_url=f"{ASSETS}/swagger-ui-bundle.js",
            css_url=f"{ASSETS}/swagger-ui.css",
            standalone_preset_js_url=f"{ASSETS}/swagger-ui-standalone-preset.js",
            favicon=f'<link rel="icon" href="{ASSETS}/favicon-32x32.png">',
        )
    ],
)


def handlers() -> list[ControllerRouterHandler]:
    """Return the routes of the page's own files."""
    return [
        create_static_files_router(
            path=ASSETS,
            directories=[swagger_ui_bundle.swagger_ui_path],
            include_in_schema=False,
            opt={"roles": PUBLIC},
        )
    ]
