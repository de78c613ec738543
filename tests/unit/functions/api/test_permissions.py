"""Every route with every role: who gets in, and who learns that there is nothing to get into."""

import pytest

from functions.api.authentication import Unauthorized
from functions.api.endpoint import Resource
from functions.api.permissions import TABLE, Access, Everybody, Ownership, admit
from moderation.actor import Role
from moderation.errors import Forbidden
from schemas.strict import Nothing
from tests.support.forum_api import PEOPLE, ForumApi
from tests.support.forum_walk import decide, decision, notice_about, open_board, reply, start
from tests.support.rule_walk import proposal

ABSENT = "01M83T4CM0RJYAWWPY7WSA2MFG"
BODIES = {
    ("POST", "/v1/boards"): {"slug": "neu", "title": "Neu"},
    ("PATCH", "/v1/boards/{slug}"): {"answer_target": None},
    ("POST", "/v1/threads/{id}/answer"): {"post_id": ABSENT},
    ("POST", "/v1/boards/{slug}/threads"): {"title": "T", "body": "B"},
    ("POST", "/v1/threads/{id}/posts"): {"body": "B"},
    ("PATCH", "/v1/posts/{id}"): {"body": "B"},
    ("POST", "/v1/posts/{id}/redrive"): {},
    ("POST", "/v1/notices"): {
        "items": [{"post_id": ABSENT}], "reasons": "Weil.", "good_faith": True
    },
    ("POST", "/v1/notices/{id}/appeal"): {"reasons": "Nein."},
    ("POST", "/v1/cases/closing"): {
        "cases": [{"id": ABSENT, "revision": 1}], "reason": "Fehlalarm."
    },
    ("POST", "/v1/cases/{id}/claim"): {},
    ("POST", "/v1/cases/{id}/release"): {},
    ("POST", "/v1/cases/{id}/escalate"): {"reason": "Dringend."},
    ("POST", "/v1/cases/{id}/decision"): decision(),
    ("POST", "/v1/cases/{id}/approval"): {"approve": True, "reason": "Gut."},
    ("POST", "/v1/statements/{id}/appeal"): {"reasons": "Nein."},
    ("POST", "/v1/appeals/{id}/decision"): {"outcome": "upheld", "reasons": "Bleibt."},
    ("POST", "/v1/rulesets"): proposal(),
    ("POST", "/v1/rulesets/{id}/approval"): {"approve": True, "reason": "Gut."},
    ("POST", "/v1/rulesets/{id}/retirement"): {"reason": "Weg."},
    ("POST", "/v1/boards/{slug}/calibration"): {"reason": "Passend."},
    ("POST", "/v1/audit/cosignatures"): {"note": "x"},
    ("POST", "/v1/audit/exports"): {
        "from": "2026-01-01T00:00:00.000Z", "to": "2026-12-01T00:00:00.000Z"
    },
    ("POST", "/v1/holds"): {
        "subject": f"post:{ABSENT}", "matter": "Az. 1", "basis": "order",
        "review_at": "2027-01-01T00:00:00.000Z",
    },
    ("POST", "/v1/erasures"): {"member_id": ABSENT},
    ("POST", "/v1/audit/disclosures"): {"member_id": ABSENT, "reason": "Weil."},
    ("POST", "/v1/audit/disclosures/{id}/approval"): {"approve": True},
}  # fmt: skip
CALLERS = [None, *PEOPLE]
NO_SUCH = {404}
"""What a caller who gets in finds behind an id that names nothing."""


def expected(access: Access, who: str | None) -> str:
    """Whether a caller gets in, by the table alone."""
    if access.who is Everybody.PUBLIC:
        return "in"
    if who is None:
        return "401"
    if access.who is Everybody.MEMBER:
        return "in"
    roles = {Role(role) for role in PEOPLE[who].roles}
    return "in" if roles & access.who else "403"


@pytest.fixture(scope="module")
def forum() -> ForumApi:
    """One forum for the whole table: nothing here depends on what the calls change."""
    return ForumApi.fresh()


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("route", sorted(TABLE))
def test_every_route_lets_in_whom_the_table_lets_in(
    forum: ForumApi, route: tuple[str, str], who: str | None
) -> None:
    """401 without a token, 403 without the role, and for all others whatever is behind the door."""
    method, template = route
    path = template.replace("{id}", ABSENT).replace("{slug}", "nichts")
    headers = {"If-Match": '"1"'} if method == "PATCH" else {}
    answer = forum.call(method, path, BODIES.get(route), who=who, headers=headers)

    outcome = expected(TABLE[route], who)
    if outcome == "in":
        assert answer.status in {200, 201, 202, 204, 404}, answer.text
        assert ("{" not in template) or answer.status in NO_SUCH
    else:
        assert int(outcome) == answer.status


def test_a_route_that_is_not_in_the_table_cannot_be_registered() -> None:
    """Forgetting it fails at import, in every test and at the first start."""
    resource = Resource("secrets")

    with pytest.raises(LookupError):
        resource.get("/v1/secrets", takes=Nothing, gives=None)


def test_the_door_knows_three_kinds_of_callers() -> None:
    """Anybody, anybody with a token, and holders of a role."""
    admit(Access(Everybody.PUBLIC), None)
    with pytest.raises(Unauthorized):
        admit(Access(Everybody.MEMBER), None)
    actor = ForumApi.fresh().actor("customer")
    admit(Access(Everybody.MEMBER), actor)
    with pytest.raises(Forbidden):
        admit(Access(frozenset({Role.ADMIN})), actor)


READERS = ["customer", "customer2", "staff", "moderator", "approver", "compliance", "admin"]


def seen_by(api: ForumApi, path: str) -> dict[str | None, int]:
    """The status that each caller gets."""
    return {who: api.get(path, who).status for who in [None, *READERS]}


def statuses(default: int, **others: int) -> dict[str | None, int]:
    """A status for everybody, and others by caller (`public` is nobody)."""
    named = {who: others.get(who or "public", default) for who in [None, *READERS]}
    return dict(named)


def test_a_members_board_is_not_there_for_strangers(api: ForumApi) -> None:
    """Board, threads, thread, posts and post: 404 without a token, 200 with any."""
    open_board(api, "intern", visibility="members")
    post = start(api, slug="intern")
    for path in (
        "/v1/boards/intern",
        "/v1/boards/intern/threads",
        f"/v1/threads/{post['thread_id']}",
        f"/v1/threads/{post['thread_id']}/posts",
        f"/v1/posts/{post['id']}",
    ):
        assert statuses(200, public=404) == seen_by(api, path), path
    assert [] == api.get("/v1/boards").expect(200)["items"]
    assert 1 == len(api.get("/v1/boards", "nobody").expect(200)["items"])


@pytest.mark.parametrize("body", ["MARK-DOX", "plain"])
def test_a_hidden_post_is_there_for_its_author_and_reviewers_alone(
    api: ForumApi, body: str
) -> None:
    """Held by a rule or removed by a decision, it is 404 to everybody else."""
    open_board(api)
    post = start(api, body)
    if body == "plain":
        notice_about(api, post["id"])
        decide(api, post["id"])

    hidden = statuses(404, customer=200, moderator=200, approver=200)
    assert hidden == seen_by(api, f"/v1/posts/{post['id']}")
    assert {**hidden, None: 401} == seen_by(api, f"/v1/posts/{post['id']}/revisions")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_only_the_author_changes_a_post(api: ForumApi, method: str) -> None:
    """403 for others who can see it, 404 where they cannot, 401 for nobody."""
    open_board(api)
    shown, held = start(api), start(api, "MARK-DOX")
    body = {"body": "neu"} if method == "PATCH" else None
    headers = {"If-Match": '"1"'}

    def change(post: dict[str, str], who: str | None) -> int:
        path = f"/v1/posts/{post['id']}"
        return api.call(method, path, body, who=who, headers=headers).status

    assert [401, 403, 403, 403] == [
        change(shown, who) for who in (None, "customer2", "staff", "moderator")
    ]
    assert [404, 404] == [change(held, who) for who in ("customer2", "staff")]
    assert change(shown, "customer") in {200, 204}
    assert change(held, "customer") in {200, 204}


def test_a_statement_is_for_its_addressee_alone(api: ForumApi) -> None:
    """Nobody else reads it or objects to it, moderators neither."""
    open_board(api)
    post = start(api)
    notice_about(api, post["id"])
    path = f"/v1/statements/{decide(api, post['id'])['statement_id']}"

    assert statuses(404, public=401, customer=200) == seen_by(api, path)
    others = {who: api.post(f"{path}/appeal", {"reasons": "x"}, who).status for who in READERS[1:]}
    assert dict.fromkeys(READERS[1:], 404) == others


def test_only_the_author_is_told_of_the_statement(api: ForumApi) -> None:
    """`statement_id` is in the author's view and in nobody else's."""
    open_board(api)
    post = start(api)
    notice_about(api, post["id"])
    statement = decide(api, post["id"])["statement_id"]
    path = f"/v1/posts/{post['id']}"

    assert statement == api.get(path, "customer").expect(200)["statement_id"]
    assert "statement_id" not in api.get(path, "moderator").expect(200)


def test_what_is_ones_own_is_nobody_elses(api: ForumApi) -> None:
    """Posts, statements and notifications under `/v1/me` are the caller's."""
    open_board(api)
    post = start(api)
    other = reply(api, post["thread_id"], "Ich.")

    def own(who: str) -> list[str]:
        return [item["id"] for item in api.get("/v1/me/posts", who).expect(200)["items"]]

    assert ([post["id"]], [other["id"]], []) == (own("customer"), own("customer2"), own("staff"))


def test_every_ownership_is_named_for_some_route() -> None:
    """No word of the vocabulary is left over."""
    assert set(Ownership) == {access.ownership for access in TABLE.values()}
