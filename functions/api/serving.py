"""One request from the door to its answer: let in, read, counted, carried out, presented."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from functions.api import rate
from functions.api.access_log import trace
from functions.api.bodies import read_body, read_query
from functions.api.endpoint import Call, Endpoint, Reply
from functions.api.errors import failure, problem_text, refusal
from functions.api.idempotency import HEADER, idempotency_of, scope_of
from functions.api.incoming import Incoming
from functions.api.parts import Parts
from functions.api.permissions import admit
from moderation.actor import Actor
from moderation.change import Idempotency
from moderation.community.recent import Mark, alike
from moderation.errors import DomainError, NotFound, TooManyRequests, Unavailable
from moderation.ids import is_ulid
from moderation.ports import Allowance
from schemas.strict import Request

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
SLUG_CHARACTERS_MOST = 64


@dataclass(slots=True)
class Notes:
    """What is known of a request so far: for its log line and its headers, whatever comes of it."""

    actor: Actor | None = None
    headers: dict[str, str] = field(default_factory=dict)
    log: dict[str, object] = field(default_factory=dict)


def serve(endpoint: Endpoint, incoming: Incoming, parts: Parts, notes: Notes) -> Reply:
    """Answer a request; a refusal and what nobody foresaw are answers too."""
    try:
        return _answer(endpoint, incoming, parts, notes)
    except DomainError as error:
        reply = refusal(error)
        notes.log |= problem_text(reply)
        if isinstance(error, Unavailable):
            notes.log |= trace(error)
        return reply
    except Exception as error:  # noqa: BLE001  (the outermost place: nothing may fall through)
        notes.log |= trace(error)
        return failure()


def _answer(endpoint: Endpoint, incoming: Incoming, parts: Parts, notes: Notes) -> Reply:
    actor = parts.verifier.actor(incoming.headers.get("authorization"), parts.now())
    notes.actor = actor
    admit(endpoint.access, actor)
    _check_path(incoming.path)
    query = incoming.single_query()
    taken = _read(endpoint, incoming, query)
    call = Call(
        parts=parts,
        actor=actor,
        path=incoming.path,
        headers=incoming.headers,
        route=f"{endpoint.method} {endpoint.path}",
        query=query,
        idempotency=_idempotency(endpoint, incoming, parts, actor, taken),
    )
    if endpoint.limit is not None:
        mark = _mark(endpoint, call, taken)
        allowance = _count(endpoint.limit, incoming, parts, notes, mark)
        call = replace(call, recent=allowance.recent)
    reply = endpoint.handler(call, taken)
    return reply if reply.status else replace(reply, status=endpoint.status)


def _read(endpoint: Endpoint, incoming: Incoming, query: Mapping[str, str]) -> Request:
    if endpoint.has_body:
        read_query(Request, query)
        return read_body(endpoint.takes, incoming.raw, incoming.headers.get("content-type"))
    return read_query(endpoint.takes, query)


def _idempotency(
    endpoint: Endpoint, incoming: Incoming, parts: Parts, actor: Actor | None, taken: Request
) -> Idempotency | None:
    if not endpoint.writes:
        return None
    notice_id = incoming.path.get("id") if endpoint.secret else None
    return idempotency_of(
        parts.keyring,
        incoming.headers.get(HEADER.lower()),
        scope=scope_of(actor, notice_id, parts.keyring.address(incoming.address)),
        sent=incoming,
        body=taken,
        required=endpoint.key,
    )


def _mark(endpoint: Endpoint, call: Call, taken: Request) -> Mark | None:
    """The mark of a new text, by which the same one is known again; None where there is none."""
    if endpoint.text is None or call.idempotency is None:
        return None
    said = alike(endpoint.text(taken))
    return call.parts.keyring.mark(said, call.idempotency.key) if said else None


def _count(
    policy: str, incoming: Incoming, parts: Parts, notes: Notes, mark: Mark | None
) -> Allowance:
    caller = notes.actor.id if notes.actor else f"public-{parts.keyring.address(incoming.address)}"
    try:
        allowance = rate.count(parts, caller, policy, mark)
    except TooManyRequests as error:
        notes.headers |= rate.used_up(policy, parts, int(error.data.get("retry_after_s") or 1))
        raise
    notes.headers |= rate.headers(policy, allowance)
    return allowance


def _check_path(path: Mapping[str, str]) -> None:
    slug = path.get("slug", "a")
    is_slug = len(slug) <= SLUG_CHARACTERS_MOST and _SLUG.match(slug) is not None
    if not is_slug or not is_ulid(path.get("id", "0" * 26)):
        raise NotFound("There is nothing of this name.")
