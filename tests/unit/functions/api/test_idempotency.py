"""A request with a key is carried out once, and answers nobody but its sender."""

import pytest

from functions.api.idempotency import scope_of
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import keep, notice_about, open_board, start

KEY = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
NOTICE = {"reasons": "Beleidigung.", "good_faith": True}


def test_the_same_request_is_answered_again(api: ForumApi) -> None:
    """One board, one answer, however the JSON and the key are spelled."""
    first = api.call("POST", "/v1/boards", '{"slug":"hilfe","title":"Ä"}', who="admin", key=KEY)
    again = api.call(
        "POST", "/v1/boards", '{ "title": "\\u00c4", "slug": "hilfe" }', who="admin",
        key=KEY.upper(),
    )  # fmt: skip

    assert (201, 201) == (first.status, again.status)
    assert first.text == again.text


def test_a_thread_is_opened_once(api: ForumApi) -> None:
    """The repeated request gets the same thread and post, and nothing is posted twice."""
    open_board(api)
    body = {"title": "T", "body": "B"}
    answers = [api.post("/v1/boards/hilfe/threads", body, "customer", KEY) for _ in range(3)]

    assert 1 == len({answer.expect(201)["post"]["id"] for answer in answers})
    assert 1 == len(api.get("/v1/me/posts", "customer").expect(200)["items"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/boards/hilfe/threads", {"title": "T", "body": "anders"}),
        ("/v1/boards/hilfe/threads", {"title": "T", "body": "B", "language": "de"}),
        ("/v1/boards/zwei/threads", {"title": "T", "body": "B"}),
    ],
)
def test_another_request_with_the_key_is_refused(
    api: ForumApi, path: str, body: dict[str, str]
) -> None:
    """Another body or another path is another request."""
    open_board(api)
    open_board(api, "zwei")
    api.post("/v1/boards/hilfe/threads", {"title": "T", "body": "B"}, "customer", KEY).expect(201)
    answer = api.post(path, body, "customer", KEY)

    assert (422, "idempotency-key-reused") == (answer.status, answer.problem)


def test_a_key_is_free_again_after_a_day(api: ForumApi) -> None:
    """Twenty-four hours, then it stands for a new request."""
    open_board(api)
    body = {"title": "T", "body": "B"}
    first = api.post("/v1/boards/hilfe/threads", body, "customer", KEY).expect(201)
    api.stack.clock.forward(hours=24)
    again = api.post("/v1/boards/hilfe/threads", body, "customer", KEY).expect(201)

    assert first["post"]["id"] != again["post"]["id"]


def test_two_members_with_one_key_do_not_meet(api: ForumApi) -> None:
    """Each gets their own thread, with the same words too."""
    open_board(api)
    body = {"title": "T", "body": "B"}
    ids = {
        api.post("/v1/boards/hilfe/threads", body, who, KEY).expect(201)["post"]["author"]["id"]
        for who in ("customer", "customer2")
    }

    assert 2 == len(ids)


def test_two_strangers_with_one_key_do_not_meet(api: ForumApi) -> None:
    """Neither gets the other's notice, nor its secret."""
    open_board(api)
    body = {**NOTICE, "items": [{"post_id": start(api)["id"]}]}
    receipts = [
        api.call("POST", "/v1/notices", body, key=KEY, address=address).expect(201)
        for address in ("192.0.2.1", "198.51.100.2")
    ]

    assert receipts[0]["id"] != receipts[1]["id"]
    assert receipts[0]["secret"] != receipts[1]["secret"]


def test_a_stranger_s_other_request_under_the_key_is_refused(api: ForumApi) -> None:
    """From one address too, a key gives another request nothing of the first."""
    open_board(api)
    items = [{"post_id": start(api)["id"]}]
    first = api.post("/v1/notices", {**NOTICE, "items": items}, key=KEY).expect(201)
    again = api.post("/v1/notices", {**NOTICE, "items": items}, key=KEY).expect(201)
    other = api.post("/v1/notices", {**NOTICE, "items": items, "language": "de"}, key=KEY)

    assert (first["id"], first["secret"]) == (again["id"], again["secret"])
    assert (422, "idempotency-key-reused") == (other.status, other.problem)
    assert first["secret"] not in other.text


def test_a_public_key_and_a_member_s_do_not_meet(api: ForumApi) -> None:
    """The same words and the same key, once with a token and once without."""
    open_board(api)
    body = {**NOTICE, "items": [{"post_id": start(api)["id"]}]}
    public = api.post("/v1/notices", body, key=KEY).expect(201)
    member = api.post("/v1/notices", body, "customer2", KEY).expect(201)

    assert public["id"] != member["id"]


def test_whose_a_key_is() -> None:
    """A member's, a notice's, or an address's."""
    kim = ForumApi.fresh().actor("customer")

    assert kim.id == scope_of(kim, "N", "A")
    assert ("notice-N", "public-A") == (scope_of(None, "N", "A"), scope_of(None, None, "A"))


def test_a_change_is_made_once(api: ForumApi) -> None:
    """A PATCH with a key is answered again after it has moved the revision on."""
    open_board(api)
    path = f"/v1/posts/{start(api)['id']}"
    headers = {"If-Match": '"1"', "Idempotency-Key": KEY}
    answers = [
        api.call("PATCH", path, {"body": "neu"}, who="customer", headers=headers)
        for _ in range(2)
    ]  # fmt: skip

    assert [(200, '"2"')] * 2 == [(a.status, a.headers["etag"]) for a in answers]
    bare = api.call("PATCH", path, {"body": "neu"}, who="customer", headers={"If-Match": '"1"'})
    assert (412, "stale", 2) == (bare.status, bare.problem, bare.body["data"]["revision"])
    other = {**headers, "If-Match": '"2"'}
    answer = api.call("PATCH", path, {"body": "neu"}, who="customer", headers=other)
    assert (422, "idempotency-key-reused") == (answer.status, answer.problem)


def test_a_deletion_with_a_key_is_made_once(api: ForumApi) -> None:
    """DELETE takes a key and needs none."""
    open_board(api)
    path = f"/v1/posts/{start(api)['id']}"
    headers = {"Idempotency-Key": KEY}
    answers = [api.call("DELETE", path, who="customer", headers=headers) for _ in range(2)]

    assert [204, 204] == [answer.status for answer in answers]


def test_every_step_of_the_main_job_can_be_repeated(api: ForumApi) -> None:
    """Claim, decision, appeal and its decision are answered again from what they made."""
    open_board(api)
    post = start(api)
    receipt = notice_about(api, post["id"])
    case = api.get("/v1/cases", "moderator").expect(200)["items"][0]
    steps = [
        ("moderator", f"/v1/cases/{case['id']}/claim", {}),
        ("moderator", f"/v1/cases/{case['id']}/decision",
         {"revision": 1, "category": "INSULT", "facts": "x", "about_operator": False, **keep()}),
    ]  # fmt: skip
    for who, path, body in steps:
        texts = {api.post(path, body, who, KEY[:-1] + str(len(path) % 10)).text for _ in range(2)}
        assert 1 == len(texts), path
    path = f"/v1/notices/{receipt['id']}/appeal"
    secret = {"Notice_Secret": receipt["secret"]}
    appeals = [
        api.post(path, {"reasons": "Doch."}, key=KEY, **secret).expect(201) for _ in range(2)
    ]
    assert appeals[0] == appeals[1]
    path = f"/v1/appeals/{appeals[0]['id']}/decision"
    body = {"outcome": "upheld", "reasons": "Bleibt."}
    verdicts = {api.post(path, body, "moderator2", KEY).text for _ in range(2)}
    assert 1 == len(verdicts)


def test_an_export_is_asked_for_once(api: ForumApi) -> None:
    """The repeated request names the same job."""
    body = {"from": "2026-01-01T00:00:00.000Z", "to": "2026-12-01T00:00:00.000Z"}
    jobs = {
        api.post("/v1/audit/exports", body, "compliance", KEY).expect(202)["id"] for _ in range(2)
    }

    assert 1 == len(jobs)
