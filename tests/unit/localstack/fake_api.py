"""The contract's forum in one process: just enough of it for the seed and the load."""

import base64
import itertools
import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


def mint(sub: str, name: str, roles: tuple[str, ...], unit: str | None) -> str:
    """A token that the fake reads back."""
    claims = json.dumps([sub, name, list(roles), unit]).encode()
    return base64.urlsafe_b64encode(claims).decode()


class Problem(Exception):
    """A refusal."""

    def __init__(self, status: int, name: str, retry_after: str | None = None) -> None:
        self.status, self.name, self.retry_after = status, name, retry_after
        super().__init__(name)


@dataclass
class Forum:
    """State of the fake; knobs are set by the test.

    A text with HOLD in it is held, one with FLAG gets a case, one with REFUSE is a 422.
    `limits` refuses that many of the next writes to paths with `limits_on` in them with a 429.
    `remembers_keys` False is an API a day later.
    `lists_lag` leaves posts and threads out of lists, `cases_lag` cases.
    `limited` may not reply, `claimed_by` has every case already.
    `holds_later` holds a flagged post once its case is listed.
    """

    page_size: int = 100
    limits: int = 0
    limits_on: str = ""
    retry_after: str = "0"
    fail_after_posts: int | None = None
    remembers_keys: bool = True
    lists_lag: bool = False
    limited: str | None = None
    holds_later: bool = False
    claimed_by: str | None = None
    cases_lag: bool = False
    boards: dict[str, Any] = field(default_factory=dict)
    threads: dict[str, Any] = field(default_factory=dict)
    posts: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, Any] = field(default_factory=dict)
    notices: list[Any] = field(default_factory=list)
    statements: list[Any] = field(default_factory=list)
    appeals: list[Any] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ids: Iterator[int] = field(default_factory=itertools.count)

    def new_id(self) -> str:
        """The next id; ids sort by time."""
        return f"{next(self.ids):026d}"

    def put_post(self, author: str, name: str, thread: Any, body: Any) -> Any:
        """Store a post, with its case where the text asks for one."""
        text = body["body"]
        if "REFUSE" in text:
            raise Problem(422, "invalid")
        if self.fail_after_posts is not None and len(self.posts) >= self.fail_after_posts:
            raise Problem(500, "internal")
        post = {
            "id": self.new_id(),
            "thread_id": thread["id"],
            "author": {"id": author, "name": name, "staff": False},
            "body": text,
            "language": body.get("language", "und"),
            "state": "held" if "HOLD" in text else "published",
            "revision": 1,
        }
        self.posts[post["id"]] = post
        if "HOLD" in text or "FLAG" in text:
            self.open_case(post, "THREAT" if "HOLD" in text else "INSULT")
        return post

    def open_case(self, post: Any, category: str) -> Any:
        """The open case on a post, made where there is none."""
        for case in self.cases.values():
            if case["subject"]["id"] == post["id"] and case["state"] == "open":
                return case
        case = {
            "id": self.new_id(),
            "state": "open",
            "category": category,
            "subject": {"kind": "post", "id": post["id"], "revision": post["revision"]},
            "notice_count": 0,
            "claim": None,
            "history": [{"action": "case:open"}],
        }
        self.cases[case["id"]] = case
        return case

    def answer(self, method: str, target: str, token: str | None, body: Any) -> tuple[int, Any]:
        """Status and body for a request; Problem where it is refused."""
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        sub, name, roles, _ = (
            json.loads(base64.urlsafe_b64decode(token)) if token else ("", "", ["public"], None)
        )
        for pattern, verb, call in ROUTES:
            found = re.fullmatch(pattern, url.path)
            if found and verb == method:
                return call(Request(self, sub, name, roles, query, body or {}), *found.groups())
        raise Problem(404, "not-found")

    def page(self, items: list[Any], query: dict[str, str]) -> tuple[int, Any]:
        """One page of a list."""
        start = int(query.get("cursor", "0"))
        size = min(int(query.get("limit", "25")), self.page_size)
        more = start + size < len(items)
        following = str(start + size) if more else None
        return 200, {"items": items[start : start + size], "next": following}


@dataclass
class Request:
    """Who asks for what."""

    forum: Forum
    sub: str
    name: str
    roles: list[str]
    query: dict[str, str]
    body: Any


def _board(r: Request) -> tuple[int, Any]:
    if r.body["slug"] == "REFUSE":
        raise Problem(422, "invalid")
    if r.body["slug"] in r.forum.boards:
        raise Problem(409, "conflict")
    r.forum.boards[r.body["slug"]] = r.body
    return 201, r.body


def _thread(r: Request, slug: str) -> tuple[int, Any]:
    thread = {"id": r.forum.new_id(), "board": slug, "title": r.body["title"]}
    post = r.forum.put_post(r.sub, r.name, thread, r.body)
    r.forum.threads[thread["id"]] = thread | {"hidden": post["state"] != "published"}
    return 201, {"thread": thread, "post": post}


def _threads(r: Request, slug: str) -> tuple[int, Any]:
    if r.forum.lists_lag:
        return r.forum.page([], r.query)
    shown = [t for t in r.forum.threads.values() if t["board"] == slug and not t["hidden"]]
    return r.forum.page(shown[::-1], r.query)


def _reply(r: Request, thread_id: str) -> tuple[int, Any]:
    if r.sub == r.forum.limited:
        raise Problem(429, "too-many-requests", r.forum.retry_after)
    return 201, r.forum.put_post(r.sub, r.name, r.forum.threads[thread_id], r.body)


def _post(r: Request, post_id: str) -> tuple[int, Any]:
    return 200, r.forum.posts[post_id]


def _own_posts(r: Request) -> tuple[int, Any]:
    if r.forum.lists_lag:
        return r.forum.page([], r.query)
    own = [post for post in r.forum.posts.values() if post["author"]["id"] == r.sub]
    return r.forum.page(own[::-1], r.query)


def _notice(r: Request) -> tuple[int, Any]:
    if r.body["kind"] == "terms" and not r.sub:
        raise Problem(401, "unauthorized")
    r.forum.notices.append(r.body | {"by": r.sub})
    for item in r.body["items"]:
        case = r.forum.open_case(r.forum.posts[item["post_id"]], "UNSPEC")
        case["notice_count"] += 1
    return 201, {"id": r.forum.new_id(), "secret": "s", "items": r.body["items"]}


def _grounds(_: Request) -> tuple[int, Any]:
    return 200, {"categories": [{"category": "INSULT", "norms": ["§ 185 StGB"]}]}


def _cases(r: Request) -> tuple[int, Any]:
    if "moderator" not in r.roles:
        raise Problem(403, "forbidden")
    for case in r.forum.cases.values() if r.forum.holds_later else ():
        r.forum.posts[case["subject"]["id"]]["state"] = "held"
    listed = [case for case in r.forum.cases.values() if case["state"] == r.query["state"]]
    return r.forum.page([] if r.forum.cases_lag else listed, r.query)


def _claim(r: Request, case_id: str) -> tuple[int, Any]:
    if r.forum.claimed_by is not None:
        raise Problem(409, "claimed")
    r.forum.cases[case_id]["claim"] = {"by": r.sub}
    r.forum.cases[case_id]["history"].append({"action": "case:claim"})
    return 200, r.forum.cases[case_id]


def _decide(r: Request, case_id: str) -> tuple[int, Any]:
    case = r.forum.cases[case_id]
    if case["claim"] != {"by": r.sub} or case["state"] != "open":
        raise Problem(409, "conflict")
    waits = r.body["about_operator"] and r.body["outcome"] != "keep"
    case["state"] = "awaiting_approval" if waits else "decided"
    case["decision"] = r.body
    case["history"].append({"action": "case:propose" if waits else "case:decide"})
    if not waits and r.body["outcome"] == "remove":
        post = r.forum.posts[case["subject"]["id"]]
        post["state"] = "removed"
        statement = {"id": r.forum.new_id(), "post_id": post["id"], "to": post["author"]["id"]}
        statement["appeal_id"] = None
        r.forum.statements.append(statement)
    return 201, {"id": r.forum.new_id(), "state": case["state"]}


def _statements(r: Request) -> tuple[int, Any]:
    return r.forum.page([s for s in r.forum.statements if s["to"] == r.sub], r.query)


def _appeal(r: Request, statement_id: str) -> tuple[int, Any]:
    statement = next(s for s in r.forum.statements if s["id"] == statement_id)
    if statement["appeal_id"] is not None:
        raise Problem(409, "conflict")
    statement["appeal_id"] = r.forum.new_id()
    r.forum.appeals.append({"statement": statement_id, "reasons": r.body["reasons"]})
    return 201, {"id": statement["appeal_id"]}


ROUTES = (
    (r"/v1/boards", "POST", _board),
    (r"/v1/boards/([^/]+)/threads", "POST", _thread),
    (r"/v1/boards/([^/]+)/threads", "GET", _threads),
    (r"/v1/threads/([^/]+)/posts", "POST", _reply),
    (r"/v1/posts/([^/]+)", "GET", _post),
    (r"/v1/me/posts", "GET", _own_posts),
    (r"/v1/notices", "POST", _notice),
    (r"/v1/grounds", "GET", _grounds),
    (r"/v1/cases", "GET", _cases),
    (r"/v1/cases/([^/]+)/claim", "POST", _claim),
    (r"/v1/cases/([^/]+)/decision", "POST", _decide),
    (r"/v1/me/statements", "GET", _statements),
    (r"/v1/statements/([^/]+)/appeal", "POST", _appeal),
)


def bodies_by_thread(forum: Forum) -> dict[str, list[str]]:
    """Each thread's posts in order, by the thread's title."""
    told: dict[str, list[str]] = defaultdict(list)
    for post in sorted(forum.posts.values(), key=lambda post: post["id"]):
        told[forum.threads[post["thread_id"]]["title"]].append(post["body"])
    return dict(told)
