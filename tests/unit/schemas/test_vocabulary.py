"""The words of the API are those of the domain."""

from typing import get_args

import pytest

from moderation.actor import Role
from moderation.cases.case import CaseState, Opener
from moderation.cases.decision import DecisionState, Outcome
from moderation.cases.message import MessageKind
from moderation.community.post import PostState, RestrictionKind
from moderation.detection.facts import Strictness
from moderation.detection.rule import Status
from moderation.detection.taxonomy import Category, Severity
from moderation.rulesets.edition import EditionState
from schemas import vocabulary


@pytest.mark.parametrize(
    ("words", "enum"),
    [
        (vocabulary.Category, Category),
        (vocabulary.Severity, Severity),
        (vocabulary.PostState, PostState),
        (vocabulary.RestrictionKind, RestrictionKind),
        (vocabulary.CaseState, CaseState),
        (vocabulary.Opener, Opener),
        (vocabulary.Outcome, Outcome),
        (vocabulary.DecisionState, DecisionState),
        (vocabulary.MessageKind, MessageKind),
        (vocabulary.Role, Role),
        (vocabulary.RuleSetState, EditionState),
        (vocabulary.RuleState, Status),
        (vocabulary.Strictness, Strictness),
    ],
)
def test_the_api_says_what_the_domain_says(words: object, enum: type) -> None:
    """Every closed list of the API has exactly the members of the domain's enum."""
    assert sorted(get_args(words)) == sorted(member.value for member in enum)
