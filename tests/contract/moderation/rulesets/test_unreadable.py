"""Rules in force that cannot be read: nothing is published as checked that was not."""

from typing import Any

from functions.workers.events import body_of
from functions.workers.score import Parts, handle
from moderation.change import Seen
from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.community.post import Post
from moderation.community.unscored import unscored
from moderation.detection.ruleset import shipped
from moderation.errors import Unavailable
from moderation.records import Ref
from moderation.rulesets.book import RuleBook
from moderation.rulesets.edition import EditionContent
from tests.support.forum_api import ForumApi, parts_of
from tests.support.forum_stream import FakeQueue, queue_event
from tests.support.forum_walk import case_about, open_board, start
from tests.support.own_packs import CATCHES, CONTENT
from tests.support.rule_walk import proposal, publish, screening_api


def without_its_content(api: ForumApi) -> ForumApi:
    """The same forum in a fresh process, which never gets to read what the edition holds."""
    stack = api.stack

    def read(*refs: Ref[Any]) -> Seen:
        if EditionContent.at(refs[0].id) in refs:
            raise Unavailable("busy")
        return stack.unit_of_work.read(*refs)

    book = RuleBook(
        read=read,
        seconds=lambda: stack.clock().timestamp(),
        shipped=shipped,
        failed=lambda _: None,
    )
    intake = Intake(render=render, screen=book.screen, policy=book.policy)
    return ForumApi.over(stack, parts_of(stack, rule_book=book, intake=intake))


def test_what_the_rules_in_force_have_not_read_a_human_reads() -> None:
    """The shipped packs screen it, and where no model is, a person reads it."""
    api = screening_api()
    open_board(api)
    made = publish(api)
    fresh = without_its_content(api)

    post = start(fresh, CATCHES)

    work = api.stack.unit_of_work
    assert api.stack.get(Post.at(post["id"])).unchecked
    assert [post["id"]] == [ref.id for ref in api.stack.work_list.unchecked(10)]
    shown = fresh.get("/v1/rules?limit=1", "moderator").expect(200)
    assert (False, None) == (shown["complete"], shown["ruleset"])
    assert made["version"] != shown["version"]

    def score(unread: Post) -> Any:
        return unscored(unread.language)

    parts = Parts(
        work, score, fresh.parts.house, FakeQueue().put_off, "log.example", api.stack.clock
    )
    handle(queue_event(body_of("post", post["id"])), parts)

    assert not api.stack.get(Post.at(post["id"])).unchecked
    case = case_about(api, post["id"])
    assert ("moderator", "UNSPEC") == (case["opened_by"], case["category"])


def test_a_proposal_is_not_compared_with_rules_that_stand_in() -> None:
    """503, nothing written; it can be sent again."""
    api = screening_api()
    publish(api)
    fresh = without_its_content(api)
    answer = fresh.post("/v1/rulesets", proposal(CONTENT), "admin")

    assert (503, "unavailable") == (answer.status, answer.problem)
