"""Every route that leaves an act: how a forum comes to where it is called, and what it leaves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moderation.community.folding import FoldThread, Touch
from moderation.community.post import Post
from moderation.compliance.export_request import CompleteExport
from moderation.ids import ExportId
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import (
    case_about,
    decide,
    decision,
    notice_about,
    open_board,
    removed,
    reply,
    start,
)
from tests.support.own_packs import CONTENT
from tests.support.rule_walk import proposal, propose, publish

PERIOD = {"from": "2026-01-01T00:00:00.000Z", "to": "2099-01-01T00:00:00.000Z"}
REVIEW = "2027-01-01T00:00:00.000Z"
WHY = {"reason": "Dringend."}


@dataclass(frozen=True)
class Sent:
    """One request: whose, to which path, with what."""

    path: str
    who: str | None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


type Setup = Callable[[ForumApi], Sent]


def posted(api: ForumApi, body: str = "Wer kennt den Filter?") -> dict[str, Any]:
    """A post on a board."""
    open_board(api)
    return start(api, body)


def threaded(api: ForumApi) -> dict[str, Any]:
    """A post in a thread whose row has been folded, with a reply to it."""
    post = posted(api)
    answer = reply(api, post["thread_id"], "Ich.")
    touched = tuple(Touch(Post.at(each["id"]), was_listed=False) for each in (post, answer))
    api.stack.unit_of_work.run(FoldThread(post["thread_id"], touched))
    return answer


def marked(api: ForumApi) -> str:
    """The path of the answer of a thread that has one."""
    post = threaded(api)
    path = f"/v1/threads/{post['thread_id']}/answer"
    api.post(path, {"post_id": post["id"]}, "customer").expect(200)
    return path


def noticed(api: ForumApi) -> dict[str, Any]:
    """The open case about a post."""
    post = posted(api)
    notice_about(api, post["id"])
    return case_about(api, post["id"])


def alarms(api: ForumApi) -> list[dict[str, Any]]:
    """Twenty cases that a detector opened over nothing grave."""
    open_board(api)
    for _ in range(20):
        start(api, "MARK-SPAM")
    items = api.get("/v1/cases?limit=100", "moderator").expect(200)["items"]
    return [{"id": case["id"], "revision": 1} for case in items]


def claimed(api: ForumApi) -> str:
    """The path of a case that is claimed."""
    path = f"/v1/cases/{noticed(api)['id']}"
    api.post(f"{path}/claim", {}, "moderator").expect(200)
    return path


def proposed(api: ForumApi) -> str:
    """The path of a case whose decision awaits a second person."""
    path = claimed(api)
    api.post(f"{path}/decision", decision(about_operator=True), "moderator").expect(201)
    return path


def objected(api: ForumApi) -> str:
    """The path of an appeal."""
    _, made = removed(api)
    appeal = api.post(
        f"/v1/statements/{made['statement_id']}/appeal", {"reasons": "Nein."}, "customer"
    )
    return f"/v1/appeals/{appeal.expect(201)['id']}"


def notice_of(api: ForumApi) -> dict[str, Any]:
    """The receipt of a notice that was decided for keeping."""
    post = posted(api)
    receipt = notice_about(api, post["id"])
    decide(api, post["id"], outcome="keep", category="REVIEW_OPINION", ground=None)
    return receipt


def held(api: ForumApi) -> dict[str, Any]:
    """A legal hold on a post."""
    body = {"subject": f"post:{posted(api)['id']}", "matter": "Az. 1", "basis": "order"}
    return api.post("/v1/holds", body | {"review_at": REVIEW}, "compliance").expect(201)


def exported(api: ForumApi) -> str:
    """The path of an export that is ready."""
    posted(api)
    made = api.post("/v1/audit/exports", PERIOD, "compliance").expect(202)
    done = CompleteExport(export_id=ExportId(made["id"]), object_key="k", record="{}")
    api.stack.unit_of_work.run(done)
    return f"/v1/audit/exports/{made['id']}"


def about_moderator(api: ForumApi) -> dict[str, Any]:
    """The body of a request to link a moderator with the log."""
    return {"reason": "Beschwerde 4711.", "member_id": api.actor("moderator").id}


def disclosed(api: ForumApi) -> str:
    """The path of a disclosure that was asked for."""
    made = api.post("/v1/audit/disclosures", about_moderator(api), "compliance").expect(201)
    return f"/v1/audit/disclosures/{made['id']}"


def opened(api: ForumApi) -> str:
    """The path of a disclosure that a second person agreed to."""
    path = disclosed(api)
    api.post(f"{path}/approval", {"approve": True}, "compliance2").expect(200)
    return path


def on_board(method_path: str, who: str | None, body: Any = None, **headers: str) -> Setup:
    """A request that needs a board and no more."""

    def setup(api: ForumApi) -> Sent:
        open_board(api)
        return Sent(method_path, who, body, {k.replace("_", "-"): v for k, v in headers.items()})

    return setup


ACTS: dict[tuple[str, str], tuple[Setup, list[str]]] = {
    ("POST", "/v1/boards"): (
        lambda _: Sent("/v1/boards", "admin", {"slug": "neu", "title": "Neu"}),
        ["board:create"],
    ),
    ("PATCH", "/v1/boards/{slug}"): (
        on_board("/v1/boards/hilfe", "admin", {"answer_target": {"minutes": 60}}, If_Match='"1"'),
        ["board:update"],
    ),
    ("POST", "/v1/boards/{slug}/calibration"): (
        on_board(
            "/v1/boards/hilfe/calibration",
            "admin",
            {"reason": "Strenger.", "from_cases": False, "strictness": "strict"},
        ),
        ["board:calibrate"],
    ),
    ("POST", "/v1/boards/{slug}/threads"): (
        on_board("/v1/boards/hilfe/threads", "customer", {"title": "T", "body": "MARK-DOX"}),
        ["case:open", "post:hold", "statement:issue"],
    ),
    ("POST", "/v1/threads/{id}/posts"): (
        lambda api: Sent(
            f"/v1/threads/{posted(api)['thread_id']}/posts", "customer", {"body": "MARK-INSULT"}
        ),
        ["case:open"],
    ),
    ("POST", "/v1/threads/{id}/answer"): (
        lambda api: Sent(
            f"/v1/threads/{(post := threaded(api))['thread_id']}/answer",
            "customer",
            {"post_id": post["id"]},
        ),
        [],
    ),
    ("DELETE", "/v1/threads/{id}/answer"): (
        lambda api: Sent(marked(api), "customer"),
        [],
    ),
    ("PATCH", "/v1/posts/{id}"): (
        lambda api: Sent(
            f"/v1/posts/{noticed(api)['subject']['id']}",
            "customer",
            {"body": "Anders."},
            {"If-Match": '"1"'},
        ),
        ["case:update", "post:edit"],
    ),
    ("DELETE", "/v1/posts/{id}"): (
        lambda api: Sent(f"/v1/posts/{noticed(api)['subject']['id']}", "customer"),
        ["case:update", "post:delete"],
    ),
    ("POST", "/v1/posts/{id}/redrive"): (
        lambda api: Sent(f"/v1/posts/{posted(api)['id']}/redrive", "admin", {}),
        ["post:redrive"],
    ),
    ("DELETE", "/v1/me"): (
        lambda api: Sent("/v1/me", "customer") if posted(api) else Sent("", None),
        ["erasure:request"],
    ),
    ("POST", "/v1/notices"): (
        lambda api: Sent(
            "/v1/notices",
            None,
            {"items": [{"post_id": posted(api)["id"]}], "reasons": "Weil.", "good_faith": True},
        ),
        ["case:open", "notice:receive"],
    ),
    ("POST", "/v1/notices/{id}/appeal"): (
        lambda api: Sent(
            f"/v1/notices/{(receipt := notice_of(api))['id']}/appeal",
            None,
            {"reasons": "Doch."},
            {"Notice-Secret": receipt["secret"]},
        ),
        ["appeal:file", "appeal:file"],
    ),
    ("POST", "/v1/cases/closing"): (
        lambda api: Sent(
            "/v1/cases/closing", "moderator", {"cases": alarms(api), "reason": "Fehlalarme."}
        ),
        ["case:close"] * 20,
    ),
    ("POST", "/v1/cases/{id}/claim"): (
        lambda api: Sent(f"/v1/cases/{noticed(api)['id']}/claim", "moderator", {}),
        ["case:claim"],
    ),
    ("POST", "/v1/cases/{id}/release"): (
        lambda api: Sent(f"{claimed(api)}/release", "moderator", {}),
        ["case:release"],
    ),
    ("POST", "/v1/cases/{id}/escalate"): (
        lambda api: Sent(f"{claimed(api)}/escalate", "moderator", WHY),
        ["case:escalate"],
    ),
    ("POST", "/v1/cases/{id}/decision"): (
        lambda api: Sent(f"{claimed(api)}/decision", "moderator", decision()),
        ["case:decide", "post:remove", "statement:issue"],
    ),
    ("POST", "/v1/cases/{id}/approval"): (
        lambda api: Sent(
            f"{proposed(api)}/approval", "approver", {"approve": True, "reason": "Trifft zu."}
        ),
        ["case:approve", "post:remove", "statement:issue"],
    ),
    ("POST", "/v1/statements/{id}/appeal"): (
        lambda api: Sent(
            f"/v1/statements/{removed(api)[1]['statement_id']}/appeal",
            "customer",
            {"reasons": "Nein."},
        ),
        ["appeal:file", "appeal:file"],
    ),
    ("POST", "/v1/appeals/{id}/decision"): (
        lambda api: Sent(
            f"{objected(api)}/decision", "moderator2", {"outcome": "reversed", "reasons": "Zitat."}
        ),
        ["appeal:reverse", "appeal:reverse", "post:restore"],
    ),
    ("POST", "/v1/rulesets"): (
        lambda _: Sent("/v1/rulesets", "compliance", proposal(CONTENT)),
        ["ruleset:propose"],
    ),
    ("POST", "/v1/rulesets/{id}/approval"): (
        lambda api: Sent(
            f"/v1/rulesets/{propose(api)['id']}/approval",
            "admin",
            {"approve": True, "reason": "Einleuchtend."},
        ),
        ["ruleset:publish"],
    ),
    ("POST", "/v1/rulesets/{id}/retirement"): (
        lambda api: Sent(
            f"/v1/rulesets/{publish(api)['id']}/retirement",
            "admin",
            {"reason": "Fehlalarme.", "back_to": None},
        ),
        ["ruleset:retire"],
    ),
    ("POST", "/v1/audit/exports"): (
        lambda _: Sent("/v1/audit/exports", "compliance", PERIOD),
        ["export:request"],
    ),
    ("GET", "/v1/audit/exports/{id}"): (
        lambda api: Sent(exported(api), "compliance"),
        ["export:download"],
    ),
    ("POST", "/v1/audit/disclosures"): (
        lambda api: Sent("/v1/audit/disclosures", "compliance", about_moderator(api)),
        ["disclosure:request"],
    ),
    ("POST", "/v1/audit/disclosures/{id}/approval"): (
        lambda api: Sent(f"{disclosed(api)}/approval", "compliance2", {"approve": True}),
        ["disclosure:approve"],
    ),
    ("GET", "/v1/audit/disclosures/{id}"): (
        lambda api: Sent(opened(api), "compliance"),
        ["disclosure:read"],
    ),
    ("POST", "/v1/holds"): (
        lambda api: Sent(
            "/v1/holds",
            "compliance",
            {
                "subject": f"post:{posted(api)['id']}",
                "matter": "Az. 1",
                "basis": "order",
                "review_at": REVIEW,
            },
        ),
        ["hold:place"],
    ),
    ("DELETE", "/v1/holds/{id}"): (
        lambda api: Sent(f"/v1/holds/{held(api)['id']}", "compliance"),
        ["hold:release"],
    ),
    ("POST", "/v1/erasures"): (
        lambda api: Sent(
            "/v1/erasures",
            "compliance",
            {"member_id": posted(api)["author"]["id"]},
        ),
        ["erasure:request"],
    ),
}
"""What writes, or gives out what is protected: a request, and the acts it leaves, sorted."""
