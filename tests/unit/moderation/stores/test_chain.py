"""Acts become entries that form a chain."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.canonical import canonical
from moderation.audit.entry import (
    NOTHING,
    Via,
    encode,
    leaf_hash,
    payload_commitment,
    payload_salt,
    state_commitment,
)
from moderation.audit.pseudonym import pseudonym
from moderation.change import Act
from moderation.community.post import PostState
from moderation.ids import decode
from moderation.ids import encode as ulid_of
from moderation.records import Ref
from moderation.stores.chain import Chain, Notary, Sealed, chain_of, seal
from moderation.stores.duty import state_json
from moderation.stores.kinds import Storable
from moderation.stores.outcome import StoreMisuseError
from tests.support.commands import MODERATOR
from tests.support.samples import CASE, MODERATOR_ID, POST, ulid

AT = datetime(2026, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
REMOVED = replace(POST, state=PostState.REMOVED)
REMOVE = Act(POST.ref, Action.POST_REMOVE, MODERATOR, reason="ground:SPAM", content=2)


def notary() -> Notary:
    """Ids 500, 501, …, and salts of one repeated byte."""
    numbers, salts = iter(range(500, 600)), iter(range(1, 100))
    return Notary(
        origin="forum.example/log",
        year_key=lambda year: year.to_bytes(32, "big"),
        new_id=lambda: ulid(next(numbers)),
        random_bytes=lambda count: bytes([next(salts)]) * count,
    )


def sealed(*acts: Act, before: Any = POST, chain: Chain | None = None) -> Sealed:
    """Seal acts on the post and on the case."""
    scribe = notary()
    chains = {
        POST.ref: chain or chain_of(scribe, before),
        CASE.ref: chain_of(scribe, None),
    }
    after: dict[Ref[Any], Storable] = {POST.ref: REMOVED, CASE.ref: CASE}
    return seal(scribe, acts, chains, after, AT)


def test_the_first_entry_of_a_subject_has_nothing_before_it() -> None:
    """Its rev is 1, `prev` is zeros, and the states are commitments under the subject's salt."""
    result = sealed(REMOVE)
    (entry,) = result.entries
    salt = result.chains[POST.ref].salt
    assert (entry.rev, entry.prev, entry.prev_id) == (1, NOTHING, None)
    assert state_commitment(salt, state_json(POST)) == entry.before
    assert state_commitment(salt, state_json(REMOVED)) == entry.after
    assert pseudonym((2026).to_bytes(32, "big"), MODERATOR.id) == entry.actor
    assert (
        entry.at,
        entry.origin,
        entry.via,
        entry.part,
    ) == (AT, "forum.example/log", Via.API, (1, 1))
    assert (entry.reason, entry.content, entry.payload) == ("ground:SPAM", 2, None)


def test_a_subject_that_did_not_exist_has_no_state_before() -> None:
    """`before` is zeros, not the commitment of an empty state."""
    assert sealed(REMOVE, before=None).entries[0].before == NOTHING


def test_an_entry_names_the_one_before() -> None:
    """rev counts on, `prev` is the last leaf, and the id is greater than the last, always."""
    late = ulid_of(decode(ulid(500)) + 10_000)
    chain = Chain(salt=b"s" * 32, state="a" * 64, rev=7, head=b"h" * 32, last_id=late)
    (entry,) = sealed(REMOVE, chain=chain).entries
    assert (8, (b"h" * 32).hex(), late) == (entry.rev, entry.prev, entry.prev_id)
    assert ulid_of(decode(late) + 1) == entry.id
    assert entry.before == "a" * 64


def test_two_acts_on_one_subject_follow_each_other() -> None:
    """The first carries it to the state after, the second finds it there; the last is the head."""
    second = replace(REMOVE, action=Action.REFERRAL_RECORD, reason="")
    result = sealed(REMOVE, second)
    first, following = result.entries
    assert (2, leaf_hash(encode(first)).hex(), first.id) == (
        following.rev,
        following.prev,
        following.prev_id,
    )
    assert (first.after, first.after) == (following.before, following.after)
    chain = result.chains[POST.ref]
    assert (2, leaf_hash(encode(following)), following.id) == (chain.rev, chain.head, chain.last_id)
    assert following.reason == "unstated"


def test_the_acts_of_a_command_are_parts_of_one_cause() -> None:
    """A missing sibling would show."""
    open_case = Act(CASE.ref, Action.CASE_OPEN, SYSTEM, via=Via.RULE, rule="pack@1#a")
    post, case = sealed(REMOVE, open_case).entries
    assert (post.part, case.part) == ((1, 2), (2, 2))
    assert post.cause == case.cause
    assert (Via.RULE, "pack@1#a", "case:" + CASE.id) == (case.via, case.rule, case.subject)


def test_personal_fields_enter_the_log_as_a_commitment_only() -> None:
    """Keyed by a salt of the entry's own, which the subject's leads to and which leads to none."""
    fields = {"why": "Beleidigung gegen Frau M.", "by": MODERATOR_ID}
    result = sealed(replace(REMOVE, payload=fields))
    (entry,) = result.entries
    salt = payload_salt(result.chains[POST.ref].salt, entry.id)
    assert payload_commitment(salt, canonical(fields)) == entry.payload
    assert salt not in {result.chains[POST.ref].salt, payload_salt(salt, entry.id)}
    assert b"Frau" not in encode(entry)


def test_an_entry_has_the_id_that_a_record_promised() -> None:
    """A statement names its entry before the entry is made."""
    assert ulid(900) == sealed(replace(REMOVE, entry_id=ulid(900))).entries[0].id


def test_a_promised_id_must_be_behind_the_subjects_last() -> None:
    """Else the entries of a subject would not sort by rev."""
    chain = Chain(salt=b"s" * 32, state="a" * 64, rev=1, head=b"h" * 32, last_id=ulid(900))
    with pytest.raises(StoreMisuseError, match="not behind its last"):
        sealed(replace(REMOVE, entry_id=ulid(900)), chain=chain)


def test_a_salt_once_made_is_kept() -> None:
    """Commitments of one subject can be compared with each other."""
    assert chain_of(notary(), POST, b"k" * 32).salt == b"k" * 32
