"""Approving a rule set: publishing it, and retiring the one before."""

from dataclasses import replace

from moderation.audit.actions import Action
from moderation.change import More
from moderation.ids import RuleSetId
from moderation.rulesets.edition import (
    Edition,
    EditionState,
)
from tests.support.community import context, seen, ulid
from tests.support.editions import (
    APPROVE,
    BACKTEST,
    LIVE,
    POINTER,
    PROPOSED,
)


def test_publishing_writes_edition_and_pointer() -> None:
    """Where nothing was in force, nothing is retired."""
    change = APPROVE.decide(seen(APPROVE, PROPOSED), context())

    assert not isinstance(change, More)
    assert change.puts == (LIVE, POINTER)
    assert [Action.RULESET_PUBLISH] == [act.action for act in change.acts]


def test_the_edition_before_is_read_and_retired() -> None:
    """It is known only from the pointer, so it is asked for."""
    backtest = replace(BACKTEST, before=LIVE.version)
    second = replace(PROPOSED, id=RuleSetId(ulid(77)), backtest=backtest)
    command = replace(APPROVE, ruleset_id=second.id)

    assert command.decide(seen(command, second, POINTER), context()) == More((LIVE.ref,))
    change = command.decide(seen(command, second, POINTER, LIVE, more=(LIVE.ref,)), context())
    assert not isinstance(change, More)
    assert [EditionState.PUBLISHED, EditionState.RETIRED] == [
        each.state for each in change.puts if isinstance(each, Edition)
    ]
    assert [Action.RULESET_PUBLISH, Action.RULESET_RETIRE] == [act.action for act in change.acts]
