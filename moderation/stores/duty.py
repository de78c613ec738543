"""Which writes owe an audit entry, and which part of a record its entries are about.

Plain authoring is not an audited act: a post has its revisions. Everything else that changes a
subject is, and the unit of work refuses to write it without one.
"""

import json
from collections.abc import Callable
from typing import Any

from moderation.audit.canonical import canonical
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.community.board import Board
from moderation.community.member import Member
from moderation.community.post import Post, PostState
from moderation.compliance.disclosure import Disclosure
from moderation.compliance.erasure import Erasure
from moderation.compliance.export_job import ExportJob
from moderation.compliance.heartbeat import Pulse
from moderation.compliance.legal_hold import LegalHold
from moderation.compliance.settings_log import SettingsInForce
from moderation.rulesets.edition import Edition
from moderation.stores.documents import encode
from moderation.stores.kinds import Storable

AUDITED = (
    Appeal,
    Board,
    Case,
    Edition,
    Disclosure,
    Erasure,
    ExportJob,
    LegalHold,
    Member,
    Notice,
    Post,
    Pulse,
    SettingsInForce,
    Statement,
)
"""The kinds of record that can be the subject of an entry."""

UNAUDITED: dict[type[Storable], tuple[str, ...]] = {
    Case: ("post", "author", "name"),
    ExportJob: ("progress",),
    Member: ("name",),
    Post: ("author", "name"),
}
"""The one field of a record that stands outside its audited state: the display name, which a rename
or an erasure rewrites everywhere with one entry on the member, and how far an export has come."""


def state_json(record: Storable) -> bytes:
    """Return what a state commitment covers: the document without its unaudited field, canonical.

    Whoever holds the stored document and the salt can compute it again.
    """
    document: dict[str, Any] = json.loads(encode(record))
    path = UNAUDITED.get(type(record))
    if path is not None:
        _drop(document, path)
    return canonical(document)


def owes_entry(before: Storable | None, after: Storable) -> bool:
    """Tell whether writing `after` over `before` (None: nothing was there) needs an audited act."""
    match after:
        case Post():
            return _moderates(before if isinstance(before, Post) else None, after)
        case Member():
            return _differs(before, after, _sanctions)
        case (
            Appeal()
            | Board()
            | Case()
            | Edition()
            | Disclosure()
            | Erasure()
            | ExportJob()
            | LegalHold()
            | Notice()
            | Pulse()
            | SettingsInForce()
            | Statement()
        ):
            return before is None or state_json(before) != state_json(after)
        case _:
            return False


def _moderates(before: Post | None, after: Post) -> bool:
    """A post is written as its author may: published, edited, or deleted while it was published."""
    if after.state is PostState.DELETED and before and before.state is PostState.PUBLISHED:
        return (before.restrictions, before.statement_id) != (
            after.restrictions,
            after.statement_id,
        )
    return _differs(before, after, _visibility)


def _differs[R](before: Storable | None, after: R, part: Callable[[R | None], object]) -> bool:
    known = before if isinstance(before, type(after)) else None
    return part(known) != part(after)


def _visibility(post: Post | None) -> object:
    if post is None:
        return PostState.PUBLISHED, (), None
    return post.state, post.restrictions, post.statement_id


def _sanctions(member: Member | None) -> object:
    if member is None:
        return (), None, None
    return member.warnings, member.suspended_at, member.suspended_until


def _drop(document: dict[str, Any], path: tuple[str, ...]) -> None:
    for name in path[:-1]:
        document = document[name]
    document.pop(path[-1], None)
