"""The score worker: what the scorer says is recorded; where it is silent, a human reads."""

from dataclasses import dataclass, field

import pytest

from functions.workers.events import body_of
from functions.workers.score import RECEIVES_AT_MOST, Parts, handle
from moderation.cases.case import Case, Guard, Opener
from moderation.community.post import Post, PostState
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Verdict
from moderation.errors import Unavailable
from tests.support.community import FLAGGED, NOTHING, RULES, ulid
from tests.support.faults import CrashError, each_fault
from tests.support.forum import Forum
from tests.support.forum_stream import queue_event, sequences
from tests.support.stack import Stack


@dataclass(slots=True)
class FakeScorer:
    """Says the same of every post, or nothing while it is down."""

    verdict: Verdict = NOTHING
    down: bool = False
    read: list[str] = field(default_factory=list)

    def __call__(self, post: Post) -> Verdict:
        """Score one post."""
        self.read.append(post.id)
        if self.down:
            raise Unavailable("down")
        return self.verdict


@pytest.fixture
def forum(stack: Stack) -> Forum:
    """A forum with one post that is unchecked."""
    return Forum(stack)


def _parts(forum: Forum, scorer: FakeScorer) -> Parts:
    return Parts(forum.stack.unit_of_work, scorer, RULES)


def _bell(forum: Forum) -> str:
    return body_of("post", forum.post.id)


def _post(forum: Forum) -> Post:
    return forum.stack.get(Post.at(forum.post.id))


def test_a_clean_score_ends_the_wait(forum: Forum) -> None:
    """The post is checked, and nothing else has changed."""
    answer = handle(queue_event(_bell(forum)), _parts(forum, FakeScorer()))

    assert answer == {"batchItemFailures": []}
    assert (_post(forum).unchecked, _post(forum).state) == (False, PostState.PUBLISHED)
    assert forum.stack.work_list.unchecked(10) == ()


def test_a_finding_opens_a_case_for_a_human(forum: Forum) -> None:
    """A score removes nothing."""
    handle(queue_event(_bell(forum)), _parts(forum, FakeScorer(FLAGGED)))

    assert (forum.case.opened_by, forum.case.category) == (Opener.SCORE, Category.INSULT)
    assert (_post(forum).unchecked, _post(forum).state) == (False, PostState.PUBLISHED)


def test_a_checked_post_is_not_read_again(forum: Forum) -> None:
    """A repeated bell, a bell for nothing: no score, no write."""
    scorer = FakeScorer()
    bells = (_bell(forum), _bell(forum), body_of("post", ulid(1)))

    assert handle(queue_event(*bells), _parts(forum, scorer)) == {"batchItemFailures": []}
    assert scorer.read == [forum.post.id]


def test_a_scorer_that_is_down_leaves_the_post_unchecked(forum: Forum) -> None:
    """The message is received again, and the post is still on the list of what is owed."""
    scorer = FakeScorer(down=True)
    event = queue_event(_bell(forum), "[]", receives=RECEIVES_AT_MOST - 1)

    assert sequences(handle(event, _parts(forum, scorer))) == ["m1", "m2"]
    assert _post(forum).unchecked
    assert forum.stack.find(Guard.at(forum.post.id)) is None


def test_a_post_no_detector_could_read_goes_to_a_human(forum: Forum) -> None:
    """Never silently open: after the fourth time there is a case that says so."""
    event = queue_event(_bell(forum), receives=RECEIVES_AT_MOST)

    answer = handle(event, _parts(forum, FakeScorer(down=True)))

    assert answer == {"batchItemFailures": []}
    (signal,) = forum.case.signals
    assert (signal.detector, forum.case.category) == ("unscored", Category.UNSPEC)
    assert (_post(forum).unchecked, _post(forum).state) == (False, PostState.PUBLISHED)


def test_no_fault_around_any_storage_call_loses_a_score() -> None:
    """Received again, the one right result is there: one case, one mark cleared."""
    for fault in each_fault(3):
        forum = Forum(Stack.fresh())
        parts = _parts(forum, FakeScorer(FLAGGED))
        with forum.stack.engine.hooked(fault):
            try:
                handle(queue_event(_bell(forum)), parts)
            except CrashError:
                assert fault.trouble == "crash"
        handle(queue_event(_bell(forum), receives=2), parts)

        assert fault.struck or fault.trouble == "conflict", fault
        assert len(forum.records(Case)) == 1, fault
        assert not _post(forum).unchecked, fault
