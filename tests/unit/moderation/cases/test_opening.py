"""A finding opens a case; a hold gives reasons at once; the case stays in step with its post."""

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.cases.case import Case, Content, Guard, Hold, Opener
from moderation.cases.message import Message, MessageKind
from moderation.cases.opening import (
    follow,
    leading_signal,
    open_by_detection,
    revise,
    rule_name,
)
from moderation.cases.statement import Statement
from moderation.community.post import PostState, Restriction, RestrictionKind
from moderation.detection import verdict
from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category, Severity
from moderation.ids import StatementId
from tests.support.casework import POST, case_on, detected, office
from tests.support.community import FLAGGED, HELD, KIM, NOTHING, NOW, RULES, context, found, ulid

HOLD, FLAG = verdict.Action.HOLD, verdict.Action.FLAG
EDITED = replace(POST, body="Anders.", html="<p>Anders.</p>\n", revision=2)


def test_a_flag_opens_a_case_and_leaves_the_post_alone() -> None:
    """The post stays public, and a case with its guard is opened by the rule."""
    opened = open_by_detection(POST, FLAGGED, Opener.RULE, context(), RULES)

    assert POST == opened.post
    assert (opened.case, Guard(post_id=POST.id, case_id=opened.case.id)) == opened.puts
    assert [(Action.CASE_OPEN, Via.RULE, "found:INSULT", "rules@1#rule.a", 1)] == [
        (act.action, act.via, act.reason, act.rule, act.content) for act in opened.acts
    ]
    assert (Category.INSULT, Severity.S2, "speech", Opener.RULE) == (
        opened.case.category,
        opened.case.severity,
        opened.case.queue,
        opened.case.opened_by,
    )
    assert FLAGGED.signals == opened.case.signals


def test_a_hit_is_no_knowledge_and_starts_no_clock_of_law() -> None:
    """PRIVACY has a legal number, which runs from a request and not from a detector's hit."""
    case = open_by_detection(
        POST, found(Category.PRIVACY, FLAG), Opener.RULE, context(), RULES
    ).case

    assert (None, None) == (case.knowledge_at, case.legal_due_at)
    assert {"product"} == {clock.kind for clock in case.clocks}
    assert NOW + timedelta(days=7) == case.due_at


def test_a_hold_hides_the_post_and_gives_reasons_in_the_same_change() -> None:
    """State, restriction, statement, message and acts come together, with the hour it ends."""
    at = office()
    case = detected(at, found(Category.FRAUD, HOLD))
    post, statement = at.get(POST.ref), at.all(Statement)[0]

    ends = NOW + timedelta(days=1)
    assert PostState.HELD == post.state
    assert (Restriction(kind=RestrictionKind.HOLD, since=NOW, until=ends),) == post.restrictions
    assert statement.id == post.statement_id
    assert (
        Hold(statement_id=statement.id, lapses_at=ends, lapses_to="published", replaced=None)
        == case.hold
    )
    assert (True, True, ends) == (
        statement.automated_detection,
        statement.automated_decision,
        statement.until,
    )
    assert [Action.CASE_OPEN, Action.POST_HOLD, Action.STATEMENT_ISSUE] == [
        act.action for act in at.acts
    ]
    assert statement.entry_id == at.acts[-1].entry_id
    assert [(MessageKind.STATEMENT, statement.id, KIM.id)] == [
        (m.kind, m.about, m.to) for m in at.all(Message)
    ]


def test_a_grave_hold_has_no_end_but_an_hour_at_which_it_is_escalated() -> None:
    """S3 and S4 are not published by a clock, so neither restriction nor statement names an end."""
    at = office()
    case = detected(at, HELD)
    assert case.hold is not None
    assert ("escalated", NOW + timedelta(days=1)) == (case.hold.lapses_to, case.hold.lapses_at)
    assert None is at.get(POST.ref).restrictions[0].until
    assert None is at.all(Statement)[0].until


def test_a_threat_to_life_wakes_a_human_in_the_same_change() -> None:
    """Opening a case in the S4 lane puts an urgent message into the outbox."""
    at = office()
    case = detected(at, found(Category.LIFE_THREAT, HOLD))
    assert [(MessageKind.URGENT, case.id), (MessageKind.STATEMENT, case.post.statement_id)] == [
        (m.kind, m.about) for m in at.all(Message)
    ]


def test_a_cry_for_help_gets_help_first_and_a_human_at_once() -> None:
    """Help goes out before the reasons do, and somebody is woken."""
    at = office()
    detected(at, found(Category.SELF_HARM, HOLD, help_offered=True))
    assert [MessageKind.HELP, MessageKind.URGENT, MessageKind.STATEMENT] == [
        m.kind for m in sorted(at.all(Message), key=lambda m: (m.kind != MessageKind.HELP, m.id))
    ]


def test_help_is_offered_beside_another_category() -> None:
    """Where something else leads the verdict, help is still offered and a human woken."""
    at = office()
    detected(at, replace(FLAGGED, help_offered=True))
    assert {MessageKind.HELP, MessageKind.URGENT} == {m.kind for m in at.all(Message)}


def test_an_edit_of_a_cry_for_help_does_not_ring_again() -> None:
    """Help was offered and somebody woken when it was first found."""
    crying = found(Category.SELF_HARM, HOLD, help_offered=True)
    at = office()
    case = detected(at, crying)
    edited = replace(case.post, body="Immer noch.", revision=2)
    revised = revise(case, edited, crying, KIM, context=context(), rules=RULES)
    assert [] == [put for put in revised.puts if isinstance(put, Message)]


def test_what_nothing_stands_against_opens_no_case() -> None:
    """Opening on a verdict without a category is a bug of the caller."""
    with pytest.raises(ValueError, match="nothing stands"):
        open_by_detection(POST, NOTHING, Opener.RULE, context(), RULES)


def test_a_hold_without_a_stated_time_lasts_as_long_as_the_first_limit() -> None:
    """A category that names no time for holds takes the limit of what is manifest."""
    at = office()
    case = detected(at, found(Category.INSULT, HOLD))
    assert case.hold is not None
    assert NOW + timedelta(days=1) == case.hold.lapses_at


def test_an_edit_freezes_what_was_flagged() -> None:
    """The case shows both texts; spans of the old text do not point into the new one."""
    at = office()
    case = detected(at, FLAGGED)
    at.later(minutes=1)
    revised = revise(case, EDITED, NOTHING, KIM, context=context(at.now), rules=RULES)
    again = replace(EDITED, body="Wieder anders.", revision=3)
    twice = revise(revised.case, again, NOTHING, KIM, context=context(at.now), rules=RULES)

    first = Content(revision=1, body=POST.body, title=POST.title, language="de")
    assert (first, EDITED) == (revised.case.frozen, revised.case.post)
    assert (first, again) == (twice.case.frozen, twice.case.post)
    assert [None] == [signal.span for signal in revised.case.signals]
    assert [
        (Action.CASE_UPDATE, KIM, "post:edit", 2),
        (Action.POST_EDIT, KIM, "edit:author", 2),
    ] == [(act.action, act.actor, act.reason, act.content) for act in revised.acts]


def test_an_edit_to_something_graver_is_held_and_raises_the_case() -> None:
    """The new words are screened too: held at once, with one act on the post."""
    at = office()
    case = detected(at, FLAGGED)
    worse = found(Category.LIFE_THREAT, HOLD)

    revised = revise(case, EDITED, worse, KIM, context=context(), rules=RULES)

    assert (Category.LIFE_THREAT, PostState.HELD) == (revised.case.category, revised.post.state)
    assert revised.post == revised.case.post
    assert [Action.CASE_UPDATE, Action.POST_HOLD, Action.STATEMENT_ISSUE] == [
        act.action for act in revised.acts
    ]
    assert [MessageKind.URGENT, MessageKind.STATEMENT] == [
        put.kind for put in revised.puts if isinstance(put, Message)
    ]
    assert [None, Span(0, 4)] == [signal.span for signal in revised.case.signals]


def test_a_held_post_stays_held_whatever_its_author_writes() -> None:
    """Only a human or the clock ends a hold; a second hold is not laid upon the first."""
    at = office()
    case = detected(at, HELD)
    edited = replace(case.post, body="Harmlos.", revision=2)
    for screened in (NOTHING, HELD):
        revised = revise(case, edited, screened, KIM, context=context(), rules=RULES)
        assert (edited, case.hold) == (revised.post, revised.case.hold)
        assert [Action.CASE_UPDATE, Action.POST_EDIT] == [act.action for act in revised.acts]


def test_deleting_closes_nothing_and_keeps_the_words() -> None:
    """The case follows the deletion, its claim and its signals as they are, the words frozen."""
    case = replace(
        open_by_detection(POST, FLAGGED, Opener.RULE, context(), RULES).case,
    )
    gone = replace(POST, state=PostState.DELETED, body="", html="")

    followed, act = follow(case, gone, "delete", context(), KIM)

    assert (gone, POST.body) == (followed.post, followed.frozen and followed.frozen.body)
    assert case.signals == followed.signals
    assert (Action.CASE_UPDATE, "post:delete") == (act.action, act.reason)


def test_a_hold_remembers_the_statement_it_replaced() -> None:
    """A post that carried a label before carries its reasons again once the hold ends."""
    label = Restriction(kind=RestrictionKind.LABEL, since=NOW)
    before = StatementId(ulid(8001))
    labelled = replace(POST, restrictions=(label,), statement_id=before)
    at = office(labelled)
    case = detected(at, HELD, labelled)
    assert case.hold is not None
    assert before == case.hold.replaced
    assert [RestrictionKind.LABEL, RestrictionKind.HOLD] == [
        r.kind for r in at.get(POST.ref).restrictions
    ]


def test_rules_are_named_as_the_log_can_hold_them() -> None:
    """Anything but letters, digits and `._-` becomes a dash, and nothing is empty."""
    signal = replace(FLAGGED.signals[0], detector="detox ify", version="", rule="hate/de@3")
    assert "detox-ify@-#hate-de-3" == rule_name(signal)


def test_the_strongest_signal_that_counts_leads() -> None:
    """Advisory signals lead only where there is nothing else."""
    weak, strong = FLAGGED.signals[0], replace(FLAGGED.signals[0], score_ppm=950_000, rule="b")
    advisory = replace(strong, score_ppm=990_000, rule="c", advisory=True)
    both = replace(FLAGGED, signals=(weak, strong, advisory))
    assert strong == leading_signal(both)
    assert advisory == leading_signal(replace(FLAGGED, signals=(advisory,)))


def test_a_case_keeps_fifty_signals() -> None:
    """A flood of findings does not swell the case without bound."""
    many = tuple(
        Signal("rules", "1", Category.SPAM, 1, None, "x", "y", f"r{number}") for number in range(60)
    )
    at = office()
    detected(at, replace(found(Category.SPAM, FLAG), signals=many))
    assert many[:50] == case_on(at).signals
    assert [SYSTEM] == [act.actor for act in at.acts]
    assert 1 == len(at.all(Case))
