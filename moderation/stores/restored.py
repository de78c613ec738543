"""`moderation.compliance.replaying.RestoredTable`: writes that no act is behind, before a restored
table serves anybody. Nothing else may use this."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from pynamodb.exceptions import PutError

from moderation.audit.ports import SubjectHead
from moderation.compliance.legal_hold import LegalHold, subject_ref
from moderation.records import Record
from moderation.stores.forum_table import ForumItem, connection_of
from moderation.stores.keys import key_of
from moderation.stores.kinds import Storable
from moderation.stores.stored import Stored, item_of

SALT_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredForum:
    """The restored `forum` table. `random_bytes` makes salts of what is put."""

    forum: type[ForumItem]
    random_bytes: Callable[[int], bytes]

    def lift(self, heads: Iterable[SubjectHead]) -> int:
        """One conditional update a subject; what is not there, or not behind, stays."""
        return sum(self._lift(head) for head in heads)

    def _lift(self, head: SubjectHead) -> bool:
        client = cast("Any", connection_of(self.forum).client)
        key = key_of(subject_ref(head.subject))
        try:
            client.update_item(
                TableName=self.forum.Meta.table_name,
                Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}},
                UpdateExpression="SET audit_rev = :rev, audit_head = :head, audit_id = :id, "
                "salt = if_not_exists(salt, :salt)",
                ConditionExpression="attribute_exists(pk) AND "
                "(attribute_not_exists(audit_rev) OR audit_rev < :rev)",
                ExpressionAttributeValues={
                    ":rev": {"N": str(head.rev)},
                    ":head": {"B": bytes.fromhex(head.head)},
                    ":id": {"S": head.entry_id},
                    ":salt": {"B": self.random_bytes(SALT_BYTES)},
                },
            )
        except client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def put_missing(self, record: Record, head: SubjectHead) -> None:
        """Put if absent."""
        stored = Stored(
            record=cast("Storable", record),
            version=1,
            audit_rev=head.rev,
            audit_head=bytes.fromhex(head.head),
            audit_id=head.entry_id,
            salt=self.random_bytes(SALT_BYTES),
        )
        try:
            item_of(self.forum, stored).save(ForumItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise

    def missing_holds(self, hold_ids: Iterable[str]) -> list[str]:
        """Ask for each."""
        keys = {tuple(key_of(LegalHold.at(each))): each for each in hold_ids}
        found = {(item.pk, item.sk) for item in self.forum.batch_get(list(keys), True)}
        return sorted(each for key, each in keys.items() if key not in found)
