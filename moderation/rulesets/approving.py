"""Approving a rule set: a second person publishes what somebody proposed, or rejects it."""

from dataclasses import dataclass
from typing import Any

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.cases.eligibility import CODE
from moderation.change import Change, Context, More, Seen
from moderation.errors import Conflict
from moderation.records import Ref
from moderation.rulesets.edition import Edition, EditionState, InForce
from moderation.rulesets.proposing import check_backtest, refuse_blank, ruleset_act


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRuleSet:
    """The second person's word on a proposed rule set. Answers the edition.

    Agreed: it is in force, and what was before is retired. Not agreed: rejected; whoever proposed
    it may take it back so. Conflict: it is not proposed any more (`ruleset-not-proposed`), he
    proposed it himself (`conflict-of-interest`), or its back-test says nothing of what would change
    now (`backtest-outdated`).
    """

    ruleset_id: str
    actor: Actor
    approve: bool
    reason: str
    base: str

    def reads(self) -> tuple[Ref[Any], ...]:
        """The edition, and what is in force."""
        return (Edition.at(self.ruleset_id), InForce.at())

    def decide(self, seen: Seen, context: Context) -> Change[Edition] | More:
        """Publish or reject."""
        refuse_blank(self.reason)
        edition = seen.need(Edition.at(self.ruleset_id))
        if edition.state is not EditionState.PROPOSED:
            raise Conflict(
                "This rule set does not wait for approval.",
                code="ruleset-not-proposed",
                data={"state": edition.state.value},
            )
        if not self.approve:
            return self._rejected(edition, context)
        if self.actor.id == edition.proposed_by:
            raise Conflict("Whoever proposed a rule set does not approve it.", code=CODE)
        in_force = seen.get(InForce.at()) or InForce()
        check_backtest(edition.backtest, self.base, in_force)
        return put_in_force(
            edition, in_force, Action.RULESET_PUBLISH, self.actor, self.reason, seen, context
        )

    def recall(self, reference: Ref[Any], seen: Seen) -> Edition | More:
        """The edition as it is now."""
        return More.unless_seen(seen, [reference]) or seen.need(Edition.at(reference.id))

    def _rejected(self, edition: Edition, context: Context) -> Change[Edition]:
        action = Action.RULESET_REJECT
        rejected = edition.moved(
            EditionState.REJECTED, action, self.actor, context.now, self.reason
        )
        act = ruleset_act(rejected, action, self.actor)
        return Change(answer=rejected, puts=(rejected,), acts=(act,), reference=rejected.ref)


def put_in_force(
    edition: Edition | None,
    in_force: InForce,
    action: Action,
    actor: Actor,
    reason: str,
    seen: Seen,
    context: Context,
) -> Change[Edition] | More:
    """Have an edition in force (None: the shipped packs alone) and retire the one that was.

    Answers the edition that is in force, or the retired one where there is none any more.
    """
    former_ref = None if in_force.ruleset_id is None else Edition.at(in_force.ruleset_id)
    if former_ref is not None and not seen.knows(former_ref):
        return More((former_ref,))
    written = []
    if edition is not None:
        live = edition.moved(EditionState.PUBLISHED, action, actor, context.now, reason)
        written.append((live, ruleset_act(live, action, actor)))
    if former_ref is not None:
        gone = seen.need(former_ref).moved(
            EditionState.RETIRED, Action.RULESET_RETIRE, actor, context.now, reason
        )
        written.append((gone, ruleset_act(gone, Action.RULESET_RETIRE, actor)))
    return Change(
        answer=written[0][0],
        puts=(*(each for each, _ in written), in_force.with_edition(edition)),
        acts=tuple(act for _, act in written),
        reference=written[0][0].ref,
    )
