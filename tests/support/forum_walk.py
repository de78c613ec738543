"""The steps of the main job over the in-process API, each a call that must succeed."""

from typing import Any

from tests.support.forum_api import ForumApi

NORM = "§ 185 StGB"
GROUND = {"kind": "illegal", "norm": NORM, "explanation": "Formalbeleidigung."}


def open_board(api: ForumApi, slug: str = "hilfe", **fields: Any) -> dict[str, Any]:
    """A board of the unit `support`."""
    body = {"slug": slug, "title": "Hilfe", "unit": "support", **fields}
    board: dict[str, Any] = api.post("/v1/boards", body, "admin").expect(201)
    return board


def start(
    api: ForumApi, body: str = "Wer kennt den Filter?", who: str = "customer", slug: str = "hilfe"
) -> dict[str, Any]:
    """The opening post of a new thread."""
    path = f"/v1/boards/{slug}/threads"
    post: dict[str, Any] = api.post(path, {"title": "Filter", "body": body}, who).expect(201)[
        "post"
    ]
    return post


def reply(api: ForumApi, thread_id: str, body: str, who: str = "customer2") -> dict[str, Any]:
    """A reply."""
    post: dict[str, Any] = api.post(f"/v1/threads/{thread_id}/posts", {"body": body}, who).expect(
        201
    )
    return post


def notice_about(api: ForumApi, post_id: str, **fields: Any) -> dict[str, Any]:
    """The receipt of a public notice about a post."""
    body = {"items": [{"post_id": post_id}], "reasons": "Beleidigung.", "good_faith": True}
    receipt: dict[str, Any] = api.post("/v1/notices", {**body, **fields}).expect(201)
    return receipt


def case_about(api: ForumApi, post_id: str, state: str = "open") -> dict[str, Any]:
    """The case about a post."""
    items = api.get(f"/v1/cases?state={state}&limit=100", "moderator").expect(200)["items"]
    found: dict[str, Any] = next(case for case in items if case["subject"]["id"] == post_id)
    return found


def decision(**fields: Any) -> dict[str, Any]:
    """The body of a decision to remove."""
    return {
        "revision": 1,
        "outcome": "remove",
        "category": "INSULT",
        "facts": "Der Beitrag beschimpft eine Person.",
        "about_operator": False,
        "ground": GROUND,
        **fields,
    }


def decide(api: ForumApi, post_id: str, who: str = "moderator", **fields: Any) -> dict[str, Any]:
    """Claim the open case about a post and decide it."""
    case = case_about(api, post_id)
    api.post(f"/v1/cases/{case['id']}/claim", {}, who).expect(200)
    path = f"/v1/cases/{case['id']}/decision"
    made: dict[str, Any] = api.post(path, decision(**fields), who).expect(201)
    return made


def removed(api: ForumApi) -> tuple[dict[str, Any], dict[str, Any]]:
    """A post that was removed on a notice, and the decision."""
    open_board(api)
    post = start(api)
    notice_about(api, post["id"])
    return post, decide(api, post["id"])


def keep(**fields: Any) -> dict[str, Any]:
    """The parts of a decision to keep."""
    return {"outcome": "keep", "category": "REVIEW_OPINION", "ground": None, **fields}
