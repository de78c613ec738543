"""What is wrong with a request is said clearly, with a 4xx, and nothing is lost or let through."""

import json
import uuid
from typing import Any

import pytest

from tests.support.forum_api import ForumApi
from tests.support.forum_walk import case_about, notice_about, open_board, reply, start

KEY = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


@pytest.fixture
def thread(api: ForumApi) -> str:
    """A thread to write into."""
    open_board(api)
    return str(start(api)["thread_id"])


def post_raw(api: ForumApi, path: str, raw: str, **headers: str) -> Any:
    """POST a body as it stands."""
    return api.call("POST", path, raw, who="customer", headers=headers)


@pytest.mark.parametrize(
    ("raw", "status", "problem"),
    [
        ("", 400, "malformed"),
        ("{", 400, "malformed"),
        ('{"body":"a"', 400, "malformed"),
        ("{'body':'a'}", 400, "malformed"),
        ('{"body":"\\ud800"}', 400, "malformed"),
        ('{"body":"a\\udc00b"}', 400, "malformed"),
        ('{"body":"a\tb"}', 400, "malformed"),
        ("[" * 100_000, 400, "malformed"),
        ('{"body":' * 20_000, 400, "malformed"),
        ('{"body":"a","x":' + "[" * 250 + "]" * 250 + "}", 400, "malformed"),
        ("[]", 422, "invalid"),
        ("null", 422, "invalid"),
        ("7", 422, "invalid"),
        ("{}", 422, "invalid"),
        ('{"body":""}', 422, "invalid"),
        ('{"body":null}', 422, "invalid"),
        ('{"body":["a"]}', 422, "invalid"),
        ('{"body":7}', 422, "invalid"),
        ('{"body":true}', 422, "invalid"),
        ('{"body":"a\\u0000b"}', 422, "invalid"),
        ('{"body":"a","author":"01M83T4CM0RJYAWWPY7WSA2MFG"}', 422, "invalid"),
        ('{"body":"a","state":"published"}', 422, "invalid"),
        ('{"body":"a","__proto__":{}}', 422, "invalid"),
        ('{"body":"a","language":"klingon!"}', 422, "invalid"),
        (json.dumps({"body": "a" * 10_001}), 422, "invalid"),
        (json.dumps({"body": "a" * 100_000}), 422, "invalid"),
        (json.dumps({"body": "漢" * 7_000}, ensure_ascii=False), 422, "invalid"),
        (json.dumps({"body": "a" * 1_000_000}), 413, "too-large"),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused(
    api: ForumApi, thread: str, raw: str, status: int, problem: str
) -> None:
    """No JSON is 400, JSON of another shape 422, too much of it 413; nothing is written."""
    answer = post_raw(api, f"/v1/threads/{thread}/posts", raw)

    assert (status, problem) == (answer.status, answer.problem)
    assert "application/problem+json" == answer.headers["content-type"]
    assert 1 == len(api.get(f"/v1/threads/{thread}/posts").expect(200)["items"])


def test_a_fault_is_pointed_at(api: ForumApi) -> None:
    """Each fault has its JSON pointer, through lists and unions too, escaped as RFC 6901 asks."""
    body = {"items": [{"post_id": "x"}], "good_faith": True, "reasons": "", "a/b~c": 1}
    answer = api.post("/v1/notices", body)

    pointers = [error["pointer"] for error in answer.expect(422)["errors"]]
    assert ["/items/0/post_id", "/reasons", "/a~1b~0c"] == pointers


def test_a_fault_within_a_union_is_pointed_at(api: ForumApi) -> None:
    """What pydantic adds to a place is left out."""
    open_board(api)
    post = start(api)
    notice_about(api, post["id"])
    case = case_about(api, post["id"])
    body = {
        "revision": 1, "outcome": "remove", "category": "INSULT", "facts": "x",
        "about_operator": False, "ground": {"kind": "illegal", "explanation": "x", "clause": "y"},
    }  # fmt: skip
    answer = api.post(f"/v1/cases/{case['id']}/decision", body, "moderator")

    pointers = [error["pointer"] for error in answer.expect(422)["errors"]]
    assert ["/ground/norm", "/ground/clause"] == pointers


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/json; charset=latin-1", "application/jsonp",
     "multipart/form-data; boundary=x"],
)  # fmt: skip
def test_other_types_of_bodies_are_refused(api: ForumApi, thread: str, content_type: str) -> None:
    """A body is JSON in UTF-8 and says so."""
    path = f"/v1/threads/{thread}/posts"
    answer = post_raw(api, path, '{"body":"a"}', **{"Content-Type": content_type})

    assert (415, "unsupported-media-type") == (answer.status, answer.problem)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"'],
)
def test_json_is_taken_however_it_is_spelled(api: ForumApi, thread: str, content_type: str) -> None:
    """Types are compared without case, and UTF-8 may be said."""
    path = f"/v1/threads/{thread}/posts"
    assert 201 == post_raw(api, path, '{"body":"a"}', **{"Content-Type": content_type}).status


@pytest.mark.parametrize(
    "body",
    [
        "\u202eevil\u202c",
        "\u2066\u2067\u2068x\u2069" * 100,
        "\u200b\u200c\u200d\u2060\ufeff" * 1_000,
        "Z" + "\u0301" * 6_000,
        "﷽" * 6_000,
        "\x01\x02\x1b[31m\x7f\x85",
        "<script>alert(1)</script>",
        '" onmouseover="alert(1)',
        "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
        "'; DROP TABLE posts; --",
        "=cmd|' /C calc'!A0",
        "../../../../etc/passwd",
        "\\u0000 %00 %s%n%x",
        "   ",
        "\r\n\r\nSet-Cookie: a=b",
        "😀" * 5_000,
    ],
)
def test_hostile_text_is_kept_and_does_nothing(api: ForumApi, thread: str, body: str) -> None:
    """Controls, floods and vectors come back exactly, as the author's and as every reader's."""
    made = post_raw(api, f"/v1/threads/{thread}/posts", json.dumps({"body": body})).expect(201)

    read = api.get(f"/v1/posts/{made['id']}").expect(200)
    listed = api.get(f"/v1/threads/{thread}/posts").expect(200)["items"][-1]
    assert [body] * 3 == [made["body"], read["body"], listed["body"]]
    assert "<script" not in read["body_html"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/posts/POST%2301M83T4CM0RJYAWWPY7WSA2MFG",
        "/v1/posts/01M83T4CM0RJYAWWPY7WSA2MFG%23META",
        "/v1/posts/01M83T4CM0RJYAWWPY7WSA2MFG%2Fx",
        "/v1/posts/01m83t4cm0rjyawwpy7wsa2mfg",
        "/v1/posts/..%2F..%2Fboards",
        "/v1/posts/%00",
        "/v1/posts/%F0%9F%98%80",
        "/v1/posts/01M83T4CM0RJYAWWPY7WSA2MFG%0A",
        "/v1/boards/hilfe%23META",
        "/v1/boards/HILFE",
        "/v1/boards/" + "a" * 65,
        "/v1/threads/BOARD%23hilfe/posts",
        "/v1/cases/null",
    ],
)
def test_an_id_out_of_form_names_nothing(api: ForumApi, path: str) -> None:
    """Separators of keys, other cases, controls and other letters are 404 before any read."""
    open_board(api)
    requests = len(api.stack.engine.meter.calls)

    assert 404 == api.get(path, "moderator").status
    assert requests == len(api.stack.engine.meter.calls)


def test_an_id_of_another_kind_names_nothing(api: ForumApi) -> None:
    """A thread's id is no post's, a post's no case's, and so on round the house."""
    open_board(api)
    post = start(api)
    notice_about(api, post["id"])
    case = case_about(api, post["id"])
    ids = {"threads": post["thread_id"], "posts": post["id"], "cases": case["id"]}
    for kind in ("threads", "posts", "cases", "statements", "appeals"):
        for other, other_id in ids.items():
            if kind != other:
                assert 404 == api.get(f"/v1/{kind}/{other_id}", "moderator").status, (kind, other)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=-1", "limit=ten", "limit=1.5", "limit=1&limit=2",
     "cursor=AAAAA", "cursor=abc", "cursor=%23", "cursor=" + "a" * 2_000,
     "offset=10", "Limit=5",
     "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "limit=9" * 2_000],
)  # fmt: skip
def test_a_query_out_of_form_is_refused(api: ForumApi, query: str) -> None:
    """Unknown names, doubles, limits outside 1 to 100 and made-up cursors are 400."""
    open_board(api)

    assert 400 == api.get(f"/v1/boards?{query}").status


def test_an_empty_parameter_says_nothing(api: ForumApi) -> None:
    """`queue=` is every queue, and a cursor counts with and without it."""
    open_board(api)
    for _ in range(2):
        start(api, "MARK-INSULT")
    first = api.get("/v1/cases?state=open&queue=&limit=1&cursor=", "moderator").expect(200)
    path = f"/v1/cases?state=open&cursor={first['next']}"

    assert 1 == len(first["items"])
    assert 1 == len(api.get(path, "moderator").expect(200)["items"])


def test_a_query_on_a_writing_call_is_refused(api: ForumApi) -> None:
    """What would be overlooked is refused."""
    open_board(api)
    answer = api.post("/v1/boards/hilfe/threads?dry_run=true", {"title": "T", "body": "B"}, "staff")

    assert 400 == answer.status


def test_the_filters_of_lists_are_closed(api: ForumApi) -> None:
    """A state nobody is in and a queue out of form are refused."""
    for query in ("state=lost", "queue=A%23B", "queue=" + "a" * 50):
        assert 400 == api.get(f"/v1/cases?{query}", "moderator").status


@pytest.mark.parametrize(
    "key", ["", "1", "not-a-uuid", KEY + "0", "{" + KEY + "}", "％", "a" * 9_000]
)
def test_a_key_out_of_form_is_refused(api: ForumApi, thread: str, key: str) -> None:
    """An idempotency key is a UUID."""
    answer = api.post(f"/v1/threads/{thread}/posts", {"body": "a"}, "customer", key=key)

    assert (400, "malformed") == (answer.status, answer.problem)


def test_a_missing_key_is_refused(api: ForumApi, thread: str) -> None:
    """Every POST that creates needs one, and says so."""
    path = f"/v1/threads/{thread}/posts"
    answer = api.call("POST", path, {"body": "a"}, who="customer", key=None)

    assert (400, "idempotency-key-missing") == (answer.status, answer.problem)


@pytest.mark.parametrize("tag", ["1", 'W/"1"', '"0"', '"1", "2"', "*", '"x"', '"１"', ""])
def test_a_precondition_out_of_form_is_refused(api: ForumApi, tag: str) -> None:
    """`If-Match` is one tag as it was given."""
    open_board(api)
    path = f"/v1/posts/{start(api)['id']}"
    answer = api.call("PATCH", path, {"body": "b"}, who="customer", headers={"If-Match": tag})

    assert 400 == answer.status


def test_a_body_in_base64_is_read_and_nonsense_refused(api: ForumApi, thread: str) -> None:
    """API Gateway may encode what it takes for binary."""
    path = f"/v1/threads/{thread}/posts"
    headers = {
        "Authorization": f"Bearer {api.token('customer')}",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    event = api.event("POST", path, "eyJib2R5IjoiaGkifQ==", headers)
    assert 201 == api.send({**event, "isBase64Encoded": True}).status
    for nonsense in ("%%%", "a", "/////w==", "ä"):
        event = {**api.event("POST", path, nonsense, headers), "isBase64Encoded": True}
        assert 400 == api.send(event).status


def test_a_lone_surrogate_in_the_event_itself_is_refused(api: ForumApi, thread: str) -> None:
    """Even where the runtime hands over what is no Unicode text."""
    answer = post_raw(api, f"/v1/threads/{thread}/posts", '{"body":"\ud800"}')

    assert 400 == answer.status


def test_deleting_twice_is_no_fault(api: ForumApi) -> None:
    """The second deletion finds nothing to do."""
    open_board(api)
    post = start(api)
    answers = [api.call("DELETE", f"/v1/posts/{post['id']}", who="customer") for _ in range(2)]

    assert [204, 204] == [answer.status for answer in answers]
    assert ["", ""] == [answer.text for answer in answers]
    assert "content-type" not in answers[0].headers


def test_writing_where_nothing_is_is_a_404(api: ForumApi) -> None:
    """No board, no thread."""
    absent = "01M83T4CM0RJYAWWPY7WSA2MFG"
    thread = api.post("/v1/boards/nichts/threads", {"title": "T", "body": "B"}, "customer")
    post = api.post(f"/v1/threads/{absent}/posts", {"body": "B"}, "customer")

    assert (404, 404) == (thread.status, post.status)


def test_a_title_out_of_form_is_refused(api: ForumApi) -> None:
    """A title has 1 to 200 characters."""
    open_board(api)
    for title in ("", "a" * 201, "a\0"):
        body = {"title": title, "body": "B"}
        assert 422 == api.post("/v1/boards/hilfe/threads", body, "customer").status


def test_duplicate_names_in_a_body_do_not_get_past_a_check(api: ForumApi, thread: str) -> None:
    """The last of two counts for the check and for what is written."""
    raw = '{"body":"MARK-DOX","body":"harmless"}'
    made = post_raw(api, f"/v1/threads/{thread}/posts", raw).expect(201)

    assert ("harmless", "published") == (made["body"], made["state"])
    assert made["id"] != reply(api, thread, "x")["id"]
