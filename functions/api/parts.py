"""What the API is put together from; `functions/wiring/` makes it, tests make their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from functions.api.authentication import Verifier
    from functions.keyring import Keyring
    from moderation.audit.public_log import PublicLog
    from moderation.audit.receipt import Receipts
    from moderation.cases.house_rules import HouseRules
    from moderation.change import UnitOfWork
    from moderation.community.intake import Intake
    from moderation.compliance.entry_list import EntryList
    from moderation.compliance.holdings import Holdings
    from moderation.ports import Lists, RateCounter
    from moderation.rulesets.book import RuleBook

RULES_ONLY = "rules only"


class Parts(Protocol):
    """Everything a handler may use; each part is made when it is first asked for.

    `/health` asks for none that needs the network but the rule book, which answers without it, too.
    """

    @property
    def units(self) -> UnitOfWork:
        """Carries commands out, and reads records."""
        ...

    @property
    def lists(self) -> Lists:
        """The lists."""
        ...

    @property
    def audit(self) -> EntryList:
        """The entries of the audit log."""
        ...

    @property
    def log(self) -> Callable[[], PublicLog]:
        """Opens the log as outsiders may read it."""
        ...

    @property
    def receipts(self) -> Receipts:
        """Gives out signed promises of inclusion."""
        ...

    @property
    def holdings(self) -> Holdings:
        """The records whole, with what binds them to the log."""
        ...

    @property
    def export_url(self) -> Callable[[str], str]:
        """Makes an address, good for a few minutes, of a bundle's object key."""
        ...

    @property
    def rates(self) -> RateCounter:
        """Counts writes."""
        ...

    @property
    def verifier(self) -> Verifier:
        """Knows callers by their tokens."""
        ...

    @property
    def keyring(self) -> Keyring:
        """Keys and names derived from the root secret."""
        ...

    @property
    def intake(self) -> Intake:
        """Renders and screens texts, by the rule book; a few milliseconds."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """The time, aware UTC in whole milliseconds."""
        ...

    @property
    def writes_per_minute(self) -> int:
        """How many writes a member may make in a minute."""
        ...

    @property
    def notices_per_minute(self) -> int:
        """How many notices may come from one public address in a minute."""
        ...

    @property
    def stage(self) -> str:
        """Which stage this is."""
        ...

    @property
    def rule_book(self) -> RuleBook:
        """The rules in force; looks them up at most once in 50 seconds, and never raises."""
        ...

    @property
    def rules(self) -> str:
        """The rule set in force, as `name@version`."""
        ...

    @property
    def scorer(self) -> str:
        """What reads posts beside the rules, in words; begins with `RULES_ONLY` for nothing."""
        ...

    @property
    def house(self) -> HouseRules:
        """What the operator has settled: name, address, terms, limits."""
        ...
