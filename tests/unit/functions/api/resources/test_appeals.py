"""Appeals over HTTP: the author objects, somebody new decides, a reversal gives back."""

from datetime import timedelta

from tests.support.forum_api import ForumApi
from tests.support.forum_walk import removed


def test_a_reversal_restores_what_was_taken(api: ForumApi) -> None:
    """The post is back in the same transaction, and the notifier learns that it was reversed."""
    post, made = removed(api)
    path = f"/v1/statements/{made['statement_id']}/appeal"
    appeal = api.post(path, {"reasons": "Ein Zitat."}, "customer").expect(201)
    verdict = {"outcome": "reversed", "reasons": "Es ist ein Zitat."}
    path = f"/v1/appeals/{appeal['id']}/decision"
    own = api.post(path, verdict, "moderator")
    decided = api.post(path, verdict, "moderator2").expect(201)

    assert (409, "conflict-of-interest") == (own.status, own.problem)
    assert ("decided", "reversed") == (decided["state"], decided["outcome"])
    assert "published" == api.get(f"/v1/posts/{post['id']}").expect(200)["state"]
    again = api.post(path, verdict, "moderator2")
    assert (409, "appeal-decided") == (again.status, again.problem)
    assert decided == api.get(f"/v1/appeals/{appeal['id']}", "moderator").expect(200)


def test_an_appeal_that_is_upheld_changes_nothing(api: ForumApi) -> None:
    """The post stays removed, and the list of decided appeals has it."""
    post, made = removed(api)
    path = f"/v1/statements/{made['statement_id']}/appeal"
    appeal = api.post(path, {"reasons": "Nein."}, "customer").expect(201)
    verdict = {"outcome": "upheld", "reasons": "Bleibt."}
    api.post(f"/v1/appeals/{appeal['id']}/decision", verdict, "moderator2").expect(201)

    assert 404 == api.get(f"/v1/posts/{post['id']}").status
    assert [] == api.get("/v1/appeals", "moderator").expect(200)["items"]
    decided = api.get("/v1/appeals?state=decided", "moderator").expect(200)["items"]
    assert [appeal["id"]] == [item["id"] for item in decided]


def test_one_objects_once_and_in_time(api: ForumApi) -> None:
    """409 for the second time, and after the window of at least six months."""
    _, made = removed(api)
    path = f"/v1/statements/{made['statement_id']}/appeal"
    appeal = api.post(path, {"reasons": "Nein."}, "customer").expect(201)
    twice = api.post(path, {"reasons": "Nein!"}, "customer")

    assert (409, "already-appealed") == (twice.status, twice.problem)
    statement = api.get(f"/v1/statements/{made['statement_id']}", "customer").expect(200)
    assert appeal["id"] == statement["appeal_id"]

    late = ForumApi.fresh()
    _, made = removed(late)
    late.stack.clock.now += timedelta(days=190)
    path = f"/v1/statements/{made['statement_id']}/appeal"
    answer = late.post(path, {"reasons": "Nein."}, "customer")
    assert (409, "window-closed") == (answer.status, answer.problem)


def test_a_statement_says_what_the_law_asks(api: ForumApi) -> None:
    """Restriction, facts, source, automation, ground, redress (DSA Art. 17(3)); nobody's name."""
    _, made = removed(api)
    answer = api.get(f"/v1/statements/{made['statement_id']}", "customer")
    statement = answer.expect(200)

    assert ("removal", "notice") == (statement["restriction"], statement["source"])
    assert (False, False) == (statement["automated_detection"], statement["automated_decision"])
    assert "§ 185 StGB" == statement["ground"]["norm"]
    assert "internal_complaint" in {way["kind"] for way in statement["redress"]}
    assert statement["text"]
    assert api.actor("moderator").id not in answer.text
