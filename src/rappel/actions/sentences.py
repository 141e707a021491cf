"""Sentences: what the steps say that only some terms have.

Owns the English templates of deductions, promotions and limits.
Everything obeys this: a figure of a whole group is not told to one of its members.
"""

from __future__ import annotations

from typing import Final

OF_ALL: Final = {
    "less": "Less what {code} earned on the same purchases",
    "promotion rate": "Promotion {code}: {figure} times the rate",
    "promotion reward": "Promotion {code}: {figure} times the reward",
    "promotion adds": "Promotion {code}: {figure} % more",
    "tier_cap": "Cap of the tier: it gives at most {figure}",
    "cap earned": "Cap: at most {figure} is earned",
    "cap payable": "Cap: at most {figure} is paid on",
    "cap measure": "Cap: at most {figure} of the measure counts",
    "minimum earned": "Minimum: less than {figure} earned is nothing",
    "minimum payable": "Minimum: nothing is earned below {figure} paid on",
    "minimum measure": "Minimum: nothing is earned below a measure of {figure}",
    "guarantee earned": "Guarantee: at least {figure}, now that the window has ended",
}
OF_ONE: Final = {
    "promotion rate": "Promotion {code}: {figure} times the rate, on {payable}",
    "promotion reward": "Promotion {code}: {figure} times the reward, on {payable}",
    "promotion adds": "Promotion {code}: {figure} % more, on {payable}",
}


def sentence(step: str, of: str | None, *, pooled: bool) -> str:
    """Return what a step says, of a pool of several members or of one alone."""
    name = f"{step} {of}" if f"{step} {of}" in OF_ALL else step
    return OF_ALL[name] if pooled else OF_ONE.get(name, OF_ALL[name])
