"""Retiring a rule set: back to the shipped packs, or to an edition that was in force before.

One person may do it: it gives back what two people once agreed to, and has to be quick when a rule
holds what it should not. It is an act with a reason all the same.
"""

from dataclasses import dataclass
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.change import Change, Context, More, Seen
from moderation.errors import Conflict
from moderation.records import Ref
from moderation.rulesets.approving import put_in_force
from moderation.rulesets.edition import Edition, EditionState, InForce
from moderation.rulesets.proposing import OUTDATED, refuse_blank


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireRuleSet:
    """Take the edition in force out of it. Answers what is in force then, else the retired one.

    `back_to` names an edition that was retired before; None: the shipped packs alone. Conflict:
    the edition is not in force, or the other never was (`ruleset-not-published`), or the shipped
    packs have changed since the other was tried (`backtest-outdated`).
    """

    ruleset_id: str
    actor: Actor
    reason: str
    base: str
    back_to: str | None = None

    def reads(self) -> tuple[Ref[Any], ...]:
        """The edition, what is in force, and the one to go back to."""
        others = () if self.back_to is None else (Edition.at(self.back_to),)
        return (Edition.at(self.ruleset_id), InForce.at(), *others)

    def decide(self, seen: Seen, context: Context) -> Change[Edition] | More:
        """Retire, and restore."""
        refuse_blank(self.reason)
        in_force = seen.get(InForce.at()) or InForce()
        if in_force.ruleset_id != seen.need(Edition.at(self.ruleset_id)).id:
            raise Conflict("This rule set is not in force.", code="ruleset-not-published")
        earlier = None if self.back_to is None else self._earlier(seen)
        return put_in_force(
            earlier, in_force, Action.RULESET_RESTORE, self.actor, self.reason, seen, context
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> Edition | More:
        """The edition as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Edition.at(reference.id))

    def _earlier(self, seen: Seen) -> Edition:
        earlier = seen.need(Edition.at(str(self.back_to)))
        if earlier.state is not EditionState.RETIRED:
            raise Conflict("That rule set was never in force.", code="ruleset-not-published")
        if earlier.backtest.base != self.base:
            raise Conflict("The shipped packs have changed since it was tried.", code=OUTDATED)
        return earlier
