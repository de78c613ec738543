"""Having a post read again: a person's act, in step with the case, and never a second finding."""

from dataclasses import replace

import pytest

from moderation.audit.actions import Action
from moderation.cases.redriving import Redrive
from moderation.cases.scoring import RecordScore
from moderation.change import More, Seen
from moderation.community.post import Post, PostState
from moderation.community.unscored import unscored
from moderation.detection.verdict import Verdict
from moderation.errors import Conflict, NotFound
from tests.support.apply_change import Office
from tests.support.casework import POST, case_on, detected, office
from tests.support.community import ADMIN, FLAGGED, NOTHING, RULES

COMMAND = Redrive(actor=ADMIN, post_id=POST.id)
WAITING = replace(POST, unchecked=True)


def _score(at: Office, verdict: Verdict) -> str:
    return at.run(RecordScore(post_id=POST.id, revision=1, verdict=verdict, rules=RULES))


def test_a_post_is_marked_by_an_act() -> None:
    """It stands on the list of what is owed, and the log says who put it there."""
    at = office()
    assert at.run(COMMAND) == WAITING
    assert at.get(POST.ref) == WAITING
    assert [(act.action, act.actor, act.content) for act in at.acts] == [
        (Action.POST_REDRIVE, ADMIN, 1)
    ]


def test_one_that_waits_already_is_rung_for_again() -> None:
    """What is in the dead-letter queue may still be marked; the act is one all the same."""
    at = office(WAITING)
    assert at.run(COMMAND) == WAITING
    assert [Action.POST_REDRIVE] == [act.action for act in at.acts]


def test_an_open_case_stays_in_step() -> None:
    """Every write to a guarded post writes its case."""
    at = office(WAITING)
    _score(at, unscored("de"))
    at.acts.clear()
    at.run(COMMAND)
    assert case_on(at).post == WAITING
    assert [(act.action, act.reason) for act in at.acts] == [
        (Action.POST_REDRIVE, "none"),
        (Action.CASE_UPDATE, "post:redrive"),
    ]


def test_a_score_after_it_joins_the_case_that_was_opened_instead() -> None:
    """The model is back: what it finds comes to the human who has the post already."""
    at = office(WAITING)
    _score(at, unscored("de"))
    at.run(COMMAND)
    assert _score(at, FLAGGED) == "found"
    assert [signal.detector for signal in case_on(at).signals] == ["unscored", "rules"]


def test_the_same_model_says_the_same_once() -> None:
    """Post, revision and model version: what was found and decided is not found again."""
    at = office(replace(POST, scored_by=FLAGGED.checked_by[0]))
    at.run(COMMAND)
    assert _score(at, FLAGGED) == "clear"
    at.run(COMMAND)
    newer = replace(FLAGGED, checked_by=("detoxify@newer",))
    assert _score(at, newer) == "found"
    assert at.get(POST.ref).scored_by == "detoxify@newer"


def test_what_its_author_deleted_is_not_read_again() -> None:
    """Nobody scores it; a case on it goes on with the words it has."""
    at = office(replace(POST, state=PostState.DELETED))
    with pytest.raises(Conflict) as caught:
        at.run(COMMAND)
    assert caught.value.code == "post-deleted"


def test_a_post_that_is_not_there_is_not_found() -> None:
    """As for every command."""
    at = office()
    del at.records[POST.ref]
    with pytest.raises(NotFound):
        at.run(COMMAND)


def test_a_repeated_request_is_answered_with_the_post() -> None:
    """As it is now."""
    seen = Seen({})
    assert More((POST.ref,)) == COMMAND.recall(POST.ref, seen)
    assert COMMAND.recall(POST.ref, Seen({POST.ref: WAITING})) == WAITING


def test_an_open_case_of_a_moderator_stays_his() -> None:
    """A redrive changes nothing but the mark."""
    at = office()
    before = detected(at, FLAGGED)
    at.run(COMMAND)
    after = case_on(at)
    assert (after.id, after.signals, after.claim) == (before.id, before.signals, before.claim)
    assert isinstance(after.post, Post)
    assert NOTHING.category is None
