"""The chain heads of audited subjects, out of the `forum` table."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from moderation.audit.ports import SubjectHead
from moderation.records import META, Kind, Ref
from moderation.stores.keys import key_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TableSubjectHeads:
    """`SubjectHeads` of `moderation.audit.ports`: one strongly consistent request a hundred."""

    def __init__(self, client: "Callable[[], DynamoDBClient]", table: str) -> None:
        self._client = client
        self._table = table

    def heads(self, subjects: Sequence[str]) -> list[SubjectHead]:
        """Return the heads of those of at most 100 subjects that exist, in the order asked for."""
        found = {head.subject: head for head in map(head_of, self._items(subjects))}
        return [found[subject] for subject in subjects if subject in found]

    def _items(self, subjects: Sequence[str]) -> list[dict[str, Any]]:
        keys = [{"pk": {"S": _pk(subject)}, "sk": {"S": META}} for subject in subjects]
        waiting: Any = {
            self._table: {
                "Keys": keys,
                "ConsistentRead": True,
                "ProjectionExpression": "pk, audit_rev, audit_head, audit_id",
            }
        }
        items: list[dict[str, Any]] = []
        while waiting and keys:
            answer = self._client().batch_get_item(RequestItems=waiting)
            items += answer["Responses"].get(self._table, [])
            waiting = answer["UnprocessedKeys"]
        return [item for item in items if "audit_rev" in item]


def _pk(subject: str) -> str:
    kind, _, subject_id = subject.partition(":")
    return key_of(Ref(Kind(kind.upper()), subject_id)).pk


def head_of(item: Mapping[str, Any]) -> SubjectHead:
    """Return the chain head that a subject's item carries."""
    kind, _, subject_id = item["pk"]["S"].partition("#")
    return SubjectHead(
        subject=f"{kind.lower()}:{subject_id}",
        rev=int(item["audit_rev"]["N"]),
        head=item["audit_head"]["B"].hex(),
        entry_id=item["audit_id"]["S"],
    )
