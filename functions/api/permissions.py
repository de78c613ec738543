"""Who may call what: one table, and nothing else decides it.

`roles` is the least that a caller needs to get past the door; what a caller may do with one
particular thing (`ownership`) is checked by the command or the presenter that sees the thing, and
tested for each row. A route that is not in here cannot be registered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from functions.api.authentication import Unauthorized
from moderation.actor import Actor, Role
from moderation.errors import Forbidden


class Everybody(Enum):
    """Callers who are no role: anybody at all, and anybody with a token."""

    PUBLIC = "public"
    MEMBER = "member"


class Ownership(StrEnum):
    """What the thing itself has to say about the caller."""

    NONE = "none"
    BOARD_READER = "board reader"  # members boards: any token, else 404
    POST_READER = "post reader"  # as board reader; hidden: author and moderators, else 404
    AUTHOR = "author"  # the post's author, else 403 (404 where it is hidden from the caller)
    ASKER_OR_STAFF = "thread's author or staff"  # else 403
    AUTHOR_OR_MODERATOR = "author or moderator"  # else 404
    SELF = "self"  # lists the caller's own
    NOTIFIER = "notifier"  # holds the notice's secret, else 404
    CLAIM = "claim holder"  # else 409
    SECOND_PERSON = "second person"  # neither decider nor of the board's unit, else 409 or 403
    OTHER_PERSON = "other person"  # not who proposed it, else 409
    SECOND_OFFICER = "second officer"  # neither asked for it nor is it about them, else 409
    ADDRESSEE = "addressee"  # else 404
    NEW_PERSON = "new person"  # neither decided nor approved, else 409


@dataclass(frozen=True, slots=True)
class Access:
    """Who gets in (a set of roles, or everybody of a kind) and what is checked on the thing."""

    who: Everybody | frozenset[Role]
    ownership: Ownership = Ownership.NONE


PUBLIC = Everybody.PUBLIC
MEMBER = Everybody.MEMBER
WRITERS = frozenset({Role.CUSTOMER, Role.STAFF})
MARKERS = frozenset({Role.CUSTOMER, Role.STAFF, Role.MODERATOR})
ANSWERERS = frozenset({Role.STAFF, Role.MODERATOR, Role.ADMIN})
MODERATORS = frozenset({Role.MODERATOR})
SECOND = frozenset({Role.APPROVER, Role.MODERATOR})
REVIEWERS = frozenset({Role.MODERATOR, Role.APPROVER})
COMPLIANCE = frozenset({Role.COMPLIANCE})
ADMIN = frozenset({Role.ADMIN})
RULE_KEEPERS = COMPLIANCE | ADMIN
RULE_READERS = RULE_KEEPERS | REVIEWERS

Route = tuple[str, str]

RESOURCES: Mapping[str, Mapping[Route, Access]] = {
    "meta": {
        ("GET", "/health"): Access(PUBLIC),
        ("GET", "/openapi.json"): Access(PUBLIC),
        ("GET", "/docs"): Access(PUBLIC),
    },
    "boards": {
        ("GET", "/v1/boards"): Access(PUBLIC, Ownership.BOARD_READER),
        ("POST", "/v1/boards"): Access(ADMIN),
        ("GET", "/v1/boards/{slug}"): Access(PUBLIC, Ownership.BOARD_READER),
        ("PATCH", "/v1/boards/{slug}"): Access(ADMIN),
        ("GET", "/v1/boards/{slug}/threads"): Access(PUBLIC, Ownership.BOARD_READER),
        ("GET", "/v1/boards/{slug}/waiting"): Access(ANSWERERS),
        ("GET", "/v1/boards/{slug}/answers"): Access(ANSWERERS),
        ("POST", "/v1/boards/{slug}/threads"): Access(WRITERS),
    },
    "calibration": {
        ("GET", "/v1/boards/{slug}/calibration"): Access(RULE_KEEPERS),
        ("POST", "/v1/boards/{slug}/calibration"): Access(RULE_KEEPERS),
    },
    "threads": {
        ("GET", "/v1/threads/{id}"): Access(PUBLIC, Ownership.BOARD_READER),
        ("GET", "/v1/threads/{id}/posts"): Access(PUBLIC, Ownership.BOARD_READER),
        ("POST", "/v1/threads/{id}/posts"): Access(WRITERS),
        ("POST", "/v1/threads/{id}/answer"): Access(MARKERS, Ownership.ASKER_OR_STAFF),
        ("DELETE", "/v1/threads/{id}/answer"): Access(MARKERS, Ownership.ASKER_OR_STAFF),
    },
    "posts": {
        ("GET", "/v1/posts/{id}"): Access(PUBLIC, Ownership.POST_READER),
        ("PATCH", "/v1/posts/{id}"): Access(WRITERS, Ownership.AUTHOR),
        ("DELETE", "/v1/posts/{id}"): Access(WRITERS, Ownership.AUTHOR),
        ("GET", "/v1/posts/{id}/revisions"): Access(MEMBER, Ownership.AUTHOR_OR_MODERATOR),
        ("POST", "/v1/posts/{id}/redrive"): Access(ADMIN),
    },
    "me": {
        ("GET", "/v1/me"): Access(MEMBER, Ownership.SELF),
        ("DELETE", "/v1/me"): Access(MEMBER, Ownership.SELF),
        ("GET", "/v1/me/export"): Access(MEMBER, Ownership.SELF),
        ("GET", "/v1/me/erasure"): Access(MEMBER, Ownership.SELF),
        ("GET", "/v1/me/posts"): Access(MEMBER, Ownership.SELF),
        ("GET", "/v1/me/statements"): Access(MEMBER, Ownership.SELF),
        ("GET", "/v1/me/notifications"): Access(MEMBER, Ownership.SELF),
    },
    "notices": {
        ("POST", "/v1/notices"): Access(PUBLIC),
        ("GET", "/v1/notices/{id}"): Access(PUBLIC, Ownership.NOTIFIER),
        ("POST", "/v1/notices/{id}/appeal"): Access(PUBLIC, Ownership.NOTIFIER),
    },
    "grounds": {
        ("GET", "/v1/grounds"): Access(PUBLIC),
    },
    "cases": {
        ("GET", "/v1/cases"): Access(REVIEWERS),
        ("POST", "/v1/cases/closing"): Access(MODERATORS),
        ("GET", "/v1/cases/{id}"): Access(REVIEWERS),
        ("POST", "/v1/cases/{id}/claim"): Access(MODERATORS),
        ("POST", "/v1/cases/{id}/release"): Access(MODERATORS, Ownership.CLAIM),
        ("POST", "/v1/cases/{id}/escalate"): Access(MODERATORS),
        ("POST", "/v1/cases/{id}/decision"): Access(MODERATORS, Ownership.CLAIM),
        ("POST", "/v1/cases/{id}/approval"): Access(SECOND, Ownership.SECOND_PERSON),
    },
    "statements": {
        ("POST", "/v1/statements/{id}/appeal"): Access(MEMBER, Ownership.ADDRESSEE),
        ("GET", "/v1/statements/{id}"): Access(MEMBER, Ownership.ADDRESSEE),
    },
    "appeals": {
        ("GET", "/v1/appeals"): Access(MODERATORS),
        ("GET", "/v1/appeals/{id}"): Access(MODERATORS),
        ("POST", "/v1/appeals/{id}/decision"): Access(MODERATORS, Ownership.NEW_PERSON),
    },
    "rulesets": {
        ("GET", "/v1/rules"): Access(RULE_READERS),
        ("GET", "/v1/rulesets"): Access(RULE_KEEPERS),
        ("POST", "/v1/rulesets"): Access(RULE_KEEPERS),
        ("GET", "/v1/rulesets/{id}"): Access(RULE_KEEPERS),
        ("POST", "/v1/rulesets/{id}/approval"): Access(RULE_KEEPERS, Ownership.OTHER_PERSON),
        ("POST", "/v1/rulesets/{id}/retirement"): Access(RULE_KEEPERS),
    },
    "audit": {
        ("GET", "/v1/audit/entries"): Access(COMPLIANCE),
        ("POST", "/v1/audit/exports"): Access(COMPLIANCE),
        ("GET", "/v1/audit/exports/{id}"): Access(COMPLIANCE),
    },
    "log": {
        ("GET", "/v1/audit/entries/{id}/proof"): Access(PUBLIC),
        ("GET", "/v1/audit/entries/{id}/tlog-proof"): Access(COMPLIANCE),
        ("GET", "/v1/audit/checkpoint"): Access(PUBLIC),
        ("GET", "/v1/audit/consistency"): Access(PUBLIC),
        ("POST", "/v1/audit/cosignatures"): Access(PUBLIC),
        ("GET", "/v1/audit/receipts-help"): Access(PUBLIC),
    },
    "disclosures": {
        ("POST", "/v1/audit/disclosures"): Access(COMPLIANCE),
        ("GET", "/v1/audit/disclosures/{id}"): Access(COMPLIANCE),
        ("POST", "/v1/audit/disclosures/{id}/approval"): Access(
            COMPLIANCE, Ownership.SECOND_OFFICER
        ),
    },
    "holds": {
        ("GET", "/v1/holds"): Access(COMPLIANCE),
        ("POST", "/v1/holds"): Access(COMPLIANCE),
        ("GET", "/v1/holds/{id}"): Access(COMPLIANCE),
        ("DELETE", "/v1/holds/{id}"): Access(COMPLIANCE),
    },
    "erasures": {
        ("POST", "/v1/erasures"): Access(COMPLIANCE),
        ("GET", "/v1/erasures/{id}"): Access(COMPLIANCE),
    },
}
"""Each route with who may call it, under the resource that serves it."""

TABLE: Mapping[Route, Access] = {
    route: access for rows in RESOURCES.values() for route, access in rows.items()
}


def admit(access: Access, actor: Actor | None) -> None:
    """Let a caller through the door; Unauthorized without a token, Forbidden without the role."""
    if access.who is Everybody.PUBLIC:
        return
    if actor is None:
        raise Unauthorized("This needs a token.")
    if access.who is not Everybody.MEMBER and actor.roles.isdisjoint(access.who):
        raise Forbidden("Your roles do not cover this.")
