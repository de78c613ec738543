"""Records with their envelopes."""

from dataclasses import replace

import pytest

from moderation.ids import PostId
from moderation.stores.documents import UnreadableError, encode
from moderation.stores.keys import Key
from moderation.stores.kinds import KIND_OF, Storable
from moderation.stores.stored import Stored, item_of, open_item, record_in
from tests.support.samples import ALL, POST, ulid
from tests.support.stack import Stack


@pytest.mark.parametrize("record", ALL, ids=lambda record: type(record).__name__)
def test_an_item_is_read_back_as_it_was_written(stack: Stack, record: Storable) -> None:
    """Envelope and record, through DynamoDB's own form."""
    stored = Stored(
        record=record,
        version=7,
        audit_rev=2,
        audit_head=b"h" * 32,
        audit_id=ulid(5),
        salt=b"s" * 32,
        carries="1|0|||",
    )
    raw = item_of(stack.forum, stored).serialize()
    assert stored == open_item(stack.forum.from_raw_data(raw))


def test_a_record_without_acts_has_no_chain(stack: Stack) -> None:
    """No attribute is spent on what is not there."""
    raw = item_of(stack.forum, Stored(record=POST, version=1)).serialize()
    assert {"pk", "sk", "kind", "version", "doc", "owner_pk", "owner_sk", "work_pk", "work_sk"} == (
        set(raw)
    )


def test_an_item_that_is_not_what_its_key_says_is_refused() -> None:
    """A copied or swapped document is nobody's record."""
    document = encode(replace(POST, id=PostId(ulid(99))))
    with pytest.raises(UnreadableError, match="holds another record"):
        record_in(KIND_OF[type(POST)], Key(f"POST#{POST.id}", "META"), document)
