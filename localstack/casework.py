"""The demo's notices, claims, decisions and appeals, so that the first look shows real cases."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from localstack.client import Client, Refused, Shape
from localstack.demo.content import Demo, DemoAct, DemoAppeal, DemoDecision, DemoNotice
from localstack.progress import Progress

_CASE_STATES = ("open", "awaiting_approval", "decided", "closed")
_LOOK_AGAIN_SECONDS = 0.5
_CLAIMED = ("case:claim",)
_DECIDED = ("case:decide", "case:propose")


class _Subject(Shape):
    id: str
    revision: int


class _Event(Shape):
    action: str


class _Case(Shape):
    id: str
    state: str
    subject: _Subject
    notice_count: int
    history: tuple[_Event, ...]

    def shows(self, *actions: str) -> bool:
        """Whether one of these was done on the case already."""
        return any(event.action in actions for event in self.history)


class _CategoryGrounds(Shape):
    category: str
    norms: tuple[str, ...] = ()


class _Grounds(Shape):
    categories: tuple[_CategoryGrounds, ...]


class _Statement(Shape):
    id: str
    post_id: str
    appeal_id: str | None = None


@dataclass(slots=True)
class Desk:
    """Who works, on which posts (their ids by key); counts what was new."""

    client: Client
    tokens: Mapping[str, str]
    demo: Demo
    post_ids: Mapping[str, str]
    key: Callable[..., str]
    appear_seconds: float = 30.0
    new: int = 0
    norms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def create(self, path: str, body: dict[str, object], *, who: str | None, key: str) -> bool:
        """POST; false where it is there already (409)."""
        token = self.tokens[who] if who is not None else None
        try:
            self.client.insist("POST", path, token=token, body=body, key=key)
        except Refused as refused:
            if refused.answer.status != 409:
                raise
            return False
        self.new += 1
        return True

    def cases(self, states: tuple[str, ...] = _CASE_STATES) -> dict[str, _Case]:
        """The cases in those states by post, as a moderator lists them; an open one wins."""
        moderator = next(p for p in self.demo.people if "moderator" in p.roles)
        token = self.tokens[moderator.handle]
        found: dict[str, _Case] = {}
        for state in states:
            for case in self.client.pages(f"/v1/cases?state={state}", _Case, token=token):
                found.setdefault(case.subject.id, case)
        return found


def do(desk: Desk, progress: Progress) -> int:
    """File the notices, do the acts, lodge the appeals; how many of them were new."""
    work = desk.demo.casework
    total = len(work.notices) + len(work.acts) + len(work.appeals)
    steps = itertools.count(1)

    def told() -> None:
        progress("filing notices, deciding cases", next(steps), total)

    cases = desk.cases()
    counted = Counter({post: case.notice_count for post, case in cases.items()})
    for notice in work.notices:
        _file(desk, notice, counted)
        told()
    if desk.new:
        cases |= _open_cases(desk, {desk.post_ids[act.post] for act in work.acts})
    for act in work.acts:
        _act(desk, act, cases.get(desk.post_ids[act.post]))
        told()
    for appeal in work.appeals:
        _appeal(desk, appeal)
        told()
    return desk.new


def _file(desk: Desk, notice: DemoNotice, counted: Counter[str]) -> None:
    """File a notice unless each of its posts has one more than those filed before it here."""
    posts = [desk.post_ids[name] for name in notice.posts]
    there = all(counted[post] > 0 for post in posts)
    counted.subtract(posts)
    if there:
        return
    body: dict[str, object] = {
        "kind": notice.kind,
        "items": [{"post_id": post} for post in posts],
        "reasons": notice.reasons,
        "notifier": notice.notifier.model_dump() if notice.notifier is not None else None,
        "language": notice.language,
    }
    if notice.category is not None:
        body["category"] = notice.category
    if notice.kind == "illegal":
        body["good_faith"] = True
    key = desk.key("notice", notice.key, *posts)
    desk.create("/v1/notices", body, who=notice.login, key=key)


def _open_cases(desk: Desk, posts: set[str]) -> dict[str, _Case]:
    """The open cases by post; lists may lag, so those on these posts are waited for a while."""
    until = time.monotonic() + desk.appear_seconds
    while True:
        found = desk.cases(("open",))
        if posts <= found.keys() or time.monotonic() > until:
            return found
        time.sleep(_LOOK_AGAIN_SECONDS)


def _act(desk: Desk, act: DemoAct, case: _Case | None) -> None:
    """Claim the open case on a post and decide it, unless its history shows that this was done."""
    if case is None or case.state != "open":
        return
    if case.shows(*(_DECIDED if act.decision is not None else _CLAIMED)):
        return
    claim = f"/v1/cases/{case.id}/claim"
    claim_key = desk.key("claim", case.id, str(time.time_ns()))
    if not desk.create(claim, {}, who=act.moderator, key=claim_key) or act.decision is None:
        return
    desk.create(
        f"/v1/cases/{case.id}/decision",
        {"revision": case.subject.revision, **_decision(desk, act.decision)},
        who=act.moderator,
        key=desk.key("decision", case.id, str(case.subject.revision)),
    )


def _decision(desk: Desk, decision: DemoDecision) -> dict[str, object]:
    body: dict[str, object] = {
        "outcome": decision.outcome,
        "category": decision.category,
        "facts": decision.facts,
        "about_operator": decision.about_operator,
    }
    if decision.outcome != "keep":
        norms = _norms(desk, decision.category)
        norm = decision.norm if decision.norm in norms else norms[0]
        body["ground"] = {"kind": "illegal", "norm": norm, "explanation": decision.explanation}
    return body


def _norms(desk: Desk, category: str) -> tuple[str, ...]:
    if not desk.norms:
        grounds = desk.client.insist("GET", "/v1/grounds").into(_Grounds)
        desk.norms = {listed.category: listed.norms for listed in grounds.categories}
    return desk.norms.get(category) or ("",)


def _appeal(desk: Desk, appeal: DemoAppeal) -> None:
    """Object to the newest statement on a post that nobody has objected to yet."""
    authors = {post.key: post.author for _, t in desk.demo.threads for post in t.posts}
    author = authors[appeal.post]
    post_id = desk.post_ids[appeal.post]
    statements = desk.client.pages("/v1/me/statements", _Statement, token=desk.tokens[author])
    for statement in statements:
        if statement.post_id == post_id and statement.appeal_id is None:
            path = f"/v1/statements/{statement.id}/appeal"
            key = desk.key("appeal", statement.id)
            desk.create(path, {"reasons": appeal.reasons}, who=author, key=key)
            return
