"""Proposing a rule set: what is refused, and what is written."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.audit.actions import Action
from moderation.errors import Conflict, Invalid
from moderation.rulesets.edition import (
    EditionContent,
)
from tests.support.community import context, seen
from tests.support.editions import (
    APPROVE,
    BACKTEST,
    OLA,
    POINTER,
    PROPOSE,
    PROPOSED,
    RETIRE,
)


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


def test_a_corpus_that_was_compared_with_other_rules_is_refused() -> None:
    """Corpus and decided cases must show the same change."""
    command = replace(PROPOSE, compared_with="ab" * 6)

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
