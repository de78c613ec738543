"""What an open case knows of its post besides the words: the envelope the post must still have.

A case holds its post, and every write to a guarded post writes its case as well, so the case can
carry the post's envelope too. Whoever has read an open case thus knows post and guard, and decides
without a second read. It is a shortcut and no truth: where a write of the post alone has made it
old, the transaction fails, and the next attempt reads the post itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moderation.cases.case import Case, CaseState, Guard
from moderation.records import Ref
from moderation.stores.stored import Stored

GUARDING = frozenset({CaseState.OPEN, CaseState.AWAITING_APPROVAL})
"""The states in which a case has a guard on its post."""


def carrying(stored: Stored, known: Mapping[Ref[Any], Stored | None]) -> Stored:
    """Return a case that guards a post with that post's envelope; anything else as it is.

    `known` are the records as they will lie in the table once the case does. What is not known is
    carried on as it was.
    """
    case = stored.record
    if not isinstance(case, Case):
        return stored
    if case.state not in GUARDING:
        return replace(stored, carries=None)
    post = known.get(case.post.ref)
    if post is None:
        return stored
    head, salt = (post.audit_head or b"").hex(), (post.salt or b"").hex()
    envelope = f"{post.version}|{post.audit_rev}|{head}|{post.audit_id or ''}|{salt}"
    return replace(stored, carries=envelope)


def carried(stored: Stored) -> dict[Ref[Any], Stored]:
    """Return post and guard as an open case carries them; nothing for anything else."""
    case = stored.record
    if stored.carries is None or not isinstance(case, Case):
        return {}
    version, rev, head, last_id, salt = stored.carries.split("|")
    post = Stored(
        record=case.post,
        version=int(version),
        audit_rev=int(rev),
        audit_head=bytes.fromhex(head) or None,
        audit_id=last_id or None,
        salt=bytes.fromhex(salt) or None,
    )
    guard = Guard(post_id=case.post.id, case_id=case.id)
    return {case.post.ref: post, guard.ref: Stored(record=guard, version=1)}
