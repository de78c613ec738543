"""The API's parts as the composition root makes them; those that need the network come last."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

from functions import outside
from functions.api.authentication import Verifier
from functions.api.jwks import CachedKeySet
from functions.api.parts import Parts
from functions.keyring import Keyring
from functions.settings import settings
from functions.wiring import disclosure, house, log, screening, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from moderation.audit.public_log import PublicLog
    from moderation.audit.receipt import Receipts
    from moderation.cases.house_rules import HouseRules
    from moderation.change import UnitOfWork
    from moderation.community.intake import Intake
    from moderation.compliance.entry_list import EntryList
    from moderation.compliance.holdings import Holdings
    from moderation.ports import Lists, RateCounter
    from moderation.rulesets.book import RuleBook


class WiredParts:
    """`functions.api.parts.Parts` out of `functions.wiring`."""

    @property
    def units(self) -> UnitOfWork:
        """Carries commands out."""
        return tables.unit_of_work()

    @property
    def lists(self) -> Lists:
        """The lists."""
        return tables.lists()

    @property
    def audit(self) -> EntryList:
        """The entries of the audit log."""
        return disclosure.entry_list()

    @property
    def log(self) -> Callable[[], PublicLog]:
        """Opens the log as outsiders may read it."""
        return log.public_log

    @property
    def receipts(self) -> Receipts:
        """Gives out signed promises of inclusion."""
        return log.receipts()

    @property
    def holdings(self) -> Holdings:
        """The records whole."""
        return tables.holdings()

    @property
    def export_url(self) -> Callable[[str], str]:
        """Makes the address of a bundle."""
        return disclosure.export_url

    @property
    def rates(self) -> RateCounter:
        """Counts writes."""
        return tables.rate_counter()

    @property
    def verifier(self) -> Verifier:
        """Knows callers by their tokens."""
        return _verifier()

    @property
    def keyring(self) -> Keyring:
        """What is derived from the root secret."""
        return tables.keyring()

    @property
    def intake(self) -> Intake:
        """Renders and screens texts."""
        return screening.intake()

    @property
    def house(self) -> HouseRules:
        """What the operator has settled."""
        return house.house_rules()

    @property
    def now(self) -> Callable[[], datetime]:
        """The time."""
        return outside.now

    @property
    def writes_per_minute(self) -> int:
        """A member's writes in a minute."""
        return settings().writes_per_minute

    @property
    def notices_per_minute(self) -> int:
        """An address's notices in a minute."""
        return settings().notices_per_minute

    @property
    def stage(self) -> str:
        """Which stage this is."""
        return settings().stage

    @property
    def rule_book(self) -> RuleBook:
        """The rules in force."""
        return screening.rule_book()

    @property
    def rules(self) -> str:
        """The rule set in force."""
        return screening.rules_name()

    @property
    def scorer(self) -> str:
        """What reads posts beside the rules."""
        return screening.scorer_name()


@cache
def parts() -> Parts:
    """The parts, made once a process."""
    return WiredParts()


@cache
def _verifier() -> Verifier:
    known = settings()
    return Verifier(
        issuer=known.oidc_issuer,
        audience=known.oidc_audience,
        keys=CachedKeySet(known.jwks_url, clock=time.monotonic),
        member_id=lambda issuer, subject: tables.keyring().member_id(issuer, subject),
    )
