"""Editions of a rule set at each step of their lives, and the commands that take them there."""

from moderation.actor import Actor, Role
from moderation.audit.actions import Action
from moderation.detection.ruleset import shipped
from moderation.ids import MemberId
from moderation.rulesets.approving import ApproveRuleSet
from moderation.rulesets.edition import (
    BackTest,
    EditionState,
    InForce,
)
from moderation.rulesets.proposing import ProposeRuleSet
from moderation.rulesets.retiring import RetireRuleSet
from tests.support.community import ADMIN, NOW, context, seen, ulid
from tests.support.own_packs import CONTENT
from tests.support.samples import COMPARISON

BASE = shipped().version
OLA = Actor(MemberId(ulid(1900)), "Ola", frozenset({Role.COMPLIANCE}))
BACKTEST = BackTest(
    content=CONTENT.digest,
    base=BASE,
    before=BASE,
    corpus="cd" * 32,
    on_corpus=COMPARISON,
    on_cases=COMPARISON,
    cases=3,
)
PROPOSE = ProposeRuleSet(
    actor=OLA,
    content=CONTENT,
    reason="Neue Masche.",
    backtest=BACKTEST,
    base=BASE,
    compared_with=BASE,
)
PROPOSED = PROPOSE.decide(seen(PROPOSE), context()).answer
LIVE = PROPOSED.moved(EditionState.PUBLISHED, Action.RULESET_PUBLISH, ADMIN, NOW, "Gut.")
APPROVE = ApproveRuleSet(
    ruleset_id=PROPOSED.id, actor=ADMIN, approve=True, reason="Gut.", base=BASE
)
RETIRE = RetireRuleSet(ruleset_id=LIVE.id, actor=ADMIN, reason="Weg.", base=BASE)
POINTER = InForce().with_edition(LIVE)
