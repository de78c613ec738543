"""The score worker: what the scorer says is recorded; where it is silent, a human reads."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from functions.workers.events import body_of
from functions.workers.score import AGAIN_AFTER_S, RECEIVES_AT_MOST, Parts, handle
from moderation.cases.case import Case, Guard, Opener
from moderation.community.post import Post, PostState
from moderation.community.scored import scored
from moderation.detection.facts import BoardPolicy
from moderation.detection.scorer import ScorerUnavailable
from moderation.detection.scorers.registry import open_scorer
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Verdict
from moderation.errors import Unavailable
from tests.support.community import FLAGGED, NOTHING, NOW, RULES, ulid
from tests.support.faults import CrashError, each_fault
from tests.support.forum import Forum
from tests.support.forum_stream import FakeQueue, queue_event, sequences
from tests.support.places import Place
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


def _parts(
    forum: Forum, scorer: Callable[[Post], Verdict], queue: FakeQueue | None = None
) -> Parts:
    put_off = (queue or FakeQueue()).put_off
    return Parts(forum.stack.unit_of_work, scorer, RULES, put_off, "log.example", lambda: NOW)


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
    scorer = FakeScorer(down=True)

    answer = handle(event, _parts(forum, scorer))

    assert answer == {"batchItemFailures": []}
    assert scorer.read == []
    (signal,) = forum.case.signals
    assert (signal.detector, forum.case.category) == ("unscored", Category.UNSPEC)
    assert (_post(forum).unchecked, _post(forum).state) == (False, PostState.PUBLISHED)
    assert _post(forum).scored_by is None


def test_a_failed_message_waits_longer_each_time(forum: Forum) -> None:
    """Half a minute, two, eight; a queue that cannot be told brings it back in its own time."""
    queue = FakeQueue()
    for receives in range(1, RECEIVES_AT_MOST):
        event = queue_event(_bell(forum), receives=receives)
        handle(event, _parts(forum, FakeScorer(down=True), queue))

    assert queue.later == [("r1", seconds) for seconds in AGAIN_AFTER_S]
    queue.down = Unavailable("down")
    event = queue_event(_bell(forum))
    assert sequences(handle(event, _parts(forum, FakeScorer(down=True), queue))) == ["m1"]
    assert _post(forum).unchecked


def test_a_text_that_takes_the_process_down_ends_with_a_human(forum: Forum) -> None:
    """Nothing is written by a process that dies; at the last receipt it is not asked to read."""

    def die(_: Post) -> Verdict:
        raise CrashError

    for receives in range(1, RECEIVES_AT_MOST):
        with pytest.raises(CrashError):
            handle(queue_event(_bell(forum), receives=receives), _parts(forum, die))
        assert _post(forum).unchecked

    last = queue_event(_bell(forum), receives=RECEIVES_AT_MOST)
    assert handle(last, _parts(forum, die)) == {"batchItemFailures": []}
    assert forum.case.signals[0].detector == "unscored"


def another_model(folder: Path) -> Callable[[Post], Verdict]:
    """What the composition root makes of a model folder that is not its manifest's."""
    (folder / "manifest.json").write_text("{}")
    return lambda post: scored(post, open_scorer("detoxify", str(folder)), BoardPolicy())


def slow(_: Post) -> Verdict:
    """What a scorer says that gave a text up for the time it took."""
    raise ScorerUnavailable("the text takes longer than 60 s")


@pytest.mark.parametrize("why", ["slow", "another model"])
def test_whatever_the_reason_a_human_reads_in_the_end(
    forum: Forum, why: str, tmp_path: Path
) -> None:
    """Too slow, or refused for good: three tries, then a case; checked by nobody meanwhile."""
    score = slow if why == "slow" else another_model(tmp_path)
    queue = FakeQueue()
    for receives in range(1, RECEIVES_AT_MOST):
        event = queue_event(_bell(forum), receives=receives)
        assert sequences(handle(event, _parts(forum, score, queue))) == ["m1"]
        assert (_post(forum).unchecked, _post(forum).scored_by) == (True, None)
        assert forum.stack.work_list.unchecked(10) == (Post.at(forum.post.id),)

    handle(queue_event(_bell(forum), receives=RECEIVES_AT_MOST), _parts(forum, score, queue))

    assert [seconds for _, seconds in queue.later] == list(AGAIN_AFTER_S)
    assert forum.case.signals[0].detector == "unscored"
    assert _post(forum).scored_by is None
    assert forum.stack.work_list.unchecked(10) == ()


def test_a_poisoned_message_disturbs_no_other(forum: Forum) -> None:
    """Bodies that are no JSON, or name no post, fail by themselves up to the dead-letter queue."""
    queue = FakeQueue()
    event = queue_event("{", "[]", '{"post": 7}', _bell(forum), receives=5)

    assert sequences(handle(event, _parts(forum, FakeScorer(), queue))) == ["m1", "m2", "m3"]
    assert not _post(forum).unchecked
    assert {seconds for _, seconds in queue.later} == {AGAIN_AFTER_S[-1]}


def test_failures_and_posts_given_up_are_counted(
    forum: Forum, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two metrics in the log, with no word of anybody's."""
    handle(queue_event(_bell(forum), "[]"), _parts(forum, FakeScorer(down=True)))
    handle(queue_event(_bell(forum), receives=RECEIVES_AT_MOST), _parts(forum, FakeScorer()))

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    metrics = [
        {name: line[name] for name in ("ScoreFailed", "Unscored") if name in line}
        for line in lines
        if "_aws" in line
    ]
    assert metrics == [{"ScoreFailed": 2}, {"Unscored": 1}]


def test_a_score_names_the_model_on_the_post(forum: Forum) -> None:
    """Which model at which version has read these words; with an edit it has not any more."""
    handle(queue_event(_bell(forum)), _parts(forum, FakeScorer(FLAGGED)))

    assert _post(forum).scored_by == FLAGGED.checked_by[0]


def test_no_fault_around_any_storage_call_loses_a_score(place: Place) -> None:
    """Received again, the one right result is there: one case, one mark cleared."""
    for fault in each_fault(3):
        with place.stack() as stack:
            forum = Forum(stack)
            parts = _parts(forum, FakeScorer(FLAGGED))
            with stack.engine.hooked(fault):
                try:
                    handle(queue_event(_bell(forum)), parts)
                except CrashError:
                    assert fault.trouble == "crash"
            handle(queue_event(_bell(forum), receives=2), parts)

            assert fault.struck or fault.trouble == "conflict", fault
            assert len(forum.records(Case)) == 1, fault
            assert not _post(forum).unchecked, fault
