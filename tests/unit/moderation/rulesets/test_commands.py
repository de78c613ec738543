"""Proposing, approving, retiring: what each refuses, and what it writes."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.actor import Actor, Role
from moderation.audit.actions import Action
from moderation.change import More
from moderation.detection.ruleset import shipped
from moderation.errors import Conflict, Invalid
from moderation.ids import MemberId, RuleSetId
from moderation.rulesets.approving import ApproveRuleSet
from moderation.rulesets.edition import (
    BackTest,
    Edition,
    EditionContent,
    EditionState,
    InForce,
)
from moderation.rulesets.proposing import ProposeRuleSet
from moderation.rulesets.retiring import RetireRuleSet
from tests.support.community import ADMIN, NOW, context, seen, ulid
from tests.support.own_packs import CONTENT
from tests.support.samples import COMPARISON, EDITION, EDITION_CONTENT

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
    actor=OLA, content=CONTENT, reason="Neue Masche.", backtest=BACKTEST, base=BASE
)
PROPOSED = PROPOSE.decide(seen(PROPOSE), context()).answer
LIVE = PROPOSED.moved(EditionState.PUBLISHED, Action.RULESET_PUBLISH, ADMIN, NOW, "Gut.")
APPROVE = ApproveRuleSet(
    ruleset_id=PROPOSED.id, actor=ADMIN, approve=True, reason="Gut.", base=BASE
)
RETIRE = RetireRuleSet(ruleset_id=LIVE.id, actor=ADMIN, reason="Weg.", base=BASE)
POINTER = InForce().with_edition(LIVE)


def test_a_proposal_is_an_edition_with_its_content_and_one_act() -> None:
    """The log names the version that signals would bear."""
    change = PROPOSE.decide(seen(PROPOSE), context())

    assert [PROPOSED, EditionContent] == [change.puts[0], type(change.puts[1])]
    (act,) = change.acts
    assert (Action.RULESET_PROPOSE, OLA, f"rules@{PROPOSED.version}") == (
        act.action,
        act.actor,
        act.reason,
    )
    assert change.reference == PROPOSED.ref


@pytest.mark.parametrize("field", ["content", "base", "before"])
def test_a_back_test_of_something_else_is_refused(field: str) -> None:
    """Another content, other shipped packs, or against rules that are not in force."""
    other: dict[str, Any] = {field: "ab" * 6}
    command = replace(PROPOSE, backtest=replace(BACKTEST, **other))

    with pytest.raises(Conflict) as refusal:
        command.decide(seen(command), context())
    assert "backtest-outdated" == refusal.value.code


def test_an_act_without_a_reason_is_refused() -> None:
    """Proposing, approving, retiring."""
    records = (PROPOSED, POINTER)
    for command in (PROPOSE, APPROVE, RETIRE):
        blank: Any = replace(command, reason=" ")
        with pytest.raises(Invalid):
            blank.decide(seen(blank, *records), context())


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


def test_an_edition_over_other_shipped_packs_is_not_gone_back_to() -> None:
    """It was never tried over these."""
    old = replace(
        EDITION, state=EditionState.RETIRED, backtest=replace(EDITION.backtest, base="old")
    )
    command = replace(RETIRE, back_to=old.id)

    with pytest.raises(Conflict) as refusal:
        command.decide(seen(command, LIVE, POINTER, old), context())
    assert "backtest-outdated" == refusal.value.code


@pytest.mark.parametrize("command", [PROPOSE, APPROVE, RETIRE])
def test_a_repeated_request_gets_the_edition_again(command: Any) -> None:
    """As it is by then; it is read where it was not."""
    assert command.recall(EDITION.ref, seen(command)) == More((EDITION.ref,))
    known = seen(command, EDITION, more=(EDITION.ref,))
    assert command.recall(EDITION.ref, known) == EDITION


def test_a_content_is_what_its_record_holds() -> None:
    """Packs and states come back as they were put."""
    held = EDITION_CONTENT.content

    assert (EDITION_CONTENT.packs, EDITION_CONTENT.states) == (held.packs, held.states)
