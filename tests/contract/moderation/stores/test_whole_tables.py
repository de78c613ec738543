"""The tables read whole: a log that people wrote is examined, damaged, named, and mended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from moderation.audit.entry import decode
from moderation.audit.fsck import Examination, Finding
from moderation.audit.log_reader import LogReader
from moderation.stores.audit_table import entry_items
from moderation.stores.forum_table import connection_of
from moderation.stores.whole_tables import ScannedTables
from tests.support.audited_forum import AuditedForum
from tests.support.stack import ORIGIN, Stack


class Examined(AuditedForum):
    """An audited forum with some casework in its log."""

    def ready(self) -> "Examined":
        """Do it, and sequence it."""
        self.forum.run(self.forum.notice())
        self.forum.run(self.forum.claim())
        self.sequencer().run(timedelta(minutes=1))
        self.client: Any = connection_of(self.stack.forum).client
        return self

    def look(self) -> list[Finding]:
        """Examine the log."""
        return list(
            Examination(
                table=self.table,
                entries=self.table,
                objects=self.objects,
                log=LogReader(self.objects, ORIGIN, [self.signer.key]),
                whole=ScannedTables(lambda: self.client, "forum", "audit"),
            ).run()
        )

    def entry(self) -> dict[str, Any]:
        """The item of an entry of the case."""
        body = self.table.chain(self.forum.case.ref.subject, 2, 2)[0]
        return dict(entry_items(decode(body))[0])

    def marker(self) -> dict[str, Any]:
        """The marker of that entry."""
        body = self.table.chain(self.forum.case.ref.subject, 2, 2)[0]
        return dict(entry_items(decode(body))[1])


def key_of(item: dict[str, Any]) -> dict[str, Any]:
    """The key of an item."""
    return {"pk": item["pk"], "sk": item["sk"]}


def delete_entry(world: Examined) -> None:
    """An entry's item is gone."""
    world.client.delete_item(TableName="audit", Key=key_of(world.entry()))


def alter_entry(world: Examined) -> None:
    """An entry's item says something else."""
    item = world.entry()
    item["body"] = {"S": item["body"]["S"].replace('"via":"api"', '"via":"job"')}
    world.client.put_item(TableName="audit", Item=item)


def wait_again(world: Examined) -> None:
    """An entry of the log waits once more."""
    world.client.put_item(TableName="audit", Item=world.marker())


def wait_no_more(world: Examined) -> None:
    """An act's marker is lost before it was sequenced."""
    world.stack.clock.forward(minutes=30)
    world.forum.run(world.forum.claim())
    (waiting,) = world.table.waiting(9)
    marker = entry_items(decode(waiting.body))[1]
    world.client.delete_item(TableName="audit", Key=key_of(dict(marker)))


def wait_altered(world: Examined) -> None:
    """An act's marker says something else before it was sequenced."""
    world.stack.clock.forward(minutes=30)
    world.forum.run(world.forum.claim())
    (waiting,) = world.table.waiting(9)
    marker = entry_items(decode(waiting.body))[1]
    world.client.put_item(TableName="audit", Item={**marker, "body": {"S": "{}"}})


def misplace(world: Examined) -> None:
    """An entry's place is lost."""
    key = {"pk": {"S": f"E#{world.entry()['entry_id']['S']}"}, "sk": {"S": "IDX"}}
    world.client.delete_item(TableName="audit", Key=key)


def set_back_subject(world: Examined) -> None:
    """A subject says that its last act was another one."""
    key = {"pk": {"S": f"CASE#{world.forum.case.id}"}, "sk": {"S": "META"}}
    item = world.client.get_item(TableName="forum", Key=key)["Item"]
    world.stack.engine.hooks.clear()
    world.client.put_item(TableName="forum", Item=item | {"audit_head": {"B": bytes(32)}})


@pytest.fixture
def world(stack: Stack) -> Examined:
    """A forum that people worked in."""
    return Examined(stack).ready()


def test_what_people_wrote_agrees(world: Examined) -> None:
    """Acts on posts, cases, notices and statements, sequenced and waiting."""
    assert world.look() == []
    world.forum.run(world.forum.decide())
    assert world.look() == []


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (delete_entry, "item"),
        (wait_again, "marker"),
        (wait_no_more, "marker"),
        (wait_altered, "marker"),
        (misplace, "place"),
    ],
)
def test_what_can_be_derived_is_mended(
    damage: Callable[[Examined], None], kind: str, world: Examined
) -> None:
    """Named, put right, and clean afterwards."""
    damage(world)
    (finding,) = world.look()
    assert finding.kind == kind
    assert finding.mend is not None
    finding.mend()
    finding.mend()

    assert world.look() == []


def test_a_marker_that_was_sequenced_meanwhile_is_not_written_again(world: Examined) -> None:
    """It was repaired by somebody else, and the entry is in the log."""
    wait_altered(world)
    (finding,) = world.look()
    assert finding.mend is not None
    finding.mend()
    world.sequencer().run(timedelta(minutes=1))
    finding.mend()

    assert world.table.waiting(9) == []
    assert world.look() == []


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [(alter_entry, ["item"]), (set_back_subject, ["subject"])],
)
def test_evidence_is_named(
    damage: Callable[[Examined], None], kinds: list[str], world: Examined
) -> None:
    """And left as it is."""
    damage(world)
    found = world.look()

    assert [finding.kind for finding in found] == kinds
    assert {finding.mend for finding in found} == {None}
