"""Each part of a decision that cannot be explained is refused with a pointer to it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.cases.admissibility import Proposal, check_proposal, check_warned
from moderation.cases.decision import (
    IllegalGround,
    Measure,
    MemberMeasure,
    Outcome,
    Referral,
    TermsGround,
)
from moderation.community.member import WarningIssued
from moderation.community.post import RestrictionKind
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from moderation.errors import Invalid
from tests.support.casework import POST, REPORTED, RESPECT, VERSION, proposal, refusal
from tests.support.community import MEMBER, NOW, RULES

PAST, SOON = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
LABEL = RestrictionKind.LABEL
REDACTION = RestrictionKind.REDACTION


def _terms(**fields: Any) -> TermsGround:
    return replace(RESPECT, **fields)


def _restrict(**fields: Any) -> Proposal:
    measure = Measure(**{"kind": LABEL, **fields})
    return proposal(Outcome.RESTRICT, measure=measure)


def _redact(*spans: Span) -> Proposal:
    return proposal(Outcome.REDACT, measure=Measure(kind=REDACTION, spans=spans))


def _life(referral: Referral | None) -> Proposal:
    return proposal(category=Category.LIFE_THREAT, referral=referral)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        (replace(
            proposal(Outcome.KEEP), ground=RESPECT), "/ground"),
        (proposal(category=Category.REVIEW_OPINION), "/category"),
        (proposal(category=Category.SAFETY_SIGNAL), "/category"),
        (proposal(facts=" "), "/facts"),
        (replace(proposal(), ground=None), "/ground"),
        (replace(proposal(), ground=IllegalGround(norm="§ 1 StGB", explanation="x")),
         "/ground/norm"),
        (replace(proposal(), ground=IllegalGround(norm="§ 185 StGB", explanation=" ")),
         "/ground/explanation"),
        (replace(proposal(), ground=_terms(version="1")), "/ground/version"),
        (replace(proposal(), ground=_terms(clause="nope")), "/ground/clause"),
        (replace(proposal(), ground=_terms(clause="interim-hold")), "/ground/clause"),
        (replace(proposal(), ground=_terms(clause="criticism")), "/ground/clause"),
        (replace(proposal(), measure=Measure(kind=LABEL)), "/measure"),
        (proposal(Outcome.RESTRICT), "/measure"),
        (proposal(Outcome.REDACT), "/measure"),
        (_restrict(kind=RestrictionKind.HOLD), "/measure/kind"),
        (_restrict(kind=RestrictionKind.REMOVAL), "/measure/kind"),
        (_restrict(kind=REDACTION, spans=(Span(0, 1),)), "/measure/kind"),
        (proposal(Outcome.REDACT, measure=Measure(kind=LABEL)), "/measure/kind"),
        (_restrict(spans=(Span(0, 1),)), "/measure/spans"),
        (_redact(), "/measure/spans"),
        (_redact(Span(3, 3)), "/measure/spans"),
        (_redact(Span(0, len(POST.body) + 1)), "/measure/spans"),
        (_restrict(territory=("DE", "de")), "/measure/territory"),
        (_restrict(territory=("DEU",)), "/measure/territory"),
        (_restrict(until=NOW), "/measure/until"),
        (replace(proposal(Outcome.KEEP), member_measure=MemberMeasure(kind="warn")),
         "/member_measure"),
        (proposal(category=Category.SELF_HARM, member_measure=MemberMeasure(kind="warn")),
         "/member_measure"),
        (proposal(member_measure=MemberMeasure(kind="suspend", until=PAST)),
         "/member_measure/until"),
        (proposal(member_measure=MemberMeasure(kind="warn", until=SOON)), "/member_measure/until"),
        (_life(None), "/referral"),
        (_life(Referral(made=True, authority="BKA")), "/referral"),
        (_life(Referral(made=False)), "/referral/why"),
        (_life(Referral(made=False, why=" ")), "/referral/why"),
        (proposal(referral=REPORTED), "/referral"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_pointed_at(asked: Proposal, pointer: str) -> None:
    """One fault, at the part that is wrong."""
    with pytest.raises(Invalid) as refused:
        check_proposal(asked, POST, NOW, RULES)
    assert ("invalid", [pointer]) == refusal(refused)


@pytest.mark.parametrize(
    "asked",
    [
        proposal(),
        proposal(Outcome.KEEP, Category.REVIEW_OPINION, facts=""),
        replace(proposal(), ground=RESPECT),
        proposal(category=Category.SPAM),
        _restrict(territory=("DE", "AT"), until=SOON),
        _redact(Span(0, 1), Span(0, len(POST.body))),
        proposal(member_measure=MemberMeasure(kind="suspend", until=SOON)),
        _life(REPORTED),
        _life(Referral(made=False, why="Ersichtlich ein Zitat.")),
        proposal(category=Category.THREAT, referral=REPORTED),
    ],
)
def test_what_can_be_explained_is_taken(asked: Proposal) -> None:
    """Nothing is refused that is complete."""
    check_proposal(asked, POST, NOW, RULES)


def test_whoever_was_warned_may_be_suspended() -> None:
    """A suspension takes a warning before, a warning and no measure take nothing."""
    warned = replace(MEMBER, warnings=(WarningIssued(at=NOW, case_id="x", category="INSULT"),))
    suspend = proposal(member_measure=MemberMeasure(kind="suspend"))
    check_warned(suspend, warned)
    check_warned(proposal(member_measure=MemberMeasure(kind="warn")), MEMBER)
    check_warned(proposal(), MEMBER)
    with pytest.raises(Invalid):
        check_warned(suspend, MEMBER)


def test_the_fixture_is_what_it_says() -> None:
    """The clause of these tests is one of the terms in force."""
    assert (VERSION, "respect") == (RESPECT.version, RESPECT.clause)
