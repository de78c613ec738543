"""`moderation.ports.RateCounter`: a count a caller, an action and a window, one update a write."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pynamodb.exceptions import UpdateError

from moderation.errors import TooManyRequests
from moderation.ports import Allowance
from moderation.stores.forum_table import ForumItem
from moderation.stores.keys import rate_key
from moderation.stores.kinds import RATE
from moderation.stores.outcome import code_of, reading

REFUSED = "ConditionalCheckFailedException"


@dataclass(frozen=True, slots=True)
class TableRateCounter:
    """Fixed windows in the `forum` table.

    A caller is a member's id or the keyed digest of an address, never the address. An answer that
    was lost on its way and is asked for again counts twice, against the caller.
    """

    forum: type[ForumItem]

    def take(self, caller: str, action: str, limit: int, window_s: int, now: datetime) -> Allowance:
        """Count one; TooManyRequests with `retry_after_s` where the limit is used up."""
        second = int(now.timestamp())
        started = second - second % window_s
        start = datetime.fromtimestamp(started, UTC)
        resets_in_s = started + window_s - second
        item = self.forum(*rate_key(caller, action, start))
        taken = ForumItem.taken
        try:
            with reading():
                item.update(
                    actions=[
                        taken.add(1),
                        ForumItem.kind.set(RATE),
                        ForumItem.expires_at.set(start + timedelta(seconds=window_s)),
                    ],
                    condition=taken.does_not_exist() | (taken < limit),
                )
        except UpdateError as error:
            if code_of(error) != REFUSED:
                raise
            raise TooManyRequests(
                f"At most {limit} in {window_s} seconds.",
                data={"retry_after_s": resets_in_s, "limit": limit, "window_s": window_s},
            ) from None
        return Allowance(
            limit=limit,
            remaining=limit - int(item.taken or 0),
            window_s=window_s,
            resets_in_s=resets_in_s,
        )
