"""`moderation.ports.RateCounter`: one item a caller, an action and an hour, one update a write.

The item counts each window of the hour, all writes, and the marks of the texts (a set, so that a
repeated request counts once). A mark takes nine bytes, so that the fifty texts of a busy hour stay
within one write unit; a member who writes without a pause for an hour pays for it with more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from moderation.community.recent import Mark, Recent
from moderation.errors import TooManyRequests
from moderation.ports import Allowance
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import rate_key
from moderation.stores.kinds import RATE
from moderation.stores.outcome import code_of, reading

REFUSED = "ConditionalCheckFailedException"
HOUR_S = 3_600
MARKS = "marks"


@dataclass(frozen=True, slots=True)
class TableRateCounter:
    """Fixed windows in the `forum` table.

    A caller is a member's id or the keyed digest of an address, never the address. An answer that
    was lost on its way and is asked for again counts twice, against the caller.
    """

    forum: type[ForumItem]

    def take(
        self,
        caller: str,
        action: str,
        limit: int,
        window_s: int,
        now: datetime,
        mark: Mark | None = None,
    ) -> Allowance:
        """Count one; TooManyRequests with `retry_after_s` where the limit is used up."""
        second = int(now.timestamp())
        hour, started = second - second % HOUR_S, second - second % window_s
        resets_in_s = started + window_s - second
        window = Path(f"w{started - hour}")
        try:
            with reading():
                counted = self._update(caller, action, hour, limit, window, mark)
        except UpdateError as error:
            if code_of(error) != REFUSED:
                raise
            raise TooManyRequests(
                f"At most {limit} in {window_s} seconds.",
                data={"retry_after_s": resets_in_s, "limit": limit, "window_s": window_s},
            ) from None
        return Allowance(
            limit=limit,
            remaining=limit - int(counted[str(window)]["N"]),
            window_s=window_s,
            resets_in_s=resets_in_s,
            recent=_recent(counted, mark),
        )

    def _update(
        self, caller: str, action: str, hour: int, limit: int, window: Path, mark: Mark | None
    ) -> dict[str, Any]:
        """Count, and give the whole item as it is now, in DynamoDB's own JSON."""
        start = datetime.fromtimestamp(hour, UTC)
        actions: list[Action] = [
            window.add(1),
            ForumItem.taken.add(1),
            ForumItem.kind.set(RATE),
            ForumItem.expires_at.set(start + timedelta(seconds=HOUR_S)),
        ]
        if mark:
            actions.append(Path(MARKS).add({_written(mark)}))
        answer = self.forum._get_connection().update_item(
            *rate_key(caller, action, start),
            actions=actions,
            condition=window.does_not_exist() | (window < limit),
            return_values="ALL_NEW",
        )
        item: dict[str, Any] = answer["Attributes"]
        return item


def _written(mark: Mark) -> str:
    return f"{mark.text}{mark.request}"


def _recent(counted: dict[str, Any], mark: Mark | None) -> Recent:
    marks: list[str] = counted.get(MARKS, {}).get("SS", [])
    same = sum(known.startswith(mark.text) for known in marks) if mark else 0
    return Recent(writes=int(counted["taken"]["N"]), same_text=same)
