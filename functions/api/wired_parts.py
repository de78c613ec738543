"""The API's parts as the composition root makes them; those that need the network come last."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from functions import wiring
from functions.api.authentication import Verifier
from functions.api.jwks import CachedKeySet
from functions.api.parts import Parts
from functions.keyring import Keyring
from functions.settings import settings
from moderation.audit.public_log import PublicLog
from moderation.audit.receipt import Receipts
from moderation.cases.house_rules import HouseRules
from moderation.change import UnitOfWork
from moderation.community.intake import Intake
from moderation.compliance.entry_list import EntryList
from moderation.compliance.holdings import Holdings
from moderation.ports import Lists, RateCounter

if TYPE_CHECKING:
    from moderation.rulesets.book import RuleBook


class WiredParts:
    """`functions.api.parts.Parts` out of `functions.wiring`."""

    @property
    def units(self) -> UnitOfWork:
        """Carries commands out."""
        return wiring.unit_of_work()

    @property
    def lists(self) -> Lists:
        """The lists."""
        return wiring.lists()

    @property
    def audit(self) -> EntryList:
        """The entries of the audit log."""
        return wiring.entry_list()

    @property
    def log(self) -> Callable[[], PublicLog]:
        """Opens the log as outsiders may read it."""
        return wiring.public_log

    @property
    def receipts(self) -> Receipts:
        """Gives out signed promises of inclusion."""
        return wiring.receipts()

    @property
    def holdings(self) -> Holdings:
        """The records whole."""
        return wiring.holdings()

    @property
    def export_url(self) -> Callable[[str], str]:
        """Makes the address of a bundle."""
        return wiring.export_url

    @property
    def rates(self) -> RateCounter:
        """Counts writes."""
        return wiring.rate_counter()

    @property
    def verifier(self) -> Verifier:
        """Knows callers by their tokens."""
        return _verifier()

    @property
    def keyring(self) -> Keyring:
        """What is derived from the root secret."""
        return wiring.keyring()

    @property
    def intake(self) -> Intake:
        """Renders and screens texts."""
        return wiring.intake()

    @property
    def house(self) -> HouseRules:
        """What the operator has settled."""
        return wiring.house_rules()

    @property
    def now(self) -> Callable[[], datetime]:
        """The time."""
        return wiring.now

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
    def rule_book(self) -> "RuleBook":
        """The rules in force."""
        return wiring.rule_book()

    @property
    def rules(self) -> str:
        """The rule set in force."""
        return wiring.rules_name()

    @property
    def scorer(self) -> str:
        """What reads posts beside the rules."""
        return wiring.scorer_name()


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
        member_id=lambda issuer, subject: wiring.keyring().member_id(issuer, subject),
    )
