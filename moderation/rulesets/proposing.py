"""Proposing a rule set: with the record of how it was tried (`trial.py`), or not at all."""

from dataclasses import dataclass
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.change import Act, Change, Context, More, Seen
from moderation.errors import Conflict, Fault, Invalid
from moderation.ids import RuleSetId
from moderation.records import Ref
from moderation.rulesets.content import Content, version_of
from moderation.rulesets.edition import (
    BackTest,
    Edition,
    EditionContent,
    EditionEvent,
    InForce,
)

OUTDATED = "backtest-outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRuleSet:
    """Propose a content with its back-test; nothing changes yet. Answers the edition.

    `base` is the version of the shipped packs here, `compared_with` that of the rules that the
    corpus was compared with. Conflict (`backtest-outdated`) where the back-test is of another
    content, over other shipped packs, or against other rules than those in force; Invalid where no
    corpus was tried or no reason is given.
    """

    actor: Actor
    content: Content
    reason: str
    backtest: BackTest
    base: str
    compared_with: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """What is in force."""
        return (InForce.at(),)

    def decide(self, seen: Seen, context: Context) -> Change[Edition]:
        """The edition with its content, and `ruleset:propose` in the log."""
        refuse_blank(self.reason)
        if not any(count.n for count in self.backtest.on_corpus.counts):
            fault = Fault("/backtest/counts", "Try the rules on some labelled texts first.")
            raise Invalid("Nothing goes live untried.", faults=(fault,))
        if self.backtest.content != self.content.digest:
            raise Conflict("The back-test is of another content.", code=OUTDATED)
        if self.backtest.before != self.compared_with:
            raise Conflict("The corpus was compared with other rules.", code=OUTDATED)
        in_force = seen.get(InForce.at()) or InForce()
        check_backtest(self.backtest, self.base, in_force)
        event = EditionEvent(
            at=context.now,
            action=Action.RULESET_PROPOSE.value,
            by=self.actor.id,
            reason=self.reason,
        )
        edition = Edition(id=RuleSetId(context.new_id()), backtest=self.backtest, history=(event,))
        held = EditionContent(
            ruleset_id=edition.id, packs=self.content.packs, states=self.content.states
        )
        return Change(
            answer=edition,
            puts=(edition, held),
            acts=(ruleset_act(edition, Action.RULESET_PROPOSE, self.actor),),
            reference=edition.ref,
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> Edition | More:
        """The edition as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Edition.at(reference.id))


def check_backtest(backtest: BackTest, base: str, in_force: InForce) -> None:
    """Refuse with Conflict a back-test that says nothing of what would now change."""
    if backtest.base != base:
        raise Conflict(
            f"The back-test was made over shipped packs {backtest.base}, here are {base}.",
            code=OUTDATED,
        )
    now = version_of(base, in_force.digest)
    if backtest.before != now:
        raise Conflict(
            f"The back-test compares with rules {backtest.before}, in force are {now}.",
            code=OUTDATED,
        )


def ruleset_act(edition: Edition, action: Action, actor: Actor) -> Act:
    """The act on an edition; the log names the version that signals bear."""
    return Act(edition.ref, action, actor, reason=f"rules@{edition.version}")


def refuse_blank(reason: str) -> None:
    """Refuse with Invalid to act without saying why."""
    if not reason.strip():
        raise Invalid("A reason is missing.", faults=(Fault("/reason", "Say why."),))
