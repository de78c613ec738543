"""Whatever is sent to whatever route: a described status, a problem, and never a 5xx."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.api.bodies import read_body
from functions.api.catalogue import endpoints
from functions.api.endpoint import Endpoint
from functions.api.errors import Malformed
from moderation.errors import Invalid
from schemas.decisions import NewDecision
from schemas.notices import NewNotice
from tests.support.forum_api import PEOPLE, ForumApi
from tests.support.forum_walk import case_about, decision, notice_about, open_board, start

WRITING = [endpoint for endpoint in endpoints() if endpoint.has_body]
READING = [endpoint for endpoint in endpoints() if endpoint.method == "GET"]
FIELDS = sorted(
    {name for endpoint in WRITING for name in endpoint.takes.model_fields}
    | {"from", "to", "post_id", "kind", "norm", "made", "x"}
)
text = st.text(max_size=40)
scalar = st.none() | st.booleans() | st.integers() | st.floats() | text
values = st.recursive(
    scalar | st.sampled_from(["illegal", "terms", "remove", "keep", "INSULT", "public"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | text, inner, max_size=6)
    ),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(FIELDS) | text, values, max_size=8) | values


class Forum:
    """A forum with something of each kind in it."""

    def __init__(self) -> None:
        self.api = ForumApi.fresh(writes_per_minute=10**6, notices_per_minute=10**6)
        open_board(self.api)
        post = start(self.api, "MARK-DOX")
        other = start(self.api)
        notice = notice_about(self.api, other["id"])
        case = case_about(self.api, post["id"])
        self.ids = [post["id"], post["thread_id"], other["id"], notice["id"], case["id"],
                    post["statement_id"], "01M83T4CM0RJYAWWPY7WSA2MFG", "x", "POST#1"]  # fmt: skip

    def path(self, endpoint: Endpoint, chosen: str) -> str:
        """The endpoint's path with an id in it."""
        named = chosen.replace("#", "%23")
        return endpoint.path.replace("{id}", named).replace("{slug}", "hilfe")


@pytest.fixture(scope="module")
def forum() -> Forum:
    """One forum for all examples: what they change is part of the game."""
    return Forum()


quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(st.data())
def test_no_body_brings_a_writing_call_down(forum: Forum, data: st.DataObject) -> None:
    """Any JSON, by anybody, about anything."""
    endpoint = data.draw(st.sampled_from(WRITING))
    path = forum.path(endpoint, data.draw(st.sampled_from(forum.ids)))
    who = data.draw(st.sampled_from([None, *PEOPLE]))
    body = json.dumps(data.draw(bodies))
    headers = {"If-Match": '"1"', "Notice-Secret": data.draw(st.sampled_from(["", "x"]))}
    answer = forum.api.call(endpoint.method, path, body, who=who, headers=headers)

    assert answer.status < 500, answer.text
    assert answer.status < 300 or answer.body["type"].startswith("urn:hausrecht:problem:")


@quick
@given(st.data())
def test_no_query_brings_a_reading_call_down(forum: Forum, data: st.DataObject) -> None:
    """Any parameters, by anybody."""
    endpoint = data.draw(st.sampled_from(READING))
    event = forum.api.event("GET", forum.path(endpoint, forum.ids[0]), None, {})
    names = st.sampled_from(["limit", "cursor", "state", "queue", "actor", "from", "to", "x"])
    found = st.lists(text | st.sampled_from(["open", "25", "AAAA"]), min_size=1, max_size=2)
    event["multiValueQueryStringParameters"] = data.draw(
        st.none() | st.dictionaries(names, found, max_size=3)
    )
    who = data.draw(st.sampled_from([None, *PEOPLE]))
    if who:
        event["headers"]["Authorization"] = f"Bearer {forum.api.token(who)}"
    answer = forum.api.send(event)

    assert answer.status < 500, answer.text


@quick
@given(raw=st.binary(max_size=200) | text.map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_bytes_are_refused_or_read(raw: bytes) -> None:
    """No byte string raises anything but the two refusals."""
    for model in (NewNotice, NewDecision):
        with suppress(Malformed, Invalid):
            read_body(model, raw, None)


def mutations(body: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A whole decision with some fields replaced."""
    return st.dictionaries(st.sampled_from(sorted(body)), values, max_size=3).map(
        lambda changes: {**body, **changes}
    )


@quick
@given(body=mutations(decision(member_measure=None, measure=None, referral=None)))
def test_no_decision_brings_the_review_down(forum: Forum, body: dict[str, Any]) -> None:
    """Decisions that are almost right, on a claimed case."""
    case_id = forum.ids[4]
    forum.api.post(f"/v1/cases/{case_id}/claim", {}, "moderator")
    answer = forum.api.call(
        "POST", f"/v1/cases/{case_id}/decision", json.dumps(body), who="moderator"
    )

    assert answer.status in {201, 400, 409, 422}, answer.text
