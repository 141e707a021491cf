"""Every controller of the API: where the next one is added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.web.accruals import Accruals
from rappel.web.agreements import Agreements
from rappel.web.baselines import Baselines
from rappel.web.documents import Documents
from rappel.web.invoices import Invoices
from rappel.web.outlook import Outlooks
from rappel.web.parties import Members, Suppliers
from rappel.web.people import Chapters, Keys, People
from rappel.web.periods import Periods
from rappel.web.published import Catalogues, Rates
from rappel.web.rebates import Rebates, Volumes
from rappel.web.simulations import Simulations
from rappel.web.statements import Statements
from rappel.web.system import Health
from rappel.web.uploads import Uploads
from rappel.web.whatif import Suppositions

if TYPE_CHECKING:
    from litestar import Controller

CONTROLLERS: Final[tuple[type[Controller], ...]] = (
    Health,
    Chapters,
    Members,
    Suppliers,
    People,
    Keys,
    Agreements,
    Catalogues,
    Rates,
    Baselines,
    Uploads,
    Documents,
    Invoices,
    Volumes,
    Periods,
    Rebates,
    Statements,
    Simulations,
    Outlooks,
    Accruals,
    Suppositions,
)
