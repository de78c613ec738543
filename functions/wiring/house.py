"""What the operator has settled, and a digest of it."""

# ruff: noqa: PLC0415

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from functions.settings import settings
from functions.wiring import tables

if TYPE_CHECKING:
    from moderation.cases.house_rules import HouseRules


@cache
def house_rules() -> "HouseRules":
    """What the operator has settled."""
    from moderation.cases.house_rules import HouseRules

    known = settings()
    return HouseRules(
        operator=known.operator_name,
        public_url=known.public_url,
        contact=known.mail_from,
        product_safety=known.product_safety_mail,
    )


@cache
def settings_in_force() -> "Mapping[str, str]":
    """Every setting, rule of the house and the terms, each as a keyed digest."""
    from functions.effective import in_force

    return in_force(settings(), house_rules(), tables.keyring())
