"""The terminal: the same verbs as the API, for people and for programs.

Owns the list of commands, and what a refusal looks like and exits with. Each command
lives in a module of this package that is imported only when it is called, so that
``rappel read`` starts without the database's libraries.
Standard output carries the answer, standard error everything else.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from rappel.cli import output
from rappel.errors import (
    Malformed,
    NotAllowed,
    NotFound,
    RappelError,
    Refused,
    Unauthenticated,
    Unavailable,
)
from rappel.settings import current

EXIT_FAILED: Final = 1  # verify found something; demo's figures are not the story's
EXIT_MALFORMED: Final = 2  # the input is wrong, or the command was
EXIT_REJECTED: Final = 3  # read: a document was rejected
EXIT_REFUSED: Final = (
    4  # the books are not in a state for it, or there is no such thing
)
EXIT_UNAVAILABLE: Final = 5  # something is missing on this machine
EXIT_STOPPED: Final = 130  # interrupted

EXITS: Final[dict[type[RappelError], int]] = {
    Malformed: EXIT_MALFORMED,
    NotFound: EXIT_REFUSED,
    NotAllowed: EXIT_REFUSED,
    Refused: EXIT_REFUSED,
    Unauthenticated: EXIT_REFUSED,
    Unavailable: EXIT_UNAVAILABLE,
}

COMMANDS: Final = {
    "demo": "demo:demo",
    "serve": "serving:serve",
    "read": "reading:read",
    "simulate": "simulating:simulate",
    "upload": "documents:upload",
    "documents": "documents:documents",
    "periods": "periods:periods",
    "close": "periods:close",
    "issue": "periods:issue",
    "rebates": "periods:list_rebates",
    "explain": "periods:explain",
    "outlook": "outlook:outlook",
    "what-if": "outlook:what_if",
    "accruals": "accruals:accruals",
    "accrue": "accruals:accrue",
    "accrued": "accruals:accrued",
    "verify": "checking:verify",
    "doctor": "checking:doctor",
    "init": "founding:init",
    "migrate": "founding:migrate",
    "keys": "founding:keys",
    "people": "parties:people",
    "chapters": "parties:chapters",
    "members": "parties:members",
    "suppliers": "parties:suppliers",
    "agreements": "terms:agreements",
    "catalogue": "terms:catalogue",
    "rates": "terms:rates",
    "baselines": "terms:baselines",
    "trust": "trusting:trust",
}


class Verbs(click.Group):
    """The commands, each imported when it is first needed, in the order above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order in which a newcomer meets them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"rappel.cli.{module}"), name)
        return found


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rappel", message="rappel %(version)s")
def rappel() -> None:
    """Rebates of a buyers' consortium: from e-invoices to statements.

    Exit codes: 0 done · 1 a check failed · 2 the input is wrong · 3 a document was
    rejected · 4 refused, or no such thing · 5 something is missing on this machine.
    """
    current()  # a setting that cannot be read is refused before anything is done


def main() -> None:
    """Run the command line; every refusal says what to do and has its exit code."""
    try:
        code = rappel(standalone_mode=False)  # what a command raised as its exit
    except RappelError as error:
        output.refusal(error)
        sys.exit(EXITS.get(type(error), EXIT_FAILED))
    except click.Abort:
        sys.exit(EXIT_STOPPED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(EXIT_FAILED)
    sys.exit(code if isinstance(code, int) else 0)
