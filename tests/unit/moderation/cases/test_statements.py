"""A statement of reasons says what DSA Art. 17(3) asks, made from what happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.cases.case import Opener
from moderation.cases.decision import Measure, MemberMeasure, Outcome
from moderation.cases.statement import Statement
from moderation.cases.statements import COORDINATOR_URL, complaint_end, ground_name
from moderation.community.member import WarningIssued
from moderation.community.post import Post, RestrictionKind
from moderation.detection import verdict
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from tests.support.casework import (
    POST,
    REPORTED,
    RESPECT,
    case_on,
    detected,
    golden,
    noticed,
    office,
    proposal,
    settled,
)
from tests.support.community import FLAGGED, MEMBER, NOW, RULES, found

HOLD = verdict.Action.HOLD
GERMAN, ENGLISH = POST, replace(POST, language="en-GB")


def _held(category: Category, post: Post = GERMAN, **more: Any) -> Statement:
    at = office(post)
    detected(at, found(category, HOLD, **more), post)
    return at.all(Statement)[0]


def _decided(post: Post = GERMAN, **fields: Any) -> Statement:
    at = office(post)
    at.put(replace(MEMBER, warnings=(WarningIssued(at=NOW, case_id="x", category="INSULT"),)))
    at.later(hours=1)
    settled(at, detected(at, FLAGGED, post), proposal(**fields))
    return at.all(Statement)[0]


LABEL = Measure(kind=RestrictionKind.LABEL)
DOCUMENTS: dict[str, Callable[[], Statement]] = {
    "statement-hold-de": lambda: _held(Category.FRAUD),
    "statement-hold-en": lambda: _held(Category.FRAUD, ENGLISH),
    "statement-hold-life-de": lambda: _held(Category.LIFE_THREAT),
    "statement-hold-life-en": lambda: _held(Category.LIFE_THREAT, ENGLISH),
    "statement-hold-care-de": lambda: _held(Category.SELF_HARM),
    "statement-hold-care-en": lambda: _held(Category.SELF_HARM, ENGLISH),
    "statement-removal-de": _decided,
    "statement-removal-en": lambda: _decided(ENGLISH, ground=RESPECT),
    "statement-removal-life-de": lambda: _decided(category=Category.LIFE_THREAT, referral=REPORTED),
    "statement-removal-life-en": lambda: _decided(
        ENGLISH, category=Category.LIFE_THREAT, referral=REPORTED
    ),
    "statement-disabling-de": lambda: _decided(
        outcome=Outcome.RESTRICT,
        category=Category.SYMBOL,
        measure=Measure(
            kind=RestrictionKind.DISABLING, territory=("DE", "AT"), until=NOW + timedelta(days=9)
        ),
    ),
    "statement-label-de": lambda: _decided(outcome=Outcome.RESTRICT, measure=LABEL),
    "statement-age-gate-en": lambda: _decided(
        ENGLISH, outcome=Outcome.RESTRICT, measure=replace(LABEL, kind=RestrictionKind.AGE_GATE)
    ),
    "statement-redaction-de": lambda: _decided(
        outcome=Outcome.REDACT,
        category=Category.DOX,
        measure=Measure(kind=RestrictionKind.REDACTION, spans=(Span(0, 3),)),
    ),
    "statement-warning-de": lambda: _decided(member_measure=MemberMeasure(kind="warn")),
    "statement-suspension-en": lambda: _decided(
        ENGLISH, member_measure=MemberMeasure(kind="suspend")
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_text_is_as_agreed(request: pytest.FixtureRequest, name: str) -> None:
    """Each kind of statement is held to its golden copy, in the language of the post."""
    statement = DOCUMENTS[name]()
    golden(request, name, statement.text)
    assert name.endswith(statement.language)


@pytest.mark.parametrize(
    ("opener", "source", "found_by_machine"),
    [
        (Opener.RULE, "own_initiative", True),
        (Opener.SCORE, "own_initiative", True),
        (Opener.MODERATOR, "own_initiative", False),
    ],
)
def test_source_and_automation_follow_from_what_opened_the_case(
    opener: Opener, source: str, found_by_machine: bool
) -> None:
    """Nobody types them; who decided is a human in each case."""
    at = office()
    settled(at, detected(at, FLAGGED, opener=opener))
    statement = at.all(Statement)[0]
    assert (source, found_by_machine, False) == (
        statement.source,
        statement.automated_detection,
        statement.automated_decision,
    )


def test_a_notice_is_named_as_the_source_and_its_notifier_is_not(
    request: pytest.FixtureRequest,
) -> None:
    """Whose notice it was is nobody's business but ours (DSA Art. 17(3)(b))."""
    at = office()
    noticed(at)
    settled(at, case_on(at))
    statement = at.all(Statement)[0]
    assert ("notice", False) == (statement.source, statement.automated_detection)
    assert "Muster" not in statement.text
    golden(request, "statement-removal-notice-de", statement.text)


def test_redress_names_only_what_exists() -> None:
    """Our own complaint for six months and a day, the courts, and the coordinator."""
    statement = _decided()
    ends = complaint_end(statement.issued_at, RULES)
    assert [
        ("internal_complaint", f"https://forum.example/v1/statements/{statement.id}/appeal", ends),
        ("court", None, None),
        ("authority", COORDINATOR_URL, None),
    ] == [(way.kind, way.url, way.until) for way in statement.redress]
    assert ends == (NOW + timedelta(hours=1)).replace(year=2027, month=5) + timedelta(days=1)


def test_what_a_moderator_writes_of_a_threat_stays_inside() -> None:
    """Facts and explanation are replaced by neutral ones; the norm is named as it must be."""
    statement = _decided(
        category=Category.LIFE_THREAT, referral=REPORTED, facts="BKA ist informiert."
    )
    fields = repr((statement.facts, statement.ground, statement.text))
    assert "BKA" not in fields
    assert "§ 126 Abs. 1 StGB" in statement.text


def test_a_cry_for_help_is_not_answered_with_its_own_words() -> None:
    """The passage is not quoted back, and numbers stand before the law."""
    text = _held(Category.SELF_HARM).text
    assert "0800 111 0 111" in text
    assert text.index("0800 111 0 111") < text.index("Art. 17")
    assert "Text" not in text


def test_what_people_write_is_never_read_as_a_placeholder() -> None:
    """A dollar sign in facts or explanation is a dollar sign."""
    statement = _decided(facts="Kosten: $facts ${norm} $$ 5")
    assert "Kosten: $facts ${norm} $$ 5" in statement.text


def test_a_clause_no_longer_in_the_terms_is_named_by_its_id() -> None:
    """An old statement can still be read."""
    gone = replace(RESPECT, clause="gone", version="2020-01-01")
    assert 'terms of use, version 2020-01-01, clause "gone"' == ground_name(gone, "en", RULES)
