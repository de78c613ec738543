"""A late score clears the mark, and raises a case for a human where it finds something."""

from dataclasses import replace

import pytest

from moderation.audit.actions import Action
from moderation.cases.case import Case, Guard, Opener
from moderation.cases.scoring import RecordScore
from moderation.cases.statement import Statement
from moderation.change import More, Seen
from moderation.community.post import Post, PostState
from moderation.detection import verdict
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Verdict
from moderation.errors import NotFound
from tests.support.apply_change import Office
from tests.support.casework import POST, case_on, detected, noticed, office
from tests.support.community import FLAGGED, HELD, NOTHING, RULES, found

WAITING = replace(POST, unchecked=True)
READ = replace(POST, scored_by=FLAGGED.checked_by[0])


def _score(at: Office, found_: Verdict = NOTHING, revision: int = 1) -> str:
    return at.run(RecordScore(post_id=POST.id, revision=revision, verdict=found_, rules=RULES))


def test_a_clean_score_clears_the_mark_and_nothing_else() -> None:
    """No case, no act: plain posting is not audited."""
    at = office(WAITING)
    assert "clear" == _score(at)
    assert (READ, []) == (at.get(POST.ref), at.acts)


def test_a_finding_opens_a_case() -> None:
    """The model raises a case for a human; it hides nothing by a flag."""
    at = office(WAITING)
    assert "found" == _score(at, FLAGGED)
    case = case_on(at)
    assert (Opener.SCORE, READ, Category.INSULT) == (case.opened_by, case.post, case.category)
    assert (READ, [Action.CASE_OPEN]) == (at.get(POST.ref), [act.action for act in at.acts])


def test_what_no_detector_has_read_is_not_found_by_a_machine() -> None:
    """A score that never came opens a case for a human, and a statement must not say otherwise."""
    at = office(WAITING)
    _score(at, replace(FLAGGED, checked_by=()))
    assert Opener.MODERATOR is case_on(at).opened_by


def test_a_finding_about_the_operator_marks_the_post() -> None:
    """So that a later case knows that a restriction takes a second person."""
    at = office(WAITING)
    _score(at, found(Category.INSULT, verdict.Action.FLAG, about_operator=True))
    assert (True, True) == (at.get(POST.ref).operator, case_on(at).about_operator)


def test_a_hold_by_a_score_gives_reasons_too() -> None:
    """Whatever holds a post owes the statement at that moment."""
    at = office(WAITING)
    _score(at, HELD)
    post = at.get(POST.ref)
    assert (PostState.HELD, False) == (post.state, post.unchecked)
    assert [True] == [s.automated_decision for s in at.all(Statement)]


def test_a_finding_joins_the_case_that_is_open() -> None:
    """One post, one case: the signals come together, the opener stays who it was."""
    at = office(WAITING)
    noticed(at, WAITING)
    at.acts.clear()
    assert "found" == _score(at, HELD)
    case = case_on(at)
    assert (Opener.NOTICE, Category.THREAT, HELD.signals) == (
        case.opened_by,
        case.category,
        case.signals,
    )
    assert at.get(POST.ref) == case.post
    assert [Action.CASE_JOIN, Action.POST_HOLD, Action.STATEMENT_ISSUE] == [
        act.action for act in at.acts
    ]


def test_a_clean_score_of_a_guarded_post_keeps_its_case_in_step() -> None:
    """Every write to a guarded post writes its case."""
    at = office(WAITING)
    detected(at, FLAGGED, WAITING)
    at.acts.clear()
    assert "clear" == _score(at)
    assert READ == at.get(POST.ref) == case_on(at).post
    assert [(Action.CASE_UPDATE, "post:score")] == [(a.action, a.reason) for a in at.acts]


def test_advice_is_shown_in_an_open_case_and_opens_none() -> None:
    """A score in a language the model does not know changes nothing, and nobody has to miss it."""
    advice = replace(
        NOTHING,
        checked_by=("detoxify@1",),
        signals=tuple(replace(signal, advisory=True) for signal in FLAGGED.signals),
    )
    at = office(WAITING)
    assert "clear" == _score(at, advice)
    assert [] == at.all(Case)
    at = office(WAITING)
    noticed(at, WAITING)
    before = case_on(at)
    assert "clear" == _score(at, advice)
    after = case_on(at)
    assert [True] == [signal.advisory for signal in after.signals]
    assert (before.category, before.due_at) == (after.category, after.due_at)
    assert not after.post.unchecked


@pytest.mark.parametrize(
    ("post", "revision"),
    [(replace(WAITING, revision=2), 1), (POST, 1), (WAITING, 2)],
)
def test_a_score_of_other_words_or_a_second_one_writes_nothing(post: Post, revision: int) -> None:
    """The edit has asked for its own score; a repeated one finds the post checked."""
    at = office(post)
    assert "stale" == _score(at, HELD, revision)
    assert (post, [], []) == (at.get(POST.ref), at.all(Case), at.all(Guard))


def test_a_score_of_nothing_is_not_found() -> None:
    """The post is not there."""
    at = office(WAITING)
    del at.records[POST.ref]
    with pytest.raises(NotFound):
        _score(at)


def test_a_repeated_score_is_answered_as_stale() -> None:
    """The command has no key; whoever asks again is told that it is done."""
    command = RecordScore(post_id=POST.id, revision=1, verdict=NOTHING, rules=RULES)
    assert More((POST.ref,)) == command.recall(POST.ref, Seen({}))
    assert "stale" == command.recall(POST.ref, Seen({POST.ref: POST}))
